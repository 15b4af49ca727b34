//! Media types that are worth a coding.

use crate::SetupError;

/// Patterns of media types: `text/html`, `text/*`, `application/*+json`, `*/*`.
#[derive(Debug)]
pub(super) struct MediaTypes(Vec<Pattern>);

/// What a media type begins and ends with, in lower case.
#[derive(Debug)]
struct Pattern {
    begin: String,
    /// Absent where `begin` is all of it.
    end: Option<String>,
}

impl MediaTypes {
    /// # Errors
    /// Names the first that is no pattern.
    pub(super) fn read(option: &str, patterns: &[String]) -> Result<Self, SetupError> {
        let patterns = patterns.iter().enumerate().map(|(place, text)| {
            Pattern::read(text).ok_or_else(|| {
                SetupError::new(
                    format!("{option}[{place}]"),
                    format!("{text:?} is no media type"),
                    "write it as text/html, text/* or application/*+json",
                )
            })
        });
        Ok(Self(patterns.collect::<Result<_, _>>()?))
    }

    /// Whether the value of a `Content-Type` field is of one of them.
    pub(super) fn cover(&self, content_type: &[u8]) -> bool {
        let end = memchr::memchr(b';', content_type).unwrap_or(content_type.len());
        let essence = content_type.get(..end).unwrap_or_default().trim_ascii();
        self.0.iter().any(|pattern| pattern.covers(essence))
    }
}

impl Pattern {
    fn read(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let (kind, subtype) = text.split_once('/')?;
        let is_token = |text: &str| crate::header::media_type::is_token(text) && !text.contains('*');
        if subtype == "*" && kind == "*" {
            return Some(Self {
                begin: String::new(),
                end: Some(String::new()),
            });
        }
        let (begin, end) = match subtype.split_once('*') {
            Some((begin, end)) => (begin, Some(end)),
            None => (subtype, None),
        };
        let parts = [Some(begin), end];
        let mut parts = parts.iter().flatten().filter(|part| !part.is_empty());
        if !is_token(kind) || subtype.is_empty() || !parts.all(|part| is_token(part)) {
            return None;
        }
        Some(Self {
            begin: format!("{kind}/{begin}"),
            end: end.map(Into::into),
        })
    }

    fn covers(&self, essence: &[u8]) -> bool {
        let Some((begin, rest)) = essence.split_at_checked(self.begin.len()) else {
            return false;
        };
        begin.eq_ignore_ascii_case(self.begin.as_bytes())
            && match &self.end {
                None => rest.is_empty(),
                Some(end) => rest
                    .len()
                    .checked_sub(end.len())
                    .and_then(|at| rest.get(at..))
                    .is_some_and(|rest| rest.eq_ignore_ascii_case(end.as_bytes())),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cover(pattern: &str, content_type: &str) -> bool {
        let patterns = MediaTypes::read("media_types", &[pattern.to_owned()]).unwrap();
        patterns.cover(content_type.as_bytes())
    }

    #[test]
    fn patterns_cover_media_types() {
        for (pattern, content_type) in [
            ("text/*", "text/html; charset=utf-8"),
            ("Text/*", "TEXT/plain"),
            ("application/json", "application/json ;a=b"),
            ("application/*+json", "application/problem+JSON"),
            ("*/*", "image/png"),
        ] {
            assert!(cover(pattern, content_type), "{pattern} {content_type}");
        }
        for (pattern, content_type) in [
            ("text/*", "text"),
            ("text/html", "text/htmlx"),
            ("text/htmlx", "text/html"),
            ("application/*+json", "application/json"),
            ("application/x*x", "application/x"),
            ("application/*+json", "text/a+json"),
            ("*/*+json", "text/a+json"),
        ] {
            let read = MediaTypes::read("media_types", &[pattern.to_owned()]);
            assert!(
                !read.is_ok_and(|patterns| patterns.cover(content_type.as_bytes())),
                "{pattern} {content_type}"
            );
        }
    }

    #[test]
    fn what_is_no_media_type_is_refused() {
        for text in [
            "", "text", "text/", "/html", "*/html", "text/a b", "text/*/x", "text/*a*", "te*/a",
        ] {
            let error = MediaTypes::read("media_types", &["text/*".to_owned(), text.to_owned()]).unwrap_err();
            assert_eq!(error.field, "media_types[1]", "{text}");
        }
    }
}
