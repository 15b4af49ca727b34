//! Classes of characters (ECMA-262 §22.2.1).

use std::fmt::Write;

use super::{ANYTHING, Fault, NOT_SPACE, NOTHING, SPACE, Translator, WORD};

impl Translator<'_> {
    /// A class, of which the opening bracket was read.
    pub(super) fn class(&mut self) -> Result<(), Fault> {
        let is_negated = self.next_is('^');
        let mut items = String::new();
        let mut pending: Option<u32> = None;
        loop {
            match self.rest.next() {
                None => return self.fault("a class is not closed"),
                Some(']') => break,
                Some('-') if pending.is_some() && self.rest.peek().is_some_and(|next| *next != ']') => {
                    let from = pending.take().unwrap_or_default();
                    match self.class_atom(&mut items)? {
                        Some(to) if to < from => return self.fault("a range is out of order"),
                        Some(to) => push_range(&mut items, from, to),
                        // A class of characters ends no range: the hyphen stands for itself.
                        None => {
                            push_range(&mut items, from, from);
                            push_range(&mut items, u32::from('-'), u32::from('-'));
                        }
                    }
                }
                Some(character) => {
                    let atom = self.class_character(character, &mut items)?;
                    if let Some(before) = std::mem::replace(&mut pending, atom) {
                        push_range(&mut items, before, before);
                    }
                }
            }
        }
        if let Some(last) = pending {
            push_range(&mut items, last, last);
        }
        match (items.is_empty(), is_negated) {
            (true, false) => self.out.push_str(NOTHING),
            (true, true) => self.out.push_str(ANYTHING),
            (false, false) => {
                let _ = write!(self.out, "[{items}]");
            }
            (false, true) => {
                let _ = write!(self.out, "[^{items}]");
            }
        }
        Ok(())
    }

    fn class_atom(&mut self, items: &mut String) -> Result<Option<u32>, Fault> {
        match self.rest.next() {
            Some(character) => self.class_character(character, items),
            None => self.fault("a class is not closed"),
        }
    }

    /// The code of one character of a class; `None` for an escape that stands for several, which is added to `items`.
    fn class_character(&mut self, character: char, items: &mut String) -> Result<Option<u32>, Fault> {
        if character != '\\' {
            return Ok(Some(u32::from(character)));
        }
        let Some(escaped) = self.rest.next() else {
            return self.fault("it ends with a backslash");
        };
        match escaped {
            'd' => items.push_str("0-9"),
            'D' => items.push_str("[^0-9]"),
            'w' => items.push_str(WORD),
            'W' => {
                let _ = write!(items, "[^{WORD}]");
            }
            's' => items.push_str(SPACE),
            'S' => items.push_str(NOT_SPACE),
            'p' | 'P' => items.push_str(&self.property(escaped)?),
            'b' => return Ok(Some(0x08)),
            other => return self.character_escape(other).map(Some),
        }
        Ok(None)
    }
}

/// Adds a range to the inside of a class, without the surrogates, which no text contains.
fn push_range(items: &mut String, from: u32, to: u32) {
    let from = if (0xD800..0xE000).contains(&from) {
        0xE000
    } else {
        from
    };
    let to = if (0xD800..0xE000).contains(&to) {
        0xD7FF
    } else {
        to
    };
    if from < to {
        let _ = write!(items, r"\x{{{from:X}}}-\x{{{to:X}}}");
    } else if from == to {
        let _ = write!(items, r"\x{{{from:X}}}");
    }
}
