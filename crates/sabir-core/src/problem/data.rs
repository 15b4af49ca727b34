//! Problems that a host describes as data.

use http::StatusCode;
use serde_json::{Map as JsonObject, Value as Json};

use crate::{
    Location, Map, Problem, Value, Violation,
    header::field,
    json::{self, JsonLimits},
};

impl Problem {
    /// Reads `status` (500 when absent), `type`, `title`, `detail`, `instance`, `errors` as RFC 9457 and this runtime
    /// write them, `headers` as `[name, value]` pairs, and `extensions`, the JSON text of an object of further members or that object.
    /// Null is absence.
    ///
    /// # Errors
    /// What cannot be sent, as a sentence.
    pub fn from_data(data: &JsonObject<String, Json>) -> Result<Self, String> {
        let text = |name: &str| data.get(name).and_then(Json::as_str).map(str::to_owned);
        let status = match data.get("status") {
            None | Some(Json::Null) => 500,
            Some(status) => status
                .as_u64()
                .and_then(|status| u16::try_from(status).ok())
                .filter(|status| StatusCode::from_u16(*status).is_ok())
                .ok_or_else(|| format!("{status} is not a status code; use 100 to 999"))?,
        };
        let mut problem = Self::from_status(status);
        if let Some(type_uri) = text("type") {
            problem.type_uri = type_uri.into();
        }
        if let Some(title) = text("title") {
            problem.title = title.into();
        }
        problem.detail = text("detail");
        problem.instance = text("instance");
        for error in data.get("errors").and_then(Json::as_array).into_iter().flatten() {
            problem.errors.push(violation(error));
        }
        for header in data.get("headers").and_then(Json::as_array).into_iter().flatten() {
            let part = |index: usize| header.get(index).and_then(Json::as_str);
            let (Some(name), Some(value)) = (part(0), part(1)) else {
                return Err(format!("{header} is not a pair of name and value"));
            };
            let (name, value) = field::from_text(name, value).map_err(|error| error.to_string())?;
            problem.headers.append(name, value);
        }
        problem.extensions = match data.get("extensions") {
            None | Some(Json::Null) => Map::default(),
            Some(Json::String(text)) => {
                extensions(json::parse(text.as_bytes(), &JsonLimits::OF_APPLICATION))?
            }
            Some(members) => extensions(Ok(json::from_json(members)))?,
        };
        Ok(problem)
    }
}

fn extensions(members: Result<Value, Problem>) -> Result<Map, String> {
    match members {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("the extensions are no object".to_owned()),
        Err(problem) => Err(problem.detail.unwrap_or_default()),
    }
}

/// An entry of `errors`; what it does not say of its place lies in the body.
fn violation(error: &Json) -> Violation {
    let text = |name: &str| error.get(name).and_then(Json::as_str);
    Violation {
        location: match text("in") {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            _ => Location::Body,
        },
        name: text("name").map(Into::into),
        pointer: text("pointer").map(str::to_owned),
        keyword: text("keyword").unwrap_or_default().to_owned().into(),
        detail: text("detail").unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(data: &Json) -> Result<Problem, String> {
        Problem::from_data(data.as_object().unwrap())
    }

    #[test]
    fn reads_what_the_runtime_writes() {
        let problem = read(&json!({
            "status": 409, "detail": "taken", "title": null, "headers": [["Retry-After", "1"]],
            "extensions": { "sku": "a" },
            "errors": [{ "in": "query", "name": "a", "keyword": "minimum", "detail": "too small" }]
        }))
        .unwrap();
        assert_eq!(problem.type_uri, "urn:sabir:problem:conflict");
        assert_eq!(problem.detail.as_deref(), Some("taken"));
        assert_eq!(problem.headers["retry-after"], "1");
        assert_eq!(problem.extensions.get("sku"), Some(&Value::String("a".into())));
        assert_eq!(problem.errors[0].location, Location::Query);
    }

    #[test]
    fn reads_extensions_as_text_with_every_digit() {
        let problem =
            read(&json!({ "extensions": r#"{"total":123456789012345678901234567890.10}"# })).unwrap();
        let total = Value::Literal("123456789012345678901234567890.10".into());
        assert_eq!(problem.extensions.get("total"), Some(&total));
        for text in ["[]", "{", "1"] {
            assert!(read(&json!({ "extensions": text })).is_err(), "{text}");
        }
    }

    #[test]
    fn refuses_what_cannot_be_sent() {
        assert!(
            read(&json!({ "status": 1000 }))
                .unwrap_err()
                .contains("100 to 999")
        );
        assert!(read(&json!({ "headers": [["a"]] })).unwrap_err().contains("pair"));
        assert!(
            read(&json!({ "headers": [["a", "\n"]] }))
                .unwrap_err()
                .contains("well-formed")
        );
    }
}
