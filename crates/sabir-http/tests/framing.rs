//! What raw bytes on a connection lead to.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{io::Write, time::Duration};

use support::{read_all, start};

#[test]
fn answers_pipelined_requests_in_order() {
    let server = start(|_| {});
    let answer = server.exchange(
        "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\n\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    assert_eq!(answer.statuses(), [200, 404, 200, 200], "{answer:?}");
    assert!(!answer.closed);
}

#[test]
fn refuses_a_malformed_request_after_the_answers_before_it() {
    let server = start(|_| {});
    let answer = server.exchange("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost : a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(answer.statuses(), [200, 400], "{answer:?}");
    answer.refuses(400);
    assert_eq!(server.calls(), 0);
}

#[test]
fn sends_what_it_answered_before_it_closes() {
    let server = start(|_| {});
    let next = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let answer = server.exchange(&format!(
        "{next}GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n{next}"
    ));
    assert_eq!(answer.statuses(), [200, 200], "{answer:?}");
    assert!(answer.closed);
    let content = "a".repeat(101);
    server
        .exchange(&format!(
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n{content}{next}"
        ))
        .refuses(413);
}

#[test]
fn refuses_what_hyper_would_forgive() {
    let server = start(|_| {});
    for request in [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "nonsense\r\n\r\n",
        "\u{16}\u{3}\u{1} TLS\r\n",
    ] {
        server.exchange(request).refuses(400);
    }
    assert_eq!(server.calls(), 0);
}

#[test]
fn names_versions_targets_and_header_sections_that_are_too_much() {
    let server = start(|_| {});
    server.exchange("GET / HTTP/3.0\r\nHost: a\r\n\r\n").refuses(505);
    server
        .exchange(&format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(9000)))
        .refuses(414);
    server
        .exchange(&format!(
            "GET / HTTP/1.1\r\nHost: a\r\na: {}\r\n\r\n",
            "b".repeat(40_000)
        ))
        .refuses(431);
    server
        .exchange(&format!(
            "GET / HTTP/1.1\r\nHost: a\r\n{}\r\n",
            "a: b\r\n".repeat(101)
        ))
        .refuses(431);
    server
        .exchange("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n")
        .refuses(501);
}

#[test]
fn takes_as_many_fields_as_the_largest_setting_allows() {
    let server = start(|settings| {
        settings.header_count_limit = 16_384;
        settings.header_limit = 16 * 1024 * 1024;
    });
    for (count, status) in [(16_383, 200), (16_384, 431), (100_000, 431)] {
        let fields: String = (0..count).map(|number| format!("a{number}:\r\n")).collect();
        let answer = server.exchange(&format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n"));
        assert_eq!(answer.statuses(), [status], "{count}");
    }
}

#[test]
fn refuses_what_no_limit_lets_http_hold() {
    let server = start(|settings| {
        settings.target_limit = 65_534;
        settings.header_limit = 16 * 1024 * 1024;
    });
    let target = "a".repeat(65_533);
    let answer = server.exchange(&format!("GET /{target} HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_eq!(answer.statuses(), [404]);
    server
        .exchange(&format!("GET /{target}a HTTP/1.1\r\nHost: a\r\n\r\n"))
        .refuses(414);
    let name = "a".repeat(70_000);
    server
        .exchange(&format!("GET / HTTP/1.1\r\nHost: a\r\n{name}: b\r\n\r\n"))
        .refuses(431);
}

#[test]
fn reads_chunked_content_and_what_follows_it() {
    let server = start(|_| {});
    let answer = server.exchange(
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nt: u\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    assert_eq!(answer.statuses(), [200, 200], "{answer:?}");
    assert!(answer.text.contains("\r\n\r\nhello"), "{answer:?}");
}

#[test]
fn refuses_malformed_chunks() {
    let server = start(|_| {});
    for content in [
        "x\r\n",
        "2\r\nhello\r\n0\r\n\r\n",
        "-1\r\n",
        "2\nhe\r\n0\r\n\r\n",
        "2\r\nhe\r\n0\r\n bad\r\n\r\n",
    ] {
        let head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        let answer = server.exchange(&format!("{head}{content}"));
        answer.refuses(400);
        assert!(answer.text.contains("chunked content is malformed"), "{answer:?}");
    }
    assert_eq!(server.calls(), 0);
}

#[test]
fn refuses_large_content_before_and_while_reading_it() {
    let server = start(|_| {});
    server
        .exchange("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n")
        .refuses(413);
    let chunk = "a".repeat(0x65);
    server
        .exchange(&format!(
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n{chunk}\r\n0\r\n\r\n"
        ))
        .refuses(413);
    assert_eq!(server.calls(), 0);
}

#[test]
fn a_client_that_sends_much_too_much_still_reads_the_answer() {
    let server = start(|_| {});
    let content = "a".repeat(4_000_000);
    let mut stream = server.connect();
    let _ = stream.write_all(
        format!("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n{content}").as_bytes(),
    );
    read_all(&mut stream).refuses(413);
}

#[test]
fn answers_a_head_that_arrives_byte_by_byte() {
    let server = start(|_| {});
    let mut stream = server.connect();
    for byte in b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" {
        stream.write_all(&[*byte]).unwrap();
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(read_all(&mut stream).statuses(), [200]);
}

#[test]
fn times_out_a_slow_header_section() {
    let server = start(|settings| settings.header_timeout_ms = 100);
    server.exchange("GET / HTTP/1.1\r\nHost:").refuses(408);
    let answer = server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /");
    assert_eq!(answer.statuses(), [200, 408]);
}

#[test]
fn times_out_slow_content() {
    let server = start(|settings| settings.body_timeout_ms = 100);
    server
        .exchange("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
        .refuses(408);
}

#[test]
fn closes_an_idle_connection_but_not_a_busy_one() {
    let server = start(|settings| settings.idle_timeout_ms = 100);
    let answer = server.exchange("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(answer.statuses(), [200], "{answer:?}");
    assert!(answer.closed);
    let answer = server.exchange("");
    assert!(answer.closed && answer.text.is_empty());
}

#[test]
fn speaks_http_2_only_when_asked_to() {
    let server = start(|settings| settings.http2 = false);
    server.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").refuses(505);
    let server = start(|_| {});
    // An empty SETTINGS frame, answered by the server's own SETTINGS (RFC 9113 §3.4).
    let answer = server.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0");
    assert_eq!(answer.text.as_bytes().get(3), Some(&4), "{answer:?}");
}
