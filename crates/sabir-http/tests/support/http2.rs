//! A client that writes frames of HTTP/2 itself, so that they may be wrong (RFC 9113 §4, RFC 7541 §6.2.2).

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
pub const WINDOW_UPDATE: u8 = 8;
pub const CONTINUATION: u8 = 9;

pub const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

/// A connection and the next stream's number.
pub struct Http2 {
    stream: TcpStream,
    next: u32,
    last_stream: Option<u32>,
    /// The streams of the header sections that came, as far as outcomes were read.
    sections: Vec<u32>,
    /// Whether the client is in the middle of a header section, where it may send nothing else.
    is_mute: bool,
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
        Self::with_settings(stream, &[])
    }

    /// A client whose streams may be sent `window` bytes until it opens them further.
    pub fn with_window(stream: TcpStream, window: u32) -> Self {
        const INITIAL_WINDOW_SIZE: [u8; 2] = [0, 4];
        Self::with_settings(
            stream,
            &[&INITIAL_WINDOW_SIZE[..], &window.to_be_bytes()].concat(),
        )
    }

    fn with_settings(stream: TcpStream, settings: &[u8]) -> Self {
        let mut client = Self {
            stream,
            next: 1,
            last_stream: None,
            sections: Vec::new(),
            is_mute: false,
        };
        client
            .stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        client
            .stream
            .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            .unwrap();
        client.frame(SETTINGS, 0, 0, settings);
        client
    }

    /// Sends a head, with content to follow unless `flags` say that there is none. Gives the stream.
    pub fn begin(&mut self, fields: &[(&str, &str)], flags: u8) -> u32 {
        let stream = self.next;
        self.next += 2;
        self.headers(flags, stream, &block(fields));
        stream
    }

    /// Sends a head without content in two frames, with `pause` between them. Gives the stream.
    pub fn begin_with_pause(&mut self, fields: &[(&str, &str)], pause: Duration) -> u32 {
        let stream = self.next;
        self.next += 2;
        let block = block(fields);
        let (first, rest) = block.split_at(block.len() / 2);
        self.frame(HEADERS, END_STREAM, stream, first);
        std::thread::sleep(pause);
        self.frame(CONTINUATION, END_HEADERS, stream, rest);
        stream
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
        let stream = self.begin(fields, END_STREAM);
        self.outcome(stream)
    }

    /// Sends a request with content and trailers.
    pub fn request_with_trailers(
        &mut self,
        fields: &[(&str, &str)],
        content: &[u8],
        trailers: &[(&str, &str)],
    ) -> Outcome {
        let stream = self.begin(fields, 0);
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

    /// Reads what a request leads to.
    pub fn outcome(&mut self, wanted: u32) -> Outcome {
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
                    } else {
                        self.sections.push(stream);
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

    /// How many header sections the answer had: one before its content, and maybe one behind it.
    pub fn header_sections(&self, stream: u32) -> usize {
        self.sections.iter().filter(|known| **known == stream).count()
    }

    /// What several requests lead to, in whatever order.
    pub fn outcomes(&mut self, wanted: &[u32]) -> Vec<Outcome> {
        let mut contents = vec![Vec::new(); wanted.len()];
        let mut missing = wanted.len();
        while missing > 0 {
            let (kind, flags, stream, payload) = self.read_frame().unwrap();
            match kind {
                SETTINGS if flags & ACK == 0 => self.frame(SETTINGS, ACK, 0, &[]),
                PING if flags & ACK == 0 => self.frame(PING, ACK, 0, &payload),
                GOAWAY => self.last_stream = Some(number(&payload[..4])),
                DATA | HEADERS => {
                    let index = wanted.iter().position(|known| *known == stream).unwrap();
                    if kind == DATA {
                        contents[index].extend_from_slice(&payload);
                    }
                    missing -= usize::from(flags & END_STREAM != 0);
                }
                _ => {}
            }
        }
        let text = |bytes: Vec<u8>| Outcome::Answer(String::from_utf8(bytes).unwrap());
        contents.into_iter().map(text).collect()
    }

    /// The last stream that the server says it has begun.
    pub fn last_stream(&mut self) -> Option<u32> {
        while let Ok((kind, _, _, payload)) = self.read_frame() {
            if kind == GOAWAY {
                self.last_stream = Some(number(&payload[..4]));
            }
        }
        self.last_stream
    }

    /// Begins a header section that never ends.
    pub fn begin_without_end(&mut self) {
        self.frame(HEADERS, END_STREAM, self.next, &[0x82]);
        self.is_mute = true;
    }

    /// Reads until `wanted` bytes of content have come, and gives how many did.
    pub fn data(&mut self, wanted_stream: u32, wanted: usize) -> usize {
        let mut count = 0;
        while count < wanted {
            match self.read_frame() {
                Ok((DATA, _, stream, payload)) if stream == wanted_stream => count += payload.len(),
                Ok((PING, 0, _, payload)) if !self.is_mute => self.frame(PING, ACK, 0, &payload),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        count
    }

    /// Whether the server has cut the connection, without reading from it.
    pub fn is_reset(&self) -> bool {
        self.stream.take_error().unwrap().is_some()
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
