//! Clients that send no more, and clients that have left.
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
    os::unix::net::UnixStream,
    time::Duration,
};

use sabir_core::Settings;
use sabir_http::{Address, Server};
use support::{Answer, LARGE, Running, read_all, start, wait_until};

/// Sends `bytes` and says that nothing follows.
fn send_and_end(server: &Running, bytes: &str) -> TcpStream {
    let mut stream = server.connect();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    stream
}

fn answer(server: &Running, bytes: &str) -> Answer {
    read_all(&mut send_and_end(server, bytes))
}

#[test]
fn a_client_that_sends_no_more_gets_its_answer() {
    let server = start(|_| {});
    for path in ["/", "/slow"] {
        let text = answer(&server, &format!("GET {path} HTTP/1.0\r\n\r\n"));
        assert!(text.closed, "{text:?}");
        assert!(text.text.starts_with("HTTP/1.0 200 OK\r\n"), "{text:?}");
        let text = answer(&server, &format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert!(text.closed, "{text:?}");
        assert!(text.text.starts_with("HTTP/1.1 200 OK\r\n"), "{text:?}");
        // A quick answer may have left before the end of the input arrived.
        assert!(
            path == "/" || text.text.contains("connection: close\r\n"),
            "{text:?}"
        );
    }
    assert_eq!(server.cancelled(), 0);
}

#[test]
fn all_pipelined_requests_are_answered_before_the_end() {
    let server = start(|_| {});
    let slow = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
    let post = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
    let text = answer(&server, &format!("{slow}{post}{slow}{post}"));
    assert_eq!(text.statuses(), [200; 4], "{text:?}");
    assert!(text.closed);
    assert_eq!(text.text.matches("connection: close").count(), 1, "{text:?}");
}

#[test]
fn content_that_was_asked_for_is_answered_too() {
    let server = start(|_| {});
    let text = answer(
        &server,
        "POST /upload HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
    );
    assert!(text.text.starts_with("HTTP/1.1 "), "{text:?}");
    assert_eq!(text.statuses().last(), Some(&200), "{text:?}");
    assert!(text.text.ends_with("\r\n\r\n2"), "{text:?}");
}

#[test]
fn a_long_answer_is_sent_to_its_end() {
    let server = start(|_| {});
    let mut stream = send_and_end(&server, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    assert!(bytes.len() > LARGE.len());
    assert!(bytes.ends_with(&LARGE));
}

#[test]
fn a_streamed_answer_is_sent_to_its_end() {
    let server = start(|_| {});
    let text = answer(&server, "GET /slow-stream HTTP/1.1\r\nHost: a\r\n\r\n");
    let mut content = text.text.split_once("\r\n\r\n").unwrap().1;
    for _ in 0..3 {
        let (size, rest) = content.split_once("\r\n").unwrap();
        assert_eq!(usize::from_str_radix(size, 16), Ok(5), "{text:?}");
        content = rest.strip_prefix("chunk\r\n").unwrap();
    }
    assert_eq!(content.trim_start_matches('0'), "\r\n\r\n", "{text:?}");
}

#[test]
fn a_client_that_leaves_cancels_its_handler() {
    let server = start(|_| {});
    for (count, bytes) in [
        "GET /endless HTTP/1.0\r\n\r\n".to_owned(),
        "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2),
        "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /endless HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        let before = server.calls();
        let mut stream = server.connect();
        stream.write_all(bytes.as_bytes()).unwrap();
        let begins = 1 + usize::from(bytes.contains("GET / "));
        wait_until("the handler begins", || server.calls() == before + begins);
        drop(stream);
        wait_until("the handler is cancelled", || server.cancelled() == count + 1);
        assert_eq!(
            server.calls(),
            before + begins,
            "no further request is begun: {bytes}"
        );
    }
}

#[test]
fn a_client_that_first_ends_and_later_leaves_cancels_its_handler() {
    let server = start(|_| {});
    let stream = send_and_end(&server, "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
    wait_until("the handler begins", || server.calls() == 1);
    // The beginning of the answer is here, so the client's system tells the server when nobody reads it.
    let mut beginning = [0; 7];
    stream.peek(&mut beginning).unwrap();
    assert_eq!(server.cancelled(), 0);
    drop(stream);
    wait_until("the handler is cancelled", || server.cancelled() == 1);
}

#[test]
fn a_reset_cancels_a_handler_with_a_long_request_behind_it() {
    let server = start(|_| {});
    let mut stream = server.connect();
    let first = "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n";
    let second = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\n";
    stream
        .write_all(format!("{first}{second}{}", "x".repeat(30_000)).as_bytes())
        .unwrap();
    wait_until("the handler begins", || server.calls() == 1);
    drop(stream);
    wait_until("the handler is cancelled", || server.cancelled() == 1);
}

#[test]
fn a_unix_socket_tells_ends_and_departures_apart_too() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    let (calls, cancelled) = (std::sync::Arc::default(), std::sync::Arc::default());
    let service = support::app(Settings::default(), &calls, &cancelled);
    let server = Server::bind(Address::Unix(path.clone())).unwrap();
    let handle = server.serve(service).unwrap();
    let mut stream = UnixStream::connect(&path).unwrap();
    stream.write_all(b"GET /slow HTTP/1.0\r\n\r\n").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.0 200 OK\r\n"), "{text}");
    let mut stream = UnixStream::connect(&path).unwrap();
    stream.write_all(b"GET /endless HTTP/1.0\r\n\r\n").unwrap();
    wait_until("the handler begins", || {
        calls.load(std::sync::atomic::Ordering::SeqCst) == 1
    });
    drop(stream);
    wait_until("the handler is cancelled", || {
        cancelled.load(std::sync::atomic::Ordering::SeqCst) == 1
    });
    handle.stop();
    handle.wait();
}
