//! Finding what answers a request.

use http::{
    HeaderValue, Method, StatusCode,
    header::{ACCESS_CONTROL_REQUEST_METHOD, ALLOW, LOCATION, ORIGIN},
};

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::{head_checks, nested::Nested, target::Target};
use crate::{
    Problem, ProblemType, Reply, RequestHead, SetupError,
    document::{Info, NestedDocument, OpenApiVersion, asyncapi, openapi},
    routing::{Captures, Found, Router},
    schema::SchemaCompiler,
    security::Verifier,
};

/// Everything that an application answers.
#[derive(Debug)]
pub(super) struct Routes {
    pub(super) router: Router<Target>,
    /// The longest prefix first.
    pub(super) nested: Vec<Nested>,
    /// What services among the nested say of themselves.
    pub(super) documents: Vec<NestedDocument>,
    /// What their operations may demand, by names.
    pub(super) security: IndexMap<String, Arc<Verifier>>,
}

impl Routes {
    /// The AsyncAPI document of the routes.
    ///
    /// # Errors
    /// As [`asyncapi`].
    pub(super) fn asyncapi(&self, info: &Info, schemas: &SchemaCompiler) -> Result<Json, SetupError> {
        asyncapi(info, self.router.targets().map(|target| &*target.route), schemas)
    }

    /// The OpenAPI document of the routes.
    pub(super) fn openapi(&self, info: &Info, version: OpenApiVersion, schemas: &SchemaCompiler) -> Json {
        let routes = self.router.targets().map(|target| &*target.route);
        let security = self.security.iter();
        let security = security.map(|(name, verifier)| (name.as_str(), verifier.scheme()));
        let mut document = openapi(info, version, routes, schemas, security);
        for nested in &self.documents {
            nested.merge_into(&mut document);
        }
        document
    }

    /// What answers the request with this head, which has been checked. A redirect leads below the prefix that somebody has
    /// taken from the path.
    ///
    /// # Errors
    /// The answer, when the runtime gives it itself. Boxed, since it is large and rare.
    pub(super) fn find<'p>(
        &self,
        head: &'p RequestHead,
        prefix: &str,
    ) -> Result<(&Target, Captures<'p>), Box<Reply>> {
        if head_checks::is_asterisk(&head.uri) {
            return Err(Box::new(Reply::new(StatusCode::NO_CONTENT)));
        }
        let path = head.uri.path();
        match self.router.find(&head.method, path) {
            Found::Route { target, captures } => Ok((target, captures)),
            Found::NotFound => match self.nested.iter().find_map(|nested| nested.find(path)) {
                Some(target) => Ok((target, Captures::default())),
                None => Err(answer(Problem::new(ProblemType::NotFound))),
            },
            Found::Redirect { path } => Err(redirect(&format!("{prefix}{path}"), head.uri.query())),
            other => Err(without_route(other)),
        }
    }

    /// The route that a preflight is about.
    pub(super) fn find_preflighted(&self, head: &RequestHead) -> Option<&Target> {
        match self.router.find(&preflighted(head)?, head.uri.path()) {
            Found::Route { target, .. } => Some(target),
            _ => None,
        }
    }

    pub(super) fn targets_mut(&mut self) -> impl Iterator<Item = &mut Target> {
        self.router
            .targets_mut()
            .chain(self.nested.iter_mut().map(Nested::target_mut))
    }
}

/// The method that a preflight asks for (Fetch standard, §3.2.2).
fn preflighted(head: &RequestHead) -> Option<Method> {
    let asked = head.headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    if head.method != Method::OPTIONS || !head.headers.contains_key(ORIGIN) {
        return None;
    }
    Method::from_bytes(asked.as_bytes()).ok()
}

/// The runtime's own answers for paths without a route of the method.
fn without_route(found: Found<'_, '_, Target>) -> Box<Reply> {
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
        Found::Malformed { detail } => answer(Problem::bad_request(detail)),
        Found::NotFound | Found::Route { .. } | Found::Redirect { .. } => {
            answer(Problem::new(ProblemType::NotFound))
        }
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

fn answer(problem: impl Into<Box<Problem>>) -> Box<Reply> {
    Box::new(problem.into().into_reply())
}
