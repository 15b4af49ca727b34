//! The types of messages.

use sabir_core::{
    Location, Problem, Value, Violation,
    deserialize::from_value,
    operation::SchemaData,
    websocket::{Message, Rejection, SocketPlan},
};
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Json, schema::TypeSchema};

/// What a [`WebSocket`](crate::websocket::WebSocket) receives: [`Message`] is any message, [`Json<T>`](Json) a text of JSON that fits `T`.
#[diagnostic::on_unimplemented(
    message = "a WebSocket cannot receive `{Self}`",
    note = "it receives `Message`, or `Json<T>` where `T` implements `serde::Deserialize` and `schemars::JsonSchema`"
)]
pub trait IncomingMessages: Send + 'static {
    /// One message.
    type Item: Send;

    /// The schema of the messages; null means any.
    fn schema() -> SchemaData;

    /// Reads a message.
    ///
    /// # Errors
    /// What is to be done about one that does not fit.
    fn read(message: Message, plan: &SocketPlan) -> Result<Self::Item, Rejection>;
}

/// What a [`WebSocket`](crate::websocket::WebSocket) sends: [`Message`] is any message, [`Json<T>`](Json) a `T` as text of JSON.
#[diagnostic::on_unimplemented(
    message = "a WebSocket cannot send `{Self}`",
    note = "it sends `Message`, or `Json<T>` where `T` implements `serde::Serialize` and `schemars::JsonSchema`"
)]
pub trait OutgoingMessages: Send + 'static {
    /// The schema of the messages; null means any.
    fn schema() -> SchemaData;
}

impl IncomingMessages for Message {
    type Item = Self;

    fn schema() -> SchemaData {
        SchemaData::Null
    }

    fn read(message: Message, _: &SocketPlan) -> Result<Self, Rejection> {
        Ok(message)
    }
}

impl OutgoingMessages for Message {
    fn schema() -> SchemaData {
        SchemaData::Null
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> IncomingMessages for Json<T> {
    type Item = T;

    fn schema() -> SchemaData {
        TypeSchema::of::<T>().whole()
    }

    fn read(message: Message, plan: &SocketPlan) -> Result<T, Rejection> {
        let value: Value = plan.read(&message)?;
        from_value(value).map_err(|error| {
            // It fits its schema, but not the narrower type.
            let violation =
                Violation::new(Location::Body, "custom", error.to_string()).with_pointer(error.pointer());
            plan.reject(Problem::validation(vec![violation]))
        })
    }
}

impl<T: Serialize + JsonSchema + Send + 'static> OutgoingMessages for Json<T> {
    fn schema() -> SchemaData {
        TypeSchema::of::<T>().whole()
    }
}
