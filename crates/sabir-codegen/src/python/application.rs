//! One fixture's application.

use super::{body, handler, literal, names::Scope, stages, style::Style};
use crate::fixture::{Application, Fixture, Send};

/// The statements that build `app`.
pub(super) fn source(fixture: &Fixture) -> String {
    let application = &fixture.content.app;
    let mut scope = Scope::default();
    let structs_fit = fixture.declares_all_that_is_sent() && every_file_has_a_name(fixture);
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
    if !application.stages.is_empty() {
        source += &format!("    app.use({})\n", stages::list(&application.stages).join(", "));
    }
    for (name, scheme) in &application.security_schemes {
        source += &format!(
            "    app.security({}, {})\n",
            literal::string(name),
            literal::json(scheme)
        );
    }
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
    handlers += &served(application, if style.has_router { "router" } else { "app" });
    if style.has_router {
        source += "    router = Router()\n";
        handlers += "\n    app.mount(\"/\", router)\n";
    }
    source + &handlers
}

/// The statements that add folders and redirects to `target`.
fn served(application: &Application, target: &str) -> String {
    let folders = application.static_files.iter().map(|folder| {
        let directory = match folder.directory.as_str() {
            "" => "check.folder".to_owned(),
            path => format!("check.folder / {}", literal::string(path)),
        };
        let mut arguments = vec![literal::string(&folder.path), directory];
        let options = folder.options.iter();
        arguments.extend(options.map(|(name, value)| format!("{name}={}", literal::json(value))));
        if !folder.stages.is_empty() {
            arguments.push(format!("use=[{}]", stages::list(&folder.stages).join(", ")));
        }
        if !folder.security.is_empty() {
            let names = folder.security.iter().map(|name| literal::string(name));
            arguments.push(format!("security={}", literal::list(names)));
        }
        format!("    {target}.static({})\n", arguments.join(", "))
    });
    let redirects = application.redirects.iter().map(|redirect| {
        let mut arguments = vec![literal::string(&redirect.path), literal::string(&redirect.to)];
        arguments.extend(redirect.status.map(|status| format!("status={status}")));
        format!("    {target}.redirect({})\n", arguments.join(", "))
    });
    folders.chain(redirects).collect()
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
