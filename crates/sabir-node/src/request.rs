//! The request as JavaScript sees it: parts are built when they are asked for.

use std::sync::Arc;

use bytes::Bytes;
use napi::{
    Env, Result,
    bindgen_prelude::{ObjectFinalize, Uint8Array},
};
use napi_derive::napi;
use sabir_core::{
    Call, RequestHead, Route,
    body::NotKept,
    header::field::{cookies, to_text},
};

use crate::{error::misuse, value::shared};

/// One request, without its arguments.
#[napi(custom_finalize)]
pub struct NativeRequest {
    head: Arc<RequestHead>,
    route: Arc<Route>,
    accepts: Option<Arc<str>>,
    body: std::result::Result<Bytes, NotKept>,
}

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
        let request = Self::of(call);
        if request.memory() > 0 {
            env.adjust_external_memory(request.memory())?;
        }
        Ok(request)
    }

    fn memory(&self) -> i64 {
        let length = self.body.as_ref().map_or(0, Bytes::len);
        i64::try_from(length).unwrap_or(i64::MAX)
    }

    fn of(call: &Call) -> Self {
        Self {
            head: Arc::clone(&call.head),
            route: Arc::clone(&call.route),
            accepts: call.arguments.accepts.clone(),
            body: call.body.content(),
        }
    }
}

#[napi]
impl NativeRequest {
    /// The method.
    #[napi(getter)]
    pub fn method(&self) -> &str {
        self.head.method.as_str()
    }

    /// The path as sent, still percent-encoded.
    #[napi(getter)]
    pub fn path(&self) -> &str {
        self.head.uri.path()
    }

    /// The query as sent, without the question mark.
    #[napi(getter)]
    pub fn query_string(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    /// The protocol version.
    #[napi(getter)]
    pub fn http_version(&self) -> &'static str {
        match self.head.version {
            http::Version::HTTP_10 => "1.0",
            http::Version::HTTP_2 => "2",
            _ => "1.1",
        }
    }

    /// The peer; absent in memory and on Unix sockets.
    #[napi(getter)]
    pub fn client(&self) -> Option<Peer> {
        self.head.remote.map(|remote| Peer {
            address: remote.ip().to_string(),
            port: remote.port(),
        })
    }

    /// The request's id.
    #[napi(getter)]
    pub fn id(&self) -> String {
        self.head.id.to_string()
    }

    /// The negotiated media type.
    #[napi(getter)]
    pub fn accepts(&self) -> Option<&str> {
        self.accepts.as_deref()
    }

    /// The pattern of the route that matched.
    #[napi(getter)]
    pub fn route(&self) -> &str {
        self.route.pattern.as_str()
    }

    /// The first value of the header field `name`.
    #[napi]
    pub fn header(&self, name: String) -> Option<String> {
        let value = self.head.headers.get(name)?;
        Some(to_text(value.as_bytes()).into_owned())
    }

    /// Every value of the header field `name`.
    #[napi]
    pub fn header_list(&self, name: String) -> Vec<String> {
        let values = self.head.headers.get_all(name);
        values
            .iter()
            .map(|value| to_text(value.as_bytes()).into_owned())
            .collect()
    }

    /// Names and values of all header fields, one after the other.
    #[napi]
    pub fn headers(&self) -> Vec<String> {
        let fields = self.head.headers.iter();
        fields
            .flat_map(|(name, value)| [name.as_str().to_owned(), to_text(value.as_bytes()).into_owned()])
            .collect()
    }

    /// Names and values of all cookies, one after the other.
    #[napi]
    pub fn cookies(&self) -> Vec<String> {
        let cookies = cookies(&self.head.headers);
        cookies
            .into_iter()
            .flat_map(|(name, value)| [name.into_owned(), value.into_owned()])
            .collect()
    }

    /// The length of the content; -1 when there is some that is not kept.
    #[napi(getter)]
    #[allow(clippy::cast_precision_loss, reason = "no content is that long")]
    pub fn size(&self) -> f64 {
        self.body.as_ref().map_or(-1.0, |body| body.len() as f64)
    }

    /// The content as sent; to be asked for once, see [`shared`].
    #[napi]
    pub fn body(&self) -> Result<Uint8Array> {
        let body = self.body.as_ref().map_err(|error| misuse(error.to_string()))?;
        Ok(shared(body))
    }
}
