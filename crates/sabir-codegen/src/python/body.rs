//! What a handler takes from the content of a request.

use serde_json::{Map, Value};

use super::{
    literal,
    models::Models,
    names::Scope,
    types::{self, Typed},
};
use crate::fixture::{Handler, Route};

/// The body of one route.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// The handler's parameter, with its annotation and default; `None` when the operation declares no body.
    pub(super) parameter: Option<String>,
    /// The type of the messages of a WebSocket or of the values of a stream, where they have a schema.
    pub(super) message: Option<String>,
    /// The classes that the annotation needs.
    pub(super) classes: String,
    /// Whether a schema stands as data and refers to components.
    pub(super) refers_to_components: bool,
}

/// Describes the body of `route`.
pub(super) fn of(
    route: &Route,
    components: &Map<String, Value>,
    structs_fit: bool,
    scope: &mut Scope,
) -> Body {
    let items = "/requestBody/content/application~1jsonl/itemSchema";
    let taken = match route.handler {
        Handler::Socket(_) => route.operation.pointer("/x-sabir/websocket/incoming"),
        Handler::Collect { .. } => route.operation.pointer(items),
        _ => None,
    };
    if let Some(schema) = taken {
        let mut models = Models::new(components, structs_fit, scope, true);
        let typed = types::exact(schema, "item", &mut models);
        return Body {
            // Where no type says the same, any message is taken, and the fixture fails.
            message: Some(typed.and_then(Typed::nested).unwrap_or_else(|| "Any".into())),
            classes: models.into_classes().concat(),
            ..Body::default()
        };
    }
    let request_body = route.operation.get("requestBody");
    let Some(request_body) = request_body.filter(|_| !matches!(route.handler, Handler::Collect { .. }))
    else {
        return Body::default();
    };
    let none = Map::new();
    let content = request_body["content"].as_object().unwrap_or(&none);
    // Unlike `None`, this tells an absent body from the JSON text `null`.
    let default = if request_body["required"] == true {
        ""
    } else {
        " = msgspec.UNSET"
    };
    let optional = if default.is_empty() { "" } else { " | None" };
    if let [(media_type, media)] = content.iter().collect::<Vec<_>>()[..]
        && let Some(schema) = media.get("schema")
    {
        let marker = Marker::of(media_type);
        if marker.is_text_or_bytes(schema) {
            let kind = if schema["format"] == "binary" {
                "bytes"
            } else {
                "str"
            };
            let arguments = format!(
                "media_type={}, schema={}",
                literal::string(media_type),
                literal::json(schema)
            );
            return Body {
                parameter: Some(format!(
                    "body: Annotated[{kind}{optional}, Body({arguments})]{default}"
                )),
                ..Body::default()
            };
        }
        let mut models = Models::new(components, structs_fit, scope, marker == Marker::Json);
        if let Some(typed) = types::exact(schema, "body", &mut models)
            && let Some(annotation) = marker.annotation(media_type, &typed, optional)
        {
            return Body {
                parameter: Some(format!("body: {annotation}{default}")),
                classes: models.into_classes().concat(),
                ..Body::default()
            };
        }
        let kind = types::host_type(schema);
        let media_type = match media_type.as_str() {
            "application/json" => String::new(),
            other => format!("media_type={}, ", literal::string(other)),
        };
        return Body {
            parameter: Some(format!(
                "body: Annotated[{kind}{optional}, Body({media_type}schema={})]{default}",
                literal::json(schema)
            )),
            refers_to_components: refers(schema),
            ..Body::default()
        };
    }
    if let [(media_type, media)] = content.iter().collect::<Vec<_>>()[..]
        && media_type == "application/json"
        && media.as_object().is_some_and(Map::is_empty)
    {
        return Body {
            parameter: Some(format!("body: Annotated[Any, Body()]{default}")),
            ..Body::default()
        };
    }
    let schemas = content.iter().map(|(media_type, media)| {
        let schema = media.get("schema").map_or_else(|| "{}".to_owned(), literal::json);
        format!("{}: {schema}", literal::string(media_type))
    });
    let schemas = schemas.collect::<Vec<_>>().join(", ");
    Body {
        parameter: Some(format!(
            "body: Annotated[Any, Body(content={{{schemas}}})]{default}"
        )),
        refers_to_components: content.values().any(refers),
        ..Body::default()
    }
}

/// Whether `schema` refers to a component.
pub(super) fn refers(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => {
            members
                .get("$ref")
                .and_then(Value::as_str)
                .is_some_and(|reference| reference.starts_with("#/components/"))
                || members.values().any(refers)
        }
        Value::Array(items) => items.iter().any(refers),
        _ => false,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marker {
    Json,
    Form,
    Other,
}

impl Marker {
    fn of(media_type: &str) -> Self {
        match media_type {
            "application/x-www-form-urlencoded" | "multipart/form-data" => Self::Form,
            _ if media_type == "application/json" || media_type.ends_with("+json") => Self::Json,
            _ => Self::Other,
        }
    }

    fn is_text_or_bytes(self, schema: &Value) -> bool {
        self == Self::Other && schema["type"] == "string"
    }

    fn annotation(self, media_type: &str, typed: &Typed, optional: &str) -> Option<String> {
        let mut arguments = Vec::new();
        let marker = match self {
            Self::Form => {
                arguments.push(format!("media_type={}", literal::string(media_type)));
                "Form"
            }
            _ if media_type == "application/json" => "Body",
            _ => {
                arguments.push(format!("media_type={}", literal::string(media_type)));
                "Body"
            }
        };
        // A form is read as a whole by a model only.
        if typed.default.is_some()
            || self == Self::Form && !typed.base.starts_with(|c: char| c.is_ascii_uppercase())
        {
            return None;
        }
        let is_model = typed.base.starts_with(|c: char| c.is_ascii_uppercase())
            && !typed.base.contains('[')
            && !matches!(typed.base.as_str(), "Any");
        if is_model && arguments.is_empty() && typed.constraints.is_empty() {
            return Some(format!("{}{optional}", typed.base));
        }
        arguments.extend(
            typed
                .constraints
                .iter()
                .map(|(name, value)| format!("{name}={value}")),
        );
        Some(format!(
            "Annotated[{}{optional}, {marker}({})]",
            typed.base,
            arguments.join(", ")
        ))
    }
}
