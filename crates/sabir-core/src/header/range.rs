//! Parts of a representation that a client asks for (RFC 9110 §14).

use std::ops::Range;

/// The most parts that are sent. A client that asks for more gets the whole.
const MOST_PARTS: usize = 64;

/// What a `Range` field asks for.
///
/// ```
/// use sabir_core::header::range::Ranges;
///
/// assert_eq!(Ranges::of("bytes=0-1, -3", 10), Ranges::Parts(vec![0..2, 7..10]));
/// assert_eq!(Ranges::of("bytes=10-", 10), Ranges::Unsatisfiable);
/// assert_eq!(Ranges::of("lines=1-2", 10), Ranges::Whole);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ranges {
    /// The whole representation: the field is not well formed, has another unit, or asks for more than there is.
    Whole,
    /// These bytes, one part or more, in the order in which the client names them.
    Parts(Vec<Range<u64>>),
    /// Nothing that the representation has (416).
    Unsatisfiable,
}

impl Ranges {
    /// What `field` asks of a representation of `size` bytes.
    ///
    /// Parts that the representation does not have are left out (§14.2). Parts that overlap, so that they are more than the
    /// whole together, cost a server more than they are of use to anybody (§17.15): the whole is sent.
    pub fn of(field: &str, size: u64) -> Self {
        let Some((unit, set)) = field.split_once('=') else {
            return Self::Whole;
        };
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return Self::Whole;
        }
        let (mut parts, mut total, mut count) = (Vec::new(), 0_u64, 0_usize);
        for spec in set.split(',').map(|spec| spec.trim_matches([' ', '\t'])) {
            // A list may have empty elements (§5.6.1).
            if spec.is_empty() {
                continue;
            }
            let Some(part) = part(spec, size) else {
                return Self::Whole;
            };
            count += 1;
            if part.is_empty() {
                continue;
            }
            total = total.saturating_add(part.end - part.start);
            if count > MOST_PARTS || total > size {
                return Self::Whole;
            }
            parts.push(part);
        }
        match (count, parts.is_empty()) {
            (0, _) => Self::Whole,
            (_, true) => Self::Unsatisfiable,
            (_, false) => Self::Parts(parts),
        }
    }
}

/// The bytes of one `range-spec`; none where the representation does not have it, `None` where it is not well formed.
fn part(spec: &str, size: u64) -> Option<Range<u64>> {
    let (first, last) = spec.split_once('-')?;
    if first.is_empty() {
        let length = position(last)?.min(size);
        return Some(size - length..size);
    }
    let first = position(first)?;
    let end = if last.is_empty() {
        size
    } else {
        let last = position(last)?;
        if last < first {
            return None;
        }
        last.saturating_add(1).min(size)
    };
    Some(first.min(end)..end)
}

/// `1*DIGIT`. What is too large for a number is beyond every end.
fn position(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::single_range_in_vec_init, reason = "a list of one part is meant")]

    use super::Ranges::{self, Parts, Unsatisfiable, Whole};

    #[test]
    fn reads_the_examples_of_the_standard() {
        for (field, parts) in [
            ("bytes=0-499", vec![0..500]),
            ("bytes=500-999", vec![500..1000]),
            ("bytes=-500", vec![9500..10_000]),
            ("bytes=9500-", vec![9500..10_000]),
            ("bytes=0-0,-1", vec![0..1, 9999..10_000]),
            (
                "bytes= 0-999, 4500-5499, -1000",
                vec![0..1000, 4500..5500, 9000..10_000],
            ),
            ("bytes=500-600,601-999", vec![500..601, 601..1000]),
            ("bytes=500-700,601-999", vec![500..701, 601..1000]),
        ] {
            assert_eq!(Ranges::of(field, 10_000), Parts(parts), "{field}");
        }
    }

    #[test]
    fn takes_what_there_is() {
        for (field, ranges) in [
            ("bytes=5-100", Parts(vec![5..10])),
            ("bytes=-100", Parts(vec![0..10])),
            ("BYTES=0-0", Parts(vec![0..1])),
            ("bytes=,0-0,,", Parts(vec![0..1])),
            ("bytes=0-99999999999999999999999", Parts(vec![0..10])),
            ("bytes=3-4,20-30", Parts(vec![3..5])),
            ("bytes=10-", Unsatisfiable),
            ("bytes=99999999999999999999999-", Unsatisfiable),
            ("bytes=-0", Unsatisfiable),
            ("bytes=20-30,40-50", Unsatisfiable),
        ] {
            assert_eq!(Ranges::of(field, 10), ranges, "{field}");
        }
        assert_eq!(Ranges::of("bytes=0-", 0), Unsatisfiable);
        assert_eq!(Ranges::of("bytes=-1", 0), Unsatisfiable);
    }

    #[test]
    fn ignores_what_is_not_well_formed() {
        for field in [
            "",
            "bytes",
            "bytes=",
            "bytes=,",
            "bytes=a-b",
            "bytes=1",
            "bytes=-",
            "bytes=5-4",
            "bytes=+1-2",
            "bytes=1 - 2",
            "bytes=0-1;",
            "lines=0-1",
            "bytes=--1",
            "bytes=0-1,x",
        ] {
            assert_eq!(Ranges::of(field, 10), Whole, "{field}");
        }
    }

    #[test]
    fn sends_no_more_than_the_whole() {
        assert_eq!(Ranges::of("bytes=0-,0-", 10), Whole);
        let many = |count: usize| format!("bytes={}", vec!["0-0"; count].join(","));
        assert!(matches!(Ranges::of(&many(64), 1000), Parts(_)));
        assert_eq!(Ranges::of(&many(65), 1000), Whole);
    }
}
