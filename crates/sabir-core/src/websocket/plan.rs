//! What a route's socket does, compiled.

use std::{sync::Arc, time::Duration};

use http::HeaderValue;
use indexmap::IndexMap;

use super::{
    close_code::{Close, CloseCode},
    message::Message,
    origin::Origins,
};
use crate::{
    Problem, ProblemType, Settings, SetupError, Value, Violations,
    body::BodyPlan,
    header::media_type::is_token,
    operation::{InvalidMessage, MediaType, RequestBody, SchemaData, SocketDescription},
    schema::SchemaCompiler,
    settings::{WebSocketCompression, WebSocketQueuePolicy},
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What a route's socket does: everything that is known before the first client connects.
#[derive(Debug)]
#[non_exhaustive]
pub struct SocketPlan {
    subprotocols: Vec<Arc<str>>,
    origins: Origins,
    /// Present where messages of the client have a schema.
    incoming: Option<BodyPlan>,
    violation_limit: u64,
    /// What becomes of a message that does not fit.
    pub invalid_message: InvalidMessage,
    /// The largest message of a client in bytes, as it is once it is decompressed.
    pub message_limit: u64,
    /// The largest frame of a client in bytes.
    pub frame_limit: u64,
    /// How long a client may send nothing.
    pub idle_timeout: Option<Duration>,
    /// After how much silence a client is sent a ping, and how long it has to answer.
    pub ping_interval: Option<Duration>,
    /// How long the other side may take to close, and how long a handler may go on afterwards.
    pub close_timeout: Duration,
    /// How many bytes may wait to be sent.
    pub send_queue_limit: u64,
    /// What becomes of messages beyond that.
    pub send_queue_policy: WebSocketQueuePolicy,
    /// Whether messages are compressed when the client can.
    pub compression: WebSocketCompression,
}

impl SocketPlan {
    /// Compiles `description`.
    ///
    /// # Errors
    /// Names the field and the remedy.
    pub(crate) fn compile(
        description: &SocketDescription,
        schemas: &SchemaCompiler,
        settings: &Settings,
    ) -> Result<Self, SetupError> {
        for (index, name) in description.subprotocols.iter().enumerate() {
            let known = &description.subprotocols[..index];
            let problem = if !is_token(name) {
                format!("{name:?} is not a token")
            } else if known.contains(name) {
                format!("{name:?} is there twice")
            } else {
                continue;
            };
            let field = format!("x-sabir.websocket.subprotocols[{index}]");
            let remedy =
                "use a name of letters, digits and signs such as `.` and `-` (RFC 9110 §5.6.2), once";
            return Err(SetupError::new(field, problem, remedy));
        }
        // What is sent is not held against its schema, but a mistake in it would reach every document.
        schemas.compile(&description.outgoing, "x-sabir.websocket.outgoing")?;
        let milliseconds =
            |milliseconds: u64| (milliseconds > 0).then(|| Duration::from_millis(milliseconds));
        Ok(Self {
            subprotocols: description
                .subprotocols
                .iter()
                .map(|name| name.as_str().into())
                .collect(),
            origins: Origins::new(&description.allowed_origins)?,
            incoming: incoming(&description.incoming, schemas, settings)?,
            violation_limit: settings.violation_limit,
            invalid_message: description.invalid_message,
            message_limit: description
                .message_limit
                .filter(|_| crate::Switch::Limits.is_on())
                .unwrap_or(settings.websocket_message_limit),
            frame_limit: settings.websocket_frame_limit,
            idle_timeout: milliseconds(
                description
                    .idle_timeout_ms
                    .filter(|_| crate::Switch::Deadlines.is_on())
                    .unwrap_or(settings.websocket_idle_timeout_ms),
            ),
            ping_interval: milliseconds(
                description
                    .ping_interval_ms
                    .unwrap_or(settings.websocket_ping_interval_ms),
            ),
            close_timeout: Duration::from_millis(settings.websocket_close_timeout_ms),
            send_queue_limit: description
                .send_queue_limit
                .unwrap_or(settings.websocket_send_queue_limit),
            send_queue_policy: settings.websocket_send_queue_policy,
            compression: settings.websocket_compression,
        })
    }

    /// The subprotocols that the server speaks.
    pub fn subprotocols(&self) -> impl Iterator<Item = &Arc<str>> {
        self.subprotocols.iter()
    }

    pub(super) fn origins(&self) -> &Origins {
        &self.origins
    }

    /// Whether messages of the client have a schema, and so are JSON.
    pub fn has_incoming_schema(&self) -> bool {
        self.incoming.is_some()
    }

    /// Reads and validates a message of the client, as a body of JSON is; null where messages have no schema.
    ///
    /// # Errors
    /// What is to be done about a message that does not fit.
    pub fn read(&self, message: &Message) -> Result<Value, Rejection> {
        let Some(plan) = &self.incoming else {
            return Ok(Value::Null);
        };
        match message {
            Message::Text(text) => self.decode(plan, text).map_err(|problem| self.reject(*problem)),
            Message::Binary(_) => {
                let problem = Problem::new(ProblemType::UnsupportedMediaType)
                    .with_detail("Messages of this socket are text.");
                Err(self.reject(problem))
            }
        }
    }

    /// What is to be done about a message that has `problem`.
    pub fn reject(&self, problem: Problem) -> Rejection {
        match self.invalid_message {
            InvalidMessage::Report => Rejection::Report(problem.into_text()),
            InvalidMessage::Close => {
                let code = match problem.status {
                    400 => CloseCode::INVALID_PAYLOAD,
                    415 => CloseCode::UNSUPPORTED_DATA,
                    _ => CloseCode::POLICY_VIOLATION,
                };
                let violation = problem.errors.first().map(|violation| violation.detail.clone());
                let reason = violation.or(problem.detail).unwrap_or_default();
                Rejection::Close(Close::new(code, reason))
            }
        }
    }

    fn decode(&self, plan: &BodyPlan, text: &str) -> Result<Value, Box<Problem>> {
        let Some(decoder) = plan.select(Some(&JSON), true)? else {
            return Ok(Value::Null);
        };
        let mut violations = Violations::new(self.violation_limit);
        let value = decoder.decode_text(text, &mut violations)?;
        if violations.is_empty() {
            Ok(value)
        } else {
            Err(Box::new(violations.into_problem()))
        }
    }
}

/// What is to be done about a message that does not fit its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// The client is sent this text, a problem as JSON.
    Report(String),
    /// The socket is closed.
    Close(Close),
}

/// Messages are read as content of a request is.
fn incoming(
    schema: &SchemaData,
    schemas: &SchemaCompiler,
    settings: &Settings,
) -> Result<Option<BodyPlan>, SetupError> {
    if schema.is_null() {
        return Ok(None);
    }
    // Checked by itself first, so that a mistake is said of the right field.
    schemas.compile(schema, "x-sabir.websocket.incoming")?;
    let media_type = MediaType {
        schema: schema.clone(),
        ..MediaType::default()
    };
    let body = RequestBody {
        description: None,
        content: IndexMap::from([("application/json".to_owned(), media_type)]),
        required: true,
    };
    BodyPlan::compile(&body, schemas, settings).map(Some)
}
