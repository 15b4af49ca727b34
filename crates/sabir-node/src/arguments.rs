//! Which parts of a call its JavaScript handler gets, in the order of its slots.

use sabir_core::{Body, Call, Route, SetupError};
use sabir_host::Source;

use crate::{batch::Writer, error::misuse};

/// The slots of one handler: a parameter each, then two for the body when the operation has one.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    parameters: Vec<Source>,
    body: bool,
    /// Whether the content is taken while it arrives.
    pub(crate) is_streamed: bool,
}

/// What the first slot of a body says of the second: there is no body.
const ABSENT: f64 = 0.0;
/// It is text for `JSON.parse`, which has been validated.
const JSON: f64 = 1.0;
/// It is the value.
const VALUE: f64 = 2.0;

impl Slots {
    /// Finds the parameters that `wanted` names by place and name, one after the other.
    pub(crate) fn of(route: &Route, wanted: &[String], is_streamed: bool) -> Result<Self, SetupError> {
        let find = |pair: &[String]| Source::parameter(route, &pair[0], &pair[1]);
        Ok(Self {
            parameters: wanted.chunks_exact(2).map(find).collect::<Result<_, _>>()?,
            body: route.body.is_some() && !is_streamed,
            is_streamed,
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
        match (&call.body, &call.arguments.body) {
            (Body::Json(bytes), _) => {
                batch.number(JSON);
                // The runtime has read it as UTF-8.
                batch.other(std::str::from_utf8(bytes).map_err(|error| misuse(error.to_string()))?)
            }
            (_, Some(value)) => {
                batch.number(VALUE);
                batch.value(value)
            }
            (_, None) => {
                batch.number(ABSENT);
                batch.absent();
                Ok(())
            }
        }
    }
}
