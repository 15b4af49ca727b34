//! Which parts of a call its JavaScript handler gets, in the order of its slots.

use sabir_core::{Body, Call, Route, SetupError, Value};
use sabir_host::Source;

use crate::{batch::Writer, value::is_plain_json};

/// The slots of one handler: a parameter each, then two for the body when the operation has one.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    parameters: Vec<Source>,
    body: bool,
}

/// What the first slot of a body says of the second: there is no body.
const ABSENT: f64 = 0.0;
/// It is text for `JSON.parse`, which has been validated.
const JSON: f64 = 1.0;
/// It is the value.
const VALUE: f64 = 2.0;

impl Slots {
    /// Finds the parameters that `wanted` names by place and name, one after the other.
    pub(crate) fn of(route: &Route, wanted: &[String]) -> Result<Self, SetupError> {
        let find = |pair: &[String]| Source::parameter(route, &pair[0], &pair[1]);
        Ok(Self {
            parameters: wanted.chunks_exact(2).map(find).collect::<Result<_, _>>()?,
            body: route.body.is_some(),
        })
    }

    /// How many slots there are.
    pub(crate) fn len(&self) -> usize {
        self.parameters.len() + if self.body { 2 } else { 0 }
    }

    /// Writes the slots of `call`.
    pub(crate) fn write(&self, call: &Call, batch: &mut Writer<'_>) -> napi::Result<()> {
        for source in &self.parameters {
            match source.value(call) {
                Some(value) => batch.value(value)?,
                None => batch.absent(),
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
