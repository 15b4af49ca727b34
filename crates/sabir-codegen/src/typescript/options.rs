//! The options of a route.

use serde_json::Value;

use super::{
    body,
    layout::Code,
    literal, names, parameters, stages,
    zod::{self, Described, Dialect},
};
use crate::fixture::{Collected, Handler, Route};

/// What the options of a route say.
#[derive(Debug)]
pub(super) struct Options {
    /// The members.
    pub(super) members: Vec<Code>,
    /// Whether they say what arrives: parameters or a body.
    pub(super) describe_input: bool,
    /// Whether their types must stay as narrow as they are written, so that plain JSON Schema tells what arrives.
    pub(super) are_constant: bool,
}

/// The options of `route`, with schemas in this dialect.
pub(super) fn of(route: &Route, dialect: Dialect) -> Options {
    let operation = &route.operation;
    let declared = operation.get("parameters").and_then(Value::as_array);
    let mut described = parameters::options(declared.map_or(&[], Vec::as_slice), dialect);
    let request_body = operation.get("requestBody");
    let streamed = match route.handler {
        Handler::Collect { form, .. } => Some(form),
        _ => None,
    };
    described.extend(match (streamed, request_body) {
        (Some(Collected::Items), Some(request_body)) => request_body
            .pointer("/content/application~1jsonl/itemSchema")
            .and_then(Value::as_object)
            .map(|schema| {
                let zod = (dialect == Dialect::Zod).then(|| zod::of(schema)).flatten();
                Described::new("bodyItems", zod, || literal::object(schema))
            }),
        (Some(Collected::Parts), _) => None,
        (_, request_body) => request_body.map(|request_body| body::option(request_body, dialect)),
    });
    let websocket = operation.pointer("/x-sabir/websocket").and_then(Value::as_object);
    let incoming = websocket.and_then(|described| described.get("incoming")?.as_object());
    described.extend(incoming.map(|schema| {
        let zod = (dialect == Dialect::Zod).then(|| zod::of(schema)).flatten();
        Described::new("incoming", zod, || literal::object(schema))
    }));
    let describe_input = !described.is_empty();
    let is_json = described.iter().any(|option| option.dialect == Dialect::Json);
    let responses = operation
        .get("responses")
        .map(Value::to_string)
        .unwrap_or_default();
    let are_constant = !describe_input || is_json || responses.contains("\"schema\"");
    let mut members: Vec<Code> = described.into_iter().map(|option| option.member).collect();
    members.extend(match streamed {
        Some(Collected::Bytes) => Some("streaming: true".into()),
        Some(Collected::Parts) => Some("parts: true".into()),
        Some(Collected::Items) | None => None,
    });
    for name in [
        "operationId",
        "summary",
        "description",
        "tags",
        "deprecated",
        "responses",
        "security",
    ] {
        let value = operation.get(name);
        members.extend(value.map(|value| literal::member(name, literal::json(value))));
    }
    let extension = operation.get("x-sabir").and_then(Value::as_object);
    let own = extension
        .into_iter()
        .flatten()
        .filter(|(name, _)| !["websocket", "stages"].contains(&name.as_str()));
    let of_sockets = websocket
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "incoming");
    for (name, value) in own.chain(of_sockets) {
        let value = literal::json(value);
        // One of two words, whose type an object with schemas of zod would widen.
        let value = if name == "invalid_message" {
            value.with_suffix(" as const")
        } else {
            value
        };
        members.push(literal::member(&names::camel_case(name), value));
    }
    let set = extension.and_then(|extension| extension.get("stages")?.as_object());
    members.extend(set.map(|set| literal::member("use", Code::array(stages::list(set)))));
    Options {
        members,
        describe_input,
        are_constant,
    }
}
