//! What a handler returns, and what it says before that.

use serde_json::Value;

use super::{layout::Code, literal};
use crate::fixture::{Cookie, Encoding, Handler};

/// The statuses that a redirect may have (RFC 9110 §15.4).
const REDIRECTS: [u16; 6] = [300, 301, 302, 303, 307, 308];

/// The content type that the method `html` gives.
const HTML: &str = "text/html; charset=utf-8";

/// What a handler answers with.
#[derive(Clone, Copy)]
pub(super) struct Answer<'a> {
    value: &'a Value,
    encoding: Encoding,
    status: Option<u16>,
    headers: &'a [(String, String)],
    cookies: &'a [Cookie],
}

impl<'a> Answer<'a> {
    /// The answer of a handler that returns one.
    pub(super) fn of(handler: &'a Handler) -> Option<Self> {
        let Handler::Return {
            value,
            encoding,
            status,
            headers,
            cookies,
        } = handler
        else {
            return None;
        };
        Some(Self {
            value,
            encoding: *encoding,
            status: *status,
            headers,
            cookies,
        })
    }

    /// Whether the context is needed to make it.
    pub(super) fn takes_context(self) -> bool {
        let is_string_as_json = matches!(self.encoding, Encoding::Json) && self.value.is_string();
        let is_empty = matches!(self.encoding, Encoding::Empty);
        let says_more = self.status.is_some() || !self.headers.is_empty() || !self.cookies.is_empty();
        says_more || is_string_as_json || is_empty
    }

    /// The statements before it is returned: those that set its cookies.
    pub(super) fn statements(self) -> impl Iterator<Item = Code> {
        self.cookies.iter().map(|cookie| set(cookie).with_suffix(";"))
    }

    /// What is returned: the content itself where nothing else is said, or what a method of the context makes of it.
    pub(super) fn returned(self) -> Code {
        let content = match self.encoding {
            Encoding::Empty => return self.without_content(),
            Encoding::Bytes => Code::call(
                "Buffer.from",
                vec![literal::json(self.value), "\"base64\"".into()],
            ),
            Encoding::Json | Encoding::Text => literal::json(self.value),
        };
        let is_html =
            |(name, value): &(String, String)| name.eq_ignore_ascii_case("content-type") && value == HTML;
        let (method, headers): (_, Vec<_>) = match self.encoding {
            Encoding::Text if self.headers.iter().any(is_html) => {
                let others = self.headers.iter().filter(|field| !is_html(field));
                ("html", others.cloned().collect())
            }
            Encoding::Text => ("text", self.headers.to_vec()),
            Encoding::Bytes => ("bytes", self.headers.to_vec()),
            Encoding::Json | Encoding::Empty => ("json", self.headers.to_vec()),
        };
        let is_string_as_json = matches!(self.encoding, Encoding::Json) && self.value.is_string();
        if self.status.is_none() && self.headers.is_empty() && !is_string_as_json {
            return content;
        }
        let fields = (!headers.is_empty()).then(|| literal::fields(&headers));
        let mut arguments = vec![content];
        match (self.status, fields) {
            (None, None) => {}
            (None, Some(fields)) => arguments.push(Code::object(vec![literal::member("headers", fields)])),
            (Some(status), fields) => {
                arguments.push(status.to_string().into());
                arguments.extend(fields);
            }
        }
        Code::call(&format!("context.{method}"), arguments)
    }

    /// A redirect, or the context with its status and header fields.
    fn without_content(self) -> Code {
        // No content would be 204.
        let status = self.status.unwrap_or(200);
        if let [(name, location)] = self.headers
            && name.eq_ignore_ascii_case("location")
            && REDIRECTS.contains(&status)
        {
            let status = (status != 302).then(|| status.to_string().into());
            let arguments = std::iter::once(literal::string(location).into()).chain(status);
            return Code::call("context.redirect", arguments.collect());
        }
        let mut source = format!("context.status({status})");
        for (index, (name, value)) in self.headers.iter().enumerate() {
            let mut earlier = self.headers[..index].iter();
            let append = if earlier.any(|(other, _)| other.eq_ignore_ascii_case(name)) {
                ", { append: true }"
            } else {
                ""
            };
            let (name, value) = (literal::string(name), literal::string(value));
            source += &format!(".header({name}, {value}{append})");
        }
        source.into()
    }
}

/// The call that sets a cookie.
fn set(cookie: &Cookie) -> Code {
    let mut arguments = vec![
        literal::string(&cookie.name).into(),
        literal::string(&cookie.value).into(),
    ];
    let attributes = attributes(cookie);
    if !attributes.is_empty() {
        arguments.push(Code::object(attributes));
    }
    Code::call("context.setCookie", arguments)
}

fn attributes(cookie: &Cookie) -> Vec<Code> {
    let text = |name: &str, value: &str| literal::member(name, literal::string(value).into());
    let mut members = Vec::new();
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
    members
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What a handler returns, and whether it takes the context for it.
    #[track_caller]
    fn writes(handler: &Value, source: &str) {
        let handler: Handler = serde_json::from_value(handler.clone()).unwrap();
        let answer = Answer::of(&handler).unwrap();
        assert_eq!(answer.returned().print(0), source);
        let statements = answer.statements().count();
        assert_eq!(
            answer.takes_context(),
            source.contains("context") || statements > 0
        );
    }

    #[test]
    fn plain_content_stands_alone() {
        for (value, encoding, source) in [
            (json!("a"), "text", "\"a\""),
            (json!([1]), "json", "[1]"),
            (json!(null), "json", "null"),
            (json!("a"), "json", "context.json(\"a\")"),
            (json!("YQ=="), "bytes", "Buffer.from(\"YQ==\", \"base64\")"),
            (json!(null), "empty", "context.status(200)"),
        ] {
            writes(&json!({"do": "return", "value": value, "as": encoding}), source);
        }
    }

    #[test]
    fn a_status_and_header_fields_follow_the_content() {
        let fields = json!([["a", "b"]]);
        for (more, source) in [
            (json!({"status": 201}), "context.json(1, 201)"),
            (
                json!({"status": 201, "headers": fields}),
                "context.json(1, 201, { a: \"b\" })",
            ),
            (
                json!({"headers": fields}),
                "context.json(1, { headers: { a: \"b\" } })",
            ),
        ] {
            let mut handler = json!({"do": "return", "value": 1});
            handler
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            writes(&handler, source);
        }
    }

    #[test]
    fn html_and_redirects_have_methods_of_their_own() {
        let html = [["Content-Type", HTML]];
        for (handler, source) in [
            (
                json!({"value": "<p>", "as": "text", "headers": html}),
                "context.html(\"<p>\")",
            ),
            (
                json!({"value": "<p>", "as": "text", "headers": html, "status": 404}),
                "context.html(\"<p>\", 404)",
            ),
            (
                json!({"as": "empty", "headers": [["location", "/a"]], "status": 302}),
                "context.redirect(\"/a\")",
            ),
            (
                json!({"as": "empty", "headers": [["location", "/a"]], "status": 308}),
                "context.redirect(\"/a\", 308)",
            ),
            (
                json!({"as": "empty", "headers": [["a", "1"], ["A", "2"]], "status": 204}),
                "context.status(204).header(\"a\", \"1\").header(\"A\", \"2\", { append: true })",
            ),
        ] {
            let mut handler = handler;
            handler["do"] = json!("return");
            writes(&handler, source);
        }
    }

    #[test]
    fn cookies_are_set_before_with_their_attributes() {
        let handler = json!({"do": "return", "value": "ok", "as": "text", "cookies": [
            { "name": "a", "value": "1", "path": "/", "max_age": 60, "expires": "2030-01-01T00:00:00Z", "http_only": true },
            { "name": "b", "value": "2" },
            { "name": "c", "value": "3", "path": "/" }
        ]});
        writes(&handler, "\"ok\"");
        let handler: Handler = serde_json::from_value(handler).unwrap();
        let statements: Vec<_> = Answer::of(&handler).unwrap().statements().collect();
        let printed: Vec<_> = statements.iter().map(|statement| statement.print(0)).collect();
        let attributes = "{ maxAge: 60, expires: new Date(\"2030-01-01T00:00:00Z\"), httpOnly: true }";
        assert_eq!(
            printed,
            [
                format!("context.setCookie(\"a\", \"1\", {attributes});").as_str(),
                "context.setCookie(\"b\", \"2\", { path: null });",
                "context.setCookie(\"c\", \"3\");",
            ]
        );
    }
}
