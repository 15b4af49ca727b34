//! Content that somebody still holds when its request has been answered.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use futures_util::{FutureExt, StreamExt, stream};
use http::{Method, StatusCode};
use sabir_core::{Body, Call, Reply, ReplyBody, RouteDefinition, Settings, body::BodyStream};
use sabir_http::{Address, App, Server, ServerHandle};
use serde_json::json;
use support::operation;

const CHUNKED: &str = "Transfer-Encoding: chunked\r\n\r\n";

type Kept = Arc<Mutex<Vec<BodyStream>>>;

struct Running {
    address: String,
    _handle: ServerHandle,
    kept: Kept,
}

/// `/whole` answers at once, `/first` when it has read a chunk, `/stream` in two pieces, `/echo` with its content and keeps what
/// is left of it; all of them keep their content.
fn start() -> Running {
    let kept = Kept::default();
    let mut app = App::new(Settings::default());
    for path in ["/whole", "/first", "/stream"] {
        let kept = Arc::clone(&kept);
        let handler = move |call: Call| {
            let kept = Arc::clone(&kept);
            async move {
                let Body::Stream(mut content) = call.body else {
                    return Reply::bytes(StatusCode::OK, "text/plain", "empty");
                };
                if path == "/first" {
                    content.next().await.unwrap().unwrap();
                }
                kept.lock().unwrap().push(content);
                let mut reply = Reply::bytes(StatusCode::OK, "text/plain", "hello");
                if path == "/stream" {
                    let pieces = ["he", "llo"].map(|piece| Ok(piece.into()));
                    reply = Reply::new(StatusCode::OK);
                    reply.body = ReplyBody::Stream(Box::pin(stream::iter(pieces)));
                }
                reply
            }
        };
        let route = RouteDefinition::new(Method::POST, path, operation(&json!({})));
        app.route(route.streaming(), Arc::new(handler)).unwrap();
    }
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    Running {
        address: server.local_address(),
        _handle: server.serve(app.build()).unwrap(),
        kept,
    }
}

impl Running {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
    }
}

fn read_answer(stream: &mut TcpStream) -> String {
    let mut seen = Vec::new();
    while !seen.windows(5).any(|found| found == b"hello")
        && !seen.windows(13).any(|found| found == b"3\r\nllo\r\n0\r\n\r\n")
    {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).unwrap();
        assert!(count > 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&bytes[..count]);
    }
    String::from_utf8(seen).unwrap()
}

#[test]
fn the_next_request_is_answered_though_somebody_holds_the_content() {
    let server = start();
    for path in ["/whole", "/first", "/stream"] {
        let mut stream = server.connect();
        for _ in 0..5 {
            write!(stream, "POST {path} HTTP/1.1\r\nHost: a\r\n{CHUNKED}").unwrap();
            for _ in 0..20 {
                stream.write_all(b"2\r\nab\r\n").unwrap();
                thread::sleep(Duration::from_millis(1));
            }
            stream.write_all(b"0\r\n\r\n").unwrap();
            let answer = read_answer(&mut stream);
            assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        }
    }
    assert_eq!(server.kept.lock().unwrap().len(), 15);
}

#[test]
fn what_is_held_is_at_its_end_once_the_request_is_answered() {
    let server = start();
    let mut stream = server.connect();
    write!(
        stream,
        "POST /whole HTTP/1.1\r\nHost: a\r\n{CHUNKED}2\r\nab\r\n0\r\n\r\n"
    )
    .unwrap();
    read_answer(&mut stream);
    write!(
        stream,
        "POST /first HTTP/1.1\r\nHost: a\r\n{CHUNKED}2\r\ncd\r\n0\r\n\r\n"
    )
    .unwrap();
    read_answer(&mut stream);
    let kept = std::mem::take(&mut *server.kept.lock().unwrap());
    for mut content in kept {
        let left = content.next().now_or_never().unwrap();
        assert!(!matches!(left, Some(Ok(_))), "{left:?}");
    }
}

#[test]
fn more_than_is_worth_reading_ends_the_connection_though_somebody_holds_it() {
    let server = start();
    for path in ["/whole", "/stream"] {
        let mut stream = server.connect();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200 OK"));
    }
}

#[test]
fn content_that_is_let_go_of_while_the_answer_is_sent_is_read_away() {
    let server = start();
    let mut stream = server.connect();
    for _ in 0..3 {
        write!(stream, "POST /stream HTTP/1.1\r\nHost: a\r\n{CHUNKED}").unwrap();
        thread::sleep(Duration::from_millis(20));
        server.kept.lock().unwrap().clear();
        stream.write_all(b"2\r\nab\r\n0\r\n\r\n").unwrap();
        read_answer(&mut stream);
    }
}

#[test]
fn a_reader_that_waits_hears_that_the_request_is_answered() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let mut app = App::new(Settings::default());
    let handler = move |call: Call| {
        let sender = sender.clone();
        async move {
            if let Body::Stream(mut content) = call.body {
                tokio::spawn(async move {
                    while content.next().await.is_some_and(|chunk| chunk.is_ok()) {}
                    sender.send(()).unwrap();
                });
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            Reply::bytes(StatusCode::OK, "text/plain", "hello")
        }
    };
    let route = RouteDefinition::new(Method::POST, "/", operation(&json!({})));
    app.route(route.streaming(), Arc::new(handler)).unwrap();
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    let address = server.local_address();
    let _handle = server.serve(app.build()).unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "POST / HTTP/1.1\r\nHost: a\r\n{CHUNKED}2\r\nab\r\n").unwrap();
    read_answer(&mut stream);
    receiver.recv_timeout(Duration::from_secs(10)).unwrap();
}
