//! Channels of HTTP: event streams, and content of one JSON value a line, in either direction.

use http::Method;
use serde_json::{Map, Value as Json, json};

use super::{
    channel::{Action, Channel, extension_of},
    message::{Message, Messages, alternatives},
    parameters,
    schemas::Schemas,
};
use crate::{
    Operation, Route,
    event::MEDIA_TYPE as EVENT_STREAM,
    operation::{In, MediaType},
    routing::ANY_METHOD,
};

const BINDING_VERSION: &str = "0.3.0";

/// Methods that the binding has words for.
const METHODS: [Method; 9] = [
    Method::GET,
    Method::PUT,
    Method::POST,
    Method::PATCH,
    Method::DELETE,
    Method::HEAD,
    Method::OPTIONS,
    Method::CONNECT,
    Method::TRACE,
];

/// Content of one media type.
struct Content<'o> {
    media_type: &'o str,
    description: &'o MediaType,
    /// The status of the answer that has it.
    status: Option<u16>,
}

impl Channel {
    /// The channel of a route that sends or takes values one after the other; nothing where it does not.
    pub(super) fn of_stream(route: &Route, schemas: &mut Schemas<'_>) -> Option<Self> {
        let operation = &route.operation;
        let (request, response) = (request(operation), response(operation));
        let is_stream = |content: &Option<Content<'_>>| content.as_ref().is_some_and(Content::is_sequence);
        if !is_stream(&request) && !is_stream(&response) {
            return None;
        }
        let mut messages = Messages::default();
        let is_events = response.as_ref().is_some_and(Content::is_events);
        let mut received = Vec::new();
        if let Some(content) = &request {
            let fields = fields(operation, schemas);
            for message in content.messages("request", fields, schemas) {
                received.push(messages.add(message, schemas));
            }
        }
        let mut sent = Vec::new();
        if let Some(content) = &response {
            let status = if received.is_empty() { None } else { content.status };
            let content = Content { status, ..*content };
            for message in content.messages("response", None, schemas) {
                sent.push(messages.add(message, schemas));
            }
        }
        // The fields of a request have a place in its messages.
        let homeless: &[In] = if received.is_empty() { &[In::Header] } else { &[] };
        let mut extension = extension_of(route, homeless, schemas);
        if is_events {
            without_last_event_id(&mut extension);
        }
        let bindings = Some(json!({ "http": binding(route, schemas) }));
        let action = if received.is_empty() {
            Action {
                verb: "send",
                messages: sent,
                reply: Vec::new(),
                bindings,
            }
        } else {
            Action {
                verb: "receive",
                messages: received,
                reply: sent,
                bindings,
            }
        };
        Some(Self {
            is_socket: false,
            messages,
            bindings: None,
            extension,
            operations: vec![action],
        })
    }
}

/// The content of requests: the first that is a sequence, or else the first.
fn request(operation: &Operation) -> Option<Content<'_>> {
    let body = operation.request_body.as_ref()?;
    let contents = body.content.iter().map(|(media_type, content)| Content {
        media_type,
        description: content,
        status: None,
    });
    let contents: Vec<_> = contents.collect();
    first(contents)
}

/// The content of successes, likewise.
fn response(operation: &Operation) -> Option<Content<'_>> {
    let successes = operation
        .responses
        .iter()
        .filter(|(status, _)| status.starts_with('2'));
    let contents = successes.flat_map(|(status, response)| {
        response.content.iter().map(move |(media_type, content)| Content {
            media_type,
            description: content,
            status: status.parse().ok(),
        })
    });
    first(contents.collect())
}

fn first(mut contents: Vec<Content<'_>>) -> Option<Content<'_>> {
    let place = contents.iter().position(Content::is_sequence).unwrap_or(0);
    (place < contents.len()).then(|| contents.swap_remove(place))
}

impl Content<'_> {
    fn is_events(&self) -> bool {
        self.media_type.starts_with(EVENT_STREAM)
    }

    /// Whether it is values one after the other.
    fn is_sequence(&self) -> bool {
        let (name, _) = self.media_type.split_once(';').unwrap_or((self.media_type, ""));
        let is_lines = matches!(name.trim_end(), "application/jsonl" | "application/x-ndjson");
        self.description.item_schema.is_some() || self.is_events() || is_lines
    }

    /// The messages that it has; those without a name of their own are called `name`.
    fn messages(
        &self,
        name: &str,
        fields: Option<Map<String, Json>>,
        schemas: &mut Schemas<'_>,
    ) -> Vec<Message> {
        let mut messages = if self.is_events() {
            events(self.description.item_schema.as_ref(), schemas)
        } else if self.is_sequence() {
            let items = self.description.item_schema.as_ref().unwrap_or(&Json::Bool(true));
            let alternatives = alternatives("item", items, schemas).into_iter();
            alternatives
                .map(|(name, payload)| Message::of_json(name, payload))
                .collect()
        } else {
            vec![self.whole(name, schemas)]
        };
        let binding = self.binding(fields);
        for message in &mut messages {
            message.bindings.clone_from(&binding);
        }
        messages
    }

    /// The content as one message.
    fn whole(&self, name: &str, schemas: &mut Schemas<'_>) -> Message {
        let schema = &self.description.schema;
        let payload = (!schema.is_null()).then(|| schemas.add(schema));
        let own = payload
            .as_ref()
            .and_then(|payload| schemas.component(payload))
            .map(|(name, _)| name);
        Message {
            name: own.unwrap_or(name).to_owned(),
            content_type: (!self.media_type.contains('*')).then(|| self.media_type.to_owned()),
            payload,
            ..Message::default()
        }
    }

    /// What HTTP says beside the messages: fields, and what they are written one after the other as.
    fn binding(&self, fields: Option<Map<String, Json>>) -> Option<Json> {
        let mut headers = fields;
        if self.is_sequence() {
            let fields =
                headers.get_or_insert_with(|| Map::from_iter([("type".to_owned(), "object".into())]));
            let properties = fields.entry("properties").or_insert_with(|| json!({}));
            properties["content-type"] = json!({ "type": "string", "const": self.media_type });
        }
        if headers.is_none() && self.status.is_none() {
            return None;
        }
        let mut binding = Map::new();
        if let Some(headers) = headers {
            binding.insert("headers".into(), headers.into());
        }
        if let Some(status) = self.status {
            binding.insert("statusCode".into(), status.into());
        }
        binding.insert("bindingVersion".into(), BINDING_VERSION.into());
        Some(json!({ "http": binding }))
    }
}

/// The header fields of requests.
fn fields(operation: &Operation, schemas: &mut Schemas<'_>) -> Option<Map<String, Json>> {
    parameters::object(operation, In::Header, schemas)
}

/// Method and query.
fn binding(route: &Route, schemas: &mut Schemas<'_>) -> Map<String, Json> {
    let mut binding = Map::new();
    if route.method.as_str() != ANY_METHOD && METHODS.contains(&route.method) {
        binding.insert("method".into(), route.method.as_str().into());
    }
    if let Some(query) = parameters::object(&route.operation, In::Query, schemas) {
        binding.insert("query".into(), query.into());
    }
    binding.insert("bindingVersion".into(), BINDING_VERSION.into());
    binding
}

/// Every client of events sends it when it comes back (WHATWG HTML §9.2.4), whether the handler looks at it or not.
fn without_last_event_id(extension: &mut Map<String, Json>) {
    let Some(Json::Array(parameters)) = extension.get_mut("parameters") else {
        return;
    };
    parameters.retain(|parameter| {
        let name = parameter.get("name").and_then(Json::as_str).unwrap_or_default();
        parameter["in"] != "header" || !name.eq_ignore_ascii_case("last-event-id")
    });
    if parameters.is_empty() {
        extension.remove("parameters");
    }
}

/// The messages of an event stream: one for each type of events, whose fields are headers and whose data is the payload. The schema
/// is that of an event as an object, as OpenAPI 3.2 §4.14.4 has it.
fn events(item: Option<&Json>, schemas: &mut Schemas<'_>) -> Vec<Message> {
    let anything = json!({ "properties": { "data": { "type": "string" } } });
    let item = item.unwrap_or(&anything);
    let data = item.pointer("/properties/data");
    let variants: Vec<_> = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|keyword| item.get(*keyword)?.as_array())
        .flatten()
        .filter_map(|variant| Some((variant.pointer("/properties/event/const")?.as_str()?, variant)))
        .collect();
    if variants.is_empty() {
        return match data {
            Some(data) => vec![event("event", &json!({ "type": "string" }), false, data, schemas)],
            None => vec![Message {
                content_type: Some(EVENT_STREAM.into()),
                ..Message::of_json("event", schemas.add(item))
            }],
        };
    }
    let text = json!({ "type": "string" });
    variants
        .into_iter()
        .map(|(name, variant)| {
            let data = variant.pointer("/properties/data").or(data).unwrap_or(&text);
            let required = variant.get("required").and_then(Json::as_array);
            let is_named = required.is_some_and(|names| names.iter().any(|name| name == "event"));
            event(
                name,
                &json!({ "type": "string", "const": name }),
                is_named,
                data,
                schemas,
            )
        })
        .collect()
}

fn event(name: &str, name_schema: &Json, is_named: bool, data: &Json, schemas: &mut Schemas<'_>) -> Message {
    let mut headers = json!({ "type": "object", "properties": {
        "event": name_schema, "id": { "type": "string" }, "retry": { "type": "integer", "minimum": 0 }
    } });
    if is_named {
        headers["required"] = json!(["event"]);
    }
    let (content_type, payload) = match data.get("contentMediaType").and_then(Json::as_str) {
        Some(media_type) => (
            media_type,
            data.get("contentSchema").map(|schema| schemas.add(schema)),
        ),
        None => ("text/plain", Some(schemas.add(data))),
    };
    Message {
        name: name.to_owned(),
        content_type: Some(content_type.to_owned()),
        headers: Some(headers),
        payload,
        ..Message::default()
    }
}
