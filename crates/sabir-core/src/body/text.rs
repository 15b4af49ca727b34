//! Text in a charset.

use super::charset::Charset;
use crate::Problem;

/// The charset that a `charset` parameter names; UTF-8 without one. `None` when it is not known here.
pub(super) fn charset(label: Option<&str>) -> Option<Charset> {
    label.map_or(Some(Charset::UTF_8), Charset::labelled)
}

/// The text without a byte order mark.
///
/// # Errors
/// `bad-request` when the bytes are not text in this charset: replacing them would change what the client said.
pub(super) fn decode(bytes: &[u8], charset: Charset) -> Result<String, Problem> {
    charset
        .decode(&bytes[charset.mark(bytes)..])
        .ok_or_else(|| Problem::bad_request(format!("the content is not text in {}", charset.name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], label: Option<&str>) -> Result<String, u16> {
        decode(bytes, charset(label).unwrap()).map_err(|problem| problem.status)
    }

    #[test]
    fn takes_text_for_utf_8_unless_told_otherwise() {
        assert_eq!(read("é".as_bytes(), None).unwrap(), "é");
        assert_eq!(read("é".as_bytes(), Some("UTF-8")).unwrap(), "é");
    }

    #[cfg(feature = "charsets")]
    #[test]
    fn reads_text_in_other_charsets() {
        assert_eq!(read(b"\xe9", Some("ISO-8859-1")).unwrap(), "é");
        assert_eq!(read(b"\xe9\x00", Some("utf-16le")).unwrap(), "é");
        assert_eq!(read(b"\x00", Some("utf-16le")), Err(400));
    }

    #[test]
    fn drops_a_byte_order_mark() {
        assert_eq!(read(b"\xef\xbb\xbfa", None).unwrap(), "a");
    }

    #[test]
    fn refuses_bytes_that_are_not_text() {
        assert_eq!(read(b"\xff", None), Err(400));
    }
}
