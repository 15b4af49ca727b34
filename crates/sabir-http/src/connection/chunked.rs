//! A strict reader of the chunked transfer coding (RFC 9112 §7.1).

use super::request_line::TOKEN;

/// How far a chunked body has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChunkReader {
    state: State,
    /// Bytes of extensions and trailers so far; they are thrown away, so a client gets only so many.
    ignored: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Size {
        value: u64,
        digits: u8,
    },
    /// Behind the size, within the extensions.
    Extension {
        value: u64,
        part: Part,
    },
    SizeEnd {
        value: u64,
    },
    Data {
        left: u64,
    },
    DataCr,
    DataLf,
    TrailerStart,
    TrailerName,
    TrailerValue,
    TrailerEnd,
    LastLf,
}

/// A place in the extensions: `*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )` (RFC 9112 §7.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// White space that only a semicolon may follow.
    Space,
    /// Behind a semicolon: a name begins.
    NameStart,
    Name,
    /// White space behind a name.
    NameEnd,
    /// Behind an equals sign: a value begins.
    ValueStart,
    Token,
    Quoted,
    /// Behind a backslash.
    QuotedPair,
    /// Behind the closing quote.
    QuotedEnd,
}

/// What a stretch of bytes holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Chunks {
    /// All of it belongs to the body, which goes on.
    Unfinished,
    /// The body ends after so many bytes.
    Finished(usize),
    /// The byte at this place cannot be there.
    Malformed(usize),
}

/// The most bytes of extensions and trailers in one body.
const MAX_IGNORED: usize = 16 * 1024;

/// Sizes of up to 15 hexadecimal digits leave room for sums.
const MAX_DIGITS: u8 = 15;

impl ChunkReader {
    pub(super) fn new() -> Self {
        Self {
            state: State::Size { value: 0, digits: 0 },
            ignored: 0,
        }
    }

    pub(super) fn read(&mut self, bytes: &[u8]) -> Chunks {
        let mut index = 0;
        while index < bytes.len() {
            if let State::Data { left } = self.state {
                let available = (bytes.len() - index) as u64;
                if available < left {
                    self.state = State::Data {
                        left: left - available,
                    };
                    return Chunks::Unfinished;
                }
                // `left` is at most `available`, which came from a `usize`.
                index += usize::try_from(left).unwrap_or(usize::MAX);
                self.state = State::DataCr;
                continue;
            }
            if self.state == State::LastLf {
                return if bytes[index] == b'\n' {
                    Chunks::Finished(index + 1)
                } else {
                    Chunks::Malformed(index)
                };
            }
            match self.step(bytes[index]) {
                Some(state) => self.state = state,
                None => return Chunks::Malformed(index),
            }
            index += 1;
        }
        Chunks::Unfinished
    }

    /// The state after `byte`; `None` when it cannot be there.
    fn step(&mut self, byte: u8) -> Option<State> {
        let state = match (self.state, byte) {
            (State::Size { value, digits }, _) if byte.is_ascii_hexdigit() && digits < MAX_DIGITS => {
                let digit = char::from(byte).to_digit(16)?;
                State::Size {
                    value: value * 16 + u64::from(digit),
                    digits: digits + 1,
                }
            }
            (State::Size { value, digits: 1.. }, b'\r') => State::SizeEnd { value },
            (State::Size { value, digits: 1.. }, b' ' | b'\t' | b';') => {
                self.ignore()?;
                let part = if byte == b';' {
                    Part::NameStart
                } else {
                    Part::Space
                };
                State::Extension { value, part }
            }
            (State::Extension { value, part }, b'\r') if part.may_end() => State::SizeEnd { value },
            (State::Extension { value, part }, _) => {
                self.ignore()?;
                let part = part.after(byte)?;
                State::Extension { value, part }
            }
            (State::TrailerName, b':') => State::TrailerValue,
            (State::TrailerValue, _) if byte == b'\t' || !byte.is_ascii_control() => {
                self.ignore()?;
                State::TrailerValue
            }
            (State::SizeEnd { value: 0 } | State::TrailerEnd, b'\n') => State::TrailerStart,
            (State::SizeEnd { value }, b'\n') => State::Data { left: value },
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => State::Size { value: 0, digits: 0 },
            (State::TrailerStart, b'\r') => State::LastLf,
            (State::TrailerStart | State::TrailerName, _) if TOKEN[usize::from(byte)] => {
                self.ignore()?;
                State::TrailerName
            }
            (State::TrailerValue, b'\r') => State::TrailerEnd,
            _ => return None,
        };
        Some(state)
    }

    fn ignore(&mut self) -> Option<()> {
        self.ignored += 1;
        (self.ignored <= MAX_IGNORED).then_some(())
    }
}

impl Part {
    /// Whether the line may end here.
    fn may_end(self) -> bool {
        matches!(self, Self::Name | Self::Token | Self::QuotedEnd)
    }

    /// The place after `byte`; `None` when it cannot be there.
    fn after(self, byte: u8) -> Option<Self> {
        let is_space = matches!(byte, b' ' | b'\t');
        Some(match self {
            Self::NameStart | Self::ValueStart | Self::Space | Self::NameEnd if is_space => self,
            Self::Name if is_space => Self::NameEnd,
            Self::Token | Self::QuotedEnd if is_space => Self::Space,
            Self::Space | Self::Name | Self::NameEnd | Self::Token | Self::QuotedEnd if byte == b';' => {
                Self::NameStart
            }
            Self::Name | Self::NameEnd if byte == b'=' => Self::ValueStart,
            Self::NameStart | Self::Name if TOKEN[usize::from(byte)] => Self::Name,
            Self::ValueStart if byte == b'"' => Self::Quoted,
            Self::ValueStart | Self::Token if TOKEN[usize::from(byte)] => Self::Token,
            Self::Quoted if byte == b'"' => Self::QuotedEnd,
            Self::Quoted if byte == b'\\' => Self::QuotedPair,
            Self::Quoted | Self::QuotedPair if byte == b'\t' || !byte.is_ascii_control() => Self::Quoted,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &str) -> Chunks {
        ChunkReader::new().read(bytes.as_bytes())
    }

    #[test]
    fn finds_the_end_of_a_body() {
        for body in [
            "0\r\n\r\n",
            "5\r\nhello\r\n0\r\n\r\n",
            "1;a=b\r\nx\r\n0\r\nt: u\r\n\r\n",
            "1 ;a\r\nx\r\n00\r\n\r\n",
            "1\t;\ta\t=\tb\t;c\r\nx\r\n0;d\r\n\r\n",
            "1;a=\"b;\\\" c\" ; d\r\nx\r\n0\r\nt:\r\nt: u: v\r\n\r\n",
        ] {
            assert_eq!(
                read(&format!("{body}GET")),
                Chunks::Finished(body.len()),
                "{body:?}"
            );
        }
    }

    #[test]
    fn keeps_its_place_between_bytes() {
        let body = b"a\r\n0123456789\r\n0\r\n\r\n";
        let mut reader = ChunkReader::new();
        for byte in &body[..body.len() - 1] {
            assert_eq!(reader.read(&[*byte]), Chunks::Unfinished);
        }
        assert_eq!(reader.read(b"\n"), Chunks::Finished(1));
    }

    #[test]
    fn refuses_sizes_and_line_ends_that_two_readers_may_read_differently() {
        for (body, place) in [
            ("\r\n", 0),
            ("-1\r\n", 0),
            ("0x5\r\n", 1),
            ("5\nhello", 1),
            ("5 \r\nhello", 2),
            ("1\r\nxy\r\n", 4),
            ("1\r\nx\n", 4),
            ("1;a\nb\r\n", 3),
            ("1;\r\n", 2),
            ("1;;a\r\n", 2),
            ("1; \r\n", 3),
            ("1;a=\r\n", 4),
            ("1;a= \r\n", 5),
            ("1;a b\r\n", 4),
            ("1;a \r\n", 4),
            ("1;=b\r\n", 2),
            ("1;bad[=x\r\n", 5),
            ("1;a=b c\r\n", 6),
            ("1;a=b \r\n", 6),
            ("1;a=b=c\r\n", 5),
            ("1;a=b\"c\"\r\n", 5),
            ("1;a=\"b\r\n", 6),
            ("1;a=\"b\"c\r\n", 7),
            ("1;a=\"\\\r\n", 6),
            ("1;a\0\r\n", 3),
            ("0\r\nt\r\n\r\n", 4),
            ("0\r\nt : u\r\n\r\n", 4),
            ("0\r\n: u\r\n\r\n", 3),
            ("0\r\nt: u\n\r\n", 7),
            ("ffffffffffffffff\r\n", 15),
            ("0\r\n \r\n", 3),
            ("0\r\n\rx", 4),
        ] {
            assert_eq!(read(body), Chunks::Malformed(place), "{body:?}");
        }
    }

    #[test]
    fn bounds_what_it_throws_away() {
        assert!(matches!(
            read(&format!("1;{}", "a".repeat(20_000))),
            Chunks::Malformed(_)
        ));
        assert!(matches!(
            read(&"1;a\r\nx\r\n".repeat(20_000)),
            Chunks::Malformed(_)
        ));
    }
}
