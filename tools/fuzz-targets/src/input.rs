//! From arbitrary bytes to the pieces that a target works on.

use std::borrow::Cow;

/// The bytes that are not used yet.
#[derive(Debug)]
pub(crate) struct Input<'a>(pub(crate) &'a [u8]);

impl<'a> Input<'a> {
    /// The next byte, or 0 after the last.
    pub(crate) fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    /// The bytes up to the next line feed, or all that are left.
    pub(crate) fn line(&mut self) -> &'a [u8] {
        let end = self.0.iter().position(|byte| *byte == b'\n');
        let (line, rest) = match end {
            Some(end) => (&self.0[..end], &self.0[end + 1..]),
            None => (self.0, &[][..]),
        };
        self.0 = rest;
        line
    }

    /// The next line as text; what is not UTF-8 is replaced.
    pub(crate) fn text(&mut self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.line())
    }

    /// Up to `limit` lines of text, ended by an empty line or the end of the input.
    pub(crate) fn texts(&mut self, limit: usize) -> Vec<Cow<'a, str>> {
        std::iter::from_fn(|| (!self.0.is_empty()).then(|| self.text()))
            .take(limit)
            .take_while(|line| !line.is_empty())
            .collect()
    }
}
