//! A request as hosts show it.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use http::{
    HeaderValue, Version,
    header::{CONTENT_TYPE, HOST},
};
use sabir_core::{
    Call, Connection, RequestHead, Route, Value,
    body::NotKept,
    header::field::{cookies, to_text},
    json::from_json,
    security::Identity,
    stage::CspNonce,
};

/// A trace, see [`Request::trace`].
pub type Trace = (String, String, Option<String>, bool, String, Option<String>);

/// One request, without its arguments. Every part is made when it is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    head: Arc<RequestHead>,
    route: Arc<Route>,
    accepts: Option<Arc<str>>,
    content: Result<Bytes, NotKept>,
}

impl Request {
    /// The request of `call`.
    pub fn of(call: &Call) -> Self {
        Self {
            head: Arc::clone(&call.head),
            route: Arc::clone(&call.route),
            accepts: call.arguments.accepts.clone(),
            content: call.body.content(),
        }
    }

    /// Method, target and header fields.
    pub fn head(&self) -> &RequestHead {
        &self.head
    }

    /// The method, such as `GET`.
    pub fn method(&self) -> &str {
        self.head.method.as_str()
    }

    /// The absolute URL that the client asked for.
    pub fn url(&self) -> String {
        let mut url = String::from(self.scheme());
        url.push_str("://");
        url.push_str(&self.host());
        url.push_str(self.path());
        if !self.query().is_empty() {
            url.push('?');
            url.push_str(self.query());
        }
        url
    }

    /// The scheme of the [`url`](Self::url): `https` where a proxy that is trusted says so, since the runtime has no TLS of its own.
    pub fn scheme(&self) -> &'static str {
        self.head.scheme.as_str()
    }

    /// The host with its port, as the client named it. There always is one (RFC 9110 §7.2).
    pub fn host(&self) -> Cow<'_, str> {
        match self.head.headers.get(HOST) {
            Some(host) => to_text(host.as_bytes()),
            None => "localhost".into(),
        }
    }

    /// The path as sent, still percent-encoded.
    pub fn path(&self) -> &str {
        self.head.uri.path()
    }

    /// The query as sent, without the question mark.
    pub fn query(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    /// The protocol version: `1.0`, `1.1` or `2`.
    pub fn http_version(&self) -> &'static str {
        match self.head.version {
            Version::HTTP_10 => "1.0",
            Version::HTTP_2 => "2",
            _ => "1.1",
        }
    }

    /// Address and port of the client; `None` in memory and on Unix sockets. The port is 0 where a proxy has not told it.
    pub fn remote(&self) -> Option<(String, u16)> {
        self.head
            .remote
            .map(|address| (address.ip().to_string(), address.port()))
    }

    /// The connection that it came on, unless another server has taken it in.
    pub fn connection(&self) -> Option<&Connection> {
        self.head.connection.as_ref()
    }

    /// The request's id.
    pub fn id(&self) -> String {
        self.head.id.to_string()
    }

    /// The media type that was negotiated; `None` when the operation offers none.
    pub fn accepts(&self) -> Option<&str> {
        self.accepts.as_deref()
    }

    /// Who sends it, as a security scheme has found out.
    pub fn identity(&self) -> Option<Value> {
        let identity = self.head.extensions.get::<Identity>()?;
        Some(from_json(&identity.to_json()))
    }

    /// The trace that it is of, where the stage `trace_context` has found that out: its id, that of the request's span, that of the caller's,
    /// whether it is sampled, and `traceparent` and `tracestate` of requests that are sent meanwhile.
    pub fn trace(&self) -> Option<Trace> {
        self.head.id.trace().map(|trace| {
            (
                trace.trace_id(),
                trace.span_id(),
                trace.parent_id(),
                trace.is_sampled(),
                trace.traceparent(),
                trace.tracestate().map(Into::into),
            )
        })
    }

    /// The number of the request in the Content Security Policy of its answer; `None` where that has none.
    pub fn csp_nonce(&self) -> Option<&str> {
        self.head.extensions.get::<CspNonce>().map(CspNonce::as_str)
    }

    /// The pattern of the route that matched.
    pub fn route(&self) -> &str {
        self.route.pattern.as_str()
    }

    /// The first value of the header field `name`, in any case.
    pub fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.head.headers.get(name).map(|value| to_text(value.as_bytes()))
    }

    /// Every value of the header field `name`.
    pub fn header_list<'a>(&'a self, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
        let values = self.head.headers.get_all(name).into_iter();
        values.map(|value| to_text(value.as_bytes()))
    }

    /// Names, in lower case, and values of all header fields.
    pub fn headers(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let fields = self.head.headers.iter();
        fields.map(|(name, value)| (name.as_str(), to_text(value.as_bytes())))
    }

    /// Names and values of the cookies; of equal names the first counts (RFC 6265bis §5.8.3).
    pub fn cookies(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
        cookies(&self.head.headers)
    }

    /// What the client says of its content, as sent.
    pub fn content_type(&self) -> Option<&HeaderValue> {
        self.head.headers.get(CONTENT_TYPE)
    }

    /// The content as sent.
    ///
    /// # Errors
    /// Says why there is content that is not kept, and what to do.
    pub fn content(&self) -> Result<&Bytes, NotKept> {
        self.content.as_ref().map_err(|error| *error)
    }
}
