//! The client's side, for tests: over a socket, and in memory.

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    io,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::{Bytes, BytesMut};
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode,
    header::{
        CONNECTION, CONTENT_LENGTH, HOST, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
        SEC_WEBSOCKET_VERSION, UPGRADE,
    },
};
use sabir_core::websocket::{Close, CloseCode, Message};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    consumer::SocketEvent,
    decoder::{Decoder, Incoming},
    deflate::Deflater,
    extension::Agreement,
    frame::{self, Head, Opcode, Role},
    mask,
    prepared::opcode,
    transport::Transport,
    upgrade,
};

/// The largest message that a client takes.
const LIMIT: u64 = 1 << 30;

/// A client of a socket, for tests. It answers pings and closes as it reads them.
pub struct Client {
    transport: Box<dyn Transport>,
    input: BytesMut,
    decoder: Decoder,
    deflater: Option<Deflater>,
    answer: Response<()>,
    has_closed: bool,
    has_ended: bool,
    masks: (RandomState, u64),
}

/// Why a socket could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The server refused, as the answer says.
    #[error("the server answered {}", .0.status())]
    Refused(Response<Bytes>),
    /// The connection failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The server agreed to what the client did not ask for.
    #[error("the server's handshake is wrong: {0}")]
    Handshake(&'static str),
}

impl Client {
    /// Opens a socket over `stream`, by a request of HTTP/1.1 with `target` and `headers`. What a handshake needs is added.
    ///
    /// # Errors
    /// When the server refuses, or the connection fails.
    pub async fn connect<T: Transport>(
        mut stream: T,
        target: &str,
        headers: HeaderMap,
    ) -> Result<Self, ConnectError> {
        let mut request = Request::new(());
        *request.headers_mut() = headers;
        complete(&mut request);
        let mut text = format!("GET {target} HTTP/1.1\r\n").into_bytes();
        for (name, value) in request.headers() {
            text.extend_from_slice(name.as_str().as_bytes());
            text.extend_from_slice(b": ");
            text.extend_from_slice(value.as_bytes());
            text.extend_from_slice(b"\r\n");
        }
        text.extend_from_slice(b"\r\n");
        stream.write_all(&text).await?;
        let mut input = BytesMut::new();
        let end = loop {
            if let Some(end) = memchr::memmem::find(&input, b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut input).await? == 0 {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
        };
        let head = input.split_to(end);
        let answer = head_of(&head).ok_or(ConnectError::Handshake("the head is malformed"))?;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            let length = answer.headers().get(CONTENT_LENGTH);
            let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
            while input.len() < length.unwrap_or(usize::MAX) && stream.read_buf(&mut input).await? > 0 {}
            return Err(ConnectError::Refused(answer.map(|()| input.freeze())));
        }
        let expected = request
            .headers()
            .get(SEC_WEBSOCKET_KEY)
            .map(|key| upgrade::accept(key.as_bytes()));
        if answer.headers().get(SEC_WEBSOCKET_ACCEPT) != expected.as_ref() {
            return Err(ConnectError::Handshake(
                "Sec-WebSocket-Accept is not the right one",
            ));
        }
        Self::after(stream, input, answer)
    }

    /// A client whose handshake was answered with `answer`. `input` was read after that.
    ///
    /// # Errors
    /// An answer that agrees to other extensions than there are.
    pub fn after(
        stream: impl Transport,
        input: BytesMut,
        answer: Response<()>,
    ) -> Result<Self, ConnectError> {
        let agreement = Agreement::of_answer(answer.headers()).map_err(ConnectError::Handshake)?;
        let (deflater, inflater) = agreement.map(Agreement::of_client).unzip();
        Ok(Self {
            transport: Box::new(stream),
            input,
            decoder: Decoder::new(Role::Server, LIMIT, LIMIT, inflater),
            deflater,
            answer,
            has_closed: false,
            has_ended: false,
            masks: (RandomState::new(), 0),
        })
    }

    /// The answer to the handshake.
    pub fn answer(&self) -> &Response<()> {
        &self.answer
    }

    /// The subprotocol that the server chose.
    pub fn subprotocol(&self) -> Option<&str> {
        self.answer.headers().get(SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()
    }

    /// Whether messages are compressed.
    pub fn is_compressed(&self) -> bool {
        self.deflater.is_some()
    }

    /// Sends a message.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn send(&mut self, message: impl Into<Message>) -> io::Result<()> {
        let message = message.into();
        let mut out = Vec::new();
        let is_compressed = self
            .deflater
            .as_mut()
            .is_some_and(|deflater| deflater.deflate(message.as_bytes(), &mut out));
        let content = if is_compressed { &out } else { message.as_bytes() };
        self.write_frame(opcode(&message), is_compressed, content).await
    }

    /// Sends a ping with at most 125 bytes.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn ping(&mut self, content: &[u8]) -> io::Result<()> {
        self.write_frame(Opcode::Ping, false, content).await
    }

    /// Sends a close; what the server still sends can be received.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn close(&mut self, close: impl Into<Close>) -> io::Result<()> {
        let close = close.into();
        let mut content = Vec::new();
        if close.code != CloseCode::NO_STATUS {
            content.extend_from_slice(&close.code.as_u16().to_be_bytes());
            content.extend_from_slice(close.reason.as_bytes());
        }
        self.has_closed = true;
        self.write_frame(Opcode::Close, false, &content).await
    }

    /// Sends bytes as they are, for what is not well formed.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.transport.write_all(bytes).await?;
        self.transport.flush().await
    }

    /// Sends a frame of `content` that begins with the byte `first`: its final bit, the reserved ones and the opcode.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn write_masked(&mut self, first: u8, content: &[u8]) -> io::Result<()> {
        let mut frame = self.framed(Opcode::Text, false, content);
        frame[0] = first;
        self.write(&frame).await
    }

    async fn write_frame(&mut self, opcode: Opcode, is_compressed: bool, content: &[u8]) -> io::Result<()> {
        let frame = self.framed(opcode, is_compressed, content);
        self.write(&frame).await
    }

    fn framed(&mut self, opcode: Opcode, is_compressed: bool, content: &[u8]) -> Vec<u8> {
        let (random, count) = &mut self.masks;
        *count += 1;
        let [a, b, c, d, ..] = random.hash_one(*count).to_ne_bytes();
        let key = [a, b, c, d];
        let head = Head {
            is_final: true,
            is_compressed,
            opcode,
            mask: Some(key),
            length: content.len() as u64,
        };
        let mut out = Vec::with_capacity(content.len() + 14);
        frame::write(&head, &mut out);
        let start = out.len();
        out.extend_from_slice(content);
        mask::apply(&mut out[start..], key, 0);
        out
    }

    /// Waits for what comes next. After [`Closed`](SocketEvent::Closed) and [`Gone`](SocketEvent::Gone) nothing does.
    ///
    /// # Errors
    /// When the server breaks the protocol.
    pub async fn receive(&mut self) -> io::Result<SocketEvent> {
        loop {
            if self.has_ended {
                return Ok(SocketEvent::Gone);
            }
            let incoming = self
                .decoder
                .next(&mut self.input)
                .map_err(|failure| io::Error::new(io::ErrorKind::InvalidData, failure.reason))?;
            match incoming {
                Some(Incoming::Message(message)) => return Ok(SocketEvent::Message(message)),
                Some(Incoming::Ping(content)) => {
                    // The server may have ended already.
                    let _ = self.write_frame(Opcode::Pong, false, &content).await;
                    return Ok(SocketEvent::Ping(content));
                }
                Some(Incoming::Pong(content)) => return Ok(SocketEvent::Pong(content)),
                Some(Incoming::Close(close)) => {
                    if !self.has_closed {
                        let _ = self.close(close.code).await;
                    }
                    self.has_ended = true;
                    return Ok(SocketEvent::Closed(close));
                }
                None => match self.transport.read_buf(&mut self.input).await {
                    Ok(0) | Err(_) => self.has_ended = true,
                    Ok(_) => {}
                },
            }
        }
    }

    /// Waits for the next message. `None` when there is none any more.
    ///
    /// # Errors
    /// When the server breaks the protocol.
    pub async fn message(&mut self) -> io::Result<Option<Message>> {
        loop {
            match self.receive().await? {
                SocketEvent::Message(message) => return Ok(Some(message)),
                SocketEvent::Closed(_) | SocketEvent::Gone => return Ok(None),
                _ => {}
            }
        }
    }

    /// Waits for the close, over the messages before it. `None` when the connection ends without one.
    ///
    /// # Errors
    /// When the server breaks the protocol.
    pub async fn closed(&mut self) -> io::Result<Option<Close>> {
        loop {
            match self.receive().await? {
                SocketEvent::Closed(close) => return Ok(Some(close)),
                SocketEvent::Gone => return Ok(None),
                _ => {}
            }
        }
    }
}

/// Adds what a handshake needs (RFC 6455 §4.1).
pub(crate) fn complete<B>(request: &mut Request<B>) {
    let key = RandomState::new().hash_one(0).to_ne_bytes().repeat(2);
    let key = HeaderValue::try_from(STANDARD.encode(key)).unwrap_or(HeaderValue::from_static(""));
    let fields = [
        (HOST, HeaderValue::from_static("localhost")),
        (UPGRADE, HeaderValue::from_static("websocket")),
        (CONNECTION, HeaderValue::from_static("Upgrade")),
        (SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")),
        (SEC_WEBSOCKET_KEY, key),
    ];
    for (name, value) in fields {
        request.headers_mut().entry(name).or_insert(value);
    }
}

fn head_of(text: &[u8]) -> Option<Response<()>> {
    let text = std::str::from_utf8(text).ok()?;
    let mut lines = text.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?;
    let mut answer = Response::new(());
    *answer.status_mut() = status.parse().ok()?;
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        let name = HeaderName::try_from(name).ok()?;
        answer
            .headers_mut()
            .append(name, HeaderValue::try_from(value.trim()).ok()?);
    }
    Some(answer)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}
