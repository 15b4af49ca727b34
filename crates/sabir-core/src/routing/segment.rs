//! One segment of a pattern.

use std::{borrow::Cow, cmp::Reverse, sync::Arc};

use smallvec::SmallVec;

use super::{
    captures::{Captures, raw_slice, slice},
    converter::{Converter, Test},
};

/// How many splits are tried for one variable in a segment of several. It bounds the work that a long segment of
/// separators can cause; a converter that needs more than this many separators inside its text is unheard of.
const SPLITS_TRIED: usize = 32;

/// One segment of a pattern.
#[derive(Debug, Clone)]
pub(super) enum Segment {
    /// This very text, decoded. The empty text stands for a final slash.
    Literal(Box<str>),
    /// Variables, with literals around them.
    Variables(Template),
    /// The rest of the path, or as much as the following segments leave.
    Wildcard(Variable),
}

/// A segment such as `{name}.json`: a prefix, then each variable with the literal that follows it.
#[derive(Debug, Clone)]
pub(super) struct Template {
    pub(super) prefix: Box<str>,
    /// Only the last variable may have an empty literal after it.
    pub(super) parts: Vec<(Variable, Box<str>)>,
}

/// A named part of a path.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub(super) name: Box<str>,
    pub(super) converter: Arc<Converter>,
}

/// How specific a segment is; the smaller wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    class: Class,
    prefix: Reverse<usize>,
    suffix: Reverse<usize>,
    literals: Reverse<usize>,
    converters: SmallVec<[u32; 2]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Literal,
    Typed,
    Plain,
    Wildcard,
}

impl Segment {
    /// The variables of this segment, in order.
    pub(super) fn variables(&self) -> impl Iterator<Item = &Variable> {
        let (template, wildcard) = match self {
            Self::Literal(_) => (None, None),
            Self::Variables(template) => (Some(template), None),
            Self::Wildcard(variable) => (None, Some(variable)),
        };
        template
            .into_iter()
            .flat_map(|template| template.parts.iter().map(|(variable, _)| variable))
            .chain(wildcard)
    }

    /// How specific this segment is.
    pub(super) fn rank(&self) -> Rank {
        let plain = |class| Rank {
            class,
            prefix: Reverse(0),
            suffix: Reverse(0),
            literals: Reverse(0),
            converters: SmallVec::new(),
        };
        match self {
            Self::Literal(_) => plain(Class::Literal),
            Self::Wildcard(_) => plain(Class::Wildcard),
            Self::Variables(template) => template.rank(),
        }
    }

    /// Whether some text matches this segment and `other` and neither is more specific.
    pub(super) fn is_ambiguous_with(&self, other: &Self) -> bool {
        self.rank() == other.rank()
            && match (self, other) {
                (Self::Literal(a), Self::Literal(b)) => a == b,
                (Self::Variables(a), Self::Variables(b)) => a.overlaps(b),
                _ => true,
            }
    }

    /// Whether both match the same texts; names do not count.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Literal(a), Self::Literal(b)) => a == b,
            (Self::Variables(a), Self::Variables(b)) => a.is_same(b),
            (Self::Wildcard(_), Self::Wildcard(_)) => true,
            _ => false,
        }
    }
}

impl Template {
    /// The last literal, after every variable.
    fn suffix(&self) -> &str {
        self.parts.last().map_or("", |(_, literal)| literal)
    }

    /// How specific this segment is.
    pub(super) fn rank(&self) -> Rank {
        let is_typed = self
            .parts
            .iter()
            .any(|(variable, _)| !matches!(variable.converter.test, Test::Any));
        let between: usize = self.parts.iter().map(|(_, literal)| literal.len()).sum();
        Rank {
            class: if is_typed { Class::Typed } else { Class::Plain },
            prefix: Reverse(self.prefix.len()),
            suffix: Reverse(self.suffix().len()),
            literals: Reverse(self.prefix.len() + between),
            converters: self
                .parts
                .iter()
                .map(|(variable, _)| variable.converter.order)
                .collect(),
        }
    }

    /// Whether both match the same texts; names do not count.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.prefix == other.prefix
            && self.parts.len() == other.parts.len()
            && self
                .parts
                .iter()
                .zip(&other.parts)
                .all(|((a, after_a), (b, after_b))| after_a == after_b && a.converter.is_same(&b.converter))
    }

    /// Whether a text may match both, given that the ranks are equal.
    fn overlaps(&self, other: &Self) -> bool {
        self.prefix == other.prefix
            && self.suffix() == other.suffix()
            && self
                .parts
                .iter()
                .zip(&other.parts)
                .all(|((a, _), (b, _))| a.converter.overlaps(&b.converter))
    }

    /// Appends the variable parts of `text`, which was sent as `raw` and may be left half done when it does not match.
    ///
    /// Each variable but the last takes the shortest text that fits it, so `{a}-{b}` reads `x-y-z` as `x`, `y-z`.
    #[expect(
        clippy::ptr_arg,
        reason = "what is captured borrows from the path exactly when the text does"
    )]
    pub(super) fn capture<'p>(&self, text: &Cow<'p, str>, raw: &'p str, captures: &mut Captures<'p>) -> bool {
        let Some((last, before)) = self.parts.split_last() else {
            return false;
        };
        let end = text.len().saturating_sub(last.1.len());
        let mut start = self.prefix.len();
        if start > end || !text.starts_with(&*self.prefix) || !text.ends_with(&*last.1) {
            return false;
        }
        let mut push = |range: std::ops::Range<usize>| {
            let part = slice(text, range.clone());
            let is_borrowed = matches!(part, Cow::Borrowed(_));
            captures.push(part, if is_borrowed { "" } else { raw_slice(raw, range) });
        };
        for (variable, separator) in before {
            let Some(rest) = text.get(start..end) else {
                return false;
            };
            let Some((length, _)) = rest
                .match_indices(&**separator)
                .take(SPLITS_TRIED)
                .find(|(length, _)| variable.converter.fits(rest.get(..*length).unwrap_or_default()))
            else {
                return false;
            };
            push(start..start + length);
            start += length + separator.len();
        }
        let fits = text
            .get(start..end)
            .is_some_and(|rest| last.0.converter.fits(rest));
        if fits {
            push(start..end);
        }
        fits
    }
}
