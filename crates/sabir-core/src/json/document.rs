//! A large JSON text, read in place: checked once, then walked without a tree.
//!
//! A tree takes many times the memory of its text: `0,` are two bytes, and a value is forty. A text that does not fit its
//! schema is therefore found out before a tree is made of it. A tree is walked several times faster, though, so that one is made
//! of every smaller text.

use std::borrow::Cow;

use super::read::{JsonLimits, check, unescape};
use crate::Problem;

/// From how many bytes on a text is read in place.
pub(crate) const LARGE: usize = 256 * 1024;

/// What is at least this long is looked up when it is skipped; what is shorter is read again, which is as fast.
pub(super) const LONG: usize = 64;

/// A JSON text that is known to be well formed.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    text: &'t str,
    /// The values of [`LONG`] bytes or more, by where they begin.
    long: Vec<Long>,
    /// Where the names begin that a later member of the same object has again, in order.
    superseded: Vec<u32>,
    has_only_doubles: bool,
}

/// A value that takes many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Long {
    pub(super) start: u32,
    pub(super) end: u32,
    /// How many elements or members it has.
    pub(super) count: u32,
}

/// What [`check`] notes.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) long: Vec<Long>,
    pub(super) superseded: Vec<u32>,
    pub(super) has_only_doubles: bool,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            long: Vec::new(),
            superseded: Vec::new(),
            has_only_doubles: true,
        }
    }
}

impl<'t> Document<'t> {
    /// Checks `bytes` as [`parse`](super::parse) does, without making a value of them. They must be fewer than 4 GiB.
    ///
    /// # Errors
    /// As [`parse`](super::parse).
    pub(crate) fn read(bytes: &'t [u8], limits: &JsonLimits) -> Result<Self, Problem> {
        let (text, mut index) = check(bytes, limits)?;
        index.long.sort_unstable();
        index.superseded.sort_unstable();
        Ok(Self {
            text,
            long: index.long,
            superseded: index.superseded,
            has_only_doubles: index.has_only_doubles,
        })
    }

    /// Whether a reader that makes doubles of all numbers reads them exactly.
    pub(crate) fn has_only_doubles(&self) -> bool {
        self.has_only_doubles
    }

    /// The whole value.
    pub(crate) fn root(&self) -> Cursor<'_> {
        self.cursor(0)
    }

    /// The value that begins at or after `at`.
    pub(crate) fn cursor(&self, at: usize) -> Cursor<'_> {
        Cursor {
            document: self,
            at: self.skip_space(at),
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or_default()
    }

    fn skip_space(&self, mut at: usize) -> usize {
        while let b' ' | b'\n' | b'\r' | b'\t' = self.byte(at) {
            at += 1;
        }
        at
    }

    /// Where the value that begins at `at` ends.
    fn end(&self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        match self.byte(at) {
            b'"' => self.string_end(at),
            b'[' | b'{' => self.container_end(at),
            _ => bytes[at..]
                .iter()
                .position(|byte| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t'))
                .map_or(bytes.len(), |length| at + length),
        }
    }

    fn string_end(&self, at: usize) -> usize {
        let mut place = at + 1;
        while place < at + LONG {
            match self.byte(place) {
                b'"' => return place + 1,
                b'\\' => place += 2,
                _ => place += 1,
            }
        }
        self.long_end(at)
    }

    fn container_end(&self, at: usize) -> usize {
        let (mut place, mut depth) = (at, 0_usize);
        while place < at + LONG {
            match self.byte(place) {
                b'"' => {
                    place = self.string_end(place);
                    continue;
                }
                b'[' | b'{' => depth += 1,
                b']' | b'}' if depth == 1 => return place + 1,
                b']' | b'}' => depth -= 1,
                _ => {}
            }
            place += 1;
        }
        self.long_end(at)
    }

    fn long_end(&self, at: usize) -> usize {
        self.long(at).map_or(self.text.len(), |long| long.end as usize)
    }

    fn long(&self, at: usize) -> Option<Long> {
        let found = self.long.binary_search_by_key(&at, |long| long.start as usize);
        found.ok().map(|index| self.long[index])
    }

    fn is_superseded(&self, at: usize) -> bool {
        let known = |start: &u32| *start as usize;
        !self.superseded.is_empty() && self.superseded.binary_search_by_key(&at, known).is_ok()
    }

    /// The content of the string that begins at `at`.
    fn string(&self, at: usize) -> Cow<'_, str> {
        unescape(&self.text[at + 1..self.string_end(at) - 1])
    }
}

/// One value of a [`Document`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'d> {
    document: &'d Document<'d>,
    at: usize,
}

impl<'d> Cursor<'d> {
    /// Where the value begins.
    pub(crate) fn offset(self) -> usize {
        self.at
    }

    /// Where the value begins in memory, which no other value of any document shares.
    pub(crate) fn address(self) -> usize {
        self.document.text.as_ptr().addr() + self.at
    }

    /// The document that the value is a part of.
    pub(crate) fn document(self) -> &'d Document<'d> {
        self.document
    }

    /// The byte that tells the kind of value.
    pub(crate) fn first(self) -> u8 {
        self.document.byte(self.at)
    }

    /// The value's text: for numbers.
    pub(crate) fn text(self) -> &'d str {
        &self.document.text[self.at..self.document.end(self.at)]
    }

    /// A string's content.
    pub(crate) fn string(self) -> Cow<'d, str> {
        self.document.string(self.at)
    }

    /// How many elements or members there are, without looking at all of many.
    pub(crate) fn count(self) -> usize {
        match self.document.long(self.at) {
            Some(long) => long.count as usize,
            None if self.first() == b'[' => self.elements().count(),
            None => self.members().count(),
        }
    }

    /// An array's elements.
    pub(crate) fn elements(self) -> Elements<'d> {
        Elements {
            document: self.document,
            next: self.at + 1,
        }
    }

    /// An object's members; of those with the same name the last one only.
    pub(crate) fn members(self) -> Members<'d> {
        Members {
            document: self.document,
            next: self.at + 1,
        }
    }
}

/// The elements of an array.
#[derive(Debug)]
pub(crate) struct Elements<'d> {
    document: &'d Document<'d>,
    next: usize,
}

impl<'d> Iterator for Elements<'d> {
    type Item = Cursor<'d>;

    fn next(&mut self) -> Option<Cursor<'d>> {
        let start = self.document.item(&mut self.next)?;
        self.next = self.document.end(start);
        Some(Cursor {
            document: self.document,
            at: start,
        })
    }
}

/// The members of an object.
#[derive(Debug)]
pub(crate) struct Members<'d> {
    document: &'d Document<'d>,
    next: usize,
}

impl<'d> Iterator for Members<'d> {
    type Item = (Cow<'d, str>, Cursor<'d>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let name = self.document.item(&mut self.next)?;
            let colon = self.document.skip_space(self.document.string_end(name));
            let at = self.document.skip_space(colon + 1);
            self.next = self.document.end(at);
            if !self.document.is_superseded(name) {
                let value = Cursor {
                    document: self.document,
                    at,
                };
                return Some((self.document.string(name), value));
            }
        }
    }
}

impl Document<'_> {
    /// Where the next element or name begins at or after `next`, `None` at the end of the array or object.
    fn item(&self, next: &mut usize) -> Option<usize> {
        let mut at = self.skip_space(*next);
        if self.byte(at) == b',' {
            at = self.skip_space(at + 1);
        }
        *next = at;
        (!matches!(self.byte(at), b']' | b'}' | 0)).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Map, Value,
        json::{number::number, parse},
        settings::DuplicateKeys,
    };

    const LIMITS: JsonLimits = JsonLimits {
        depth: 128,
        digits: 640,
        duplicate_keys: DuplicateKeys::Last,
    };

    fn build(cursor: Cursor<'_>) -> Value {
        match cursor.first() {
            b'n' => Value::Null,
            b't' | b'f' => Value::Bool(cursor.first() == b't'),
            b'"' => Value::String(cursor.string().as_ref().into()),
            b'[' => Value::Array(cursor.elements().map(build).collect()),
            b'{' => {
                let members = cursor
                    .members()
                    .map(|(name, value)| (name.as_ref().into(), build(value)));
                Value::Object(Map(members.collect()))
            }
            _ => number(cursor.text(), !cursor.text().contains(['.', 'e', 'E'])),
        }
    }

    #[test]
    fn is_walked_as_the_tree_is() {
        let long = "é\\u00e9\\n".repeat(40);
        let nested = format!("{}{}", "[".repeat(100), "]".repeat(100));
        for text in [
            "1",
            " [ ] ",
            "{ }",
            "[1,-2.5e3, true ,false,null,\"a\\\"]\"]",
            &format!("[\"{long}\",{nested}, {{\"{long}\": [\"{long}\", 1], \"a\":{nested}}},2]"),
            &format!("{{\"a\\u0062\":[{nested}],\"c\":{{\"d\":\"{long}\"}} , \"e\":1.0}}"),
        ] {
            let document = Document::read(text.as_bytes(), &LIMITS).unwrap();
            assert_eq!(
                build(document.root()),
                parse(text.as_bytes(), &LIMITS).unwrap(),
                "{text}"
            );
        }
    }

    #[test]
    fn sees_the_last_of_several_members_of_a_name() {
        let many: String = (0..40)
            .map(|number| format!("\"k{}\":{number},", number % 30))
            .collect();
        let text = format!("{{{many}\"a\":1,\"\\u0061\":2}}");
        let document = Document::read(text.as_bytes(), &LIMITS).unwrap();
        let members: Vec<_> = document.root().members().collect();
        assert_eq!(members.len(), 31);
        let last = |name: &str| {
            let found = members.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.text())
        };
        assert_eq!((last("k3"), last("a")), (Some("33"), Some("2")));
    }

    #[test]
    fn refuses_what_the_reader_refuses() {
        let strict = JsonLimits {
            duplicate_keys: DuplicateKeys::Refuse,
            depth: 3,
            ..LIMITS
        };
        let many: String = (0..40).map(|number| format!("\"k{number}\":1,")).collect();
        for text in [
            "[1,]",
            "{\"a\":1,\"a\":2}",
            "{\"a\":1,\"\\u0061\":2}",
            &format!("{{{many}\"k\\u0033\":1}}"),
            "[[[[]]]]",
            "\"\\ud800\"",
            "1 2",
            "1e999",
        ] {
            let ours = Document::read(text.as_bytes(), &strict).unwrap_err();
            let theirs = parse(text.as_bytes(), &strict).unwrap_err();
            assert_eq!(ours.detail, theirs.detail, "{text}");
        }
    }
}
