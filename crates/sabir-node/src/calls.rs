//! The functions by which JavaScript takes calls and answers them.
//!
//! They are closures, not methods of a class: the macros look up the receiver of a method and guard it against aliases, at
//! every call and behind a lock, which takes longer than what is to be done.

use std::sync::Arc;

use bytes::Bytes;
use napi::{
    Env, Result,
    bindgen_prelude::{Array, Float64ArraySlice, FunctionCallContext, Object, ToNapiValue, Uint8Array},
};
use serde_json::{Map, Value as Json};

use crate::{
    data::exact_members,
    error::misuse,
    host::Host,
    response::{Content, head, json, problem, reply, text, trailer_names, trailers},
    socket::{self, number},
};

/// The functions for the calls of `host`, by their names.
pub(crate) fn functions<'env>(env: &'env Env, host: &Arc<Host>) -> Result<Object<'env>> {
    let mut functions = Functions {
        env,
        host,
        object: Object::new(env)?,
    };
    // Takes calls that wait, see `batch.rs`: numbers.
    functions.add("take", |host, call| Ok(host.take(call.get(0)?)))?;
    // Whether the loop may sleep. When not, more calls wait and nobody wakes it for them.
    functions.add("rest", |host, _| Ok(host.rest()))?;
    // Answers with text: ticket, status, text.
    functions.add("answerText", |host, call| {
        host.answer(call.get(0)?, |contents| {
            text(call.get(1)?, call.get(2)?, contents)
        })
    })?;
    // Answers with JSON: ticket, status, text.
    functions.add("answerJson", |host, call| {
        host.answer(call.get(0)?, |contents| {
            json(call.get(1)?, call.get(2)?, contents)
        })
    })?;
    // Answers with ticket, status, header fields (names and values one after the other), content or nothing.
    functions.add("answer", |host, call| {
        host.answer(call.get(0)?, |contents| {
            let fields: Vec<String> = call.get(2)?;
            reply(call.get(1)?, &fields, call.get::<Option<Content>>(3)?, contents)
        })
    })?;
    // Answers with the problem that some data describes: ticket, data.
    functions.add("answerProblem", |host, call| {
        host.answer(call.get(0)?, |_| {
            problem(&exact_members(call.get::<Map<String, Json>>(1)?))
        })
    })?;
    // Answers with a file: ticket, status, header fields, path.
    functions.add("answerFile", |host, call| {
        let fields: Vec<String> = call.get(2)?;
        let reply = head(call.get(1)?, &fields)?.with_content(Bytes::new());
        host.answer_with_file(call.get(0)?, call.get(3)?, reply);
        Ok(())
    })?;
    // Begins an answer whose content follows: ticket, status, header fields, whether they are events, the names of fields that
    // follow the content. Whether somebody waits for it.
    functions.add("begin", |host, call| {
        let fields: Vec<String> = call.get(2)?;
        let head = head(call.get(1)?, &fields)?.with_content(Bytes::new());
        let trailers = trailer_names(call.get(4)?)?;
        Ok(host.begin(call.get(0)?, head, call.get(3)?, trailers))
    })?;
    // Adds a chunk: ticket, text or bytes. 0: there is room for more; 1: not yet, which a message will change; 2: nobody reads.
    functions.add("write", |host, call| {
        Ok(number(host.write_chunk(call.get(0)?, call.get(1)?)))
    })?;
    // Ends the content: ticket, whether it is whole, fields that follow it (names and values one after the other).
    functions.add("end", |host, call| {
        host.end(call.get(0)?, call.get(1)?, trailers(call.get(2)?)?);
        Ok(())
    })?;
    // The request of a call that is not answered yet: ticket.
    functions.add("request", |host, call| host.request(*call.env, call.get(0)?))?;
    // Whether somebody waits for the answer, or for more of it: ticket.
    functions.add("isOpen", |host, call| Ok(host.is_open(call.get(0)?)))?;
    // Drops the request of a call that was cancelled; it counts as in flight until it is answered: ticket.
    functions.add("cancel", |host, call| {
        host.cancel(call.get(0)?);
        Ok(())
    })?;
    // Has a message tell of the end of the answer to a call that is not answered yet: ticket. Whether one will.
    functions.add("tellEnd", |host, call| Ok(host.tell_end(call.get(0)?)))?;
    // A number for the connection of a call: ticket. 0 where none is known.
    functions.add("connection", |host, call| Ok(host.connection(call.get(0)?)))?;
    // Has a message tell of the end of the connection of a call: ticket. The ticket of that message; 0 where no connection is known.
    functions.add("tellConnectionEnd", |host, call| {
        Ok(host.tell_connection_end(call.get(0)?))
    })?;
    add_contents(&mut functions)?;
    add_sockets(&mut functions)?;
    Ok(functions.object)
}

/// Content that is taken while it arrives, and channels that are answers.
fn add_contents(functions: &mut Functions<'_, '_>) -> Result<()> {
    // Asks for the next piece of content: ticket. Whether a message will bring it.
    functions.add("readContent", |host, call| Ok(host.bodies.read(call.get(0)?)))?;
    // Leaves the rest of the content unread: ticket.
    functions.add("closeContent", |host, call| {
        host.bodies.close(call.get(0)?);
        Ok(())
    })?;
    // Answers with the messages of a channel as events: ticket, status, header fields, channel, the id of the last event.
    functions.add("answerChannel", |host, call| {
        let fields: Vec<String> = call.get(2)?;
        let reply = head(call.get(1)?, &fields)?.with_content(Bytes::new());
        let (name, last): (String, Option<String>) = (call.get(3)?, call.get(4)?);
        host.answer_with_channel(call.get(0)?, reply, &name, last.as_deref());
        Ok(())
    })
}

#[allow(unsafe_code)]
fn add_sockets(functions: &mut Functions<'_, '_>) -> Result<()> {
    // Opens a socket that waits for it: ticket. Whether its client still does.
    functions.add("admit", |host, call| Ok(host.sockets.admit(call.get(0)?)))?;
    // Answers with the problem that some data describes in place of a socket that waits to be opened: ticket, data.
    functions.add("refuse", |host, call| {
        let reply = problem(&exact_members(call.get::<Map<String, Json>>(1)?))?;
        host.sockets.refuse(call.get(0)?, reply);
        Ok(())
    })?;
    // Answers with something else in place of a socket that waits to be opened: ticket, status, header fields (names and values one
    // after the other), content or nothing.
    functions.add("refuseWith", |host, call| {
        host.refuse_socket(call.get(0)?, |contents| {
            let fields: Vec<String> = call.get(2)?;
            reply(call.get(1)?, &fields, call.get::<Option<Content>>(3)?, contents)
        })
    })?;
    // Sends a message: ticket, text or bytes. 0: there is room for more; 1: it was not taken, a message says when there is room;
    // 2: the socket is closed.
    functions.add("send", |host, call| {
        Ok(number(host.sockets.send(call.get(0)?, call.get(1)?)))
    })?;
    // Sends texts: tickets, in whose places numbers say what became of them as above; texts; how many there are.
    functions.add("sendAll", |host, call| {
        let mut tickets: Float64ArraySlice<'_> = call.get(0)?;
        let texts: Array<'_> = call.get(1)?;
        let count: u32 = call.get(2)?;
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(tickets.len());
        // SAFETY: no JavaScript runs until this function returns, and nothing else reaches the array.
        let tickets = unsafe { &mut tickets.as_mut()[..count] };
        host.sockets.send_all(tickets, |place| {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            texts.get(place)?.ok_or_else(|| misuse("a text is missing"))
        })
    })?;
    // Sends a ping: ticket, content. Whether the socket is open.
    functions.add("ping", |host, call| {
        let content: Uint8Array = call.get(1)?;
        Ok(host.sockets.ping(call.get(0)?, &content))
    })?;
    // Closes a socket: ticket, code, reason. Whether it was open.
    functions.add("closeSocket", |host, call| {
        let reason: String = call.get(2)?;
        Ok(host
            .sockets
            .close(call.get(0)?, socket::code(call.get(1)?)?, &reason))
    })?;
    // Handlers have done with what came: tickets and lengths, how many numbers these are.
    functions.add("consumed", |host, call| {
        let taken: Float64ArraySlice<'_> = call.get(0)?;
        let count: u32 = call.get(1)?;
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        host.sockets.consumed(&taken[..count.min(taken.len())]);
        Ok(())
    })?;
    // Subscribes a socket: ticket, channel. Whether there is such a socket.
    functions.add("subscribe", |host, call| {
        Ok(host.sockets.subscribe(call.get(0)?, call.get(1)?))
    })?;
    // Ends a subscription: ticket, channel. Whether there was one.
    functions.add("unsubscribe", |host, call| {
        let channel: String = call.get(1)?;
        Ok(host.sockets.unsubscribe(call.get(0)?, &channel))
    })?;
    // Forgets a socket, which is closed where it is open: ticket.
    functions.add("forgetSocket", |host, call| {
        host.sockets.forget(call.get(0)?);
        Ok(())
    })
}

struct Functions<'env, 'host> {
    env: &'env Env,
    host: &'host Arc<Host>,
    object: Object<'env>,
}

impl Functions<'_, '_> {
    fn add<R, F>(&mut self, name: &str, function: F) -> Result<()>
    where
        R: ToNapiValue,
        F: Fn(&Arc<Host>, &FunctionCallContext<'_>) -> Result<R> + 'static,
    {
        let host = Arc::clone(self.host);
        let function = self
            .env
            .create_function_from_closure::<(), R, _>(name, move |call| function(&host, &call))?;
        self.object.set(name, function)
    }
}
