//! The reader.

mod number;
mod object;
mod string;

use super::document::{Index, LONG, Long};
use crate::{Problem, Value, settings::DuplicateKeys};

pub(super) use string::unescape;

/// What a JSON text may contain.
#[derive(Debug, Clone, Copy)]
pub struct JsonLimits {
    /// How deeply arrays and objects may be nested.
    pub depth: usize,
    /// How many digits a number may have, with the zeros that its exponent stands for.
    pub digits: u64,
    /// What happens when an object has a name twice.
    pub duplicate_keys: DuplicateKeys,
}

impl JsonLimits {
    /// For text of the application, which is no client's.
    pub(crate) const OF_APPLICATION: Self = Self {
        depth: 512,
        digits: u64::MAX,
        duplicate_keys: DuplicateKeys::Last,
    };
}

/// Reads one JSON text.
///
/// # Errors
/// `bad-request` with the place: bad syntax, text that is not UTF-8, a byte order mark (RFC 8259 §8.1), too deep a
/// nesting, a name given twice, a number with too many digits.
pub fn parse(bytes: &[u8], limits: &JsonLimits) -> Result<Value, Problem> {
    let mut reader = Reader::<true>::new(utf8(bytes)?, limits);
    reader.whole().map_err(|problem| *problem)
}

/// Reads one JSON text without keeping its values.
///
/// # Errors
/// As [`parse`].
pub(super) fn check<'t>(bytes: &'t [u8], limits: &JsonLimits) -> Result<(&'t str, Index), Problem> {
    let text = utf8(bytes)?;
    let mut reader = Reader::<false>::new(text, limits);
    reader.whole().map_err(|problem| *problem)?;
    Ok((text, reader.index))
}

fn utf8(bytes: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        let place = error.valid_up_to();
        Problem::bad_request(format!("The JSON text is not UTF-8 at byte {place}."))
    })
}

/// A part of the text, or what is wrong with it: boxed, since it is rare and large.
type Read<T> = Result<T, Box<Problem>>;

/// Reads a text. What is not to be kept is only checked: every value is null then.
struct Reader<'a, const KEEP: bool> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    limits: &'a JsonLimits,
    index: Index,
    /// How many elements or members the array or object has that was read last.
    count: u32,
}

impl<'a, const KEEP: bool> Reader<'a, KEEP> {
    fn new(text: &'a str, limits: &'a JsonLimits) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            limits,
            index: Index::default(),
            count: 0,
        }
    }

    fn whole(&mut self) -> Read<Value> {
        self.skip_space();
        let value = self.value(0)?;
        self.skip_space();
        if self.at < self.bytes.len() {
            return Err(self.fault("there is data after the JSON value"));
        }
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// A problem with the line and the column of the current place, both from 1.
    fn fault(&self, what: &str) -> Box<Problem> {
        let before = &self.bytes[..self.at.min(self.bytes.len())];
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        Box::new(Problem::bad_request(format!(
            "The JSON text is malformed at line {line}, column {column}: {what}."
        )))
    }

    fn unexpected(&self, wanted: &str) -> Box<Problem> {
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(character) => self.fault(&format!("expected {wanted}, found {character:?}")),
            None => self.fault(&format!("expected {wanted}, but the text ends")),
        }
    }

    fn value(&mut self, depth: usize) -> Read<Value> {
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') if KEEP => self.object(depth + 1),
            Some(b'{') => self.checked_object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') if KEEP => self.string().map(Value::String),
            Some(b'"') => self.checked_string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.unexpected("a value")),
        };
        if !KEEP {
            let count = std::mem::take(&mut self.count);
            self.note(start, count);
        }
        value
    }

    /// Notes where the value or the name that begins at `start` ends, when that is far away.
    fn note(&mut self, start: usize, count: u32) {
        if self.at - start >= LONG
            && let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(self.at))
        {
            self.index.long.push(Long { start, end, count });
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Read<Value> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.unexpected("a value"))
    }

    fn check_depth(&self, depth: usize) -> Read<()> {
        if depth > self.limits.depth {
            return Err(self.fault(&format!(
                "the nesting is deeper than {} levels",
                self.limits.depth
            )));
        }
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Read<Value> {
        self.check_depth(depth)?;
        self.at += 1;
        let mut items = Vec::new();
        let mut count = 0;
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            self.skip_space();
            let item = self.value(depth)?;
            if KEEP {
                items.push(item);
            } else {
                count += 1;
            }
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.unexpected("a comma or a closing bracket")),
            }
        }
        self.at += 1;
        self.count = count;
        Ok(Value::Array(items))
    }
}

#[cfg(test)]
mod tests;
