//! Connections that a handler takes over.

use std::{
    cell::RefCell,
    os::fd::IntoRawFd,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use magnus::{Error, RArray, RHash, Ruby, value::Opaque};
use sabir_host::ReplyHandle;

use crate::{awaited::Awaited, bell, error, interpreter::generation};

thread_local! {
    /// The calls that this thread is at work on, by their fibers: without a scheduler it is one.
    static OFFERED: RefCell<Vec<Offered>> = const { RefCell::new(Vec::new()) };
}

/// Where a call is at work in its thread: a fiber, or the thread itself where there is no scheduler.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Thread,
    Fiber(u64),
}

impl Place {
    #[allow(unsafe_code)]
    fn current(ruby: &Ruby) -> Self {
        if bell::is_scheduled(ruby) {
            // SAFETY: this thread has the interpreter's lock, as whoever has a `Ruby`. The fiber runs, so it does not move.
            Self::Fiber(unsafe { rb_sys::rb_fiber_current() })
        } else {
            Self::Thread
        }
    }
}

/// In a forked child, where the other fibers of this thread do not go on: what they had is not dropped, since the threads of the
/// runtime are not there.
pub(crate) fn after_fork(ruby: &Ruby) {
    let place = Place::current(ruby);
    OFFERED.with_borrow_mut(|offered| {
        offered
            .extract_if(.., |offered| offered.place != place)
            .for_each(|offered| std::mem::forget(offered.reply));
    });
}

/// Takes what is offered at a place.
fn take(place: Place) -> Option<Offered> {
    OFFERED.with_borrow_mut(|all| {
        let index = all.iter().rposition(|offered| offered.place == place)?;
        Some(all.swap_remove(index))
    })
}

struct Offered {
    place: Place,
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
    let place = Place::current(ruby);
    let offered = Offered {
        place,
        reply,
        process: generation(),
        environment: None,
    };
    OFFERED.with_borrow_mut(|all| all.push(offered));
    let done = catch_unwind(AssertUnwindSafe(work));
    let reply = take(place).map(|offered| {
        let environment = offered.environment.map(|environment| ruby.get_inner(environment));
        (offered.reply, environment)
    });
    match done {
        Ok(done) => (done, reply),
        Err(panic) => resume_unwind(panic),
    }
}

/// Says what the environment of the call is.
pub(crate) fn name(ruby: &Ruby, environment: RHash) {
    let place = Place::current(ruby);
    OFFERED.with_borrow_mut(|all| {
        if let Some(offered) = all.iter_mut().rfind(|offered| offered.place == place) {
            offered.environment = Some(environment.into());
        }
    });
}

/// Takes over the connection of the call that this thread is at work on: what the client has sent after the head of its request, the
/// descriptor, and the environment.
pub(crate) fn take_over(ruby: &Ruby) -> Result<RArray, Error> {
    // A handler may have begun to use a scheduler itself.
    match take(Place::current(ruby)).or_else(|| take(Place::Thread)) {
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
