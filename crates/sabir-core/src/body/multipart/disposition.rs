//! `Content-Disposition` of a part: the name of its field and of its file, in every way that clients write them.
//!
//! | written as | by |
//! |---|---|
//! | `filename="a b.txt"`, raw UTF-8, `%22` `%0D` `%0A` for quotes and line ends | browsers (WHATWG HTML §4.10.21.8) |
//! | `filename="r%C3%A9sum%C3%A9.txt"` | RFC 7578 §4.2 |
//! | `filename*=UTF-8''r%C3%A9sum%C3%A9.txt` | clients that follow RFC 5987 (RFC 8187) |
//! | `filename*0="long-"; filename*1="name.txt"` | mail libraries, after RFC 2231 §3 |
//! | `filename="a \"b\".txt"` | clients that escape as RFC 2616 did |

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::{Problem, body::charset::Charset};

/// The parameters of the field that have a meaning in a form.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Disposition {
    pub(super) name: Option<String>,
    pub(super) filename: Option<String>,
}

/// One parameter as it is spread over the field. The names are compared without regard to case (RFC 2045 §5.1).
#[derive(Default)]
struct Spelling {
    /// `name=`.
    plain: Option<String>,
    /// `name*=`.
    extended: Option<String>,
    /// `name*0=`, `name*1*=`: number, whether it is encoded, text.
    pieces: Vec<(u32, bool, String)>,
}

impl Disposition {
    /// Reads the value of the field.
    ///
    /// # Errors
    /// `bad-request` when it is not well formed, or has a parameter twice: who takes the first and who the last would
    /// not see the same form.
    pub(super) fn parse(value: &str) -> Result<Self, Problem> {
        let mut rest = value.split_once(';').map_or("", |(_, rest)| rest);
        let (mut name, mut filename) = (Spelling::default(), Spelling::default());
        while let Some((parameter, text, after)) = next_parameter(rest)? {
            rest = after;
            let lower = parameter.to_ascii_lowercase();
            let added = if let Some(suffix) = lower.strip_prefix("filename") {
                filename.add(suffix, text)
            } else if let Some(suffix) = lower.strip_prefix("name") {
                name.add(suffix, text)
            } else {
                true
            };
            if !added {
                return Err(malformed());
            }
        }
        Ok(Self {
            name: name.text(unescape_delimiters),
            filename: filename.text(unescape_filename),
        })
    }
}

impl Spelling {
    /// Adds the parameter with what stands behind its name. False when it is there already.
    fn add(&mut self, suffix: &str, text: String) -> bool {
        let place = match suffix {
            "" => &mut self.plain,
            "*" => &mut self.extended,
            _ => {
                let number = suffix.strip_prefix('*').unwrap_or_default();
                let (number, is_encoded) = match number.strip_suffix('*') {
                    Some(number) => (number, true),
                    None => (number, false),
                };
                // Another parameter whose name only begins alike has no meaning here.
                if let Ok(number) = number.parse() {
                    self.pieces.push((number, is_encoded, text));
                }
                return true;
            }
        };
        place.replace(text).is_none()
    }

    /// The text: the spelling that says its charset before the others (RFC 6266 §4.3).
    fn text(self, unescape: fn(&str) -> String) -> Option<String> {
        let extended = self.extended.and_then(|text| extended_value(&text));
        extended
            .or_else(|| joined(self.pieces))
            .or_else(|| self.plain.as_deref().map(unescape))
    }
}

fn malformed() -> Problem {
    Problem::bad_request("the Content-Disposition of a part is not well formed")
}

/// The name of the next parameter, its value and what follows.
fn next_parameter(text: &str) -> Result<Option<(&str, String, &str)>, Problem> {
    let text = text.trim_start_matches([' ', '\t', ';']);
    if text.is_empty() {
        return Ok(None);
    }
    let (name, rest) = text.split_once('=').ok_or_else(malformed)?;
    let name = name.trim_end();
    if !crate::header::media_type::is_token(name) {
        return Err(malformed());
    }
    let rest = rest.trim_start_matches([' ', '\t']);
    let Some(quoted) = rest.strip_prefix('"') else {
        let (value, rest) = rest.split_once(';').unwrap_or((rest, ""));
        return Ok(Some((name, value.trim_end().to_owned(), rest)));
    };
    let (value, rest) = unquote(quoted).ok_or_else(malformed)?;
    let rest = rest.trim_start_matches([' ', '\t']);
    if !rest.is_empty() && !rest.starts_with(';') {
        return Err(malformed());
    }
    Ok(Some((name, value, rest)))
}

/// The text up to the closing quote, and what follows. A backslash before anything else than a quote or a backslash is
/// one: old browsers send whole paths of Windows.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Some((value, &text[index + 1..])),
            '\\' => match characters.next_if(|(_, next)| matches!(next, '"' | '\\')) {
                Some((_, escaped)) => value.push(escaped),
                None => value.push('\\'),
            },
            plain => value.push(plain),
        }
    }
    None
}

/// `charset'language'text` (RFC 8187 §3.2).
fn extended_value(text: &str) -> Option<String> {
    let (charset, rest) = text.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    in_charset(charset, &percent_decode_str(encoded).collect::<Vec<u8>>())
}

fn in_charset(charset: &str, bytes: &[u8]) -> Option<String> {
    Charset::labelled(charset)?.decode(bytes)
}

/// A value in pieces, of which the first may name a charset (RFC 2231 §4.1).
fn joined(mut pieces: Vec<(u32, bool, String)>) -> Option<String> {
    pieces.sort_by_key(|(number, ..)| *number);
    let is_complete = (0..).zip(&pieces).all(|(wanted, (number, ..))| wanted == *number);
    if pieces.is_empty() || !is_complete {
        return None;
    }
    let mut charset = Cow::Borrowed("utf-8");
    let mut bytes = Vec::new();
    for (number, is_encoded, text) in &pieces {
        let mut text = text.as_str();
        if !is_encoded {
            bytes.extend_from_slice(text.as_bytes());
            continue;
        }
        if *number == 0 {
            let (named, rest) = text.split_once('\'')?;
            charset = Cow::Owned(named.to_owned());
            text = rest.split_once('\'')?.1;
        }
        bytes.extend(percent_decode_str(text));
    }
    in_charset(&charset, &bytes)
}

/// The three characters that browsers escape in names.
fn unescape_delimiters(text: &str) -> String {
    let mut rest = text;
    let mut unescaped = String::with_capacity(text.len());
    while let Some(at) = rest.find('%') {
        let escape = rest.get(at + 1..at + 3).map(str::to_ascii_uppercase);
        let character = match escape.as_deref() {
            Some("22") => Some('"'),
            Some("0D") => Some('\r'),
            Some("0A") => Some('\n'),
            _ => None,
        };
        unescaped.push_str(&rest[..at]);
        unescaped.push(character.unwrap_or('%'));
        rest = &rest[at + if character.is_some() { 3 } else { 1 }..];
    }
    unescaped.push_str(rest);
    unescaped
}

/// As [`unescape_delimiters`], and everything where the escapes stand for text beyond ASCII: only a client that escapes
/// all of it writes that (RFC 7578 §4.2). Elsewhere a percent sign is one, as in `100%25.txt` of a browser.
fn unescape_filename(text: &str) -> String {
    if text.is_ascii()
        && let Ok(decoded) = percent_decode_str(text).decode_utf8()
        && !decoded.is_ascii()
    {
        return decoded.into_owned();
    }
    unescape_delimiters(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> (Option<String>, Option<String>) {
        let found = Disposition::parse(value).unwrap();
        (found.name, found.filename)
    }

    fn filename(parameters: &str) -> String {
        parse(&format!("form-data; name=\"a\"; {parameters}")).1.unwrap()
    }

    #[test]
    fn ignores_the_case_of_parameter_names() {
        let found = parse("Form-Data; Name=a; FILENAME=\"b.txt\"");
        assert_eq!(found, (Some("a".into()), Some("b.txt".into())));
    }

    #[test]
    fn reads_a_filename_in_every_spelling() {
        for (parameters, expected) in [
            ("filename=\"résumé.txt\"", "résumé.txt"),
            ("filename=\"r%C3%A9sum%C3%A9%201.txt\"", "résumé 1.txt"),
            ("filename*=UTF-8''r%c3%a9sum%c3%a9.txt", "résumé.txt"),
            (
                "filename=\"resume.txt\"; filename*=utf-8''r%C3%A9sum%C3%A9.txt",
                "résumé.txt",
            ),
            (
                "filename*=utf-8''r%C3%A9sum%C3%A9.txt; filename=\"resume.txt\"",
                "résumé.txt",
            ),
            ("filename*0=\"long-\"; filename*1=\"name.txt\"", "long-name.txt"),
            ("filename*1*=%A9.txt; filename*0*=utf-8''r%C3", "ré.txt"),
            ("filename=a b.txt", "a b.txt"),
            ("filename = \"a;b=c.txt\" ; x=y", "a;b=c.txt"),
        ] {
            assert_eq!(filename(parameters), expected, "{parameters}");
        }
    }

    #[cfg(feature = "charsets")]
    #[test]
    fn reads_a_filename_in_the_charset_that_it_names() {
        assert_eq!(filename("filename*=iso-8859-1'en'r%E9sum%E9.txt"), "résumé.txt");
    }

    #[test]
    fn takes_the_plain_spelling_where_another_is_broken() {
        for broken in [
            "filename*=x",
            "filename*=klingon''a",
            "filename*=utf-8''%ff",
            "filename*1=b",
        ] {
            assert_eq!(filename(&format!("{broken}; filename=\"a\"")), "a", "{broken}");
        }
    }

    #[test]
    fn unescapes_what_browsers_escape_and_no_more() {
        assert_eq!(filename("filename=\"a%22b%0D%0a.txt\""), "a\"b\r\n.txt");
        assert_eq!(filename("filename=\"100%25 %zz%.txt\""), "100%25 %zz%.txt");
        assert_eq!(parse("form-data; name=\"a%22b%C3%A9\"").0.unwrap(), "a\"b%C3%A9");
    }

    #[test]
    fn reads_backslashes_as_escapes_and_as_themselves() {
        assert_eq!(filename(r#"filename="a \"b\" \\ c.txt""#), r#"a "b" \ c.txt"#);
        assert_eq!(filename(r#"filename="C:\dir\a.txt""#), r"C:\dir\a.txt");
    }

    #[test]
    fn refuses_what_is_not_well_formed_and_what_is_there_twice() {
        for value in [
            "form-data; name",
            "form-data; name=\"a",
            "form-data; name=\"a\" b",
            "form-data; n ame=a",
            "form-data; name=a; NAME=b",
            "form-data; name=a; filename=b; filename=c",
        ] {
            assert_eq!(Disposition::parse(value).unwrap_err().status, 400, "{value}");
        }
    }
}
