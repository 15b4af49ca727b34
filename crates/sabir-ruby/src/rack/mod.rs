//! Handlers that take whatever comes below a path: applications of Rack, and those of the interface of requests and responses.
//! `sabir/rack/` and `sabir/exchange/` say what they get and give.

mod environment;

use std::sync::Arc;

use magnus::{Error, RArray, RClass, RHash, Ruby, TryConvert, Value, gc::Marker, prelude::*, value::Opaque};
use sabir_core::{Body, Call, Problem, Reply, RequestHead, body::FormReader};
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
    /// With an environment, or what makes one. It returns status, header fields and content.
    Rack(Rack),
    /// With a request of this class, what its answer is written to, and its content or nil.
    Exchange(Opaque<RClass>),
}

/// What calls of Rack need.
pub(crate) struct Rack {
    pub(crate) given: Given,
    /// The class of answers that are more than strings, made of what the application returned and the environment.
    pub(crate) answer: Opaque<Value>,
}

/// What an application of Rack is called with.
pub(crate) enum Given {
    /// An environment, with the class of its `rack.input`, which is made of content.
    Environment(Box<Environment>, Opaque<Value>),
    /// A request of this class, and its content while it arrives. The application has a method `environment` that takes both.
    Request(Opaque<RClass>),
}

impl Rack {
    /// Calls the application. What it is `given` is left to the caller.
    fn call(
        &self,
        ruby: &Ruby,
        application: Value,
        call: &Call,
        form_reader: FormReader,
        content: Option<Value>,
        given: &mut [Value; 2],
    ) -> Result<Value, Error> {
        match &self.given {
            Given::Environment(environment, input) => {
                let input = match content {
                    Some(content) => Some(ruby.get_inner(*input).funcall_public("new", (content,))?),
                    None => None,
                };
                let filled = environment.fill(ruby, &call.head, input);
                given[0] = filled.as_value();
                takeover::name(ruby, filled);
                hooks::call(application, &given[..1])
            }
            Given::Request(class) => {
                let class = ruby.get_inner(*class);
                given[0] = ruby
                    .obj_wrap_as(Request::new(call, form_reader), class)
                    .as_value();
                given[1] = content.unwrap_or(given[1]);
                hooks::call(application, given)
            }
        }
    }

    /// The reply that a result is, or the object that makes it while it is sent.
    fn reply(
        &self,
        ruby: &Ruby,
        application: Value,
        given: [Value; 2],
        result: Value,
    ) -> Result<Result<Reply, Value>, Error> {
        if let Some(reply) = rack_answer::encode(result)? {
            return Ok(Ok(reply));
        }
        let environment = self.environment(application, given)?;
        let answer = ruby.get_inner(self.answer);
        answer.funcall_public("new", (result, environment)).map(Err)
    }

    /// The environment of a call, which is made where that has not happened yet.
    fn environment(&self, application: Value, given: [Value; 2]) -> Result<Value, Error> {
        match self.given {
            Given::Environment(..) => Ok(given[0]),
            Given::Request(_) => application.funcall_public("environment", (given[0], given[1])),
        }
    }
}

impl Nested {
    /// Shows the garbage collector what a handler holds.
    pub(crate) fn mark(&self, marker: &Marker) {
        marker.mark(self.function);
        match &self.interface {
            Interface::Rack(rack) => {
                match &rack.given {
                    Given::Environment(environment, input) => {
                        environment.mark(marker);
                        marker.mark(*input);
                    }
                    Given::Request(request) => marker.mark(*request),
                }
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
            // The request has it.
            Body::Bytes(_) if self.is_given_request() => None,
            Body::Bytes(content) => Some(ruby.str_from_slice(content).as_value()),
            _ => {
                let content = pending.take_content(&streams.queue);
                // Whoever asks for it as a whole is told that it is not kept.
                pending.call.body = Body::Decoded;
                Some(ruby.obj_wrap(Content::new(content)).as_value())
            }
        };
        match &self.interface {
            Interface::Rack(rack) => self.call_rack(rack, ruby, streams, form_reader, pending, content),
            Interface::Exchange(request) => {
                let request =
                    ruby.obj_wrap_as(Request::new(&pending.call, form_reader), ruby.get_inner(*request));
                self.exchange(request.as_value(), ruby, streams, pending, content)
            }
        }
    }

    /// Whether an application of Rack is called with a request.
    fn is_given_request(&self) -> bool {
        matches!(&self.interface, Interface::Rack(rack) if matches!(rack.given, Given::Request(_)))
    }

    fn call_rack(
        &self,
        rack: &Rack,
        ruby: &Ruby,
        streams: &Arc<Streams>,
        form_reader: FormReader,
        pending: Pending,
        content: Option<Value>,
    ) -> Result<(), Error> {
        let process = generation();
        let Pending { id, call, reply, .. } = pending;
        let function = ruby.get_inner(self.function);
        // They stay on the stack, where the garbage collector sees them.
        let mut given = [ruby.qnil().as_value(); 2];
        let (result, reply) = takeover::offer(ruby, reply, || {
            rack.call(ruby, function, &call, form_reader, content, &mut given)
        });
        let head = call.head;
        if generation() != process {
            // This is the child of a handler that has forked: the client is the parent's.
            std::mem::forget((reply, head));
            return Ok(());
        }
        let returned = result.as_ref().ok().copied();
        let Some((reply, environment)) = reply else {
            after_takeover(ruby, rack, result, &head)?;
            // It exists, since the connection was taken over by it.
            let environment = rack.environment(function, given).ok();
            let ending = Ending::new(ruby, rack, environment.and_then(RHash::from_value));
            return ending.tell(returned, None);
        };
        // A thread that is killed has nothing called any more.
        let ending = Ending::new(ruby, rack, environment);
        if let Some(problem) = content.and_then(refusal)
            && returned.is_some_and(is_server_error)
        {
            // Whatever catches every exception takes a client's mistake for one of the application.
            let discarded = ending
                .answers
                .funcall_public::<_, _, Value>("discard", (returned,));
            reply.answer(problem.into_reply());
            discarded?;
            return ending.tell(returned, None);
        }
        let answered = result.and_then(|result| rack.reply(ruby, function, given, result));
        match answered {
            Ok(Ok(answer)) => {
                reply.answer(answer);
                ending.tell(returned, None)
            }
            Ok(Err(made)) => {
                stream::make(ruby, streams, Ticket { id, head, reply }, made)?;
                // The answer has it, so that what makes the content could ask for it, too.
                let environment = rack.environment(function, given).ok();
                let ending = Ending::new(ruby, rack, environment.and_then(RHash::from_value));
                ending.tell(returned, Some(made))
            }
            // Dropped unanswered, the call is answered with 500, and that is logged.
            Err(error) if error::ends_thread(&error) => Err(error),
            Err(error) => {
                reply.answer(refuse(ruby, &error, &head, streams.debug));
                ending.tell(None, Some(error::exception(ruby, &error)?.as_value()))
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

/// What was wrong with content that an application has read.
fn refusal(content: Value) -> Option<Problem> {
    <&Content>::try_convert(content).ok()?.refusal()
}

/// Whether an answer of Rack says that the application has failed.
fn is_server_error(answer: Value) -> bool {
    RArray::from_value(answer)
        .and_then(|answer| answer.entry::<i64>(0).ok())
        .is_some_and(|status| status >= 500)
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

/// What an application has put into `rack.response_finished`. It lies on the stack of the call.
struct Ending {
    answers: Value,
    environment: Option<RHash>,
    callbacks: Option<RArray>,
}

impl Ending {
    fn new(ruby: &Ruby, rack: &Rack, environment: Option<RHash>) -> Self {
        Self {
            answers: ruby.get_inner(rack.answer),
            environment,
            callbacks: environment.and_then(|environment| Environment::callbacks(ruby, environment)),
        }
    }

    /// Calls it, now that the answer is on its way. `ended` is the answer that was made while it was sent, or what was raised in place of
    /// one.
    ///
    /// # Errors
    /// The thread is to end.
    fn tell(&self, returned: Option<Value>, ended: Option<Value>) -> Result<(), Error> {
        let Some(callbacks) = self.callbacks.filter(|callbacks| !callbacks.is_empty()) else {
            return Ok(());
        };
        let arguments = (callbacks, self.environment, returned, ended);
        match self.answers.funcall_public::<_, _, Value>("finish", arguments) {
            Err(error) if error::ends_thread(&error) => Err(error),
            // Failures are in the log.
            _ => Ok(()),
        }
    }
}
