//! The charsets of the web.

use encoding_rs::{Encoding, UTF_8};

/// A charset in which content may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::body) struct Charset(&'static Encoding);

impl Charset {
    pub(in crate::body) const UTF_8: Self = Self(UTF_8);

    /// The charset with this label; `None` when it is unknown.
    pub(in crate::body) fn labelled(label: &str) -> Option<Self> {
        Encoding::for_label_no_replacement(label.as_bytes()).map(Self)
    }

    pub(in crate::body) fn name(self) -> &'static str {
        self.0.name()
    }

    /// How long the byte order mark is that `bytes` begin with.
    pub(in crate::body) fn mark(self, bytes: &[u8]) -> usize {
        match Encoding::for_bom(bytes) {
            Some((marked, length)) if marked == self.0 => length,
            _ => 0,
        }
    }

    /// The text that `bytes` are; `None` where they are not text in this charset.
    pub(in crate::body) fn decode(self, bytes: &[u8]) -> Option<String> {
        let text = self
            .0
            .decode_without_bom_handling_and_without_replacement(bytes)?;
        Some(text.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_no_charset_that_only_stands_for_replacement() {
        assert_eq!(Charset::labelled("iso-2022-kr"), None);
        assert_eq!(Charset::labelled("klingon"), None);
    }
}
