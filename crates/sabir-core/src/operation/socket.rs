//! The word `websocket` in `x-sabir` of an operation.

use serde::{Deserialize, Serialize};

use super::SchemaData;

/// Makes an operation one of a WebSocket, and says what OpenAPI has no word for. Unknown fields are refused.
///
/// ```
/// use sabir_core::Operation;
/// use serde_json::json;
///
/// let operation = Operation::from_json(&json!({ "x-sabir": { "websocket": {
///     "subprotocols": ["chat.v1"],
///     "incoming": { "type": "object", "required": ["text"] }
/// } } }))?;
/// assert!(operation.extension.unwrap().websocket.is_some());
/// # Ok::<_, sabir_core::SetupError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SocketDescription {
    /// The subprotocols that the server speaks; the client's order decides among them (RFC 6455 §4.2.2).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subprotocols: Vec<String>,
    /// The origins of pages that may connect, as `https://shop.example`, and `*` for all. When empty, only those of the server's
    /// own host may.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_origins: Vec<String>,
    /// The schema of messages from the client, which then are JSON as text; absent means anything.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub incoming: SchemaData,
    /// The schema of messages to the client; absent means anything. It documents, and is not held against what is sent.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub outgoing: SchemaData,
    /// What becomes of a message that does not fit `incoming`.
    #[serde(skip_serializing_if = "InvalidMessage::is_default")]
    pub invalid_message: InvalidMessage,
    /// Overrides the setting `websocket_message_limit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_limit: Option<u64>,
    /// Overrides the setting `websocket_idle_timeout_ms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_timeout_ms: Option<u64>,
    /// Overrides the setting `websocket_ping_interval_ms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ping_interval_ms: Option<u64>,
    /// Overrides the setting `websocket_send_queue_limit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_queue_limit: Option<u64>,
}

/// What becomes of a message that does not fit its schema. It never reaches the handler.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InvalidMessage {
    /// The client is sent the problem as JSON, and the socket goes on.
    #[default]
    Report,
    /// The socket is closed: with 1007 for what is not JSON, with 1008 for what does not fit, with 1003 for a binary message.
    Close,
}

impl InvalidMessage {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
