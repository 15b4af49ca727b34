//! Objects, and names that they have twice.

use std::collections::HashMap;

use super::{Read, Reader, unescape};
use crate::{
    Map, Text, Value,
    json::names::{Name, Names},
    settings::DuplicateKeys,
};

/// Objects up to this size are searched name by name for duplicates; larger ones through a hash map.
const SMALL_OBJECT: usize = 16;

impl<const KEEP: bool> Reader<'_, KEEP> {
    pub(super) fn object(&mut self, depth: usize) -> Read<Value> {
        self.check_depth(depth)?;
        self.at += 1;
        let mut members: Vec<(Text, Value)> = Vec::new();
        let mut places = None;
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(Map(members)));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a name in quotation marks"));
            }
            let start = self.at;
            let name = self.string()?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("a colon"));
            }
            self.at += 1;
            self.skip_space();
            let earlier = position(&members, &mut places, &name);
            if earlier.is_some() && self.limits.duplicate_keys == DuplicateKeys::Refuse {
                self.at = start;
                return Err(self.fault(&format!("the name {name:?} is given twice")));
            }
            let value = self.value(depth)?;
            match earlier {
                Some(index) => members[index].1 = value,
                None => members.push((name, value)),
            }
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.unexpected("a comma or a closing brace")),
            }
        }
        self.at += 1;
        Ok(Value::Object(Map(members)))
    }

    /// An object of which only the names are looked at, for those that are given twice.
    pub(super) fn checked_object(&mut self, depth: usize) -> Read<Value> {
        self.check_depth(depth)?;
        self.at += 1;
        let mut names = Names::new(self.text);
        let mut count = 0;
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Null);
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a name in quotation marks"));
            }
            let start = self.at;
            let has_escapes = self.skip_string()?;
            self.note(start, 0);
            let end = self.at;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("a colon"));
            }
            self.at += 1;
            self.skip_space();
            let name = Name {
                start,
                end,
                has_escapes,
            };
            if let Some(earlier) = names.add(name) {
                if self.limits.duplicate_keys == DuplicateKeys::Refuse {
                    self.at = start;
                    let name = unescape(&self.text[start + 1..end - 1]);
                    return Err(self.fault(&format!("the name {name:?} is given twice")));
                }
                self.index.superseded.push(earlier);
            } else {
                count += 1;
            }
            self.value(depth)?;
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.unexpected("a comma or a closing brace")),
            }
        }
        self.at += 1;
        self.count = count;
        Ok(Value::Null)
    }
}

/// Where the member called `name` is, if there is one. `places` is made when there are too many members to look through;
/// a name that is new is entered there as the next member.
fn position(
    members: &[(Text, Value)],
    places: &mut Option<HashMap<Text, usize>>,
    name: &Text,
) -> Option<usize> {
    if members.len() < SMALL_OBJECT {
        return members.iter().position(|(existing, _)| existing == name);
    }
    let places =
        places.get_or_insert_with(|| (members.iter().map(|(name, _)| name.clone())).zip(0..).collect());
    let place = *places.entry(name.clone()).or_insert(members.len());
    (place < members.len()).then_some(place)
}
