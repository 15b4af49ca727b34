//! From the notation of ECMA-262 §22.2.1 to that of the engines, which differ in what `.`, `\d`, `\w`, `\s` and escapes
//! mean.
//!
//! Texts are Unicode, as with the flag `u`; of what that flag forbids, the lenient readings of Annex B.1.2 that have one
//! meaning only are taken, since many schemas rely on them: an escaped or lone punctuation character stands for itself.

use std::fmt::Write;

use super::Fault;

/// A pattern in the notation of the engines.
#[derive(Debug)]
pub(super) struct Translation {
    pub(super) text: String,
    /// Whether the engine without steps backwards can match it.
    pub(super) is_linear: bool,
}

/// `WhiteSpace` and `LineTerminator` (ECMA-262 §12.2, §12.3), as the inside of a class.
const SPACE: &str = r"\t-\r \xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}";
const NOT_SPACE: &str =
    r"[^\t-\r \xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]";
/// A boundary of a word of ASCII letters.
const BOUNDARY: &str = r"(?-u:\b)";
const WORD: &str = "A-Za-z0-9_";
/// What no text contains, since half of a surrogate pair is no character.
const NOTHING: &str = r"[^\x{0}-\x{10FFFF}]";
const ANYTHING: &str = r"[\x{0}-\x{10FFFF}]";

struct Translator<'s> {
    source: &'s str,
    rest: std::iter::Peekable<std::str::Chars<'s>>,
    out: String,
    is_linear: bool,
    /// Open groups, with whether each may be repeated.
    groups: Vec<bool>,
    /// Whether a quantifier may follow.
    can_repeat: bool,
    names: Vec<Option<String>>,
}

/// Translates `source`.
pub(super) fn translate(source: &str) -> Result<Translation, Fault> {
    let mut translator = Translator {
        source,
        rest: source.chars().peekable(),
        out: String::with_capacity(source.len() + 16),
        is_linear: true,
        groups: Vec::new(),
        can_repeat: false,
        names: group_names(source),
    };
    while let Some(character) = translator.rest.next() {
        translator.term(character)?;
    }
    if !translator.groups.is_empty() {
        return translator.fault("a group is not closed");
    }
    let Translator {
        mut out, is_linear, ..
    } = translator;
    if !is_linear {
        // The other engine has no boundary of ASCII words, but what it is made of. No literal looks like this.
        out = out.replace(
            BOUNDARY,
            &format!("(?:(?<=[{WORD}])(?![{WORD}])|(?<![{WORD}])(?=[{WORD}]))"),
        );
    }
    Ok(Translation { text: out, is_linear })
}

/// The names of the capturing groups of `source`, in order.
fn group_names(source: &str) -> Vec<Option<String>> {
    let mut names = Vec::new();
    let mut in_class = false;
    let mut rest = source;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '\\' => {
                rest = rest
                    .get(rest.chars().next().map_or(0, char::len_utf8)..)
                    .unwrap_or_default();
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => match rest.strip_prefix("?<") {
                Some(name) if !name.starts_with(['=', '!']) => {
                    names.push(name.split_once('>').map(|(name, _)| name.to_owned()));
                }
                None if !rest.starts_with('?') => names.push(None),
                _ => {}
            },
            _ => {}
        }
    }
    names
}

impl Translator<'_> {
    fn fault<T>(&self, what: &str) -> Result<T, Fault> {
        Err(Fault(format!(
            "{:?} is not a regular expression of ECMA-262: {what}",
            self.source
        )))
    }

    fn next_is(&mut self, character: char) -> bool {
        self.rest.next_if_eq(&character).is_some()
    }

    fn term(&mut self, character: char) -> Result<(), Fault> {
        let mut can_repeat = true;
        match character {
            '.' => self.out.push_str(r"[^\n\r\x{2028}\x{2029}]"),
            '^' | '$' => {
                self.out.push(character);
                can_repeat = false;
            }
            '|' => {
                self.out.push('|');
                can_repeat = false;
            }
            '(' => {
                self.open()?;
                can_repeat = false;
            }
            ')' => match self.groups.pop() {
                Some(repeats) => {
                    self.out.push(')');
                    can_repeat = repeats;
                }
                None => return self.fault("a parenthesis is closed that is not open"),
            },
            '[' => self.class()?,
            '\\' => can_repeat = self.escape()?,
            '*' | '+' | '?' => {
                self.repeat(&character.to_string())?;
                can_repeat = false;
            }
            '{' => match self.counts() {
                Some(counts) => {
                    self.repeat(&counts)?;
                    can_repeat = false;
                }
                None => self.out.push_str(r"\{"),
            },
            other => self.literal(other),
        }
        self.can_repeat = can_repeat;
        Ok(())
    }

    fn literal(&mut self, character: char) {
        if matches!(character, ']' | '{' | '}') {
            self.out.push('\\');
        }
        self.out.push(character);
    }

    fn code(&mut self, code: u32) {
        match char::from_u32(code) {
            // Writing to a string cannot fail.
            Some(_) => {
                let _ = write!(self.out, r"\x{{{code:X}}}");
            }
            None => self.out.push_str(NOTHING),
        }
    }

    fn repeat(&mut self, quantifier: &str) -> Result<(), Fault> {
        if !self.can_repeat {
            return self.fault("there is nothing to repeat");
        }
        self.out.push_str(quantifier);
        if self.next_is('?') {
            self.out.push('?');
        }
        Ok(())
    }

    /// `{n}`, `{n,}` or `{n,m}` behind the brace that was just read; nothing is read when it is something else.
    fn counts(&mut self) -> Option<String> {
        let mut ahead = self.rest.clone();
        let mut text = String::from("{");
        loop {
            let character = ahead.next()?;
            text.push(character);
            match character {
                '0'..='9' => {}
                ',' if text.len() > 2 && text.matches(',').count() == 1 => {}
                '}' if text.len() > 2 => break,
                _ => return None,
            }
        }
        self.rest = ahead;
        Some(text)
    }

    fn open(&mut self) -> Result<(), Fault> {
        if !self.next_is('?') {
            self.out.push('(');
            self.groups.push(true);
            return Ok(());
        }
        let (text, repeats) = match self.rest.next() {
            Some(':') => ("(?:", true),
            Some('=') => ("(?=", true),
            Some('!') => ("(?!", true),
            Some('<') if self.next_is('=') => ("(?<=", false),
            Some('<') if self.next_is('!') => ("(?<!", false),
            Some('<') => {
                let mut name = String::new();
                loop {
                    match self.rest.next() {
                        Some('>') if !name.is_empty() => break,
                        Some(character)
                            if character == '$' || character == '_' || character.is_alphanumeric() =>
                        {
                            name.push(character);
                        }
                        _ => return self.fault("the name of a group is not one"),
                    }
                }
                // References go by number, so that a name may be what the engines do not take for one.
                ("(", true)
            }
            _ => return self.fault("the kind of a group is unknown"),
        };
        self.is_linear &= matches!(text, "(" | "(?:");
        self.out.push_str(text);
        self.groups.push(repeats);
        Ok(())
    }

    /// An escape outside of a class. Returns whether it may be repeated.
    fn escape(&mut self) -> Result<bool, Fault> {
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
    fn property(&mut self, letter: char) -> Result<String, Fault> {
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
    fn character_escape(&mut self, character: char) -> Result<u32, Fault> {
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

    /// A class, of which the opening bracket was read.
    fn class(&mut self) -> Result<(), Fault> {
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

/// Takes apart a pattern of the form `^(?=a)(?!b)…rest`: whether each look-ahead must match and what, and the rest.
/// `None` when it has another form.
pub(super) fn leading_look_ahead(source: &str) -> Option<(Vec<(bool, &str)>, &str)> {
    let mut rest = source.strip_prefix('^')?;
    let mut conditions = Vec::new();
    loop {
        let (must, inner) = match (rest.strip_prefix("(?="), rest.strip_prefix("(?!")) {
            (Some(inner), _) => (true, inner),
            (_, Some(inner)) => (false, inner),
            _ => break,
        };
        let end = closing(inner)?;
        conditions.push((must, &inner[..end]));
        rest = &inner[end + 1..];
        if rest.starts_with(['*', '+', '?', '{']) {
            return None;
        }
    }
    (!conditions.is_empty() && !has_alternatives(rest)).then_some((conditions, rest))
}

/// Where the parenthesis is that closes a group whose inside begins with `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    scan(text, |character| match character {
        '(' => {
            depth += 1;
            false
        }
        ')' if depth == 0 => true,
        ')' => {
            depth -= 1;
            false
        }
        _ => false,
    })
}

/// Whether `text` is several alternatives.
fn has_alternatives(text: &str) -> bool {
    let mut depth = 0;
    let found = scan(text, |character| match character {
        '(' => {
            depth += 1;
            false
        }
        ')' => {
            depth -= 1;
            false
        }
        other => other == '|' && depth == 0,
    });
    found.is_some()
}

/// The place of the first character outside of classes and escapes that `is_found` accepts.
fn scan(text: &str, mut is_found: impl FnMut(char) -> bool) -> Option<usize> {
    let (mut in_class, mut is_escaped) = (false, false);
    for (place, character) in text.char_indices() {
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        match character {
            '\\' => is_escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            _ if in_class => {}
            _ if is_found(character) => return Some(place),
            _ => {}
        }
    }
    None
}
