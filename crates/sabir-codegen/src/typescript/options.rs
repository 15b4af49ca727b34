//! The options of a route.

use serde_json::Value;

use super::{body, layout::Code, literal, names, parameters, zod::Dialect};
use crate::fixture::Route;

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
    described.extend(request_body.map(|request_body| body::option(request_body, dialect)));
    let describe_input = !described.is_empty();
    let is_json = described.iter().any(|option| option.dialect == Dialect::Json);
    let responses = operation
        .get("responses")
        .map(Value::to_string)
        .unwrap_or_default();
    let are_constant = !describe_input || is_json || responses.contains("\"schema\"");
    let mut members: Vec<Code> = described.into_iter().map(|option| option.member).collect();
    for name in [
        "operationId",
        "summary",
        "description",
        "tags",
        "deprecated",
        "responses",
    ] {
        let value = operation.get(name);
        members.extend(value.map(|value| literal::member(name, literal::json(value))));
    }
    let extension = operation.get("x-sabir").and_then(Value::as_object);
    for (name, value) in extension.into_iter().flatten() {
        members.push(literal::member(&names::camel_case(name), literal::json(value)));
    }
    Options {
        members,
        describe_input,
        are_constant,
    }
}
