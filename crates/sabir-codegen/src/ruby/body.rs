//! What a handler takes from the content of a request.

use serde_json::{Map, Value, json};

use super::{literal, names, names::Scope, schema};
use crate::{
    fixture::{Collected, Handler, Route},
    layout::Code,
};

/// Names that a member of a `Struct` had better not have.
const METHODS: &[&str] = &[
    "class",
    "dup",
    "each",
    "filter",
    "first",
    "freeze",
    "hash",
    "itself",
    "length",
    "max",
    "method",
    "methods",
    "min",
    "object_id",
    "select",
    "send",
    "size",
    "sum",
    "tap",
    "then",
    "values",
    "zip",
];

/// The body of one route.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// The options that declare it.
    pub(super) options: Vec<Code>,
    /// What stands before the route: the classes of the values.
    pub(super) statements: Vec<Code>,
    /// What the block takes.
    pub(super) argument: Option<Argument>,
    /// The schema of messages or values that come one by one: an expression.
    pub(super) item: Option<String>,
}

/// The content as arguments of a block.
#[derive(Debug)]
pub(super) struct Argument {
    /// Whether it may be absent.
    pub(super) is_optional: bool,
    /// What its schema is, where its class does not tell its type: an expression.
    pub(super) schema: Option<String>,
    /// The fields of a form that are arguments of their own, in place of the whole.
    pub(super) fields: Vec<String>,
}

/// What bodies depend on beside their route.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances<'a> {
    /// The variable that the options of the route are in.
    pub(super) options: &'a str,
    pub(super) components: &'a Map<String, Value>,
    /// Whether the request object is taken apart into what is declared: nothing else is sent.
    pub(super) nothing_else_is_sent: bool,
    /// Whether the fields of forms are arguments of their own.
    pub(super) splits_forms: bool,
}

/// Describes the body of `route`.
pub(super) fn of(route: &Route, circumstances: Circumstances<'_>, scope: &mut Scope) -> Body {
    let options = circumstances.options;
    let request_body = route.operation.get("requestBody");
    match route.handler.last() {
        Handler::Socket(_) => match route.operation.pointer("/x-sabir/websocket/incoming") {
            Some(incoming) => Body {
                options: vec![literal::member("incoming", schema::of(incoming))],
                item: Some(format!("{options}[:incoming]")),
                ..Body::default()
            },
            None => Body::default(),
        },
        Handler::Collect { form, .. } => collected(*form, request_body, options),
        _ => request_body.map_or_else(Body::default, |request_body| {
            declared(route, request_body, circumstances, scope).unwrap_or_else(|| {
                let first = request_body["content"]
                    .as_object()
                    .and_then(|content| content.iter().next());
                let has_formats = request_body["content"].as_object().is_some_and(|content| {
                    content
                        .values()
                        .any(|media| schema::has_formats(&media["schema"], circumstances.components))
                });
                let schema = first.filter(|_| has_formats).map(|(media_type, _)| {
                    format!(
                        "{options}[:request_body][:content][{}][:schema]",
                        literal::symbol(media_type)
                    )
                });
                Body {
                    options: vec![literal::member("request_body", schema::plain(request_body))],
                    argument: Some(Argument {
                        is_optional: request_body["required"] != true,
                        schema,
                        fields: Vec::new(),
                    }),
                    ..Body::default()
                }
            })
        }),
    }
}

/// Content that is taken while it arrives.
fn collected(form: Collected, request_body: Option<&Value>, options: &str) -> Body {
    let items = request_body.and_then(|body| body.pointer("/content/application~1jsonl/itemSchema"));
    let (declared, item) = match (form, items) {
        (Collected::Items, Some(items)) => {
            let option = literal::member("body_items", schema::of(items));
            (vec![option], Some(format!("{options}[:body_items]")))
        }
        (Collected::Parts, _) => (vec!["parts: true".into()], None),
        (Collected::Items | Collected::Bytes, _) => {
            let given = request_body.map(|body| literal::member("request_body", schema::plain(body)));
            (
                std::iter::once("streaming: true".into()).chain(given).collect(),
                None,
            )
        }
    };
    Body {
        options: declared,
        item,
        ..Body::default()
    }
}

/// A body of one media type that a schema says all about.
fn declared(
    route: &Route,
    request_body: &Value,
    circumstances: Circumstances<'_>,
    scope: &mut Scope,
) -> Option<Body> {
    let members = request_body.as_object()?;
    let content = members.get("content")?.as_object()?;
    let (media_type, media) = content.iter().next().filter(|_| content.len() == 1)?;
    let media = media.as_object().filter(|media| media.len() == 1)?;
    let written = media.get("schema")?;
    if !members
        .keys()
        .all(|name| matches!(name.as_str(), "content" | "required"))
    {
        return None;
    }
    let is_optional = members.get("required") != Some(&Value::Bool(true));
    let is_form = matches!(
        media_type.as_str(),
        "application/x-www-form-urlencoded" | "multipart/form-data"
    );
    if is_form && !written.get("type").is_some_and(Value::is_string) {
        // A Hash without a type names fields.
        return None;
    }
    let option = format!(
        "{}{}",
        if is_form { "form" } else { "body" },
        if is_optional { "?" } else { "" }
    );
    let has_files = written.to_string().contains("\"format\":\"binary\"");
    let is_default = if is_form {
        has_files && media_type == "multipart/form-data"
    } else {
        media_type == "application/json"
    };
    let consumes = (!is_default).then(|| literal::member("consumes", literal::string(media_type).into()));
    let schema = schema::has_formats(written, circumstances.components)
        .then(|| format!("{}[:{option}]", circumstances.options));
    let mut body = Body::default();
    let mut fields = Vec::new();
    let code = if let Some(names) = split(route, written, circumstances).filter(|_| is_form && !is_optional) {
        fields = names;
        properties(written)
    } else if let Some(class) = structure(written, circumstances).filter(|_| !is_form) {
        let name = scope.variable(&route.path, "body");
        body.statements.push(class.with_prefix(&format!("{name} = ")));
        name.into()
    } else {
        schema::of(written)
    };
    body.options.push(literal::member(&option, code));
    body.options.extend(consumes);
    body.argument = Some(Argument {
        is_optional,
        schema: schema.filter(|_| fields.is_empty()),
        fields,
    });
    Some(body)
}

/// The fields of a form as arguments, where these say the same.
fn split(route: &Route, written: &Value, circumstances: Circumstances<'_>) -> Option<Vec<String>> {
    let members = written.as_object().filter(|members| members.len() == 3)?;
    let properties = members.get("properties")?.as_object()?;
    let names: Vec<String> = properties.keys().cloned().collect();
    let is_free = |name: &String| {
        names::is_variable(name) && !route.operation["parameters"].to_string().contains(name.as_str())
    };
    let fits = circumstances.splits_forms
        && circumstances.nothing_else_is_sent
        && members.get("type") == Some(&json!("object"))
        && members.get("required") == Some(&json!(names))
        && names.iter().all(is_free)
        && !schema::has_formats(written, circumstances.components)
        && properties
            .values()
            .all(|property| property.get("default").is_none());
    fits.then_some(names)
}

fn properties(written: &Value) -> Code {
    let none = Map::new();
    let properties = written["properties"].as_object().unwrap_or(&none);
    let members = properties
        .iter()
        .map(|(name, property)| literal::member(name, schema::of(property)));
    Code::object(members.collect())
}

/// A class of `Schema.struct` that says the same as the schema of an object.
fn structure(written: &Value, circumstances: Circumstances<'_>) -> Option<Code> {
    let members = written.as_object()?;
    let properties = members.get("properties")?.as_object()?;
    let is_closed = match members.get("additionalProperties") {
        None => false,
        Some(Value::Bool(false)) => true,
        Some(_) => return None,
    };
    let required = match members.get("required") {
        None => Vec::new(),
        Some(required) => required.as_array()?.clone(),
    };
    let is_required = |name: &str| required.iter().any(|required| required == name);
    let in_order: Vec<Value> = properties
        .keys()
        .filter(|name| is_required(name))
        .map(|name| json!(name))
        .collect();
    let is_member = |(name, property): (&String, &Value)| {
        names::is_identifier(name)
            && !METHODS.contains(&name.as_str())
            && property.get("default").is_none()
            // Nil would say either of two things.
            && (is_required(name) || !schema::may_be_null(property))
    };
    let is_said = |name: &String| {
        matches!(
            name.as_str(),
            "type" | "properties" | "required" | "additionalProperties"
        )
    };
    let fits = (is_closed || circumstances.nothing_else_is_sent)
        && members.get("type") == Some(&json!("object"))
        && members.keys().all(is_said)
        && in_order == required
        && !properties.is_empty()
        && properties.iter().all(is_member);
    fits.then(|| {
        let words = is_closed.then(|| "{ additionalProperties: false }".into());
        let members = properties.iter().map(|(name, property)| {
            let mark = if is_required(name) { "" } else { "?" };
            literal::member(&format!("{name}{mark}"), schema::of(property))
        });
        Code::call("Sabir::Schema.struct", words.into_iter().chain(members).collect())
    })
}
