//! From bytes of the other side to messages, without I/O.

use bytes::{Buf, Bytes, BytesMut};
use sabir_core::{
    Switch,
    websocket::{Close, CloseCode, Message},
};

use super::{
    frame::{self, Failure, Head, Opcode, Role},
    inflate::Inflater,
    mask,
    utf8::Utf8Checker,
};

/// Room that a message gets at first; it grows with what has arrived, never by what a head says.
const FIRST_ROOM: usize = 4 * 1024;

/// Contents up to this size are copied out of the buffer, so that a few small messages do not keep it alive.
const COPIED: usize = 4 * 1024;

/// Reads frames and puts messages together.
#[derive(Debug)]
pub(super) struct Decoder {
    sender: Role,
    frame_limit: u64,
    message_limit: u64,
    /// Present where compression was agreed on.
    inflater: Option<Inflater>,
    frame: Option<Frame>,
    message: Option<Assembly>,
}

/// A frame whose content has not all arrived.
#[derive(Debug)]
struct Frame {
    head: Head,
    /// How much of the content has been read.
    read: u64,
}

/// A message whose content has not all arrived.
#[derive(Debug)]
struct Assembly {
    is_text: bool,
    is_compressed: bool,
    content: Vec<u8>,
    text: Utf8Checker,
}

/// What the other side has sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    Message(Message),
    Ping(Bytes),
    Pong(Bytes),
    Close(Close),
}

impl Decoder {
    /// A decoder of what `sender` sends. Messages may have `message_limit` bytes once they are decompressed.
    pub(super) fn new(
        sender: Role,
        frame_limit: u64,
        message_limit: u64,
        inflater: Option<Inflater>,
    ) -> Self {
        Self {
            sender,
            frame_limit,
            message_limit,
            inflater,
            frame: None,
            message: None,
        }
    }

    /// Takes the next thing out of `buffer`, if it has all of one. What is not needed again is taken out in any case.
    ///
    /// # Errors
    /// What breaks the protocol or a limit; nothing more can be read then.
    pub(super) fn next(&mut self, buffer: &mut BytesMut) -> Result<Option<Incoming>, Failure> {
        loop {
            if self.frame.is_none() {
                let Some((head, size)) = frame::read(buffer, self.sender)? else {
                    return Ok(None);
                };
                self.check(&head)?;
                buffer.advance(size);
                self.frame = Some(Frame { head, read: 0 });
            }
            let Some(frame) = &mut self.frame else {
                return Ok(None);
            };
            let left = frame.head.length - frame.read;
            let available = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            let is_whole = available as u64 == left;
            if frame.head.opcode.is_control() {
                if !is_whole {
                    return Ok(None);
                }
                let head = frame.head;
                self.frame = None;
                let mut content = buffer.split_to(available);
                unmask(&mut content, &head, 0);
                return control(head.opcode, &content).map(Some);
            }
            if is_whole && frame.read == 0 && frame.head.is_final && !frame.head.is_compressed {
                if self.message.is_none() {
                    let head = frame.head;
                    self.frame = None;
                    return whole_message(&head, available, buffer).map(Some);
                }
            } else if available == 0 && !is_whole {
                return Ok(None);
            }
            if let Some(message) = self.read_content(available, buffer)? {
                return Ok(Some(Incoming::Message(message)));
            }
        }
    }

    /// Holds a head against what came before it, and against the limits.
    fn check(&mut self, head: &Head) -> Result<(), Failure> {
        if head.opcode.is_control() {
            return Ok(());
        }
        let is_first = head.opcode != Opcode::Continuation;
        frame::refuse(
            self.message.is_some() && is_first,
            "a message begins within another one",
        )?;
        frame::refuse(
            self.message.is_none() && !is_first,
            "a continuation continues nothing",
        )?;
        frame::refuse(
            head.is_compressed && (!is_first || self.inflater.is_none()),
            "a reserved bit is set",
        )?;
        if head.length > self.frame_limit {
            return Err(Failure::too_big("a frame is larger than the limit"));
        }
        let (before, is_compressed) = match &self.message {
            Some(message) => (message.content.len() as u64, message.is_compressed),
            None => (0, head.is_compressed),
        };
        if !is_compressed && before.saturating_add(head.length) > self.message_limit {
            return Err(Failure::MESSAGE_TOO_BIG);
        }
        Ok(())
    }

    /// Reads the next `available` bytes of a frame's content. Gives the message when they are its last.
    fn read_content(&mut self, available: usize, buffer: &mut BytesMut) -> Result<Option<Message>, Failure> {
        let Some(frame) = &mut self.frame else {
            return Ok(None);
        };
        let head = frame.head;
        let message = self.message.get_or_insert_with(|| Assembly {
            is_text: head.opcode == Opcode::Text,
            is_compressed: head.is_compressed,
            content: Vec::with_capacity(available.min(FIRST_ROOM)),
            text: Utf8Checker::default(),
        });
        let piece = &mut buffer[..available];
        unmask(piece, &head, frame.read);
        frame.read += available as u64;
        let before = message.content.len();
        match &mut self.inflater {
            Some(inflater) if message.is_compressed => {
                inflater.inflate(piece, &mut message.content, self.message_limit)?;
            }
            _ => message.content.extend_from_slice(piece),
        }
        buffer.advance(available);
        let is_complete = frame.read == head.length && head.is_final;
        if frame.read == head.length {
            self.frame = None;
        }
        if is_complete
            && message.is_compressed
            && let Some(inflater) = &mut self.inflater
        {
            inflater.finish(&mut message.content, self.message_limit)?;
        }
        if message.is_text && Switch::Utf8.is_on() {
            message.text.check(&message.content[before..])?;
        }
        if !is_complete {
            return Ok(None);
        }
        self.message.take().map(Assembly::into_message).transpose()
    }
}

impl Assembly {
    fn into_message(self) -> Result<Message, Failure> {
        if !self.is_text {
            return Ok(Message::Binary(self.content.into()));
        }
        self.text.finish()?;
        match String::from_utf8(self.content) {
            Ok(text) => Ok(Message::Text(text)),
            Err(error) => replaced(error.as_bytes(), "the text is not UTF-8").map(Message::Text),
        }
    }
}

fn unmask(bytes: &mut [u8], head: &Head, offset: u64) {
    if let Some(key) = head.mask {
        mask::apply(bytes, key, offset);
    }
}

/// The message of a frame that is all there: the usual case.
fn whole_message(head: &Head, length: usize, buffer: &mut BytesMut) -> Result<Incoming, Failure> {
    let content = &mut buffer[..length];
    unmask(content, head, 0);
    let message = if head.opcode == Opcode::Text {
        let text = match std::str::from_utf8(content) {
            Ok(text) => text.to_owned(),
            Err(_) => replaced(content, "the text is not UTF-8")?,
        };
        buffer.advance(length);
        Message::Text(text)
    } else if length <= COPIED {
        let bytes = Bytes::copy_from_slice(content);
        buffer.advance(length);
        Message::Binary(bytes)
    } else {
        Message::Binary(buffer.split_to(length).freeze())
    };
    Ok(Incoming::Message(message))
}

fn control(opcode: Opcode, content: &[u8]) -> Result<Incoming, Failure> {
    Ok(match opcode {
        Opcode::Ping => Incoming::Ping(Bytes::copy_from_slice(content)),
        Opcode::Pong => Incoming::Pong(Bytes::copy_from_slice(content)),
        _ => Incoming::Close(close(content)?),
    })
}

/// Reads the content of a close frame (RFC 6455 §5.5.1).
fn close(content: &[u8]) -> Result<Close, Failure> {
    let Some((code, reason)) = content.split_first_chunk::<2>() else {
        return if content.is_empty() || !Switch::CloseCodes.is_on() {
            Ok(Close::from(CloseCode::NO_STATUS))
        } else {
            Err(Failure::protocol("a close frame has half a code"))
        };
    };
    let code = CloseCode::new(u16::from_be_bytes(*code));
    if !code.is_sendable() && Switch::CloseCodes.is_on() {
        return Err(Failure::protocol(
            "the code of a close frame is not one that may be sent",
        ));
    }
    match std::str::from_utf8(reason) {
        Ok(reason) => Ok(Close::new(code, reason)),
        Err(_) => {
            replaced(reason, "the reason of a close frame is not UTF-8").map(|text| Close::new(code, text))
        }
    }
}

/// Refuses what is not UTF-8.
fn replaced(text: &[u8], reason: &'static str) -> Result<String, Failure> {
    if Switch::Utf8.is_on() {
        return Err(Failure::payload(reason));
    }
    Ok(String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

    fn decoder() -> Decoder {
        Decoder::new(Role::Client, 1000, 2000, None)
    }

    /// A frame of a client.
    fn frame(first: u8, content: &[u8]) -> Vec<u8> {
        let opcode = match first & 15 {
            0 => Opcode::Continuation,
            1 => Opcode::Text,
            2 => Opcode::Binary,
            8 => Opcode::Close,
            9 => Opcode::Ping,
            _ => Opcode::Pong,
        };
        let head = Head {
            is_final: first & 0x80 != 0,
            is_compressed: first & 0x40 != 0,
            opcode,
            mask: Some(KEY),
            length: content.len() as u64,
        };
        let mut bytes = Vec::new();
        frame::write(&head, &mut bytes);
        let start = bytes.len();
        bytes.extend_from_slice(content);
        mask::apply(&mut bytes[start..], KEY, 0);
        bytes
    }

    fn all(decoder: &mut Decoder, bytes: &[u8]) -> Result<Vec<Incoming>, Failure> {
        let mut buffer = BytesMut::from(bytes);
        let mut all = Vec::new();
        while let Some(incoming) = decoder.next(&mut buffer)? {
            all.push(incoming);
        }
        Ok(all)
    }

    fn text(text: &str) -> Incoming {
        Incoming::Message(Message::from(text))
    }

    #[track_caller]
    fn refused(bytes: &[u8], code: u16) {
        assert_eq!(all(&mut decoder(), bytes).unwrap_err().code.as_u16(), code);
        // Byte by byte as well.
        let (mut decoder, mut buffer) = (decoder(), BytesMut::new());
        let failed = bytes.iter().find_map(|byte| {
            buffer.extend_from_slice(&[*byte]);
            loop {
                match decoder.next(&mut buffer) {
                    Ok(Some(_)) => {}
                    Ok(None) => return None,
                    Err(failure) => return Some(failure),
                }
            }
        });
        assert_eq!(failed.unwrap().code.as_u16(), code);
    }

    #[test]
    fn reads_messages_at_every_split() {
        let bytes = [
            frame(0x81, "héllo".as_bytes()),
            frame(0x02, &[0, 1]),
            frame(0x89, b"ping"),
            frame(0x00, &[]),
            frame(0x80, &[2, 0]),
            frame(0x01, b"h\xc3"),
            frame(0x8a, b""),
            frame(0x80, b"\xa9"),
            frame(0x88, b"\x03\xe8bye"),
        ]
        .concat();
        let expected = [
            text("héllo"),
            Incoming::Ping(Bytes::from_static(b"ping")),
            Incoming::Message(Message::from(vec![0, 1, 2, 0])),
            Incoming::Pong(Bytes::new()),
            text("hé"),
            Incoming::Close(Close::new(CloseCode::NORMAL, "bye")),
        ];
        for split in 0..bytes.len() {
            let (mut decoder, mut buffer, mut found) = (decoder(), BytesMut::new(), Vec::new());
            for piece in [&bytes[..split], &bytes[split..]] {
                buffer.extend_from_slice(piece);
                while let Some(incoming) = decoder.next(&mut buffer).unwrap() {
                    found.push(incoming);
                }
            }
            assert_eq!(found, expected, "{split}");
        }
    }

    #[test]
    fn reads_empty_messages() {
        assert_eq!(all(&mut decoder(), &frame(0x81, b"")).unwrap(), [text("")]);
        let empty = [frame(0x01, b""), frame(0x00, b""), frame(0x80, b"")].concat();
        assert_eq!(all(&mut decoder(), &empty).unwrap(), [text("")]);
    }

    #[test]
    fn refuses_messages_out_of_order() {
        refused(&frame(0x80, b"a"), 1002);
        refused(&[frame(0x01, b"a"), frame(0x81, b"b")].concat(), 1002);
        refused(&[frame(0x81, b"a"), frame(0x00, b"b")].concat(), 1002);
    }

    #[test]
    fn refuses_compression_that_was_not_agreed_on() {
        refused(&frame(0xc1, b"a"), 1002);
    }

    #[test]
    fn refuses_text_that_is_not_utf_8_before_its_end() {
        refused(&frame(0x81, b"a\xff"), 1007);
        refused(&frame(0x81, b"a\xe2\x82"), 1007);
        refused(&[frame(0x01, b"\xe2"), frame(0x80, b"a")].concat(), 1007);
        // The frame has not ended, and the message neither.
        let begun = frame(0x01, b"a\xff followed by more");
        assert_eq!(all(&mut decoder(), &begun[..9]).unwrap_err().code.as_u16(), 1007);
    }

    #[test]
    fn reads_the_codes_that_may_be_sent() {
        let codes = (0..=u16::MAX).filter(|code| {
            let bytes = frame(0x88, &code.to_be_bytes());
            all(&mut decoder(), &bytes).is_ok()
        });
        let expected = (1000..=1003).chain(1007..=1014).chain(3000..=4999);
        assert!(codes.eq(expected));
        refused(&frame(0x88, &[3]), 1002);
        refused(&frame(0x88, b"\x03\xe8\xff"), 1007);
        let empty = all(&mut decoder(), &frame(0x88, b"")).unwrap();
        assert_eq!(empty, [Incoming::Close(CloseCode::NO_STATUS.into())]);
    }

    #[test]
    fn keeps_the_limits_at_their_edges() {
        assert!(all(&mut decoder(), &frame(0x82, &[0; 1000])).is_ok());
        refused(&frame(0x82, &[0; 1001])[..8], 1009);
        let halves = [frame(0x02, &[0; 1000]), frame(0x80, &[0; 1000])].concat();
        assert!(all(&mut decoder(), &halves).is_ok());
        let more = [
            frame(0x02, &[0; 1000]),
            frame(0x00, &[0; 1000]),
            frame(0x80, &[0]),
        ]
        .concat();
        refused(&more, 1009);
    }

    #[test]
    fn refuses_two_gigabytes_by_their_head() {
        let mut head = vec![0x82, 0xff, 0, 0, 0, 0, 0x80, 0, 0, 0];
        head.extend_from_slice(&KEY);
        refused(&head, 1009);
    }

    #[test]
    fn makes_room_for_what_has_arrived_only() {
        let mut decoder = Decoder::new(Role::Client, u64::MAX, u64::MAX, None);
        let mut bytes = vec![0x02, 0xff, 0, 0, 0, 0, 0x80, 0, 0, 0];
        bytes.extend_from_slice(&KEY);
        bytes.extend_from_slice(&[0; 100]);
        assert!(all(&mut decoder, &bytes).unwrap().is_empty());
        assert!(decoder.message.unwrap().content.capacity() <= FIRST_ROOM);
    }
}
