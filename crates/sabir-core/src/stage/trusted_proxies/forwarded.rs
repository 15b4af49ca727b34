//! The field `Forwarded` (RFC 7239 §4).

use std::borrow::Cow;

/// What one proxy says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Element<'t> {
    /// Who has sent the request.
    pub(super) sender: Option<Cow<'t, str>>,
    /// The scheme that it was sent with.
    pub(super) scheme: Option<Cow<'t, str>>,
    /// The host that it was for.
    pub(super) host: Option<Cow<'t, str>>,
}

/// Adds the elements of a value. `None` for what is malformed, or says one thing twice: nobody can know then what a proxy has said, and
/// what its client.
///
/// Addresses with colons need no quotes here, since many leave them out.
pub(super) fn read<'t>(mut text: &'t str, elements: &mut Vec<Element<'t>>) -> Option<()> {
    let mut element = Element::default();
    let mut is_empty = true;
    loop {
        text = text.trim_ascii_start();
        if !text.is_empty() && !text.starts_with([',', ';']) {
            text = pair(text, &mut element)?.trim_ascii_start();
            is_empty = false;
        }
        let mut rest = text.chars();
        match rest.next() {
            Some(';') => {}
            other => {
                if !std::mem::replace(&mut is_empty, true) {
                    elements.push(std::mem::take(&mut element));
                }
                match other {
                    None => return Some(()),
                    Some(',') => {}
                    Some(_) => return None,
                }
            }
        }
        text = rest.as_str();
    }
}

/// Reads `name=value`, and gives what follows.
fn pair<'t>(text: &'t str, element: &mut Element<'t>) -> Option<&'t str> {
    let (name, text) = text.split_once('=')?;
    let is_token = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
    if !is_token {
        return None;
    }
    let (value, rest) = if let Some(text) = text.strip_prefix('"') {
        quoted(text)?
    } else {
        let end = text.find([',', ';', ' ', '\t']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        let is_plain = !value.is_empty() && !value.contains(['"', '=', '\\']);
        (Cow::Borrowed(is_plain.then_some(value)?), rest)
    };
    let member = match () {
        () if name.eq_ignore_ascii_case("for") => &mut element.sender,
        () if name.eq_ignore_ascii_case("proto") => &mut element.scheme,
        () if name.eq_ignore_ascii_case("host") => &mut element.host,
        () => return Some(rest),
    };
    if member.is_some() {
        return None;
    }
    *member = Some(value);
    Some(rest)
}

/// Reads a quoted string behind its first quote (RFC 9110 §5.6.4).
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let end = text.find(['"', '\\'])?;
    if text[end..].starts_with('"') {
        return Some((Cow::Borrowed(&text[..end]), &text[end + 1..]));
    }
    let mut value = String::new();
    let mut characters = text.chars();
    loop {
        match characters.next()? {
            '"' => return Some((Cow::Owned(value), characters.as_str())),
            '\\' => value.push(characters.next()?),
            other => value.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sender, scheme and host.
    type Told = (Option<String>, Option<String>, Option<String>);

    fn elements(text: &str) -> Option<Vec<Told>> {
        let mut elements = Vec::new();
        read(text, &mut elements)?;
        let own = |member: Option<Cow<'_, str>>| member.map(Cow::into_owned);
        let elements = elements.into_iter();
        Some(
            elements
                .map(|element| (own(element.sender), own(element.scheme), own(element.host)))
                .collect(),
        )
    }

    #[test]
    fn reads_what_the_standard_shows() {
        let some = |text: &str| Some(text.to_owned());
        for (text, expected) in [
            ("for=\"_gazonk\"", vec![(some("_gazonk"), None, None)]),
            (
                "For=\"[2001:db8:cafe::17]:4711\"",
                vec![(some("[2001:db8:cafe::17]:4711"), None, None)],
            ),
            (
                "for=192.0.2.60;proto=http;by=203.0.113.43",
                vec![(some("192.0.2.60"), some("http"), None)],
            ),
            (
                "for=192.0.2.43, for=198.51.100.17 ; host=\"a\\\"b\"",
                vec![
                    (some("192.0.2.43"), None, None),
                    (some("198.51.100.17"), None, some("a\"b")),
                ],
            ),
            ("for=192.0.2.1:80", vec![(some("192.0.2.1:80"), None, None)]),
            (" , ;, for=a,", vec![(some("a"), None, None)]),
            ("", vec![]),
        ] {
            assert_eq!(elements(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn refuses_what_nobody_can_read_in_one_way_alone() {
        for text in [
            "for",
            "for=",
            "=a",
            "for=\"a",
            "for=\"a\\",
            "for=\"a\"b",
            "for=a b",
            "for=a;for=b",
            "f r=a",
            "for=a\"b",
            "for==a",
            "for=\", for=192.0.2.1",
        ] {
            assert_eq!(elements(text), None, "{text}");
        }
    }
}
