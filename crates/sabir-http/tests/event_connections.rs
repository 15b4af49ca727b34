//! Connections of HTTP/1.1 around their streams of events: what comes before and after, and how they end.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream;
use http::{Method, StatusCode};
use sabir_core::{Body, Call, Event, Reply, ReplyBody, RouteDefinition, Settings, reply::StreamError};
use sabir_http::{Address, App, Server, ServerHandle};
use serde_json::json;
use support::{operation, read_all, wait_until};

struct Gone(Arc<AtomicUsize>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

struct Running {
    address: String,
    handle: ServerHandle,
    /// Streams that are over, and events that were made.
    over: Arc<AtomicUsize>,
    made: Arc<AtomicUsize>,
}

/// `/two` sends two events with a pause between them, `/broken` one and then fails, `/many` events without end, `/large` one of
/// 300,000 bytes, and `/post` two as well and leaves its content unread.
fn start() -> Running {
    let (over, made) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let mut app = App::new(Settings::default());
    for path in ["/two", "/broken", "/many", "/large", "/post"] {
        let (over, made) = (Arc::clone(&over), Arc::clone(&made));
        let handler = move |call: Call| {
            let gone = Gone(Arc::clone(&over));
            let made = Arc::clone(&made);
            async move {
                let content = match call.body {
                    Body::Stream(content) => Some(content),
                    _ => None,
                };
                let limit = match path {
                    "/many" => usize::MAX,
                    "/large" => 1,
                    _ => 2,
                };
                let events = stream::unfold((0, gone, content), move |(number, gone, content)| {
                    made.fetch_add(1, Ordering::SeqCst);
                    async move {
                        if number == limit {
                            return None;
                        }
                        if number == 1 && path != "/many" {
                            tokio::time::sleep(Duration::from_millis(50)).await;
                        }
                        let event = match path {
                            "/broken" if number == 1 => Err(StreamError::from("it fails")),
                            "/large" => Ok(Bytes::from(format!("data: {}\n\n", "x".repeat(300_000)))),
                            "/many" => Ok(Bytes::from(format!("data: {}\n\n", "x".repeat(1000)))),
                            _ => Ok(Event::new(number.to_string()).encode().unwrap()),
                        };
                        Some((event, (number + 1, gone, content)))
                    }
                });
                let mut reply = Reply::new(StatusCode::OK);
                reply.body = ReplyBody::Events(Box::pin(events));
                reply
            }
        };
        let method = if path == "/post" {
            Method::POST
        } else {
            Method::GET
        };
        let route = RouteDefinition::new(method, path, operation(&json!({})));
        let route = if path == "/post" { route.streaming() } else { route };
        app.route(route, Arc::new(handler)).unwrap();
    }
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    Running {
        address: server.local_address(),
        handle: server.serve(app.build()).unwrap(),
        over,
        made,
    }
}

impl Running {
    fn connect(&self) -> TcpStream {
        let client = TcpStream::connect(&self.address).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        client
    }

    fn over(&self) -> usize {
        self.over.load(Ordering::SeqCst)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handle.stop();
    }
}

const GET: &[u8] = b"GET /two HTTP/1.1\r\nHost: a\r\n\r\n";
const TWO: &str = "9\r\ndata: 0\n\n\r\n9\r\ndata: 1\n\n\r\n0\r\n\r\n";

/// Reads until the content of `count` answers has ended.
fn read_answers(client: &mut TcpStream, count: usize) -> String {
    let (mut text, mut chunk) = (String::new(), [0; 4096]);
    while text.matches("\r\n0\r\n\r\n").count() < count {
        let count = client.read(&mut chunk).unwrap();
        assert!(count > 0, "the connection has ended: {text}");
        text.push_str(std::str::from_utf8(&chunk[..count]).unwrap());
    }
    text
}

#[test]
fn requests_follow_one_another() {
    let server = start();
    let mut client = server.connect();
    for _ in 0..3 {
        client.write_all(GET).unwrap();
        let text = read_answers(&mut client, 1);
        assert!(
            text.starts_with("HTTP/1.1 200 OK\r\n") && text.ends_with(TWO),
            "{text}"
        );
    }
    client
        .write_all(b"GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    read_all(&mut client).refuses(404);
    assert_eq!(server.over(), 3);
}

#[test]
fn requests_that_come_together_are_answered_in_order() {
    let server = start();
    let mut client = server.connect();
    let none = b"GET /none HTTP/1.1\r\nHost: a\r\n\r\n";
    client.write_all(&[GET, none, GET, GET].concat()).unwrap();
    let text = read_answers(&mut client, 3);
    let statuses: Vec<_> = text
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|answer| &answer[..3])
        .collect();
    assert_eq!(statuses, ["200", "404", "200", "200"], "{text}");
    // One that comes while the events are sent.
    client.write_all(GET).unwrap();
    thread::sleep(Duration::from_millis(20));
    client.write_all(none).unwrap();
    let text = read_answers(&mut client, 1);
    assert!(text.contains(TWO), "{text}");
    client.shutdown(Shutdown::Write).unwrap();
    let answer = read_all(&mut client);
    assert!(
        text.contains(" 404 ") || answer.text.contains(" 404 "),
        "{answer:?}"
    );
}

#[test]
fn a_client_that_wants_no_more_is_let_go() {
    let server = start();
    for field in ["Connection: close", "connection: Upgrade , CLOSE"] {
        let mut client = server.connect();
        write!(client, "GET /two HTTP/1.1\r\nHost: a\r\n{field}\r\n\r\n").unwrap();
        let answer = read_all(&mut client);
        assert!(answer.closed && answer.text.ends_with(TWO), "{answer:?}");
        assert!(answer.text.contains("connection: close\r\n"), "{answer:?}");
    }
}

#[test]
fn a_client_of_http_1_0_gets_no_chunks() {
    let server = start();
    let mut client = server.connect();
    client.write_all(b"GET /two HTTP/1.0\r\nHost: a\r\n\r\n").unwrap();
    let answer = read_all(&mut client);
    assert!(answer.closed, "{answer:?}");
    assert!(
        answer.text.ends_with("\r\n\r\ndata: 0\n\ndata: 1\n\n"),
        "{answer:?}"
    );
}

#[test]
fn a_client_that_only_sends_no_more_gets_the_rest() {
    let server = start();
    // At once, and when the first event has been sent.
    for pause in [0, 25] {
        let mut client = server.connect();
        client.write_all(GET).unwrap();
        thread::sleep(Duration::from_millis(pause));
        client.shutdown(Shutdown::Write).unwrap();
        let answer = read_all(&mut client);
        assert!(answer.closed, "{answer:?}");
        let content = answer.text.split_once("\r\n\r\n").unwrap().1;
        let sizes_begin_with_zeros = content
            .replace("\r\n09\r\n", "\r\n9\r\n")
            .replace("00\r\n", "0\r\n");
        assert_eq!(sizes_begin_with_zeros.trim_start_matches('0'), TWO, "{answer:?}");
    }
}

#[test]
fn what_fails_is_broken_off() {
    let server = start();
    let mut client = server.connect();
    client
        .write_all(b"GET /broken HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    let answer = read_all(&mut client);
    assert!(
        answer.closed && answer.text.ends_with("9\r\ndata: 0\n\n\r\n"),
        "{answer:?}"
    );
}

#[test]
fn a_large_event_comes_whole() {
    let server = start();
    let mut client = server.connect();
    client
        .write_all(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    let text = read_answers(&mut client, 1);
    let (head, content) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert_eq!(content.matches('x').count(), 300_000);
}

#[test]
fn a_client_that_does_not_read_holds_its_events_up() {
    let server = start();
    let mut client = server.connect();
    client
        .write_all(b"GET /many HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    let mut before = 0;
    wait_until("no more events are made", || {
        thread::sleep(Duration::from_millis(100));
        let made = server.made.load(Ordering::SeqCst);
        made > 10 && std::mem::replace(&mut before, made) == made
    });
    let mut some = vec![0; 100_000];
    for _ in 0..100 {
        client.read_exact(&mut some).unwrap();
    }
    assert!(server.made.load(Ordering::SeqCst) > before);
    drop(client);
    wait_until("the stream is over", || server.over() == 1);
}

#[test]
fn content_that_is_not_read_is_no_hindrance() {
    let server = start();
    let mut client = server.connect();
    for _ in 0..2 {
        client
            .write_all(b"POST /post HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n")
            .unwrap();
        thread::sleep(Duration::from_millis(20));
        client.write_all(b"0\r\n\r\n").unwrap();
        let text = read_answers(&mut client, 1);
        assert!(text.ends_with(TWO), "{text}");
    }
}

#[test]
fn a_client_that_leaves_ends_its_stream_wherever_it_is() {
    let server = start();
    for _ in 0..50 {
        let mut client = server.connect();
        client.write_all(GET).unwrap();
    }
    wait_until("all streams are over", || server.over() == 50);
}
