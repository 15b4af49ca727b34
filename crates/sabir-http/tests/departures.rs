//! Clients that leave while the content of their request is not read.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    os::unix::net::UnixStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use http::{Method, StatusCode};
use sabir_core::{Body, Call, Reply, ReplyBody, RouteDefinition, Settings};
use sabir_http::{Address, App, Server, ServerHandle};
use serde_json::json;
use support::{
    http2::{DATA, Http2, RST_STREAM},
    operation, read_all, wait_until,
};

/// More than sockets hold.
const LARGE: usize = 8 << 20;

struct Running {
    address: String,
    handle: ServerHandle,
    begun: Arc<AtomicUsize>,
    cancelled: Arc<AtomicUsize>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handle.stop();
    }
}

struct OnDrop(Option<Arc<AtomicUsize>>);

impl OnDrop {
    fn finish(mut self) {
        self.0 = None;
    }
}

impl Drop for OnDrop {
    fn drop(&mut self) {
        if let Some(count) = &self.0 {
            count.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// `/none` reads nothing and never answers, `/first` reads one chunk before, `/dropped` lets go of its content, `/stream` has
/// answered a chunk, and `/late` and `/later` answer after a while with what they read then.
fn start(address: Address) -> Running {
    let (begun, cancelled) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let mut app = App::new(Settings::default());
    for path in ["/none", "/first", "/dropped", "/stream", "/late", "/later"] {
        let (begun, cancelled) = (Arc::clone(&begun), Arc::clone(&cancelled));
        let handler = move |call: Call| {
            let (begun, guard) = (Arc::clone(&begun), OnDrop(Some(Arc::clone(&cancelled))));
            async move {
                let mut content = match call.body {
                    Body::Stream(stream) => Some(stream),
                    _ => None,
                };
                match path {
                    "/first" => drop(content.as_mut().unwrap().next().await),
                    "/dropped" => content = None,
                    _ => {}
                }
                begun.fetch_add(1, Ordering::SeqCst);
                match path {
                    "/late" | "/later" => {
                        let pause = if path == "/late" { 300 } else { 1500 };
                        tokio::time::sleep(Duration::from_millis(pause)).await;
                        let mut size = 0;
                        let mut content = content.unwrap();
                        while let Some(Ok(chunk)) = content.next().await {
                            size += chunk.len();
                        }
                        guard.finish();
                        Reply::bytes(StatusCode::OK, "text/plain", size.to_string())
                    }
                    "/stream" => {
                        let mut reply = Reply::new(StatusCode::OK);
                        let first = futures_util::stream::iter([Ok("begun".into())]);
                        let rest = futures_util::stream::once(async move {
                            let _held = (content, guard);
                            std::future::pending().await
                        });
                        reply.body = ReplyBody::Stream(Box::pin(first.chain(rest)));
                        reply
                    }
                    _ => {
                        let _held = (content, guard);
                        std::future::pending().await
                    }
                }
            }
        };
        let limits = operation(&json!({ "x-sabir": { "body_limit": 100_000_000 } }));
        let route = RouteDefinition::new(Method::POST, path, limits);
        app.route(route.streaming(), Arc::new(handler)).unwrap();
    }
    let server = Server::bind(address).unwrap();
    Running {
        address: server.local_address(),
        handle: server.serve(app.build()).unwrap(),
        begun,
        cancelled,
    }
}

fn loopback() -> Running {
    start(Address::Tcp("127.0.0.1".into(), 0))
}

impl Running {
    fn connect(&self) -> TcpStream {
        let client = TcpStream::connect(&self.address).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        client
            .set_write_timeout(Some(Duration::from_millis(300)))
            .unwrap();
        client
    }

    fn has_begun(&self, count: usize) {
        wait_until("the handler begins", || {
            self.begun.load(Ordering::SeqCst) == count
        });
    }

    fn cancelled(&self) -> usize {
        self.cancelled.load(Ordering::SeqCst)
    }

    fn is_cancelled(&self, count: usize, what: &str) {
        self.is_cancelled_within(Duration::from_millis(100), count, what);
    }

    fn is_cancelled_within(&self, limit: Duration, count: usize, what: &str) {
        let since = Instant::now();
        wait_until(what, || self.cancelled() == count);
        // A busy machine may take longer.
        let limit = limit + Duration::from_secs(1);
        assert!(since.elapsed() < limit, "{what}: {:?}", since.elapsed());
    }
}

fn head(path: &str, more: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: a\r\n{more}\r\n\r\n")
}

#[test]
fn a_client_that_leaves_is_missed_by_a_handler_that_does_not_read() {
    let server = loopback();
    let mut count = 0;
    for path in ["/none", "/first", "/dropped", "/stream"] {
        for (sent, fields) in [
            (5, "Content-Length: 5"),
            (5, "Content-Length: 10"),
            (30_000, "Content-Length: 30000"),
            (300_000, "Content-Length: 300000"),
            (LARGE, "Content-Length: 10000000"),
        ] {
            count += 1;
            let mut client = server.connect();
            let mut bytes = head(path, fields).into_bytes();
            bytes.resize(bytes.len() + sent, b'x');
            // Of content that nobody reads, not all can be sent.
            let _ = client.write_all(&bytes);
            server.has_begun(count);
            assert_eq!(server.cancelled(), count - 1, "{path} {fields}");
            drop(client);
            // Where the sockets are full, its end does not get through: it is asked.
            let limit = Duration::from_millis(if sent < 100_000 { 100 } else { 1100 });
            server.is_cancelled_within(limit, count, &format!("{path} {fields}"));
        }
    }
}

#[test]
fn a_client_that_is_held_up_is_asked_and_goes_on() {
    let server = loopback();
    let mut client = server.connect();
    client.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    client
        .write_all(head("/later", &format!("Content-Length: {LARGE}")).as_bytes())
        .unwrap();
    let mut other = client.try_clone().unwrap();
    let sending = thread::spawn(move || other.write_all(&vec![b'x'; LARGE]).unwrap());
    // The beginning of the answer goes ahead.
    client.peek(&mut [0; 7]).unwrap();
    sending.join().unwrap();
    client
        .write_all(head("/none", "Content-Length: 1").as_bytes())
        .unwrap();
    let mut text = String::new();
    let mut chunk = [0; 1024];
    while !text.ends_with(&format!("\r\n\r\n{LARGE}")) {
        let count = client.read(&mut chunk).unwrap();
        assert!(count > 0, "{text}");
        text.push_str(std::str::from_utf8(&chunk[..count]).unwrap());
    }
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    // The next request is watched anew.
    server.has_begun(2);
    client.shutdown(Shutdown::Write).unwrap();
    thread::sleep(Duration::from_millis(200));
    assert_eq!(server.cancelled(), 0);
    drop(client);
    server.is_cancelled(1, "the departure");
}

#[test]
fn chunked_content_and_content_that_is_not_asked_for_are_no_exception() {
    let server = loopback();
    for (index, (fields, content)) in [
        ("Transfer-Encoding: chunked", "5\r\nhello\r\n"),
        ("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"),
        ("Content-Length: 5\r\nExpect: 100-continue", ""),
    ]
    .into_iter()
    .enumerate()
    {
        let mut client = server.connect();
        client.write_all(head("/none", fields).as_bytes()).unwrap();
        client.write_all(content.as_bytes()).unwrap();
        server.has_begun(index + 1);
        // By now the connection is watched.
        thread::sleep(Duration::from_millis(100));
        drop(client);
        server.is_cancelled(index + 1, fields);
    }
}

#[test]
fn a_reset_is_heard_too() {
    let server = loopback();
    let mut client = server.connect();
    client
        .write_all(format!("{}hello", head("/none", "Content-Length: 10")).as_bytes())
        .unwrap();
    server.has_begun(1);
    socket2::SockRef::from(&client)
        .set_linger(Some(Duration::ZERO))
        .unwrap();
    drop(client);
    server.is_cancelled(1, "a reset");
}

#[test]
fn a_client_that_only_sends_no_more_gets_its_answer() {
    let server = loopback();
    for (length, fields) in [
        (5, ""),
        (30_000, ""),
        (200_000, ""),
        (5, "\r\nExpect: 100-continue"),
    ] {
        let mut client = server.connect();
        let fields = format!("Content-Length: {length}{fields}");
        client.write_all(head("/late", &fields).as_bytes()).unwrap();
        client.write_all(&vec![b'x'; length]).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let answer = read_all(&mut client);
        assert!(answer.text.starts_with("HTTP/1.1 "), "{answer:?}");
        assert_eq!(answer.statuses().last(), Some(&200), "{answer:?}");
        assert!(answer.text.ends_with(&format!("\r\n\r\n{length}")), "{answer:?}");
    }
    assert_eq!(server.cancelled(), 0);
}

#[test]
fn a_client_that_first_ends_and_later_leaves_is_missed() {
    let server = loopback();
    let mut client = server.connect();
    client
        .write_all(format!("{}hello", head("/none", "Content-Length: 5")).as_bytes())
        .unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    server.has_begun(1);
    // The beginning of the answer is here, so the client's system tells the server when nobody reads it.
    client.peek(&mut [0; 7]).unwrap();
    assert_eq!(server.cancelled(), 0);
    drop(client);
    server.is_cancelled(1, "the departure");
}

#[test]
fn a_handler_that_pauses_goes_on_where_it_was() {
    let server = loopback();
    let mut client = server.connect();
    client
        .write_all(format!("{}hello", head("/late", "Content-Length: 10")).as_bytes())
        .unwrap();
    thread::sleep(Duration::from_millis(150));
    client.write_all(b"there").unwrap();
    client
        .write_all(format!("{}bye", head("/late", "Content-Length: 3")).as_bytes())
        .unwrap();
    let mut text = String::new();
    let mut chunk = [0; 1024];
    while !text.ends_with("\r\n\r\n3") {
        let count = client.read(&mut chunk).unwrap();
        assert!(count > 0, "{text}");
        text.push_str(std::str::from_utf8(&chunk[..count]).unwrap());
    }
    assert!(text.contains("\r\n\r\n10HTTP/1.1 200 "), "{text}");
}

#[test]
fn a_unix_socket_tells_of_departures_too() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    let server = start(Address::Unix(path.clone()));
    let mut client = UnixStream::connect(&path).unwrap();
    client
        .write_all(format!("{}hello", head("/none", "Content-Length: 10")).as_bytes())
        .unwrap();
    server.has_begun(1);
    drop(client);
    server.is_cancelled(1, "the departure");
    let mut client = UnixStream::connect(&path).unwrap();
    client
        .write_all(format!("{}hello", head("/late", "Content-Length: 5")).as_bytes())
        .unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    let mut text = String::new();
    client.read_to_string(&mut text).unwrap();
    assert!(
        text.starts_with("HTTP/1.1 200 ") && text.ends_with("\r\n\r\n5"),
        "{text}"
    );
}

#[test]
fn streams_of_http_2_that_are_reset_and_connections_that_end_are_missed() {
    let server = loopback();
    let fields = |path| {
        [
            (":method", "POST"),
            (":scheme", "http"),
            (":path", path),
            (":authority", "a"),
        ]
    };
    let mut count = 0;
    for path in ["/none", "/first", "/dropped", "/stream"] {
        for is_reset in [true, false] {
            count += 1;
            let mut client = Http2::new(server.connect());
            let stream = client.begin(&fields(path), 0);
            // The whole window of the stream.
            for _ in 0..4 {
                client.frame(DATA, 0, stream, &vec![b'x'; 16_000]);
            }
            server.has_begun(count);
            assert_eq!(server.cancelled(), count - 1, "{path} {is_reset}");
            if is_reset {
                client.frame(RST_STREAM, 0, stream, &[0, 0, 0, 8]);
            } else {
                drop(client);
            }
            server.is_cancelled(count, &format!("{path} {is_reset}"));
        }
    }
}
