//! One route, compiled.

use std::{sync::Arc, time::Duration};

use http::Method;

use crate::{
    Operation, Settings, SetupError,
    body::BodyPlan,
    header::negotiation::Offers,
    operation::status_name,
    parameters::Parameters,
    routing::{Converters, Pattern},
    schema::SchemaCompiler,
    websocket::SocketPlan,
};

/// A route as a host describes it.
///
/// ```
/// use http::Method;
/// use sabir_core::{Operation, RouteDefinition};
/// use serde_json::json;
///
/// let operation = Operation::from_json(&json!({ "parameters": [
///     { "name": "limit", "in": "query", "schema": { "type": "integer", "default": 10 } }
/// ] }))?;
/// let definition = RouteDefinition::new(Method::GET, "/users/{id:int}", operation);
/// # let _ = definition;
/// # Ok::<_, sabir_core::SetupError>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RouteDefinition {
    /// The method; any token, or [`ANY_METHOD`](crate::routing::ANY_METHOD).
    pub method: Method,
    /// The path pattern.
    pub path: String,
    /// What the route takes and gives.
    pub operation: Operation,
    /// How the handler takes the content of its requests.
    pub content: ContentForm,
}

/// How a handler takes the content of its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ContentForm {
    /// Decoded and validated before the handler runs.
    #[default]
    Value,
    /// JSON validated, and left to the handler's own parser.
    JsonText,
    /// As it arrives, with the handler at work already.
    Stream,
}

impl RouteDefinition {
    /// The route of `method` at `path`, which takes and gives what `operation` declares.
    pub fn new(method: Method, path: impl Into<String>, operation: Operation) -> Self {
        Self {
            method,
            path: path.into(),
            operation,
            content: ContentForm::Value,
        }
    }

    /// The same route with a handler that reads JSON content itself, with a parser that makes doubles of all numbers. The
    /// content is checked and validated as ever, and then left as [`Body::Json`](crate::Body::Json) instead of a value. What
    /// such a parser would not read exactly is decoded all the same.
    #[must_use]
    pub fn leaving_json(self) -> Self {
        Self {
            content: ContentForm::JsonText,
            ..self
        }
    }

    /// The same route with a handler that runs once the head is there, and takes the content while it arrives: as
    /// [`Body::Items`](crate::Body::Items) where the operation declares JSON Lines with an `itemSchema`, as
    /// [`Body::Parts`](crate::Body::Parts) where it declares `multipart/form-data`, and as
    /// [`Body::Stream`](crate::Body::Stream) otherwise. The limits and deadlines hold while it is read.
    #[must_use]
    pub fn streaming(self) -> Self {
        Self {
            content: ContentForm::Stream,
            ..self
        }
    }
}

/// A compiled route: everything that is known before the first request.
///
/// ```
/// use http::Method;
/// use sabir_core::{Operation, Route, RouteDefinition, Settings, routing::Converters, schema::SchemaCompiler};
///
/// let definition = RouteDefinition::new(Method::GET, "/users/{id:int}", Operation::default());
/// let (converters, schemas) = (Converters::default(), SchemaCompiler::default());
/// let route = Route::compile(definition, &converters, &schemas, &Settings::default())?;
/// assert_eq!(route.parameters.iter().next().map(|parameter| parameter.name), Some("id"));
/// # Ok::<_, sabir_core::SetupError>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Route {
    /// The method, or [`ANY_METHOD`](crate::routing::ANY_METHOD).
    pub method: Method,
    /// The path pattern.
    pub pattern: Arc<Pattern>,
    /// The operation as given, with names of statuses where answers are not described.
    pub operation: Operation,
    /// The parameters.
    pub parameters: Parameters,
    /// The body; `None` when the operation declares none.
    pub body: Option<BodyPlan>,
    /// The media types of the first success response, where there are several to choose from. One alone is sent whatever the
    /// client accepts, as RFC 9110 §15.5.7 permits: nobody has asked for a choice.
    pub offers: Offers,
    /// How the handler takes the content.
    pub content: ContentForm,
    /// The most violations that are told.
    pub violation_limit: u64,
    /// The largest body in bytes.
    pub body_limit: u64,
    /// The handler's deadline.
    pub timeout: Option<Duration>,
    /// The socket, of a route that is one.
    pub socket: Option<Arc<SocketPlan>>,
}

impl Route {
    /// Compiles `definition`.
    ///
    /// # Errors
    /// Names the route, the field and the remedy.
    pub fn compile(
        definition: RouteDefinition,
        converters: &Converters,
        schemas: &SchemaCompiler,
        settings: &Settings,
    ) -> Result<Self, SetupError> {
        let name = format!("{} {}", definition.method, definition.path);
        Self::compile_parts(definition, converters, schemas, settings).map_err(|error| error.at(name))
    }

    fn compile_parts(
        definition: RouteDefinition,
        converters: &Converters,
        schemas: &SchemaCompiler,
        settings: &Settings,
    ) -> Result<Self, SetupError> {
        let RouteDefinition {
            method,
            path,
            mut operation,
            content,
        } = definition;
        for (status, response) in &mut operation.responses {
            if response.description.is_empty() {
                response.description = status_name(status).into();
            }
        }
        check_method(&method)?;
        let pattern = Arc::new(Pattern::parse(&path, converters)?);
        let parameters = Parameters::compile(&operation.parameters, &pattern, schemas)?;
        let body = match &operation.request_body {
            Some(body) => Some(BodyPlan::compile(body, schemas, settings)?),
            None => None,
        };
        check_responses(&operation, schemas)?;
        let socket = socket(&method, &operation, schemas, settings)?;
        let first_success = operation
            .responses
            .iter()
            .find(|(status, _)| status.starts_with('2'))
            .filter(|(_, response)| response.content.len() > 1);
        let offers = first_success.map_or_else(Offers::default, |(_, response)| {
            Offers::new(response.content.keys().map(String::as_str))
        });
        let mut extension = operation.extension.clone().unwrap_or_default();
        extension.body_limit = extension.body_limit.filter(|_| crate::Switch::Limits.is_on());
        extension.timeout_ms = extension.timeout_ms.filter(|_| crate::Switch::Deadlines.is_on());
        let timeout_ms = extension.timeout_ms.unwrap_or(settings.handler_timeout_ms);
        Ok(Self {
            method,
            pattern,
            parameters,
            body,
            offers,
            violation_limit: settings.violation_limit,
            body_limit: extension.body_limit.unwrap_or(settings.body_limit),
            timeout: (timeout_ms > 0).then(|| Duration::from_millis(timeout_ms)),
            operation,
            content,
            socket,
        })
    }
}

/// A method that no client sends is a mistake: names are told apart by case (RFC 9110 §9.1).
fn check_method(method: &Method) -> Result<(), SetupError> {
    const KNOWN: [&str; 10] = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY",
    ];
    let name = method.as_str();
    match KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name)) {
        Some(known) if *known != name => Err(SetupError::new(
            "method",
            format!("no client sends the method `{name}`"),
            format!("write {known}"),
        )),
        _ => Ok(()),
    }
}

/// A handshake is a GET without content (RFC 6455 §4.1).
fn socket(
    method: &Method,
    operation: &Operation,
    schemas: &SchemaCompiler,
    settings: &Settings,
) -> Result<Option<Arc<SocketPlan>>, SetupError> {
    let Some(description) = operation
        .extension
        .as_ref()
        .and_then(|extension| extension.websocket.as_ref())
    else {
        return Ok(None);
    };
    if method != Method::GET {
        let problem = format!("a WebSocket is opened with GET, and the method is {method}");
        return Err(SetupError::new(
            "x-sabir.websocket",
            problem,
            "add the route with GET",
        ));
    }
    if operation.request_body.is_some() {
        let problem = "the request that opens a WebSocket has no content";
        let remedy = "take what it needs from the path, the query, header fields or cookies, or from the first message";
        return Err(SetupError::new("requestBody", problem, remedy));
    }
    SocketPlan::compile(description, schemas, settings).map(|plan| Some(Arc::new(plan)))
}

/// Answers may not be held against their schemas, but a mistake in one would reach every document and client made of it.
fn check_responses(operation: &Operation, schemas: &SchemaCompiler) -> Result<(), SetupError> {
    for (status, response) in &operation.responses {
        if !is_status(status) {
            return Err(SetupError::new(
                format!("responses.{status}"),
                format!("`{status}` is not a status code"),
                "use a code such as 200, a range such as 2XX, or default (OpenAPI 3.1 §4.8.16)",
            ));
        }
        for (media_type, content) in &response.content {
            let field = format!("responses.{status}.content.{media_type}.schema");
            schemas.compile(&content.schema, &field)?;
            if let Some(items) = &content.item_schema {
                let field = format!("responses.{status}.content.{media_type}.itemSchema");
                schemas.compile(items, &field)?;
            }
        }
    }
    Ok(())
}

fn is_status(text: &str) -> bool {
    let is_code = |rest: &[u8]| rest == b"XX" || (rest.len() == 2 && rest.iter().all(u8::is_ascii_digit));
    text == "default" || matches!(text.as_bytes(), [b'1'..=b'5', rest @ ..] if is_code(rest))
}
