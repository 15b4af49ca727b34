//! A small HTTP/1.1 client that sends exactly the bytes of a fixture. Every wait is bounded.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

use sabir_codegen::fixture::Request;

use super::{
    has_content,
    opened::{self, OverConnection},
    response::{self, Reading},
};
use crate::client::{Answer, content};

/// How long to wait for bytes that must not come.
const SILENCE: Duration = Duration::from_millis(150);

/// The time between two segments or pieces, in which the first one arrives alone.
const PAUSE: Duration = Duration::from_millis(2);

/// A client that keeps its connection from one request to the next.
#[derive(Debug)]
pub(crate) struct Socket {
    address: String,
    /// How long to wait for more bytes where some are due.
    timeout: Duration,
    connection: Option<TcpStream>,
    is_cut: bool,
}

/// What came back on one connection.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) answers: Vec<Answer>,
    /// Whether the server closed the connection.
    pub(crate) is_closed: bool,
}

impl Socket {
    /// A client of the server at `address`; where `is_cut`, it sends each request in two segments and for another host.
    pub(crate) fn new(address: String, timeout: Duration, is_cut: bool) -> Self {
        Self {
            address,
            timeout,
            connection: None,
            is_cut,
        }
    }

    fn connect(&self) -> Result<TcpStream, String> {
        let stream = TcpStream::connect(&self.address).map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        Ok(stream)
    }

    /// Sends a request; `expects_end` waits for the server to close the connection after the answer.
    pub(crate) fn send(&mut self, request: &Request, expects_end: bool) -> Result<Received, String> {
        let bytes = written(request, self.host())?;
        let mut stream = match self.connection.take() {
            Some(stream) => stream,
            None => self.connect()?,
        };
        write(&mut stream, &bytes, self.is_cut);
        let received = receive(
            &mut stream,
            &[request.method == "HEAD"],
            expects_end,
            self.timeout,
        )?;
        if !received.is_closed && !expects_end && !asks_to_close(&received) {
            self.connection = Some(stream);
        }
        Ok(received)
    }

    /// Asks for a WebSocket on a connection of its own; gives the answer, and the socket where it was opened.
    pub(crate) fn open(&self, request: &Request) -> Result<(Answer, Option<OverConnection>), String> {
        let (request, has_usual_key) = opened::completed(request);
        let mut stream = self.connect()?;
        write(&mut stream, &written(&request, self.host())?, self.is_cut);
        stream
            .set_read_timeout(Some(self.timeout))
            .map_err(|error| error.to_string())?;
        let mut rest = Vec::new();
        let (answer, length) = loop {
            match response::read(&rest, false, false)? {
                Reading::Whole(answer, length) => break (answer, length),
                Reading::Partial => {}
            }
            let mut chunk = [0; 16 * 1024];
            match stream.read(&mut chunk) {
                Ok(0) => return Err("the connection ended within the answer".into()),
                Ok(count) => rest.extend_from_slice(&chunk[..count]),
                Err(error) => return Err(format!("no answer came in time: {error}")),
            }
        };
        if answer.status != 101 {
            return Ok((answer, None));
        }
        if has_usual_key {
            opened::check_accept(&answer)?;
        }
        rest.drain(..length);
        let peer = OverConnection {
            stream,
            rest,
            is_cut: self.is_cut,
        };
        Ok((answer, Some(peer)))
    }

    fn host(&self) -> &'static str {
        if self.is_cut {
            "shop.example:8080"
        } else {
            "localhost"
        }
    }

    /// Writes `pieces` to a connection of their own; `count` answers are due.
    pub(crate) fn send_raw(
        &self,
        pieces: &[Vec<u8>],
        count: usize,
        expects_end: bool,
    ) -> Result<Received, String> {
        let mut stream = self.connect()?;
        for (index, piece) in pieces.iter().enumerate() {
            if index > 0 {
                std::thread::sleep(PAUSE);
            }
            let _ = stream.write_all(piece);
        }
        let mut is_head = heads(&pieces.concat());
        is_head.resize(count, false);
        let mut received = receive(&mut stream, &is_head, expects_end, self.timeout)?;
        if !received.is_closed && !expects_end {
            // An answer too many would show that the server saw a request that was none.
            stream
                .set_read_timeout(Some(SILENCE))
                .map_err(|error| error.to_string())?;
            let mut rest = Vec::new();
            received.is_closed = read_to_end(&mut stream, &mut rest);
            if !rest.is_empty() {
                return Err(format!(
                    "more came than {count} answers: {}",
                    String::from_utf8_lossy(&rest)
                ));
            }
        }
        Ok(received)
    }
}

/// Writes `bytes`, in two segments where `is_cut`. What is refused may be answered, and the connection closed, before all of them
/// are written.
pub(super) fn write(stream: &mut TcpStream, bytes: &[u8], is_cut: bool) {
    let (first, second) = bytes.split_at(if is_cut { bytes.len() / 2 } else { 0 });
    if stream.write_all(first).is_ok() {
        if is_cut {
            std::thread::sleep(PAUSE);
        }
        let _ = stream.write_all(second);
    }
}

fn asks_to_close(received: &Received) -> bool {
    let values = received.answers.last().map(|answer| answer.values("connection"));
    values.is_some_and(|values| values.iter().any(|value| value.eq_ignore_ascii_case("close")))
}

/// For each request in `bytes`, whether its method is HEAD.
fn heads(bytes: &[u8]) -> Vec<bool> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.split("\r\n").filter(|line| line.contains(" HTTP/"));
    lines.map(|line| line.starts_with("HEAD ")).collect()
}

fn read_to_end(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> bool {
    let mut chunk = [0; 16 * 1024];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => return true,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
            Err(error) => return error.kind() == ErrorKind::ConnectionReset,
        }
    }
}

/// Reads an answer for each of `is_head`.
fn receive(
    stream: &mut TcpStream,
    is_head: &[bool],
    expects_end: bool,
    timeout: Duration,
) -> Result<Received, String> {
    stream
        .set_read_timeout(Some(timeout))
        .map_err(|error| error.to_string())?;
    let (mut bytes, mut at, mut is_closed) = (Vec::new(), 0, false);
    let mut answers = Vec::new();
    while answers.len() < is_head.len() {
        match response::read(&bytes[at..], is_head[answers.len()], is_closed)? {
            Reading::Whole(answer, length) => {
                answers.push(answer);
                at += length;
                continue;
            }
            Reading::Partial if is_closed => break,
            Reading::Partial => {}
        }
        let mut chunk = [0; 16 * 1024];
        match stream.read(&mut chunk) {
            Ok(0) => is_closed = true,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => is_closed = true,
            Err(error) => {
                return Err(format!(
                    "no answer came: {error}; so far {:?}",
                    String::from_utf8_lossy(&bytes)
                ));
            }
        }
    }
    if expects_end && !is_closed {
        is_closed = read_to_end(stream, &mut bytes);
    }
    if at < bytes.len() {
        return Err(format!(
            "more came than was due: {}",
            String::from_utf8_lossy(&bytes[at..])
        ));
    }
    Ok(Received { answers, is_closed })
}

/// The bytes of `request`, which is for `host` unless it says another one.
fn written(request: &Request, host: &str) -> Result<Vec<u8>, String> {
    let (body, content_type) = content::content(request)?;
    let has = |wanted: &str| {
        request
            .headers
            .keys()
            .any(|name| name.eq_ignore_ascii_case(wanted))
    };
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.path.expand());
    if !has("host") {
        head += &format!("host: {host}\r\n");
    }
    for (name, values) in &request.headers {
        for value in values.values() {
            head += &format!("{name}: {}\r\n", value.expand());
        }
    }
    if let Some(content_type) = content_type.filter(|_| !has("content-type")) {
        head += &format!("content-type: {content_type}\r\n");
    }
    let mut bytes;
    if request.chunked {
        head += "transfer-encoding: chunked\r\n\r\n";
        bytes = head.into_bytes();
        // Two chunks where that is possible, so that a reader has to put them together.
        for chunk in body.chunks(body.len().div_ceil(2).max(1)) {
            bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
    } else {
        if has_content(request) && !has("content-length") {
            head += &format!("content-length: {}\r\n", body.len());
        }
        head += "\r\n";
        bytes = head.into_bytes();
        bytes.extend_from_slice(&body);
    }
    Ok(bytes)
}
