//! Other services inside the application: what has no route here goes to them, within the same pipeline.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use http::{
    HeaderValue, Method, Request, Response, Uri,
    header::{HeaderName, TRANSFER_ENCODING},
    uri::PathAndQuery,
};
use http_body::Body as HttpBody;
use http_body_util::Full;
use sabir_core::{
    Body, BoxFuture, Call, Handler, Operation, Problem, ProblemType, Reply, ReplyBody, RequestHead, Route,
    RouteDefinition, Settings, SetupError, reply::StreamError, routing::Converters, schema::SchemaCompiler,
};
use tower_service::Service;

use crate::{RemoteAddress, app::Target};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A service and the paths that it answers.
#[derive(Debug)]
pub(crate) struct Nested {
    /// Without a final slash; empty for the fallback, which answers every path.
    prefix: String,
    target: Target,
}

impl Nested {
    /// `service` for the paths below `prefix`; the empty prefix is every path.
    ///
    /// # Errors
    /// A prefix that is not a plain path.
    pub(crate) fn new<S, B>(prefix: &str, service: S, settings: &Settings) -> Result<Self, SetupError>
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send,
        S::Error: Into<StreamError>,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<StreamError>,
    {
        check_prefix(prefix)?;
        // Calls carry the route that they found. This one takes everything: the service decodes for itself.
        let definition = RouteDefinition::new(
            Method::GET,
            if prefix.is_empty() { "/" } else { prefix },
            Operation::default(),
        );
        let route = Route::compile(
            definition,
            &Converters::default(),
            &SchemaCompiler::default(),
            settings,
        )?;
        let handler = ServiceHandler {
            service,
            prefix: prefix.to_owned(),
        };
        Ok(Self {
            prefix: prefix.to_owned(),
            target: Target {
                route: Arc::new(route),
                handler: Arc::new(handler),
            },
        })
    }

    /// The paths that it answers, for messages.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What answers `path`, if this does.
    pub(crate) fn find(&self, path: &str) -> Option<&Target> {
        below(&self.prefix, path).map(|_| &self.target)
    }
}

fn check_prefix(prefix: &str) -> Result<(), SetupError> {
    let is_plain = prefix.is_empty()
        || (prefix.starts_with('/')
            && !prefix.ends_with('/')
            && !prefix.contains("//")
            && !prefix.contains(['{', '}', '?', '#', '*', '%'])
            && PathAndQuery::try_from(prefix).is_ok());
    if is_plain {
        return Ok(());
    }
    Err(SetupError::new(
        "prefix",
        format!("`{prefix}` is not the start of a path"),
        "write it as `/api`, without variables and without a final slash",
    )
    .at(prefix))
}

/// What follows `prefix` in `path`: empty, or starting with a slash.
fn below<'p>(prefix: &str, path: &'p str) -> Option<&'p str> {
    path.strip_prefix(prefix)
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Lets a service answer calls.
struct ServiceHandler<S> {
    service: S,
    prefix: String,
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
        let mut service = self.service.clone();
        let request = request(call, &self.prefix);
        Box::pin(async move {
            let ready = poll_fn(|context| service.poll_ready(context)).await;
            if let Err(error) = ready.map_err(Into::into) {
                return failed(&error);
            }
            match service.call(request).await.map_err(Into::into) {
                Ok(response) => reply(response),
                Err(error) => failed(&error),
            }
        })
    }
}

fn failed(error: &StreamError) -> Reply {
    tracing::error!(%error, "a nested service failed");
    Problem::new(ProblemType::InternalError).into_reply()
}

/// The request as the service sees it: below the prefix, with the request's id.
fn request(call: Call, prefix: &str) -> Request<Full<Bytes>> {
    let RequestHead {
        method,
        uri,
        version,
        mut headers,
        remote,
        id,
        extensions,
        ..
    } = Arc::unwrap_or_clone(call.head);
    let content = match call.body {
        Body::Bytes(bytes) => bytes,
        // A call is only given a stream where its operation asks for one, and this route's does not.
        _ => Bytes::new(),
    };
    // The content has been read as a whole, so how it was cut for the way here means nothing now.
    headers.remove(TRANSFER_ENCODING);
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
    let mut request = Request::new(Full::new(content));
    *request.method_mut() = method;
    *request.uri_mut() = without_prefix(uri, prefix);
    *request.version_mut() = version;
    *request.headers_mut() = headers;
    *request.extensions_mut() = extensions;
    if let Some(remote) = remote {
        request.extensions_mut().insert(RemoteAddress(remote));
    }
    request.extensions_mut().insert(id);
    request
}

fn without_prefix(uri: Uri, prefix: &str) -> Uri {
    let Some(rest) = below(prefix, uri.path()) else {
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

fn reply<B>(response: Response<B>) -> Reply
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<StreamError>,
{
    let (head, body) = response.into_parts();
    let mut reply = Reply::new(head.status);
    reply.headers = head.headers;
    if !body.is_end_stream() {
        reply.body = ReplyBody::Stream(Box::pin(Chunks(Box::pin(body))));
    }
    reply
}

/// The data of a body; its trailers are left out, since a reply has none.
struct Chunks<B>(Pin<Box<B>>);

impl<B> Stream for Chunks<B>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<StreamError>,
{
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(self.0.as_mut().poll_frame(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                Some(Ok(frame)) => {
                    if let Ok(chunk) = frame.into_data() {
                        return Poll::Ready(Some(Ok(chunk)));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_whole_segments_away() {
        assert_eq!(below("/api", "/api/users"), Some("/users"));
        assert_eq!(below("/api", "/api"), Some(""));
        assert_eq!(below("/api", "/apis"), None);
        assert_eq!(below("", "/users"), Some("/users"));
    }

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

    #[test]
    fn refuses_a_prefix_that_is_no_plain_path() {
        for prefix in ["api", "/", "/api/", "/{id}", "/a//b", "/a?b", "/a b", "/a%20b"] {
            assert!(check_prefix(prefix).is_err(), "{prefix}");
        }
        assert!(check_prefix("/api/v1").is_ok());
    }
}
