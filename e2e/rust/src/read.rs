//! Parts of a request as the handler `read` answers them.

use std::fmt::Write as _;

use sabir_core::{Call, header::field, security::Identity};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// An object of the parts named in `what`.
pub(crate) fn read(call: &Call, what: &[String]) -> Result<Value, String> {
    let mut parts = Map::new();
    for name in what {
        parts.insert(name.clone(), part(call, name)?);
    }
    Ok(Value::Object(parts))
}

fn part(call: &Call, name: &str) -> Result<Value, String> {
    let head = &call.head;
    let content = call.body.content();
    let body = || content.as_deref().map_err(ToString::to_string);
    Ok(match name.split_once(':') {
        None => match name {
            "method" => head.method.as_str().into(),
            "path" => head.uri.path().into(),
            "query_string" => head.uri.query().unwrap_or_default().into(),
            "text" => String::from_utf8_lossy(body()?).into(),
            "size" => body()?.len().into(),
            "sha256" => sha256(body()?).into(),
            "url" => url(call).into(),
            "client" => head.remote.map(|remote| remote.ip().to_string()).into(),
            "subject" => identity(call)
                .and_then(|identity| identity.subject.clone())
                .into(),
            "scopes" => identity(call).map(|identity| identity.scopes.clone()).into(),
            "accepts" => call.arguments.accepts.as_deref().into(),
            _ => return Err(format!("a request has no part {name:?}")),
        },
        Some(("header", field)) => values(call, field).first().copied().into(),
        Some(("headers", field)) => values(call, field).into(),
        Some(("cookie", cookie)) => cookie_value(call, cookie).into(),
        Some(_) => return Err(format!("a request has no part {name:?}")),
    })
}

fn url(call: &Call) -> String {
    let host = values(call, "host").first().copied().unwrap_or_default();
    let target = call
        .head
        .uri
        .path_and_query()
        .map_or("", |target| target.as_str());
    format!("{}://{host}{target}", call.head.scheme.as_str())
}

fn identity(call: &Call) -> Option<&Identity> {
    call.head.extensions.get::<Identity>()
}

fn values<'a>(call: &'a Call, field: &str) -> Vec<&'a str> {
    let fields = call.head.headers.get_all(field).iter();
    fields.filter_map(|value| value.to_str().ok()).collect()
}

fn cookie_value(call: &Call, name: &str) -> Option<String> {
    let cookies = field::cookies(&call.head.headers).into_iter();
    cookies
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .next()
}

/// The SHA-256 digest in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
