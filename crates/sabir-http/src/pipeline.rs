//! The way of a request from its head to its handler.

use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;
use http::{
    HeaderValue, StatusCode,
    header::{ALLOW, CONTENT_TYPE, LOCATION, VARY},
};
use http_body::Body as HttpBody;
use sabir_core::{
    Arguments, Body, Call, Handler, Problem, ProblemType, Reply, RequestHead, Route, Violations,
    header::negotiation,
    in_flight::Permit,
    routing::{Found, Router},
};

use crate::{
    app::Target,
    content,
    content::{Content, Pace},
    content_coding::{self, Decoded, DecodedLimits},
    file_store::TemporaryFiles,
    guard::Guarded,
    head_checks,
    nested::Nested,
};

/// A request that has found its route; its parameters are decoded, its content is not.
pub(crate) struct Matched {
    handler: Arc<dyn Handler>,
    route: Arc<Route>,
    head: Arc<RequestHead>,
    arguments: Arguments,
    violations: Violations,
    /// A nested service decodes for itself.
    is_nested: bool,
    permit: Option<Permit>,
}

/// The settings that reading content depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ContentSettings {
    pub(crate) pace: Pace,
    pub(crate) expansion_limit: u64,
}

/// Finds the route for `head`, which has been checked, and decodes its parameters.
///
/// # Errors
/// The answer, when the runtime gives it itself. Boxed, since it is large and rare.
pub(crate) fn find(
    router: &Router<Target>,
    nested: &[Nested],
    head: Arc<RequestHead>,
) -> Result<Matched, Box<Reply>> {
    if head_checks::is_asterisk(&head.uri) {
        return Err(Box::new(Reply::new(StatusCode::NO_CONTENT)));
    }
    let (target, captures) = {
        let found = router.find(&head.method, head.uri.path());
        if matches!(found, Found::NotFound) {
            drop(found);
            return elsewhere(nested, head);
        }
        match found {
            Found::Route { target, captures } => (target, captures),
            other => return Err(without_route(other, head.uri.query())),
        }
    };
    let route = &target.route;
    let accepts = chosen_type(route, &head)?;
    let mut violations = Violations::new(route.violation_limit);
    let mut arguments = Arguments::default();
    arguments.accepts = accepts;
    arguments.parameters = route
        .parameters
        .decode(&captures, head.uri.query(), &head.headers, &mut violations)
        .map_err(answer)?;
    drop(captures);
    Ok(Matched {
        handler: Arc::clone(&target.handler),
        route: Arc::clone(route),
        arguments,
        head,
        violations,
        is_nested: false,
        permit: None,
    })
}

impl Matched {
    /// Whether the answer is one of several media types.
    pub(crate) fn is_negotiated(&self) -> bool {
        self.route.offers.len() > 1
    }

    /// Counts the call until its answer is sent.
    pub(crate) fn hold(&mut self, permit: Permit) {
        self.permit = Some(permit);
    }

    /// A request for which nothing has been decoded.
    fn new(target: &Target, head: Arc<RequestHead>) -> Self {
        Self {
            handler: Arc::clone(&target.handler),
            route: Arc::clone(&target.route),
            head,
            arguments: Arguments::default(),
            violations: Violations::default(),
            is_nested: true,
            permit: None,
        }
    }

    /// Starts the handler of a request that has no content.
    ///
    /// # Errors
    /// `validation-failed`, also when the operation demands content.
    pub(crate) fn without_content(mut self) -> Result<Guarded, Problem> {
        if let Some(plan) = &self.route.body
            && let Err(problem) = plan.select(self.head.headers.get(CONTENT_TYPE), false)
        {
            return Err(self.merge(problem));
        }
        self.start(Body::Empty)
    }

    /// Reads and decodes the content, then starts the handler.
    ///
    /// # Errors
    /// Whatever is wrong with the content, and all violations together.
    pub(crate) async fn with_content<B>(
        mut self,
        body: B,
        settings: ContentSettings,
    ) -> Result<Guarded, Problem>
    where
        B: HttpBody<Data = Bytes, Error = Problem> + Send + Unpin + 'static,
    {
        let limit = self.route.body_limit;
        content::check_length(&self.head.headers, &body, limit).map_err(|problem| *problem)?;
        let coding = if self.is_nested {
            None
        } else {
            content_coding::of(&self.head.headers).map_err(|problem| *problem)?
        };
        let content = Content::new(body, limit, settings.pace);
        let Some(coding) = coding else {
            return self.with_decoded(content).await;
        };
        content_coding::forget(&mut Arc::make_mut(&mut self.head).headers);
        let limits = DecodedLimits {
            size: limit,
            expansion: settings.expansion_limit,
        };
        // Boxed, so that requests without a coding do not carry its room with them.
        Box::pin(self.with_decoded(Decoded::new(content, coding, limits))).await
    }

    /// Reads content that has no coding any more.
    async fn with_decoded<S>(mut self, content: S) -> Result<Guarded, Problem>
    where
        S: Stream<Item = Result<Bytes, Problem>> + Send + Unpin + 'static,
    {
        let route = Arc::clone(&self.route);
        let Some(plan) = &route.body else {
            let bytes = content::read(content).await?;
            return self.start(whole(bytes));
        };
        let content_type = self.head.headers.get(CONTENT_TYPE);
        let decoder = match plan.select(content_type, true) {
            Ok(Some(decoder)) => decoder,
            Ok(None) => {
                let bytes = content::read(content).await?;
                return self.start(whole(bytes));
            }
            Err(problem) => return Err(self.merge(problem)),
        };
        if decoder.is_streamed() {
            let value = decoder
                .decode_stream(Box::pin(content), &TemporaryFiles, &mut self.violations)
                .await?;
            self.arguments.body = Some(value);
            return self.start(Body::Decoded);
        }
        let bytes = content::read(content).await?;
        if bytes.is_empty() {
            // Chunked content tells only at its end that there is none.
            return self.without_content();
        }
        self.arguments.body = Some(decoder.decode(&bytes, &mut self.violations)?);
        self.start(Body::Bytes(bytes))
    }

    fn start(self, body: Body) -> Result<Guarded, Problem> {
        if !self.violations.is_empty() {
            return Err(self.violations.into_problem());
        }
        let mut call = Call::new(self.route, self.head);
        (call.arguments, call.body) = (self.arguments, body);
        Ok(Guarded::start(self.handler.as_ref(), call, self.permit))
    }

    /// Adds the parameters' violations to those of the content, so that the client learns all of them at once.
    fn merge(&mut self, mut problem: Problem) -> Problem {
        if problem.status == ProblemType::ValidationFailed.status() && !self.violations.is_empty() {
            let mut violations = std::mem::take(&mut self.violations);
            problem
                .errors
                .drain(..)
                .for_each(|violation| violations.push(violation));
            return violations.into_problem();
        }
        problem
    }
}

/// Finds the nested service for a path without a route.
fn elsewhere(nested: &[Nested], head: Arc<RequestHead>) -> Result<Matched, Box<Reply>> {
    let target = nested.iter().find_map(|nested| nested.find(head.uri.path()));
    target
        .map(|target| Matched::new(target, head))
        .ok_or_else(|| answer(Problem::new(ProblemType::NotFound)))
}

fn whole(bytes: Bytes) -> Body {
    if bytes.is_empty() {
        Body::Empty
    } else {
        Body::Bytes(bytes)
    }
}

fn answer(problem: impl Into<Box<Problem>>) -> Box<Reply> {
    Box::new(problem.into().into_reply())
}

/// Chooses among the media types that the operation's responses declare (RFC 9110 §12.5.1).
fn chosen_type(route: &Route, head: &RequestHead) -> Result<Option<Arc<str>>, Box<Reply>> {
    if route.offers.is_empty() || !sabir_core::Switch::Negotiation.is_on() {
        return Ok(None);
    }
    let Some(chosen) = negotiation::accept(&head.headers, &route.offers) else {
        let detail = format!("The resource is available as {}.", route.offers.join(", "));
        let problem = Problem::new(ProblemType::NotAcceptable).with_detail(detail);
        return Err(answer(
            problem.with_header(VARY, HeaderValue::from_static("accept")),
        ));
    };
    Ok(route.offers.iter().find(|offer| ***offer == *chosen).cloned())
}

/// The runtime's own answers for paths without a route of the method.
fn without_route(found: Found<'_, '_, Target>, query: Option<&str>) -> Box<Reply> {
    match found {
        Found::Options { allow } => {
            let mut reply = Reply::new(StatusCode::NO_CONTENT);
            if let Ok(allow) = HeaderValue::from_str(allow.as_ref()) {
                reply.headers.insert(ALLOW, allow);
            }
            Box::new(reply)
        }
        Found::MethodNotAllowed { allow } => {
            let mut problem = Problem::new(ProblemType::MethodNotAllowed);
            if let Ok(allow) = HeaderValue::from_str(allow.as_ref()) {
                problem.headers.insert(ALLOW, allow);
            }
            answer(problem)
        }
        Found::Redirect { path } => redirect(&path, query),
        Found::Malformed { detail } => answer(Problem::bad_request(detail)),
        Found::NotFound | Found::Route { .. } => answer(Problem::new(ProblemType::NotFound)),
    }
}

/// `308` keeps method and content (RFC 9110 §15.4.9).
fn redirect(path: &str, query: Option<&str>) -> Box<Reply> {
    // A reference that begins with "//" names another host (RFC 3986 §4.2); "/." in front keeps it on this one.
    let guard = if path.starts_with("//") { "/." } else { "" };
    let location = match query {
        Some(query) => format!("{guard}{path}?{query}"),
        None => format!("{guard}{path}"),
    };
    match HeaderValue::try_from(location) {
        Ok(location) => {
            let reply = Reply::new(StatusCode::PERMANENT_REDIRECT);
            Box::new(reply.with_header(LOCATION, location))
        }
        Err(_) => answer(Problem::new(ProblemType::NotFound)),
    }
}
