//! What caches have to tell answers apart by (RFC 9110 §12.5.5).

use http::{HeaderMap, HeaderName, HeaderValue, header::VARY};

/// Says that the answer depends on the field `name` of the request, where `headers` do not say so yet.
pub(crate) fn add(headers: &mut HeaderMap, name: &HeaderName) {
    let is_said = headers
        .get_all(VARY)
        .iter()
        .flat_map(|field| field.as_bytes().split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
        .any(|known| known == b"*" || known.eq_ignore_ascii_case(name.as_str().as_bytes()));
    if !is_said {
        headers.append(VARY, HeaderValue::from(name.clone()));
    }
}

#[cfg(test)]
mod tests {
    use http::header::ACCEPT_ENCODING;

    use super::*;

    #[test]
    fn says_everything_once() {
        for (before, after) in [
            ("", vec!["", "accept-encoding"]),
            ("origin", vec!["origin", "accept-encoding"]),
            ("Origin, Accept-Encoding", vec!["Origin, Accept-Encoding"]),
            ("*", vec!["*"]),
        ] {
            let mut headers = HeaderMap::from_iter([(VARY, HeaderValue::from_static(before))]);
            add(&mut headers, &ACCEPT_ENCODING);
            assert_eq!(headers.get_all(VARY).iter().collect::<Vec<_>>(), after);
        }
    }
}
