//! The request as JavaScript sees it: parts are built when they are asked for.

use std::borrow::Cow;

use bytes::Bytes;
use napi::{
    Env, Result,
    bindgen_prelude::{ObjectFinalize, Uint8Array},
};
use napi_derive::napi;
use sabir_core::{Call, security::Identity};
use sabir_host::Request;

use crate::{error::misuse, value::shared};

/// One request, without its arguments.
#[napi(custom_finalize)]
pub struct NativeRequest(Request);

/// The address of a peer.
#[napi(object)]
pub struct Peer {
    /// The IP address.
    pub address: String,
    /// The port.
    pub port: u16,
}

impl ObjectFinalize for NativeRequest {
    fn finalize(self, env: Env) -> Result<()> {
        env.adjust_external_memory(-self.memory()).map(drop)
    }
}

impl NativeRequest {
    /// The request of `call`, whose content the engine is told of: what it does not know of, it does not hurry to collect.
    pub(crate) fn new(env: Env, call: &Call) -> Result<Self> {
        let request = Self(Request::of(call));
        if request.memory() > 0 {
            env.adjust_external_memory(request.memory())?;
        }
        Ok(request)
    }

    fn memory(&self) -> i64 {
        let length = self.0.content().map_or(0, Bytes::len);
        i64::try_from(length).unwrap_or(i64::MAX)
    }
}

#[napi]
impl NativeRequest {
    /// The method.
    #[napi(getter)]
    pub fn method(&self) -> &str {
        self.0.method()
    }

    /// The absolute URL that the client asked for.
    #[napi(getter)]
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// The path as sent, still percent-encoded.
    #[napi(getter)]
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// The query as sent, without the question mark.
    #[napi(getter)]
    pub fn query_string(&self) -> &str {
        self.0.query()
    }

    /// The protocol version.
    #[napi(getter)]
    pub fn http_version(&self) -> &'static str {
        self.0.http_version()
    }

    /// The peer; absent in memory and on Unix sockets.
    #[napi(getter)]
    pub fn client(&self) -> Option<Peer> {
        self.0.remote().map(|(address, port)| Peer { address, port })
    }

    /// The request's id.
    #[napi(getter)]
    pub fn id(&self) -> String {
        self.0.id()
    }

    /// The number of the request in the Content Security Policy of its answer.
    #[napi(getter)]
    pub fn csp_nonce(&self) -> Option<&str> {
        self.0.csp_nonce()
    }

    /// The negotiated media type.
    #[napi(getter)]
    pub fn accepts(&self) -> Option<&str> {
        self.0.accepts()
    }

    /// Who sends it, as a security scheme has found out: JSON text, since it has claims of any kind.
    #[napi(getter)]
    pub fn identity(&self) -> Option<String> {
        let identity = self.0.head().extensions.get::<Identity>()?;
        Some(identity.to_json().to_string())
    }

    /// The trace that it is of: the ids of trace and span, `traceparent`, 1 where it is sampled, the id of the caller's span and `tracestate`,
    /// both of them empty where there is none.
    #[napi(getter)]
    pub fn trace(&self) -> Option<Vec<String>> {
        let (trace, span, parent, is_sampled, traceparent, state) = self.0.trace()?;
        let sampled = if is_sampled { "1" } else { "" };
        let (parent, state) = (parent.unwrap_or_default(), state.unwrap_or_default());
        Some(vec![trace, span, traceparent, sampled.into(), parent, state])
    }

    /// The pattern of the route that matched.
    #[napi(getter)]
    pub fn route(&self) -> &str {
        self.0.route()
    }

    /// The first value of the header field `name`.
    #[napi]
    pub fn header(&self, name: String) -> Option<String> {
        self.0.header(&name).map(Cow::into_owned)
    }

    /// Every value of the header field `name`.
    #[napi]
    pub fn header_list(&self, name: String) -> Vec<String> {
        self.0.header_list(&name).map(Cow::into_owned).collect()
    }

    /// Names and values of all header fields, one after the other.
    #[napi]
    pub fn headers(&self) -> Vec<String> {
        let fields = self.0.headers();
        fields
            .flat_map(|(name, value)| [name.to_owned(), value.into_owned()])
            .collect()
    }

    /// Names and values of all cookies, one after the other.
    #[napi]
    pub fn cookies(&self) -> Vec<String> {
        let cookies = self.0.cookies().into_iter();
        cookies
            .flat_map(|(name, value)| [name.into_owned(), value.into_owned()])
            .collect()
    }

    /// The length of the content; -1 when there is some that is not kept.
    #[napi(getter)]
    #[allow(clippy::cast_precision_loss, reason = "no content is that long")]
    pub fn size(&self) -> f64 {
        self.0.content().map_or(-1.0, |content| content.len() as f64)
    }

    /// The content as sent; to be asked for once, see [`shared`].
    #[napi]
    pub fn body(&self) -> Result<Uint8Array> {
        let content = self.0.content().map_err(|error| misuse(error.to_string()))?;
        Ok(shared(content))
    }
}
