//! One fixture's application.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    body, handler, literal,
    models::{member_names, property_names},
    names::Scope,
    style::Style,
};
use crate::fixture::{Fixture, Send, Turn};

/// The statements that build `app`.
pub(super) fn source(fixture: &Fixture) -> String {
    let application = &fixture.content.app;
    let mut scope = Scope::default();
    let structs_fit = all_is_declared(fixture) && every_file_has_a_name(fixture);
    let mut needs_components = false;
    let style = Style::of(&fixture.name);
    let (mut classes, mut handlers) = (String::new(), String::new());
    for route in &application.routes {
        let body = body::of(route, &application.components, structs_fit, &mut scope);
        needs_components |= body.refers_to_components;
        classes += &body.classes;
        let (source, refers) = handler::source(route, &body, style, &mut scope);
        needs_components |= refers;
        handlers += &source;
    }
    let mut arguments: Vec<String> = application
        .settings
        .iter()
        .map(|(name, value)| format!("{name}={}", literal::json(value)))
        .collect();
    if needs_components {
        arguments.push(format!("components={}", literal::object(&application.components)));
    }
    let mut source = format!("    app = Sabir({})\n", arguments.join(", "));
    for converter in &application.converters {
        source += &format!(
            "    app.converter({}, {}, {})\n",
            literal::string(&converter.name),
            literal::string(&converter.regex),
            literal::json(&converter.schema)
        );
    }
    if !classes.is_empty() {
        let classes = style.models(classes);
        source = format!("{classes}\n{source}");
    }
    if style.has_router {
        source += "    router = Router()\n";
        handlers += "\n    app.mount(\"/\", router)\n";
    }
    source + &handlers
}

/// Whether every member name in the JSON that is sent is declared somewhere.
fn all_is_declared(fixture: &Fixture) -> bool {
    let (mut sent, mut declared) = (HashSet::new(), HashSet::new());
    for exchange in &fixture.content.exchanges {
        for turn in &exchange.talk {
            match turn {
                Turn::SendJson(json) => member_names(json, &mut sent),
                Turn::Send(text) => {
                    if let Ok(json) = serde_json::from_str::<Value>(&text.expand()) {
                        member_names(&json, &mut sent);
                    }
                }
                _ => {}
            }
        }
        let Send::Request(request) = &exchange.send else {
            continue;
        };
        if let Some(json) = &request.json {
            member_names(json, &mut sent);
        }
        let parts = request.multipart.iter().flatten();
        let texts = parts
            .clone()
            .filter_map(|part| part.value.as_ref().or(part.text.as_ref()));
        for text in request.text.iter().chain(texts) {
            if let Ok(json) = serde_json::from_str::<Value>(&text.expand()) {
                member_names(&json, &mut sent);
            }
        }
        for (name, _) in request.form.iter().flatten() {
            sent.insert(name.expand());
        }
        sent.extend(parts.map(|part| part.name.expand()));
    }
    for route in &fixture.content.app.routes {
        property_names(&route.operation, &mut declared);
    }
    for schema in fixture.content.app.components.values() {
        property_names(schema, &mut declared);
    }
    sent.is_subset(&declared)
}

/// Whether no part is binary and nameless: those arrive as bytes, where a model would have to say `UploadFile`.
fn every_file_has_a_name(fixture: &Fixture) -> bool {
    fixture
        .content
        .exchanges
        .iter()
        .all(|exchange| match &exchange.send {
            Send::Request(request) => {
                let mut parts = request.multipart.iter().flatten();
                parts.all(|part| part.filename.is_some() || part.base64.is_none())
            }
            Send::Raw(_) => true,
        })
}
