//! Holding answers to what their operation declares.

use std::sync::Arc;

use bytes::Bytes;
use http::{
    Method, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};

use crate::{
    BoxFuture, Call, Handler, Location, Problem, ProblemType, Reply, ReplyBody, Route, Settings, SetupError,
    Value, Violations,
    header::media_type::MediaType,
    json::{self, JsonLimits},
    parameters::text_schema::{TextPart, TextSchema},
    schema::{Schema, SchemaCompiler},
    settings::ResponseValidation,
};

/// How many violations a log entry tells.
const TOLD: u64 = 10;

/// The handler that answers for `handler`, and holds its JSON to the schemas that the operation of `route` declares, as the
/// setting `response_validation` says. Where there is nothing to check it is `handler` itself.
///
/// Statuses and media types that are not declared are not looked at; neither are problems, streams, files, content with a
/// coding, and content that is not sent.
///
/// # Errors
/// A schema that does not compile.
pub(super) fn checked(
    route: &Route,
    handler: Arc<dyn Handler>,
    schemas: &SchemaCompiler,
    settings: &Settings,
) -> Result<Arc<dyn Handler>, SetupError> {
    Ok(match Checks::of(route, schemas, settings)? {
        Some(checks) => Arc::new(Checked {
            handler,
            checks: Arc::new(checks),
        }),
        None => handler,
    })
}

/// A handler whose answers are checked.
struct Checked {
    handler: Arc<dyn Handler>,
    checks: Arc<Checks>,
}

impl Handler for Checked {
    fn call(&self, call: Call) -> BoxFuture<'static, Reply> {
        let is_head = call.head.method == Method::HEAD;
        let (work, checks) = (self.handler.call(call), Arc::clone(&self.checks));
        Box::pin(async move {
            let reply = work.await;
            // A handler need not make what is not sent. What it makes has the length of the answer to GET (RFC 9110 §9.3.2).
            match &reply.body {
                ReplyBody::Bytes(bytes) if is_head && bytes.is_empty() => reply,
                _ => checks.apply(reply),
            }
        })
    }
}

/// What one route declares of its answers.
struct Checks {
    route: String,
    /// Statuses, ranges of them and `default`, with the kinds of JSON that each may have.
    answers: Vec<(Box<str>, Vec<Content>)>,
    enforces: bool,
    /// Whether the client sees what is wrong.
    is_shown: bool,
}

/// One kind of JSON that an answer may be.
struct Content {
    range: MediaType,
    schema: Schema,
    /// The members that the schema declares, where others are left out.
    members: Option<TextSchema>,
}

impl Checks {
    /// What is to be checked; `None` where that is nothing.
    fn of(route: &Route, schemas: &SchemaCompiler, settings: &Settings) -> Result<Option<Self>, SetupError> {
        if settings.response_validation == ResponseValidation::Off {
            return Ok(None);
        }
        let enforces = settings.response_validation == ResponseValidation::Enforce;
        let mut answers = Vec::new();
        for (status, response) in &route.operation.responses {
            let mut contents = Vec::new();
            for (name, content) in &response.content {
                let field = format!("responses.{status}.content.{name}.schema");
                if let Some(range) = MediaType::parse_range(name).filter(MediaType::is_json) {
                    contents.push(Content {
                        range: range.without_charset(),
                        schema: schemas.compile(&content.schema, &field)?,
                        members: enforces
                            .then(|| TextSchema::compile(&content.schema, schemas, &field))
                            .transpose()?,
                    });
                }
            }
            answers.push((status.as_str().into(), contents));
        }
        let is_empty = answers
            .iter()
            .all(|(_, contents): &(_, Vec<Content>)| contents.is_empty());
        Ok((!is_empty).then(|| Self {
            route: format!("{} {}", route.method, route.pattern.as_str()),
            answers,
            enforces,
            is_shown: settings.debug,
        }))
    }

    fn apply(&self, mut reply: Reply) -> Reply {
        let ReplyBody::Bytes(bytes) = &reply.body else {
            return reply;
        };
        let Some(content) = self
            .declared(&reply)
            .filter(|_| crate::Switch::Validation.is_on())
        else {
            return reply;
        };
        let mut violations = Violations::new(TOLD);
        let mistake = match content.check(bytes, &mut violations) {
            Ok(None) => None,
            Ok(Some(filtered)) => {
                reply.body = ReplyBody::Bytes(filtered);
                None
            }
            Err(problem) => problem.detail,
        };
        match mistake.or_else(|| description(&violations)) {
            Some(mistake) => self.refuse(reply, &mistake),
            None => reply,
        }
    }

    fn refuse(&self, mut reply: Reply, mistake: &str) -> Reply {
        let status = reply.status.as_u16();
        if !self.enforces {
            tracing::warn!(
                route = self.route,
                status,
                mistake,
                "an answer does not fit its schema"
            );
            return reply;
        }
        tracing::error!(
            route = self.route,
            status,
            mistake,
            "an answer does not fit its schema"
        );
        let mut problem = Problem::new(ProblemType::InternalError);
        problem.detail = self
            .is_shown
            .then(|| format!("The answer does not fit its schema: {mistake}."));
        let mut refusal = problem.into_reply();
        refusal.permit = reply.permit.take();
        refusal
    }

    /// What is declared of an answer with this status and media type.
    fn declared(&self, reply: &Reply) -> Option<&Content> {
        if reply.headers.contains_key(CONTENT_ENCODING) || super::finish::is_without_content(reply.status) {
            return None;
        }
        let contents = self.of_status(reply.status)?;
        let media_type = MediaType::parse(reply.headers.get(CONTENT_TYPE)?.to_str().ok()?)?;
        contents
            .iter()
            .rev()
            .filter_map(|content| Some((content.range.covers(&media_type)?, content)))
            .max_by_key(|(specificity, _)| *specificity)
            .map(|(_, content)| content)
    }

    /// A code goes before its range, and that before `default` (OpenAPI 3.1 §4.8.16).
    fn of_status(&self, status: StatusCode) -> Option<&[Content]> {
        let range = format!("{}XX", status.as_u16() / 100);
        [status.as_str(), &range, "default"]
            .into_iter()
            .find_map(|wanted| {
                let declared = self.answers.iter().find(|(status, _)| &**status == wanted);
                declared.map(|(_, contents)| &**contents)
            })
    }
}

impl Content {
    /// Checks `bytes`, without the members that nobody declares where those are left out. What is sent then, where there
    /// were such.
    ///
    /// # Errors
    /// `bad-request` for what is no JSON.
    fn check(&self, bytes: &Bytes, violations: &mut Violations) -> Result<Option<Bytes>, Problem> {
        let limits = JsonLimits::OF_APPLICATION;
        let Some(members) = &self.members else {
            self.schema.validate_text(bytes, &limits, violations)?;
            return Ok(None);
        };
        let mut value = json::parse(bytes, &limits)?;
        let is_filtered = filter(&mut value, members.root());
        self.schema.validate(&value, Location::Body, None, violations);
        Ok(is_filtered.then(|| json::to_json_bytes(&value).into()))
    }
}

/// Removes the members that the schema does not declare, at every depth, and says whether there were such.
///
/// An object whose schema says what further members are keeps them, and so does one of which no member is declared.
fn filter(value: &mut Value, part: TextPart<'_>) -> bool {
    let mut is_filtered = false;
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                is_filtered |= filter(item, part.item(index));
            }
        }
        Value::Object(members) => {
            let before = members.0.len();
            if part.permits_named_only() {
                members.0.retain(|(name, _)| part.declares(name));
            }
            is_filtered = members.0.len() < before;
            for (name, member) in &mut members.0 {
                is_filtered |= filter(member, part.property(name));
            }
        }
        _ => {}
    }
    is_filtered
}

/// The violations as text; `None` when there are none.
fn description(violations: &Violations) -> Option<String> {
    if violations.is_empty() {
        return None;
    }
    let told: Vec<String> = violations
        .iter()
        .map(|violation| match violation.pointer.as_deref() {
            Some("") | None => violation.detail.clone(),
            Some(pointer) => format!("{pointer}: {}", violation.detail),
        })
        .collect();
    Some(told.join("; "))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde_json::json;

    use super::*;
    use crate::{Operation, RouteDefinition, routing::Converters};

    fn checks(mode: ResponseValidation, responses: &serde_json::Value) -> Checks {
        let operation = Operation::from_json(&json!({ "responses": responses })).unwrap();
        let definition = RouteDefinition::new(Method::GET, "/", operation);
        let settings = Settings {
            response_validation: mode,
            debug: true,
            ..Settings::default()
        };
        let components = json!({"Item": {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}});
        let schemas = SchemaCompiler::new(components.as_object().unwrap().clone());
        let route = Route::compile(definition, &Converters::default(), &schemas, &settings).unwrap();
        Checks::of(&route, &schemas, &settings).unwrap().unwrap()
    }

    fn enforced(schema: &serde_json::Value, body: &'static str) -> (u16, String) {
        let responses =
            json!({"200": {"description": "", "content": {"application/json": {"schema": schema}}}});
        let checks = checks(ResponseValidation::Enforce, &responses);
        let reply = checks.apply(Reply::bytes(
            StatusCode::OK,
            "application/json; charset=utf-8",
            body,
        ));
        match reply.body {
            ReplyBody::Bytes(bytes) => (reply.status.as_u16(), String::from_utf8(bytes.into()).unwrap()),
            ReplyBody::Problem(problem) => (problem.status, problem.detail.unwrap()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn leaves_out_what_is_not_declared_at_every_depth() {
        let item = json!({"$ref": "#/components/schemas/Item"});
        let schema = json!({"type": "object", "properties": {"items": {"type": "array", "items": item}, "one": {"anyOf": [item, {"type": "null"}]}}});
        let body = r#"{"items":[{"id":1,"secret":2},{"id":2}],"one":{"secret":{},"id":3},"more":[1]}"#;
        assert_eq!(
            enforced(&schema, body),
            (200, r#"{"items":[{"id":1},{"id":2}],"one":{"id":3}}"#.into())
        );
        let as_it_is = r#"{"one" : null}"#;
        assert_eq!(enforced(&schema, as_it_is), (200, as_it_is.into()));
    }

    #[test]
    fn keeps_members_where_the_schema_speaks_of_others_or_of_none() {
        let body = r#"{"id":1,"more":2}"#;
        for schema in [
            json!({"type": "object"}),
            json!({"type": "object", "properties": {"id": {}}, "additionalProperties": {"type": "integer"}}),
            json!({"type": "object", "properties": {"id": {}}, "patternProperties": {"^m": {}}}),
            json!({"anyOf": [{"type": "object", "properties": {"id": {}}}, {"type": "object"}]}),
            json!({"properties": {"id": {}}, "if": {"required": ["id"]}, "then": {"properties": {"more": {}}}}),
        ] {
            assert_eq!(enforced(&schema, body), (200, body.into()), "{schema}");
        }
        let closed = json!({"type": "object", "properties": {"id": {}}, "additionalProperties": false});
        assert_eq!(enforced(&closed, body), (200, r#"{"id":1}"#.into()));
        let either = json!({"oneOf": [{"type": "object", "properties": {"id": {}}}, {"type": "object", "required": ["x"], "properties": {"more": {}}}]});
        assert_eq!(enforced(&either, body), (200, body.into()));
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let item = json!({"$ref": "#/components/schemas/Item"});
        let (status, detail) = enforced(
            &json!({"type": "array", "items": item}),
            r#"[{"id":1},{"id":"2"},{}]"#,
        );
        assert_eq!(status, 500);
        assert!(detail.contains("/1/id: ") && detail.contains("/2: "), "{detail}");
        assert_eq!(enforced(&item, "{").0, 500);
    }

    #[test]
    fn looks_only_at_what_is_declared() {
        let responses = json!({
            "201": {"description": "", "content": {"application/json": {"schema": {"type": "integer"}}}},
            "2XX": {"description": "", "content": {"application/json": {"schema": {"type": "string"}}}},
            "default": {"description": "", "content": {"application/*": {"schema": {"type": "null"}}, "application/json": {"schema": {"type": "boolean"}}}},
            "204": {"description": ""}
        });
        for mode in [ResponseValidation::Enforce, ResponseValidation::Warn] {
            let checks = checks(mode, &responses);
            let status = |status: u16, media_type, body: &'static str| {
                let status = StatusCode::from_u16(status).unwrap();
                checks
                    .apply(Reply::bytes(status, media_type, body))
                    .status
                    .as_u16()
            };
            let refused = |status| {
                if mode == ResponseValidation::Enforce {
                    500
                } else {
                    status
                }
            };
            assert_eq!(status(201, "application/json", "1"), 201);
            assert_eq!(status(201, "application/json", "true"), refused(201));
            assert_eq!(status(202, "application/json", r#""a""#), 202);
            assert_eq!(status(202, "application/json", "1"), refused(202));
            assert_eq!(status(404, "application/json", "true"), 404);
            assert_eq!(status(404, "application/json", "1"), refused(404));
            assert_eq!(status(404, "text/plain", "1"), 404);
            // These have no content, whatever a handler gives.
            for empty in [204, 205, 304] {
                assert_eq!(status(empty, "application/json", "1"), empty);
            }
            let coded = Reply::bytes(StatusCode::CREATED, "application/json", &b"\x1f\x8b"[..]);
            let coded = coded.with_header(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            assert_eq!(checks.apply(coded).status, 201);
        }
    }

    #[test]
    fn costs_nothing_where_it_is_off_or_nothing_is_declared() {
        let settings = Settings::default();
        let definition = RouteDefinition::new(Method::GET, "/", Operation::default());
        let schemas = SchemaCompiler::default();
        let route = Route::compile(definition, &Converters::default(), &schemas, &settings).unwrap();
        assert!(Checks::of(&route, &schemas, &settings).unwrap().is_none());
        let on = Settings {
            response_validation: ResponseValidation::Enforce,
            ..settings
        };
        assert!(Checks::of(&route, &schemas, &on).unwrap().is_none());
    }
}
