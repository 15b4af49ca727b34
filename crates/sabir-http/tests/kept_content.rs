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
    thread,
    time::Duration,
};

use futures_util::{FutureExt, StreamExt};
use support::{kept::start, wait_until};

const CHUNKED: &str = "Transfer-Encoding: chunked\r\n\r\n";

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
    let server = start(|_| ());
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
    let server = start(|_| ());
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
    let server = start(|_| ());
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
    let server = start(|_| ());
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
fn a_task_that_reads_on_learns_that_the_request_is_answered() {
    // No time limit ends its wait.
    let server = start(|settings| (settings.body_timeout_ms, settings.body_minimum_rate) = (0, 0));
    let mut stream = server.connect();
    write!(stream, "POST /behind HTTP/1.1\r\nHost: a\r\n{CHUNKED}2\r\nab\r\n").unwrap();
    read_answer(&mut stream);
    wait_until("the task has ended", || !server.ends.lock().unwrap().is_empty());
    let end = server.ends.lock().unwrap().pop().unwrap();
    assert_eq!(end.unwrap().status, 400);
}
