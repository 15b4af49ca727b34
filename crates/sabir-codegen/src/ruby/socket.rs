//! What the handler of a WebSocket does.

use super::{handler, literal};
use crate::{
    fixture::{Answers, Closing, Ending, Outgoing, SocketData},
    layout::Code,
};

/// The column of statements in its block.
const COLUMN: usize = 6;

/// The statements of its block. `echo` is what tells of its parameters, `schema` that of messages which have one.
pub(super) fn statements(socket: &SocketData, echo: &Code, schema: Option<&str>) -> Vec<Code> {
    let mut opening = opening(socket, echo);
    let ending = ending(&socket.ends);
    if socket.takes == Some(0) {
        opening.push(ending);
        return vec![on("open", "", opening)];
    }
    let mut statements: Vec<Code> = Vec::new();
    let counts = socket.takes.is_some() || socket.answers == Answers::Count;
    statements.extend(counts.then(|| "count = 0".into()));
    if !opening.is_empty() {
        statements.push(on("open", "", opening));
    }
    let mut taking: Vec<Code> = Vec::new();
    taking.extend(counts.then(|| "count += 1".into()));
    taking.extend(answer(socket.answers, schema));
    if let Some(count) = socket.takes {
        taking.push(Code::block(&format!("if count == {count}"), vec![ending], "end"));
    }
    let taken = if socket.answers == Answers::Echo {
        "|event| "
    } else {
        ""
    };
    if !taking.is_empty() {
        statements.push(on("message", taken, taking));
    }
    statements
}

/// A block for what happens.
fn on(event: &str, parameters: &str, statements: Vec<Code>) -> Code {
    if let [statement] = &statements[..] {
        let head = format!("ws.on_{event} {{ {parameters}");
        let line = statement.clone().with_prefix(&head).with_suffix(" }");
        if line.fits(COLUMN) {
            return line;
        }
    }
    let head = format!("ws.on_{event} do {parameters}");
    Code::block(head.trim_end(), statements, "end")
}

fn opening(socket: &SocketData, echo: &Code) -> Vec<Code> {
    let told = socket.tells.then(|| {
        let told = echo.clone().with_suffix(".merge(subprotocol: ws.subprotocol)");
        Code::call("ws.json", vec![told])
    });
    let sent = socket.sends.iter().map(|outgoing| match outgoing {
        Outgoing::Text(text) => Code::call("ws.text", vec![literal::json(&text.to_json())]),
        Outgoing::Base64(text) => format!("ws.binary(decoded({}))", literal::string(text)).into(),
        Outgoing::Json(value) => Code::call("ws.json", vec![literal::json(value)]),
        Outgoing::Ping(text) => Code::call("ws.ping", vec![literal::string(text).into()]),
    });
    told.into_iter().chain(sent).collect()
}

fn answer(answers: Answers, schema: Option<&str>) -> Option<Code> {
    match (answers, schema) {
        (Answers::Echo, Some(schema)) => Some(format!("ws.json(tag(event.data, {schema}))").into()),
        (Answers::Echo, None) => Some("event.binary? ? ws.binary(event.data) : ws.text(event.data)".into()),
        (Answers::Count, _) => Some("ws.text(count.to_s)".into()),
        (Answers::Nothing, _) => None,
    }
}

fn ending(ending: &Ending) -> Code {
    match ending {
        Ending::Returns => "ws.close".into(),
        Ending::Closes(closing) => closes(closing),
        Ending::Raises(problem) => handler::raises(problem),
        Ending::Fails(message) => handler::fails(message),
    }
}

fn closes(closing: &Closing) -> Code {
    let code = closing.code.map(|code| code.to_string().into());
    let reason = closing
        .reason
        .as_ref()
        .map(|reason| literal::string(reason).into());
    let code = code.or_else(|| reason.is_some().then(|| "Sabir::WebSocket::CLOSE_NORMAL".into()));
    Code::call("ws.close", code.into_iter().chain(reason).collect())
}
