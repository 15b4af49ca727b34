//! Sockets of test clients.

use std::{io, marker::PhantomData};

use bytes::Bytes;
use http::Response;
use napi::{
    Either, Env, Result,
    bindgen_prelude::{Object, Uint8Array},
};
use napi_derive::napi;
use sabir_core::{
    header::field::to_text,
    websocket::{Close, CloseCode, Message},
};
use sabir_host::{
    Content,
    memory::{ClientSocket, Refusal, SocketEvent},
};

use crate::{
    error::misuse,
    memory::{InjectedResponse, answered},
    response, socket,
    value::shared,
};

/// What a socket is opened with, or what is answered instead.
pub(crate) fn opened(
    socket: std::result::Result<ClientSocket, Refusal>,
) -> Result<Either<NativeClientSocket, InjectedResponse>> {
    match socket {
        Ok(socket) => Ok(Either::A(NativeClientSocket(socket))),
        Err(Refusal::Answer(answer)) => Ok(Either::B(refused(answer))),
        Err(Refusal::Failed(reason)) => Err(misuse(reason)),
    }
}

fn refused(answer: Response<Bytes>) -> InjectedResponse {
    answered(answer.map(Content::Whole))
}

/// The client's end of a socket. Collected, it leaves without closing.
#[napi]
pub struct NativeClientSocket(ClientSocket);

/// What a client gets.
#[napi(object, object_from_js = false)]
pub struct ClientEvent {
    /// `message`, `ping`, `pong`, `closed`, or `gone` where the connection has ended without a close.
    pub kind: &'static str,
    /// The content of what came, or the reason of a close.
    pub data: Option<Either<String, Uint8Array>>,
    /// The code of a close.
    pub code: Option<u16>,
}

impl ClientEvent {
    fn of(event: SocketEvent) -> Self {
        let (kind, data, code) = match event {
            SocketEvent::Message(Message::Text(text)) => ("message", Some(Either::A(text)), None),
            SocketEvent::Message(Message::Binary(bytes)) => {
                ("message", Some(Either::B(shared(&bytes))), None)
            }
            SocketEvent::Ping(content) => ("ping", Some(Either::B(shared(&content))), None),
            SocketEvent::Pong(content) => ("pong", Some(Either::B(shared(&content))), None),
            SocketEvent::Closed(close) => {
                ("closed", Some(Either::A(close.reason)), Some(close.code.as_u16()))
            }
            _ => ("gone", None, None),
        };
        Self { kind, data, code }
    }
}

#[napi]
impl NativeClientSocket {
    /// The subprotocol that the server chose.
    #[napi(getter)]
    pub fn subprotocol(&self) -> Option<String> {
        self.0.subprotocol().map(str::to_owned)
    }

    /// Names and values of the header fields of the answer, one after the other.
    #[napi]
    pub fn headers(&self) -> Vec<String> {
        let fields = self.0.headers().iter();
        fields
            .flat_map(|(name, value)| [name.as_str().to_owned(), to_text(value.as_bytes()).into_owned()])
            .collect()
    }

    /// Sends a message.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn send<'env>(&self, env: &'env Env, content: response::Content) -> Result<Object<'env>> {
        done(env, |done| self.0.send(socket::message(content), done))
    }

    /// Sends a ping.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn ping<'env>(&self, env: &'env Env, content: Uint8Array) -> Result<Object<'env>> {
        done(env, |done| self.0.ping(Bytes::copy_from_slice(&content), done))
    }

    /// Sends a close frame.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn close<'env>(&self, env: &'env Env, code: u32, reason: String) -> Result<Object<'env>> {
        let close = Close::new(CloseCode::new(socket::code(code)?), reason);
        done(env, |done| self.0.close(close, done))
    }

    /// Writes bytes as they are, which need be no frames.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn write<'env>(&self, env: &'env Env, bytes: Uint8Array) -> Result<Object<'env>> {
        done(env, |done| self.0.write(Bytes::copy_from_slice(&bytes), done))
    }

    /// Waits for what comes next. Rejected when the server breaks the protocol.
    #[napi(ts_return_type = "Promise<ClientEvent>")]
    pub fn receive<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (deferred, promise) = env.create_deferred()?;
        let mut kept = Kept::new(move |event: io::Result<SocketEvent>| {
            deferred.resolve(move |_| {
                event
                    .map(ClientEvent::of)
                    .map_err(|error| misuse(error.to_string()))
            });
        });
        self.0.receive(move |event| kept.give(event));
        Ok(promise)
    }
}

/// The promise of what `begin` does.
fn done(env: &Env, begin: impl FnOnce(Box<dyn FnOnce(io::Result<()>) + Send>)) -> Result<Object<'_>> {
    let (deferred, promise) = env.create_deferred()?;
    let mut kept = Kept::new(move |outcome: io::Result<()>| {
        deferred.resolve(move |_| outcome.map_err(|error| misuse(error.to_string())));
    });
    begin(Box::new(move |outcome| kept.give(outcome)));
    Ok(promise)
}

/// A promise that is kept also when the socket ends: what is pending would keep the loop.
struct Kept<T, F: FnOnce(io::Result<T>)>(Option<F>, PhantomData<fn(T)>);

impl<T, F: FnOnce(io::Result<T>)> Kept<T, F> {
    fn new(give: F) -> Self {
        Self(Some(give), PhantomData)
    }

    fn give(&mut self, outcome: io::Result<T>) {
        if let Some(give) = self.0.take() {
            give(outcome);
        }
    }
}

impl<T, F: FnOnce(io::Result<T>)> Drop for Kept<T, F> {
    fn drop(&mut self) {
        self.give(Err(io::ErrorKind::BrokenPipe.into()));
    }
}
