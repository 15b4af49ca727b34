//! A request that has found its route, from its parameters to its handler.

use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;
use http::{
    HeaderValue,
    header::{CONTENT_TYPE, VARY},
};
use http_body::Body as HttpBody;

use super::{
    bounded_body::{self, BoundedBody, Pace},
    content_coding::{self, Decoded, DecodedLimits},
    target::Target,
    timer::Timer,
};
use crate::{
    Arguments, Body, Call, ContentForm, Problem, ProblemType, RequestHead, Route, Violations,
    body::FileStore, routing::Captures, threads::MaybeSend,
};

/// A request whose parameters are decoded; its content is not.
pub(super) struct Matched {
    call: Call,
    violations: Violations,
}

/// What reading content depends on.
pub(super) struct Reading<'a> {
    pub(super) pace: Pace,
    /// In times of what was sent.
    pub(super) expansion_limit: u64,
    pub(super) timer: Option<Arc<dyn Timer>>,
    pub(super) files: Option<&'a dyn FileStore>,
    /// Whether the handler decodes the content for itself.
    pub(super) is_nested: bool,
}

/// The arguments that a head holds.
pub(super) struct Parameters {
    arguments: Arguments,
    violations: Violations,
}

impl Parameters {
    /// Decodes the parameters of a request for `target`.
    ///
    /// # Errors
    /// `not-acceptable`, and `bad-request` for what is not well formed.
    pub(super) fn decode(
        target: &Target,
        captures: &Captures<'_>,
        head: &RequestHead,
    ) -> Result<Self, Box<Problem>> {
        let route = &target.route;
        let mut arguments = Arguments::default();
        if target.is_nested {
            return Ok(Self {
                arguments,
                violations: Violations::default(),
            });
        }
        arguments.accepts = chosen_type(route, head)?;
        let mut violations = Violations::new(route.violation_limit);
        arguments.parameters =
            route
                .parameters
                .decode(captures, head.uri.query(), &head.headers, &mut violations)?;
        Ok(Self {
            arguments,
            violations,
        })
    }

    /// The request with these parameters.
    pub(super) fn into_matched(self, route: &Arc<Route>, head: Arc<RequestHead>) -> Matched {
        let mut call = Call::new(Arc::clone(route), head);
        call.arguments = self.arguments;
        Matched {
            call,
            violations: self.violations,
        }
    }
}

impl Matched {
    /// The call of a request that has no content.
    ///
    /// # Errors
    /// `validation-failed`, also when the operation demands content.
    pub(super) fn without_content(mut self) -> Result<Call, Box<Problem>> {
        if let Some(plan) = &self.call.route.body
            && let Err(problem) = plan.select(self.call.head.headers.get(CONTENT_TYPE), false)
        {
            return Err(self.merge(problem));
        }
        self.finish(Body::Empty)
    }

    /// Reads and decodes the content, and gives the call with it.
    ///
    /// # Errors
    /// Whatever is wrong with the content, and all violations together.
    pub(super) async fn with_content<B>(mut self, body: B, reading: Reading<'_>) -> Result<Call, Box<Problem>>
    where
        B: HttpBody<Data = Bytes, Error = Problem> + MaybeSend + Unpin + 'static,
    {
        let limit = self.call.route.body_limit;
        bounded_body::check_length(&self.call.head.headers, &body, limit)?;
        let coding = if reading.is_nested {
            None
        } else {
            content_coding::of(&self.call.head.headers)?
        };
        let content = BoundedBody::new(body, limit, reading.pace, reading.timer);
        let Some(coding) = coding else {
            return self.with_decoded(content, reading.files).await;
        };
        content_coding::forget(&mut Arc::make_mut(&mut self.call.head).headers);
        let limits = DecodedLimits {
            size: limit,
            expansion: reading.expansion_limit,
        };
        // Boxed, so that requests without a coding do not carry its room with them.
        Box::pin(self.with_decoded(Decoded::new(content, coding, limits), reading.files)).await
    }

    /// Reads content that has no coding any more.
    async fn with_decoded<S>(
        mut self,
        content: S,
        files: Option<&dyn FileStore>,
    ) -> Result<Call, Box<Problem>>
    where
        S: Stream<Item = Result<Bytes, Problem>> + MaybeSend + Unpin + 'static,
    {
        let route = Arc::clone(&self.call.route);
        let streams = route.content == ContentForm::Stream;
        #[cfg(feature = "switches")]
        let content = gathered(content, streams && !crate::Switch::Streaming.is_on()).await?;
        let Some(plan) = &route.body else {
            if streams {
                return self.finish(Body::Stream(Box::pin(content)));
            }
            let bytes = bounded_body::read(content).await?;
            return self.finish(whole(bytes));
        };
        let content_type = self.call.head.headers.get(CONTENT_TYPE);
        let decoder = match plan.select(content_type, true) {
            Ok(Some(decoder)) => decoder,
            Ok(None) => {
                let bytes = bounded_body::read(content).await?;
                return self.finish(whole(bytes));
            }
            Err(problem) => return Err(self.merge(problem)),
        };
        if streams {
            let body = decoder.stream(Box::pin(content), route.violation_limit);
            return self.finish(body);
        }
        if decoder.is_streamed() {
            let value = decoder
                .decode_stream(Box::pin(content), files, &mut self.violations)
                .await?;
            self.call.arguments.body = Some(value);
            return self.finish(Body::Decoded);
        }
        let bytes = bounded_body::read(content).await?;
        if bytes.is_empty() {
            // Chunked content tells only at its end that there is none.
            return self.without_content();
        }
        if route.content == ContentForm::JsonText && decoder.check(&bytes, &mut self.violations)? {
            return self.finish(Body::Json(bytes));
        }
        self.call.arguments.body = Some(decoder.decode(&bytes, &mut self.violations)?);
        self.finish(Body::Bytes(bytes))
    }

    fn finish(mut self, body: Body) -> Result<Call, Box<Problem>> {
        if !self.violations.is_empty() {
            return Err(Box::new(self.violations.into_problem()));
        }
        self.call.body = body;
        Ok(self.call)
    }

    /// Adds the parameters' violations to those of the content, so that the client learns all of them at once.
    fn merge(&mut self, mut problem: Problem) -> Box<Problem> {
        if problem.status == ProblemType::ValidationFailed.status() && !self.violations.is_empty() {
            let mut violations = std::mem::take(&mut self.violations);
            problem
                .errors
                .drain(..)
                .for_each(|violation| violations.push(violation));
            return Box::new(violations.into_problem());
        }
        Box::new(problem)
    }
}

/// `content` as it arrives, or in one piece when all of it is there.
#[cfg(feature = "switches")]
async fn gathered<S>(content: S, in_one: bool) -> Result<crate::body::BodyStream, Box<Problem>>
where
    S: Stream<Item = Result<Bytes, Problem>> + MaybeSend + Unpin + 'static,
{
    if !in_one {
        return Ok(Box::pin(content));
    }
    let bytes = bounded_body::read(content).await?;
    Ok(Box::pin(futures_util::stream::iter([Ok(bytes)])))
}

fn whole(bytes: Bytes) -> Body {
    if bytes.is_empty() {
        Body::Empty
    } else {
        Body::Bytes(bytes)
    }
}

/// Chooses among the media types that the operation's responses declare (RFC 9110 §12.5.1).
fn chosen_type(route: &Route, head: &RequestHead) -> Result<Option<Arc<str>>, Box<Problem>> {
    if route.offers.is_empty() || !crate::Switch::Negotiation.is_on() {
        return Ok(None);
    }
    let Some(chosen) = route.offers.choose(&head.headers) else {
        let names: Vec<_> = route.offers.names().collect();
        let detail = format!("The resource is available as {}.", names.join(", "));
        let problem = Problem::new(ProblemType::NotAcceptable).with_detail(detail);
        return Err(Box::new(
            problem.with_header(VARY, HeaderValue::from_static("accept")),
        ));
    };
    Ok(Some(Arc::clone(chosen)))
}
