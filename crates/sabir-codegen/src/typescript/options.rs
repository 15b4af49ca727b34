//! The options of a route.

use serde_json::Value;

use super::{body, layout::Code, literal, names, parameters};
use crate::fixture::Route;

/// What the options of a route say.
#[derive(Debug)]
pub(super) struct Options {
    /// The members.
    pub(super) members: Vec<Code>,
    /// Whether they say what arrives: parameters or a body.
    pub(super) describe_input: bool,
}

/// The options of `route`.
pub(super) fn of(route: &Route) -> Options {
    let operation = &route.operation;
    let declared = operation.get("parameters").and_then(Value::as_array);
    let mut members = parameters::options(declared.map_or(&[], Vec::as_slice));
    members.extend(operation.get("requestBody").map(body::option));
    let describe_input = !members.is_empty();
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
    }
}
