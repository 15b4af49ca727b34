//! Requests that are answered before their content is read.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{io::Write, thread, time::Duration};

use support::{Answer, Running, read_all, start};

/// Sends a head, then the content a little later, then another request.
fn exchange(server: &Running, head: &str, content: &[u8]) -> Answer {
    let mut stream = server.connect();
    stream.set_read_timeout(Some(Duration::from_millis(700))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(30));
    // The server may have closed already when it is not interested; then only the answer counts.
    let _ = stream
        .write_all(content)
        .and_then(|()| stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    read_all(&mut stream)
}

#[test]
fn keeps_a_connection_whose_refused_content_is_short() {
    let server = start(|_| {});
    for path in ["/none", "/slow"] {
        let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
        let answer = exchange(&server, &head, b"hello");
        assert_eq!(answer.statuses()[1..], [200], "{answer:?}");
        assert!(!answer.closed, "{answer:?}");
        let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        let answer = exchange(&server, &head, b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");
        assert_eq!(answer.statuses()[1..], [200], "{answer:?}");
        assert!(!answer.closed, "{answer:?}");
    }
}

#[test]
fn says_that_it_closes_before_long_content() {
    let server = start(|_| {});
    let head = "POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";
    exchange(&server, head, &vec![b'x'; 1_000_000]).refuses(404);
    let head = "POST /none HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("{:x}\r\n{}\r\n", 50_000, "x".repeat(50_000));
    exchange(&server, head, chunk.repeat(4).as_bytes()).refuses(404);
    assert_eq!(server.calls(), 0);
}

#[test]
fn says_that_it_closes_when_the_content_does_not_come() {
    let server = start(|_| {});
    let answer = server.exchange("POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    answer.refuses(404);
}

#[test]
fn does_not_ask_for_content_that_it_refuses() {
    let server = start(|_| {});
    let request = "POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    let answer = server.exchange(request);
    assert_eq!(answer.statuses(), [404], "no 100 comes first: {answer:?}");
    answer.refuses(404);
}

#[test]
fn keeps_a_connection_whose_content_is_read() {
    let server = start(|_| {});
    let head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = exchange(&server, head, b"5\r\nhello\r\n0\r\n\r\n");
    assert_eq!(answer.statuses(), [200, 200], "{answer:?}");
    assert!(!answer.closed);
}
