//! The reader.

use std::{borrow::Cow, collections::HashMap};

use super::{
    document::{Index, LONG, Long},
    names::Names,
};
use crate::{Map, Problem, Text, Value, settings::DuplicateKeys};

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

/// Objects up to this size are searched name by name for duplicates; larger ones through a hash map.
const SMALL_OBJECT: usize = 16;

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

/// The content of a well-formed string, given without its quotation marks.
pub(super) fn unescape(raw: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let limits = JsonLimits {
        depth: 0,
        digits: 0,
        duplicate_keys: DuplicateKeys::Last,
    };
    let mut reader = Reader::<true>::new(raw, &limits);
    let mut text = String::with_capacity(raw.len());
    loop {
        let end = reader.plain_end();
        text.push_str(&raw[reader.at..end]);
        reader.at = end;
        match reader.escape() {
            Ok(character) if end < raw.len() => text.push(character),
            _ => return Cow::Owned(text),
        }
    }
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

    fn object(&mut self, depth: usize) -> Read<Value> {
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
    fn checked_object(&mut self, depth: usize) -> Read<Value> {
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
            self.checked_string()?;
            self.note(start, 0);
            let end = self.at;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("a colon"));
            }
            self.at += 1;
            self.skip_space();
            if let Some(earlier) = names.add(start, end) {
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

    fn checked_string(&mut self) -> Read<Value> {
        self.at += 1;
        loop {
            self.at = self.plain_end();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Value::Null);
                }
                Some(b'\\') => {
                    self.escape()?;
                }
                Some(_) => return Err(self.fault("a control character must be escaped")),
                None => return Err(self.fault("the string does not end")),
            }
        }
    }

    fn string(&mut self) -> Read<Text> {
        self.at += 1;
        let start = self.at;
        let end = self.plain_end();
        if self.bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(Text::from(&self.text[start..end]));
        }
        let mut text = Text::default();
        loop {
            let end = self.plain_end();
            text.push_str(&self.text[self.at..end]);
            self.at = end;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.fault("a control character must be escaped")),
                None => return Err(self.fault("the string does not end")),
            }
        }
    }

    /// Where the run of characters that stand for themselves ends.
    fn plain_end(&self) -> usize {
        self.at + plain_length(&self.bytes[self.at..])
    }

    fn escape(&mut self) -> Read<char> {
        let character = match self.bytes.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.fault("the escape is unknown")),
        };
        self.at += 2;
        Ok(character)
    }

    fn unicode_escape(&mut self) -> Read<char> {
        let high = self.hexadecimal(self.at + 2)?;
        if let Some(character) = char::from_u32(high) {
            self.at += 6;
            return Ok(character);
        }
        let follows = self.bytes.get(self.at + 6..self.at + 8) == Some(br"\u");
        if (0xD800..0xDC00).contains(&high) && follows {
            let low = self.hexadecimal(self.at + 8)?;
            if (0xDC00..0xE000).contains(&low) {
                let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                self.at += 12;
                return char::from_u32(code).ok_or_else(|| self.fault("the escape is no character"));
            }
        }
        Err(self.fault("half of a surrogate pair stands alone"))
    }

    fn hexadecimal(&self, at: usize) -> Read<u32> {
        let digits = self
            .bytes
            .get(at..at + 4)
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.fault("four hexadecimal digits must follow \\u"))
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return Err(self.unexpected("a digit")),
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            whole = false;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            whole = false;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        if is_too_long(text, whole, self.limits.digits) {
            self.at = start;
            let limit = self.limits.digits;
            return Err(self.fault(&format!("the number has more than {limit} digits")));
        }
        Ok(if KEEP { number(text, whole) } else { Value::Null })
    }

    fn digits(&mut self) -> Read<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start {
            Err(self.unexpected("a digit"))
        } else {
            Ok(())
        }
    }
}

/// How many bytes at the beginning stand for themselves in a string (RFC 8259 §7). Eight are looked at together.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH_BITS: u64 = ONES << 7;
    let (words, rest) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // A byte that is smaller than what is taken from it borrows, which sets its high bit. The borrow may set bits
        // of later bytes too, but the first one is right.
        let control = word.wrapping_sub(ONES * 0x20);
        let quotation_mark = (word ^ (ONES * u64::from(b'"'))).wrapping_sub(ONES);
        let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
        let special = (control | quotation_mark | backslash) & !word & HIGH_BITS;
        if special != 0 {
            return index * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    words.len() * 8 + rest.iter().position(is_special).unwrap_or(rest.len())
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

/// Whether the well-formed number `text` has more than `limit` digits when it is written out, without an exponent.
///
/// Whoever makes an integer of `1e999999999` or of a million digits needs far more time and memory than it takes to send
/// them.
pub(crate) fn is_too_long(text: &str, whole: bool, limit: u64) -> bool {
    let length = text.len() as u64;
    if whole || !text.contains(['e', 'E']) {
        // Without the signs that are no digits, the text is not much longer than the number.
        return length > limit && text.bytes().filter(u8::is_ascii_digit).count() as u64 > limit;
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count() as u64;
    let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len()) as u64;
    let (is_negative, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => (true, exponent),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    let exponent = exponent.trim_start_matches('0');
    // An exponent that does not fit is larger than every limit.
    let shift: u64 = if exponent.is_empty() {
        0
    } else {
        exponent.parse().unwrap_or(u64::MAX)
    };
    let zeros = if is_negative {
        (shift.saturating_add(fraction)).saturating_sub(digits)
    } else {
        shift.saturating_sub(fraction)
    };
    digits.saturating_add(zeros) > limit
}

/// The digits of the integer that the well-formed number `text` is, however it is written; `None` when it has a fraction.
/// The text comes from a request, so the setting `digit_limit` bounds how many there are.
pub fn whole_digits(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['.', 'e', 'E']) {
        return Some(Cow::Borrowed(text));
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some(Cow::Borrowed("0"));
    }
    let trailing = i64::try_from(digits.len() - significant.len()).ok()?;
    let zeros = exponent.parse::<i64>().ok()? - i64::try_from(fraction.len()).ok()? + trailing;
    let zeros = usize::try_from(zeros).ok().filter(|zeros| *zeros <= MOST_ZEROS)?;
    Some(Cow::Owned(format!("{sign}{significant}{}", "0".repeat(zeros))))
}

/// The largest value that the setting `digit_limit` may have.
const MOST_ZEROS: usize = 4300;

/// The value of a well-formed JSON number, exact: what neither `i64` nor `f64` holds stays text.
pub(crate) fn number(text: &str, whole: bool) -> Value {
    if whole {
        return text
            .parse()
            .map_or_else(|_| Value::Literal(text.into()), Value::Integer);
    }
    let significant = text
        .bytes()
        .take_while(|byte| !matches!(byte, b'e' | b'E'))
        .filter(u8::is_ascii_digit)
        .skip_while(|&digit| digit == b'0')
        .count();
    // Every decimal of 15 significant digits survives the way through a double (IEEE 754 §5.12.2), unless it is so small
    // that the double has fewer.
    let is_kept = |value: f64, significant| significant == 0 || (significant <= 15 && value.is_normal());
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && (is_kept(value, significant) || same_digits(text, value)) => {
            Value::Number(value)
        }
        _ => Value::Literal(text.into()),
    }
}

/// Whether the shortest text of `value` has the same digits, which covers what other programs print for a double. Halfway
/// between two texts of that length some printers take the upper one and others, ECMAScript (§6.1.6.1.20) among them,
/// the even one; [`to_json_bytes`](crate::json::to_json_bytes) is one of the latter.
fn same_digits(text: &str, value: f64) -> bool {
    let digits = |text: &str| {
        let mantissa: Vec<u8> = text
            .bytes()
            .take_while(|byte| !matches!(byte, b'e' | b'E'))
            .filter(u8::is_ascii_digit)
            .skip_while(|&digit| digit == b'0')
            .collect();
        let kept = mantissa
            .iter()
            .rposition(|&digit| digit != b'0')
            .map_or(0, |last| last + 1);
        mantissa[..kept].to_vec()
    };
    let given = digits(text);
    given == digits(&format!("{value:e}"))
        || serde_json::Number::from_f64(value).is_some_and(|number| given == digits(&number.to_string()))
}

#[cfg(test)]
mod tests;
