//! The variable parts of a matched path, and the path cut into segments.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::percent::{self, BadEncoding};

/// The decoded variable parts of a matched path, in pattern order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captures<'p>(pub SmallVec<[Cow<'p, str>; 4]>);

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
        let has_escapes = path.contains('%');
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

    /// The text of the segments from `start` up to `end`, joined by slashes.
    pub(super) fn join(&self, start: usize, end: usize) -> Cow<'p, str> {
        let Some([first, rest @ ..]) = self.segments.get(start..end) else {
            return Cow::Borrowed("");
        };
        if !self.has_escapes {
            let last = rest.last().unwrap_or(first);
            return Cow::Borrowed(self.path.get(first.start..last.end).unwrap_or_default());
        }
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
