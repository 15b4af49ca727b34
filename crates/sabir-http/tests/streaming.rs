//! Handlers that take content while it arrives.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::StreamExt;
use http::{Method, StatusCode};
use sabir_core::{Body, Call, Reply, ReplyBody, RouteDefinition, Settings, body::BodyStream};
use sabir_http::{Address, App, Server, ServerHandle};
use serde_json::json;
use support::{operation, read_all, wait_until};

struct Running {
    address: String,
    handle: ServerHandle,
    /// Bytes that the handlers have read.
    read: Arc<AtomicU64>,
}

fn stream(call: Call) -> BodyStream {
    match call.body {
        Body::Stream(stream) => stream,
        _ => Box::pin(futures_util::stream::empty()),
    }
}

/// `/count` reads everything, `/first` one chunk, `/none` nothing, `/slow` pauses after each chunk, and `/echo` sends back
/// what comes while it comes.
fn start(change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = Settings::default();
    change(&mut settings);
    let read = Arc::<AtomicU64>::default();
    let mut app = App::new(settings);
    for (path, chunks, pause) in [
        ("/count", u64::MAX, 0),
        ("/first", 1, 0),
        ("/none", 0, 0),
        ("/slow", u64::MAX, 20),
    ] {
        let counter = Arc::clone(&read);
        let handler = move |call: Call| {
            let counter = Arc::clone(&counter);
            async move {
                let mut content = stream(call);
                let mut size = 0;
                let mut left = chunks;
                while left > 0 {
                    match content.next().await {
                        Some(Ok(chunk)) => {
                            size += chunk.len() as u64;
                            counter.fetch_add(chunk.len() as u64, Ordering::SeqCst);
                        }
                        Some(Err(problem)) => return problem.into_reply(),
                        None => break,
                    }
                    left -= 1;
                    if pause > 0 {
                        tokio::time::sleep(Duration::from_millis(pause)).await;
                    }
                }
                Reply::bytes(StatusCode::OK, "text/plain", size.to_string())
            }
        };
        let definition = RouteDefinition::new(
            Method::POST,
            path,
            operation(&json!({ "x-sabir": { "body_limit": 100_000_000 } })),
        );
        app.route(definition.streaming(), Arc::new(handler)).unwrap();
    }
    let echo = |call: Call| async move {
        let mut reply = Reply::new(StatusCode::OK);
        let chunks = stream(call).map(|chunk| chunk.map_err(|problem| format!("{problem:?}").into()));
        reply.body = ReplyBody::Stream(Box::pin(chunks));
        reply
    };
    let definition = RouteDefinition::new(Method::POST, "/echo", operation(&json!({})));
    app.route(definition.streaming(), Arc::new(echo)).unwrap();
    let hello = |_: Call| async { Reply::bytes(StatusCode::OK, "text/plain", Bytes::from("hello")) };
    app.route(
        RouteDefinition::new(Method::GET, "/", operation(&json!({}))),
        Arc::new(hello),
    )
    .unwrap();
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    Running {
        address: server.local_address(),
        handle: server.serve(app.build()).unwrap(),
        read,
    }
}

impl Running {
    fn connect(&self) -> TcpStream {
        let client = TcpStream::connect(&self.address).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        client
    }

    fn read(&self) -> u64 {
        self.read.load(Ordering::SeqCst)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handle.stop();
    }
}

/// Reads until `end` has come.
fn until(client: &mut TcpStream, end: &str) -> String {
    let (mut text, mut chunk) = (String::new(), [0; 1024]);
    while !text.ends_with(end) {
        let count = client.read(&mut chunk).unwrap();
        assert!(count > 0, "the connection has ended: {text}");
        text.push_str(std::str::from_utf8(&chunk[..count]).unwrap());
    }
    text
}

fn head(path: &str, more: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: a\r\n{more}\r\n")
}

#[test]
fn a_handler_reads_while_its_client_sends() {
    let server = start(|_| {});
    let mut client = server.connect();
    client
        .write_all(head("/count", "Content-Length: 10\r\n").as_bytes())
        .unwrap();
    client.write_all(b"hello").unwrap();
    wait_until("the first half is read", || server.read() == 5);
    client.write_all(b"there").unwrap();
    until(&mut client, "\r\n\r\n10");
    // The connection goes on.
    client
        .write_all(head("/count", "Transfer-Encoding: chunked\r\n").as_bytes())
        .unwrap();
    client.write_all(b"3\r\nabc\r\n").unwrap();
    wait_until("the first chunk is read", || server.read() == 13);
    client.write_all(b"0\r\n\r\n").unwrap();
    until(&mut client, "\r\n\r\n3");
}

#[test]
fn what_comes_is_sent_back_while_it_comes() {
    let server = start(|_| {});
    let mut client = server.connect();
    client
        .write_all(head("/echo", "Transfer-Encoding: chunked\r\n").as_bytes())
        .unwrap();
    until(&mut client, "\r\n\r\n");
    for word in ["one", "two", "six"] {
        client.write_all(format!("3\r\n{word}\r\n").as_bytes()).unwrap();
        until(&mut client, &format!("3\r\n{word}\r\n"));
    }
    client.write_all(b"0\r\n\r\n").unwrap();
    until(&mut client, "0\r\n\r\n");
    client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    until(&mut client, "hello");
}

#[test]
fn the_client_is_told_to_go_on_when_the_handler_reads() {
    let server = start(|_| {});
    let mut client = server.connect();
    let expecting = "Content-Length: 5\r\nExpect: 100-continue\r\n";
    client.write_all(head("/count", expecting).as_bytes()).unwrap();
    assert_eq!(until(&mut client, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.write_all(b"hello").unwrap();
    until(&mut client, "\r\n\r\n5");
    // A handler that answers without reading spares its client the content.
    let mut client = server.connect();
    client.write_all(head("/none", expecting).as_bytes()).unwrap();
    let answer = until(&mut client, "\r\n\r\n0");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn an_answer_may_come_before_the_content() {
    let server = start(|_| {});
    for (path, read) in [("/none", "0"), ("/first", "5")] {
        let mut client = server.connect();
        client
            .write_all(head(path, "Content-Length: 10\r\n").as_bytes())
            .unwrap();
        client.write_all(b"hello").unwrap();
        let answer = until(&mut client, &format!("\r\n\r\n{read}"));
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        // The rest of the content is not taken for a request.
        let _ = client.write_all(b"there");
        let _ = client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        let rest = read_all(&mut client);
        assert!(rest.text.is_empty() || rest.text.ends_with("hello"), "{rest:?}");
    }
}

#[test]
fn a_handler_that_does_not_read_holds_its_client_up() {
    let server = start(|_| {});
    let mut client = server.connect();
    client
        .set_write_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    client
        .write_all(head("/slow", "Content-Length: 50000000\r\n").as_bytes())
        .unwrap();
    let mut sent = 0;
    let chunk = vec![b'x'; 65_536];
    while sent < 50_000_000 {
        match client.write(&chunk) {
            Ok(count) => sent += count as u64,
            Err(_) => break,
        }
        // What is on the way, in buffers of the system too, is bounded.
        assert!(sent - server.read() < 20_000_000);
    }
    assert!(server.read() > 0);
}

#[test]
fn limits_hold_while_content_is_read() {
    let server = start(|settings| settings.body_timeout_ms = 100);
    let mut client = server.connect();
    client
        .write_all(head("/count", "Content-Length: 10\r\n").as_bytes())
        .unwrap();
    client.write_all(b"hello").unwrap();
    read_all(&mut client).refuses(408);
    let mut client = server.connect();
    client
        .write_all(head("/count", "Content-Length: 100000001\r\n").as_bytes())
        .unwrap();
    read_all(&mut client).refuses(413);
    let mut client = server.connect();
    client
        .write_all(head("/count", "Transfer-Encoding: chunked\r\n").as_bytes())
        .unwrap();
    client.write_all(b"5\r\nhelloX").unwrap();
    read_all(&mut client).refuses(400);
}

#[test]
fn a_client_that_leaves_while_it_sends_ends_the_handler() {
    let server = start(|_| {});
    for _ in 0..50 {
        let mut client = server.connect();
        client
            .write_all(head("/count", "Content-Length: 10\r\n").as_bytes())
            .unwrap();
        client.write_all(b"hello").unwrap();
    }
    wait_until("all have been read", || server.read() == 250);
    let stopped = std::time::Instant::now();
    server.handle.stop();
    assert!(stopped.elapsed() < Duration::from_secs(5), "handlers are left");
}
