//! Other services inside the application, which answer calls like any handler, and layers around it.

use std::{future::poll_fn, sync::Arc};

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response, Uri,
    header::{HeaderName, TRANSFER_ENCODING},
    uri::PathAndQuery,
};
use http_body::Body as HttpBody;
use http_body_util::Full;
use sabir_core::{
    Body, BoxFuture, Call, Handler, Problem, ProblemType, Reply, RequestHead, Scheme,
    pipeline::{self, Middleware, OriginalUri, RemoteAddress},
    reply::StreamError,
};
use tower_service::Service;

use crate::{reply_of, request_body::RequestBody};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Lets a service answer calls.
pub(crate) struct ServiceHandler<S> {
    service: S,
    prefix: String,
}

impl<S> ServiceHandler<S> {
    /// `service` for the paths below `prefix`; the empty prefix is every path.
    pub(crate) fn new(prefix: &str, service: S) -> Self {
        Self {
            service,
            prefix: prefix.to_owned(),
        }
    }
}

impl<S, B> Handler for ServiceHandler<S>
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<StreamError>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<StreamError>,
{
    fn call(&self, call: Call) -> BoxFuture<'static, Reply> {
        let content = match call.body {
            Body::Bytes(bytes) => bytes,
            // A call is only given a stream where its operation asks for one, and this route's does not.
            _ => Bytes::new(),
        };
        let request = request(call.head, Full::new(content), &self.prefix);
        Box::pin(answer(self.service.clone(), request))
    }
}

/// Lets an application with a layer around it answer requests.
pub(crate) struct Layered<S>(pub(crate) S);

impl<S, B> Middleware for Layered<S>
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<StreamError>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<StreamError>,
{
    fn call(&self, head: Arc<RequestHead>, content: Body) -> BoxFuture<'static, Reply> {
        let request = request(head, RequestBody::from(content), "");
        Box::pin(answer(self.0.clone(), request))
    }
}

async fn answer<S, R, B>(mut service: S, request: Request<R>) -> Reply
where
    S: Service<Request<R>, Response = Response<B>>,
    S::Error: Into<StreamError>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<StreamError>,
{
    let ready = poll_fn(|context| service.poll_ready(context)).await;
    if let Err(error) = ready.map_err(Into::into) {
        return failed(&error);
    }
    match service.call(request).await.map_err(Into::into) {
        Ok(response) => reply_of(response),
        Err(error) => failed(&error),
    }
}

fn failed(error: &StreamError) -> Reply {
    tracing::error!(%error, "a nested service or a layer failed");
    Problem::new(ProblemType::InternalError).into_reply()
}

/// The request as the service sees it: below the prefix, with the request's id.
fn request<B>(head: Arc<RequestHead>, content: B, prefix: &str) -> Request<B> {
    let RequestHead {
        method,
        uri,
        version,
        mut headers,
        scheme,
        remote,
        id,
        extensions,
        ..
    } = Arc::unwrap_or_clone(head);
    // How the content was cut for the way here means nothing now.
    headers.remove(TRANSFER_ENCODING);
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
    let mut request = Request::new(content);
    *request.method_mut() = method;
    *request.uri_mut() = without_prefix(uri.clone(), prefix);
    *request.version_mut() = version;
    *request.headers_mut() = headers;
    *request.extensions_mut() = extensions;
    request.extensions_mut().get_or_insert_with(|| OriginalUri(uri));
    if let Some(remote) = remote {
        request.extensions_mut().insert(RemoteAddress(remote));
    }
    if scheme != Scheme::default() {
        request.extensions_mut().insert(scheme);
    }
    request.extensions_mut().insert(id);
    request
}

fn without_prefix(uri: Uri, prefix: &str) -> Uri {
    let Some(rest) = pipeline::below(prefix, uri.path()) else {
        return uri;
    };
    let rest = if rest.is_empty() { "/" } else { rest };
    let target = match uri.query() {
        Some(query) => PathAndQuery::try_from(format!("{rest}?{query}")),
        None => PathAndQuery::try_from(rest),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = target.ok();
    Uri::from_parts(parts).unwrap_or(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_query_and_the_authority() {
        let shortened = |uri: &'static str| without_prefix(Uri::from_static(uri), "/api").to_string();
        assert_eq!(shortened("/api/users?a=1"), "/users?a=1");
        assert_eq!(shortened("/api?a=1"), "/?a=1");
        assert_eq!(
            shortened("http://example.com/api/users"),
            "http://example.com/users"
        );
    }
}
