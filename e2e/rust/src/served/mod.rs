//! Fixtures against the server, in memory and over sockets.

mod frames;
mod http2;
mod opened;
mod response;
mod socket;
mod talk;

use std::time::Duration;

use sabir_codegen::fixture::{Exchange, Fixture, Request, Send};
use sabir_http::{Address, Server, Service};
use tokio::runtime::{Builder, Runtime};

use self::{
    http2::Http2,
    opened::InMemory,
    socket::Socket,
    talk::{Peer, talk},
};
use crate::{
    app::{Calls, Parts},
    client::{Answer, Transport, request},
    run::{Failure, check_all},
    time::Time,
};

/// Sends every request of `fixture` through `transport` and compares the answers. `timeout` is how long to wait for more
/// of an answer that is due.
pub(crate) fn run(fixture: &Fixture, transport: Transport, timeout: Duration) -> Result<(), Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::of_the_application)?;
    let calls = Calls::default();
    let parts = Parts::of(&fixture.content.app, &calls, &Time::Tokio);
    let service = parts.and_then(|parts| Ok(parts.in_the_server()?));
    let crate::app::Served {
        service,
        folder: _folder,
    } = service.map_err(Failure::of_the_application)?;
    if transport == Transport::Memory {
        return check_all(fixture, &calls, |exchange| match &exchange.send {
            Send::Request(request) if request.websocket => {
                let (answer, peer) = InMemory::open(&runtime, &service, request, timeout)?;
                converse(exchange, answer, peer)
            }
            Send::Request(request) => Ok((vec![answer(&runtime, &service, request)?], false)),
            Send::Raw(_) => Err("raw bytes need a socket".to_owned()),
        });
    }
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).map_err(Failure::of_the_application)?;
    let address = server.local_address();
    let handle = server.serve(service).map_err(Failure::of_the_application)?;
    let outcome = if transport == Transport::Http2 {
        let client = Http2::connect(&runtime, &address, timeout).map_err(Failure::of_the_application);
        client.and_then(|client| {
            check_all(fixture, &calls, |exchange| match &exchange.send {
                Send::Request(request) => Ok((vec![client.send(request)?], false)),
                Send::Raw(_) => Err("raw bytes need a connection of their own".to_owned()),
            })
        })
    } else {
        let mut client = Socket::new(address, timeout, transport == Transport::Segments);
        check_all(fixture, &calls, |exchange| {
            let expected = exchange.expect.all();
            let expects_end = expected.last().is_some_and(|expectation| expectation.closed);
            let received = match &exchange.send {
                Send::Request(request) if request.websocket => {
                    let (answer, peer) = client.open(request)?;
                    return converse(exchange, answer, peer);
                }
                Send::Request(request) => client.send(request, expects_end)?,
                Send::Raw(pieces) => client.send_raw(pieces, expected.len(), expects_end)?,
            };
            Ok((received.answers, received.is_closed))
        })
    };
    handle.stop();
    outcome
}

/// What the client of `exchange` has got: the answer to its handshake, after it has said and heard everything on the socket.
fn converse(
    exchange: &Exchange,
    answer: Answer,
    peer: Option<impl Peer>,
) -> Result<(Vec<Answer>, bool), String> {
    if let Some(mut peer) = peer {
        talk(&exchange.talk, &mut peer)?;
    }
    Ok((vec![answer], false))
}

fn answer(runtime: &Runtime, service: &Service, request: &Request) -> Result<Answer, String> {
    let response = service.call_in_memory(request::built(request)?);
    Ok(runtime.block_on(response).into())
}

/// Whether `request` has content, empty or not.
fn has_content(request: &Request) -> bool {
    request.json.is_some()
        || request.form.is_some()
        || request.multipart.is_some()
        || request.text.is_some()
        || request.base64.is_some()
}
