//! The names of an object's members, held by where they are.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::read::unescape;

/// Up to so many names are compared one by one.
const FEW: usize = 16;

/// The names of one object that were read so far. Where there are many, each takes four bytes, so that an object of a million
/// short names takes less than its text.
pub(super) struct Names<'t> {
    text: &'t str,
    few: Vec<Name>,
    many: Option<(RandomState, HashTable<u32>)>,
}

/// Where a name is, with its quotation marks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it has escapes; others are compared as they stand.
    pub(super) has_escapes: bool,
}

impl Name {
    fn raw(self, text: &str) -> &str {
        &text[self.start + 1..self.end - 1]
    }

    fn is_same(self, other: Self, text: &str) -> bool {
        if self.has_escapes || other.has_escapes {
            return unescape(self.raw(text)) == unescape(other.raw(text));
        }
        self.raw(text) == other.raw(text)
    }
}

impl<'t> Names<'t> {
    /// No names yet, of an object in `text`.
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            few: Vec::new(),
            many: None,
        }
    }

    /// Adds a name. Returns where the same name was before.
    pub(super) fn add(&mut self, added: Name) -> Option<u32> {
        let place = u32::try_from(added.start).ok()?;
        let text = self.text;
        if let Some((state, table)) = &mut self.many {
            let name = unescape(added.raw(text));
            let hash = state.hash_one(&*name);
            if let Some(known) = table.find_mut(hash, |other| name_at(text, *other) == name) {
                return Some(std::mem::replace(known, place));
            }
            table.insert_unique(hash, place, |other| state.hash_one(&*name_at(text, *other)));
            return None;
        }
        if let Some(known) = self.few.iter_mut().find(|other| other.is_same(added, text)) {
            return u32::try_from(std::mem::replace(known, added).start).ok();
        }
        self.few.push(added);
        if self.few.len() > FEW {
            let state = RandomState::new();
            let mut table = HashTable::new();
            let hash = |place: &u32| state.hash_one(&*name_at(text, *place));
            let places = self
                .few
                .drain(..)
                .filter_map(|name| u32::try_from(name.start).ok());
            for place in places {
                table.insert_unique(hash(&place), place, hash);
            }
            self.many = Some((state, table));
        }
        None
    }
}

/// The name whose first quotation mark is at `place`; its last one is the first that is not escaped.
fn name_at(text: &str, place: u32) -> std::borrow::Cow<'_, str> {
    let start = place as usize + 1;
    let bytes = text.as_bytes();
    let mut end = start;
    loop {
        match memchr::memchr2(b'"', b'\\', bytes.get(end..).unwrap_or_default()) {
            Some(length) if bytes[end + length] == b'\\' => end += length + 2,
            Some(length) => return unescape(&text[start..end + length]),
            None => return unescape(&text[start..]),
        }
    }
}
