//! Async functions as handlers.

use std::{future::Future, sync::Arc};

use sabir_core::{Call, Handler};

use crate::{Argument, Description, Respond, cancellation::CancelOnDrop};

/// An async function of up to eight [`Argument`]s. `A` is the tuple of their types.
pub trait TypedHandler<A>: Clone + Send + Sync + 'static {
    /// Adds every argument to the operation.
    fn describe(description: &mut Description);

    /// The function as a [`Handler`].
    fn into_handler(self) -> Arc<dyn Handler>;
}

macro_rules! typed_handler {
    ($($argument:ident)*) => {
        impl<F, Fut, R, $($argument,)*> TypedHandler<($($argument,)*)> for F
        where
            F: Fn($($argument,)*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = R> + Send + 'static,
            R: Respond + 'static,
            $($argument: Argument,)*
        {
            fn describe(_description: &mut Description) {
                $($argument::describe(_description);)*
            }

            #[allow(non_snake_case, unused_mut)]
            fn into_handler(self) -> Arc<dyn Handler> {
                Arc::new(move |mut call: Call| {
                    let function = self.clone();
                    async move {
                        $(
                            let $argument = match $argument::take(&mut call) {
                                Ok(argument) => argument,
                                Err(problem) => return problem.into_reply(),
                            };
                        )*
                        drop(call);
                        let guard = CancelOnDrop([$($argument.cancellation(),)*]);
                        let result = function($($argument,)*).await;
                        guard.disarm();
                        result.respond()
                    }
                })
            }
        }
    };
}

typed_handler!();
typed_handler!(A);
typed_handler!(A B);
typed_handler!(A B C);
typed_handler!(A B C D);
typed_handler!(A B C D E);
typed_handler!(A B C D E G);
typed_handler!(A B C D E G H);
typed_handler!(A B C D E G H I);
