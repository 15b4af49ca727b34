//! A strict reader of request heads (RFC 9112 §2, §3, §5, §6).
//!
//! hyper forgives much that two implementations may read differently, which is what request smuggling lives on. This
//! reader looks at every line before hyper does. It keeps its place between calls, so a head that arrives byte by
//! byte is still read only once.

use sabir_core::{
    Problem, ProblemType,
    pipeline::head_checks::{
        METHOD_LIMIT, content_length, lengths_differ, section_too_large, target_too_long, too_many_fields,
        unknown_method,
    },
};

use super::{
    limits::Limits,
    request_line::{self, RequestLine, TOKEN, malformed},
};

/// The longest field name that `http` holds.
const MAX_NAME: usize = 65_535;

/// How far one head has been read.
#[derive(Debug, Default)]
pub(crate) struct HeadReader {
    /// Where the next line begins, counted from the head's first byte.
    position: usize,
    line: Option<RequestLine>,
    fields: usize,
    content_length: Option<u64>,
    /// The last transfer coding so far.
    coding: Option<Coding>,
    has_unknown_coding: bool,
    takes_trailers: bool,
    closes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Chunked,
    Unknown,
}

/// How the content after a head is delimited (RFC 9112 §6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Length(u64),
    Chunked,
}

/// Whether a list has `token` among its elements.
fn names(list: &[u8], token: &[u8]) -> bool {
    let mut elements = list.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    elements.any(|element| element.eq_ignore_ascii_case(token))
}

impl HeadReader {
    /// Whether the refused request is known to be HEAD, whose answer has no content.
    pub(super) fn is_head(&self) -> bool {
        self.line.is_some_and(|line| line.is_head)
    }

    /// Whether the head is that of an HTTP/1.1 request.
    pub(super) fn is_http_11(&self) -> bool {
        self.line.is_some_and(|line| line.is_http_11)
    }

    /// Whether the client wants fields that follow content (RFC 9110 §10.1.4).
    pub(super) fn takes_trailers(&self) -> bool {
        self.takes_trailers
    }

    /// Whether the client wants the connection to end after the answer (RFC 9112 §9.6).
    pub(super) fn closes(&self) -> bool {
        self.closes
    }

    /// Whether `bytes`, which begin at the head's first byte, are more than empty lines after the last content.
    pub(super) fn has_begun(&self, bytes: &[u8]) -> bool {
        self.line.is_some() || !matches!(bytes.get(self.position..), None | Some(b"" | b"\r"))
    }

    /// Reads on in `bytes`, which begin at the head's first byte. Gives the length of the head and its framing once it
    /// is complete.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Option<(usize, Framing)>, Box<Problem>> {
        loop {
            let rest = &bytes[self.position..];
            let Some(end) = memchr::memchr(b'\n', rest) else {
                self.check_unfinished(bytes.len(), rest, limits)?;
                return Ok(None);
            };
            let Some((b'\r', line)) = rest[..end].split_last() else {
                return Err(malformed("A line of the header section does not end with CR LF."));
            };
            self.position += end + 1;
            if self.position > limits.header_section {
                self.check_unfinished(self.position, rest, limits)?;
            }
            if self.line.is_none() {
                // An empty line before the request line is the end of a careless client's last content (§2.2).
                if !line.is_empty() {
                    self.line = Some(request_line::parse(line, limits)?);
                }
            } else if line.is_empty() {
                return self.finish().map(|framing| Some((self.position, framing)));
            } else {
                self.fields += 1;
                if self.fields > limits.header_fields {
                    return Err(Box::new(too_many_fields(limits.header_fields as u64)));
                }
                self.field(line)?;
            }
        }
    }

    /// Refuses early what no further byte can mend.
    fn check_unfinished(&self, length: usize, line: &[u8], limits: &Limits) -> Result<(), Box<Problem>> {
        if self.line.is_none() {
            let start = line.len().min(METHOD_LIMIT + 1);
            if start > METHOD_LIMIT && line[..start].iter().all(|byte| TOKEN[usize::from(*byte)]) {
                return Err(Box::new(unknown_method()));
            }
            if line.len() > limits.target.saturating_add(METHOD_LIMIT + "  HTTP/1.1\r".len()) {
                return Err(Box::new(target_too_long(limits.target as u64)));
            }
        }
        if length > limits.header_section {
            return Err(Box::new(section_too_large(limits.header_section as u64)));
        }
        Ok(())
    }

    /// Reads a line of the header section, without its end.
    pub(super) fn field(&mut self, line: &[u8]) -> Result<(), Box<Problem>> {
        let name_end = line
            .iter()
            .position(|byte| !TOKEN[usize::from(*byte)])
            .unwrap_or(line.len());
        match line.get(name_end) {
            Some(b':') if name_end > 0 => {}
            Some(b' ' | b'\t') if name_end == 0 => {
                return Err(malformed("A header field is folded over several lines."));
            }
            Some(b' ' | b'\t') => {
                return Err(malformed(
                    "There is white space before the colon of a header field.",
                ));
            }
            _ => return Err(malformed("A header field has no valid name.")),
        }
        if name_end > MAX_NAME {
            let detail = format!("The name of a header field is longer than {MAX_NAME} bytes.");
            let problem = Problem::new(ProblemType::HeaderFieldsTooLarge);
            return Err(Box::new(problem.with_detail(detail)));
        }
        let (name, value) = (&line[..name_end], &line[name_end + 1..]);
        // Without an early exit the compiler checks many bytes at once.
        let controls = value
            .iter()
            .map(|&byte| u8::from((byte < 0x20 && byte != b'\t') || byte == 0x7f));
        if controls.fold(0, |found, control| found | control) != 0 {
            return Err(malformed("A header field holds a control character."));
        }
        match name_end {
            2 if name.eq_ignore_ascii_case(b"te") => {
                self.takes_trailers |= names(value, b"trailers");
                Ok(())
            }
            10 if name.eq_ignore_ascii_case(b"connection") => {
                self.closes |= names(value, b"close");
                Ok(())
            }
            14 if name.eq_ignore_ascii_case(b"content-length") => self.length(value.trim_ascii()),
            17 if name.eq_ignore_ascii_case(b"transfer-encoding") => {
                self.transfer_encoding(value.trim_ascii())
            }
            _ => Ok(()),
        }
    }

    fn length(&mut self, value: &[u8]) -> Result<(), Box<Problem>> {
        let length = content_length(value)?;
        if self.content_length.is_some_and(|other| other != length) {
            return Err(lengths_differ());
        }
        self.content_length = Some(length);
        Ok(())
    }

    /// Takes the elements of one field; several fields are one list (RFC 9110 §5.3).
    fn transfer_encoding(&mut self, value: &[u8]) -> Result<(), Box<Problem>> {
        for coding in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            if coding.is_empty() {
                // A reader that does not skip it sees another last coding.
                return Err(malformed(
                    "The header field Transfer-Encoding has an empty element.",
                ));
            }
            if self.coding == Some(Coding::Chunked) {
                // RFC 9112 §6.1: it comes last, and no sender may apply it more than once.
                return Err(malformed("Something follows the transfer coding chunked."));
            }
            let is_chunked = coding.eq_ignore_ascii_case(b"chunked");
            self.has_unknown_coding |= !is_chunked;
            self.coding = Some(if is_chunked {
                Coding::Chunked
            } else {
                Coding::Unknown
            });
        }
        Ok(())
    }

    fn finish(&self) -> Result<Framing, Box<Problem>> {
        let is_http_11 = self.line.is_some_and(|line| line.is_http_11);
        match (self.coding, self.content_length) {
            (None, length) => Ok(Framing::Length(length.unwrap_or(0))),
            (Some(_), Some(_)) => Err(malformed("There are both Content-Length and Transfer-Encoding.")),
            (Some(_), None) if !is_http_11 => Err(malformed("HTTP/1.0 has no Transfer-Encoding.")),
            (Some(Coding::Unknown), None) => Err(malformed("The last transfer coding is not chunked.")),
            (Some(Coding::Chunked), None) if self.has_unknown_coding => {
                // RFC 9112 §6.1: a coding that is not understood.
                Err(Box::new(Problem::new(ProblemType::Unimplemented).with_detail(
                    "The only transfer coding that this server decodes is chunked.",
                )))
            }
            (Some(Coding::Chunked), None) => Ok(Framing::Chunked),
        }
    }
}

#[cfg(test)]
mod tests {
    use sabir_core::Settings;

    use super::*;

    fn limits() -> Limits {
        Limits::of(&Settings::default())
    }

    fn framing(fields: &str) -> Result<Framing, u16> {
        let head = format!("POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
        match HeadReader::default().read(head.as_bytes(), &limits()) {
            Ok(Some((length, framing))) => {
                assert_eq!(length, head.len());
                Ok(framing)
            }
            Ok(None) => Err(0),
            Err(problem) => Err(problem.status),
        }
    }

    #[test]
    fn finds_the_framing() {
        assert_eq!(framing(""), Ok(Framing::Length(0)));
        assert_eq!(
            framing("Content-Length: 5\r\ncontent-length:5\r\n"),
            Ok(Framing::Length(5))
        );
        assert_eq!(framing("transfer-encoding: Chunked \r\n"), Ok(Framing::Chunked));
    }

    #[test]
    fn refuses_framing_that_two_readers_may_read_differently() {
        for fields in [
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Content-Length: +5\r\n",
            "Content-Length: 5, 5\r\n",
            "Content-Length:\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Transfer-Encoding: chunked, identity\r\n",
            "Transfer-Encoding: chunked, chunked\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: xchunked\r\n",
            "Transfer-Encoding: gzip\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n",
            "Transfer-Encoding: chunked;a=b\r\n",
            "Transfer-Encoding: , chunked\r\n",
            "Transfer-Encoding: chunked,\r\n",
            "Transfer-Encoding: chunked, ,\r\n",
            "Transfer-Encoding:\r\n",
        ] {
            assert_eq!(framing(fields), Err(400), "{fields}");
        }
        for fields in [
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
        ] {
            assert_eq!(framing(fields), Err(501), "{fields}");
        }
    }

    #[test]
    fn refuses_malformed_fields() {
        for fields in [
            "a : b\r\n",
            " a: b\r\n",
            "a\r\n",
            ": b\r\n",
            "a: b\rc\r\n",
            "a: b\nc: d\r\n",
            "a: \0\r\n",
            "ä: b\r\n",
        ] {
            assert_eq!(framing(fields), Err(400), "{fields:?}");
        }
    }

    #[test]
    fn refuses_too_many_and_too_large_fields() {
        assert_eq!(framing(&"a: b\r\n".repeat(99)), Ok(Framing::Length(0)));
        assert_eq!(framing(&"a: b\r\n".repeat(100)), Err(431));
        assert_eq!(framing(&format!("a: {}\r\n", "b".repeat(32 * 1024))), Err(431));
    }

    #[test]
    fn reads_a_head_that_arrives_byte_by_byte() {
        let head = b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
        let mut reader = HeadReader::default();
        for end in 1..head.len() {
            assert!(reader.read(&head[..end], &limits()).unwrap().is_none());
        }
        assert_eq!(
            reader.read(head, &limits()).unwrap(),
            Some((head.len(), Framing::Length(0)))
        );
    }

    #[test]
    fn refuses_an_endless_method_before_it_ends() {
        let refusal = HeadReader::default().read("A".repeat(33).as_bytes(), &limits());
        assert_eq!(refusal.unwrap_err().status, 501);
    }

    #[test]
    fn refuses_an_endless_line_before_it_ends() {
        let line = format!("GET /{}", "a".repeat(9000));
        assert_eq!(
            HeadReader::default()
                .read(line.as_bytes(), &limits())
                .unwrap_err()
                .status,
            414
        );
    }
}
