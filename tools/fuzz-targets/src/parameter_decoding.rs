//! Parameters of every place and style.

use std::sync::{Arc, LazyLock};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header::COOKIE};
use sabir_core::{
    Kind, Operation, Problem, Route, RouteDefinition, Settings, SetupError, Value, Violations,
    routing::{Converters, Found, Router},
    schema::SchemaCompiler,
    settings::TrailingSlash,
};
use serde_json::{Value as Json, json};

use crate::{input::Input, watch::watch};

/// The memory for each byte of the request: its values are trees.
const DECODING: usize = 64;

/// A route that declares every style in every place that OpenAPI 3.1 §4.8.12.3 allows it in.
static ROUTER: LazyLock<Result<Router<Arc<Route>>, SetupError>> = LazyLock::new(router);

const PATH: &str = "/{plain}/{simple}/{exploded}/{label}/{labels}/{matrix}/{matrices}/{id:int}";

fn router() -> Result<Router<Arc<Route>>, SetupError> {
    let mut parameters = path_parameters();
    for place in ["query", "header", "cookie"] {
        parameters.extend(parameters_of(place));
    }
    let definition = RouteDefinition::new(
        Method::GET,
        PATH,
        Operation::from_json(&json!({ "parameters": parameters }))?,
    );
    let settings = Settings::default();
    let route = Route::compile(
        definition,
        &Converters::default(),
        &SchemaCompiler::default(),
        &settings,
    )?;
    let mut router = Router::new(TrailingSlash::Strict);
    router.add(Method::GET, Arc::clone(&route.pattern), Arc::new(route))?;
    Ok(router)
}

fn array() -> Json {
    json!({"type": "array", "items": {"type": "integer", "maximum": 99}, "maxItems": 4})
}

fn object() -> Json {
    json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": ["boolean", "null"]}},
        "additionalProperties": {"type": "string", "maxLength": 3}})
}

fn path_parameters() -> Vec<Json> {
    let parameter = |name: &str, style: &str, explode: bool, schema: Json| json!({"name": name, "in": "path", "required": true, "style": style, "explode": explode, "schema": schema});
    vec![
        parameter(
            "plain",
            "simple",
            false,
            json!({"type": "string", "maxLength": 5}),
        ),
        parameter("simple", "simple", false, array()),
        parameter("exploded", "simple", true, object()),
        parameter("label", "label", false, array()),
        parameter("labels", "label", true, object()),
        parameter("matrix", "matrix", false, object()),
        parameter("matrices", "matrix", true, array()),
    ]
}

/// Scalars of every kind, and arrays and objects in every style of `place`.
fn parameters_of(place: &str) -> Vec<Json> {
    let scalars = [
        ("i", json!({"type": "integer", "default": 1, "minimum": -5})),
        ("n", json!({"type": "number", "multipleOf": 0.5})),
        ("b", json!({"type": "boolean"})),
        ("s", json!({"type": "string", "pattern": "^[a-z]*$"})),
        ("u", json!({"type": "string", "format": "uuid"})),
        ("t", json!({"type": ["string", "null"], "format": "date-time"})),
        ("d", json!({"type": "string", "format": "decimal"})),
        ("e", json!({"enum": [1, 2, null]})),
        ("x", Json::Null),
    ];
    let mut all: Vec<Json> = scalars
        .into_iter()
        .map(|(name, schema)| json!({"name": format!("{place}-{name}"), "in": place, "schema": schema}))
        .collect();
    all.push(
        json!({"name": format!("{place}-r"), "in": place, "required": true, "schema": {"type": "integer"}}),
    );
    let styles: &[&str] = match place {
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "header" => &["simple"],
        _ => &["form"],
    };
    for style in styles {
        for explode in [false, true] {
            for (letter, schema) in [("a", array()), ("o", object())] {
                if *style == "deepObject" && letter == "a" {
                    continue;
                }
                let name = format!("{place}-{letter}-{style}-{explode}");
                all.push(
                    json!({"name": name, "in": place, "style": style, "explode": explode, "schema": schema}),
                );
            }
        }
    }
    all
}

/// Reads one line each for the path, the query and the cookies, then header fields as `name: value`.
///
/// Nothing panics; the outcome is a value for every parameter that fits its kind, or a problem that blames the client; memory and
/// time keep to bounds.
///
/// # Panics
/// When one of these does not hold.
pub fn parameter_decoding(data: &[u8]) {
    let router = match &*ROUTER {
        Ok(router) => router,
        Err(error) => unreachable!("{error}"),
    };
    let mut input = Input(data);
    let path = input.text();
    let query = input.text();
    let mut headers = HeaderMap::new();
    if let Ok(cookies) = HeaderValue::from_bytes(input.line()) {
        headers.insert(COOKIE, cookies);
    }
    while !input.0.is_empty() {
        let line = input.line();
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        let value = HeaderValue::from_bytes(value.strip_prefix(b": ").unwrap_or(value));
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), value) {
            headers.append(name, value);
        }
    }
    // Without a match the other places are decoded all the same, as if the path had no variables.
    let fallback = "/a/1/a=1/.1/.a=1/;matrix=a,1/;matrices=1/1";
    for path in [&*path, fallback] {
        let Found::Route { target, captures } = router.find(&Method::GET, path) else {
            continue;
        };
        let (outcome, violations) = watch(data.len(), DECODING, || {
            let mut violations = Violations::default();
            let decoding = &target.parameters;
            let outcome = decoding.decode(&captures, Some(&*query), &headers, &mut violations);
            (outcome, violations)
        });
        check(target, outcome, violations);
        return;
    }
    unreachable!("the path {fallback:?} has no route");
}

fn check(route: &Route, outcome: Result<Vec<Option<Value>>, Problem>, violations: Violations) {
    let values = match outcome {
        Ok(values) => values,
        Err(problem) => return check_problem(problem),
    };
    assert_eq!(values.len(), route.parameters.iter().count());
    if !violations.is_empty() {
        assert!(violations.iter().all(|violation| violation.name.is_some()));
        return check_problem(violations.into_problem());
    }
    for (info, value) in route.parameters.iter().zip(values) {
        match value {
            Some(value) => assert!(fits(info.kind, &value), "{} is {value:?}", info.name),
            None => assert!(!info.name.ends_with("-r"), "{} is missing", info.name),
        }
    }
}

fn check_problem(problem: Problem) {
    let status = StatusCode::from_u16(problem.status);
    assert!(status.is_ok_and(|status| status.is_client_error()), "{problem:?}");
    assert!(problem.detail.is_some(), "{problem:?} does not say what is wrong");
    let reply = problem.write();
    assert!(reply.status.is_client_error());
}

fn fits(kind: &Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Any, _) | (_, Value::Null) => true,
        (Kind::Integer, value) => matches!(value, Value::Integer(_) | Value::Literal(_)),
        (Kind::Number, value) => {
            matches!(value, Value::Integer(_) | Value::Number(_) | Value::Literal(_))
        }
        (Kind::Boolean, value) => matches!(value, Value::Bool(_)),
        (Kind::Array(items), Value::Array(values)) => values.iter().all(|value| fits(items, value)),
        (Kind::Object, value) => matches!(value, Value::Object(_)),
        (Kind::Null | Kind::Array(_), _) => false,
        (_, value) => matches!(value, Value::String(_)),
    }
}
