//! WebSockets that a client has opened, in memory and over a connection.

use std::{
    io::{ErrorKind, Read as _},
    net::TcpStream,
    time::Duration,
};

use http::Response;
use sabir_codegen::fixture::{Request, Text};
use sabir_core::websocket::{Close, CloseCode, Message};
use sabir_http::{
    Service,
    websocket::{Client, ConnectError, SocketEvent},
};
use tokio::{runtime::Runtime, time::timeout};

use super::{
    frames::{self, BINARY, CLOSE, PING, PONG, TEXT, frame},
    talk::{Incoming, Peer},
};
use crate::client::{Answer, request};

/// What a handshake needs.
const HANDSHAKE: [(&str, &str); 4] = [
    ("connection", "Upgrade"),
    ("upgrade", "websocket"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

/// What belongs to that key (RFC 6455 §1.3).
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// `request` with what it lacks to be a handshake, and whether the key was lacking.
pub(super) fn completed(request: &Request) -> (Request, bool) {
    let mut request = request.clone();
    let mut has_own_key = true;
    for (name, value) in HANDSHAKE {
        let mut names = request.headers.keys();
        if !names.any(|field| field.eq_ignore_ascii_case(name)) {
            has_own_key &= name != "sec-websocket-key";
            let value = sabir_codegen::fixture::FieldValue::One(Text::Plain(value.into()));
            request.headers.insert(name.into(), value);
        }
    }
    (request, !has_own_key)
}

/// Refuses an answer that does not prove that the server has understood.
///
/// # Errors
/// When it does not.
pub(super) fn check_accept(answer: &Answer) -> Result<(), String> {
    if answer.values("sec-websocket-accept") == [ACCEPT] {
        Ok(())
    } else {
        Err("Sec-WebSocket-Accept is not the right one".into())
    }
}

/// A socket in memory.
pub(super) struct InMemory<'r> {
    runtime: &'r Runtime,
    client: Client,
    timeout: Duration,
}

impl<'r> InMemory<'r> {
    /// Asks for a socket; gives the answer, and the socket where it was opened.
    pub(super) fn open(
        runtime: &'r Runtime,
        service: &Service,
        request: &Request,
        timeout: Duration,
    ) -> Result<(Answer, Option<Self>), String> {
        match runtime.block_on(service.connect_in_memory(request::built(request)?)) {
            Ok(client) => {
                let head = Response::builder().status(client.answer().status());
                let mut answer = head
                    .body(bytes::Bytes::new())
                    .map_err(|error| error.to_string())?;
                answer.headers_mut().clone_from(client.answer().headers());
                let peer = Self {
                    runtime,
                    client,
                    timeout,
                };
                Ok((answer.into(), Some(peer)))
            }
            Err(ConnectError::Refused(answer)) => Ok((answer.into(), None)),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Peer for InMemory<'_> {
    fn send(&mut self, opcode: u8, content: &[u8]) -> Result<(), String> {
        let text = || String::from_utf8_lossy(content).into_owned();
        let sent = self.runtime.block_on(async {
            match opcode {
                TEXT => self.client.send(Message::Text(text())).await,
                BINARY => self.client.send(content.to_vec()).await,
                PING => self.client.ping(content).await,
                _ => self.client.write(&frame(opcode, content)).await,
            }
        });
        sent.map_err(|error| error.to_string())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), String> {
        // The server may have closed already.
        let _ = self.runtime.block_on(self.client.write(bytes));
        Ok(())
    }

    fn next(&mut self) -> Result<Incoming, String> {
        let event = self
            .runtime
            .block_on(async { timeout(self.timeout, self.client.receive()).await })
            .map_err(|_| "nothing came in time".to_owned())?;
        Ok(match event.map_err(|error| error.to_string())? {
            SocketEvent::Message(Message::Text(text)) => Incoming::Frame(TEXT, text.into_bytes()),
            SocketEvent::Message(Message::Binary(bytes)) => Incoming::Frame(BINARY, bytes.into()),
            SocketEvent::Ping(content) => Incoming::Frame(PING, content.into()),
            SocketEvent::Pong(content) => Incoming::Frame(PONG, content.into()),
            SocketEvent::Closed(close) => Incoming::Frame(CLOSE, content_of(&close)),
            _ => Incoming::End,
        })
    }

    fn read(&mut self, _: usize) -> Result<Vec<u8>, String> {
        Err("bytes need a connection".into())
    }
}

fn content_of(close: &Close) -> Vec<u8> {
    if close.code == CloseCode::NO_STATUS {
        return Vec::new();
    }
    let mut content = close.code.as_u16().to_be_bytes().to_vec();
    content.extend_from_slice(close.reason.as_bytes());
    content
}

/// A socket over a connection, of which `rest` was read with the answer.
pub(super) struct OverConnection {
    pub(super) stream: TcpStream,
    pub(super) rest: Vec<u8>,
    /// Whether it sends everything in two segments.
    pub(super) is_cut: bool,
}

impl OverConnection {
    /// Reads more. False at the end of the connection.
    fn fill(&mut self) -> Result<bool, String> {
        let mut buffer = [0; 16 * 1024];
        match self.stream.read(&mut buffer) {
            Ok(count) => {
                self.rest.extend_from_slice(&buffer[..count]);
                Ok(count > 0)
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(false),
            Err(error) => Err(format!("nothing came in time: {error}")),
        }
    }
}

impl Peer for OverConnection {
    fn send(&mut self, opcode: u8, content: &[u8]) -> Result<(), String> {
        self.write(&frame(opcode, content))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), String> {
        super::socket::write(&mut self.stream, bytes, self.is_cut);
        Ok(())
    }

    fn next(&mut self) -> Result<Incoming, String> {
        if self.rest.is_empty() && !self.fill()? {
            return Ok(Incoming::End);
        }
        let (opcode, content) = frames::read(|length| self.read(length))?;
        Ok(Incoming::Frame(opcode, content))
    }

    fn read(&mut self, length: usize) -> Result<Vec<u8>, String> {
        while self.rest.len() < length {
            if !self.fill()? {
                return Err(format!("the connection ended within {:?}", self.rest));
            }
        }
        Ok(self.rest.drain(..length).collect())
    }
}
