//! Escapes (ECMA-262 §22.2.1).

use std::fmt::Write;

use super::{BOUNDARY, Fault, NOT_SPACE, SPACE, Translator, WORD};

impl Translator<'_> {
    /// An escape outside of a class. Returns whether it may be repeated.
    pub(super) fn escape(&mut self) -> Result<bool, Fault> {
        let Some(character) = self.rest.next() else {
            return self.fault("it ends with a backslash");
        };
        match character {
            'b' | 'B' => {
                self.boundary(character == 'B');
                return Ok(false);
            }
            'k' if self.names.iter().any(Option::is_some) => {
                if !self.next_is('<') {
                    return self.fault("a reference has no name");
                }
                let name: String = self
                    .rest
                    .by_ref()
                    .take_while(|character| *character != '>')
                    .collect();
                let number = self
                    .names
                    .iter()
                    .position(|known| known.as_deref() == Some(&name));
                match number {
                    Some(number) => self.reference(number + 1),
                    None => return self.fault("a reference is to a group that is not there"),
                }
            }
            '1'..='9' => {
                let mut digits = character.to_string();
                while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
                    digits.push(digit);
                }
                match digits.parse() {
                    Ok(number) if number <= self.names.len() => self.reference(number),
                    _ => return self.fault("a reference is to a group that is not there"),
                }
            }
            'd' => self.out.push_str("[0-9]"),
            'D' => self.out.push_str("[^0-9]"),
            'w' => {
                let _ = write!(self.out, "[{WORD}]");
            }
            'W' => {
                let _ = write!(self.out, "[^{WORD}]");
            }
            's' => {
                let _ = write!(self.out, "[{SPACE}]");
            }
            'S' => self.out.push_str(NOT_SPACE),
            'p' | 'P' => {
                let property = self.property(character)?;
                self.out.push_str(&property);
            }
            other => {
                let code = self.character_escape(other)?;
                self.code(code);
            }
        }
        Ok(true)
    }

    fn reference(&mut self, number: usize) {
        self.is_linear = false;
        // The group keeps digits that follow apart.
        let _ = write!(self.out, r"(?:\{number})");
    }

    /// `\b` and `\B` know ASCII letters only. The linear engine has the first of them.
    fn boundary(&mut self, is_negated: bool) {
        if is_negated {
            self.is_linear = false;
            let _ = write!(
                self.out,
                "(?:(?<=[{WORD}])(?=[{WORD}])|(?<![{WORD}])(?![{WORD}]))"
            );
        } else {
            self.out.push_str(BOUNDARY);
        }
    }

    /// `\p{…}`, which the engines have too.
    pub(super) fn property(&mut self, letter: char) -> Result<String, Fault> {
        if !self.next_is('{') {
            return self.fault("a property has no name");
        }
        let name: String = self
            .rest
            .by_ref()
            .take_while(|character| *character != '}')
            .collect();
        let text = format!("\\{letter}{{{name}}}");
        if name.is_empty() || regex::Regex::new(&text).is_err() {
            return self.fault("a property of characters is unknown");
        }
        Ok(text)
    }

    /// The code of the character that the escape `\` and `character` stands for; half of a surrogate pair is one, too.
    pub(super) fn character_escape(&mut self, character: char) -> Result<u32, Fault> {
        Ok(match character {
            't' => 0x09,
            'n' => 0x0A,
            'v' => 0x0B,
            'f' => 0x0C,
            'r' => 0x0D,
            '0' if !self.rest.peek().is_some_and(char::is_ascii_digit) => 0,
            'c' => match self.rest.next() {
                Some(letter) if letter.is_ascii_alphabetic() => u32::from(letter) % 32,
                _ => return self.fault("a control escape has no letter"),
            },
            'x' => match self.hexadecimal(2) {
                Some(code) => code,
                None => return self.fault("two hexadecimal digits must follow \\x"),
            },
            'u' => self.unicode_escape()?,
            other if other.is_ascii_alphanumeric() => return self.fault("an escape is unknown"),
            other => u32::from(other),
        })
    }

    fn unicode_escape(&mut self) -> Result<u32, Fault> {
        if self.next_is('{') {
            let digits: String = self
                .rest
                .by_ref()
                .take_while(|character| *character != '}')
                .collect();
            return match u32::from_str_radix(&digits, 16) {
                Ok(code) if code <= 0x10_FFFF && !digits.starts_with('+') => Ok(code),
                _ => self.fault("a code point is not one"),
            };
        }
        let Some(high) = self.hexadecimal(4) else {
            return self.fault("four hexadecimal digits must follow \\u");
        };
        let mut ahead = self.rest.clone();
        if (0xD800..0xDC00).contains(&high) && ahead.next() == Some('\\') && ahead.next() == Some('u') {
            let before = std::mem::replace(&mut self.rest, ahead);
            match self.hexadecimal(4) {
                Some(low @ 0xDC00..0xE000) => return Ok(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)),
                _ => self.rest = before,
            }
        }
        Ok(high)
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let mut ahead = self.rest.clone();
        let mut value = 0;
        for _ in 0..digits {
            value = value * 16 + ahead.next()?.to_digit(16)?;
        }
        self.rest = ahead;
        Some(value)
    }
}
