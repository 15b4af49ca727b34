//! Which parts of a call its JavaScript handler gets, in the order of its slots.

use napi::Result;
use sabir_core::{Body, Call, Route, Value, operation::In};

use crate::{batch::Writer, error::misuse, value::is_plain_json};

/// The slots of one handler: a parameter each, then two for the body when the operation has one.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    /// Indexes of the route's parameters.
    parameters: Vec<usize>,
    body: bool,
}

/// What the first slot of a body says of the second: there is no body.
const ABSENT: f64 = 0.0;
/// It is text for `JSON.parse`, which has been validated.
const JSON: f64 = 1.0;
/// It is the value.
const VALUE: f64 = 2.0;

impl Slots {
    /// Finds the parameters that `wanted` names by place and name.
    pub(crate) fn of(route: &Route, wanted: &[(String, String)]) -> Result<Self> {
        let find = |(place, name): &(String, String)| {
            route
                .parameters
                .iter()
                .position(|info| in_name(info.location) == place && info.name == *name)
                .ok_or_else(|| misuse(format!("there is no {place} parameter {name:?}")))
        };
        Ok(Self {
            parameters: wanted.iter().map(find).collect::<Result<_>>()?,
            body: route.body.is_some(),
        })
    }

    /// How many slots there are.
    pub(crate) fn len(&self) -> usize {
        self.parameters.len() + if self.body { 2 } else { 0 }
    }

    /// Writes the slots of `call`.
    pub(crate) fn write(&self, call: &Call, batch: &mut Writer<'_>) -> Result<()> {
        for index in &self.parameters {
            match call.arguments.parameters.get(*index) {
                Some(Some(value)) => batch.value(value)?,
                _ => batch.absent(),
            }
        }
        if !self.body {
            return Ok(());
        }
        let Some(value) = &call.arguments.body else {
            batch.number(ABSENT);
            batch.absent();
            return Ok(());
        };
        if let Some(text) = json_text(call)
            && matches!(value, Value::Null)
        {
            batch.number(JSON);
            return batch.other(text);
        }
        batch.number(VALUE);
        batch.value(value)
    }
}

/// Drops the decoded value of a JSON body that JavaScript builds better from the text, and leaves `null` in its place. The
/// content is held once then, while the call waits and while its handler runs.
pub(crate) fn prepare(call: &mut Call) {
    if call.arguments.body.as_ref().is_some_and(is_plain_json) && json_text(call).is_some() {
        call.arguments.body = Some(Value::Null);
    }
}

/// The content of `call` when it is JSON.
fn json_text(call: &Call) -> Option<&str> {
    let content_type = call.head.headers.get(http::header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = content_type.split(';').next().unwrap_or_default().trim_ascii();
    let is_json = essence.eq_ignore_ascii_case("application/json");
    match &call.body {
        Body::Bytes(bytes) if is_json => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

fn in_name(location: In) -> &'static str {
    match location {
        In::Path => "path",
        In::Query => "query",
        In::Header => "header",
        In::Cookie => "cookie",
    }
}
