//! What a handler may take.

#[cfg(feature = "axum")]
mod axum;
mod body;
mod cancellation;
mod csp_nonce;
mod extractor;
mod fields;
mod identity;
mod last_event_id;
mod parts;
mod path;
mod probe;
mod request;
mod shared;
mod stream;
mod trace;
mod upload;

use std::future::Future;

use sabir_core::{Call, Location, Problem, SetupError, Text, Violation, deserialize::DeserializeError};

#[cfg(feature = "axum")]
pub use self::axum::FromParts;
pub use body::{Form, Json, Multipart};
pub(crate) use cancellation::CancelOnDrop;
pub use cancellation::Cancellation;
pub use extractor::FromCall;
pub use fields::{Cookie, Header, Query};
pub use last_event_id::LastEventId;
pub use parts::Parts;
pub use path::Path;
pub use shared::{Extension, State};
pub use stream::{ContentStream, Items};
pub use upload::UploadFile;

use crate::{Description, Respond};

/// An argument of a handler: it describes what it needs when the application is built, and takes it from each call.
///
/// Types of your own implement [`FromCall`], which is simpler; this trait is for those that add parameters or a body to the
/// operation, and remember where these are.
///
/// ```
/// use sabir::{Argument, Call, Description, Problem, Sabir, SetupError, Value, operation::In};
/// use serde_json::json;
///
/// struct Limit(i64);
///
/// impl Argument for Limit {
///     type Plan = usize;
///     type Rejection = Problem;
///
///     fn describe(description: &mut Description<'_>) -> Result<usize, SetupError> {
///         let schema = json!({ "type": "integer", "maximum": 100, "default": 10 });
///         description.add_parameter(In::Query, "limit", schema, false)
///     }
///
///     async fn take(call: &mut Call, index: &usize) -> Result<Self, Problem> {
///         match call.arguments.parameters[*index] {
///             Some(Value::Integer(limit)) => Ok(Self(limit)),
///             _ => Err(Problem::bad_request("There is no limit.")),
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), SetupError> {
/// let app = Sabir::new().get("/", async |Limit(limit): Limit| limit.to_string()).build()?;
/// let response = app.call_in_memory(http::Request::get("/?limit=3").body("".into()).unwrap()).await;
/// assert_eq!(response.body(), "3");
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an argument that a handler can take",
    label = "no argument of a handler",
    note = "arguments are `Path`, `Query`, `Header`, `Cookie`, `Json`, `Form`, `Multipart`, `String`, `Bytes`, `ContentStream`, `Items`, `Parts`, `State`, `Extension`, `HeaderMap`, `Method`, `Uri`, `OriginalUri`, `RemoteAddress`, `RequestHead`, `Call`, and types of your own that implement `FromCall`",
    note = "the types inside `Path`, `Query`, `Header`, `Cookie`, `Json`, `Form` and `Multipart` implement `serde::Deserialize` and `schemars::JsonSchema`"
)]
pub trait Argument: Sized + Send + 'static {
    /// What is known once the application is built, such as the places of parameters.
    type Plan: Send + Sync + 'static;

    /// What the client is told instead.
    type Rejection: Respond;

    /// Adds the argument to the operation.
    ///
    /// # Errors
    /// When the argument would never get anything.
    fn describe(description: &mut Description<'_>) -> Result<Self::Plan, SetupError>;

    /// Takes the argument from a call that has been validated.
    fn take(call: &mut Call, plan: &Self::Plan)
    -> impl Future<Output = Result<Self, Self::Rejection>> + Send;

    /// What is to be told when the call is cancelled. Few arguments have to know.
    fn cancellation(&self) -> Option<Cancellation> {
        None
    }
}

/// The answer for a value that fits its schema, but not the narrower type of the handler's argument.
fn misfit(location: Location, name: Option<Text>, error: &DeserializeError) -> Box<Problem> {
    let pointer = error.pointer();
    // The members of parameters are parameters themselves, so their pointers begin below.
    let (name, pointer) = match (location, name) {
        (Location::Body, _) => (None, Some(pointer)),
        (_, Some(name)) => (Some(name), None),
        (_, None) => {
            let mut tokens = pointer.splitn(3, '/').skip(1);
            let name = tokens
                .next()
                .map(|name| Text::from(sabir_core::pointer::name(name)));
            (name, tokens.next().map(|rest| format!("/{rest}")))
        }
    };
    let mut violation = Violation::new(location, "custom", error.to_string());
    (violation.name, violation.pointer) = (name, pointer);
    Box::new(Problem::validation(vec![violation]))
}
