//! Handlers that take whatever comes below a path: applications of Rack, and those of the interface of requests and responses.
//! `sabir/rack/` and `sabir/exchange/` say what they get and give.

mod environment;

use std::sync::Arc;

use magnus::{Error, RClass, Ruby, Value, gc::Marker, prelude::*, value::Opaque};
use sabir_core::{Body, RequestHead, body::FormReader};
use sabir_host::Pending;

pub(crate) use self::environment::Environment;
use crate::{
    call::Ticket,
    content::Content,
    error, hooks,
    interpreter::generation,
    rack_answer,
    refusal::{refuse, report},
    request::Request,
    stream::{self, NativeStream, Streams},
    takeover,
};

/// A handler of everything below a path.
pub(crate) struct Nested {
    pub(crate) function: Opaque<Value>,
    pub(crate) interface: Interface,
}

/// How it is called.
pub(crate) enum Interface {
    /// With an environment. It returns status, header fields and content.
    Rack(Box<Rack>),
    /// With a request of this class, what its answer is written to, and its content or nil.
    Exchange(Opaque<RClass>),
}

/// What calls of Rack need.
pub(crate) struct Rack {
    pub(crate) environment: Environment,
    /// The class of `rack.input`, made of content.
    pub(crate) input: Opaque<Value>,
    /// The class of answers that are more than strings, made of what the application returned and the environment.
    pub(crate) answer: Opaque<Value>,
}

impl Nested {
    /// Shows the garbage collector what a handler holds.
    pub(crate) fn mark(&self, marker: &Marker) {
        marker.mark(self.function);
        match &self.interface {
            Interface::Rack(rack) => {
                rack.environment.mark(marker);
                marker.mark(rack.input);
                marker.mark(rack.answer);
            }
            Interface::Exchange(request) => marker.mark(*request),
        }
    }

    /// Calls the handler, and answers.
    ///
    /// # Errors
    /// The thread is to end.
    pub(crate) fn handle(
        &self,
        ruby: &Ruby,
        streams: &Arc<Streams>,
        form_reader: FormReader,
        mut pending: Pending,
    ) -> Result<(), Error> {
        let content = match &pending.call.body {
            Body::Empty => None,
            Body::Bytes(content) => Some(ruby.str_from_slice(content).as_value()),
            _ => {
                let content = pending.take_content(&streams.queue);
                // Whoever asks for it as a whole is told that it is not kept.
                pending.call.body = Body::Decoded;
                Some(ruby.obj_wrap(Content::new(content)).as_value())
            }
        };
        match &self.interface {
            Interface::Rack(rack) => self.call_rack(rack, ruby, streams, pending, content),
            Interface::Exchange(request) => {
                let request =
                    ruby.obj_wrap_as(Request::new(&pending.call, form_reader), ruby.get_inner(*request));
                self.exchange(request.as_value(), ruby, streams, pending, content)
            }
        }
    }

    fn call_rack(
        &self,
        rack: &Rack,
        ruby: &Ruby,
        streams: &Arc<Streams>,
        pending: Pending,
        content: Option<Value>,
    ) -> Result<(), Error> {
        let process = generation();
        let Pending { id, call, reply, .. } = pending;
        let head = call.head;
        let mut environment = None;
        let (result, reply) = takeover::offer(reply, || {
            let input = match content {
                Some(content) => Some(ruby.get_inner(rack.input).funcall_public("new", (content,))?),
                None => None,
            };
            let filled = rack.environment.fill(ruby, &head, input);
            environment = Some(filled);
            takeover::name(filled);
            hooks::call(ruby.get_inner(self.function), &[filled.as_value()])
        });
        if generation() != process {
            // This is the child of a handler that has forked: the client is the parent's.
            std::mem::forget((reply, head));
            return Ok(());
        }
        let Some(reply) = reply else {
            return after_takeover(ruby, rack, result, &head);
        };
        let answered = result.and_then(|result| {
            Ok(match rack_answer::encode(result)? {
                Some(reply) => Ok(reply),
                None => Err(ruby
                    .get_inner(rack.answer)
                    .funcall_public("new", (result, environment))?),
            })
        });
        match answered {
            Ok(Ok(answer)) => {
                reply.answer(answer);
                Ok(())
            }
            Ok(Err(made)) => stream::make(ruby, streams, Ticket { id, head, reply }, made),
            // Dropped unanswered, the call is answered with 500, and that is logged.
            Err(error) if error::ends_thread(&error) => Err(error),
            Err(error) => {
                reply.answer(refuse(ruby, &error, &head, streams.debug));
                Ok(())
            }
        }
    }

    fn exchange(
        &self,
        request: Value,
        ruby: &Ruby,
        streams: &Arc<Streams>,
        pending: Pending,
        content: Option<Value>,
    ) -> Result<(), Error> {
        let process = generation();
        let Pending { id, call, reply, .. } = pending;
        let head = call.head;
        let stream = ruby.obj_wrap(NativeStream::new(Arc::clone(streams), Ticket { id, head, reply }));
        let arguments = [
            request,
            stream.as_value(),
            content.unwrap_or_else(|| ruby.qnil().as_value()),
        ];
        let result = hooks::call(ruby.get_inner(self.function), &arguments);
        match result {
            _ if generation() != process => Ok(()),
            Ok(_) => Ok(()),
            Err(error) if error::ends_thread(&error) => {
                stream.abandon();
                Err(error)
            }
            Err(error) => {
                if let Ok(exception) = error::exception(ruby, &error) {
                    NativeStream::fail(ruby, &stream, exception);
                }
                Ok(())
            }
        }
    }
}

/// Ends a call whose connection is the handler's own. What it returned is sent to nobody, but has to be closed.
fn after_takeover(
    ruby: &Ruby,
    rack: &Rack,
    result: Result<Value, Error>,
    head: &RequestHead,
) -> Result<(), Error> {
    let answers: Value = ruby.get_inner(rack.answer);
    match result.and_then(|result| answers.funcall_public::<_, _, Value>("discard", (result,))) {
        Err(error) if error::ends_thread(&error) => Err(error),
        Err(error) => {
            // The logger may fail, and nobody waits for an answer.
            let _ = report(ruby, &error, head);
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}
