//! What a handler does.

use super::{literal, response::Answer};
use crate::{
    fixture::{Disposition, Encoding, EventData, FileData, Handler, ProblemData},
    layout::Code,
};

/// The statements of a handler, of which the last one is its result. `echo` is what tells of what it has got.
pub(super) fn statements(handler: &Handler, echo: &Code, turn: u64) -> Vec<Code> {
    match handler {
        Handler::Echo {} => vec![echo.clone()],
        Handler::Sleep { ms, then } => {
            let wait = format!("sleep({})", seconds(*ms)).into();
            std::iter::once(wait)
                .chain(statements(then, echo, turn))
                .collect()
        }
        Handler::Fail { message } => vec![fails(message)],
        Handler::Raise { problem } => vec![raises(problem)],
        Handler::Read { what } => {
            let parts = what.iter().map(|part| literal::member(part, read(part).into()));
            vec![Code::object(parts.collect())]
        }
        Handler::Stream {
            values,
            encoding,
            fails,
            ..
        } => {
            let values = values.iter().map(|value| match encoding {
                Encoding::Bytes => Code::call("decoded", vec![literal::json(value)]),
                _ => literal::json(value),
            });
            vec![made(values.collect(), fails.as_deref(), turn)]
        }
        Handler::Events { events, fails } => {
            if events.is_empty() && fails.is_none() {
                return vec!["[].each".into()];
            }
            let given = events.iter().map(|data| event(data).with_prefix("events << "));
            given.chain(fails.as_deref().map(self::fails)).collect()
        }
        Handler::File(file) => vec![response(file)],
        Handler::Return {
            value,
            encoding,
            status,
            headers,
            cookies,
        } => {
            let answer = Answer {
                value,
                encoding: *encoding,
                status: *status,
                headers,
                cookies,
                is_triple: turn.is_multiple_of(2),
            };
            answer.statements()
        }
        // Written by `collect` and by `socket`.
        Handler::Collect { .. } | Handler::Socket(_) => Vec::new(),
    }
}

/// Values that are sent one by one.
fn made(values: Vec<Code>, message: Option<&str>, turn: u64) -> Code {
    if message.is_none() && turn.is_multiple_of(2) {
        return Code::array(values).with_suffix(".each");
    }
    let given = values.into_iter().map(|value| value.with_prefix("out << "));
    Code::block(
        "Enumerator.new do |out|",
        given.chain(message.map(fails)).collect(),
        "end",
    )
}

/// What throws an unexpected error.
pub(super) fn fails(message: &str) -> Code {
    format!("raise {}", literal::string(message)).into()
}

/// What raises a problem.
pub(super) fn raises(problem: &ProblemData) -> Code {
    let text = |name: &str, value: &Option<String>| {
        let value = value.as_ref();
        value.map(|value| literal::member(name, literal::string(value).into()))
    };
    let mut arguments: Vec<Code> = Vec::new();
    arguments.extend(
        problem
            .detail
            .as_ref()
            .map(|detail| literal::string(detail).into()),
    );
    arguments.push(format!("status: {}", problem.status).into());
    arguments.extend(text("title", &problem.title));
    arguments.extend(text("type", &problem.type_uri));
    if !problem.headers.is_empty() {
        arguments.push(literal::member("headers", literal::fields(&problem.headers)));
    }
    if !problem.extensions.is_empty() {
        arguments.push(literal::member(
            "extensions",
            literal::object(&problem.extensions),
        ));
    }
    Code::call("raise Sabir::Problem.new", arguments)
}

fn event(event: &EventData) -> Code {
    let text = |name: &str, value: &Option<String>| {
        let value = value.as_ref();
        value.map(|value| literal::member(name, literal::string(value).into()))
    };
    let data = event.data.as_ref();
    let members = [
        data.map(|data| literal::member("data", literal::json(data))),
        text("event", &event.event),
        text("id", &event.id),
        event.retry.map(|retry| format!("retry: {retry}").into()),
        text("comment", &event.comment),
    ];
    Code::call("Sabir::Event.new", members.into_iter().flatten().collect())
}

fn response(file: &FileData) -> Code {
    let text = |name: &str, value: &Option<String>| {
        let value = value.as_ref();
        value.map(|value| literal::member(name, literal::string(value).into()))
    };
    let is_inline = file.disposition == Disposition::Inline;
    let path = Code::call(
        "File.join",
        vec!["folder".into(), literal::string(&file.name).into()],
    );
    let members = [
        file.status.map(|status| format!("status: {status}").into()),
        (!file.headers.is_empty()).then(|| literal::member("headers", literal::fields(&file.headers))),
        text("media_type", &file.media_type),
        text("filename", &file.filename),
        is_inline.then(|| "disposition: :inline".into()),
    ];
    let arguments = std::iter::once(path).chain(members.into_iter().flatten());
    Code::call("Sabir::Response.file", arguments.collect())
}

/// Whether the handler looks at the request itself.
pub(super) fn takes_request(handler: &Handler) -> bool {
    matches!(handler.last(), Handler::Read { .. })
}

/// A part of the request object.
fn read(part: &str) -> String {
    match part.split_once(':') {
        None => match part {
            "method" => "request.request_method".into(),
            "client" => "request.ip".into(),
            "size" => "request.body.bytesize".into(),
            "subject" | "scopes" => format!("request.identity&.{part}"),
            "sha256" => "Digest::SHA256.hexdigest(request.body)".into(),
            part => format!("request.{part}"),
        },
        Some(("header", name)) => format!("request.headers[{}]", literal::string(name)),
        Some(("headers", name)) => format!("request.headers.get_all({})", literal::string(name)),
        Some((_, name)) => format!("request.cookies[{}]", literal::string(name)),
    }
}

/// Milliseconds as Ruby has them.
fn seconds(ms: u64) -> String {
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    let text = text.trim_end_matches('0');
    text.strip_suffix('.').unwrap_or(text).to_owned()
}
