//! Where a client of events has left off.

use sabir_core::{Call, SetupError, channel::Position, operation::In};
use serde_json::json;

use super::FromCall;
use crate::{Description, States};

/// The `Last-Event-ID` of a client of server-sent events that comes back (WHATWG HTML §9.2.4): the id of the last event that it
/// got, as text.
///
/// ```
/// use sabir::{LastEventId, Respond, Sabir, State, channel::Hub};
///
/// async fn news(State(hub): State<Hub>, last: LastEventId) -> impl Respond {
///     hub.events("news", last.position())
/// }
///
/// # fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().state(Hub::default()).get("/news", news).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LastEventId(pub Option<String>);

impl LastEventId {
    /// The position in a channel, where the id is one.
    pub fn position(&self) -> Option<Position> {
        self.0.as_deref()?.parse().ok()
    }
}

impl FromCall for LastEventId {
    type Rejection = std::convert::Infallible;

    async fn from_call(call: &mut Call, _: &States) -> Result<Self, Self::Rejection> {
        // Clients send it as UTF-8.
        let value = call.head.headers.get("last-event-id");
        let text = value.and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        Ok(Self(text.map(str::to_owned)))
    }

    fn describe(description: &mut Description<'_>) -> Result<(), SetupError> {
        description
            .add_parameter(In::Header, "last-event-id", json!({ "type": "string" }), false)
            .map(drop)
    }
}
