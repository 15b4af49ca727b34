//! One request and what becomes of it.

use std::sync::Arc;

use http::{Extensions, Method, Version, uri::PathAndQuery};

use super::{observation::Observation, refusals::Refusals};
use crate::{
    RequestHead, RequestId,
    in_flight::Permit,
    stage::{Chain, CspNonce},
};

/// One request on its way through the pipeline, and what must be remembered of it until it is answered.
///
/// The exchange owns the head until a handler is called, which then has it for itself. What a layer needs of the head for
/// the answer, it puts into [`extensions`](Self::extensions_mut) on the way in.
///
/// ```
/// use http::{Method, Uri};
/// use sabir_core::{RequestHead, pipeline::Exchange};
///
/// let mut exchange = Exchange::new(RequestHead::new(Method::GET, Uri::from_static("/old?a=1")));
/// exchange.head_mut().unwrap().uri = Uri::from_static("/new");
/// // What the client asked for is what problems name.
/// assert_eq!(exchange.path(), "/old");
/// ```
#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the request"
)]
pub struct Exchange {
    head: Option<Arc<RequestHead>>,
    id: RequestId,
    target: Option<PathAndQuery>,
    pub(super) is_head: bool,
    /// Whether the method is GET or HEAD.
    pub(super) is_read: bool,
    pub(super) is_http_2: bool,
    /// Whether the resource has several answers to choose from: caches have to know (RFC 9110 §12.5.5).
    pub(super) varies: bool,
    /// Whether the answer may change the protocol of the connection: the handshake for that has been checked, or somebody
    /// else sees to it.
    pub(super) may_upgrade: bool,
    /// Whether a handler may take the connection over.
    pub(super) owns_connection: bool,
    /// Whether another pipeline has passed the request on.
    pub(super) is_passed_on: bool,
    /// Whether a middleware answers, by itself or with what the same application answers to it.
    pub(super) is_behind_middleware: bool,
    /// What the answer meets on its way out.
    pub(super) chain: Option<Chain>,
    /// Who answers what is refused of the request, if a handler does.
    pub(super) refusals: Option<Refusals>,
    /// Counts the call until its answer is sent.
    pub(super) permit: Option<Permit>,
    /// Has somebody told of the request when its answer has ended.
    pub(super) observation: Option<Box<Observation>>,
    extensions: Extensions,
}

/// Parts of an exchange.
pub(super) struct Parts<'a> {
    pub(super) head: &'a RequestHead,
    /// What was taken from the path that the client asked for.
    pub(super) prefix: &'a str,
    pub(super) chain: &'a mut Option<Chain>,
    pub(super) refusals: &'a mut Option<Refusals>,
    pub(super) observation: Option<&'a mut Observation>,
    /// What layers remember.
    pub(super) notes: &'a mut Extensions,
}

impl Exchange {
    /// The exchange that a request with this head begins.
    pub fn new(head: RequestHead) -> Self {
        Self {
            id: head.id.clone(),
            target: head.uri.path_and_query().cloned(),
            is_head: head.method == Method::HEAD,
            is_read: matches!(head.method, Method::GET | Method::HEAD),
            is_http_2: head.version == Version::HTTP_2,
            varies: false,
            may_upgrade: false,
            owns_connection: false,
            is_passed_on: false,
            is_behind_middleware: false,
            chain: None,
            refusals: None,
            permit: None,
            observation: None,
            extensions: Extensions::new(),
            head: Some(Arc::new(head)),
        }
    }

    /// States the target that the client asked for, where the head has another one.
    pub(super) fn set_target(&mut self, original: PathAndQuery) {
        self.target = Some(original);
    }

    /// The parts that are needed at the same time while the route is looked for.
    pub(super) fn split(&mut self) -> Option<Parts<'_>> {
        let head = self.head.as_deref()?;
        let path = self.target.as_ref().map_or("", PathAndQuery::path);
        let prefix = path.strip_suffix(head.uri.path()).unwrap_or_default();
        Some(Parts {
            head,
            prefix,
            chain: &mut self.chain,
            refusals: &mut self.refusals,
            observation: self.observation.as_deref_mut(),
            notes: &mut self.extensions,
        })
    }

    /// The request's head; `None` once a handler has it.
    pub fn head(&self) -> Option<&RequestHead> {
        self.head.as_deref()
    }

    /// The request's head, to be changed before a handler gets it; `None` once one has it.
    pub fn head_mut(&mut self) -> Option<&mut RequestHead> {
        // Nobody else has a reference, so nothing is copied.
        self.head.as_mut().map(Arc::make_mut)
    }

    /// The request's id.
    pub fn id(&self) -> &RequestId {
        &self.id
    }

    /// The target that the client asked for.
    pub(super) fn target(&self) -> Option<&PathAndQuery> {
        self.target.as_ref()
    }

    /// The path that the client asked for; empty where the target has none.
    pub fn path(&self) -> &str {
        self.target.as_ref().map_or("", PathAndQuery::path)
    }

    /// What layers remember between the request and its answer, by type. A handler does not see it; for that there is
    /// [`RequestHead::extensions`].
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// The same, to be changed.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// Gives the head away to somebody who answers before all stages have seen it.
    pub(super) fn give_away(&mut self) -> Option<Arc<RequestHead>> {
        if let Some(head) = &self.head
            && let Some(chain) = &self.chain
        {
            chain.note(head, &mut self.extensions);
        }
        self.take_head()
    }

    /// Gives the head away.
    pub(super) fn take_head(&mut self) -> Option<Arc<RequestHead>> {
        if let Some(nonce) = self.extensions.get::<CspNonce>().cloned()
            && let Some(head) = self.head_mut()
        {
            head.extensions.insert(nonce);
        }
        self.head.take()
    }
}
