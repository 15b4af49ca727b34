//! Strings and their escapes (RFC 8259 §7).

use std::borrow::Cow;

use super::{JsonLimits, Read, Reader};
use crate::{Text, Value, settings::DuplicateKeys};

/// The content of a well-formed string, given without its quotation marks.
pub(in crate::json) fn unescape(raw: &str) -> Cow<'_, str> {
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

impl<const KEEP: bool> Reader<'_, KEEP> {
    pub(super) fn checked_string(&mut self) -> Read<Value> {
        self.skip_string().map(|_| Value::Null)
    }

    /// Reads past a string. Says whether it has escapes.
    pub(super) fn skip_string(&mut self) -> Read<bool> {
        self.at += 1;
        let mut has_escapes = false;
        loop {
            self.at = self.plain_end();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(has_escapes);
                }
                Some(b'\\') => {
                    has_escapes = true;
                    self.escape()?;
                }
                Some(_) => return Err(self.fault("a control character must be escaped")),
                None => return Err(self.fault("the string does not end")),
            }
        }
    }

    pub(super) fn string(&mut self) -> Read<Text> {
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
}

/// How many bytes at the beginning stand for themselves in a string. Eight are looked at together.
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
