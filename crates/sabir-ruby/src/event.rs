//! Messages of event streams.

use magnus::{Error, RString, Ruby};
use sabir_core::Event;

use crate::error;

/// A message as it is sent.
pub(crate) fn encode_event(
    ruby: &Ruby,
    data: Option<String>,
    event: Option<String>,
    id: Option<String>,
    retry: Option<u64>,
    comment: Option<String>,
) -> Result<RString, Error> {
    let event = Event {
        data,
        event,
        id,
        retry,
        comment,
    };
    let encoded = event
        .encode()
        .map_err(|problem| error::argument(ruby, problem.to_string()))?;
    Ok(ruby.str_from_slice(&encoded))
}
