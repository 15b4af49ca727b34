//! The parameters of a channel, where AsyncAPI has a place for them.

use serde_json::{Map, Value as Json, json};

use super::schemas::Schemas;
use crate::{
    Operation, Route,
    event::MEDIA_TYPE as EVENT_STREAM,
    operation::{In, Parameter, Style},
    routing::Pattern,
};

/// The variables of an address, as AsyncAPI has them: each is a text.
pub(super) fn variables(pattern: &Pattern, operation: &Operation) -> Map<String, Json> {
    let variable = |name: &str, schema: &Json| {
        let declared = declared(operation, name);
        let mut variable = Map::new();
        if let Some(description) = declared.and_then(|parameter| parameter.description.as_deref()) {
            variable.insert("description".into(), description.into());
        }
        let schema = declared.map_or(schema, |parameter| &parameter.schema);
        if let Some(Json::Array(choices)) = schema.get("enum")
            && choices.iter().all(Json::is_string)
        {
            variable.insert("enum".into(), choices.clone().into());
        }
        variable
    };
    pattern
        .variables()
        .map(|(name, schema)| (name.to_owned(), variable(name, schema).into()))
        .collect()
}

fn declared<'o>(operation: &'o Operation, name: &str) -> Option<&'o Parameter> {
    let mut parameters = operation.parameters.iter();
    parameters.find(|parameter| parameter.location == In::Path && parameter.name == name)
}

/// The parameters in one place as the schema of an object; nothing where there are none.
pub(super) fn object(
    operation: &Operation,
    location: In,
    schemas: &mut Schemas<'_>,
) -> Option<Map<String, Json>> {
    let (mut properties, mut required, mut parts) = (Map::new(), Vec::new(), Vec::new());
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == location)
    {
        // The members of such an object are parameters themselves (OpenAPI 3.1 §4.8.12.3).
        if location == In::Query && is_exploded(parameter) {
            parts.push(schemas.add(&parameter.schema));
            continue;
        }
        let schema = schemas.add(&described(parameter));
        properties.insert(parameter.name.clone(), without_null(schema, parameter));
        if parameter.required {
            required.push(parameter.name.clone());
        }
    }
    if properties.is_empty() && parts.is_empty() {
        return None;
    }
    let mut object = Map::new();
    object.insert("type".into(), "object".into());
    object.insert("properties".into(), properties.into());
    if !required.is_empty() {
        object.insert("required".into(), required.into());
    }
    if !parts.is_empty() {
        object.insert("allOf".into(), parts.into());
    }
    Some(object)
}

fn is_exploded(parameter: &Parameter) -> bool {
    let is_form = matches!(parameter.style, None | Some(Style::Form));
    let is_object = parameter.schema.get("type").is_some_and(|name| name == "object");
    is_form && is_object && parameter.explode.unwrap_or(true)
}

/// The schema of a parameter with what else is said of it.
fn described(parameter: &Parameter) -> Json {
    let mut schema = match &parameter.schema {
        Json::Object(members) => members.clone(),
        Json::Bool(false) => return Json::Bool(false),
        _ => Map::new(),
    };
    if let Some(description) = &parameter.description {
        schema.insert("description".into(), description.as_str().into());
    }
    if parameter.deprecated {
        schema.insert("deprecated".into(), true.into());
    }
    schema.into()
}

/// The Parameter Objects, as OpenAPI has them, of what AsyncAPI has no place for: cookies, variables of the path that are more than
/// text, and those in `homeless`.
pub(super) fn others(
    pattern: &Pattern,
    operation: &Operation,
    homeless: &[In],
    schemas: &mut Schemas<'_>,
) -> Vec<Json> {
    let mut others = Vec::new();
    for mut parameter in of_path(pattern, operation) {
        // It stands beside the variable.
        parameter.description = None;
        let object = parameter_object(parameter, schemas);
        if !object.get("schema").is_none_or(is_text) {
            others.push(object);
        }
    }
    for parameter in &operation.parameters {
        if parameter.location == In::Cookie || homeless.contains(&parameter.location) {
            others.push(parameter_object(parameter.clone(), schemas));
        }
    }
    others
}

/// The Parameter Objects of a route, as OpenAPI has them: first the variables of its path.
pub(super) fn objects(route: &Route, schemas: &mut Schemas<'_>) -> Vec<Json> {
    let operation = &route.operation;
    let mut parameters: Vec<_> = of_path(&route.pattern, operation).collect();
    let others = operation.parameters.iter();
    parameters.extend(others.filter(|parameter| parameter.location != In::Path).cloned());
    let is_resumed = |parameter: &Parameter| {
        parameter.location == In::Header && parameter.name.eq_ignore_ascii_case(LAST_EVENT_ID)
    };
    if has_events(operation) && !parameters.iter().any(is_resumed) {
        // Every client of events sends it when it comes back (WHATWG HTML §9.2.4), whether the handler looks at it or not.
        let text = json!({ "type": "string" });
        parameters.push(parameter(LAST_EVENT_ID, In::Header, false, text));
    }
    // Languages collect them in their own order.
    parameters.sort_by_key(|parameter| match parameter.location {
        In::Path => 0,
        In::Query => 1,
        In::Header => 2,
        In::Cookie => 3,
    });
    let object = |mut parameter: Parameter| {
        hoist(&mut parameter);
        let mut object = parameter_object(parameter, schemas);
        if object.get("schema").is_none() {
            object["schema"] = json!({});
        }
        object
    };
    parameters.into_iter().map(object).collect()
}

const LAST_EVENT_ID: &str = "last-event-id";

fn has_events(operation: &Operation) -> bool {
    let mut responses = operation.responses.iter();
    responses.any(|(status, response)| status.starts_with('2') && response.content.contains_key(EVENT_STREAM))
}

/// The variables of a path, as they are declared or as their converters have them.
fn of_path(pattern: &Pattern, operation: &Operation) -> impl Iterator<Item = Parameter> {
    pattern.variables().map(|(name, schema)| {
        let mut found = declared(operation, name)
            .cloned()
            .unwrap_or_else(|| parameter(name, In::Path, true, schema.clone()));
        found.required = true;
        found
    })
}

fn parameter(name: &str, location: In, required: bool, schema: Json) -> Parameter {
    Parameter {
        name: name.to_owned(),
        location,
        description: None,
        required,
        deprecated: false,
        style: None,
        explode: None,
        schema,
    }
}

/// What is said in words of a schema, and is meant of the parameter: languages and libraries differ in where they say it.
fn hoist(parameter: &mut Parameter) {
    let Json::Object(schema) = &mut parameter.schema else {
        return;
    };
    if schema.contains_key("$ref") || schema.contains_key("properties") {
        return;
    }
    if let Some(Json::String(text)) = schema.remove("description") {
        parameter.description.get_or_insert(text);
    }
    // Names of types, which not every language has.
    if !schema.contains_key("enum") {
        schema.remove("title");
    }
    parameter.deprecated |= schema.remove("deprecated") == Some(Json::Bool(true));
}

/// Whether a schema says nothing that a variable does not.
fn is_text(schema: &Json) -> bool {
    let Json::Object(members) = schema else {
        return true;
    };
    let is_known = |(keyword, value): (&String, &Json)| match keyword.as_str() {
        "type" => value == "string",
        "enum" | "title" | "description" => true,
        _ => false,
    };
    members.iter().all(is_known)
}

/// A parameter that may be left out is null in a handler when it is; no client sends null. Languages and libraries differ in whether
/// they say so.
fn without_null(mut schema: Json, parameter: &Parameter) -> Json {
    let Json::Object(members) = &mut schema else {
        return schema;
    };
    if parameter.required {
        return schema;
    }
    if let Some(Json::Array(types)) = members.get_mut("type") {
        types.retain(|name| name != "null");
        if types.len() == 1
            && let Some(only) = types.pop()
        {
            members.insert("type".into(), only);
        }
    }
    let is_alone = members.len() == 1;
    for keyword in ["anyOf", "oneOf"] {
        let Some(Json::Array(alternatives)) = members.get_mut(keyword) else {
            continue;
        };
        alternatives.retain(|alternative| *alternative != json!({ "type": "null" }));
        if let [only] = alternatives.as_slice()
            && is_alone
        {
            return only.clone();
        }
    }
    schema
}

fn parameter_object(parameter: Parameter, schemas: &mut Schemas<'_>) -> Json {
    let schema = without_null(schemas.add(&parameter.schema), &parameter);
    let mut object = serde_json::to_value(parameter).unwrap_or_else(|_| json!({}));
    if !schema.is_null() {
        object["schema"] = schema;
    }
    object
}
