//! How slow a client may be.
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
    sync::mpsc,
    thread,
    time::Duration,
};

use support::{LARGE, read_all, start, wait_until};

const PATIENT: Duration = Duration::from_secs(20);

fn ask_for(stream: &mut TcpStream, path: &str) {
    stream
        .write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes())
        .unwrap();
}

#[test]
fn bytes_that_move_keep_a_connection_open() {
    let server = start(|settings| {
        settings.idle_timeout_ms = 100;
        settings.write_timeout_ms = 5000;
    });
    let mut stream = server.connect();
    stream.set_read_timeout(Some(PATIENT)).unwrap();
    ask_for(&mut stream, "/large");
    let mut received = 0;
    let mut chunk = vec![0; 1 << 20];
    while received < LARGE.len() {
        thread::sleep(Duration::from_millis(30));
        // Part of a chunk at most, so that the whole takes many times the idle timeout.
        let count = stream.read(&mut chunk).unwrap();
        assert!(count > 0, "closed after {received} bytes");
        received += count;
    }
}

#[test]
fn a_client_that_reads_nothing_is_closed() {
    let server = start(|settings| settings.write_timeout_ms = 300);
    let mut stream = server.connect();
    ask_for(&mut stream, "/large");
    wait_until("the connection is reset", || {
        stream.take_error().unwrap().is_some()
    });
}

#[test]
fn a_client_that_reads_nothing_does_not_hold_up_the_shutdown() {
    let server = start(|settings| {
        settings.write_timeout_ms = 300;
        settings.shutdown_timeout_ms = 60_000;
    });
    let mut stream = server.connect();
    ask_for(&mut stream, "/large");
    stream.read_exact(&mut [0; 10]).unwrap();
    let (sender, receiver) = mpsc::channel();
    server.handle.stop_with_callback(move || sender.send(()).unwrap());
    receiver.recv_timeout(PATIENT).unwrap();
}

#[test]
fn content_that_trickles_is_refused_and_content_that_flows_is_not() {
    let server = start(|settings| {
        settings.body_timeout_ms = 400;
        settings.body_minimum_rate = 100;
    });
    for framing in ["Content-Length: 2000", "Transfer-Encoding: chunked"] {
        let mut stream = server.connect();
        let head = format!("POST /upload HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let piece: &[u8] = if framing.contains("chunked") {
            b"1\r\nx\r\n"
        } else {
            b"x"
        };
        stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let mut answer = Vec::new();
        wait_until("the content is refused", || {
            let _ = stream.write_all(piece);
            let mut chunk = [0; 4096];
            match stream.read(&mut chunk) {
                Ok(count) => answer.extend_from_slice(&chunk[..count]),
                Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
            }
            answer
                .windows(4)
                .any(|bytes| bytes == b"rate" || bytes == b" 408")
        });
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("100 bytes a second"), "{answer}");
    }
    let mut stream = server.connect();
    stream.set_read_timeout(Some(PATIENT)).unwrap();
    stream
        .write_all(b"POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 10000\r\n\r\n")
        .unwrap();
    for _ in 0..10 {
        stream.write_all(&[b'x'; 1000]).unwrap();
        thread::sleep(Duration::from_millis(80));
    }
    let answer = read_all(&mut stream);
    assert_eq!(answer.statuses(), [200], "{answer:?}");
}

#[test]
fn the_average_pace_counts_where_pauses_have_no_limit() {
    let server = start(|settings| {
        settings.body_timeout_ms = 0;
        settings.body_minimum_rate = u64::MAX;
    });
    let mut stream = server.connect();
    stream.set_read_timeout(Some(PATIENT)).unwrap();
    stream
        .write_all(b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx")
        .unwrap();
    assert_eq!(read_all(&mut stream).statuses(), [408]);
}

#[test]
fn a_first_byte_begins_a_header_section() {
    for idle in [0, 60_000] {
        let server = start(|settings| {
            settings.header_timeout_ms = 150;
            settings.idle_timeout_ms = idle;
        });
        for beginning in ["P", "PRI * HT", "G"] {
            let mut stream = server.connect();
            stream.set_read_timeout(Some(PATIENT)).unwrap();
            stream.write_all(beginning.as_bytes()).unwrap();
            let answer = read_all(&mut stream);
            answer.refuses(408);
        }
    }
}

#[test]
fn a_client_that_sends_nothing_is_closed_without_a_word() {
    let server = start(|settings| settings.idle_timeout_ms = 100);
    let mut stream = server.connect();
    stream.set_read_timeout(Some(PATIENT)).unwrap();
    let answer = read_all(&mut stream);
    assert!(answer.closed && answer.text.is_empty(), "{answer:?}");
}

#[test]
fn empty_lines_between_requests_begin_none() {
    let server = start(|settings| {
        settings.header_timeout_ms = 100;
        settings.idle_timeout_ms = 500;
    });
    let content = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
    for lines in ["\r\n", "\r", "\r\n\r\n"] {
        for before in [content, "", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"] {
            let mut stream = server.connect();
            stream.set_read_timeout(Some(PATIENT)).unwrap();
            stream.write_all(format!("{before}{lines}").as_bytes()).unwrap();
            let answer = read_all(&mut stream);
            let expected: &[u16] = if before.is_empty() { &[] } else { &[200] };
            assert_eq!(answer.statuses(), expected, "{lines:?} {answer:?}");
            assert!(answer.closed);
        }
    }
    // Part of a head after them does begin one.
    let mut stream = server.connect();
    stream.set_read_timeout(Some(PATIENT)).unwrap();
    stream.write_all(format!("{content}\r\nGET").as_bytes()).unwrap();
    let answer = read_all(&mut stream);
    assert_eq!(answer.statuses(), [200, 408], "{answer:?}");
}

#[test]
fn empty_lines_without_end_do_not_keep_a_connection_open() {
    let server = start(|settings| settings.idle_timeout_ms = 300);
    let mut stream = server.connect();
    ask_for(&mut stream, "/");
    wait_until("the connection is closed", || {
        thread::sleep(Duration::from_millis(50));
        stream.write_all(b"\r\n").is_err()
    });
}
