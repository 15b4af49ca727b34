//! The one charset of a build without the others.

/// The labels of UTF-8.
const LABELS: [&str; 6] = [
    "utf-8",
    "utf8",
    "unicode-1-1-utf-8",
    "unicode11utf8",
    "unicode20utf8",
    "x-unicode20utf8",
];

const MARK: &[u8] = "\u{feff}".as_bytes();

/// UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::body) struct Charset;

impl Charset {
    pub(in crate::body) const UTF_8: Self = Self;

    /// UTF-8 by one of its labels; `None` for any other charset.
    pub(in crate::body) fn labelled(label: &str) -> Option<Self> {
        let label = label.trim_matches(['\t', '\n', '\x0c', '\r', ' ']);
        let is_utf_8 = LABELS.iter().any(|known| label.eq_ignore_ascii_case(known));
        is_utf_8.then_some(Self)
    }

    #[allow(
        clippy::unused_self,
        reason = "with all charsets it depends on which one it is"
    )]
    pub(in crate::body) fn name(self) -> &'static str {
        "UTF-8"
    }

    /// How long the byte order mark is that `bytes` begin with.
    #[allow(
        clippy::unused_self,
        reason = "with all charsets it depends on which one it is"
    )]
    pub(in crate::body) fn mark(self, bytes: &[u8]) -> usize {
        if bytes.starts_with(MARK) { MARK.len() } else { 0 }
    }

    /// The text that `bytes` are; `None` where they are not UTF-8.
    #[allow(
        clippy::unused_self,
        reason = "with all charsets it depends on which one it is"
    )]
    pub(in crate::body) fn decode(self, bytes: &[u8]) -> Option<String> {
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_utf_8_alone() {
        for label in ["utf-8", "UTF8", " unicode-1-1-utf-8\n"] {
            assert_eq!(Charset::labelled(label), Some(Charset), "{label:?}");
        }
        for label in ["", "latin1", "us-ascii", "utf-16", "utf"] {
            assert_eq!(Charset::labelled(label), None, "{label:?}");
        }
    }
}
