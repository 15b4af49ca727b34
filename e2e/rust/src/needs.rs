//! Which fixtures need which part of the pipeline. Everything here follows from what a fixture says, so that a fixture
//! that is added takes its place by itself.

use sabir_codegen::fixture::{Fixture, Handler};
use sabir_core::Switch;

use crate::facts::{
    declares, decodes_a_path, echoes, expectations, has_converter, has_default, has_handler,
    prefers_a_literal, refuses_with, sends, sets, violations,
};

/// Whether `fixture` must fail when `switch` is off.
pub fn needs(fixture: &Fixture, switch: Switch) -> bool {
    let category = fixture.category.as_str();
    let is_in = |categories: &[&str]| categories.contains(&category);
    match switch {
        Switch::HeadChecks => is_in(&["http_semantics"]) && refuses_with(fixture, &[400, 414, 431, 501, 505]),
        Switch::Limits => refuses_with(fixture, &[413, 414, 431]),
        Switch::Deadlines => is_in(&["limits"]) && sets(fixture, "_timeout_ms"),
        Switch::RequestIds => expectations(fixture).any(|expectation| {
            let member = expectation.body.as_ref().and_then(|body| body.get("request_id"));
            let patterns = [member, expectation.headers.get("x-request-id")];
            // That there is one is not what such a fixture is about.
            patterns
                .into_iter()
                .flatten()
                .any(|pattern| pattern.get("$any").is_none())
        }),
        Switch::PathDecoding => is_in(&["path_params", "routing"]) && decodes_a_path(fixture),
        Switch::Precedence => is_in(&["routing"]) && prefers_a_literal(fixture),
        Switch::PathConversion => {
            is_in(&["path_params"]) && has_converter(fixture) && refuses_with(fixture, &[404])
        }
        Switch::NotFound => is_in(&["routing", "problems"]) && refuses_with(fixture, &[404]),
        Switch::TrailingSlash => {
            refuses_with(fixture, &[308])
                || fixture
                    .content
                    .app
                    .settings
                    .get("trailing_slash")
                    .is_some_and(|policy| policy != "strict")
        }
        Switch::Methods => refuses_with(fixture, &[405]),
        Switch::NoContent => has_handler(
            fixture,
            |handler| matches!(handler, Handler::Return { value, status: Some(204 | 205 | 304), .. } if !value.is_null()),
        ),
        Switch::Negotiation => is_in(&["negotiation"]) && declares(fixture, "/responses/200/content"),
        Switch::ContentCodings => sends(fixture, "content-encoding"),
        Switch::ContentTypes => refuses_with(fixture, &[415]) && !sends(fixture, "content-encoding"),
        Switch::BodyDecoding => {
            echoes(
                fixture,
                &["body"],
                &["int", "float", "bool", "list", "object", "str"],
            ) || (is_in(&["json_bodies"]) && refuses_with(fixture, &[400]))
                || (is_in(&["validation"]) && refuses_with(fixture, &[422]))
        }
        Switch::Parameters => echoes(fixture, &["path", "query", "header", "cookie"], &[]),
        Switch::Coercion => echoes(
            fixture,
            &["path", "query", "header", "cookie"],
            &["int", "float", "bool"],
        ),
        Switch::Defaults => {
            is_in(&["query_params", "header_params", "cookie_params"]) && has_default(fixture)
        }
        Switch::Required => violations(fixture).any(|(error, keyword)| {
            keyword == "required" && error["in"] != "body" && error.get("pointer").is_none()
        }),
        Switch::Validation => {
            violations(fixture).any(|(_, keyword)| !matches!(keyword, "required" | "type"))
                || fixture
                    .content
                    .app
                    .settings
                    .get("response_validation")
                    .is_some_and(|mode| mode == "enforce")
                || (is_in(&["validation"]) && refuses_with(fixture, &[422]))
        }
        Switch::AllViolations => expectations(fixture).any(|expectation| {
            let errors = expectation
                .body
                .as_ref()
                .and_then(|body| body.get("errors")?.as_array());
            errors.is_some_and(|errors| errors.len() > 1)
        }),
        Switch::ProblemFormat => expectations(fixture).any(|expectation| {
            let body = expectation.body.as_ref();
            let is_problem = ["type", "title", "detail", "errors"]
                .iter()
                .any(|member| body.is_some_and(|body| body.get(member).is_some()));
            (expectation.handler_calls == Some(0) && is_problem)
                || expectation
                    .headers
                    .get("content-type")
                    .is_some_and(|value| value == "application/problem+json")
        }),
        Switch::Events => expectations(fixture).any(|expectation| {
            expectation
                .headers
                .get("content-type")
                .is_some_and(|value| value == "text/event-stream")
        }),
        Switch::Cookies => has_handler(
            fixture,
            |handler| matches!(handler, Handler::Return { cookies, .. } if !cookies.is_empty()),
        ),
    }
}
