//! What a handler may return.

mod body;
mod channel;
mod content;
mod events;
mod fields;
mod json_lines;
mod redirect;

use std::convert::Infallible;

use http::StatusCode;
use sabir_core::{Operation, Problem, ProblemType, Reply};

pub use content::{Created, Html};
pub use events::Events;
pub use fields::RespondFields;
pub use json_lines::JsonLines;
pub use redirect::Redirect;

pub use self::body::StreamBody;

/// A result that can be sent.
///
/// Types of an application's own implement it for what they are as an answer, an enum of errors for example:
///
/// ```
/// use sabir::{Problem, ProblemType, Reply, Respond};
///
/// enum ShopError {
///     SoldOut(String),
///     Closed,
/// }
///
/// impl Respond for ShopError {
///     fn respond(self) -> Reply {
///         let problem = match self {
///             Self::SoldOut(sku) => Problem::new(ProblemType::Conflict).with_detail(format!("{sku} is sold out.")),
///             Self::Closed => Problem::new(ProblemType::ServiceUnavailable),
///         };
///         problem.respond()
///     }
/// }
///
/// async fn buy() -> Result<&'static str, ShopError> {
///     Err(ShopError::SoldOut("TEA-0001".into()))
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an answer that a handler can return",
    label = "no answer",
    note = "answers are text, `Bytes`, `Vec<u8>`, `()`, `Json` of a type that implements `serde::Serialize`, `Html`, `Redirect`, `Created`, `StreamBody`, `JsonLines`, `Events`, `StatusCode`, `Problem`, `Reply`, `http::Response`, an `Option` or a `Result` of answers, and tuples such as `(StatusCode, [(name, value)], answer)`",
    note = "wrap data in `sabir::Json`; implement `sabir::Respond` for a type of your own"
)]
pub trait Respond {
    /// The answer.
    fn respond(self) -> Reply;

    /// Says in the responses of `operation` what the answers are. Unless it is written, nothing is said.
    fn describe(operation: &mut Operation)
    where
        Self: Sized,
    {
        let _ = operation;
    }
}

impl Respond for Reply {
    fn respond(self) -> Reply {
        self
    }
}

impl Respond for Problem {
    fn respond(self) -> Reply {
        self.into_reply()
    }
}

impl Respond for Box<Problem> {
    fn respond(self) -> Reply {
        self.into_reply()
    }
}

impl Respond for Infallible {
    fn respond(self) -> Reply {
        match self {}
    }
}

impl Respond for () {
    fn respond(self) -> Reply {
        Reply::new(StatusCode::NO_CONTENT)
    }
}

impl Respond for StatusCode {
    fn respond(self) -> Reply {
        Reply::new(self)
    }
}

/// `None` is 404.
impl<T: Respond> Respond for Option<T> {
    fn respond(self) -> Reply {
        match self {
            Some(value) => value.respond(),
            None => Problem::new(ProblemType::NotFound).into_reply(),
        }
    }

    fn describe(operation: &mut Operation) {
        T::describe(operation);
    }
}

impl<T: Respond, E: Respond> Respond for Result<T, E> {
    fn respond(self) -> Reply {
        match self {
            Ok(value) => value.respond(),
            Err(error) => error.respond(),
        }
    }

    fn describe(operation: &mut Operation) {
        T::describe(operation);
        E::describe(operation);
    }
}
