//! Heads of frames (RFC 6455 §5.2).

use sabir_core::{Switch, websocket::CloseCode};

/// The longest content of a control frame (RFC 6455 §5.5).
pub(super) const CONTROL_LIMIT: usize = 125;

/// What stands for a length that follows in two bytes, and for one in eight (RFC 6455 §5.2). Shorter ones stand for themselves.
const SHORT: u8 = 126;
const LONG: u8 = 127;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

/// What a frame says before its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) is_final: bool,
    /// The bit RSV1, which permessage-deflate has for messages that are compressed (RFC 7692 §6).
    pub(super) is_compressed: bool,
    pub(super) opcode: Opcode,
    pub(super) mask: Option<[u8; 4]>,
    pub(super) length: u64,
}

/// Why a connection has to be failed (RFC 6455 §7.1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) code: CloseCode,
    pub(super) reason: &'static str,
}

impl Failure {
    pub(super) const MESSAGE_TOO_BIG: Self = Self::too_big("a message is larger than the limit");

    pub(super) const fn protocol(reason: &'static str) -> Self {
        Self {
            code: CloseCode::PROTOCOL_ERROR,
            reason,
        }
    }

    pub(super) const fn payload(reason: &'static str) -> Self {
        Self {
            code: CloseCode::INVALID_PAYLOAD,
            reason,
        }
    }

    pub(super) const fn too_big(reason: &'static str) -> Self {
        Self {
            code: CloseCode::MESSAGE_TOO_BIG,
            reason,
        }
    }
}

/// Which side of a connection frames come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Clients mask (RFC 6455 §5.3).
    Client,
    /// Servers do not.
    Server,
}

impl Opcode {
    pub(super) const fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }

    const fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }

    const fn of(bits: u8) -> Option<Self> {
        Some(match bits {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return None,
        })
    }
}

/// Reads the head that `bytes` begin with, and gives it with its length. `None` when there is more to come, of a head that is
/// well formed up to there. Whether a frame may be compressed, or of that length, is for others to say.
///
/// # Errors
/// Whatever is wrong with it.
pub(super) fn read(bytes: &[u8], sender: Role) -> Result<Option<(Head, usize)>, Failure> {
    let Some(&first) = bytes.first() else {
        return Ok(None);
    };
    let opcode = Opcode::of(first & 0b1111);
    let (is_final, is_compressed) = (first & 0b1000_0000 != 0, first & 0b0100_0000 != 0);
    refuse(first & 0b0011_0000 != 0, "a reserved bit is set")?;
    refuse(opcode.is_none(), "the opcode is reserved")?;
    let opcode = opcode.unwrap_or(Opcode::Pong);
    refuse(opcode.is_control() && !is_final, "a control frame is fragmented")?;
    refuse(opcode.is_control() && is_compressed, "a reserved bit is set")?;
    let Some(&second) = bytes.get(1) else {
        return Ok(None);
    };
    let is_masked = second & 0b1000_0000 != 0;
    if is_masked != (sender == Role::Client) && Switch::Masks.is_on() {
        return Err(Failure::protocol(match sender {
            Role::Client => "a frame of a client is not masked",
            Role::Server => "a frame of a server is masked",
        }));
    }
    let short = second & 0b0111_1111;
    refuse(
        opcode.is_control() && usize::from(short) > CONTROL_LIMIT,
        "a control frame is longer than 125 bytes",
    )?;
    let rest = &bytes[2..];
    let (length, mut size) = match short {
        SHORT => {
            let Some(&length) = rest.first_chunk::<2>() else {
                return Ok(None);
            };
            let length = u64::from(u16::from_be_bytes(length));
            refuse(length < u64::from(SHORT), "a length is not in its shortest form")?;
            (length, 4)
        }
        LONG => {
            refuse(
                rest.first().is_some_and(|byte| byte & 0b1000_0000 != 0),
                "a length has its highest bit set",
            )?;
            let Some(&length) = rest.first_chunk::<8>() else {
                return Ok(None);
            };
            let length = u64::from_be_bytes(length);
            refuse(
                u16::try_from(length).is_ok(),
                "a length is not in its shortest form",
            )?;
            (length, 10)
        }
        short => (u64::from(short), 2),
    };
    let mask = if is_masked {
        let Some(&mask) = bytes[size..].first_chunk::<4>() else {
            // What is told of the length can be refused without the mask.
            return Ok(None);
        };
        size += mask.len();
        Some(mask)
    } else {
        None
    };
    let head = Head {
        is_final,
        is_compressed,
        opcode,
        mask,
        length,
    };
    Ok(Some((head, size)))
}

/// Refuses what breaks a rule of frames.
pub(super) fn refuse(is_broken: bool, reason: &'static str) -> Result<(), Failure> {
    if is_broken && Switch::Frames.is_on() {
        return Err(Failure::protocol(reason));
    }
    Ok(())
}

/// Writes a head for the end of `out`.
pub(super) fn write(head: &Head, out: &mut Vec<u8>) {
    let first = head.opcode.bits()
        | if head.is_final { 0b1000_0000 } else { 0 }
        | if head.is_compressed { 0b0100_0000 } else { 0 };
    let masked = if head.mask.is_some() { 0b1000_0000 } else { 0 };
    match (u8::try_from(head.length), u16::try_from(head.length)) {
        (Ok(length), _) if length < SHORT => out.extend_from_slice(&[first, masked | length]),
        (_, Ok(length)) => {
            out.extend_from_slice(&[first, masked | SHORT]);
            out.extend_from_slice(&length.to_be_bytes());
        }
        _ => {
            out.extend_from_slice(&[first, masked | LONG]);
            out.extend_from_slice(&head.length.to_be_bytes());
        }
    }
    if let Some(mask) = head.mask {
        out.extend_from_slice(&mask);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> &'static str {
        let failure = read(bytes, Role::Client).unwrap_err();
        assert_eq!(failure.code, CloseCode::PROTOCOL_ERROR);
        failure.reason
    }

    #[test]
    fn reads_what_it_writes() {
        for length in [0, 1, 125, 126, 65_535, 65_536, u64::MAX >> 1] {
            for mask in [None, Some([1, 2, 3, 4])] {
                let head = Head {
                    is_final: length % 2 == 0,
                    is_compressed: length > 1,
                    opcode: Opcode::Binary,
                    mask,
                    length,
                };
                let mut bytes = Vec::new();
                write(&head, &mut bytes);
                let sender = if mask.is_some() {
                    Role::Client
                } else {
                    Role::Server
                };
                assert_eq!(read(&bytes, sender), Ok(Some((head, bytes.len()))));
                for end in 0..bytes.len() {
                    assert_eq!(read(&bytes[..end], sender), Ok(None), "{length} {end}");
                }
            }
        }
    }

    #[test]
    fn refuses_reserved_bits_and_opcodes_by_their_first_byte() {
        for first in [0b1010_0001, 0b1001_0001, 0b1011_0010, 0b1100_1001] {
            assert_eq!(refused(&[first]), "a reserved bit is set");
        }
        for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
            assert_eq!(refused(&[0b1000_0000 | opcode]), "the opcode is reserved");
        }
        for opcode in [8, 9, 10] {
            assert_eq!(refused(&[opcode]), "a control frame is fragmented");
        }
    }

    #[test]
    fn refuses_long_control_frames() {
        assert_eq!(
            refused(&[0x89, 0x80 | 0x7e]),
            "a control frame is longer than 125 bytes"
        );
        assert_eq!(
            refused(&[0x88, 0x80 | 127]),
            "a control frame is longer than 125 bytes"
        );
    }

    #[test]
    fn refuses_frames_of_the_wrong_side() {
        assert_eq!(refused(&[0x81, 5]), "a frame of a client is not masked");
        assert!(read(&[0x81, 0x85], Role::Server).is_err());
    }

    #[test]
    fn refuses_lengths_in_a_longer_form_than_they_need() {
        assert_eq!(
            refused(&[0x82, 0xfe, 0, 125]),
            "a length is not in its shortest form"
        );
        let long = [0x82, 0xff, 0, 0, 0, 0, 0, 0, 255, 255];
        assert_eq!(refused(&long), "a length is not in its shortest form");
        assert_eq!(refused(&[0x82, 0xff, 0x80]), "a length has its highest bit set");
    }
}
