//! Channels: a route each.

use serde_json::{Map, Value as Json, json};

use super::{
    message::{Message, Messages, alternatives, problem},
    parameters,
    schemas::Schemas,
};
use crate::{
    Operation, Route,
    operation::{In, InvalidMessage, SocketDescription},
};

/// A channel and its operation or operations, which have yet to be told which channel it is.
pub(super) struct Channel {
    /// Whether it is a socket, and not an exchange of HTTP.
    pub(super) is_socket: bool,
    pub(super) messages: Messages,
    pub(super) bindings: Option<Json>,
    /// What AsyncAPI has no word for.
    pub(super) extension: Map<String, Json>,
    pub(super) operations: Vec<Action>,
}

/// What the application does in a channel.
pub(super) struct Action {
    /// `send` or `receive`.
    pub(super) verb: &'static str,
    /// Names of messages of the channel.
    pub(super) messages: Vec<String>,
    /// Names of messages of the channel that are sent for one that was received.
    pub(super) reply: Vec<String>,
    pub(super) bindings: Option<Json>,
}

impl Channel {
    /// The channel of a socket.
    pub(super) fn of_socket(route: &Route, socket: &SocketDescription, schemas: &mut Schemas<'_>) -> Self {
        let operation = &route.operation;
        let mut messages = Messages::default();
        let incoming = typed("incoming", &socket.incoming, &mut messages, schemas);
        let mut outgoing = typed("outgoing", &socket.outgoing, &mut messages, schemas);
        if !socket.incoming.is_null() && socket.invalid_message == InvalidMessage::Report {
            outgoing.push(messages.add(problem(schemas), schemas));
        }
        let mut binding = Map::new();
        binding.insert("method".into(), "GET".into());
        for (name, location) in [("query", In::Query), ("headers", In::Header)] {
            if let Some(object) = parameters::object(operation, location, schemas) {
                binding.insert(name.into(), object.into());
            }
        }
        binding.insert("bindingVersion".into(), "0.1.0".into());
        let mut extension = Map::new();
        if !socket.subprotocols.is_empty() {
            extension.insert("subprotocols".into(), socket.subprotocols.clone().into());
        }
        extension.extend(extension_of(route, &[], schemas));
        let action = |verb, messages| Action {
            verb,
            messages,
            reply: Vec::new(),
            bindings: None,
        };
        Self {
            is_socket: true,
            messages,
            bindings: Some(json!({ "ws": binding })),
            extension,
            operations: vec![action("receive", incoming), action("send", outgoing)],
        }
    }
}

/// What is said in words of `x-sabir`: parameters without a place, among them those in `homeless`.
pub(super) fn extension_of(route: &Route, homeless: &[In], schemas: &mut Schemas<'_>) -> Map<String, Json> {
    let mut extension = Map::new();
    let others = parameters::others(&route.pattern, &route.operation, homeless, schemas);
    if !others.is_empty() {
        extension.insert("parameters".into(), others.into());
    }
    if route.operation.deprecated {
        extension.insert("deprecated".into(), true.into());
    }
    extension
}

/// The messages of one direction of a socket, whose schema may be absent.
fn typed(name: &str, schema: &Json, messages: &mut Messages, schemas: &mut Schemas<'_>) -> Vec<String> {
    if schema.is_null() {
        let message = Message {
            name: name.into(),
            summary: Some("Text or bytes."),
            ..Message::default()
        };
        return vec![messages.add(message, schemas)];
    }
    let alternatives = alternatives(name, schema, schemas).into_iter();
    alternatives
        .map(|(name, payload)| messages.add(Message::of_json(name, payload), schemas))
        .collect()
}

/// Address, words for people, and variables.
pub(super) fn head(route: &Route) -> Map<String, Json> {
    let Operation {
        summary, description, ..
    } = &route.operation;
    let mut head = Map::new();
    head.insert("address".into(), route.pattern.template().into());
    for (name, text) in [("summary", summary), ("description", description)] {
        if let Some(text) = text {
            head.insert(name.into(), text.as_str().into());
        }
    }
    let variables = parameters::variables(&route.pattern, &route.operation);
    if !variables.is_empty() {
        head.insert("parameters".into(), variables.into());
    }
    head
}
