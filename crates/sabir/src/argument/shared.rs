//! Values that come from the application and from layers around it.

use std::any::type_name;

use sabir_core::{Call, Problem, SetupError};

use super::Argument;
use crate::Description;

/// A value that the application shares with its handlers, by its type. It is cloned for each call, so what is not cheap to
/// clone goes into an `Arc`. A type that the application was not given is refused when it is built.
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicU64, Ordering}};
///
/// use sabir::{Sabir, State};
///
/// async fn count(State(calls): State<Arc<AtomicU64>>) -> String {
///     calls.fetch_add(1, Ordering::Relaxed).to_string()
/// }
///
/// # fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().state(Arc::new(AtomicU64::new(0))).get("/count", count).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct State<T>(pub T);

/// What a `tower` layer has put into the extensions of the request, by its type. Without it the call fails, with a line in the
/// log; `Option<Extension<T>>` is `None`.
///
/// ```
/// use http::Request;
/// use sabir::{Extension, RequestBody, Sabir};
/// use tower::util::MapRequestLayer;
///
/// #[derive(Clone)]
/// struct Tenant(&'static str);
///
/// async fn show(Extension(tenant): Extension<Tenant>) -> &'static str {
///     tenant.0
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let layer = MapRequestLayer::new(|mut request: Request<RequestBody>| {
///     request.extensions_mut().insert(Tenant("north"));
///     request
/// });
/// let app = Sabir::new().get("/", show).layer(layer).build()?;
/// assert_eq!(app.call_in_memory(Request::get("/").body("".into()).unwrap()).await.body(), "north");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extension<T>(pub T);

impl<T: Clone + Send + Sync + 'static> Argument for State<T> {
    type Plan = T;
    type Rejection = Box<Problem>;

    fn describe(description: &mut Description<'_>) -> Result<T, SetupError> {
        description.require_state()
    }

    async fn take(_call: &mut Call, state: &T) -> Result<Self, Box<Problem>> {
        Ok(Self(state.clone()))
    }
}

impl<T: Clone + Send + Sync + 'static> Argument for Extension<T> {
    type Plan = ();
    type Rejection = Box<Problem>;

    fn describe(_description: &mut Description<'_>) -> Result<(), SetupError> {
        Ok(())
    }

    async fn take(call: &mut Call, (): &()) -> Result<Self, Box<Problem>> {
        call.head.extensions.get().cloned().map(Self).ok_or_else(|| {
            let cause = format!(
                "no layer has put {} into the extensions of the request",
                type_name::<T>()
            );
            Box::new(Problem::failed(cause))
        })
    }
}

impl<T: Clone + Send + Sync + 'static> Argument for Option<Extension<T>> {
    type Plan = ();
    type Rejection = Box<Problem>;

    fn describe(_description: &mut Description<'_>) -> Result<(), SetupError> {
        Ok(())
    }

    async fn take(call: &mut Call, (): &()) -> Result<Self, Box<Problem>> {
        Ok(call.head.extensions.get().cloned().map(Extension))
    }
}
