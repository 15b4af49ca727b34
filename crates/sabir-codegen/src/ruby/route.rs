//! One route: its options, and the block that answers.

use serde_json::Value;

use super::{
    body::{self, Body, Circumstances},
    collect, handler, literal,
    names::{self, Scope},
    parameters::{self, Parameter, Presence},
    socket, stages,
};
use crate::{
    fixture::{Fixture, Handler, Route},
    layout::Code,
};

/// The column of statements in a test.
const COLUMN: usize = 4;

/// The ways to write a route: fixtures take turns, so that the suite tests all of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// What takes the routes: the application, or a router which it mounts.
    pub(super) target: &'static str,
    /// Whether blocks take their arguments by position where they can.
    pub(super) is_positional: bool,
    /// A number that decides the rest.
    pub(super) turn: u64,
}

/// The statements that add `route`.
pub(super) fn statements(route: &Route, fixture: &Fixture, style: Style, scope: &mut Scope) -> Vec<Code> {
    let application = &fixture.content.app;
    let name = if application.routes.len() == 1 {
        "options".to_owned()
    } else {
        scope.variable(&route.path, "options")
    };
    let parameters = parameters::of(route, &name, &application.components);
    let circumstances = Circumstances {
        options: &name,
        components: &application.components,
        nothing_else_is_sent: fixture.declares_all_that_is_sent(),
        splits_forms: style.turn.is_multiple_of(2),
    };
    let body = body::of(route, circumstances, scope);
    let block = Block::of(
        route,
        &parameters.all,
        &body,
        style,
        !application.components.is_empty(),
    );
    let mut options: Vec<Code> = parameters.options;
    options.extend(body.options);
    options.extend(described(route));
    let mut statements = body.statements;
    let (verb, mut arguments) = call(route, style.target);
    let refers = block
        .statements
        .iter()
        .any(|statement| statement.print(0).contains(&format!("{name}[")));
    if refers {
        statements.push(Code::object(options).with_prefix(&format!("{name} = ")));
        arguments.push(format!("**{name}").into());
    } else {
        arguments.extend(options);
    }
    statements.push(block.of_call(&Code::call(&verb, arguments)));
    statements
}

/// The method that adds the route, and what stands before its options.
fn call(route: &Route, target: &str) -> (String, Vec<Code>) {
    let path: Code = literal::string(&route.path).into();
    let verb = match (route.method.as_str(), route.handler.last()) {
        ("GET", Handler::Events { .. }) => "sse".to_owned(),
        (_, Handler::Socket(_)) => "websocket".to_owned(),
        ("*", _) => "all".to_owned(),
        ("GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS", _) => route.method.to_lowercase(),
        (method, _) => {
            return (
                format!("{target}.route"),
                vec![literal::string(method).into(), path],
            );
        }
    };
    (format!("{target}.{verb}"), vec![path])
}

/// What a route says beside its parameters and its body.
fn described(route: &Route) -> Vec<Code> {
    let operation = &route.operation;
    let mut options = Vec::new();
    for (member, option) in [
        ("operationId", "operation_id"),
        ("summary", "summary"),
        ("description", "description"),
        ("tags", "tags"),
        ("deprecated", "deprecated"),
        ("responses", "responses"),
        ("security", "security"),
    ] {
        let value = operation.get(member);
        options.extend(value.map(|value| literal::member(option, literal::json(value))));
    }
    let extension = operation.get("x-sabir").and_then(Value::as_object);
    let own = extension
        .into_iter()
        .flatten()
        .filter(|(name, _)| !["websocket", "stages"].contains(&name.as_str()));
    let websocket = operation.pointer("/x-sabir/websocket").and_then(Value::as_object);
    let of_sockets = websocket
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "incoming");
    options.extend(
        own.chain(of_sockets)
            .map(|(name, value)| literal::member(name, literal::json(value))),
    );
    let set = extension.and_then(|extension| extension.get("stages")?.as_object());
    options.extend(set.map(|set| literal::member("use", Code::array(stages::list(set)))));
    if let Handler::Stream {
        media_type: Some(media_type),
        ..
    } = route.handler.last()
    {
        options.push(literal::member("media_type", literal::string(media_type).into()));
    }
    options
}

/// The block of a route.
struct Block {
    /// Between bars; empty where it takes nothing.
    parameters: String,
    statements: Vec<Code>,
}

impl Block {
    fn of(route: &Route, parameters: &[Parameter], body: &Body, style: Style, has_components: bool) -> Self {
        let last = route.handler.last();
        let arguments = Arguments::new(parameters, body, style.is_positional);
        let echo = arguments.echo(has_components);
        match last {
            Handler::Collect { form, takes, keeps } => {
                let (name, source) = collect::handler(*form, *takes, body.item.as_deref());
                let takes_it = *keeps || source.contains(name);
                let kept = keeps.then(|| format!("keep({name})").into());
                Self {
                    parameters: bars(&[if takes_it {
                        format!("{name}:")
                    } else {
                        String::new()
                    }]),
                    statements: kept.into_iter().chain([source.into()]).collect(),
                }
            }
            Handler::Socket(socket) => {
                let mut taken = vec!["ws".to_owned()];
                taken.extend(socket.tells.then(|| arguments.taken()).into_iter().flatten());
                Self {
                    parameters: bars(&taken),
                    statements: socket::statements(socket, &echo, body.item.as_deref()),
                }
            }
            _ => {
                let mut taken = Vec::new();
                taken.extend(handler::takes_request(&route.handler).then(|| "request".to_owned()));
                let makes_events = matches!(last, Handler::Events { events, fails } if !events.is_empty() || fails.is_some());
                taken.extend(makes_events.then(|| "events".to_owned()));
                if matches!(last, Handler::Echo {}) {
                    taken.extend(arguments.taken());
                }
                Self {
                    parameters: bars(&taken),
                    statements: handler::statements(&route.handler, &echo, style.turn),
                }
            }
        }
    }

    /// The call with this block.
    fn of_call(self, call: &Code) -> Code {
        if let [statement] = &self.statements[..]
            && call.fits(COLUMN)
        {
            let head = format!("{} {{ {}", call.print(0), self.parameters);
            let line = statement.clone().with_prefix(&head).with_suffix(" }");
            if line.fits(COLUMN) {
                return line;
            }
        }
        if self.statements.is_empty() {
            return format!("{} {{ nil }}", call.print(COLUMN).trim_start()).into();
        }
        let head = format!("{} do {}", call.print(COLUMN).trim_start(), self.parameters);
        Code::block(head.trim_end(), self.statements, "end")
    }
}

fn bars(parameters: &[String]) -> String {
    let parameters: Vec<&str> = parameters
        .iter()
        .map(String::as_str)
        .filter(|name| !name.is_empty())
        .collect();
    if parameters.is_empty() {
        String::new()
    } else {
        format!("|{}| ", parameters.join(", "))
    }
}

/// What a block takes of the request, and tells of it.
struct Arguments<'a> {
    parameters: &'a [Parameter],
    body: &'a Body,
    /// Whether all come in one Hash, since not all names are those of variables.
    are_given: bool,
    is_positional: bool,
}

impl<'a> Arguments<'a> {
    fn new(parameters: &'a [Parameter], body: &'a Body, is_positional: bool) -> Self {
        let are_given = !parameters
            .iter()
            .all(|parameter| names::is_variable(&parameter.name));
        let is_always = parameters
            .iter()
            .all(|parameter| parameter.presence == Presence::Always)
            && body
                .argument
                .as_ref()
                .is_none_or(|argument| !argument.is_optional);
        Self {
            parameters,
            body,
            are_given,
            is_positional: is_positional && is_always,
        }
    }

    fn taken(&self) -> Vec<String> {
        if self.are_given {
            return vec!["**given".to_owned()];
        }
        let mut taken: Vec<String> = self
            .parameters
            .iter()
            .map(|parameter| match parameter.presence {
                Presence::Always if self.is_positional => parameter.name.clone(),
                Presence::Always => format!("{}:", parameter.name),
                Presence::Optional => format!("{}: nil", parameter.name),
                Presence::Nullable => format!("{}: ABSENT", parameter.name),
            })
            .collect();
        if let Some(argument) = &self.body.argument {
            let colon = if self.is_positional { "" } else { ":" };
            match &argument.fields[..] {
                [] if argument.is_optional => taken.push("body: ABSENT".to_owned()),
                [] => taken.push(format!("body{colon}")),
                fields => taken.extend(fields.iter().map(|name| format!("{name}{colon}"))),
            }
        }
        taken
    }

    /// The call of `echo`.
    fn echo(&self, has_components: bool) -> Code {
        let mut arguments = Vec::new();
        for location in ["path", "query", "header", "cookie"] {
            let of_location = self
                .parameters
                .iter()
                .filter(|parameter| parameter.location == location);
            let members: Vec<Code> = of_location
                .map(|parameter| self.told(parameter, has_components))
                .collect();
            if !members.is_empty() {
                arguments.push(literal::member(location, Code::object(members)));
            }
        }
        if let Some(argument) = &self.body.argument {
            let absent = if argument.is_optional {
                "given.fetch(:body, ABSENT)"
            } else {
                "given[:body]"
            };
            let value = if self.are_given { absent } else { "body" };
            arguments.push(match (&argument.fields[..], &argument.schema) {
                ([], None) if value == "body" => "body:".into(),
                ([], None) => format!("body: {value}").into(),
                ([], Some(schema)) => format!("body: {}", typed(value, schema, has_components)).into(),
                (fields, _) => {
                    let members = fields.iter().map(|name| {
                        let value = if self.are_given {
                            format!(" given[:{name}]")
                        } else {
                            String::new()
                        };
                        format!("{name}:{value}").into()
                    });
                    literal::member("body", Code::object(members.collect()))
                }
            });
        }
        if arguments.is_empty() {
            return "echo".into();
        }
        Code::call("echo", arguments)
    }

    fn told(&self, parameter: &Parameter, has_components: bool) -> Code {
        let key = literal::symbol(&parameter.name);
        let mut value = match (self.are_given, parameter.presence) {
            (false, _) => parameter.name.clone(),
            (true, Presence::Nullable) => format!("given.fetch({key}, ABSENT)"),
            (true, _) => format!("given[{key}]"),
        };
        if parameter.is_nullable {
            value = format!("nullable({value})");
        }
        if let Some(schema) = &parameter.schema {
            value = typed(&value, schema, has_components);
        }
        if value == parameter.wire_name {
            return format!("{value}:").into();
        }
        literal::member(&parameter.wire_name, value.into())
    }
}

fn typed(value: &str, schema: &str, has_components: bool) -> String {
    let components = if has_components { ", components" } else { "" };
    format!("typed({value}, {schema}{components})")
}
