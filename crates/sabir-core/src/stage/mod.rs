//! Stages: what stands around the routes of an application, as plain data.
//!
//! A stage has a name and [options](crate::options). It is set for an application, where it covers every answer, refusals too,
//! and for a route, where it takes the place of the application's, or is off. What is set is compiled into a [`Chain`] for
//! each route, so that a request meets nothing but the stages that it has.
//!
//! ```
//! use sabir_core::stage::Stages;
//! use serde_json::json;
//!
//! let mut stages = Stages::default();
//! stages.set("cors", &json!({ "allow_origins": ["https://shop.example"] }))?;
//! let error = stages.set("cors", &json!({ "allow_origin": [] })).unwrap_err();
//! assert_eq!(error.field, "stages.cors.allow_origin");
//! # Ok::<_, sabir_core::SetupError>(())
//! ```

mod access_log;
mod chain;
mod compression;
mod cors;
mod csp_nonce;
mod csrf;
mod etag;
mod halt;
mod https_redirect;
mod networks;
mod origin;
mod rate_limit;
mod request_id;
mod security_headers;
mod server_timing;
mod table;
mod trace_context;
mod trusted_hosts;
mod trusted_proxies;

use std::{fmt, sync::Arc};

pub use access_log::AccessLog;
pub(crate) use access_log::Lines;
pub(crate) use chain::Chain;
pub use chain::Stages;
pub use compression::Compression;
pub use cors::Cors;
pub use csp_nonce::CspNonce;
pub use csrf::Csrf;
pub use etag::Etag;
pub(crate) use halt::Halt;
pub use https_redirect::HttpsRedirect;
pub use rate_limit::{
    OnStoreError, Quota, RateLimit, RateLimitKey, RateLimitStore, StoreError, Taken, Taking,
};
pub use request_id::{RequestId, RequestIdFormat};
pub use security_headers::{ReferrerPolicy, SecurityHeaders};
pub use server_timing::ServerTiming;
pub use table::{StageInfo, table};
pub use trace_context::TraceContext;
pub use trusted_hosts::TrustedHosts;
pub use trusted_proxies::TrustedProxies;

pub use crate::options::StageOptions;

use http::Extensions;

use crate::{
    Reply, RequestHead, SetupError,
    access_log::AccessLogSink,
    pipeline::Timer,
    threads::{MaybeSend, MaybeSync},
};

/// What the application gives its stages.
#[derive(Clone, Default)]
pub(crate) struct Surroundings {
    /// Its clock.
    pub(crate) timer: Option<Arc<dyn Timer>>,
    /// Where rate limits keep what clients have taken.
    pub(crate) rate_limits: Option<Arc<dyn RateLimitStore>>,
    /// Where access logs go.
    pub(crate) access_log: Option<Arc<dyn AccessLogSink>>,
}

/// A stage that is at work.
pub(crate) trait Stage: fmt::Debug + MaybeSend + MaybeSync {
    /// Opens what the stage needs, as it is set.
    ///
    /// # Errors
    /// There is no such thing; the field is an option.
    fn prepare(&self, around: &Surroundings) -> Result<(), SetupError> {
        let _ = around;
        Ok(())
    }

    /// What writes lines of requests, where the stage does that. Such a one meets neither requests nor answers.
    fn lines(&self) -> Option<&Arc<Lines>> {
        None
    }

    /// Gets ready for the first request. `place` is the route that has set the stage, or `app`.
    fn start(&self, place: &str, around: &Surroundings) {
        let _ = (place, around);
    }

    /// Looks at a request before its route is looked for, and may change what it says. For stages of applications alone.
    ///
    /// # Errors
    /// The answer that the stage gives instead of the application.
    fn arrive(&self, head: &mut RequestHead) -> Result<(), Box<Reply>> {
        let _ = head;
        Ok(())
    }

    /// Notes what it needs of a request for the answer, also where others refuse the request before it could enter.
    fn note(&self, head: &RequestHead, notes: &mut Extensions) {
        let _ = (head, notes);
    }

    /// Looks at a request whose route is known, before anything of it is decoded, and [notes](Self::note) what it needs for the answer.
    ///
    /// # Errors
    /// The answer that the stage gives instead of the route, or that it has to wait before it knows.
    fn enter(&self, head: &RequestHead, notes: &mut Extensions) -> Result<(), Halt> {
        self.note(head, notes);
        Ok(())
    }

    /// Changes the answer. A request that was refused early has not entered.
    fn leave(&self, exchange: &Leaving<'_>, reply: &mut Reply) {
        let _ = (exchange, reply);
    }
}

/// The request that an answer is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leaving<'a> {
    head: Option<&'a RequestHead>,
    id: &'a crate::RequestId,
    notes: &'a Extensions,
    is_read: bool,
    is_head: bool,
}

impl<'a> Leaving<'a> {
    /// The request with this head, as long as no handler has it, with this id, and what stages have noted of it.
    pub(crate) fn new(
        head: Option<&'a RequestHead>,
        id: &'a crate::RequestId,
        notes: &'a Extensions,
    ) -> Self {
        Self {
            head,
            id,
            notes,
            is_read: false,
            is_head: false,
        }
    }

    /// Says that its method is GET or HEAD, if it is, and whether that is HEAD.
    pub(crate) fn reading(self, is_read: bool, head_alone: bool) -> Self {
        Self {
            is_read,
            is_head: head_alone,
            ..self
        }
    }

    /// Whether the request's method is GET or HEAD.
    pub(crate) fn is_read(&self) -> bool {
        self.is_read
    }

    /// Whether the request's method is HEAD.
    pub(crate) fn is_head(&self) -> bool {
        self.is_head
    }

    /// Its id.
    pub(crate) fn id(&self) -> &'a crate::RequestId {
        self.id
    }

    /// Its head; `None` where a handler had it.
    pub(crate) fn head(&self) -> Option<&'a RequestHead> {
        self.head
    }

    /// What stages have noted as it entered.
    pub(crate) fn extensions(&self) -> &'a Extensions {
        self.notes
    }
}

/// Options that make a stage.
pub(crate) trait Compile {
    /// Whether the stage sees requests before their route is known, so that no route can have one of its own.
    const IS_FOR_APPLICATIONS: bool = false;

    /// Makes the stage.
    ///
    /// # Errors
    /// Options that do not go together; the field is one of them.
    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError>;
}
