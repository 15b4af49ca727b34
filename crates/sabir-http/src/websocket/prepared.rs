//! Messages that are framed once for many sockets.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use sabir_core::websocket::Message;

use super::{
    deflate::{Deflater, LARGEST_WINDOW},
    frame::{self, Head, Opcode},
};

/// A message for many sockets: framed once, and compressed once for those that take it so (which are those without context
/// takeover, with a window of the usual size). Clones are the same message; queued, it is not copied.
///
/// ```
/// use sabir_http::websocket::PreparedMessage;
///
/// let message = PreparedMessage::new("hello");
/// assert_eq!(message.len(), 5);
/// ```
#[derive(Debug, Clone)]
pub struct PreparedMessage(Arc<Prepared>);

#[derive(Debug)]
struct Prepared {
    length: usize,
    opcode: Opcode,
    /// The whole frame.
    plain: Bytes,
    /// The same, compressed; absent where that would not make it smaller.
    compressed: OnceLock<Option<Bytes>>,
}

impl PreparedMessage {
    /// Frames `message`.
    pub fn new(message: impl Into<Message>) -> Self {
        let message = message.into();
        let opcode = opcode(&message);
        let content = message.as_bytes();
        Self(Arc::new(Prepared {
            length: content.len(),
            opcode,
            plain: framed(opcode, false, content),
            compressed: OnceLock::new(),
        }))
    }

    /// How many bytes the message has.
    pub fn len(&self) -> usize {
        self.0.length
    }

    /// Whether it has no content.
    pub fn is_empty(&self) -> bool {
        self.0.length == 0
    }

    /// The frame for a socket.
    pub(super) fn frame(&self, takes_compressed: bool) -> Bytes {
        let prepared = &*self.0;
        let compressed = takes_compressed.then(|| {
            prepared.compressed.get_or_init(|| {
                let content = &prepared.plain[prepared.plain.len() - prepared.length..];
                let mut out = Vec::new();
                Deflater::new(LARGEST_WINDOW, false)
                    .deflate(content, &mut out)
                    .then(|| framed(prepared.opcode, true, &out))
            })
        });
        compressed
            .and_then(Option::as_ref)
            .unwrap_or(&prepared.plain)
            .clone()
    }
}

impl<T: Into<Message>> From<T> for PreparedMessage {
    fn from(message: T) -> Self {
        Self::new(message)
    }
}

pub(super) fn opcode(message: &Message) -> Opcode {
    match message {
        Message::Text(_) => Opcode::Text,
        Message::Binary(_) => Opcode::Binary,
    }
}

fn framed(opcode: Opcode, is_compressed: bool, content: &[u8]) -> Bytes {
    let head = Head {
        is_final: true,
        is_compressed,
        opcode,
        mask: None,
        length: content.len() as u64,
    };
    let mut out = Vec::with_capacity(content.len() + 10);
    frame::write(&head, &mut out);
    out.extend_from_slice(content);
    out.into()
}
