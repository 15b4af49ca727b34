//! Running calls on threads of Ruby.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use magnus::{Error, Ruby, Value, gc::Marker, prelude::*};
use sabir_core::{Body, Problem, body::FormReader, channel::Hub};
use sabir_host::{
    Application, CallId, Calls, Handlers, HostMessage, Opened, Pending, Queue,
    queue::{Hold, Waited},
};

use crate::{
    bell::Bell,
    call::{Target, Ticket},
    content::{Content, described},
    error, hooks,
    interpreter::{generation, without_lock},
    rack::Nested,
    refusal::refuse,
    request::Request,
    response::{Encoded, encode},
    socket::{Sockets, WebSocket},
    stream::{self, Streams},
};

/// Runs the calls of one application.
pub(crate) struct Host {
    queue: Arc<Queue>,
    pub(crate) form_reader: FormReader,
    pub(crate) handlers: Handlers<Target>,
    /// Those of whole paths.
    pub(crate) nested: Handlers<Nested>,
    streams: Arc<Streams>,
    sockets: Sockets,
    hub: Hub,
}

impl Host {
    /// What runs the calls of `app`.
    pub(crate) fn new(app: &Application) -> Self {
        let settings = app.settings();
        Self {
            queue: Arc::clone(app.queue()),
            form_reader: FormReader::new(settings),
            handlers: Handlers::default(),
            nested: Handlers::default(),
            streams: Arc::new(Streams {
                queue: Arc::clone(app.queue()),
                running: Calls::default(),
                debug: settings.debug,
            }),
            sockets: Sockets::default(),
            hub: app.hub().clone(),
        }
    }

    /// Takes and answers calls on this thread of Ruby, until there is none for `idle`, [`leave`](Self::leave) is called, or
    /// the process is a fork. Whether the time is over.
    ///
    /// A thread leaves the interpreter's lock only to wait on an empty queue. It takes one call at a time: what it took beyond
    /// that would wait for a handler that blocks, while another thread is free.
    ///
    /// # Errors
    /// What is raised in this thread between two handlers, and what ends it.
    pub(crate) fn work(&self, ruby: &Ruby, idle: Option<Duration>) -> Result<bool, Error> {
        let process = generation();
        let mut batch = Vec::with_capacity(1);
        while generation() == process {
            // Read before looking into the queue, so that nothing that comes after that look is missed.
            let interruptions = self.queue.interruptions();
            self.queue.take_at_most(1, &mut batch);
            if let Some((message, hold)) = batch.pop() {
                self.handle(ruby, message, hold)?;
                continue;
            }
            let wait = || self.queue.wait_since(interruptions, idle);
            let waited = without_lock(wait, &|| self.queue.interrupt());
            if let Err(raised) = ruby.thread_check_ints() {
                self.queue.pass_on();
                return Err(raised);
            }
            match waited {
                Some(Waited::Closed | Waited::Interrupted) => return Ok(false),
                Some(Waited::TimedOut) => return Ok(true),
                Some(Waited::Ready) | None => {}
            }
        }
        Ok(false)
    }

    /// Takes and answers one call or message, if there is one, in a fiber of its own. Where other threads have fibers, `is_shared`, they
    /// come for what follows: this thread may be kept.
    ///
    /// # Errors
    /// What ends this thread.
    pub(crate) fn work_once(&self, ruby: &Ruby, is_shared: bool) -> Result<(), Error> {
        let mut batch = Vec::with_capacity(1);
        self.queue.take_at_most(1, &mut batch);
        if is_shared && !self.queue.try_sleep() {
            self.queue.wake();
        }
        match batch.pop() {
            Some((message, hold)) => self.handle(ruby, message, hold),
            None => Ok(()),
        }
    }

    /// Has `bell` be rung when there is something to do, which threads with fibers wait for.
    pub(crate) fn attach(&self, bell: &Bell) {
        self.queue.attach(Some(Box::new(bell.clone())));
    }

    /// How many calls and messages wait.
    pub(crate) fn waiting(&self) -> usize {
        self.queue.waiting()
    }

    /// Whether there is nothing to do, so that the bell will be rung.
    pub(crate) fn rest(&self) -> bool {
        self.queue.try_sleep()
    }

    /// Has all threads that wait return.
    pub(crate) fn leave(&self) {
        self.queue.interrupt();
    }

    fn handle(&self, ruby: &Ruby, message: HostMessage, hold: Hold<'_>) -> Result<(), Error> {
        match message {
            HostMessage::Call(pending) => self.call(ruby, *pending, hold),
            HostMessage::Cancelled(id) => {
                drop(hold);
                self.cancel(ruby, id)
            }
            // Threads that write wait for room themselves, and content is read on the thread that wants it.
            HostMessage::Writable(_) | HostMessage::Ended(_) | HostMessage::Content(..) => Ok(()),
            // What follows for the same socket waits until this has been handled.
            HostMessage::Opened(opened) => self.open(ruby, *opened),
            HostMessage::Socket(id, news) => self.sockets.tell(ruby, id, news),
        }
    }

    fn call(&self, ruby: &Ruby, mut pending: Pending, hold: Hold<'_>) -> Result<(), Error> {
        // A stream that begins looks whether it has been cancelled, so that it may be while this runs.
        drop(hold);
        if pending.reply.is_abandoned() {
            return Ok(());
        }
        let Some(target) = self.handlers.get(pending.target) else {
            let Some(nested) = self.nested.get(pending.target) else {
                return Ok(());
            };
            let run = AssertUnwindSafe(|| nested.handle(ruby, &self.streams, self.form_reader, pending));
            return catch_unwind(run).unwrap_or(Ok(()));
        };
        if let Some(problem) = pending.call.refusal.take() {
            let run = AssertUnwindSafe(|| self.refused(ruby, &target, pending, &problem));
            return catch_unwind(run).unwrap_or(Ok(()));
        }
        let process = generation();
        let run = AssertUnwindSafe(|| {
            let function = ruby.get_inner(target.function);
            let content = target.arguments.takes_given().then(|| {
                let content = pending.take_content(&self.queue);
                // Whoever asks for it as a whole is told that it is not kept.
                pending.call.body = Body::Decoded;
                ruby.obj_wrap(Content::new(content)).as_value()
            });
            let result = target
                .arguments
                .call(ruby, function, &pending.call, content, |_| Ok(true));
            let result = result.map(|result| result.unwrap_or_else(|| ruby.qnil().as_value()));
            self.end(ruby, pending, process, &target, result)
        });
        // Dropped unanswered, the call is answered with 500, and that is logged.
        catch_unwind(run).unwrap_or(Ok(()))
    }

    /// Has Ruby answer what the runtime refuses.
    fn refused(
        &self,
        ruby: &Ruby,
        target: &Target,
        pending: Pending,
        problem: &Problem,
    ) -> Result<(), Error> {
        let process = generation();
        let Some(function) = target.refused else {
            pending.reply.answer(problem.clone().into_reply());
            return Ok(());
        };
        let request = ruby
            .obj_wrap(Request::new(&pending.call, self.form_reader))
            .as_value();
        let result = described(ruby, problem)
            .and_then(|problem| hooks::call(ruby.get_inner(function), &[request, problem.as_value()]));
        self.end(ruby, pending, process, target, result)
    }

    /// Answers a call with what its handler has returned or raised; it has begun in this `process`.
    fn end(
        &self,
        ruby: &Ruby,
        pending: Pending,
        process: u32,
        target: &Target,
        result: Result<Value, Error>,
    ) -> Result<(), Error> {
        let Pending { id, call, reply, .. } = pending;
        let ticket = Ticket {
            id,
            head: call.head,
            reply,
        };
        if generation() != process {
            // The handler has forked, and this is the child: the client is the parent's. Nothing of the runtime is used, since
            // its threads are not here, and what they had locked stays so.
            std::mem::forget(ticket);
            return Ok(());
        }
        self.answer(ruby, ticket, target, result)
    }

    /// Starts the handler of a socket. What is refused before is the answer to the client that waits to be let in.
    fn open(&self, ruby: &Ruby, opened: Opened) -> Result<(), Error> {
        let Opened {
            target,
            call,
            socket,
            mut admission,
            ..
        } = opened;
        let Some(target) = self.handlers.get(target) else {
            return Ok(());
        };
        if admission
            .as_ref()
            .is_some_and(|admission| admission.is_abandoned())
        {
            return Ok(());
        }
        let Some(native) = WebSocket::new(self.hub.clone(), self.form_reader, &call, socket) else {
            return Ok(());
        };
        let native = ruby.obj_wrap(native);
        let object = native.as_value();
        let function = ruby.get_inner(target.function);
        let mut answer = None;
        let admit = |arguments: &[Value]| {
            if let Some(before) = target.before {
                answer =
                    Some(hooks::call(ruby.get_inner(before), arguments)?).filter(|answer| !answer.is_nil());
                if answer.is_some() {
                    return Ok(false);
                }
            }
            self.sockets.insert(&native, object);
            Ok(admission.take().is_none_or(|admission| admission.accept()))
        };
        let begun = target.arguments.call(ruby, function, &call, Some(object), admit);
        let begun = match (begun, answer) {
            (Ok(None), Some(answer)) => match encode(ruby, answer, &target.answers) {
                Ok(Encoded::Reply(reply)) => {
                    if let Some(admission) = admission {
                        admission.refuse(reply);
                    }
                    return Ok(());
                }
                Ok(_) => Err(error::argument(
                    ruby,
                    "a socket is refused with content, not with a stream".into(),
                )),
                Err(error) => Err(error),
            },
            (begun, _) => begun,
        };
        match (begun, admission) {
            // Dropped, it answers 500, and that is logged.
            (Err(error), Some(_)) if error::ends_thread(&error) => Err(error),
            (Err(error), Some(admission)) => {
                admission.refuse(refuse(ruby, &error, &call.head, self.streams.debug));
                Ok(())
            }
            (Ok(None), _) => {
                self.sockets.remove(&native);
                Ok(())
            }
            (begun, _) => self.sockets.open(ruby, object, begun.map(drop)),
        }
    }

    /// Answers a call, on the thread that has run its handler.
    ///
    /// # Errors
    /// The thread is to end.
    fn answer(
        &self,
        ruby: &Ruby,
        ticket: Ticket,
        target: &Target,
        result: Result<Value, Error>,
    ) -> Result<(), Error> {
        match result.and_then(|result| encode(ruby, result, &target.answers)) {
            Ok(Encoded::Reply(reply)) => ticket.reply.answer(reply),
            Ok(Encoded::File(reply, path)) => ticket.reply.answer_with_file(path, ticket.head, reply),
            Ok(Encoded::Stream(stream)) => return stream::make(ruby, &self.streams, ticket, stream),
            // A call that is dropped unanswered is answered with 500, and that is logged.
            Err(error) if error::ends_thread(&error) => return Err(error),
            Err(error) => {
                let reply = refuse(ruby, &error, &ticket.head, self.streams.debug);
                ticket.reply.answer(reply);
            }
        }
        Ok(())
    }

    /// Tells what makes the answer to a call that nobody reads it.
    ///
    /// # Errors
    /// What is raised in this thread meanwhile.
    fn cancel(&self, ruby: &Ruby, id: CallId) -> Result<(), Error> {
        match self.streams.running.with(id, |running| running.0) {
            Some(running) => hooks::cancel(ruby.get_inner(running)).map(drop),
            None => Ok(()),
        }
    }

    /// Shows the garbage collector what belongs to Ruby. Whoever changes these tables has the interpreter's lock and makes no
    /// object meanwhile, so no lock is held now.
    pub(crate) fn mark(&self, marker: &Marker) {
        for target in self.handlers.read().iter().flatten() {
            target.mark(marker);
        }
        for nested in self.nested.read().iter().flatten() {
            nested.mark(marker);
        }
        // It has no error.
        let _ = self.streams.running.try_visit(|running| {
            marker.mark(running.0);
            Ok::<_, std::convert::Infallible>(())
        });
        self.sockets.mark(marker);
    }

    /// How many sockets have handlers at work.
    pub(crate) fn open_sockets(&self) -> usize {
        self.sockets.count()
    }
}
