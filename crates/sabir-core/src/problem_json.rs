//! How a problem is written (RFC 9457 §3).

use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value as Json, json};

use crate::{Location, Problem, Reply, ReplyBody, Violation};

/// The media type of problems.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

pub(crate) fn reply(problem: Problem) -> Reply {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut members = Map::new();
    members.insert("type".into(), problem.type_uri.into());
    members.insert("title".into(), problem.title.into());
    members.insert("status".into(), problem.status.into());
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
    for (name, value) in problem.extensions {
        members.entry(name).or_insert(value);
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
    reply.body = ReplyBody::Bytes(Json::Object(members).to_string().into());
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
    let mut members = Map::new();
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
