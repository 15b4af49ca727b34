//! The variable parts of a matched path, and the path cut into segments.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::percent::{self, BadEncoding};

/// The decoded variable parts of a matched path, in pattern order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captures<'p>(
    pub SmallVec<[Cow<'p, str>; 4]>,
    // Most paths have no escapes, and then this allocates nothing.
    Vec<(usize, &'p str)>,
);

impl<'p> Captures<'p> {
    /// The part with this index as it was sent, when it has escapes: an escaped delimiter is data, which the decoded
    /// text does not show (RFC 3986 §2.2).
    pub fn encoded(&self, index: usize) -> Option<&'p str> {
        let (_, raw) = self.1.iter().find(|(known, _)| *known == index)?;
        Some(raw)
    }

    /// Adds a part; `raw` counts only when the part had escapes, and so is not borrowed.
    pub(super) fn push(&mut self, text: Cow<'p, str>, raw: &'p str) {
        if matches!(text, Cow::Owned(_)) {
            self.1.push((self.0.len(), raw));
        }
        self.0.push(text);
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
        self.1.retain(|(index, _)| *index < length);
    }
}

/// One segment of a request path.
#[derive(Debug)]
pub(super) struct PathSegment<'p> {
    /// The decoded text; borrowed from the path unless it had escapes.
    pub(super) text: Cow<'p, str>,
    start: usize,
    end: usize,
}

/// A request path, cut at its slashes and decoded.
#[derive(Debug)]
pub(super) struct PathSegments<'p> {
    path: &'p str,
    has_escapes: bool,
    segments: SmallVec<[PathSegment<'p>; 8]>,
}

impl<'p> PathSegments<'p> {
    /// Cuts `path`, which starts with a slash, and decodes each segment for itself.
    pub(super) fn split(path: &'p str) -> Result<Self, BadEncoding> {
        let has_escapes = path.contains('%') && crate::Switch::PathDecoding.is_on();
        let mut segments = SmallVec::new();
        let mut start = 1;
        for raw in path.get(1..).unwrap_or_default().split('/') {
            let text = if has_escapes {
                percent::decode(raw)?
            } else {
                Cow::Borrowed(raw)
            };
            let end = start + raw.len();
            segments.push(PathSegment { text, start, end });
            start = end + 1;
        }
        Ok(Self {
            path,
            has_escapes,
            segments,
        })
    }

    /// The same path with its final slash added or taken away; `None` for the root, which has no other form.
    pub(super) fn toggle_trailing_slash(mut self) -> Option<Self> {
        match self.segments.last() {
            Some(last) if last.text.is_empty() => {
                self.segments.pop();
            }
            _ => {
                let end = self.path.len();
                self.segments.push(PathSegment {
                    text: Cow::Borrowed(""),
                    start: end,
                    end,
                });
            }
        }
        (!self.segments.is_empty()).then_some(self)
    }

    pub(super) fn len(&self) -> usize {
        self.segments.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Cow<'p, str>> {
        self.segments.get(index).map(|segment| &segment.text)
    }

    /// The segments from `start` up to `end` as they were sent.
    pub(super) fn raw(&self, start: usize, end: usize) -> &'p str {
        let range = match self.segments.get(start..end) {
            Some([first, .., last]) => first.start..last.end,
            Some([only]) => only.start..only.end,
            _ => return "",
        };
        self.path.get(range).unwrap_or_default()
    }

    /// The text of the segments from `start` up to `end`, joined by slashes.
    pub(super) fn join(&self, start: usize, end: usize) -> Cow<'p, str> {
        if !self.has_escapes {
            return Cow::Borrowed(self.raw(start, end));
        }
        let Some([first, rest @ ..]) = self.segments.get(start..end) else {
            return Cow::Borrowed("");
        };
        let mut joined = first.text.clone().into_owned();
        for segment in rest {
            joined.push('/');
            joined.push_str(&segment.text);
        }
        Cow::Owned(joined)
    }
}

/// The part of `text` in `range`, borrowed from the path where `text` is.
pub(super) fn slice<'p>(text: &Cow<'p, str>, range: std::ops::Range<usize>) -> Cow<'p, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(range).unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.get(range).unwrap_or_default().to_owned()),
    }
}

/// The part of `raw` that is the `range` of its decoded text.
pub(super) fn raw_slice(raw: &str, range: std::ops::Range<usize>) -> &str {
    let mut start = raw.len();
    let (mut at, mut decoded) = (0, 0);
    while at < raw.len() && decoded < range.end {
        if decoded == range.start {
            start = at;
        }
        at += if raw.as_bytes().get(at) == Some(&b'%') {
            3
        } else {
            1
        };
        decoded += 1;
    }
    raw.get(start.min(at)..at).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_escaped_part_of_a_decoded_range() {
        // Decoded: "é,b.c", of six bytes.
        let raw = "%C3%A9%2Cb.c";
        assert_eq!(raw_slice(raw, 0..2), "%C3%A9");
        assert_eq!(raw_slice(raw, 2..4), "%2Cb");
        assert_eq!(raw_slice(raw, 0..6), raw);
        assert_eq!(raw_slice(raw, 6..6), "");
    }

    #[test]
    fn forgets_what_was_sent_with_the_part() {
        let mut captures = Captures::default();
        captures.push(Cow::Borrowed("a"), "a");
        captures.push(Cow::Owned("b,".into()), "b%2C");
        assert_eq!((captures.encoded(0), captures.encoded(1)), (None, Some("b%2C")));
        captures.truncate(1);
        assert_eq!(captures.encoded(1), None);
    }
}
