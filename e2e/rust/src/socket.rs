//! What the handlers of WebSockets do.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use sabir_codegen::fixture::{self, Answers, Ending, Outgoing, SocketData};
use sabir_core::{
    Call, Reply, Value,
    websocket::{Close, CloseCode, Message, Rejection, SocketPlan},
};
use sabir_http::websocket::{SendOutcome, SocketConsumer, SocketEvent, SocketSender, SocketUpgrade};
use serde_json::json;

use crate::{
    echo::Echo,
    handler::{AnyError, throw},
};

/// Opens the socket that `call` asks for; `echo` knows the types of what arrives.
///
/// # Errors
/// When the call asks for none, or the fixture has the handler send what is nothing.
pub(crate) fn open(data: &SocketData, echo: &Arc<Echo>, call: Call) -> Result<Reply, AnyError> {
    let upgrade = SocketUpgrade::of(&call).map_err(|problem| format!("{problem:?}"))?;
    let mut socket = Socket {
        sender: upgrade.sender(),
        plan: Arc::clone(upgrade.plan()),
        echo: Arc::clone(echo),
        data: data.clone(),
        count: 0,
    };
    if data.tells {
        let subprotocol = upgrade.subprotocol().map(ToString::to_string);
        let mut told = echo.received(call)?;
        told["subprotocol"] = subprotocol.into();
        socket.send(&told.to_string().into());
    }
    for outgoing in &data.sends {
        match outgoing {
            Outgoing::Text(text) => socket.send(&text.expand().into()),
            Outgoing::Base64(text) => socket.send(&BASE64.decode(text)?.into()),
            Outgoing::Json(value) => socket.send(&fixture::expand(value).to_string().into()),
            Outgoing::Ping(text) => {
                socket.sender.ping(text.as_bytes());
            }
        }
    }
    socket.end();
    Ok(upgrade.reply(socket))
}

/// One socket at work, in the task of its connection.
struct Socket {
    sender: SocketSender,
    plan: Arc<SocketPlan>,
    echo: Arc<Echo>,
    data: SocketData,
    /// The messages that were taken.
    count: u32,
}

impl Socket {
    fn send(&mut self, message: &Message) {
        // A handler of a fixture never sends more than may wait.
        let outcome = self.sender.try_send(message);
        debug_assert_ne!(outcome, SendOutcome::Full, "there is no room");
    }

    fn take(&mut self, message: &Message) {
        self.sender.consumed(message.len());
        if self.is_at_its_end() {
            return;
        }
        let value = match self.plan.read(message) {
            Ok(value) => value,
            Err(Rejection::Report(text)) => return self.send(&text.into()),
            Err(Rejection::Close(close)) => {
                self.sender.close(close);
                return;
            }
        };
        self.count += 1;
        match self.data.answers {
            Answers::Echo if self.plan.has_incoming_schema() => self.send(&self.tagged(&value)),
            Answers::Echo => self.send(message),
            Answers::Count => self.send(&self.count.to_string().into()),
            Answers::Nothing => {}
        }
        self.end();
    }

    fn tagged(&self, value: &Value) -> Message {
        let tagged = self.echo.message(value);
        tagged.unwrap_or_else(|error| json!(error)).to_string().into()
    }

    fn is_at_its_end(&self) -> bool {
        self.data.takes.is_some_and(|count| self.count >= count)
    }

    /// Ends where all messages were taken that are to be.
    fn end(&mut self) {
        if !self.is_at_its_end() {
            return;
        }
        match &self.data.ends {
            // A failure is one of the whole handler.
            Ending::Returns | Ending::Fails(_) => {}
            // A Rust handler closes by itself with what a problem says.
            Ending::Raises(problem) if problem.status < 500 => {
                let reason = problem.detail.clone().unwrap_or_default();
                self.sender.close(Close::new(CloseCode::POLICY_VIOLATION, reason));
            }
            Ending::Raises(_) => {
                self.sender.close(CloseCode::INTERNAL_ERROR);
            }
            Ending::Closes(closing) => {
                let code = closing.code.unwrap_or(CloseCode::NORMAL.as_u16());
                let reason = closing.reason.clone().unwrap_or_default();
                self.sender.close(Close::new(code, reason));
            }
        }
    }
}

impl SocketConsumer for Socket {
    fn event(&mut self, event: SocketEvent) {
        match event {
            SocketEvent::Message(message) => self.take(&message),
            SocketEvent::Ping(content) | SocketEvent::Pong(content) => self.sender.consumed(content.len()),
            _ => {}
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<Close> {
        if self.is_at_its_end() {
            if let Ending::Fails(message) = &self.data.ends
                && self.sender.is_open()
            {
                throw(&message.clone().into());
            }
        } else if self.sender.is_open() {
            return Poll::Pending;
        }
        Poll::Ready(CloseCode::NORMAL.into())
    }
}
