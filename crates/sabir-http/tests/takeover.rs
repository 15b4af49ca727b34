//! Connections that handlers take over in place of an answer.
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
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use http::{Request, StatusCode};
use sabir_core::{Body, Call, Reply, Settings};
use sabir_http::{Address, App, Server, ServerHandle, Service, TakenConnection, Takeover};
use support::{http2::Http2, wait_until};

struct Running {
    address: String,
    handle: ServerHandle,
    /// The connections that were taken over, or dropped senders of those that could not be.
    taken: mpsc::Receiver<TakenConnection>,
}

/// Whatever is below `/take` is taken over; other requests are answered with their path and the kind of their content.
fn service(taken: mpsc::Sender<TakenConnection>, settings: Settings) -> Service {
    let mut app = App::new(settings);
    let take = move |_: Call| {
        let taken = taken.clone();
        std::future::ready(Takeover::new(move |connection| drop(taken.send(connection))).into_reply())
    };
    app.nest_streaming("/take", Arc::new(take)).unwrap();
    let show = async |call: Call| {
        let kind = match call.body {
            Body::Stream(_) => "stream",
            _ => "none",
        };
        let text = format!("{} {} {kind}", call.head.method, call.head.uri.path());
        Reply::bytes(StatusCode::OK, "text/plain", text)
    };
    app.nest_streaming("", Arc::new(show)).unwrap();
    app.build()
}

fn start(change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = Settings::default();
    change(&mut settings);
    let (sender, taken) = mpsc::channel();
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    Running {
        address: server.local_address(),
        handle: server.serve(service(sender, settings)).unwrap(),
        taken,
    }
}

impl Running {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
    }

    /// The connection that was taken over, as a stream that blocks, and what had been read of it.
    fn taken(&self) -> (TcpStream, String) {
        let taken = self.taken.recv_timeout(Duration::from_secs(10)).unwrap();
        let stream = TcpStream::from(taken.descriptor);
        stream.set_nonblocking(false).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        (stream, String::from_utf8(taken.input).unwrap())
    }
}

fn read(stream: &mut TcpStream, count: usize) -> String {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn whoever_takes_a_connection_over_writes_and_reads_it() {
    let server = start(|_| {});
    let mut client = server.connect();
    client
        .write_all(b"GET /take HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    let (mut stream, input) = server.taken();
    assert_eq!(input, "");
    stream.write_all(b"anything").unwrap();
    assert_eq!(read(&mut client, 8), "anything");
    client.write_all(b"back").unwrap();
    assert_eq!(read(&mut stream, 4), "back");
    drop(stream);
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
}

#[test]
fn it_gets_what_has_been_read_of_the_client() {
    let server = start(|_| {});
    for (sent, expected) in [
        ("GET /take HTTP/1.1\r\nHost: a\r\n\r\nmore", "more"),
        (
            "GET /take HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /b HTTP/1.1\r\nHost: a\r\n\r\n",
        ),
        (
            "POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbodymore",
            "bodymore",
        ),
        (
            "POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\nbody",
            "body",
        ),
    ] {
        let mut client = server.connect();
        client.write_all(sent.as_bytes()).unwrap();
        let (mut stream, input) = server.taken();
        // The client may not have sent all of it when the head was there.
        let rest = read(&mut stream, expected.len() - input.len());
        assert_eq!(input + &rest, expected);
    }
}

#[test]
fn requests_before_it_are_answered() {
    let server = start(|_| {});
    let mut client = server.connect();
    let plain = "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";
    let take = "GET /take HTTP/1.1\r\nHost: a\r\n\r\n";
    client
        .write_all(format!("{plain}{plain}{take}").as_bytes())
        .unwrap();
    let (mut stream, _) = server.taken();
    stream.write_all(b"raw").unwrap();
    drop(stream);
    let mut text = String::new();
    client.read_to_string(&mut text).unwrap();
    assert_eq!(text.matches("GET /plain none").count(), 2);
    assert!(text.ends_with("GET /plain noneraw"), "{text}");
}

#[test]
fn it_is_no_connection_of_the_server_any_more() {
    let server = start(|settings| settings.connection_limit = 1);
    let mut kept = Vec::new();
    for _ in 0..5 {
        let mut client = server.connect();
        client
            .write_all(b"GET /take HTTP/1.1\r\nHost: a\r\n\r\n")
            .unwrap();
        kept.push((client, server.taken()));
        // The server may need a moment to see that it has ended.
        thread::sleep(Duration::from_millis(50));
    }
    server.handle.stop();
    for (client, (stream, _)) in &mut kept {
        stream.write_all(b"a").unwrap();
        assert_eq!(read(client, 1), "a");
    }
}

#[test]
fn a_stream_of_http_2_and_a_request_in_memory_have_no_connection() {
    let server = start(|_| {});
    let outcome = Http2::new(server.connect()).request(&[
        (":method", "GET"),
        (":scheme", "http"),
        (":path", "/take"),
        (":authority", "a"),
    ]);
    outcome.refuses(500);
    let (sender, taken) = mpsc::channel();
    let service = service(sender, Settings::default());
    let answer = async {
        service
            .call_in_memory(Request::get("/take").body("".into()).unwrap())
            .await
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(answer).status(), 500);
    assert!(taken.try_recv().is_err());
}

#[test]
fn a_client_that_has_left_is_given_to_nobody_twice() {
    let server = start(|_| {});
    for _ in 0..20 {
        let mut client = server.connect();
        client
            .write_all(b"GET /take HTTP/1.1\r\nHost: a\r\n\r\n")
            .unwrap();
        drop(client);
    }
    let mut client = server.connect();
    client
        .write_all(b"PUT /other HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na")
        .unwrap();
    let mut seen = String::new();
    wait_until("an answer", || {
        let mut bytes = [0; 4096];
        let count = client.read(&mut bytes).unwrap();
        seen += std::str::from_utf8(&bytes[..count]).unwrap();
        seen.contains("PUT /other stream")
    });
    assert!(server.taken.try_iter().count() <= 20);
}
