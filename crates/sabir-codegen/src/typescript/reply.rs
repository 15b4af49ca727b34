//! What a handler returns.

use serde_json::Value;

use super::{layout::Code, literal};
use crate::fixture::{Cookie, Encoding};

/// The content itself, or `reply(...)` where more than that is said.
pub(super) fn returned(
    value: &Value,
    encoding: Encoding,
    status: Option<u16>,
    headers: &[(String, String)],
    cookies: &[Cookie],
) -> Code {
    let (content, media_type) = match encoding {
        Encoding::Empty => ("undefined".into(), None),
        Encoding::Bytes => {
            let text = literal::json(value);
            (Code::call("Buffer.from", vec![text, "\"base64\"".into()]), None)
        }
        // A bare string would be sent as text, so it is written as JSON first.
        Encoding::Json if value.is_string() => (
            Code::call("JSON.stringify", vec![literal::json(value)]),
            Some("application/json"),
        ),
        Encoding::Json | Encoding::Text => (literal::json(value), None),
    };
    // No content would be 204.
    let status = status.or_else(|| matches!(encoding, Encoding::Empty).then_some(200));
    let mut options = Vec::new();
    options.extend(status.map(|status| literal::member("status", status.to_string().into())));
    if !headers.is_empty() {
        options.push(literal::member("headers", literal::fields(headers)));
    }
    if !cookies.is_empty() {
        let cookies = cookies.iter().map(cookie).collect();
        options.push(literal::member("cookies", Code::array(cookies)));
    }
    options.extend(media_type.map(|text| literal::member("mediaType", literal::string(text).into())));
    if options.is_empty() {
        return content;
    }
    Code::call("reply", vec![content, Code::object(options)])
}

fn cookie(cookie: &Cookie) -> Code {
    let text = |name: &str, value: &str| literal::member(name, literal::string(value).into());
    let mut members = vec![text("name", &cookie.name), text("value", &cookie.value)];
    for (name, value) in [("path", &cookie.path), ("domain", &cookie.domain)] {
        members.extend(value.as_ref().map(|value| text(name, value)));
    }
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
            (
                json!("a"),
                Encoding::Json,
                "reply(JSON.stringify(\"a\"), { mediaType: \"application/json\" })",
            ),
            (
                json!("YQ=="),
                Encoding::Bytes,
                "Buffer.from(\"YQ==\", \"base64\")",
            ),
            (json!(null), Encoding::Empty, "reply(undefined, { status: 200 })"),
        ] {
            assert_eq!(returned(&value, encoding, None, &[], &[]).print(0), source);
        }
    }

    #[test]
    fn cookies_have_their_attributes() {
        let cookie: Cookie = serde_json::from_value(json!({
            "name": "a", "value": "1", "max_age": 60, "expires": "2030-01-01T00:00:00Z", "http_only": true
        }))
        .unwrap();
        let source = returned(&json!("ok"), Encoding::Text, None, &[], &[cookie]).print(0);
        let members = "name: \"a\", value: \"1\", maxAge: 60, expires: new Date(\"2030-01-01T00:00:00Z\"), httpOnly: true";
        assert_eq!(
            source,
            format!("reply(\"ok\", {{\n  cookies: [{{ {members} }}],\n}})")
        );
    }
}
