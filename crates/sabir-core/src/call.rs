//! What a handler is given.

use std::sync::Arc;

use crate::{Body, Problem, RequestHead, Route, Value};

/// One request on its way to a handler.
///
/// Handlers are given calls by the pipeline; a test may make its own.
///
/// ```
/// use std::sync::Arc;
///
/// use http::{Method, Uri};
/// use sabir_core::{Body, Call, RequestHead, Route};
///
/// fn call(route: &Arc<Route>) -> Call {
///     let head = RequestHead::new(Method::POST, Uri::from_static("/orders"));
///     let mut call = Call::new(Arc::clone(route), Arc::new(head));
///     call.body = Body::Bytes("{}".into());
///     call
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Call {
    /// The route that matched.
    pub route: Arc<Route>,
    /// The request line and the header section. The call has the only reference, so that a handler which needs its parts
    /// takes them with [`Arc::unwrap_or_clone`] and copies nothing; one that hands it on shares it.
    pub head: Arc<RequestHead>,
    /// The decoded and validated arguments.
    pub arguments: Arguments,
    /// The body as sent. Kept beside `arguments.body`, since a handler may ask for the bytes as well.
    pub body: Body,
    /// Why the runtime refuses the request, for handlers that [answer refusals](crate::pipeline::ApplicationBuilder::refusals). There are
    /// neither arguments nor a body then.
    pub refusal: Option<Box<Problem>>,
}

impl Call {
    /// A call without arguments and content.
    pub fn new(route: Arc<Route>, head: Arc<RequestHead>) -> Self {
        Self {
            route,
            head,
            arguments: Arguments::default(),
            body: Body::default(),
            refusal: None,
        }
    }
}

/// Decoded arguments. `parameters[i]` belongs to the `i`th parameter of the route's compiled
/// [`Parameters`](crate::parameters::Parameters); an absent optional parameter is `None`.
///
/// ```
/// use sabir_core::{Arguments, Value};
///
/// let mut arguments = Arguments::default();
/// arguments.parameters = vec![Some(Value::Integer(7)), None];
/// assert_eq!(arguments.parameters[0].take(), Some(Value::Integer(7)));
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Arguments {
    /// Path, query, header and cookie parameters.
    pub parameters: Vec<Option<Value>>,
    /// The decoded body; `None` when the operation declares none or none was sent.
    pub body: Option<Value>,
    /// The media type that the client prefers among those that the operation's responses declare, the first one where it
    /// has no `Accept` (RFC 9110 §12.5.1); `None` when the operation declares none.
    pub accepts: Option<Arc<str>>,
}
