//! Connections that a handler takes over.

use std::{
    cell::RefCell,
    os::fd::IntoRawFd,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use magnus::{Error, RArray, RHash, Ruby, value::Opaque};
use sabir_host::ReplyHandle;

use crate::{
    error,
    interpreter::{Awaited, generation},
};

thread_local! {
    /// The call that this thread is at work on.
    static OFFERED: RefCell<Option<Offered>> = const { RefCell::new(None) };
}

struct Offered {
    reply: ReplyHandle,
    /// The process whose call it is.
    process: u32,
    /// It is on the stack of the call.
    environment: Option<Opaque<RHash>>,
}

/// Does `work`, which may [`take_over`] the connection of a call. Gives what answers it, unless that has happened, and the environment that
/// has been [named](name).
pub(crate) fn offer<T>(
    ruby: &Ruby,
    reply: ReplyHandle,
    work: impl FnOnce() -> T,
) -> (T, Option<(ReplyHandle, Option<RHash>)>) {
    OFFERED.replace(Some(Offered {
        reply,
        process: generation(),
        environment: None,
    }));
    let done = catch_unwind(AssertUnwindSafe(work));
    let reply = OFFERED.take().map(|offered| {
        let environment = offered.environment.map(|environment| ruby.get_inner(environment));
        (offered.reply, environment)
    });
    match done {
        Ok(done) => (done, reply),
        Err(panic) => resume_unwind(panic),
    }
}

/// Says what the environment of the call is.
pub(crate) fn name(environment: RHash) {
    OFFERED.with_borrow_mut(|offered| {
        if let Some(offered) = offered {
            offered.environment = Some(environment.into());
        }
    });
}

/// Takes over the connection of the call that this thread is at work on: what the client has sent after the head of its request, the
/// descriptor, and the environment.
pub(crate) fn take_over(ruby: &Ruby) -> Result<RArray, Error> {
    match OFFERED.take() {
        Some(offered) if offered.process == generation() => {
            let environment = offered.environment.map(|environment| ruby.get_inner(environment));
            let parts = connection(ruby, offered.reply)?;
            parts.push(environment)?;
            Ok(parts)
        }
        Some(offered) => {
            std::mem::forget(offered.reply);
            Err(error::runtime(ruby, "the connection is the parent's".into()))
        }
        None => {
            let problem = "a connection is taken over once, on the thread that handles its request, before that returns";
            Err(error::runtime(ruby, problem.into()))
        }
    }
}

/// Takes over the connection of the call that `reply` answers: what the client has sent, and the descriptor.
pub(crate) fn connection(ruby: &Ruby, reply: ReplyHandle) -> Result<RArray, Error> {
    let awaited = Awaited::new();
    reply.take_over(awaited.giver());
    let Some(taken) = awaited.wait(ruby)? else {
        let problem = "the request has no connection of its own, or its client has left";
        return Err(error::runtime(ruby, problem.into()));
    };
    let parts = ruby.ary_new_capa(2);
    parts.push(ruby.str_from_slice(&taken.input))?;
    parts.push(taken.descriptor.into_raw_fd())?;
    Ok(parts)
}
