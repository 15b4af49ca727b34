//! The yardstick for WebSocket: an echo over hyper and fastwebsockets, on one thread, and a loop over the sockets of a room.

use std::{cell::RefCell, convert::Infallible};

use bytes::Bytes;
use fastwebsockets::{FragmentCollector, Frame, OpCode, Payload, WebSocket, WebSocketError, upgrade};
use http::{Request, Response, StatusCode};
use http_body_util::Empty;
use hyper::{body::Incoming, server::conn::http1, service::service_fn, upgrade::Upgraded};
use hyper_util::rt::TokioIo;
use sabir_benchmark::port;

async fn echo(socket: upgrade::UpgradeFut) -> Result<(), WebSocketError> {
    let mut socket = FragmentCollector::new(socket.await?);
    loop {
        let frame = socket.read_frame().await?;
        match frame.opcode {
            OpCode::Close => return Ok(()),
            OpCode::Text | OpCode::Binary => socket.write_frame(frame).await?,
            _ => {}
        }
    }
}

type Socket = WebSocket<TokioIo<Upgraded>>;

thread_local! {
    /// Those that are sent what is published, and send nothing.
    static ROOM: RefCell<Vec<Socket>> = const { RefCell::new(Vec::new()) };
}

async fn join(socket: upgrade::UpgradeFut) -> Result<(), WebSocketError> {
    let mut socket = socket.await?;
    let ready = Frame::text(Payload::Borrowed(b"ready"));
    socket.write_frame(ready).await?;
    ROOM.with_borrow_mut(|room| room.push(socket));
    Ok(())
}

async fn publish(socket: upgrade::UpgradeFut) -> Result<(), WebSocketError> {
    let mut socket = FragmentCollector::new(socket.await?);
    loop {
        let frame = socket.read_frame().await?;
        match frame.opcode {
            OpCode::Close => return Ok(()),
            OpCode::Text => {
                let (members, mut staying) = (ROOM.take(), Vec::new());
                for mut member in members {
                    let content = Payload::Borrowed(&frame.payload);
                    // One whose client has left is dropped.
                    if member.write_frame(Frame::text(content)).await.is_ok() {
                        staying.push(member);
                    }
                }
                // Who has joined meanwhile.
                staying.append(&mut ROOM.take());
                ROOM.set(staying);
            }
            _ => {}
        }
    }
}

async fn answer(mut request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, Infallible> {
    let Ok((response, socket)) = upgrade::upgrade(&mut request) else {
        let mut response = Response::new(Empty::new());
        *response.status_mut() = StatusCode::BAD_REQUEST;
        return Ok(response);
    };
    match request.uri().path() {
        "/room" => tokio::task::spawn_local(join(socket)),
        "/publish" => tokio::task::spawn_local(publish(socket)),
        _ => tokio::task::spawn_local(echo(socket)),
    };
    Ok(response)
}

#[tokio::main(flavor = "local")]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port())).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
        tokio::task::spawn_local(connection.with_upgrades());
    }
}
