//! Content of HTTP/2 that somebody still holds when its request has been answered: it takes neither the window of the connection
//! nor one of its streams (RFC 9113 §5.1.2, §5.2).
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{sync::mpsc, time::Duration};

use support::{
    http2::{DATA, END_STREAM, Http2, Outcome, RST_STREAM},
    kept::start,
    wait_until,
};

/// More than the streams that may be open at once.
const COUNT: usize = 250;

/// Its requests together have more content than the window of the connection has room for.
const CONTENT: [u8; 16_000] = [b'x'; 16_000];

fn post(path: &str) -> [(&str, &str); 4] {
    [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", path),
        (":authority", "a"),
    ]
}

#[test]
fn later_requests_have_the_whole_window_and_every_stream() {
    let server = start(|_| ());
    for path in ["/whole", "/first", "/stream"] {
        for flags in [0, END_STREAM] {
            let mut client = Http2::new(server.connect());
            for number in 0..COUNT {
                let stream = client.begin(&post(path), 0);
                client.frame(DATA, flags, stream, &CONTENT);
                let outcome = client.outcome(stream);
                assert_eq!(
                    outcome,
                    Outcome::Answer("hello".into()),
                    "{path} {flags} {number}"
                );
            }
        }
    }
    assert_eq!(server.kept.lock().unwrap().len(), 3 * 2 * COUNT);
}

#[test]
fn requests_that_their_client_gives_up_keep_nothing_either() {
    const CANCEL: [u8; 4] = [0, 0, 0, 8];
    let server = start(|_| ());
    let mut client = Http2::new(server.connect());
    for number in 1..=COUNT {
        let stream = client.begin(&post("/never"), 0);
        client.frame(DATA, 0, stream, &CONTENT);
        wait_until("the content is kept", || {
            server.kept.lock().unwrap().len() == number
        });
        client.frame(RST_STREAM, 0, stream, &CANCEL);
    }
    let stream = client.begin(&post("/whole"), 0);
    client.frame(DATA, END_STREAM, stream, &CONTENT);
    assert_eq!(client.outcome(stream).text(), "hello");
}

#[test]
fn the_connection_ends_when_the_server_stops() {
    let server = start(|settings| settings.shutdown_timeout_ms = 60_000);
    let mut client = Http2::new(server.connect());
    let stream = client.begin(&post("/whole"), 0);
    client.frame(DATA, 0, stream, &CONTENT);
    assert_eq!(client.outcome(stream).text(), "hello");
    let (sender, receiver) = mpsc::channel();
    server.handle.stop_with_callback(move || sender.send(()).unwrap());
    assert_eq!(client.until_closed(true), Outcome::GoAway(0));
    receiver.recv_timeout(Duration::from_secs(20)).unwrap();
}

#[test]
fn a_task_that_reads_on_learns_that_the_request_is_answered() {
    let server = start(|settings| (settings.body_timeout_ms, settings.body_minimum_rate) = (0, 0));
    let mut client = Http2::new(server.connect());
    let stream = client.begin(&post("/behind"), 0);
    client.frame(DATA, 0, stream, &CONTENT);
    assert_eq!(client.outcome(stream).text(), "hello");
    wait_until("the task has ended", || !server.ends.lock().unwrap().is_empty());
    let end = server.ends.lock().unwrap().pop().unwrap();
    assert_eq!(end.unwrap().status, 400);
}
