//! The stage `trace_context`.

use std::sync::Arc;

use http::HeaderName;

use super::{Compile, Leaving, Stage, networks::Networks};
use crate::{Reply, RequestHead, SetupError, options::options, trace};

/// What answers name their span in (Trace Context Level 2, draft).
const TRACERESPONSE: HeaderName = HeaderName::from_static("traceresponse");

options! {
    /// Of which trace a request is.
    TraceContext ("option", at "") {
        /// Whose `traceparent` is taken over: networks as `10.0.0.0/8`, addresses, `loopback`, `private`, `unix`, `all`. Requests of others
        /// begin a new trace. It is the peer of the connection that counts, not what proxies say.
        accept_from: Vec<String> = vec!["loopback".into(), "unix".into()];
        /// Whether traces that begin here are recorded, as far as the flag `sampled` says so to other services.
        sampled: bool = true;
        /// Whether answers say their trace and span, in the field `traceresponse`.
        respond: bool = false;
    }
}

/// The options, made ready before the first request.
#[derive(Debug)]
struct Compiled {
    accept_from: Networks,
    is_sampled: bool,
    responds: bool,
}

impl Compile for TraceContext {
    const IS_FOR_APPLICATIONS: bool = true;

    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        Ok(Arc::new(Compiled {
            accept_from: Networks::read("accept_from", &self.accept_from)?,
            is_sampled: self.sampled,
            responds: self.respond,
        }))
    }
}

impl Stage for Compiled {
    fn arrive(&self, head: &mut RequestHead) -> Result<(), Box<Reply>> {
        let given = self
            .accept_from
            .has_peer(head.remote)
            .then(|| trace::TraceContext::of(&head.headers))
            .flatten();
        let trace = given.unwrap_or_else(|| trace::TraceContext::new(self.is_sampled));
        head.id = head.id.traced(trace);
        Ok(())
    }

    fn leave(&self, exchange: &Leaving<'_>, reply: &mut Reply) {
        if !self.responds {
            return;
        }
        if let Some(value) = exchange.id().trace().and_then(trace::TraceContext::header) {
            reply.headers.insert(TRACERESPONSE, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::stage::Stages;

    #[test]
    fn names_the_option_that_is_wrong() {
        let error = Stages::default()
            .set("trace_context", &json!({ "accept_from": ["lan"] }))
            .unwrap_err();
        assert_eq!(error.field, "stages.trace_context.accept_from[0]");
    }
}
