//! What the handler of a WebSocket does.

use super::{literal, problem};
use crate::fixture::{Answers, Closing, Ending, Outgoing, SocketData};

/// The options of the route that OpenAPI has no word for.
const OPTIONS: [&str; 7] = [
    "subprotocols",
    "allowed_origins",
    "invalid_message",
    "message_limit",
    "idle_timeout_ms",
    "ping_interval_ms",
    "send_queue_limit",
];

/// What `x-sabir.websocket` of `operation` is in the call that adds the route.
pub(super) fn options(operation: &serde_json::Value) -> Vec<String> {
    let described = &operation["x-sabir"]["websocket"];
    let given = OPTIONS
        .iter()
        .filter_map(|name| Some((name, described.get(name)?)));
    given
        .map(|(name, value)| format!("{name}={}", literal::json(value)))
        .collect()
}

/// Whether functions of what happens do what `socket` says.
pub(super) fn fits_callbacks(socket: &SocketData) -> bool {
    socket.takes.is_none() && socket.answers != Answers::Count
}

/// What it does before it takes messages; `echoed` are the arguments of `echo`.
pub(super) fn opening(socket: &SocketData, echoed: &[String]) -> String {
    let mut source = String::new();
    if socket.tells {
        source += &format!(
            "        await ws.send_json(echo({}) | {{\"subprotocol\": ws.subprotocol}})\n",
            echoed.join(", ")
        );
    }
    for outgoing in &socket.sends {
        source += &match outgoing {
            Outgoing::Text(text) => format!("        await ws.send({})\n", literal::json(&text.to_json())),
            Outgoing::Base64(text) => {
                format!("        await ws.send(decoded({}))\n", literal::string(text))
            }
            Outgoing::Json(value) => format!("        await ws.send_json({})\n", literal::json(value)),
            Outgoing::Ping(text) => format!("        await ws.ping(b{})\n", literal::string(text)),
        };
    }
    source
}

/// What it does with one message.
pub(super) fn answer(socket: &SocketData, is_typed: bool) -> &'static str {
    match socket.answers {
        Answers::Echo if is_typed => "await ws.send_json(tag(message))",
        Answers::Echo => "await ws.send(message)",
        Answers::Count => "await ws.send(str(count))",
        Answers::Nothing => "pass",
    }
}

/// All that it does, as one coroutine.
pub(super) fn body(socket: &SocketData, echoed: &[String], is_typed: bool) -> String {
    let mut source = opening(socket, echoed);
    let answer = answer(socket, is_typed);
    match (socket.takes, socket.answers) {
        (Some(0), _) => {}
        (None, Answers::Count) => {
            source += "        count = 0\n        async for _ in ws:\n            count += 1\n";
            source += &format!("            {answer}\n");
        }
        (None, Answers::Nothing) => source += "        async for _ in ws:\n            pass\n",
        (None, Answers::Echo) => {
            source += &format!("        async for message in ws:\n            {answer}\n");
        }
        (Some(1), Answers::Echo) => {
            source += &format!("        message = await ws.receive()\n        {answer}\n");
        }
        (Some(count), Answers::Echo) => {
            source += &format!(
                "        for _ in range({count}):\n            message = await ws.receive()\n            {answer}\n"
            );
        }
        (Some(count), Answers::Count) => {
            source += &format!(
                "        for count in range(1, {}):\n            await ws.receive()\n            {answer}\n",
                count + 1
            );
        }
        (Some(count), Answers::Nothing) => {
            source += &format!("        for _ in range({count}):\n            await ws.receive()\n");
        }
    }
    source += &match &socket.ends {
        Ending::Returns => String::new(),
        Ending::Closes(closing) => format!("        await ws.close({})\n", closes(closing)),
        Ending::Raises(problem) => format!("        raise {}\n", problem::exception(problem)),
        Ending::Fails(message) => format!("        raise RuntimeError({})\n", literal::string(message)),
    };
    if source.is_empty() {
        source += "        pass\n";
    }
    source
}

fn closes(closing: &Closing) -> String {
    let code = closing.code.map(|code| code.to_string());
    let reason = closing.reason.as_ref().map(|reason| {
        let reason = literal::string(reason);
        if code.is_some() {
            reason
        } else {
            format!("reason={reason}")
        }
    });
    let arguments: Vec<String> = code.into_iter().chain(reason).collect();
    arguments.join(", ")
}
