//! Which problems the runtime answers in place of an operation.

use serde_json::{Map, Value as Json};

use crate::{ContentForm, ProblemType, Route};

/// The problems that follow from what the operation of `route` takes, in the order of their statuses. `parameters` are its parameters
/// as the document has them.
///
/// Those that every request may get, such as the ones of its connection and of a server that is overloaded, are not among them.
pub(super) fn of(route: &Route, parameters: &[Json]) -> Vec<ProblemType> {
    let takes_content = route.body.is_some() || route.content == ContentForm::Stream;
    let security = &route.operation.security;
    let is_secured = !security.is_empty() && security.iter().all(|schemes| !schemes.is_empty());
    let needs_scopes = is_secured
        && security
            .iter()
            .flat_map(|schemes| schemes.values())
            .any(|scopes| !scopes.is_empty());
    let rows = [
        (ProblemType::BadRequest, takes_content || !parameters.is_empty()),
        (ProblemType::Unauthorized, is_secured),
        (ProblemType::Forbidden, needs_scopes),
        (
            ProblemType::NotFound,
            route.pattern.typed_variables().next().is_some(),
        ),
        (ProblemType::NotAcceptable, route.offers.len() > 1),
        (ProblemType::ContentTooLarge, takes_content),
        (ProblemType::UnsupportedMediaType, takes_content),
        (ProblemType::ValidationFailed, is_validated(route, parameters)),
    ];
    rows.into_iter()
        .filter(|(_, applies)| *applies)
        .map(|(kind, _)| kind)
        .collect()
}

fn is_validated(route: &Route, parameters: &[Json]) -> bool {
    let body = route.operation.request_body.as_ref();
    let has_schema = |body: &crate::operation::RequestBody| {
        let mut contents = body.content.values();
        contents.any(|content| !content.schema.is_null() || content.item_schema.is_some())
    };
    body.is_some_and(|body| body.required || has_schema(body))
        || parameters.iter().any(|parameter| may_fail(route, parameter))
}

/// Whether some text does not fit a parameter, or it may not be absent.
fn may_fail(route: &Route, parameter: &Json) -> bool {
    let schema = &parameter["schema"];
    if parameter["in"] == "path" {
        // Whatever else does not fit has no route.
        let of_pattern = route
            .pattern
            .variables()
            .find(|(name, _)| parameter["name"] == *name);
        return !takes_any_text(schema)
            && of_pattern.is_none_or(|(_, of_pattern)| !is_same(of_pattern, schema));
    }
    parameter["required"] == true || !takes_any_text(schema)
}

/// Whether two schemas take the same values, as far as their keywords tell.
fn is_same(one: &Json, other: &Json) -> bool {
    let constraints = |schema: &Json| -> Map<String, Json> {
        let members = schema.as_object().into_iter().flatten();
        let constraints = members.filter(|(keyword, _)| !is_annotation(keyword));
        constraints
            .map(|(keyword, value)| (keyword.clone(), value.clone()))
            .collect()
    };
    constraints(one) == constraints(other)
}

fn takes_any_text(schema: &Json) -> bool {
    match schema {
        Json::Object(members) => members
            .iter()
            .all(|(keyword, value)| is_annotation(keyword) || (keyword == "type" && value == "string")),
        Json::Bool(takes_all) => *takes_all,
        _ => true,
    }
}

fn is_annotation(keyword: &str) -> bool {
    matches!(
        keyword,
        "$comment"
            | "title"
            | "description"
            | "default"
            | "deprecated"
            | "examples"
            | "example"
            | "readOnly"
            | "writeOnly"
    )
}
