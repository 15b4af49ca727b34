//! What a handler does.

use super::{layout::Code, literal, response::Answer};
use crate::fixture::{Disposition, Encoding, EventData, FileData, Handler, ProblemData};

/// The handler as an arrow function; `described` is the second argument of `echo`, where it needs one.
pub(super) fn arrow(handler: &Handler, described: Option<Code>) -> Code {
    if let Some(values) = yielded(handler) {
        let yields = values
            .into_iter()
            .map(|value| value.with_prefix("yield ").with_suffix(";"));
        let failure = failure(handler).map(|message| {
            let error = Code::call("new Error", vec![literal::string(message).into()]);
            error.with_prefix("throw ").with_suffix(";")
        });
        return Code::block("async function* () {", yields.chain(failure).collect(), "}");
    }
    let waits = if waits(handler) { "async " } else { "" };
    let head = format!("{waits}({}) =>", parameter(handler));
    let mut statements = Vec::new();
    let mut last = handler;
    while let Handler::Sleep { ms, then } = last {
        statements.push(format!("await sleep({ms});").into());
        last = then;
    }
    statements.extend(Answer::of(last).into_iter().flat_map(Answer::statements));
    match outcome(last, described) {
        Outcome::Returns(code) if statements.is_empty() => return Code::arrow(&head, code),
        Outcome::Returns(code) => statements.push(code.with_prefix("return ").with_suffix(";")),
        Outcome::Throws(code) => statements.push(code.with_prefix("throw ").with_suffix(";")),
    }
    Code::block(&format!("{head} {{"), statements, "}")
}

/// What a generator yields, where the handler is one.
fn yielded(handler: &Handler) -> Option<Vec<Code>> {
    match handler {
        Handler::Stream {
            values,
            encoding,
            media_type: None,
            fails: _,
        } => Some(values.iter().map(|value| streamed(value, *encoding)).collect()),
        Handler::Events { events, .. } => Some(events.iter().map(event).collect()),
        _ => None,
    }
}

/// The text of the error after what a generator yields.
fn failure(handler: &Handler) -> Option<&str> {
    match handler {
        Handler::Stream { fails, .. } | Handler::Events { fails, .. } => fails.as_deref(),
        _ => None,
    }
}

fn streamed(value: &serde_json::Value, encoding: Encoding) -> Code {
    match encoding {
        Encoding::Bytes => Code::call("Buffer.from", vec![literal::json(value), "\"base64\"".into()]),
        _ => literal::json(value),
    }
}

fn event(event: &EventData) -> Code {
    let text = |name: &str, value: &Option<String>| {
        let value = value.as_ref();
        value.map(|value| literal::member(name, literal::string(value).into()))
    };
    let members = [
        event
            .data
            .as_ref()
            .map(|data| literal::member("data", literal::json(data))),
        text("event", &event.event),
        text("id", &event.id),
        event.retry.map(|retry| format!("retry: {retry}").into()),
        text("comment", &event.comment),
    ];
    Code::object(members.into_iter().flatten().collect())
}

/// How a handler ends.
enum Outcome {
    Returns(Code),
    Throws(Code),
}

/// Whether the handler waits for something: time, or the content of the request.
fn waits(handler: &Handler) -> bool {
    match handler {
        Handler::Sleep { .. } => true,
        Handler::Read { what } => what.iter().any(|part| read(part).contains("await ")),
        _ => false,
    }
}

/// The parameter list of the handler, without parentheses.
fn parameter(handler: &Handler) -> &'static str {
    match handler {
        Handler::Echo {} => "context",
        Handler::Read { what } if what.iter().all(|part| part == "accepts") => "{ accepts }",
        Handler::Read { what } if what.iter().any(|part| part == "accepts") => "{ request, accepts }",
        Handler::Read { .. } => "{ request }",
        Handler::Sleep { then, .. } => parameter(then),
        Handler::Return { .. } if Answer::of(handler).is_some_and(Answer::takes_context) => "context",
        Handler::Return { .. }
        | Handler::Stream { .. }
        | Handler::Events { .. }
        | Handler::File(_)
        | Handler::Socket(_)
        | Handler::Collect { .. }
        | Handler::Raise { .. }
        | Handler::Fail { .. } => "",
    }
}

fn outcome(handler: &Handler, described: Option<Code>) -> Outcome {
    match handler {
        Handler::Echo {} => {
            let mut arguments = vec!["context".into()];
            arguments.extend(described);
            Outcome::Returns(Code::call("echo", arguments))
        }
        Handler::Read { what } => {
            let parts = what.iter().map(|part| literal::member(part, read(part).into()));
            Outcome::Returns(Code::object(parts.collect()))
        }
        Handler::Return { .. } => {
            Outcome::Returns(Answer::of(handler).map_or_else(|| "undefined".into(), Answer::returned))
        }
        Handler::Stream {
            values,
            encoding,
            media_type,
            fails: _,
        } => {
            let values = values.iter().map(|value| streamed(value, *encoding)).collect();
            let media_type = media_type.iter();
            let options = media_type.map(|name| literal::member("mediaType", literal::string(name).into()));
            Outcome::Returns(Code::call(
                "stream",
                vec![Code::array(values), Code::object(options.collect())],
            ))
        }
        // Written as generators, by `collect` and by `socket`.
        Handler::Events { .. } | Handler::Collect { .. } | Handler::Socket(_) => {
            Outcome::Returns("undefined".into())
        }
        Handler::File(file) => Outcome::Returns(file_of(file)),
        Handler::Fail { message } => {
            Outcome::Throws(Code::call("new Error", vec![literal::string(message).into()]))
        }
        Handler::Raise { problem } => Outcome::Throws(problem_of(problem)),
        Handler::Sleep { then, .. } => outcome(then, described),
    }
}

fn file_of(file: &FileData) -> Code {
    let path = Code::call("join", vec!["folder".into(), literal::string(&file.name).into()]);
    let text = |name: &str, value: &Option<String>| {
        let value = value.as_ref();
        value.map(|value| literal::member(name, literal::string(value).into()))
    };
    let is_inline = file.disposition == Disposition::Inline;
    let members = [
        file.status.map(|status| format!("status: {status}").into()),
        (!file.headers.is_empty()).then(|| literal::member("headers", literal::fields(&file.headers))),
        text("mediaType", &file.media_type),
        text("filename", &file.filename),
        is_inline.then(|| "disposition: \"inline\"".into()),
    ];
    let options: Vec<Code> = members.into_iter().flatten().collect();
    let options = (!options.is_empty()).then(|| Code::object(options));
    Code::call("file", std::iter::once(path).chain(options).collect())
}

/// A part of the request object; what is absent is null in the answer.
fn read(part: &str) -> String {
    match part.split_once(':') {
        None => match part {
            "query_string" => "request.queryString".into(),
            "text" => "await request.text()".into(),
            "size" => "(await request.bytes()).length".into(),
            "sha256" => "createHash(\"sha256\").update(await request.bytes()).digest(\"hex\")".into(),
            "accepts" => "accepts ?? null".into(),
            "client" => "request.client?.address ?? null".into(),
            "subject" | "scopes" => format!("request.identity?.{part} ?? null"),
            part => format!("request.{part}"),
        },
        Some(("header", name)) => format!("request.header({}) ?? null", literal::string(name)),
        Some(("headers", name)) => format!("request.headerList({})", literal::string(name)),
        Some((_, name)) => format!("request.cookies[{}] ?? null", literal::string(name)),
    }
}

pub(super) fn problem_of(problem: &ProblemData) -> Code {
    let mut options = Vec::new();
    for (name, value) in [
        ("type", &problem.type_uri),
        ("title", &problem.title),
        ("detail", &problem.detail),
    ] {
        options.extend(
            value
                .as_ref()
                .map(|value| literal::member(name, literal::string(value).into())),
        );
    }
    if !problem.headers.is_empty() {
        options.push(literal::member("headers", literal::fields(&problem.headers)));
    }
    if !problem.extensions.is_empty() {
        options.push(literal::member(
            "extensions",
            literal::object(&problem.extensions),
        ));
    }
    let mut arguments = vec![problem.status.to_string().into()];
    if !options.is_empty() {
        arguments.push(Code::object(options));
    }
    Code::call("new Problem", arguments)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(handler: &serde_json::Value) -> String {
        let handler: Handler = serde_json::from_value(handler.clone()).unwrap();
        arrow(&handler, Some("options".into())).print(0)
    }

    #[test]
    fn writes_what_handlers_do() {
        for (handler, source) in [
            (json!({"do": "echo"}), "(context) => echo(context, options)"),
            (json!({"do": "return", "value": {"a": 1}}), "() => ({ a: 1 })"),
            (
                json!({"do": "fail", "message": "no"}),
                "() => {\n  throw new Error(\"no\");\n}",
            ),
            (
                json!({"do": "file", "name": "a.txt", "filename": "b.txt", "disposition": "inline"}),
                "() => file(join(folder, \"a.txt\"), { filename: \"b.txt\", disposition: \"inline\" })",
            ),
            (
                json!({"do": "stream", "values": ["a"], "as": "text", "fails": "no"}),
                "async function* () {\n  yield \"a\";\n  throw new Error(\"no\");\n}",
            ),
            (
                json!({"do": "raise", "problem": {"status": 409, "detail": "Taken."}}),
                "() => {\n  throw new Problem(409, { detail: \"Taken.\" });\n}",
            ),
            (
                json!({"do": "sleep", "ms": 5, "then": {"do": "return", "value": "a", "as": "text"}}),
                "async () => {\n  await sleep(5);\n  return \"a\";\n}",
            ),
            (
                json!({"do": "read", "what": ["text"]}),
                "async ({ request }) => ({ text: await request.text() })",
            ),
            (
                json!({"do": "read", "what": ["method", "header:x-a", "accepts"]}),
                "({ request, accepts }) => ({\n  method: request.method,\n  \
                 \"header:x-a\": request.header(\"x-a\") ?? null,\n  accepts: accepts ?? null,\n})",
            ),
        ] {
            assert_eq!(printed(&handler), source);
        }
    }
}
