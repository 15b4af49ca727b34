//! One handler: its decorator, its signature and what it does.

use serde_json::Value;

use super::{
    body::Body,
    collect, literal,
    names::Scope,
    parameter, problem, socket, stages,
    style::{Functions, Style},
};
use crate::fixture::{Cookie, Disposition, Encoding, EventData, FileData, Handler, Route, SocketData};

/// The source of the handler of `route`, and whether it refers to components.
pub(super) fn source(route: &Route, body: &Body, style: Style, scope: &mut Scope) -> (String, bool) {
    let parameters = parameter::all(route);
    let name = scope.variable(&handler_name(route));
    let is_optional_body = body
        .parameter
        .as_ref()
        .is_some_and(|parameter| parameter.ends_with("= msgspec.UNSET"));
    let mut signature: Vec<String> = Vec::new();
    if reads_request(&route.handler) {
        signature.push("request: Request".into());
    }
    if matches!(route.handler, Handler::Socket(_)) {
        signature.push(match &body.message {
            Some(message) => format!("ws: WebSocket[{message}]"),
            None => "ws: WebSocket".into(),
        });
    }
    // Failures are reported in the order of declaration. Python wants parameters with defaults last, except after `*`.
    if !parameters.is_sorted_by_key(|parameter| parameter.has_default)
        || !is_optional_body
            && (body.parameter.is_some() || matches!(route.handler, Handler::Collect { .. }))
            && parameters.iter().any(|parameter| parameter.has_default)
    {
        signature.push("*".into());
    }
    signature.extend(parameters.iter().map(|parameter| parameter.source.clone()));
    signature.extend(body.parameter.clone());
    let functions = match route.handler {
        Handler::Sleep { .. } | Handler::Socket(_) => Functions::Coroutines,
        // What waits for its client must not keep the loop.
        Handler::Collect { .. } if style.functions == Functions::Inline => Functions::Coroutines,
        _ => style.functions,
    };
    if let Handler::Collect { form, .. } = &route.handler {
        signature.push(collect::parameter(
            *form,
            &route.operation,
            body.message.as_deref(),
            functions,
        ));
    }
    let mut arguments = Vec::new();
    for location in ["path", "query", "header", "cookie"] {
        let mut of_location: Vec<&parameter::Parameter> = parameters
            .iter()
            .filter(|parameter| parameter.location == location)
            .collect();
        of_location.sort_by_key(|parameter| &parameter.wire_name);
        if !of_location.is_empty() {
            let members = of_location.iter().map(|parameter| {
                let name = literal::string(&parameter.wire_name);
                if parameter.is_nullable {
                    format!("{name}: nullable({})", parameter.name)
                } else {
                    format!("{name}: {}", parameter.name)
                }
            });
            arguments.push(format!(
                "{location}={{{}}}",
                members.collect::<Vec<_>>().join(", ")
            ));
        }
    }
    if body.parameter.is_some() {
        arguments.push("body=body".into());
    }
    let refers = parameters.iter().any(|parameter| parameter.refers_to_components);
    let target = if style.has_router { "router" } else { "app" };
    if let Handler::Socket(socket) = &route.handler
        && style.functions == Functions::Inline
        && body.message.is_none()
        && socket::fits_callbacks(socket)
    {
        let signature = signature.join(", ");
        return (
            callbacks(route, socket, &signature, &arguments, target, &name),
            refers,
        );
    }
    let is_typed = body.message.is_some();
    let does = match &route.handler {
        Handler::Socket(socket) => socket::body(socket, &arguments, is_typed),
        handler => body_of(handler, &arguments, functions),
    };
    let keyword = match functions {
        Functions::Coroutines => "async def",
        Functions::Plain | Functions::Inline => "def",
    };
    let source = format!(
        "\n    {}\n    {keyword} {name}({}) -> {}:\n{does}",
        decorator(route, functions, target),
        signature.join(", "),
        return_type(&route.handler, functions),
    );
    (source, refers)
}

/// A WebSocket as functions of what happens.
fn callbacks(
    route: &Route,
    socket: &SocketData,
    signature: &str,
    echoed: &[String],
    target: &str,
    name: &str,
) -> String {
    let opening = socket::opening(socket, echoed);
    let opening = if opening.is_empty() {
        "        pass\n".into()
    } else {
        opening
    };
    let answer = socket::answer(socket, false);
    let call = decorator(route, Functions::Coroutines, target);
    let call = call.trim_start_matches('@').trim_end_matches(')');
    format!(
        "\n    async def open_{name}({signature}) -> None:\n{opening}\
         \n    async def answer_{name}(ws: WebSocket, message: str | bytes) -> None:\n        {answer}\n\
         \n    {call}, open=open_{name}, message=answer_{name})\n"
    )
}

/// The annotation of the answer: a status beside a value counts only where it says so.
fn return_type(handler: &Handler, functions: Functions) -> String {
    match handler {
        Handler::Sleep { then, .. } => return_type(then, functions),
        Handler::Return {
            value,
            encoding,
            status,
            ..
        } if !needs_response(handler) => {
            // A bare `None` would be 204.
            let status = status.or_else(|| matches!(encoding, Encoding::Empty).then_some(200));
            match status {
                Some(status) => format!("tuple[Any, Literal[{status}]]"),
                None if is_tuple(value, *encoding) => "tuple[Any, ...]".into(),
                None => "Any".into(),
            }
        }
        Handler::Return { .. } => "Response".into(),
        Handler::Stream { .. } => iterator("Any", functions),
        Handler::Events { .. } => iterator("Event", functions),
        Handler::File(_) => "FileResponse".into(),
        Handler::Echo {} | Handler::Read { .. } | Handler::Collect { .. } => "dict[str, Any]".into(),
        Handler::Raise { .. } | Handler::Fail { .. } | Handler::Socket(_) => "None".into(),
    }
}

/// What a generator gives.
fn iterator(item: &str, functions: Functions) -> String {
    match functions {
        Functions::Coroutines => format!("AsyncIterator[{item}]"),
        Functions::Plain | Functions::Inline => format!("Iterator[{item}]"),
    }
}

/// Whether an array is written as a tuple, whose second member is data and no status.
fn is_tuple(value: &Value, encoding: Encoding) -> bool {
    let is_scalar = |item: &Value| !item.is_array() && !item.is_object();
    matches!(encoding, Encoding::Json)
        && value
            .as_array()
            .is_some_and(|items| items.len() > 1 && items.iter().all(is_scalar))
}

/// Whether an answer needs a `Response`.
fn needs_response(handler: &Handler) -> bool {
    match handler {
        Handler::Return {
            value,
            encoding,
            status,
            headers,
            cookies,
        } => {
            // A bare string or null would be sent as text or as nothing, with any media type.
            let is_bare_json = matches!(encoding, Encoding::Json) && (value.is_string() || value.is_null());
            // No annotation declares what no answer may have.
            let is_odd = status.is_some_and(|status| !(200..600).contains(&status));
            !headers.is_empty() || !cookies.is_empty() || is_bare_json || is_odd
        }
        _ => false,
    }
}

/// A name for what the route is about: the last plain segment of its path.
fn handler_name(route: &Route) -> String {
    let plain = route
        .path
        .split('/')
        .rfind(|segment| !segment.is_empty() && !segment.contains('{'));
    match (route.method.as_str(), plain) {
        ("GET", Some(segment)) => format!("show_{segment}"),
        (_, Some(segment)) => format!("take_{segment}"),
        (_, None) => "answer".into(),
    }
}

fn decorator(route: &Route, functions: Functions, target: &str) -> String {
    let operation = &route.operation;
    let mut arguments = vec![literal::string(&route.path)];
    let verb = match route.method.as_str() {
        "GET" if matches!(route.handler, Handler::Events { .. }) => "sse".into(),
        "GET" if matches!(route.handler, Handler::Socket(_)) => "websocket".into(),
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" => route.method.to_lowercase(),
        "*" => "all".into(),
        method => {
            arguments.push(format!("methods=[{}]", literal::string(method)));
            "route".into()
        }
    };
    for (member, option) in [
        ("operationId", "operation_id"),
        ("summary", "summary"),
        ("description", "description"),
        ("tags", "tags"),
        ("deprecated", "deprecated"),
        ("security", "security"),
    ] {
        if let Some(value) = operation.get(member) {
            arguments.push(format!("{option}={}", literal::json(value)));
        }
    }
    for option in ["body_limit", "timeout_ms"] {
        if let Some(value) = operation
            .get("x-sabir")
            .and_then(|extension| extension.get(option))
        {
            arguments.push(format!("{option}={}", literal::json(value)));
        }
    }
    if let Some(set) = operation.pointer("/x-sabir/stages").and_then(Value::as_object) {
        arguments.push(format!("use=[{}]", stages::list(set).join(", ")));
    }
    arguments.extend(socket::options(operation));
    if let Handler::Stream {
        media_type: Some(media_type),
        ..
    } = &route.handler
    {
        arguments.push(format!("media_type={}", literal::string(media_type)));
    }
    if let Some(responses) = operation.get("responses") {
        arguments.push(format!("responses={}", literal::json(responses)));
    }
    if functions == Functions::Inline {
        arguments.push("blocking=False".into());
    }
    format!("@{target}.{verb}({})", arguments.join(", "))
}

fn reads_request(handler: &Handler) -> bool {
    match handler {
        Handler::Read { .. } => true,
        Handler::Sleep { then, .. } => reads_request(then),
        _ => false,
    }
}

fn body_of(handler: &Handler, echoed: &[String], functions: Functions) -> String {
    match handler {
        Handler::Echo {} => format!("        return echo({})\n", echoed.join(", ")),
        Handler::Sleep { ms, then } => {
            format!(
                "        await asyncio.sleep({ms} / 1000)\n{}",
                body_of(then, echoed, functions)
            )
        }
        Handler::Fail { message } => format!("        raise RuntimeError({})\n", literal::string(message)),
        Handler::Raise { problem } => format!("        raise {}\n", problem::exception(problem)),
        Handler::Read { what } => {
            let parts = what
                .iter()
                .map(|part| format!("{}: {}", literal::string(part), read(part, functions)));
            format!("        return {{{}}}\n", parts.collect::<Vec<_>>().join(", "))
        }
        Handler::Stream {
            values,
            encoding,
            fails,
            ..
        } => generator(
            values.iter().map(|value| match encoding {
                Encoding::Bytes => format!("decoded({})", literal::json(value)),
                _ => literal::json(value),
            }),
            fails.as_deref(),
        ),
        Handler::Events { events, fails } => generator(events.iter().map(event), fails.as_deref()),
        Handler::Collect { form, takes, keeps } => collect::body(*form, *takes, *keeps, functions),
        Handler::Socket(socket) => socket::body(socket, echoed, false),
        Handler::File(file) => format!("        return {}\n", file_response(file)),
        Handler::Return {
            value,
            encoding,
            status,
            headers,
            cookies,
        } => returned(
            value,
            *encoding,
            *status,
            headers,
            cookies,
            needs_response(handler),
        ),
    }
}

/// The body of a generator, which may fail at its end. One that gives nothing has to be one all the same.
fn generator(values: impl Iterator<Item = String>, fails: Option<&str>) -> String {
    let yields: String = values.map(|value| format!("        yield {value}\n")).collect();
    let last = match fails {
        Some(message) => format!("        raise RuntimeError({})\n", literal::string(message)),
        None if yields.is_empty() => "        return\n".into(),
        None => return yields,
    };
    let marks = if yields.is_empty() { "        yield\n" } else { "" };
    yields + &last + marks
}

fn event(event: &EventData) -> String {
    let text = |name: &str, value: &Option<String>| {
        value
            .as_ref()
            .map(|value| format!("{name}={}", literal::string(value)))
    };
    let members = [
        event
            .data
            .as_ref()
            .map(|data| format!("data={}", literal::json(data))),
        text("event", &event.event),
        text("id", &event.id),
        event.retry.map(|retry| format!("retry={retry}")),
        text("comment", &event.comment),
    ];
    format!(
        "Event({})",
        members.into_iter().flatten().collect::<Vec<_>>().join(", ")
    )
}

fn file_response(file: &FileData) -> String {
    let mut arguments = vec![format!("check.folder / {}", literal::string(&file.name))];
    arguments.extend(file.status.map(|status| status.to_string()));
    if !file.headers.is_empty() {
        arguments.push(format!("headers={}", literal::pairs(&file.headers)));
    }
    for (name, value) in [("media_type", &file.media_type), ("filename", &file.filename)] {
        let value = value.as_ref();
        arguments.extend(value.map(|value| format!("{name}={}", literal::string(value))));
    }
    if file.disposition == Disposition::Inline {
        arguments.push("disposition=\"inline\"".into());
    }
    format!("FileResponse({})", arguments.join(", "))
}

fn read(part: &str, functions: Functions) -> String {
    // The content is awaited in coroutines only.
    let content = |form: &str| match functions {
        Functions::Coroutines => format!("await request.{form}()"),
        Functions::Plain | Functions::Inline => format!("request.{form}_sync()"),
    };
    match part.split_once(':') {
        None => match part {
            "client" => "request.client.host if request.client else None".into(),
            "url" => "str(request.url)".into(),
            "text" => content("text"),
            "size" => format!("len({})", content("body")),
            "subject" | "scopes" => format!("request.identity and request.identity.{part}"),
            "sha256" => format!("hashlib.sha256({}).hexdigest()", content("body")),
            part => format!("request.{part}"),
        },
        Some(("header", name)) => format!("request.headers.get({})", literal::string(name)),
        Some(("headers", name)) => format!("request.headers.getlist({})", literal::string(name)),
        Some((_, name)) => format!("request.cookies.get({})", literal::string(name)),
    }
}

fn returned(
    value: &Value,
    encoding: Encoding,
    status: Option<u16>,
    headers: &[(String, String)],
    cookies: &[Cookie],
    needs_response: bool,
) -> String {
    let (content, media_type) = match encoding {
        Encoding::Empty => ("None".to_owned(), None),
        Encoding::Bytes => (format!("decoded({})", literal::json(value)), None),
        // A bare string or null would be sent as text or as nothing, with any media type, so it is written as JSON first.
        Encoding::Json if value.is_string() || value.is_null() => (
            format!("msgspec.json.encode({})", literal::json(value)),
            Some("application/json"),
        ),
        Encoding::Json | Encoding::Text => (literal::json(value), None),
    };
    // A bare `None` would be 204.
    let status = status.or_else(|| matches!(encoding, Encoding::Empty).then_some(200));
    if !needs_response {
        return match status {
            None if is_tuple(value, encoding) => {
                let items = value.as_array().into_iter().flatten().map(literal::json);
                format!("        return {}\n", items.collect::<Vec<_>>().join(", "))
            }
            None => format!("        return {content}\n"),
            Some(status) => format!("        return {content}, {status}\n"),
        };
    }
    let mut arguments = vec![content];
    arguments.extend(status.map(|status| status.to_string()));
    if !headers.is_empty() {
        arguments.push(format!("headers={}", literal::pairs(headers)));
    }
    if let Some(media_type) = media_type {
        arguments.push(format!("media_type={}", literal::string(media_type)));
    }
    let response = format!("Response({})", arguments.join(", "));
    if cookies.is_empty() {
        return format!("        return {response}\n");
    }
    let mut source = format!("        response = {response}\n");
    for cookie in cookies {
        source += &format!("        response.set_cookie({})\n", cookie_arguments(cookie));
    }
    source + "        return response\n"
}

fn cookie_arguments(cookie: &Cookie) -> String {
    let mut arguments = vec![literal::string(&cookie.name), literal::string(&cookie.value)];
    match cookie.path.as_deref() {
        // That is the default.
        Some("/") => {}
        Some(path) => arguments.push(format!("path={}", literal::string(path))),
        None => arguments.push("path=None".into()),
    }
    let domain = cookie.domain.as_ref();
    arguments.extend(domain.map(|domain| format!("domain={}", literal::string(domain))));
    arguments.extend(cookie.max_age.map(|seconds| format!("max_age={seconds}")));
    arguments.extend(cookie.expires.as_ref().map(|time| {
        format!(
            "expires=datetime.datetime.fromisoformat({})",
            literal::string(time)
        )
    }));
    for (name, is_set) in [
        ("secure", cookie.secure),
        ("http_only", cookie.http_only),
        ("partitioned", cookie.partitioned),
    ] {
        arguments.extend(is_set.then(|| format!("{name}=True")));
    }
    arguments.extend(
        cookie
            .same_site
            .as_ref()
            .map(|value| format!("same_site={}", literal::string(value))),
    );
    arguments.join(", ")
}
