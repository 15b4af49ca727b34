//! Text in a charset (WHATWG Encoding).

use encoding_rs::{Encoding, UTF_8};

use crate::Problem;

/// The encoding that a `charset` parameter names; UTF-8 without one. `None` when it is unknown.
pub(super) fn encoding(label: Option<&str>) -> Option<&'static Encoding> {
    match label {
        Some(label) => Encoding::for_label_no_replacement(label.as_bytes()),
        None => Some(UTF_8),
    }
}

/// The text without a byte order mark.
///
/// # Errors
/// `bad-request` when the bytes are not text in this encoding: replacing them would change what the client said.
pub(super) fn decode(bytes: &[u8], encoding: &'static Encoding) -> Result<String, Problem> {
    let mark = match Encoding::for_bom(bytes) {
        Some((marked, length)) if marked == encoding => length,
        _ => 0,
    };
    match encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]) {
        Some(text) => Ok(text.into_owned()),
        None => Err(Problem::bad_request(format!(
            "the content is not text in {}",
            encoding.name()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], label: Option<&str>) -> Result<String, u16> {
        decode(bytes, encoding(label).unwrap()).map_err(|problem| problem.status)
    }

    #[test]
    fn takes_text_for_utf_8_unless_told_otherwise() {
        assert_eq!(read("é".as_bytes(), None).unwrap(), "é");
        assert_eq!(read(b"\xe9", Some("ISO-8859-1")).unwrap(), "é");
        assert_eq!(read(b"\xe9\x00", Some("utf-16le")).unwrap(), "é");
    }

    #[test]
    fn drops_a_byte_order_mark() {
        assert_eq!(read(b"\xef\xbb\xbfa", None).unwrap(), "a");
    }

    #[test]
    fn refuses_bytes_that_are_not_text() {
        assert_eq!(read(b"\xff", None), Err(400));
        assert_eq!(read(b"\x00", Some("utf-16le")), Err(400));
    }

    #[test]
    fn knows_no_charset_that_only_stands_for_replacement() {
        assert_eq!(encoding(Some("iso-2022-kr")), None);
        assert_eq!(encoding(Some("klingon")), None);
    }
}
