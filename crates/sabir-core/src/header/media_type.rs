//! Media types and media ranges (RFC 9110 §8.3.1, §12.5.1).

use std::fmt;

use crate::Text;

/// A media type such as `text/html; charset=utf-8`, or a range such as `image/*`.
///
/// Type, subtype and parameter names are kept in lower case, since they are compared without regard to case;
/// parameter values are kept as written.
///
/// ```
/// use sabir_core::header::media_type::MediaType;
///
/// let html = MediaType::parse("Text/HTML; Charset=\"utf-8\"").unwrap();
/// assert_eq!(html.essence(), "text/html");
/// assert_eq!(html.parameter("charset"), Some("utf-8"));
/// assert!(MediaType::parse_range("text/*").unwrap().covers(&html).is_some());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    essence: Text,
    slash: usize,
    parameters: Vec<(Text, Text)>,
}

/// How closely a range describes a media type; the greater is the more specific (RFC 9110 §12.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Specificity {
    /// `*/*`.
    Anything,
    /// `type/*`.
    Type,
    /// `type/subtype`, with this many parameters.
    Subtype(usize),
}

impl MediaType {
    /// Reads a media type; `None` when it is not well formed or is a range.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_range(text).filter(|media_type| !media_type.is_range())
    }

    /// Reads a media type or a media range; `None` when it is not well formed.
    pub fn parse_range(text: &str) -> Option<Self> {
        let mut parts = split_outside_quotes(text, b';');
        let essence = parts.next()?.trim_matches(OPTIONAL_SPACE);
        let slash = essence.find('/')?;
        let (main, sub) = (&essence[..slash], &essence[slash + 1..]);
        // An asterisk is a token character, but as a whole type it stands for all of them, and then only
        // `*/*` has a meaning.
        if !is_token(main) || !is_token(sub) || (main == "*" && sub != "*") {
            return None;
        }
        let parameters = parts
            .map(|part| part.trim_matches(OPTIONAL_SPACE))
            .filter(|part| !part.is_empty())
            .map(parameter)
            .collect::<Option<_>>()?;
        Some(Self {
            essence: Text::from(essence.to_ascii_lowercase()),
            slash,
            parameters,
        })
    }

    /// `type/subtype` in lower case, without parameters.
    pub fn essence(&self) -> &str {
        &self.essence
    }

    /// The part before the slash.
    pub fn main_type(&self) -> &str {
        &self.essence[..self.slash]
    }

    /// The part after the slash.
    pub fn subtype(&self) -> &str {
        &self.essence[self.slash + 1..]
    }

    /// The structured syntax suffix, such as `json` in `application/problem+json` (RFC 6838 §4.2.8).
    pub fn suffix(&self) -> Option<&str> {
        self.subtype().rsplit_once('+').map(|(_, suffix)| suffix)
    }

    /// The value of the first parameter called `name`, given in lower case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the content is JSON: `application/json` or any type with the suffix `+json`.
    pub fn is_json(&self) -> bool {
        self.essence == "application/json" || self.suffix() == Some("json")
    }

    /// Whether this describes several media types.
    pub fn is_range(&self) -> bool {
        self.subtype() == "*"
    }

    /// How closely this range describes `media_type`; `None` when it does not.
    ///
    /// Every parameter of the range must be one of the media type, with one exception: `charset` counts only
    /// when both name one, since clients add it to types that have none, such as `application/json`.
    pub fn covers(&self, media_type: &Self) -> Option<Specificity> {
        if self.main_type() != "*" && self.main_type() != media_type.main_type() {
            return None;
        }
        if !self.is_range() && self.subtype() != media_type.subtype() {
            return None;
        }
        for (name, value) in &self.parameters {
            match media_type.parameter(name) {
                Some(other) if name == "charset" && value.eq_ignore_ascii_case(other) => {}
                Some(other) if value == other => {}
                None if name == "charset" => {}
                _ => return None,
            }
        }
        Some(match (self.main_type(), self.subtype()) {
            ("*", _) => Specificity::Anything,
            (_, "*") => Specificity::Type,
            _ => Specificity::Subtype(self.parameters.len()),
        })
    }

    /// Takes the weight off a range of an `Accept` field, together with what follows it, which RFC 9110 has no
    /// use for any more. `None` when there is no `q` parameter.
    pub(crate) fn take_weight(&mut self) -> Option<Text> {
        let index = self.parameters.iter().position(|(name, _)| name == "q")?;
        self.parameters.drain(index..).next().map(|(_, value)| value)
    }

    /// The same media type without its `charset`, for comparing what is declared with what is sent.
    pub(crate) fn without_charset(mut self) -> Self {
        self.parameters.retain(|(name, _)| name != "charset");
        self
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.essence)?;
        for (name, value) in &self.parameters {
            if is_token(value) {
                write!(f, "; {name}={value}")?;
            } else {
                write!(
                    f,
                    "; {name}=\"{}\"",
                    value.replace('\\', "\\\\").replace('"', "\\\"")
                )?;
            }
        }
        Ok(())
    }
}

/// Optional whitespace (RFC 9110 §5.6.3).
pub(crate) const OPTIONAL_SPACE: [char; 2] = [' ', '\t'];

/// Splits at `separator`, but not inside quoted strings (RFC 9110 §5.6.4).
pub(crate) fn split_outside_quotes(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (mut quoted, mut escaped) = (false, false);
        for (index, byte) in text.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if byte == separator && !quoted => {
                    rest = Some(&text[index + 1..]);
                    return Some(&text[..index]);
                }
                _ => {}
            }
        }
        rest = None;
        Some(text)
    })
}

/// Whether `text` is a token (RFC 9110 §5.6.2).
pub(crate) fn is_token(text: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}

fn parameter(text: &str) -> Option<(Text, Text)> {
    let (name, value) = text.split_once('=')?;
    if !is_token(name) {
        return None;
    }
    let value = if is_token(value) {
        Text::from(value)
    } else {
        unquote(value)?
    };
    Some((Text::from(name.to_ascii_lowercase()), value))
}

/// The content of a quoted string; `None` when `text` is not one whole quoted string.
fn unquote(text: &str) -> Option<Text> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut value = Text::default();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        let character = match character {
            '"' => return None,
            '\\' => characters.next()?,
            plain => plain,
        };
        if character.is_control() && character != '\t' {
            return None;
        }
        value.push(character);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> MediaType {
        MediaType::parse_range(text).unwrap()
    }

    #[test]
    fn ignores_the_case_of_names_and_keeps_that_of_values() {
        let media_type = parse("Multipart/Form-Data; Boundary=AbC");
        assert_eq!(media_type.essence(), "multipart/form-data");
        assert_eq!(media_type.parameter("boundary"), Some("AbC"));
    }

    #[test]
    fn reads_quoted_values() {
        assert_eq!(parse(r#"a/b;x="1; \"2\"";y=3"#).parameter("x"), Some(r#"1; "2""#));
        assert_eq!(parse(r#"a/b;x="1; \"2\"";y=3"#).parameter("y"), Some("3"));
    }

    #[test]
    fn allows_space_around_semicolons_and_empty_parameters() {
        assert_eq!(parse("a/b ;\tx=1 ; ").parameter("x"), Some("1"));
    }

    #[test]
    fn refuses_what_is_not_well_formed() {
        for text in [
            "",
            "a",
            "a/",
            "/b",
            "a/b/c",
            "a b/c",
            "a/b;x",
            "a/b;x =1",
            "a/b;x=\"",
            "a/b;x=\"1\"2",
            "*/b",
            "a/b;x=",
        ] {
            assert_eq!(MediaType::parse_range(text), None, "{text}");
        }
    }

    #[test]
    fn does_not_take_a_range_for_a_media_type() {
        assert_eq!(MediaType::parse("image/*"), None);
        assert_eq!(MediaType::parse("*/*"), None);
    }

    #[test]
    fn knows_json_by_its_suffix() {
        assert!(parse("application/json; charset=utf-8").is_json());
        assert!(parse("application/vnd.api+json").is_json());
        assert!(!parse("application/json-seq").is_json());
    }

    #[test]
    fn ranks_ranges_by_specificity() {
        let html = parse("text/html; level=1");
        let rank = |range: &str| parse(range).covers(&html);
        assert_eq!(rank("*/*"), Some(Specificity::Anything));
        assert!(rank("text/*") > rank("*/*"));
        assert!(rank("text/html") > rank("text/*"));
        assert!(rank("text/html;level=1") > rank("text/html"));
        assert_eq!(rank("text/html;level=2"), None);
        assert_eq!(rank("text/plain"), None);
        assert_eq!(rank("image/*"), None);
    }

    #[test]
    fn compares_charsets_without_case_and_only_when_both_name_one() {
        assert!(
            parse("a/b;charset=UTF-8")
                .covers(&parse("a/b;charset=utf-8"))
                .is_some()
        );
        assert!(parse("a/b;charset=UTF-8").covers(&parse("a/b")).is_some());
        assert!(
            parse("a/b;charset=UTF-8")
                .covers(&parse("a/b;charset=latin1"))
                .is_none()
        );
    }

    #[test]
    fn writes_itself_so_that_it_reads_back() {
        for text in ["text/plain", "a/b; x=1", r#"a/b; x="1; \"2\"""#] {
            assert_eq!(parse(text).to_string(), text);
        }
    }
}
