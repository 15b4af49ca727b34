//! One fixture's application.

use super::{
    literal,
    names::Scope,
    route::{self, Style},
    schema, stages,
};
use crate::{fixture::Fixture, layout::Code, turns};

/// The statements that build and return `app`.
pub(super) fn statements(fixture: &Fixture) -> Vec<Code> {
    let application = &fixture.content.app;
    let mut statements = Vec::new();
    let mut arguments = Vec::new();
    if !application.components.is_empty() {
        let components = application.components.iter();
        let components = components.map(|(name, written)| literal::member(name, schema::plain(written)));
        statements.push(Code::object(components.collect()).with_prefix("components = "));
        arguments.push("components:".into());
    }
    let settings = application.settings.iter();
    arguments.extend(settings.map(|(name, value)| literal::member(name, literal::json(value))));
    statements.push(if arguments.is_empty() {
        "app = Sabir::App.new".into()
    } else {
        Code::call("app = Sabir::App.new", arguments)
    });
    statements.extend(stages::statements(&application.stages));
    for (name, scheme) in &application.security_schemes {
        let arguments = vec![literal::symbol(name).into(), literal::json(scheme)];
        statements.push(Code::call("app.security", arguments));
    }
    for converter in &application.converters {
        let name = literal::symbol(&converter.name).into();
        let regex = literal::string(&converter.regex).into();
        statements.push(Code::call(
            "app.converter",
            vec![name, regex, schema::plain(&converter.schema)],
        ));
    }
    let hash = turns::of(&fixture.name);
    let has_router = (hash >> 16).is_multiple_of(4);
    let style = Style {
        target: if has_router { "router" } else { "app" },
        is_positional: (hash >> 8).is_multiple_of(4),
        turn: hash >> 24,
    };
    if has_router {
        statements.push("router = Sabir::Router.new".into());
    }
    let mut scope = Scope::default();
    for route in &application.routes {
        statements.extend(route::statements(route, fixture, style, &mut scope));
    }
    if has_router {
        statements.push("app.mount(\"/\", router)".into());
    }
    statements.push("app".into());
    statements
}
