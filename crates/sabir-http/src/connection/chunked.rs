//! A strict reader of the chunked transfer coding (RFC 9112 §7.1).

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
    /// White space between a size and an extension.
    Space {
        value: u64,
    },
    Extension {
        value: u64,
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
    Trailer,
    TrailerEnd,
    LastLf,
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
            (State::Size { value, digits: 1.. } | State::Extension { value }, b'\r') => {
                State::SizeEnd { value }
            }
            (State::Size { value, digits: 1.. } | State::Space { value }, b' ' | b'\t') => {
                self.ignore()?;
                State::Space { value }
            }
            (State::Size { value, digits: 1.. } | State::Space { value }, b';') => State::Extension { value },
            (State::Extension { .. } | State::Trailer, _) if byte == b'\t' || !byte.is_ascii_control() => {
                self.ignore()?;
                self.state
            }
            (State::SizeEnd { value: 0 } | State::TrailerEnd, b'\n') => State::TrailerStart,
            (State::SizeEnd { value }, b'\n') => State::Data { left: value },
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => State::Size { value: 0, digits: 0 },
            (State::TrailerStart, b'\r') => State::LastLf,
            (State::TrailerStart, _) if super::request_line::TOKEN[usize::from(byte)] => {
                self.ignore()?;
                State::Trailer
            }
            (State::Trailer, b'\r') => State::TrailerEnd,
            _ => return None,
        };
        Some(state)
    }

    fn ignore(&mut self) -> Option<()> {
        self.ignored += 1;
        (self.ignored <= MAX_IGNORED).then_some(())
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
    }
}
