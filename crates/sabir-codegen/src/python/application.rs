//! One fixture's application.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    body, handler, literal,
    models::{member_names, property_names},
    names::Scope,
};
use crate::fixture::{Fixture, Send};

/// The statements that build `app`.
pub(super) fn source(fixture: &Fixture) -> String {
    let application = &fixture.content.app;
    let mut scope = Scope::default();
    let all_is_declared = all_is_declared(fixture);
    let mut needs_components = false;
    let (mut classes, mut handlers) = (String::new(), String::new());
    for route in &application.routes {
        let body = body::of(route, &application.components, all_is_declared, &mut scope);
        needs_components |= body.refers_to_components;
        classes += &body.classes;
        let (source, refers) = handler::source(route, &body, &mut scope);
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
        source = format!("{classes}\n{source}");
    }
    source + &handlers
}

/// Whether every member name in the JSON that is sent is declared somewhere.
fn all_is_declared(fixture: &Fixture) -> bool {
    let (mut sent, mut declared) = (HashSet::new(), HashSet::new());
    for exchange in &fixture.content.exchanges {
        let Send::Request(request) = &exchange.send else {
            continue;
        };
        if let Some(json) = &request.json {
            member_names(json, &mut sent);
        }
        if let Some(json) = request
            .text
            .as_ref()
            .and_then(|text| serde_json::from_str::<Value>(&text.expand()).ok())
        {
            member_names(&json, &mut sent);
        }
        for (name, _) in request.form.iter().flatten() {
            sent.insert(name.expand());
        }
        sent.extend(request.multipart.iter().flatten().map(|part| part.name.expand()));
    }
    for route in &fixture.content.app.routes {
        property_names(&route.operation, &mut declared);
    }
    for schema in fixture.content.app.components.values() {
        property_names(schema, &mut declared);
    }
    sent.is_subset(&declared)
}
