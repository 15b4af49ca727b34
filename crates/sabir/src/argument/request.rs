//! Parts of the request as they were sent.

use std::sync::Arc;

use http::{HeaderMap, Method, Uri, Version};
use sabir_core::{Call, Problem, RequestHead, RequestId, SetupError};
use sabir_http::{OriginalUri, RemoteAddress};

use super::Argument;
use crate::Description;

macro_rules! parts {
    ($($(#[$doc:meta])* $type:ty = |$call:ident| $part:expr;)*) => {
        $(
            $(#[$doc])*
            impl Argument for $type {
                type Plan = ();
                type Rejection = Box<Problem>;

                fn describe(_description: &mut Description<'_>) -> Result<(), SetupError> {
                    Ok(())
                }

                async fn take($call: &mut Call, (): &()) -> Result<Self, Box<Problem>> {
                    $part
                }
            }
        )*
    };
}

parts! {
    /// All header fields.
    HeaderMap = |call| Ok(call.head.headers.clone());
    /// The method.
    Method = |call| Ok(call.head.method.clone());
    /// The target of the request; within a router of another framework without the prefix that this has taken away.
    Uri = |call| Ok(call.head.uri.clone());
    /// The target that the client asked for.
    OriginalUri = |call| Ok(match call.head.extensions.get() {
        Some(Self(uri)) => Self(uri.clone()),
        None => Self(call.head.uri.clone()),
    });
    /// The version of the protocol.
    Version = |call| Ok(call.head.version);
    /// The request's id, as in problems and in the log.
    RequestId = |call| Ok(call.head.id.clone());
    /// The request line, the header fields, the client's address and the request's id.
    RequestHead = |call| Ok(Self::clone(&call.head));
    /// The client's address. There is none on unix sockets and in memory, where the call fails; an `Option` is `None`.
    RemoteAddress = |call| call.head.remote.map(Self).ok_or_else(|| {
        let cause = "the client of this connection has no address; take `Option<RemoteAddress>`";
        Box::new(Problem::failed(cause))
    });
    /// The client's address; `None` on unix sockets and in memory.
    Option<RemoteAddress> = |call| Ok(call.head.remote.map(RemoteAddress));
    /// The whole call. What arguments before it have taken is gone from it, and nothing is left for those after it but the
    /// head.
    Call = |call| {
        let mut taken = Self::new(Arc::clone(&call.route), Arc::clone(&call.head));
        taken.arguments = std::mem::take(&mut call.arguments);
        taken.body = std::mem::take(&mut call.body);
        Ok(taken)
    };
}
