//! Async functions as handlers.

use std::{future::Future, sync::Arc};

use sabir_core::{Call, Handler, Reply, SetupError};

use crate::{Argument, Cancellation, Description, Respond, argument::CancelOnDrop, failure};

/// A function of up to eight arguments; `A` is the tuple of their types.
///
/// ```
/// use sabir::{Arguments, Respond, Sabir, TypedHandler};
///
/// fn hidden<A, H>(app: Sabir, handler: H) -> Sabir
/// where
///     A: Arguments,
///     H: TypedHandler<A, Future: Future<Output: Respond> + Send + 'static>,
/// {
///     app.get("/hidden", handler)
/// }
///
/// assert!(hidden(Sabir::new(), async || "found").build().is_ok());
/// ```
///
/// A handler is one whose arguments are [`Arguments`], and whose future is `Send` and gives something to [`Respond`] with. These
/// bounds stand where routes are added, and not here: so the compiler says which of them is not met.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler",
    label = "not a function that Sabir can call",
    note = "a handler is an `async fn` of up to eight arguments, or a closure that returns a future: `async || …`, `move |id| {{ let db = db.clone(); async move {{ … }} }}`",
    note = "a closure says the types of its arguments: `async |Path(id): Path<u64>| …`"
)]
pub trait TypedHandler<A>: Clone + Send + Sync + 'static {
    /// What the function returns.
    type Future;

    /// Calls the function.
    fn call(&self, arguments: A) -> Self::Future;
}

/// The arguments of a handler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are not the arguments of a handler",
    note = "each of them implements `sabir::Argument`"
)]
pub trait Arguments: Sized + Send + 'static {
    /// What is known of them once the application is built.
    type Plans: Send + Sync + 'static;

    /// Adds each argument to the operation.
    ///
    /// # Errors
    /// The first argument that would never get anything.
    fn describe(description: &mut Description<'_>) -> Result<Self::Plans, SetupError>;

    /// Takes them from a call that has been validated, in their order.
    fn take(call: Call, plans: &Self::Plans) -> impl Future<Output = Result<Self, Reply>> + Send;

    /// Those that have to know when the call is cancelled.
    fn cancellations(&self) -> Vec<Cancellation>;
}

/// `function` as a [`Handler`].
///
/// # Errors
/// The first argument that would never get anything.
pub(crate) fn handler<A, H>(
    function: H,
    description: &mut Description<'_>,
) -> Result<Arc<dyn Handler>, SetupError>
where
    A: Arguments,
    H: TypedHandler<A, Future: Future<Output: Respond> + Send + 'static>,
{
    let is_debug = description.debug;
    // The function and what its arguments know, shared by all calls.
    let shared = Arc::new((function, A::describe(description)?));
    let run = move |call: Call| {
        let shared = Arc::clone(&shared);
        async move {
            let (function, plans) = &*shared;
            let arguments = match A::take(call, plans).await {
                Ok(arguments) => arguments,
                Err(reply) => return reply,
            };
            let guard = CancelOnDrop(arguments.cancellations());
            let result = function.call(arguments).await;
            guard.disarm();
            result.respond()
        }
    };
    Ok(if is_debug {
        Arc::new(move |call| failure::shown(run(call)))
    } else {
        Arc::new(run)
    })
}

macro_rules! functions {
    ($($($argument:ident)*;)*) => {
        $(
            impl<F, Fut, $($argument,)*> TypedHandler<($($argument,)*)> for F
            where
                F: Fn($($argument,)*) -> Fut + Clone + Send + Sync + 'static,
            {
                type Future = Fut;

                #[allow(non_snake_case)]
                fn call(&self, ($($argument,)*): ($($argument,)*)) -> Fut {
                    self($($argument,)*)
                }
            }

            #[allow(non_snake_case, unused_mut, unused_variables, clippy::unused_unit)]
            impl<$($argument: Argument,)*> Arguments for ($($argument,)*) {
                type Plans = ($($argument::Plan,)*);

                fn describe(description: &mut Description<'_>) -> Result<Self::Plans, SetupError> {
                    Ok(($(description.argument::<$argument>()?,)*))
                }

                async fn take(mut call: Call, plans: &Self::Plans) -> Result<Self, Reply> {
                    let ($($argument,)*) = plans;
                    $(
                        let $argument = match $argument::take(&mut call, $argument).await {
                            Ok(argument) => argument,
                            Err(rejection) => return Err(rejection.respond()),
                        };
                    )*
                    Ok(($($argument,)*))
                }

                fn cancellations(&self) -> Vec<Cancellation> {
                    let ($($argument,)*) = self;
                    let mut cancellations = Vec::new();
                    $(cancellations.extend($argument.cancellation());)*
                    cancellations
                }
            }
        )*
    };
}

functions! {
    ;
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E G;
    A B C D E G H;
    A B C D E G H I;
}
