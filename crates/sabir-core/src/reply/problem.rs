//! Problems as replies (RFC 9457 §3).

use http::{HeaderValue, StatusCode, header};
use serde_json::{Map as JsonObject, Value as Json, json};

use crate::{Location, Map, Problem, Reply, ReplyBody, Value, Violation, json::to_json_bytes};

/// The media type of problems.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

impl Problem {
    /// The problem as an answer, still to be written: the pipeline adds what it knows of the request.
    pub fn into_reply(self) -> Reply {
        let mut reply = Reply::new(status(&self));
        reply.body = ReplyBody::Problem(Box::new(self));
        reply
    }

    /// The problem as text of JSON, for where it is no answer to a request.
    pub fn into_text(self) -> String {
        match written(self).body {
            ReplyBody::Bytes(text) => String::from_utf8_lossy(&text).into_owned(),
            _ => String::new(),
        }
    }

    /// The problem as `application/problem+json` (RFC 9457 §3).
    pub fn write(self) -> Reply {
        written(self)
    }
}

fn status(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn written(problem: Problem) -> Reply {
    let status = status(&problem);
    if !crate::Switch::ProblemFormat.is_on() {
        return Reply::new(status);
    }
    let mut members = JsonObject::new();
    members.insert("type".into(), problem.type_uri.into());
    members.insert("title".into(), problem.title.into());
    // The member must agree with the status line (RFC 9457 §3.1.2), also where no answer can carry the status.
    members.insert("status".into(), status.as_u16().into());
    let optional = [
        ("detail", problem.detail),
        ("instance", problem.instance),
        ("request_id", problem.request_id),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            members.insert(name.into(), value.into());
        }
    }
    if !problem.errors.is_empty() {
        members.insert(
            "errors".into(),
            problem.errors.into_iter().map(violation).collect(),
        );
    }
    if problem.errors_truncated {
        members.insert("errors_truncated".into(), true.into());
    }
    let mut extensions = problem.extensions.0;
    extensions.retain(|(name, _)| !members.contains_key(name.as_str()));
    let mut text = Json::Object(members).to_string().into_bytes();
    if !extensions.is_empty() {
        // Two objects become one.
        text.pop();
        text.push(b',');
        text.extend_from_slice(&to_json_bytes(&Value::Object(Map(extensions)))[1..]);
    }
    let mut reply = Reply::new(status);
    reply.headers = *problem.headers;
    reply
        .headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    if problem.close {
        reply
            .headers
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    reply.body = ReplyBody::Bytes(text.into());
    reply
}

fn violation(violation: Violation) -> Json {
    let location = match violation.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
        Location::Body => "body",
    };
    let mut members = JsonObject::new();
    members.insert("in".into(), location.into());
    if let Some(name) = violation.name {
        members.insert("name".into(), name.as_str().into());
    }
    if let Some(pointer) = violation.pointer {
        members.insert("pointer".into(), pointer.into());
    }
    members.insert("keyword".into(), json!(violation.keyword));
    members.insert("detail".into(), violation.detail.into());
    Json::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProblemType;

    fn body(reply: &Reply) -> &str {
        match &reply.body {
            ReplyBody::Bytes(bytes) => std::str::from_utf8(bytes).unwrap(),
            other => unreachable!("{other:?} is not bytes"),
        }
    }

    fn quantity_too_small() -> Violation {
        Violation::new(Location::Body, "minimum", "0 is less than the minimum of 1")
            .with_pointer("/items/0/quantity")
    }

    #[test]
    fn writes_the_members_in_their_order() {
        let mut problem = Problem::validation(vec![quantity_too_small()]);
        problem.instance = Some("/orders".into());
        problem.request_id = Some("r1".into());
        problem.extend("sku", json!("a"));
        assert_eq!(
            body(&problem.write()),
            concat!(
                r#"{"type":"urn:sabir:problem:validation-failed","title":"Request validation failed","#,
                r#""status":422,"detail":"1 part of the request is not valid","instance":"/orders","#,
                r#""request_id":"r1","errors":[{"in":"body","pointer":"/items/0/quantity","#,
                r#""keyword":"minimum","detail":"0 is less than the minimum of 1"}],"sku":"a"}"#
            )
        );
    }

    #[test]
    fn leaves_out_what_is_absent() {
        let reply = Problem::new(ProblemType::NotFound).write();
        assert_eq!(
            body(&reply),
            r#"{"type":"urn:sabir:problem:not-found","title":"The resource was not found","status":404}"#
        );
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json");
        assert!(!reply.headers.contains_key(header::CONNECTION));
    }

    #[test]
    fn carries_its_headers_but_stays_problem_json() {
        let reply = Problem::new(ProblemType::TooManyRequests)
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
            .with_header(header::CONTENT_TYPE, HeaderValue::from_static("text/html"))
            .write();
        assert_eq!(reply.headers[header::RETRY_AFTER], "1");
        assert_eq!(reply.headers.get_all(header::CONTENT_TYPE).iter().count(), 1);
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json");
    }

    #[test]
    fn says_that_the_connection_closes() {
        let mut problem = Problem::bad_request("two lengths");
        problem.close = true;
        assert_eq!(problem.write().headers[header::CONNECTION], "close");
    }

    #[test]
    fn answers_500_for_a_status_that_does_not_exist() {
        let mut problem = Problem::new(ProblemType::Conflict);
        problem.status = 42;
        let reply = problem.write();
        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body(&reply).contains(r#""status":500"#));
    }

    #[test]
    fn does_not_let_an_extension_replace_a_standard_member() {
        let mut problem = Problem::new(ProblemType::Gone);
        problem.extend("status", json!(200));
        assert!(body(&problem.write()).contains(r#""status":410"#));
    }
}
