//! WebSockets of test clients.

use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use magnus::{Error, Module, RArray, RModule, RString, Ruby, Value, method, prelude::*};
use sabir_core::websocket::{Close, CloseCode, Message};
use sabir_host::{
    Application,
    memory::{ClientSocket, Refusal, SocketEvent},
};

use crate::{
    awaited::Awaited,
    class, error,
    memory::{fields, header_fields},
    message::message,
    value,
};

/// One socket of a test client.
#[magnus::wrap(class = "Sabir::Native::ClientSocket", free_immediately)]
pub(crate) struct NativeClientSocket {
    socket: ClientSocket,
    /// What a thread has asked for, which has then been interrupted.
    asked: Mutex<Option<Awaited<io::Result<SocketEvent>>>>,
}

/// Opens a socket, in memory or at an address: it, or the answer that the server gives instead.
pub(crate) fn connect(
    ruby: &Ruby,
    app: &Application,
    address: Option<String>,
    target: &str,
    headers: RArray,
) -> Result<Value, Error> {
    let awaited = Awaited::new();
    app.connect(address, target, &fields(headers)?, awaited.giver())
        .map_err(|error| error::system(ruby, &error, target))?;
    match awaited.wait(ruby)? {
        Some(Ok(socket)) => Ok(ruby.obj_wrap(NativeClientSocket::new(socket)).as_value()),
        Some(Err(Refusal::Answer(answer))) => {
            let parts = ruby.ary_new();
            parts.push(answer.status().as_u16())?;
            parts.push(header_fields(ruby, answer.headers()))?;
            parts.push(ruby.str_from_slice(answer.body()))?;
            Ok(parts.as_value())
        }
        Some(Err(Refusal::Failed(reason))) => Err(Error::new(ruby.exception_io_error(), reason)),
        None => Err(Error::new(ruby.exception_io_error(), "the socket was given up")),
    }
}

impl NativeClientSocket {
    fn new(socket: ClientSocket) -> Self {
        Self {
            socket,
            asked: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Awaited<io::Result<SocketEvent>>>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn subprotocol(&self) -> Option<&str> {
        self.socket.subprotocol()
    }

    fn write(ruby: &Ruby, this: &Self, content: RString) -> Result<(), Error> {
        let (awaited, message) = (Awaited::new(), message(ruby, content)?);
        this.socket.send(message, awaited.giver());
        done(ruby, &awaited)
    }

    fn ping(ruby: &Ruby, this: &Self, content: RString) -> Result<(), Error> {
        let awaited = Awaited::new();
        this.socket.ping(value::content(content), awaited.giver());
        done(ruby, &awaited)
    }

    /// The header fields of the answer that opened the socket.
    fn headers(ruby: &Ruby, this: &Self) -> RArray {
        header_fields(ruby, this.socket.headers())
    }

    /// Writes bytes as they are.
    fn write_bytes(ruby: &Ruby, this: &Self, bytes: RString) -> Result<(), Error> {
        let awaited = Awaited::new();
        this.socket.write(value::content(bytes), awaited.giver());
        done(ruby, &awaited)
    }

    fn close(ruby: &Ruby, this: &Self, code: u16, reason: String) -> Result<(), Error> {
        let awaited = Awaited::new();
        this.socket
            .close(Close::new(CloseCode::new(code), &reason), awaited.giver());
        done(ruby, &awaited)
    }

    /// Waits for what comes next, and gives its kind and itself.
    fn receive(ruby: &Ruby, this: &Self) -> Result<RArray, Error> {
        let before = this.lock().take();
        let awaited = before.unwrap_or_else(|| {
            let awaited = Awaited::new();
            this.socket.receive(awaited.giver());
            awaited
        });
        let received = match awaited.wait(ruby) {
            Ok(received) => received.unwrap_or(Ok(SocketEvent::Gone)),
            Err(raised) => {
                *this.lock() = Some(awaited);
                return Err(raised);
            }
        };
        let event = received.map_err(|error| error::system(ruby, &error, "socket"))?;
        let parts = ruby.ary_new();
        let kind = |name: &str| parts.push(ruby.to_symbol(name));
        match event {
            SocketEvent::Message(Message::Text(text)) => kind("message").and_then(|()| parts.push(text)),
            SocketEvent::Message(Message::Binary(bytes)) => {
                kind("message").and_then(|()| parts.push(ruby.str_from_slice(&bytes)))
            }
            SocketEvent::Ping(content) => {
                kind("ping").and_then(|()| parts.push(ruby.str_from_slice(&content)))
            }
            SocketEvent::Pong(content) => {
                kind("pong").and_then(|()| parts.push(ruby.str_from_slice(&content)))
            }
            SocketEvent::Closed(close) => {
                kind("close").and_then(|()| parts.push((close.code.as_u16(), close.reason)))
            }
            _ => kind("gone").and_then(|()| parts.push(ruby.qnil())),
        }?;
        Ok(parts)
    }
}

fn done(ruby: &Ruby, awaited: &Awaited<io::Result<()>>) -> Result<(), Error> {
    let outcome = awaited.wait(ruby)?.unwrap_or(Ok(()));
    outcome.map_err(|error| error::system(ruby, &error, "socket"))
}

pub(crate) fn define(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = class::define::<NativeClientSocket>(ruby, native, "ClientSocket")?;
    class.define_method("subprotocol", method!(NativeClientSocket::subprotocol, 0))?;
    class.define_method("write", method!(NativeClientSocket::write, 1))?;
    class.define_method("headers", method!(NativeClientSocket::headers, 0))?;
    class.define_method("write_bytes", method!(NativeClientSocket::write_bytes, 1))?;
    class.define_method("ping", method!(NativeClientSocket::ping, 1))?;
    class.define_method("close", method!(NativeClientSocket::close, 2))?;
    class.define_method("receive", method!(NativeClientSocket::receive, 0))
}
