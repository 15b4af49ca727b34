//! Which fixtures need which part of the pipeline. Everything here follows from what a fixture says, so that a fixture
//! that is added takes its place by itself.

use sabir_codegen::fixture::{Fixture, Handler};
use sabir_core::Switch;

use crate::facts::{
    answers_before_the_end, answers_with, declares, decodes_a_path, describes_a_file, describes_a_problem,
    echoes, expectations, has_converter, has_default, has_handler, keeps_a_range_back, prefers_a_literal,
    refuses_with, sends, sets, tells_request_ids, violations,
};
use crate::socket_facts;

/// Whether `fixture` must fail when `switch` is off.
pub fn needs(fixture: &Fixture, switch: Switch) -> bool {
    let category = fixture.category.as_str();
    let is_in = |categories: &[&str]| categories.contains(&category);
    if socket_facts::needs(fixture, switch)
        || needs_for_content(fixture, switch)
        || is_of_stage(fixture, switch)
    {
        return true;
    }
    match switch {
        Switch::Security => is_in(&["security"]),
        Switch::HeadChecks => is_in(&["http_semantics"]) && refuses_with(fixture, &[400, 414, 431, 501, 505]),
        Switch::Limits => refuses_with(fixture, &[413, 414, 431]),
        Switch::Deadlines => is_in(&["limits"]) && sets(fixture, "_timeout_ms"),
        Switch::RequestIds => tells_request_ids(fixture),
        Switch::PathDecoding => is_in(&["path_params", "routing"]) && decodes_a_path(fixture),
        Switch::Precedence => is_in(&["routing"]) && prefers_a_literal(fixture),
        Switch::PathConversion => {
            is_in(&["path_params"]) && has_converter(fixture) && refuses_with(fixture, &[404])
        }
        Switch::NotFound => is_in(&["routing", "problems"]) && refuses_with(fixture, &[404]),
        Switch::StaticFiles => is_in(&["static_files"]),
        Switch::Redirects => is_in(&["redirects"]),
        Switch::TrailingSlash => {
            // Those of the stage lead to another scheme, and others are asked for.
            (refuses_with(fixture, &[308]) && !is_in(&["https_redirect", "static_files", "redirects"]))
                || fixture
                    .content
                    .app
                    .settings
                    .get("trailing_slash")
                    .is_some_and(|policy| policy != "strict")
        }
        // A folder has methods of its own.
        Switch::Methods => refuses_with(fixture, &[405]) && !is_in(&["static_files"]),
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
        Switch::ProblemFormat => describes_a_problem(fixture),
        Switch::Events => expectations(fixture).any(|expectation| {
            expectation
                .headers
                .get("content-type")
                .is_some_and(|value| value == "text/event-stream")
        }),
        // What these are about is said by what is written on a socket, and by what is sent of a file or in a stream.
        Switch::Cookies => has_handler(
            fixture,
            |handler| matches!(handler, Handler::Return { cookies, .. } if !cookies.is_empty()),
        ),
        // Sockets, content and stages have been asked about.
        _ => false,
    }
}

/// Whether the fixture is about the stage that `switch` takes away: its category has the name.
fn is_of_stage(fixture: &Fixture, switch: Switch) -> bool {
    let stages = sabir_core::stage::table();
    let mut stages = stages.iter();
    stages.any(|stage| stage.name == fixture.category && stage.type_name == format!("{switch:?}"))
}

/// Whether `fixture` must fail without a part that has to do with how content is sent and taken.
fn needs_for_content(fixture: &Fixture, switch: Switch) -> bool {
    let is_of_files = ["files", "static_files"].contains(&fixture.category.as_str());
    match switch {
        Switch::StreamErrors => expectations(fixture).any(|expectation| expectation.breaks_off),
        Switch::Streaming => fixture.category == "streaming" && answers_before_the_end(fixture),
        Switch::FileDescriptions => is_of_files && describes_a_file(fixture),
        Switch::Conditions => {
            is_of_files && (answers_with(fixture, &[304, 412]) || keeps_a_range_back(fixture))
        }
        Switch::Ranges => is_of_files && answers_with(fixture, &[206, 416]),
        _ => false,
    }
}
