//! Requests whose end two readers may see in different places (RFC 9112 §11.2), and what else is easily misread.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::io::Write;

use support::{Answer, Running, read_all, start};

const NEXT: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/// Sends `request` and one more behind it.
fn send(server: &Running, request: &[u8]) -> Answer {
    let mut stream = server.connect();
    // The server may have closed the connection over the first of them.
    let _ = stream.write_all(request).and_then(|()| stream.write_all(NEXT));
    read_all(&mut stream)
}

fn post(fields: &str, content: &str) -> Vec<u8> {
    format!("POST /echo HTTP/1.1\r\nHost: a\r\n{fields}\r\n{content}").into_bytes()
}

#[track_caller]
fn refused(server: &Running, request: &[u8], status: u16) {
    let answer = send(server, request);
    let shown = String::from_utf8_lossy(request);
    assert_eq!(answer.statuses(), [status], "{shown:?}");
    answer.refuses(status);
}

#[test]
fn refuses_content_that_could_end_in_two_places() {
    let server = start(|_| {});
    let chunked = "2\r\nhi\r\n0\r\n\r\n";
    for fields in [
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: x\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Content-Length: 2, 2\r\n",
        "Content-Length: 2,3\r\n",
        "Content-Length: +2\r\n",
        "Content-Length: -0\r\n",
        "Content-Length: 0x2\r\n",
        "Content-Length: 2 2\r\n",
        "Content-Length: 2.0\r\n",
        "Content-Length: \"2\"\r\n",
        "Content-Length:\r\n",
        "Content-Length: \u{ff12}\r\n",
        "Content-Length: 18446744073709551618\r\n",
        "Content-Length : 2\r\n",
        "Content-Length\t: 2\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: \"chunked\"\r\n",
        "Transfer-Encoding: chunked;q=1\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunkedx\r\n",
        "Transfer-Encoding: \u{b}chunked\r\n",
        "Transfer-Encoding: \0chunked\r\n",
        "Transfer-Encoding: chunked\u{85}\r\n",
        "Transfer-Encoding: chu\r\n nked\r\n",
        "X: y\r\n Transfer-Encoding: chunked\r\n",
        "X: y\n Transfer-Encoding: chunked\r\n",
        "X: y\rTransfer-Encoding: chunked\r\n",
        "X: y\nTransfer-Encoding: chunked\r\n",
        "\tTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding\u{a0}: chunked\r\n",
        "Transfer-Encoding\0: chunked\r\n",
        "\0Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding\r\n: chunked\r\n",
        ": chunked\r\n",
        "Transfer-Encoding\r\n",
    ] {
        refused(&server, &post(fields, chunked), 400);
    }
    for fields in [
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: identity, chunked\r\n",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
    ] {
        refused(&server, &post(fields, chunked), 501);
    }
    assert_eq!(server.calls(), 0);
}

#[test]
fn refuses_chunks_that_could_end_in_two_places() {
    let server = start(|_| {});
    for content in [
        "2\nhi\r\n0\r\n\r\n",
        "2\r\nhi\n0\r\n\r\n",
        "2\r\nhi0\r\n\r\n",
        "2\r\nhi\r\r\n0\r\n\r\n",
        "2\r\nhi\r\n0\n\r\n",
        "2\r\nhi\r\n0\r\n\n",
        "2\r\rhi\r\n0\r\n\r\n",
        " 2\r\nhi\r\n0\r\n\r\n",
        "+2\r\nhi\r\n0\r\n\r\n",
        "-2\r\nhi\r\n0\r\n\r\n",
        "0x2\r\nhi\r\n0\r\n\r\n",
        "2h\r\nhi\r\n0\r\n\r\n",
        "2_0\r\nhi\r\n0\r\n\r\n",
        "2.0\r\nhi\r\n0\r\n\r\n",
        "2,\r\nhi\r\n0\r\n\r\n",
        "\r\n2\r\nhi\r\n0\r\n\r\n",
        "10000000000000002\r\nhi\r\n0\r\n\r\n",
        "ffffffffffffffff\r\nhi\r\n0\r\n\r\n",
        "2;a\nb\r\nhi\r\n0\r\n\r\n",
        "2;a=\"\n\"\r\nhi\r\n0\r\n\r\n",
        "2;a=\"\r\nhi\r\n0\r\n\r\n",
        "2;\0\r\nhi\r\n0\r\n\r\n",
        "2\0\r\nhi\r\n0\r\n\r\n",
        "2\r\nhi\r\n0\r\nt: u\n\r\n",
        "2\r\nhi\r\n0\r\nt: u\r\n v\r\n\r\n",
        "2\r\nhi\r\n0\r\nt : u\r\n\r\n",
        "2\r\nhi\r\n0\r\nt: \0\r\n\r\n",
        "2\r\nhi\r\n0\r\nGET / HTTP/1.1\r\n\r\n",
    ] {
        refused(&server, &post("Transfer-Encoding: chunked\r\n", content), 400);
    }
    assert_eq!(server.calls(), 0);
}

#[test]
fn refuses_heads_that_two_readers_may_read_differently() {
    let server = start(|_| {});
    for request in [
        &b"GET /\r\n\r\n"[..],
        b"GET / HTTP/1.1\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nb: c\r\r\n\r\n",
        b"GET / HTTP/1.1\rHost: a\r\n\r\n",
        b"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
        b" GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
        b"GET / http/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/01.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1,1\r\nHost: a\r\n\r\n",
        b"GET / HTTP /1.1\r\nHost: a\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /\x0b HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET a HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET //a@b:c/ HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"G\0T / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET@ / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\xe9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nb\xe9: c\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nb(c): d\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nb: \x7f\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nb: c\r\n\td\r\n\r\n",
        b"\r\n \r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        refused(&server, request, 400);
    }
    assert_eq!(server.calls(), 0);
}

#[test]
fn reads_what_only_looks_odd() {
    let server = start(|_| {});
    for (request, statuses) in [
        (
            post("Content-Length: 2\r\nContent-Length: 2\r\n", "hi"),
            [200, 200],
        ),
        (post("Content-Length: \t2 \r\n", "hi"), [200, 200]),
        (post("Content-Length: 00002\r\n", "hi"), [200, 200]),
        (post("CONTENT-LENGTH:2\r\n", "hi"), [200, 200]),
        (
            post("Content_Length: 9\r\nTransfer_Encoding: chunked\r\n", ""),
            [204, 200],
        ),
        (post("X-Transfer-Encoding: chunked\r\n", ""), [204, 200]),
        (
            post("Transfer-Encoding:\tCHUNKED\t\r\n", "2\r\nhi\r\n0\r\n\r\n"),
            [200, 200],
        ),
        (
            post("Transfer-Encoding: chunked\r\n", "000002\r\nhi\r\n000\r\n\r\n"),
            [200, 200],
        ),
        (
            post(
                "Transfer-Encoding: chunked\r\n",
                "2\r\nhi\r\n0\r\nContent-Length: 9\r\nHost: b\r\n\r\n",
            ),
            [200, 200],
        ),
        (post("a: \u{e9}\r\nb:\r\n", ""), [204, 200]),
        (b"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), [200, 200]),
        (
            b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi".to_vec(),
            [200, 200],
        ),
        (
            b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n".to_vec(),
            [200, 200],
        ),
        (
            b"HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n".to_vec(),
            [200, 200],
        ),
        (b"GET //a/ HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), [404, 200]),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), [204, 200]),
        (
            b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n".to_vec(),
            [200, 200],
        ),
    ] {
        let answer = send(&server, &request);
        assert_eq!(
            answer.statuses(),
            statuses,
            "{:?}",
            String::from_utf8_lossy(&request)
        );
        assert!(answer.closed);
    }
}

#[test]
fn a_connection_of_http_1_0_ends_with_its_answer() {
    let server = start(|_| {});
    for request in [
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close, keep-alive\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: CLOSE\r\n\r\n",
    ] {
        let answer = send(&server, request.as_bytes());
        assert_eq!(answer.statuses(), [200], "{request:?}");
        assert!(answer.closed, "{request:?}");
    }
    refused(
        &server,
        b"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    );
}

#[test]
fn asks_for_content_only_where_that_is_expected() {
    let server = start(|_| {});
    for (head, statuses) in [
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
            vec![100, 200, 200],
        ),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n",
            vec![100, 200, 200],
        ),
        (
            "POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n",
            vec![200, 200],
        ),
    ] {
        let mut stream = server.connect();
        stream.write_all(head.as_bytes()).unwrap();
        // The content follows on its own, as that of a client that waits.
        std::thread::sleep(std::time::Duration::from_millis(50));
        stream
            .write_all(b"hi")
            .and_then(|()| stream.write_all(NEXT))
            .unwrap();
        assert_eq!(read_all(&mut stream).statuses(), statuses, "{head:?}");
    }
    let answer = send(
        &server,
        b"GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
    );
    assert_eq!(answer.statuses(), [200, 200], "no content is expected");
}
