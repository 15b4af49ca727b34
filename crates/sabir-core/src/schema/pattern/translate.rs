//! From the notation of ECMA-262 §22.2.1 to that of the engines, which differ in what `.`, `\d`, `\w`, `\s` and escapes
//! mean.
//!
//! Texts are Unicode, as with the flag `u`; of what that flag forbids, the lenient readings of Annex B.1.2 that have one
//! meaning only are taken, since many schemas rely on them: an escaped or lone punctuation character stands for itself.

mod class;
mod escape;

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
}
