//! WebSockets of Ruby handlers. `sabir/websocket.rb` adds what is idiom.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use magnus::{
    Error, Module, RHash, RModule, RString, Ruby, Value, gc::Marker, method, prelude::*, value::Opaque,
};
use sabir_core::{
    Call, Problem, RequestHead,
    body::FormReader,
    channel::{Hub, Subscription},
    websocket::{CloseCode, Message, Rejection, SocketPlan},
};
use sabir_host::{Calls, HostSocket, Room, SocketNews};

use crate::{
    awaited::Awaited,
    channel, class, error, hooks,
    interpreter::Local,
    message::message,
    refusal::report,
    request::Request,
    value::{self, to_ruby},
};

/// The sockets of one application whose handlers are at work. The application shows them to the garbage collector.
#[derive(Default)]
pub(crate) struct Sockets(Calls<Opaque<Value>>);

impl Sockets {
    /// Shows them.
    pub(crate) fn mark(&self, marker: &Marker) {
        // It has no error.
        let _ = self.0.try_visit(|socket| {
            marker.mark(*socket);
            Ok::<_, std::convert::Infallible>(())
        });
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.count()
    }

    /// Remembers a socket.
    pub(crate) fn insert(&self, socket: &WebSocket, object: Value) {
        self.0.insert(socket.socket.id(), object.into());
    }

    /// Forgets a socket that was not opened.
    pub(crate) fn remove(&self, socket: &WebSocket) {
        self.0.remove(socket.socket.id());
    }

    /// Tells the handler of a socket what has happened to it, unless it has ended.
    ///
    /// # Errors
    /// The thread is to end.
    pub(crate) fn tell(&self, ruby: &Ruby, id: sabir_host::CallId, news: SocketNews) -> Result<(), Error> {
        let Some(object) = self.0.with(id, |object| *object) else {
            return Ok(());
        };
        let object = ruby.get_inner(object);
        let is_over = matches!(news, SocketNews::Closed(_) | SocketNews::Gone);
        let length = news.length();
        let socket = <&WebSocket>::try_convert(object);
        // A handler that has closed takes nothing that came meanwhile.
        let is_dropped = length.is_some() && matches!(&socket, Ok(socket) if socket.socket.has_closed());
        let told = if is_dropped {
            Ok(())
        } else {
            deliver(ruby, object, news)
        };
        if let Ok(socket) = socket {
            if let Some(length) = length {
                socket.socket.consumed(length);
            }
            if is_over {
                socket.end(CloseCode::NORMAL.as_u16(), "");
            }
        }
        if is_over {
            self.0.remove(id);
        }
        self.pass_on(ruby, object, told)
    }

    /// Tells the handler that the socket is open.
    ///
    /// # Errors
    /// The thread is to end.
    pub(crate) fn open(&self, ruby: &Ruby, object: Value, begun: Result<(), Error>) -> Result<(), Error> {
        let told = begun.and_then(|()| hooks::tell_socket(object, "open", ruby.qnil().as_value()));
        self.pass_on(ruby, object, told)
    }

    /// What was raised ends the socket. What ends the thread is passed on.
    fn pass_on(&self, ruby: &Ruby, object: Value, told: Result<(), Error>) -> Result<(), Error> {
        let Err(raised) = told else { return Ok(()) };
        if let Ok(socket) = <&WebSocket>::try_convert(object) {
            self.0.remove(socket.socket.id());
            if error::ends_thread(&raised) {
                socket.end(CloseCode::INTERNAL_ERROR.as_u16(), "");
            } else {
                socket.end_failed(ruby, &raised);
            }
        }
        if error::ends_thread(&raised) {
            Err(raised)
        } else {
            Ok(())
        }
    }
}

/// Calls what the handler has for the news.
fn deliver(ruby: &Ruby, socket: Value, news: SocketNews) -> Result<(), Error> {
    let (kind, value) = match news {
        SocketNews::Message(Message::Text(text)) => ("message", ruby.str_new(&text).as_value()),
        SocketNews::Message(Message::Binary(bytes)) => ("message", ruby.str_from_slice(&bytes).as_value()),
        SocketNews::Value(value, _) => ("message", to_ruby(ruby, &value)?),
        SocketNews::Ping(content) => ("ping", ruby.str_from_slice(&content).as_value()),
        SocketNews::Pong(content) => ("pong", ruby.str_from_slice(&content).as_value()),
        SocketNews::Closed(close) => {
            let parts = ruby.ary_new();
            parts.push(close.code.as_u16())?;
            parts.push(close.reason.as_str())?;
            ("close", parts.as_value())
        }
        SocketNews::Gone => ("close", ruby.qnil().as_value()),
        // Threads that send wait for room themselves.
        SocketNews::Writable => return Ok(()),
    };
    hooks::tell_socket(socket, kind, value)
}

/// Status and detail of the problem that was raised, if it is one.
fn problem_of(ruby: &Ruby, raised: &Error) -> Result<Option<(u16, String)>, Error> {
    let described = hooks::problem_of(ruby, error::exception(ruby, raised)?)?;
    let Some(described) = RHash::from_value(described) else {
        return Ok(None);
    };
    let text = |name: &str| described.lookup::<_, Option<String>>(ruby.to_symbol(name));
    let reason = text("detail")?.or(text("title")?).unwrap_or_default();
    Ok(Some((described.lookup(ruby.to_symbol("status"))?, reason)))
}

/// One socket.
#[magnus::wrap(class = "Sabir::WebSocket", free_immediately)]
pub(crate) struct WebSocket {
    hub: Hub,
    socket: Local<HostSocket>,
    plan: Arc<SocketPlan>,
    request: Request,
    head: Arc<RequestHead>,
    subscriptions: Local<Mutex<HashMap<String, Subscription>>>,
}

impl WebSocket {
    /// The socket that `call` has opened; `None` where its route is none of a socket.
    pub(crate) fn new(hub: Hub, form_reader: FormReader, call: &Call, socket: HostSocket) -> Option<Self> {
        Some(Self {
            plan: Arc::clone(call.route.socket.as_ref()?),
            hub,
            socket: Local::new(socket),
            request: Request::new(call, form_reader),
            head: Arc::clone(&call.head),
            subscriptions: Local::new(Mutex::default()),
        })
    }

    fn subscriptions(&self) -> MutexGuard<'_, HashMap<String, Subscription>> {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The handler has ended.
    fn end(&self, code: u16, reason: &str) {
        let subscriptions = std::mem::take(&mut *self.subscriptions());
        drop(subscriptions);
        self.socket.finish(code, reason);
    }

    /// The handler has failed: a problem that is the client's own closes the socket with 1008 and its detail. Everything else is
    /// in the log, and the client sees 1011.
    fn end_failed(&self, ruby: &Ruby, raised: &Error) {
        if let Ok(Some((status, reason))) = problem_of(ruby, raised)
            && status < 500
        {
            return self.end(CloseCode::POLICY_VIOLATION.as_u16(), &reason);
        }
        // The logger may fail; the client sees that something did.
        let _ = report(ruby, raised, &self.head);
        self.end(CloseCode::INTERNAL_ERROR.as_u16(), "");
    }

    /// Does what is to be done about a message that is refused for the problem that `described` is.
    fn reject(ruby: &Ruby, this: &Self, described: RHash) -> Result<(), Error> {
        let data = value::members(ruby, described, "problem")?;
        let problem = Problem::from_data(&data).map_err(|problem| error::argument(ruby, problem))?;
        match this.plan.reject(problem) {
            // A client that reads nothing need not be told what is wrong with what it sends.
            Rejection::Report(text) => drop(this.socket.send(&Message::Text(text))),
            Rejection::Close(close) => drop(this.socket.close(close.code.as_u16(), &close.reason)),
        }
        Ok(())
    }

    fn request(&self) -> Request {
        self.request.clone()
    }

    fn subprotocol(&self) -> Option<&str> {
        self.socket.subprotocol()
    }

    /// Sends text or bytes, and waits until there is room. Whether the socket is open. A thread that has something raised in it
    /// meanwhile leaves its client, which reads too slowly.
    fn write(ruby: &Ruby, this: &Self, content: RString) -> Result<bool, Error> {
        let message = message(ruby, content)?;
        if this.socket.send(&message) != Room::Full {
            return Ok(this.socket.is_open());
        }
        loop {
            let has_room = Awaited::new();
            let waker = has_room.waker();
            let mut task = Context::from_waker(&waker);
            if let Poll::Ready(is_open) = this.socket.poll_send(&mut task, &message) {
                return Ok(is_open);
            }
            // The socket alone has it now, so that its end is noticed.
            drop(waker);
            has_room.wait(ruby).inspect_err(|_| {
                this.socket.close(CloseCode::INTERNAL_ERROR.as_u16(), "");
            })?;
        }
    }

    /// Sends a ping. Whether the socket is open.
    fn ping(ruby: &Ruby, this: &Self, content: RString) -> Result<bool, Error> {
        if content.len() > 125 {
            let problem = "a ping has at most 125 bytes (RFC 6455 §5.5)";
            return Err(error::argument(ruby, problem.into()));
        }
        Ok(this.socket.ping(&crate::value::content(content)))
    }

    /// Closes the socket. Whether it was open.
    fn close(ruby: &Ruby, this: &Self, code: u16, reason: String) -> Result<bool, Error> {
        if !CloseCode::new(code).is_sendable() {
            let problem = format!(
                "no close frame has the code {code}; applications have 4000 to 4999 for themselves (RFC 6455 §7.4.2)"
            );
            return Err(error::argument(ruby, problem));
        }
        Ok(this.socket.close(code, &reason))
    }

    fn is_open(&self) -> bool {
        self.socket.is_open()
    }

    fn subscribe(&self, channel: String) {
        if self.subscriptions().contains_key(&channel) {
            return;
        }
        let subscription = self.socket.subscribe(&self.hub, &channel);
        let before = self.subscriptions().insert(channel, subscription);
        drop(before);
    }

    fn unsubscribe(&self, channel: String) {
        let subscription = self.subscriptions().remove(&channel);
        drop(subscription);
    }

    fn publish(ruby: &Ruby, this: &Self, channel: String, content: RString) -> Result<usize, Error> {
        channel::publish(ruby, &this.hub, &channel, content)
    }
}

pub(crate) fn define(ruby: &Ruby, sabir: RModule) -> Result<(), Error> {
    let class = class::define::<WebSocket>(ruby, sabir, "WebSocket")?;
    class.define_method("request", method!(WebSocket::request, 0))?;
    class.define_method("subprotocol", method!(WebSocket::subprotocol, 0))?;
    class.define_method("open?", method!(WebSocket::is_open, 0))?;
    class.define_method("subscribe", method!(WebSocket::subscribe, 1))?;
    class.define_method("unsubscribe", method!(WebSocket::unsubscribe, 1))?;
    class.define_private_method("reject", method!(WebSocket::reject, 1))?;
    class.define_private_method("write", method!(WebSocket::write, 1))?;
    class.define_private_method("send_ping", method!(WebSocket::ping, 1))?;
    class.define_private_method("send_close", method!(WebSocket::close, 2))?;
    class.define_private_method("send_to_channel", method!(WebSocket::publish, 2))
}
