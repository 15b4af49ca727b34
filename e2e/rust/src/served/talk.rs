//! What a client says and hears on a WebSocket.

use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use sabir_codegen::fixture::{Closing, Turn, bytes_of_hex, expand};

use super::frames::{BINARY, CLOSE, PING, PONG, TEXT};
use crate::expect::json_differences;

/// What comes next.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A frame with this opcode.
    Frame(u8, Vec<u8>),
    /// Nothing: the connection has ended.
    End,
}

/// A client of a socket.
pub(super) trait Peer {
    /// Sends a frame.
    fn send(&mut self, opcode: u8, content: &[u8]) -> Result<(), String>;

    /// Writes bytes as they are.
    fn write(&mut self, bytes: &[u8]) -> Result<(), String>;

    /// Waits for what comes next.
    fn next(&mut self) -> Result<Incoming, String>;

    /// The next bytes.
    fn read(&mut self, length: usize) -> Result<Vec<u8>, String>;
}

/// Takes every turn of a fixture.
///
/// # Errors
/// The first turn after which something else comes than what is expected.
pub(super) fn talk(turns: &[Turn], peer: &mut dyn Peer) -> Result<(), String> {
    let mut client = Client {
        peer,
        has_closed: false,
    };
    for (index, turn) in turns.iter().enumerate() {
        client
            .take(turn)
            .map_err(|error| format!("talk[{index}]: {error}"))?;
    }
    Ok(())
}

struct Client<'p> {
    peer: &'p mut dyn Peer,
    has_closed: bool,
}

impl Client<'_> {
    fn take(&mut self, turn: &Turn) -> Result<(), String> {
        match turn {
            Turn::Send(text) => self.peer.send(TEXT, text.expand().as_bytes()),
            Turn::SendBase64(text) => self.peer.send(BINARY, &bytes_of_base64(text)?),
            Turn::SendJson(value) => self.peer.send(TEXT, expand(value).to_string().as_bytes()),
            Turn::SendPing(text) => self.peer.send(PING, text.as_bytes()),
            Turn::SendClose(closing) => self.close(&content_of(closing)),
            Turn::Write(text) => self.peer.write(&bytes_of_hex(&text.expand()).unwrap_or_default()),
            Turn::Receive(text) => self.expect(TEXT, text.expand().as_bytes()),
            Turn::ReceiveBase64(text) => self.expect(BINARY, &bytes_of_base64(text)?),
            Turn::ReceiveJson(pattern) => {
                let message = self.content(TEXT)?;
                let found = json_differences(&expand(pattern), &message, "the message");
                if found.is_empty() {
                    return Ok(());
                }
                let message = String::from_utf8_lossy(&message).into_owned();
                Err(format!("{}; it was {message}", found.join("; ")))
            }
            Turn::ReceivePing(text) => {
                self.expect(PING, text.as_bytes())?;
                self.peer.send(PONG, text.as_bytes())
            }
            Turn::ReceivePong(text) => self.expect(PONG, text.as_bytes()),
            Turn::ReceiveClose(closing) => self.closed(closing),
            Turn::Read(text) => {
                let expected = bytes_of_hex(&text.expand()).unwrap_or_default();
                same(&self.peer.read(expected.len())?, &expected)
            }
        }
    }

    fn close(&mut self, content: &[u8]) -> Result<(), String> {
        self.has_closed = true;
        self.peer.send(CLOSE, content)
    }

    fn content(&mut self, opcode: u8) -> Result<Vec<u8>, String> {
        match self.peer.next()? {
            Incoming::Frame(came, content) if came == opcode => Ok(content),
            other => Err(format!("{other:?} came, not a frame with the opcode {opcode}")),
        }
    }

    fn expect(&mut self, opcode: u8, content: &[u8]) -> Result<(), String> {
        same(&self.content(opcode)?, content)
    }

    fn closed(&mut self, expected: &Closing) -> Result<(), String> {
        let content = self.content(CLOSE)?;
        if !self.has_closed {
            // The server may have ended already.
            let _ = self.close(&content);
        }
        let (code, reason) = content.split_at(content.len().min(2));
        let code = <[u8; 2]>::try_from(code).ok().map(u16::from_be_bytes);
        let reason = String::from_utf8_lossy(reason);
        if code != expected.code || expected.reason.as_ref().is_some_and(|due| *due != reason) {
            return Err(format!(
                "it is closed with {code:?} {reason:?}, not as {expected:?}"
            ));
        }
        match self.peer.next()? {
            Incoming::End => Ok(()),
            Incoming::Frame(..) => Err("the connection goes on after its close".into()),
        }
    }
}

fn same(came: &[u8], expected: &[u8]) -> Result<(), String> {
    if came == expected {
        return Ok(());
    }
    let shown = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(100)]).into_owned();
    Err(format!("{:?} came, not {:?}", shown(came), shown(expected)))
}

fn content_of(closing: &Closing) -> Vec<u8> {
    let Some(code) = closing.code else {
        return Vec::new();
    };
    let mut content = code.to_be_bytes().to_vec();
    content.extend_from_slice(closing.reason.as_deref().unwrap_or_default().as_bytes());
    content
}

fn bytes_of_base64(text: &str) -> Result<Vec<u8>, String> {
    BASE64.decode(text).map_err(|error| error.to_string())
}
