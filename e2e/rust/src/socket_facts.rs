//! What fixtures of WebSockets say about the parts of the pipeline that they are about.

use sabir_codegen::fixture::{Exchange, Fixture, Send, Turn, bytes_of_hex};
use sabir_core::Switch;
use serde_json::Value;

use crate::facts::{expectations, refuses_with, sends};

/// Whether `fixture` must fail without this part of WebSocket.
pub(crate) fn needs(fixture: &Fixture, switch: Switch) -> bool {
    let is_about_sockets = fixture.category == "websocket";
    is_about_sockets
        && match switch {
            Switch::Handshake => refuses_with(fixture, &[400, 426]),
            Switch::Origins => refuses_with(fixture, &[403]),
            Switch::Subprotocols => is_told(fixture, "sec-websocket-protocol"),
            Switch::MessageCompression => {
                is_told(fixture, "sec-websocket-extensions") || is_compressed(fixture)
            }
            Switch::Masks => breaks_a_rule(fixture, |first| !is_masked(first)),
            Switch::CloseCodes => breaks_a_rule(fixture, |first| is_masked(first) && is_close(first)),
            Switch::Frames => breaks_a_rule(fixture, |first| is_masked(first) && !is_close(first)),
            Switch::Utf8 => exchanges_closed_with(fixture, 1007)
                .any(|exchange| last_written(exchange).is_some_and(|first| first[0] & 0x40 == 0)),
            Switch::Limits => {
                exchanges_closed_with(fixture, 1009).any(|exchange| !is_closed_by_the_client(exchange))
            }
            Switch::Deadlines => {
                exchanges_closed_with(fixture, 1001).any(|exchange| exchange.talk.len() == 1)
            }
            Switch::Validation => fixture.content.exchanges.iter().any(finds_a_violation),
            _ => false,
        }
}

/// Whether the answer to a handshake is expected to have this field.
fn is_told(fixture: &Fixture, name: &str) -> bool {
    expectations(fixture)
        .filter_map(|expectation| expectation.headers.get(name))
        .any(Value::is_string)
}

/// Whether a compressed message is sent that is to be read, or one is to come.
fn is_compressed(fixture: &Fixture) -> bool {
    let writes_one = |exchange: &Exchange| {
        !closes_with(exchange, 1002) && written(exchange).any(|first| first[0] & 0x40 != 0)
    };
    let reads_one = |exchange: &Exchange| {
        let mut turns = exchange.talk.iter();
        turns.any(|turn| matches!(turn, Turn::Read(text) if text.expand().starts_with('c')))
    };
    let mut exchanges = fixture.content.exchanges.iter();
    sends(fixture, "sec-websocket-extensions")
        && exchanges.any(|exchange| writes_one(exchange) || reads_one(exchange))
}

/// Whether the last frame before a close with 1002 begins like this.
fn breaks_a_rule(fixture: &Fixture, begins: fn([u8; 2]) -> bool) -> bool {
    exchanges_closed_with(fixture, 1002).any(|exchange| last_written(exchange).is_some_and(begins))
}

const fn is_masked(first: [u8; 2]) -> bool {
    first[1] & 0x80 != 0
}

/// Whether a frame is a close that is well formed up to its content.
const fn is_close(first: [u8; 2]) -> bool {
    first[0] == 0x88 && first[1] & 0x7f <= 125
}

fn exchanges_closed_with(fixture: &Fixture, code: u16) -> impl Iterator<Item = &Exchange> {
    let exchanges = fixture.content.exchanges.iter();
    exchanges.filter(move |exchange| closes_with(exchange, code))
}

fn closes_with(exchange: &Exchange, code: u16) -> bool {
    let mut turns = exchange.talk.iter();
    turns.any(|turn| matches!(turn, Turn::ReceiveClose(closing) if closing.code == Some(code)))
}

fn is_closed_by_the_client(exchange: &Exchange) -> bool {
    let mut turns = exchange.talk.iter();
    turns.any(|turn| matches!(turn, Turn::SendClose(_)))
}

/// The first two bytes of what is written, where it is long enough.
fn written(exchange: &Exchange) -> impl Iterator<Item = [u8; 2]> {
    exchange.talk.iter().filter_map(|turn| match turn {
        Turn::Write(text) => bytes_of_hex(&text.expand())?.first_chunk().copied(),
        _ => None,
    })
}

/// The first two bytes of what is written before the close that is expected.
fn last_written(exchange: &Exchange) -> Option<[u8; 2]> {
    written(exchange).last()
}

/// Whether a message is sent that does not fit its schema, and that is to be noticed.
fn finds_a_violation(exchange: &Exchange) -> bool {
    let is_asked = matches!(&exchange.send, Send::Request(request) if request.websocket);
    let mut turns = exchange.talk.iter();
    let is_told = |pattern: &Value| {
        let status = pattern.get("status");
        status.is_some_and(|status| status == 422)
    };
    is_asked
        && turns.any(|turn| match turn {
            Turn::ReceiveJson(pattern) => is_told(pattern),
            Turn::ReceiveClose(closing) => {
                let is_json = |turn: &Turn| matches!(turn, Turn::SendJson(_));
                closing.code == Some(1008) && exchange.talk.iter().any(is_json)
            }
            _ => false,
        })
}
