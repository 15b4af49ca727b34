//! What a handler returns.

use serde_json::Value;

use super::{layout::Code, literal};
use crate::fixture::{Cookie, Encoding};

/// The content itself, a method of the context where a status or header fields are said too, or a `Response`.
pub(super) fn returned(
    value: &Value,
    encoding: Encoding,
    status: Option<u16>,
    headers: &[(String, String)],
    cookies: &[Cookie],
) -> Code {
    let content = match encoding {
        Encoding::Empty => "undefined".into(),
        Encoding::Bytes => {
            let text = literal::json(value);
            Code::call("Buffer.from", vec![text, "\"base64\"".into()])
        }
        Encoding::Json | Encoding::Text => literal::json(value),
    };
    // No content would be 204.
    let status = status.or_else(|| matches!(encoding, Encoding::Empty).then_some(200));
    let says_context = takes_context(value, encoding, status, headers, cookies);
    let status = status.map(|status| status.to_string());
    let fields = (!headers.is_empty()).then(|| literal::fields(headers));
    if let Some(method) = method(encoding).filter(|_| cookies.is_empty()) {
        if !says_context {
            return content;
        }
        let rest: Vec<Code> = match (status, fields) {
            (None, None) => Vec::new(),
            (None, Some(fields)) => vec![Code::object(vec![literal::member("headers", fields)])],
            (Some(status), fields) => std::iter::once(status.into()).chain(fields).collect(),
        };
        let arguments = std::iter::once(content).chain(rest).collect();
        return Code::call(&format!("context.{method}"), arguments);
    }
    let mut options = Vec::new();
    options.extend(status.map(|status| literal::member("status", status.into())));
    options.extend(fields.map(|fields| literal::member("headers", fields)));
    if !cookies.is_empty() {
        let cookies = cookies.iter().map(cookie).collect();
        options.push(literal::member("cookies", Code::array(cookies)));
    }
    // A string would be text, and null no content.
    let is_told = matches!(encoding, Encoding::Json) && (value.is_string() || value.is_null());
    let make = if is_told { "Response.json" } else { "new Response" };
    Code::call(make, vec![content, Code::object(options)])
}

/// Whether a method of the context makes what is returned.
pub(super) fn takes_context(
    value: &Value,
    encoding: Encoding,
    status: Option<u16>,
    headers: &[(String, String)],
    cookies: &[Cookie],
) -> bool {
    let is_string_as_json = matches!(encoding, Encoding::Json) && value.is_string();
    let says_more = status.is_some() || !headers.is_empty() || is_string_as_json;
    method(encoding).is_some() && cookies.is_empty() && says_more
}

/// The method of the context that takes such content.
fn method(encoding: Encoding) -> Option<&'static str> {
    match encoding {
        Encoding::Json => Some("json"),
        Encoding::Text => Some("text"),
        Encoding::Bytes => Some("bytes"),
        Encoding::Empty => None,
    }
}

fn cookie(cookie: &Cookie) -> Code {
    let text = |name: &str, value: &str| literal::member(name, literal::string(value).into());
    let mut members = vec![text("name", &cookie.name), text("value", &cookie.value)];
    // The path is `/` unless another is said, or that there is none.
    match cookie.path.as_deref() {
        None => members.push("path: null".into()),
        Some("/") => {}
        Some(path) => members.push(text("path", path)),
    }
    members.extend(cookie.domain.as_ref().map(|domain| text("domain", domain)));
    members.extend(cookie.max_age.map(|seconds| format!("maxAge: {seconds}").into()));
    members.extend(cookie.expires.as_ref().map(|time| {
        let time = Code::call("new Date", vec![literal::string(time).into()]);
        literal::member("expires", time)
    }));
    for (name, is_set) in [
        ("secure", cookie.secure),
        ("httpOnly", cookie.http_only),
        ("partitioned", cookie.partitioned),
    ] {
        members.extend(is_set.then(|| format!("{name}: true").into()));
    }
    members.extend(cookie.same_site.as_ref().map(|value| text("sameSite", value)));
    Code::object(members)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_content_stands_alone() {
        for (value, encoding, source) in [
            (json!("a"), Encoding::Text, "\"a\""),
            (json!([1]), Encoding::Json, "[1]"),
            (json!(null), Encoding::Json, "null"),
            (json!("a"), Encoding::Json, "context.json(\"a\")"),
            (
                json!("YQ=="),
                Encoding::Bytes,
                "Buffer.from(\"YQ==\", \"base64\")",
            ),
            (
                json!(null),
                Encoding::Empty,
                "new Response(undefined, { status: 200 })",
            ),
        ] {
            assert_eq!(returned(&value, encoding, None, &[], &[]).print(0), source);
        }
    }

    #[test]
    fn a_status_and_header_fields_follow_the_content() {
        let fields = [("a".to_owned(), "b".to_owned())];
        let printed =
            |value: &Value, encoding, status, fields| returned(value, encoding, status, fields, &[]).print(0);
        for (source, status, fields) in [
            ("context.json(1, 201)", Some(201), &fields[..0]),
            ("context.json(1, 201, { a: \"b\" })", Some(201), &fields[..]),
            ("context.json(1, { headers: { a: \"b\" } })", None, &fields[..]),
        ] {
            assert_eq!(printed(&json!(1), Encoding::Json, status, fields), source);
            assert!(takes_context(&json!(1), Encoding::Json, status, fields, &[]));
        }
        assert!(!takes_context(&json!(1), Encoding::Json, None, &[], &[]));
    }

    #[test]
    fn cookies_have_their_attributes() {
        let cookie: Cookie = serde_json::from_value(json!({
            "name": "a", "value": "1", "path": "/", "max_age": 60, "expires": "2030-01-01T00:00:00Z", "http_only": true
        }))
        .unwrap();
        let source = returned(&json!("ok"), Encoding::Text, None, &[], &[cookie]).print(0);
        let members = "name: \"a\", value: \"1\", maxAge: 60, expires: new Date(\"2030-01-01T00:00:00Z\"), httpOnly: true";
        assert_eq!(
            source,
            format!("new Response(\"ok\", {{\n  cookies: [{{ {members} }}],\n}})")
        );
    }
}
