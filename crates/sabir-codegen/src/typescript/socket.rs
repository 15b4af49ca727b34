//! What the handler of a WebSocket does.

use super::{handler::problem_of, layout::Code, literal};
use crate::{
    fixture::{Answers, Closing, Ending, Outgoing, SocketData},
    turns,
};

/// How the handlers of a fixture are written, where both can do the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As one function, which runs as long as the socket is open.
    Function,
    /// As an object of functions for what happens.
    Functions,
}

impl Form {
    /// The form of the fixture with this name: always the same one.
    pub(super) fn of(name: &str) -> Self {
        if (turns::of(name) >> 8).is_multiple_of(2) {
            Self::Functions
        } else {
            Self::Function
        }
    }
}

/// The handler. `described` is the second argument of `told` and `tagged`; messages that have a schema are `is_typed`.
pub(super) fn handler(socket: &SocketData, form: Form, described: Option<Code>, is_typed: bool) -> Code {
    let described = described.unwrap_or_else(|| Code::object(Vec::new()));
    let opening = opening(socket, &described);
    let answer = answer(socket.answers, &described, is_typed);
    let fits_functions = socket.takes.is_none() && socket.answers == Answers::Echo;
    if fits_functions && form == Form::Functions {
        let open = (!opening.is_empty()).then(|| Code::block("open: async (ws) => {", opening, "}"));
        let message = answer.map(|answer| Code::arrow("message: (ws, message) =>", answer));
        return Code::object(open.into_iter().chain(message).collect());
    }
    let mut statements = opening;
    statements.extend(taking(socket, answer));
    match &socket.ends {
        Ending::Returns => {}
        Ending::Closes(closing) => statements.push(closes(closing).with_suffix(";")),
        Ending::Raises(problem) => {
            statements.push(problem_of(problem).with_prefix("throw ").with_suffix(";"));
        }
        Ending::Fails(message) => {
            let error = Code::call("new Error", vec![literal::string(message).into()]);
            statements.push(error.with_prefix("throw ").with_suffix(";"));
        }
    }
    if statements.is_empty() {
        return "() => {}".into();
    }
    let waits = if statements
        .iter()
        .any(|statement| statement.print(0).contains("await "))
    {
        "async "
    } else {
        ""
    };
    Code::block(&format!("{waits}(ws) => {{"), statements, "}")
}

fn opening(socket: &SocketData, described: &Code) -> Vec<Code> {
    let told = socket.tells.then(|| {
        let told = Code::call("told", vec!["ws".into(), described.clone()]);
        Code::call("await ws.sendJson", vec![told.with_prefix("await ")])
    });
    let sent = socket.sends.iter().map(|outgoing| match outgoing {
        Outgoing::Text(text) => Code::call("await ws.send", vec![literal::json(&text.to_json())]),
        Outgoing::Base64(text) => {
            let bytes = Code::call(
                "Buffer.from",
                vec![literal::string(text).into(), "\"base64\"".into()],
            );
            Code::call("await ws.send", vec![bytes])
        }
        Outgoing::Json(value) => Code::call("await ws.sendJson", vec![literal::json(value)]),
        Outgoing::Ping(text) => Code::call("ws.ping", vec![literal::string(text).into()]),
    });
    let calls = told.into_iter().chain(sent);
    calls.map(|call| call.with_suffix(";")).collect()
}

/// What is called for each message.
fn answer(answers: Answers, described: &Code, is_typed: bool) -> Option<Code> {
    match answers {
        Answers::Echo if is_typed => {
            let tagged = Code::call("tagged", vec!["message".into(), described.clone()]);
            Some(Code::call("ws.sendJson", vec![tagged]))
        }
        Answers::Echo => Some("ws.send(message)".into()),
        Answers::Count => Some("ws.send(String(count))".into()),
        Answers::Nothing => None,
    }
}

/// The statements that take messages.
fn taking(socket: &SocketData, answer: Option<Code>) -> Vec<Code> {
    let answer = answer.map(|call| call.with_prefix("await ").with_suffix(";"));
    match (socket.takes, socket.answers) {
        (Some(0), _) => Vec::new(),
        (None, Answers::Count) => {
            let counting = std::iter::once("count++;".into()).chain(answer);
            vec![
                "let count = 0;".into(),
                Code::block("for await (const _ of ws) {", counting.collect(), "}"),
            ]
        }
        (None, Answers::Nothing) => vec!["for await (const _ of ws);".into()],
        (None, Answers::Echo) => vec![Code::block(
            "for await (const message of ws) {",
            answer.into_iter().collect(),
            "}",
        )],
        (Some(count), answers) => {
            let received: Vec<Code> = if answers == Answers::Echo {
                vec![
                    "const message = await ws.receive();".into(),
                    "if (message === undefined) return;".into(),
                ]
            } else {
                vec!["if ((await ws.receive()) === undefined) return;".into()]
            };
            let statements = received.into_iter().chain(answer).collect();
            let head = format!("for (let count = 1; count <= {count}; count++) {{");
            vec![Code::block(&head, statements, "}")]
        }
    }
}

fn closes(closing: &Closing) -> Code {
    let code = closing
        .code
        .map_or_else(|| "undefined".to_owned(), |code| code.to_string());
    let mut arguments: Vec<Code> = vec![code.into()];
    arguments.extend(
        closing
            .reason
            .as_ref()
            .map(|reason| literal::string(reason).into()),
    );
    Code::call("ws.close", arguments)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(socket: &serde_json::Value, form: Form, is_typed: bool) -> String {
        let socket: SocketData = serde_json::from_value(socket.clone()).unwrap();
        handler(&socket, form, Some("options".into()), is_typed).print(0)
    }

    #[test]
    fn writes_what_handlers_do() {
        for (socket, source) in [
            (
                json!({}),
                "async (ws) => {\n  for await (const message of ws) {\n    await ws.send(message);\n  }\n}",
            ),
            (json!({"takes": 0}), "() => {}"),
            (
                json!({"takes": 0, "ends": {"closes": {"code": 4000, "reason": "no"}}}),
                "(ws) => {\n  ws.close(4000, \"no\");\n}",
            ),
            (
                json!({"tells": true, "sends": [{"text": "a"}], "takes": 0, "ends": {"fails": "no"}}),
                "async (ws) => {\n  await ws.sendJson(await told(ws, options));\n  await ws.send(\"a\");\n  \
                 throw new Error(\"no\");\n}",
            ),
            (
                json!({"answers": "count"}),
                "async (ws) => {\n  let count = 0;\n  for await (const _ of ws) {\n    count++;\n    \
                 await ws.send(String(count));\n  }\n}",
            ),
        ] {
            assert_eq!(printed(&socket, Form::Function, false), source);
        }
    }

    #[test]
    fn writes_functions_where_they_do_the_same() {
        assert_eq!(
            printed(&json!({"sends": [{"ping": "a"}]}), Form::Functions, true),
            "{\n  open: async (ws) => {\n    ws.ping(\"a\");\n  },\n  \
             message: (ws, message) => ws.sendJson(tagged(message, options)),\n}"
        );
        assert!(printed(&json!({"takes": 1}), Form::Functions, false).starts_with("async (ws) => {"));
    }
}
