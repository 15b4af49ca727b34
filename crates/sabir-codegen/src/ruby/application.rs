//! One fixture's application.

use super::{
    literal,
    names::Scope,
    route::{self, Style},
    schema, stages,
};
use crate::{
    fixture::{Application, Fixture},
    layout::Code,
    turns,
};

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
    statements.extend(served(application, style.target));
    if has_router {
        statements.push("app.mount(\"/\", router)".into());
    }
    statements.push("app".into());
    statements
}

/// The statements that add folders and redirects to `target`.
fn served(application: &Application, target: &str) -> Vec<Code> {
    let folders = application.static_files.iter().map(|folder| {
        let directory = match folder.directory.as_str() {
            "" => "folder".into(),
            path => Code::call("File.join", vec!["folder".into(), literal::string(path).into()]),
        };
        let mut arguments = vec![literal::string(&folder.path).into(), directory];
        let options = folder.options.iter();
        arguments.extend(options.map(|(name, value)| literal::member(name, literal::json(value))));
        if !folder.stages.is_empty() {
            arguments.push(literal::member("use", Code::array(stages::list(&folder.stages))));
        }
        if !folder.security.is_empty() {
            let names = folder.security.iter().map(|name| literal::string(name).into());
            arguments.push(literal::member("security", Code::array(names.collect())));
        }
        Code::call(&format!("{target}.static"), arguments)
    });
    let redirects = application.redirects.iter().map(|redirect| {
        let mut arguments = vec![
            literal::string(&redirect.path).into(),
            literal::string(&redirect.to).into(),
        ];
        let status = redirect.status.map(|status| format!("status: {status}").into());
        arguments.extend(status);
        Code::call(&format!("{target}.redirect"), arguments)
    });
    folders.chain(redirects).collect()
}
