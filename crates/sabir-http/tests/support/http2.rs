//! A client that writes frames of HTTP/2 itself, so that they may be wrong (RFC 9113 §4, RFC 7541 §6.2.2).

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

/// A connection and the next stream's number.
pub struct Http2 {
    stream: TcpStream,
    next: u32,
}

/// What a request led to.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The content of the answer, empty when there is none.
    Answer(String),
    /// The stream was reset with an error code (RFC 9113 §7).
    Reset(u32),
    /// The connection ended with an error code.
    GoAway(u32),
    /// The connection was closed, or nothing came.
    Closed,
    Silence,
}

impl Outcome {
    /// Whether the request was treated as malformed: answered 400, or an error of the stream or the connection.
    pub fn is_malformed(&self) -> bool {
        match self {
            Self::Answer(text) => text.contains("\"status\":400"),
            Self::Reset(code) | Self::GoAway(code) => *code == 1,
            Self::Closed | Self::Silence => false,
        }
    }

    /// Asserts that the answer is a problem with `status`.
    #[track_caller]
    pub fn refuses(&self, status: u16) {
        match self {
            Self::Answer(text) => assert!(text.contains(&format!("\"status\":{status}")), "{text}"),
            other => panic!("{other:?} is no answer"),
        }
    }

    #[track_caller]
    pub fn text(self) -> String {
        match self {
            Self::Answer(text) => text,
            other => panic!("{other:?} is no answer"),
        }
    }
}

/// A header block of literal fields that are not indexed.
pub fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            length(&mut block, text.len());
            block.extend_from_slice(text.as_bytes());
        }
    }
    block
}

/// An integer with a prefix of seven bits (RFC 7541 §5.1).
fn length(block: &mut Vec<u8>, mut value: usize) {
    if value < 127 {
        block.push(value as u8);
        return;
    }
    block.push(127);
    value -= 127;
    while value >= 128 {
        block.push((value % 128) as u8 | 128);
        value /= 128;
    }
    block.push(value as u8);
}

impl Http2 {
    pub fn new(stream: TcpStream) -> Self {
        let mut client = Self { stream, next: 1 };
        client
            .stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        client
            .stream
            .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            .unwrap();
        client.frame(SETTINGS, 0, 0, &[]);
        client
    }

    pub fn frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        let mut frame = (payload.len() as u32).to_be_bytes()[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend_from_slice(payload);
        // The server may have ended the connection over an earlier frame.
        let _ = self.stream.write_all(&frame);
    }

    fn headers(&mut self, flags: u8, stream: u32, block: &[u8]) {
        const CONTINUATION: u8 = 9;
        let mut frames = block.chunks(16_384).peekable();
        let mut kind = HEADERS;
        let mut flags = flags;
        while let Some(payload) = frames.next() {
            let end = if frames.peek().is_none() { END_HEADERS } else { 0 };
            self.frame(kind, flags | end, stream, payload);
            (kind, flags) = (CONTINUATION, 0);
        }
    }

    /// Sends a request without content.
    pub fn request(&mut self, fields: &[(&str, &str)]) -> Outcome {
        let stream = self.next;
        self.next += 2;
        self.headers(END_STREAM, stream, &block(fields));
        self.outcome(stream)
    }

    /// Sends a request with content and trailers.
    pub fn request_with_trailers(
        &mut self,
        fields: &[(&str, &str)],
        content: &[u8],
        trailers: &[(&str, &str)],
    ) -> Outcome {
        let stream = self.next;
        self.next += 2;
        self.headers(0, stream, &block(fields));
        self.frame(DATA, 0, stream, content);
        self.headers(END_STREAM, stream, &block(trailers));
        self.outcome(stream)
    }

    /// Reads until the server closes the connection, and answers its pings or not.
    pub fn until_closed(&mut self, is_alive: bool) -> Outcome {
        let mut outcome = Outcome::Closed;
        loop {
            match self.read_frame() {
                Ok((GOAWAY, _, _, payload)) => outcome = Outcome::GoAway(number(&payload[4..8])),
                Ok((PING, 0, _, payload)) if is_alive => self.frame(PING, ACK, 0, &payload),
                Ok(_) => {}
                Err(ErrorKind::WouldBlock | ErrorKind::TimedOut) => return Outcome::Silence,
                Err(_) => return outcome,
            }
        }
    }

    fn outcome(&mut self, wanted: u32) -> Outcome {
        let mut content = Vec::new();
        loop {
            match self.read_frame() {
                Ok((SETTINGS, flags, ..)) if flags & ACK == 0 => self.frame(SETTINGS, ACK, 0, &[]),
                Ok((PING, 0, _, payload)) => self.frame(PING, ACK, 0, &payload),
                Ok((GOAWAY, _, _, payload)) => return Outcome::GoAway(number(&payload[4..8])),
                Ok((RST_STREAM, _, stream, payload)) if stream == wanted => {
                    return Outcome::Reset(number(&payload));
                }
                Ok((kind @ (DATA | HEADERS), flags, stream, payload)) if stream == wanted => {
                    if kind == DATA {
                        content.extend_from_slice(&payload);
                    }
                    if flags & END_STREAM != 0 {
                        return Outcome::Answer(String::from_utf8_lossy(&content).into_owned());
                    }
                }
                Ok(_) => {}
                Err(ErrorKind::WouldBlock | ErrorKind::TimedOut) => return Outcome::Silence,
                Err(_) => return Outcome::Closed,
            }
        }
    }

    fn read_frame(&mut self) -> Result<(u8, u8, u32, Vec<u8>), ErrorKind> {
        let mut head = [0; 9];
        self.stream.read_exact(&mut head).map_err(|error| error.kind())?;
        let mut payload = vec![0; number(&head[..3]) as usize];
        self.stream
            .read_exact(&mut payload)
            .map_err(|error| error.kind())?;
        Ok((head[3], head[4], number(&head[5..9]), payload))
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .take(4)
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}
