//! Which parts of a call its JavaScript handler gets, in the order of its slots.

use napi::{Result, bindgen_prelude::Array};
use sabir_core::{Body, Call, Route, operation::In};

use crate::{error::misuse, value::Js, value::is_plain_json};

/// The slots of one handler: a parameter each, then two for the body when the operation has one.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    /// Indexes of the route's parameters.
    parameters: Vec<usize>,
    body: bool,
}

/// What the first slot of a body says of the second.
#[derive(Clone, Copy)]
enum BodyKind {
    Absent = 0,
    /// Text for `JSON.parse`, which has been validated.
    Json = 1,
    Value = 2,
}

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

    /// How many elements of a batch one call takes beside its target and its ticket.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.parameters.len()).unwrap_or(u32::MAX) + if self.body { 2 } else { 0 }
    }

    /// Writes the slots of `call` into `batch` from `at` on. An absent value leaves a hole, which reads as `undefined`.
    pub(crate) fn write(&self, call: &Call, batch: &mut Array<'_>, mut at: u32) -> Result<()> {
        for index in &self.parameters {
            if let Some(Some(value)) = call.arguments.parameters.get(*index) {
                batch.set(at, Js(value))?;
            }
            at += 1;
        }
        if !self.body {
            return Ok(());
        }
        let Some(value) = &call.arguments.body else {
            return batch.set(at, BodyKind::Absent as u32);
        };
        if let Some(text) = json_text(call)
            && is_plain_json(value)
        {
            batch.set(at, BodyKind::Json as u32)?;
            return batch.set(at + 1, text);
        }
        batch.set(at, BodyKind::Value as u32)?;
        batch.set(at + 1, Js(value))
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
