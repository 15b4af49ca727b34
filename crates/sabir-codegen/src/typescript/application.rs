//! One fixture's application.

use serde_json::{Value, json};

use super::{
    collect, handler, layout::Code, literal, names, names::Scope, options, path, socket, stages, zod::Dialect,
};
use crate::fixture::{Answers, Application, Collected, Converter, Fixture, Handler, Route};

/// Converters whose variables are text, as those without a converter are.
const TEXT_CONVERTERS: &[&str] = &["str", "path"];

/// The column of statements in a test.
const COLUMN: usize = 2;

/// The statements that build and return `app`.
pub(super) fn statements(fixture: &Fixture) -> Vec<Code> {
    let application = &fixture.content.app;
    let mut statements = Vec::new();
    let settings: Vec<Code> = application
        .settings
        .iter()
        .map(|(name, value)| literal::member(&names::camel_case(name), literal::json(value)))
        .collect();
    let mut arguments = Vec::new();
    if !settings.is_empty() || !application.components.is_empty() {
        arguments.push(Code::object(settings));
    }
    if !application.components.is_empty() {
        statements.push(constant("components", literal::object(&application.components)));
        arguments.push(Code::object(vec!["components".into()]));
    }
    let create = Code::call("new Sabir", arguments);
    statements.push(create.with_prefix("const app = ").with_suffix(";"));
    if !application.stages.is_empty() {
        statements.push(Code::call("app.use", stages::list(&application.stages)).with_suffix(";"));
    }
    for (name, scheme) in &application.security_schemes {
        let arguments = vec![literal::string(name).into(), literal::json(scheme)];
        statements.push(Code::call("app.security", arguments).with_suffix(";"));
    }
    statements.extend(converters(application));
    let mut scope = Scope::default();
    let (dialect, form) = (Dialect::of(fixture), socket::Form::of(&fixture.name));
    for route in &application.routes {
        statements.extend(route_statements(route, application, dialect, form, &mut scope));
    }
    statements.extend(served(application));
    statements.push("return app;".into());
    statements
}

/// Adds folders and redirects.
fn served(application: &Application) -> Vec<Code> {
    let folders = application.static_files.iter().map(|folder| {
        let directory = match folder.directory.as_str() {
            "" => "folder".into(),
            path => Code::call("join", vec!["folder".into(), literal::string(path).into()]),
        };
        let mut members = vec![literal::member("directory", directory)];
        let options = folder.options.iter();
        members.extend(
            options.map(|(name, value)| literal::member(&names::camel_case(name), literal::json(value))),
        );
        if !folder.stages.is_empty() {
            members.push(literal::member("use", Code::array(stages::list(&folder.stages))));
        }
        if !folder.security.is_empty() {
            let schemes = folder
                .security
                .iter()
                .map(|name| Code::object(vec![literal::member(name, "[]".into())]));
            members.push(literal::member("security", Code::array(schemes.collect())));
        }
        let path = literal::string(&folder.path).into();
        Code::call("app.static", vec![path, Code::object(members)]).with_suffix(";")
    });
    let redirects = application.redirects.iter().map(|redirect| {
        let mut arguments = vec![
            literal::string(&redirect.path).into(),
            literal::string(&redirect.to).into(),
        ];
        let status = redirect
            .status
            .map(|status| literal::member("status", status.to_string().as_str().into()));
        arguments.extend(status.map(|status| Code::object(vec![status])));
        Code::call("app.redirect", arguments).with_suffix(";")
    });
    folders.chain(redirects).collect()
}

/// Adds the converters. Schemas that `echo` needs as well have a name.
fn converters(application: &Application) -> Vec<Code> {
    let is_shared = application
        .routes
        .iter()
        .any(|route| needs_converters(route, application));
    let mut statements = Vec::new();
    if is_shared {
        let schemas = application.converters.iter();
        let schemas =
            schemas.map(|converter| literal::member(&converter.name, literal::json(&converter.schema)));
        statements.push(constant("converters", Code::object(schemas.collect())));
    }
    for converter in &application.converters {
        let schema = if is_shared {
            format!("converters.{}", converter.name).into()
        } else {
            literal::json(&converter.schema)
        };
        let name = literal::string(&converter.name).into();
        let regex = literal::string(&converter.regex).into();
        let call = Code::call("app.converter", vec![name, regex, schema]);
        statements.push(call.with_suffix(";"));
    }
    statements
}

/// Adds one route. Its options have a name when `echo` needs them as well, or when they would fill the line.
fn route_statements(
    route: &Route,
    application: &Application,
    dialect: Dialect,
    form: socket::Form,
    scope: &mut Scope,
) -> Vec<Code> {
    let mut options = options::of(route, dialect);
    let verb = verb(&route.method);
    if verb.is_none() {
        let methods = literal::member("methods", literal::string(&route.method).into());
        options.members.insert(0, methods);
    }
    let has_options = !options.members.is_empty();
    let is_echo = echoes(route);
    let object = Code::object(options.members);
    let name = if application.routes.len() == 1 {
        "options".to_owned()
    } else {
        scope.options(&route.path)
    };
    let described = || {
        described(
            route,
            application,
            options.describe_input.then_some(name.as_str()),
        )
    };
    let call = |options: Option<Code>| {
        let mut arguments = vec![literal::string(&route.path).into()];
        arguments.extend(options);
        let described = described().filter(|_| is_echo);
        arguments.push(match &route.handler {
            Handler::Collect { form, takes, keeps } => collect::handler(*form, *takes, *keeps, described),
            Handler::Socket(socket) => socket::handler(socket, form, described, has_typed_messages(route)),
            handler => handler::arrow(handler, described),
        });
        let verb = match route.handler {
            Handler::Events { .. } => "sse",
            Handler::Socket(_) => "websocket",
            _ => verb.as_deref().unwrap_or("route"),
        };
        Code::call(&format!("app.{verb}"), arguments).with_suffix(";")
    };
    if !has_options {
        return vec![call(None)];
    }
    let line = call(Some(object.clone()));
    if !(is_echo && options.describe_input) && line.fits(COLUMN) {
        return vec![line];
    }
    let object = if options.are_constant {
        constant(&name, object)
    } else {
        object.with_prefix(&format!("const {name} = ")).with_suffix(";")
    };
    vec![object, call(Some(name.as_str().into()))]
}

/// What `echo` must know to tell the types of what arrives: the options called `options`, and what they do not say.
fn described(route: &Route, application: &Application, options: Option<&str>) -> Option<Code> {
    let mut members: Vec<Code> = options
        .map(|name| format!("...{name}").into())
        .into_iter()
        .collect();
    if has_typed_variables(route, application) {
        members.push(literal::member("path", literal::string(&route.path).into()));
    }
    if needs_converters(route, application) {
        members.push("converters".into());
    }
    if options.is_some() && !application.components.is_empty() {
        members.push("components".into());
    }
    match (options, members.len()) {
        (_, 0) => None,
        (Some(name), 1) => Some(name.into()),
        _ => Some(Code::object(members)),
    }
}

/// Whether a variable of the path is more than text because of its converter.
fn has_typed_variables(route: &Route, application: &Application) -> bool {
    typed_converters(route).any(|name| custom(name, application).is_none_or(|custom| !is_text(custom)))
}

fn needs_converters(route: &Route, application: &Application) -> bool {
    echoes(route)
        && typed_converters(route)
            .any(|name| custom(name, application).is_some_and(|custom| !is_text(custom)))
}

/// The converters of variables that the operation does not declare.
fn typed_converters(route: &Route) -> impl Iterator<Item = &str> {
    let declared = route.operation.get("parameters").and_then(Value::as_array);
    let declared: &[Value] = declared.map_or(&[], Vec::as_slice);
    path::variables(&route.path)
        .filter(|variable| {
            let mut declared = declared.iter();
            !declared.any(|parameter| parameter["in"] == "path" && parameter["name"] == variable.name)
        })
        .filter_map(|variable| variable.converter)
        .filter(|name| !TEXT_CONVERTERS.contains(name))
}

fn custom<'a>(name: &str, application: &'a Application) -> Option<&'a Converter> {
    let mut converters = application.converters.iter();
    converters.find(|converter| converter.name == name)
}

fn is_text(converter: &Converter) -> bool {
    converter.schema == json!({"type": "string"})
}

/// Whether the handler sends what it gets with its types.
fn echoes(route: &Route) -> bool {
    match route.handler.last() {
        Handler::Echo {}
        | Handler::Collect {
            form: Collected::Items,
            ..
        } => true,
        Handler::Socket(socket) => {
            socket.tells || socket.answers == Answers::Echo && has_typed_messages(route)
        }
        _ => false,
    }
}

fn has_typed_messages(route: &Route) -> bool {
    route.operation.pointer("/x-sabir/websocket/incoming").is_some()
}

/// The method of the application that adds a route for `method`, unless it is one of those that an option has to name.
fn verb(method: &str) -> Option<String> {
    match method {
        "*" => Some("all".to_owned()),
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" => {
            Some(method.to_ascii_lowercase())
        }
        _ => None,
    }
}

fn constant(name: &str, value: Code) -> Code {
    value
        .with_prefix(&format!("const {name} = "))
        .with_suffix(" as const;")
}
