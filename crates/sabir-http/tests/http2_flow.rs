//! Time, windows and the end of HTTP/2 connections (RFC 9113 §5.2, §6.8).
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{net::TcpStream, sync::mpsc, thread, time::Duration};

use support::{
    LARGE, Running,
    http2::{DATA, END_STREAM, Http2, Outcome, WINDOW_UPDATE},
    start, wait_until,
};

fn request<'a>(method: &'a str, path: &'a str) -> [(&'a str, &'a str); 4] {
    [
        (":method", method),
        (":scheme", "http"),
        (":path", path),
        (":authority", "a"),
    ]
}

fn connect(server: &Running) -> TcpStream {
    TcpStream::connect(&server.address).unwrap()
}

#[test]
fn a_client_whose_window_never_opens_is_closed() {
    let server = start(|settings| settings.write_timeout_ms = 300);
    for (window, path) in [
        (0, "/"),
        (1, "/"),
        (0, "/large"),
        (100_000, "/large"),
        (1, "/stream"),
    ] {
        let mut client = Http2::with_window(connect(&server), window);
        client.begin(&request("GET", path), END_STREAM);
        assert_ne!(client.until_closed(true), Outcome::Silence, "{window} {path}");
    }
    assert_eq!(server.cancelled(), 0);
}

#[test]
fn a_client_that_does_not_read_is_closed() {
    let server = start(|settings| settings.write_timeout_ms = 300);
    let mut client = Http2::with_window(connect(&server), 0x7fff_ffff);
    client.frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0, 0, 0]);
    client.begin(&request("GET", "/large"), END_STREAM);
    wait_until("the connection is reset", || client.is_reset());
}

#[test]
fn a_window_that_opens_slowly_is_waited_for() {
    let server = start(|settings| {
        settings.write_timeout_ms = 2000;
        settings.idle_timeout_ms = 300;
    });
    let mut client = Http2::with_window(connect(&server), 0);
    let stream = client.begin(&request("GET", "/large"), END_STREAM);
    for _ in 0..30 {
        thread::sleep(Duration::from_millis(100));
        client.frame(WINDOW_UPDATE, 0, stream, &[0, 0, 0, 9]);
    }
    assert_eq!(client.data(stream, 30 * 9), 30 * 9);
}

#[test]
fn content_that_trickles_is_refused() {
    let server = start(|settings| {
        settings.body_timeout_ms = 400;
        settings.body_minimum_rate = 100;
    });
    let mut client = Http2::new(connect(&server));
    let stream = client.begin(&request("POST", "/upload"), 0);
    for _ in 0..12 {
        client.frame(DATA, 0, stream, b"x");
        thread::sleep(Duration::from_millis(60));
    }
    let outcome = client.outcome(stream);
    outcome.refuses(408);
    assert!(outcome.text().contains("100 bytes a second"));
    // The connection goes on.
    assert_eq!(client.request(&request("GET", "/")).text(), "hello");
}

#[test]
fn streams_that_were_begun_are_answered_when_the_server_stops() {
    let server = start(|settings| settings.shutdown_timeout_ms = 60_000);
    let mut client = Http2::new(connect(&server));
    assert_eq!(client.request(&request("GET", "/")).text(), "hello");
    let first = client.begin(&request("GET", "/slow"), END_STREAM);
    thread::sleep(Duration::from_millis(50));
    let (sender, receiver) = mpsc::channel();
    server.handle.stop_with_callback(move || sender.send(()).unwrap());
    // Sent before the client can know.
    let second = client.begin(&request("GET", "/slow"), END_STREAM);
    let answers = client.outcomes(&[first, second]);
    assert_eq!(
        answers,
        [Outcome::Answer("slow".into()), Outcome::Answer("slow".into())]
    );
    assert_eq!(client.last_stream(), Some(second));
    receiver.recv_timeout(Duration::from_secs(20)).unwrap();
}

#[test]
fn idle_connections_end_when_the_server_stops() {
    let server = start(|settings| settings.shutdown_timeout_ms = 60_000);
    let mut client = Http2::new(connect(&server));
    assert_eq!(client.request(&request("GET", "/")).text(), "hello");
    let (sender, receiver) = mpsc::channel();
    server.handle.stop_with_callback(move || sender.send(()).unwrap());
    assert_eq!(client.until_closed(true), Outcome::GoAway(0));
    receiver.recv_timeout(Duration::from_secs(20)).unwrap();
}

#[test]
fn an_answer_that_is_read_outlives_a_header_section_that_never_ends() {
    const MEGABYTE: usize = 1 << 20;
    let server = start(|settings| settings.header_timeout_ms = 200);
    let socket = connect(&server);
    // What the system holds for the client is not read yet.
    socket2::SockRef::from(&socket)
        .set_recv_buffer_size(64 * 1024)
        .unwrap();
    let mut client = Http2::with_window(socket, 0x7fff_ffff);
    client.frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0, 0, 0]);
    let stream = client.begin(&request("GET", "/large"), END_STREAM);
    client.begin_without_end();
    let mut read = 0;
    // For longer than a client may take to close that has nothing to read.
    for _ in 0..16 {
        read += client.data(stream, MEGABYTE);
        thread::sleep(Duration::from_millis(400));
    }
    read += client.data(stream, LARGE.len() - read);
    assert_eq!(read, LARGE.len());
    assert_ne!(client.until_closed(false), Outcome::Silence);
}
