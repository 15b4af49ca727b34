//! What a fixture's own words say about the parts of the pipeline that it is about.

use sabir_codegen::fixture::{Expectation, Fixture, Handler, Request, Send};
use serde_json::Value;

/// Every answer that the fixture expects.
pub(crate) fn expectations(fixture: &Fixture) -> impl Iterator<Item = &Expectation> {
    let exchanges = fixture.content.exchanges.iter();
    exchanges.flat_map(|exchange| exchange.expect.all())
}

/// Every request that a client sends.
pub(crate) fn requests(fixture: &Fixture) -> impl Iterator<Item = &Request> {
    fixture
        .content
        .exchanges
        .iter()
        .filter_map(|exchange| match &exchange.send {
            Send::Request(request) => Some(&**request),
            Send::Raw(_) => None,
        })
}

/// Whether a request is sent with a field of this name.
pub(crate) fn sends(fixture: &Fixture, name: &str) -> bool {
    let exchanges = fixture.content.exchanges.iter();
    exchanges
        .filter_map(|exchange| match &exchange.send {
            Send::Request(request) => Some(&request.headers),
            Send::Raw(_) => None,
        })
        .any(|headers| headers.keys().any(|field| field.eq_ignore_ascii_case(name)))
}

/// Whether the runtime itself is expected to answer with one of `statuses`.
pub(crate) fn refuses_with(fixture: &Fixture, statuses: &[u16]) -> bool {
    expectations(fixture)
        .any(|expectation| expectation.handler_calls == Some(0) && statuses.contains(&expectation.status))
}

/// Whether an answer with one of `statuses` is expected, whoever decides about it.
pub(crate) fn answers_with(fixture: &Fixture, statuses: &[u16]) -> bool {
    expectations(fixture).any(|expectation| statuses.contains(&expectation.status))
}

/// Whether a handler that takes content while it arrives is expected to answer, or to fail, before the client has sent all of it.
pub(crate) fn answers_before_the_end(fixture: &Fixture) -> bool {
    let takes_none = has_handler(fixture, |handler| {
        matches!(handler, Handler::Collect { takes: Some(0), .. })
    });
    let fails = expectations(fixture)
        .any(|expectation| expectation.status >= 400 && expectation.handler_calls == Some(1));
    let takes = has_handler(fixture, |handler| matches!(handler, Handler::Collect { .. }));
    fixture.needs_socket() && takes && (takes_none || fails)
}

/// Whether an id of a request is expected, and not only that there is one.
pub(crate) fn tells_request_ids(fixture: &Fixture) -> bool {
    expectations(fixture).any(|expectation| {
        let member = expectation.body.as_ref().and_then(|body| body.get("request_id"));
        let patterns = [member, expectation.headers.get("x-request-id")];
        // That there is one is not what such a fixture is about.
        patterns
            .into_iter()
            .flatten()
            .any(|pattern| pattern.get("$any").is_none())
    })
}

/// Whether a problem of the runtime is expected with what it says.
pub(crate) fn describes_a_problem(fixture: &Fixture) -> bool {
    expectations(fixture).any(|expectation| {
        let body = expectation.body.as_ref();
        let is_problem = ["type", "title", "detail", "errors"]
            .iter()
            .any(|member| body.is_some_and(|body| body.get(member).is_some()));
        (expectation.handler_calls == Some(0) && is_problem)
            || expectation
                .headers
                .get("content-type")
                .is_some_and(|value| value == "application/problem+json")
    })
}

/// Whether an answer is expected to say of a file what its handler does not.
pub(crate) fn describes_a_file(fixture: &Fixture) -> bool {
    let routes = fixture.content.app.routes.iter();
    let said: Vec<&str> = routes
        .filter_map(|route| match route.handler.last() {
            Handler::File(file) => Some(file),
            _ => None,
        })
        .flat_map(|file| {
            let names = file.headers.iter().map(|(name, _)| name.as_str());
            names.chain(file.media_type.is_some().then_some("content-type"))
        })
        .collect();
    expectations(fixture)
        .filter(|expectation| expectation.status < 300)
        .flat_map(|expectation| &expectation.headers)
        .any(|(name, pattern)| {
            let is_of_files =
                ["accept-ranges", "content-type", "etag", "last-modified"].contains(&name.as_str());
            is_of_files && !said.contains(&name.as_str()) && pattern.get("$absent").is_none()
        })
}

/// Whether a range is asked for with `If-Range`, and the whole is expected.
pub(crate) fn keeps_a_range_back(fixture: &Fixture) -> bool {
    let has = |request: &Request, name: &str| {
        let mut names = request.headers.keys();
        names.any(|field| field.eq_ignore_ascii_case(name))
    };
    fixture
        .content
        .exchanges
        .iter()
        .any(|exchange| match &exchange.send {
            Send::Request(request) => {
                let mut expected = exchange.expect.all().iter();
                has(request, "if-range")
                    && has(request, "range")
                    && expected.any(|expectation| expectation.status == 200)
            }
            Send::Raw(_) => false,
        })
}

/// Every violation that is expected, with the keyword that failed.
pub(crate) fn violations(fixture: &Fixture) -> impl Iterator<Item = (&Value, &str)> {
    expectations(fixture)
        .filter_map(|expectation| expectation.body.as_ref()?.get("errors")?.as_array())
        .flatten()
        .filter_map(|error| Some((error, error.get("keyword")?.as_str()?)))
}

/// Whether an answer of `echo` is expected to have a value with one of `tags` in one of `sections`; with any tag where
/// none is named.
pub(crate) fn echoes(fixture: &Fixture, sections: &[&str], tags: &[&str]) -> bool {
    expectations(fixture)
        .filter_map(|expectation| expectation.body.as_ref())
        .flat_map(|body| sections.iter().filter_map(move |section| body.get(section)))
        .any(|section| has_tag(section, tags) || (tags.is_empty() && section.is_object()))
}

fn has_tag(value: &Value, tags: &[&str]) -> bool {
    match value {
        Value::Object(members) => members
            .iter()
            .any(|(name, member)| tags.contains(&name.as_str()) || has_tag(member, tags)),
        Value::Array(items) => items.iter().any(|item| has_tag(item, tags)),
        _ => false,
    }
}

/// Whether some operation of the fixture has this to say.
pub(crate) fn declares(fixture: &Fixture, pointer: &str) -> bool {
    let mut routes = fixture.content.app.routes.iter();
    routes.any(|route| route.operation.pointer(pointer).is_some())
}

/// Whether a parameter is declared whose schema has a default.
pub(crate) fn has_default(fixture: &Fixture) -> bool {
    let routes = fixture.content.app.routes.iter();
    routes
        .filter_map(|route| route.operation.get("parameters")?.as_array())
        .flatten()
        .any(|parameter| parameter.pointer("/schema/default").is_some())
}

/// Whether a setting is given whose name ends like this.
pub(crate) fn sets(fixture: &Fixture, ending: &str) -> bool {
    let mut names = fixture.content.app.settings.keys();
    names.any(|name| name.ends_with(ending))
}

/// Whether a route has a variable with a type.
pub(crate) fn has_converter(fixture: &Fixture) -> bool {
    let mut routes = fixture.content.app.routes.iter();
    routes.any(|route| {
        route.path.split('{').skip(1).any(|rest| {
            rest.split('}').next().is_some_and(|variable| {
                variable.contains(':') && !variable.ends_with(":path") && !variable.ends_with(":str")
            })
        })
    })
}

/// Whether a path is sent with escapes that its handler is to see decoded.
pub(crate) fn decodes_a_path(fixture: &Fixture) -> bool {
    fixture.content.exchanges.iter().any(|exchange| {
        let Send::Request(request) = &exchange.send else {
            return false;
        };
        let target = request.path.expand();
        let is_escaped = target.split('?').next().is_some_and(|path| path.contains('%'));
        is_escaped
            && exchange.expect.all().iter().any(|expectation| {
                let section = expectation.body.as_ref().and_then(|body| body.get("path"));
                section.is_some_and(|section| !section.to_string().contains('%'))
            })
    })
}

/// Whether one of several routes is asked for by a literal segment where another route has a variable.
pub(crate) fn prefers_a_literal(fixture: &Fixture) -> bool {
    let routes: Vec<Vec<&str>> = fixture
        .content
        .app
        .routes
        .iter()
        .map(|route| route.path.split('/').collect())
        .collect();
    requests(fixture).any(|request| {
        let path = request.path.expand();
        let path: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').collect();
        let is_at =
            |route: &[&str], at: usize| route.len() > at && path.len() > at && route[..at] == path[..at];
        (1..path.len()).any(|at| {
            routes.iter().any(|literal| {
                is_at(literal, at)
                    && literal[at] == path[at]
                    && !path[at].is_empty()
                    && literal.len() == path.len()
            }) && routes.iter().any(|variable| {
                is_at(variable, at)
                    && variable[at].starts_with('{')
                    && variable[at].ends_with('}')
                    && variable.len() == path.len()
            })
        })
    })
}

/// Whether a handler, after waiting or at once, is one that `matches` says.
pub(crate) fn has_handler(fixture: &Fixture, matches: fn(&Handler) -> bool) -> bool {
    let mut routes = fixture.content.app.routes.iter();
    routes.any(|route| matches(route.handler.last()))
}
