//! Streams of events on their connections: kept alive, ended by a stop, left by clients.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Method, StatusCode};
use sabir_core::{Call, Event, Reply, ReplyBody, RouteDefinition, Settings};
use sabir_http::{Address, App, Server, ServerHandle};
use serde_json::json;
use support::{
    http2::{self, Http2},
    operation, read_all, wait_until,
};

struct Gone(Arc<AtomicUsize>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

struct Running {
    address: String,
    handle: ServerHandle,
    /// Streams that are over.
    over: Arc<AtomicUsize>,
}

/// A server whose `/ticks` sends an event at once, and then none.
fn start(change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = Settings::default();
    change(&mut settings);
    let over = Arc::<AtomicUsize>::default();
    let counter = Arc::clone(&over);
    let ticks = move |_: Call| {
        let gone = Gone(Arc::clone(&counter));
        async move {
            let first = stream::iter([Ok::<Bytes, _>(Event::new("1").encode().unwrap())]);
            let silence = stream::pending().map(move |item| {
                let _ = &gone;
                item
            });
            let mut reply = Reply::new(StatusCode::OK);
            reply.body = ReplyBody::Events(Box::pin(first.chain(silence)));
            reply
        }
    };
    let mut app = App::new(settings);
    let definition = RouteDefinition::new(Method::GET, "/ticks", operation(&json!({})));
    app.route(definition, Arc::new(ticks)).unwrap();
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    Running {
        address: server.local_address(),
        handle: server.serve(app.build()).unwrap(),
        over,
    }
}

impl Running {
    /// Asks for events, and reads until `end` has come.
    fn open(&self, end: &str) -> (TcpStream, String) {
        let mut client = TcpStream::connect(&self.address).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        client
            .write_all(b"GET /ticks HTTP/1.1\r\nHost: a\r\n\r\n")
            .unwrap();
        let (mut text, mut chunk) = (String::new(), [0; 1024]);
        while !text.ends_with(end) {
            let count = client.read(&mut chunk).unwrap();
            assert!(count > 0, "the stream has ended: {text}");
            text.push_str(std::str::from_utf8(&chunk[..count]).unwrap());
        }
        (client, text)
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

const EVENT: &str = "9\r\ndata: 1\n\n\r\n";
const COMMENT: &str = "3\r\n:\n\n\r\n";

#[test]
fn an_event_is_sent_at_once_with_what_its_client_has_to_know() {
    let server = start(|_| {});
    let (_client, text) = server.open(EVENT);
    assert!(text.contains("\r\ncontent-type: text/event-stream\r\n"), "{text}");
    assert!(text.contains("\r\ncache-control: no-cache\r\n"), "{text}");
}

#[test]
fn comments_keep_a_silent_stream_alive() {
    let server = start(|settings| {
        settings.event_keep_alive_ms = 50;
        settings.idle_timeout_ms = 100;
        settings.handler_timeout_ms = 100;
    });
    let (_client, text) = server.open(&[COMMENT; 8].concat());
    assert!(
        text.ends_with(&[EVENT, &[COMMENT; 8].concat()].concat()),
        "{text}"
    );
}

#[test]
fn nothing_is_sent_where_no_comments_are_wanted() {
    let server = start(|settings| {
        settings.event_keep_alive_ms = 0;
        settings.idle_timeout_ms = 100;
    });
    let (mut client, _) = server.open(EVENT);
    client.set_read_timeout(Some(Duration::from_millis(400))).unwrap();
    let answer = read_all(&mut client);
    assert_eq!((answer.text.as_str(), answer.closed), ("", false));
}

#[test]
fn a_client_that_leaves_ends_its_stream() {
    let server = start(|settings| settings.event_keep_alive_ms = 0);
    let clients: Vec<_> = (0..20).map(|_| server.open(EVENT)).collect();
    assert_eq!(server.over(), 0);
    drop(clients);
    wait_until("all streams are over", || server.over() == 20);
}

#[test]
fn a_server_that_stops_ends_its_streams() {
    let server = start(|_| {});
    let (mut client, _) = server.open(EVENT);
    server.handle.stop();
    let answer = read_all(&mut client);
    // The end of the chunks: the client can tell that this is not a broken connection.
    assert_eq!((answer.text.as_str(), answer.closed), ("0\r\n\r\n", true));
    wait_until("the stream is over", || server.over() == 1);
}

#[test]
fn a_stop_ends_streams_of_http_2_as_well() {
    let server = start(|settings| settings.event_keep_alive_ms = 20);
    let mut client = Http2::new(TcpStream::connect(&server.address).unwrap());
    let fields = [
        (":method", "GET"),
        (":scheme", "http"),
        (":authority", "a"),
        (":path", "/ticks"),
    ];
    let id = client.begin(&fields, http2::END_STREAM);
    let handle = server.handle.clone();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        handle.stop();
    });
    // The connection says first that it is closing.
    let text = client.outcomes(&[id]).remove(0).text();
    assert!(text.starts_with("data: 1\n\n:\n\n:\n\n"), "{text}");
}

#[test]
fn a_head_of_events_has_no_stream() {
    let server = start(|_| {});
    let mut client = TcpStream::connect(&server.address).unwrap();
    client.set_read_timeout(Some(Duration::from_millis(400))).unwrap();
    client
        .write_all(b"HEAD /ticks HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    let answer = read_all(&mut client);
    assert!(answer.text.ends_with("\r\n\r\n"), "{}", answer.text);
    assert!(answer.text.contains("text/event-stream"), "{}", answer.text);
    wait_until("the stream is over", || server.over() == 1);
}
