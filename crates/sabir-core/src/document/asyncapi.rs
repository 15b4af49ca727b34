//! AsyncAPI 3.0: the sockets and streams of an application.

use serde_json::{Map, Value as Json, json};

use super::{
    Info, License, Server,
    channel::{self, Channel},
    info::plain,
    message::is_sign,
    schemas::Schemas,
};
use crate::{Route, SetupError, schema::SchemaCompiler};

/// The AsyncAPI document of the sockets, event streams and streams of JSON Lines among `routes`. `schemas` has the components that
/// operations refer to.
///
/// A route is a channel, whose name is the `operationId`, or follows from the path. What a client sends is an operation that the
/// application receives, and what it is sent one that the application sends, or the reply to what it has received.
///
/// ```
/// use http::Method;
/// use sabir_core::{Operation, Route, RouteDefinition, Settings, document::{Info, asyncapi}, routing::Converters, schema::SchemaCompiler};
/// use serde_json::json;
///
/// let operation = Operation::from_json(&json!({ "x-sabir": { "websocket": { "incoming": { "type": "string" } } } }))?;
/// let definition = RouteDefinition::new(Method::GET, "/chat/{room}", operation);
/// let schemas = SchemaCompiler::default();
/// let route = Route::compile(definition, &Converters::default(), &schemas, &Settings::default())?;
/// let document = asyncapi(&Info::new("Shop", "1.0.0"), [&route], &schemas)?;
/// assert_eq!(document["channels"]["chat-room"]["address"], "/chat/{room}");
/// # Ok::<_, sabir_core::SetupError>(())
/// ```
///
/// # Errors
/// A server has no URL of HTTP.
pub fn asyncapi<'r>(
    info: &Info,
    routes: impl IntoIterator<Item = &'r Route>,
    schemas: &SchemaCompiler,
) -> Result<Json, SetupError> {
    let mut schemas = Schemas::new(schemas);
    let mut document = Document::new(&info.servers)?;
    for route in routes {
        let extension = route.operation.extension.as_ref();
        if extension.is_some_and(|extension| extension.hidden) {
            continue;
        }
        let socket = extension.and_then(|extension| extension.websocket.as_ref());
        let channel = match socket {
            Some(socket) => Some(Channel::of_socket(route, socket, &mut schemas)),
            None => Channel::of_stream(route, &mut schemas),
        };
        if let Some(channel) = channel {
            document.add(route, channel);
        }
    }
    Ok(document.finish(info, schemas))
}

/// A place that the application is served at.
struct Place {
    name: String,
    server: Json,
    is_socket: bool,
}

struct Document {
    places: Vec<Place>,
    channels: Map<String, Json>,
    operations: Map<String, Json>,
    has_sockets: bool,
    has_streams: bool,
}

impl Document {
    fn new(servers: &[Server]) -> Result<Self, SetupError> {
        let mut places = Vec::new();
        for (index, server) in servers.iter().enumerate() {
            let address = server.address().map_err(|problem| {
                let field = format!("servers[{index}].url");
                let problem = format!("{:?}: {problem}", server.url);
                SetupError::new(field, problem, "write it as https://shop.example/api").at("asyncapi")
            })?;
            let host: String = address
                .host
                .chars()
                .filter(|sign| !"[]".contains(*sign))
                .collect();
            let host = host.replace([':', '~'], "-");
            for is_socket in [true, false] {
                let protocol = match (is_socket, address.is_secure) {
                    (true, true) => "wss",
                    (true, false) => "ws",
                    (false, true) => "https",
                    (false, false) => "http",
                };
                let mut written = json!({ "host": address.host });
                if !address.path.is_empty() {
                    written["pathname"] = address.path.into();
                }
                written["protocol"] = protocol.into();
                if let Some(description) = &server.description {
                    written["description"] = description.as_str().into();
                }
                let is_free = |name: &String| !places.iter().any(|place: &Place| place.name == *name);
                let name = free_name(&format!("{host}-{protocol}"), is_free);
                places.push(Place {
                    name,
                    server: written,
                    is_socket,
                });
            }
        }
        Ok(Self {
            places,
            channels: Map::new(),
            operations: Map::new(),
            has_sockets: false,
            has_streams: false,
        })
    }

    fn add(&mut self, route: &Route, channel: Channel) {
        let name = free_name(&name_of(route), |name| !self.channels.contains_key(name));
        let pointer = format!("#/channels/{name}");
        let references = |messages: &[String]| -> Vec<Json> {
            let reference = |message: &String| json!({ "$ref": format!("{pointer}/messages/{message}") });
            messages.iter().map(reference).collect()
        };
        for action in channel.operations {
            let mut operation = Map::new();
            operation.insert("action".into(), action.verb.into());
            operation.insert("channel".into(), json!({ "$ref": pointer }));
            if !route.operation.tags.is_empty() {
                let tags = route.operation.tags.iter().map(|tag| json!({ "name": tag }));
                operation.insert("tags".into(), tags.collect());
            }
            operation.insert("messages".into(), references(&action.messages).into());
            if !action.reply.is_empty() {
                let reply = json!({ "channel": { "$ref": pointer }, "messages": references(&action.reply) });
                operation.insert("reply".into(), reply);
            }
            if let Some(bindings) = action.bindings {
                operation.insert("bindings".into(), bindings);
            }
            self.operations
                .insert(format!("{}.{name}", action.verb), operation.into());
        }
        self.has_sockets |= channel.is_socket;
        self.has_streams |= !channel.is_socket;
        let mut written = channel::head(route);
        let places = self
            .places
            .iter()
            .filter(|place| place.is_socket == channel.is_socket);
        let servers: Vec<_> = places
            .map(|place| json!({ "$ref": format!("#/servers/{}", place.name) }))
            .collect();
        if !servers.is_empty() {
            written.insert("servers".into(), servers.into());
        }
        written.insert("messages".into(), channel.messages.finish());
        if let Some(bindings) = channel.bindings {
            written.insert("bindings".into(), bindings);
        }
        if !channel.extension.is_empty() {
            written.insert("x-sabir".into(), channel.extension.into());
        }
        self.channels.insert(name, written.into());
    }

    fn finish(self, info: &Info, schemas: Schemas<'_>) -> Json {
        let about = about(info);
        let mut document = json!({ "asyncapi": "3.0.0", "info": about });
        let is_used = |place: &Place| {
            if place.is_socket {
                self.has_sockets
            } else {
                self.has_streams
            }
        };
        let places = self.places.into_iter().filter(is_used);
        let servers: Map<_, _> = places.map(|place| (place.name, place.server)).collect();
        if !servers.is_empty() {
            document["servers"] = servers.into();
        }
        document["channels"] = self.channels.into();
        document["operations"] = self.operations.into();
        let used = schemas.used(&document);
        if !used.is_empty() {
            document["components"] = json!({ "schemas": used });
        }
        document
    }
}

/// The Info Object, which has the tags too.
fn about(info: &Info) -> Json {
    let mut about = json!({ "title": info.title, "version": info.version });
    for (name, text) in [
        ("description", &info.description),
        ("termsOfService", &info.terms_of_service),
    ] {
        if let Some(text) = text {
            about[name] = text.as_str().into();
        }
    }
    if let Some(contact) = &info.contact {
        about["contact"] = plain(contact);
    }
    if let Some(license) = &info.license {
        // It has no word for the identifier.
        about["license"] = plain(License {
            identifier: None,
            ..license.clone()
        });
    }
    if !info.tags.is_empty() {
        about["tags"] = plain(&info.tags);
    }
    about
}

/// The name of a channel, unless another has it: the `operationId`, or the words of the path.
fn name_of(route: &Route) -> String {
    let text = match &route.operation.operation_id {
        Some(id) => id.clone(),
        None => route.pattern.template(),
    };
    let words: Vec<_> = text
        .split(|sign| !is_sign(sign))
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        "root".into()
    } else {
        words.join("-")
    }
}

/// `name`, or the first of `name-2`, `name-3` that is free.
fn free_name(name: &str, is_free: impl Fn(&String) -> bool) -> String {
    let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(is_free)
        .unwrap_or_default()
}
