//! The messages of a channel.

use serde_json::{Map, Value as Json, json};

use super::{
    problem::{PROBLEM, problem_schema},
    schemas::Schemas,
};

/// The media type of most messages.
pub(super) const JSON: &str = "application/json";

/// What JSON Schema 2020-12 is called, where a schema needs a word that AsyncAPI's own have not.
const FORMAT: &str = "application/schema+json;version=draft-2020-12";

/// The messages of one channel, by their names.
#[derive(Default)]
pub(super) struct Messages(Map<String, Json>);

/// One message in the making.
#[derive(Default)]
pub(super) struct Message {
    /// What is used where the message has no name of its own.
    pub(super) name: String,
    pub(super) summary: Option<&'static str>,
    pub(super) content_type: Option<String>,
    pub(super) headers: Option<Json>,
    pub(super) payload: Option<Json>,
    pub(super) bindings: Option<Json>,
}

impl Messages {
    /// Adds a message and returns the name that it has in the channel.
    pub(super) fn add(&mut self, message: Message, schemas: &Schemas<'_>) -> String {
        let name: String = message
            .name
            .chars()
            .map(|sign| if is_sign(sign) { sign } else { '-' })
            .collect();
        let name = if name.is_empty() {
            "message".to_owned()
        } else {
            name
        };
        let written = message.written(schemas);
        let mut candidate = name.clone();
        let mut number = 1;
        while self.0.get(&candidate).is_some_and(|other| *other != written) {
            number += 1;
            candidate = format!("{name}-{number}");
        }
        self.0.insert(candidate.clone(), written);
        candidate
    }

    pub(super) fn finish(self) -> Json {
        self.0.into()
    }
}

/// Whether a sign can stand in a reference as it is.
pub(super) fn is_sign(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '.' | '_' | '-')
}

impl Message {
    /// A message of JSON.
    pub(super) fn of_json(name: impl Into<String>, payload: Json) -> Self {
        Self {
            name: name.into(),
            content_type: Some(JSON.into()),
            payload: Some(payload),
            ..Self::default()
        }
    }

    fn written(self, schemas: &Schemas<'_>) -> Json {
        let mut message = Map::new();
        message.insert("name".into(), self.name.into());
        if let Some(summary) = self.summary {
            message.insert("summary".into(), summary.into());
        }
        if let Some(content_type) = self.content_type {
            message.insert("contentType".into(), content_type.into());
        }
        for (field, schema) in [("headers", self.headers), ("payload", self.payload)] {
            if let Some(schema) = schema {
                let schema = if schemas.is_new(&schema) {
                    json!({ "schemaFormat": FORMAT, "schema": schema })
                } else {
                    schema
                };
                message.insert(field.into(), schema);
            }
        }
        if let Some(bindings) = self.bindings {
            message.insert("bindings".into(), bindings);
        }
        message.into()
    }
}

/// What `schema` permits, as one message each where all of its alternatives have names; otherwise as the message `name`.
pub(super) fn alternatives(name: &str, schema: &Json, schemas: &mut Schemas<'_>) -> Vec<(String, Json)> {
    let payload = schemas.add(schema);
    let (own, body) = match schemas.component(&payload) {
        Some((name, component)) => (Some(name), component),
        None => (None, &payload),
    };
    named_alternatives(body, schemas)
        .unwrap_or_else(|| vec![(own.unwrap_or(name).to_owned(), payload.clone())])
}

fn named_alternatives(schema: &Json, schemas: &Schemas<'_>) -> Option<Vec<(String, Json)>> {
    let members = schema.as_object()?;
    let keyword = ["anyOf", "oneOf"]
        .into_iter()
        .find(|keyword| members.contains_key(*keyword))?;
    let says_more = |name: &String| name != keyword && !matches!(name.as_str(), "title" | "description");
    if members.keys().any(says_more) {
        return None;
    }
    let parts = members[keyword].as_array()?;
    let named: Option<Vec<_>> = parts
        .iter()
        .map(|part| Some((name_of(part, schemas)?, part.clone())))
        .collect();
    let named = named?;
    let is_once = |(name, _): &(String, Json)| named.iter().filter(|(other, _)| other == name).count() == 1;
    named.iter().all(is_once).then_some(named)
}

/// The name of a component, or the one value that a member has by which alternatives are told apart.
fn name_of(schema: &Json, schemas: &Schemas<'_>) -> Option<String> {
    if let Some((name, _)) = schemas.component(schema) {
        return Some(name.to_owned());
    }
    let required = schema.get("required")?.as_array()?;
    let mut tags = schema
        .get("properties")?
        .as_object()?
        .iter()
        .filter_map(|(name, property)| {
            let tag = property.get("const")?.as_str()?;
            required.iter().any(|known| known == name).then(|| tag.to_owned())
        });
    tags.next()
}

/// What a client is sent in place of an answer to a message that does not fit (RFC 9457).
pub(super) fn problem(schemas: &mut Schemas<'_>) -> Message {
    Message {
        summary: Some("Sent where a message does not fit."),
        content_type: Some(PROBLEM.into()),
        ..Message::of_json("problem", schemas.add(&problem_schema()))
    }
}
