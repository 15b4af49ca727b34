//! Values that a handler returns.

use serde_json::Value;

use super::literal;
use crate::{
    fixture::{Cookie, Encoding},
    layout::Code,
};

/// An answer with a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'a> {
    pub(super) value: &'a Value,
    pub(super) encoding: Encoding,
    pub(super) status: Option<u16>,
    pub(super) headers: &'a [(String, String)],
    pub(super) cookies: &'a [Cookie],
    /// Whether it is written as Rack has it, where that says the same.
    pub(super) is_triple: bool,
}

impl Answer<'_> {
    /// The statements that return it.
    pub(super) fn statements(self) -> Vec<Code> {
        if !self.cookies.is_empty() {
            let mut statements = vec![self.response().with_prefix("response = ")];
            statements.extend(self.cookies.iter().map(set));
            statements.push("response".into());
            return statements;
        }
        let is_bare_json =
            matches!(self.encoding, Encoding::Json) && (self.value.is_string() || self.value.is_null());
        let is_bare = self.status.is_none() && self.headers.is_empty();
        vec![match self.encoding {
            // An empty string is text; nil would be 204.
            Encoding::Json | Encoding::Text | Encoding::Bytes if is_bare && !is_bare_json => self.content(),
            Encoding::Empty | Encoding::Text if self.is_triple && self.is_plain() => self.triple(),
            Encoding::Empty if self.is_redirect() => self.redirect(),
            _ => self.response(),
        }]
    }

    fn content(self) -> Code {
        match self.encoding {
            Encoding::Empty => "nil".into(),
            Encoding::Bytes => Code::call("decoded", vec![literal::json(self.value)]),
            Encoding::Json | Encoding::Text => literal::json(self.value),
        }
    }

    fn response(self) -> Code {
        let is_bare_json =
            matches!(self.encoding, Encoding::Json) && (self.value.is_string() || self.value.is_null());
        let constructor = if is_bare_json { "json" } else { "new" };
        let content = (!matches!(self.encoding, Encoding::Empty)).then(|| self.content());
        let status = self
            .status
            .or_else(|| matches!(self.encoding, Encoding::Empty).then_some(200));
        let mut arguments: Vec<Code> = content.into_iter().collect();
        arguments.extend(status.map(|status| format!("status: {status}").into()));
        if !self.headers.is_empty() {
            arguments.push(literal::member("headers", literal::fields(self.headers)));
        }
        Code::call(&format!("Sabir::Response.{constructor}"), arguments)
    }

    /// Whether Rack can say it: one value for each name, and a status.
    fn is_plain(self) -> bool {
        let mut names: Vec<String> = self.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
        names.sort();
        names.dedup();
        names.len() == self.headers.len() && self.headers.iter().all(|(_, value)| !value.contains('\n'))
    }

    fn triple(self) -> Code {
        let status = self.status.unwrap_or(200).to_string();
        Code::array(vec![status.into(), literal::fields(self.headers), self.content()])
    }

    fn is_redirect(self) -> bool {
        matches!(self.headers, [(name, url)] if name == "location" && url.is_ascii() && !url.contains(' '))
            && self.status.is_some_and(|status| (300..400).contains(&status))
    }

    fn redirect(self) -> Code {
        let url = self.headers.iter().map(|(_, url)| literal::string(url).into());
        let status = self.status.filter(|status| *status != 302);
        let status = status.map(|status| format!("status: {status}").into());
        Code::call("Sabir::Response.redirect", url.chain(status).collect())
    }
}

/// The call that sets a cookie.
fn set(cookie: &Cookie) -> Code {
    let text = |name: &str, value: &Option<String>| {
        let value = value.as_ref();
        value.map(|value| literal::member(name, literal::string(value).into()))
    };
    let path = match cookie.path.as_deref() {
        // That is the default.
        Some("/") => None,
        Some(path) => Some(literal::member("path", literal::string(path).into())),
        None => Some("path: nil".into()),
    };
    let expires = cookie.expires.as_ref().map(|time| {
        let time = Code::call("Time.iso8601", vec![literal::string(time).into()]);
        literal::member("expires", time)
    });
    let flag = |name: &str, is_set: bool| is_set.then(|| format!("{name}: true").into());
    let attributes = [
        path,
        text("domain", &cookie.domain),
        cookie.max_age.map(|seconds| format!("max_age: {seconds}").into()),
        expires,
        flag("secure", cookie.secure),
        flag("http_only", cookie.http_only),
        flag("partitioned", cookie.partitioned),
        text("same_site", &cookie.same_site),
    ];
    let mut arguments: Vec<Code> = vec![
        literal::string(&cookie.name).into(),
        literal::string(&cookie.value).into(),
    ];
    arguments.extend(attributes.into_iter().flatten());
    Code::call("response.set_cookie", arguments)
}
