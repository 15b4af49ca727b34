//! Sockets of WebSocket over TCP: the handshake, frames that break the protocol, clients that leave or do not read, and the end
//! of the server.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    io::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use sabir_core::{
    Call, Reply, RouteDefinition, Settings,
    settings::{WebSocketCompression, WebSocketQueuePolicy},
    websocket::{Close, CloseCode, Message},
};
use sabir_http::{
    Address, App, Server, ServerHandle,
    websocket::{
        Client, ConnectError, SendOutcome, SocketConsumer, SocketEvent, SocketSender, SocketUpgrade,
    },
};
use serde_json::json;
use support::{operation, read_all, wait_until};
use tokio::net::TcpStream;

/// What a test's server counts.
#[derive(Debug, Default)]
struct Counts {
    /// Consumers that are there.
    alive: AtomicUsize,
    messages: AtomicUsize,
    gone: AtomicUsize,
    writable: AtomicUsize,
    /// What those have that say nothing.
    unconsumed: Mutex<Vec<(SocketSender, usize)>>,
}

struct TestServer {
    handle: ServerHandle,
    address: String,
    counts: Arc<Counts>,
}

/// Echoes what it gets, like the queue of a host language would: without waiting.
struct Echo {
    sender: SocketSender,
    counts: Arc<Counts>,
    /// Says nothing, and consumes nothing by itself.
    is_deaf: bool,
}

impl SocketConsumer for Echo {
    fn event(&mut self, event: SocketEvent) {
        match event {
            SocketEvent::Message(message) => {
                self.counts.messages.fetch_add(1, Ordering::SeqCst);
                if self.is_deaf {
                    let unconsumed = (self.sender.clone(), message.len());
                    self.counts.unconsumed.lock().unwrap().push(unconsumed);
                    return;
                }
                self.sender.consumed(message.len());
                match message.as_text() {
                    Some("fail") => panic!("a test panics"),
                    Some("close") => drop(self.sender.close(Close::new(4321, "as you wish"))),
                    Some("flood") => {
                        let large = Message::from(vec![b'x'; 10_000]);
                        while self.sender.try_send(&large) == SendOutcome::Ready {}
                    }
                    _ => assert_ne!(self.sender.try_send(&message), SendOutcome::Full),
                }
            }
            SocketEvent::Ping(content) | SocketEvent::Pong(content) => self.sender.consumed(content.len()),
            SocketEvent::Gone => drop(self.counts.gone.fetch_add(1, Ordering::SeqCst)),
            SocketEvent::Writable => drop(self.counts.writable.fetch_add(1, Ordering::SeqCst)),
            _ => {}
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<Close> {
        if self.is_deaf || self.sender.is_open() {
            return Poll::Pending;
        }
        Poll::Ready(CloseCode::NORMAL.into())
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.counts.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

fn start(change: impl FnOnce(&mut Settings)) -> TestServer {
    let mut settings = Settings::default();
    change(&mut settings);
    let counts = Arc::new(Counts::default());
    let mut app = App::new(settings).counting_calls();
    let socket = json!({ "x-sabir": { "websocket": { "subprotocols": ["b", "a"] } },
        "parameters": [{ "name": "n", "in": "query", "schema": { "type": "integer" } }] });
    for (path, is_deaf) in [("/echo", false), ("/deaf", true)] {
        let counts = Arc::clone(&counts);
        let open = move |call: Call| {
            let counts = Arc::clone(&counts);
            async move {
                let upgrade = SocketUpgrade::of(&call).unwrap();
                counts.alive.fetch_add(1, Ordering::SeqCst);
                let sender = upgrade.sender();
                upgrade.reply(Echo {
                    sender,
                    counts,
                    is_deaf,
                })
            }
        };
        let definition = RouteDefinition::new(Method::GET, path, operation(&socket));
        app.route(definition, Arc::new(open)).unwrap();
    }
    let hello = |_: Call| async { Reply::bytes(StatusCode::OK, "text/plain", "hello") };
    let definition = RouteDefinition::new(Method::GET, "/", operation(&json!({})));
    app.route(definition, Arc::new(hello)).unwrap();
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    TestServer {
        address: server.local_address(),
        handle: server.serve(app.build()).unwrap(),
        counts,
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.handle.stop();
    }
}

impl TestServer {
    async fn open(&self, target: &str, fields: &[(&str, &str)]) -> Result<Client, ConnectError> {
        let stream = TcpStream::connect(&self.address).await.unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(
                HeaderName::try_from(*name).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        in_time(Client::connect(stream, target, headers)).await
    }

    async fn client(&self) -> Client {
        self.open("/echo", &[]).await.unwrap()
    }

    async fn refusal(&self, fields: &[(&str, &str)]) -> http::Response<bytes::Bytes> {
        match self.open("/echo", fields).await {
            Err(ConnectError::Refused(answer)) => {
                assert_eq!(answer.headers()["content-type"], "application/problem+json");
                answer
            }
            other => panic!("{other:?}"),
        }
    }

    fn alive(&self) -> usize {
        self.counts.alive.load(Ordering::SeqCst)
    }

    fn messages(&self) -> usize {
        self.counts.messages.load(Ordering::SeqCst)
    }

    /// Consumes what has come to those that do not by themselves.
    fn consume(&self) {
        for (sender, length) in self.counts.unconsumed.lock().unwrap().drain(..) {
            sender.consumed(length);
        }
    }
}

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.unwrap()
}

async fn close_code(client: &mut Client) -> Option<u16> {
    let close = in_time(client.closed()).await.unwrap();
    close.map(|close| close.code.as_u16())
}

#[tokio::test]
async fn echoes_messages_of_every_size() {
    let server = start(|settings| settings.websocket_compression = WebSocketCompression::Off);
    let mut client = server.client().await;
    for length in [0, 1, 125, 126, 127, 4096, 4097, 65_535, 65_536, 200_000, 1 << 20] {
        let message = Message::from(vec![0; length]);
        client.send(message.clone()).await.unwrap();
        assert_eq!(
            in_time(client.message()).await.unwrap(),
            Some(message),
            "{length}"
        );
    }
    client.send("héllo").await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap(), Some("héllo".into()));
    client
        .close(Close::new(CloseCode::GOING_AWAY, "bye"))
        .await
        .unwrap();
    assert_eq!(close_code(&mut client).await, Some(1001));
    wait_until("the consumer is dropped", || server.alive() == 0);
}

#[tokio::test]
async fn echoes_compressed_messages_with_and_without_context() {
    for compression in [
        WebSocketCompression::NoContextTakeover,
        WebSocketCompression::ContextTakeover,
    ] {
        let server = start(|settings| settings.websocket_compression = compression);
        for offer in [
            "permessage-deflate",
            "permessage-deflate; client_max_window_bits; server_max_window_bits=9",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        ] {
            let fields = [("sec-websocket-extensions", offer)];
            let mut client = server.open("/echo", &fields).await.unwrap();
            assert!(client.is_compressed());
            for count in [1, 100, 10_000] {
                let message = Message::from("the quick brown fox ".repeat(count));
                client.send(message.clone()).await.unwrap();
                assert_eq!(in_time(client.message()).await.unwrap(), Some(message));
            }
        }
    }
    let server = start(|settings| settings.websocket_compression = WebSocketCompression::Off);
    let fields = [("sec-websocket-extensions", "permessage-deflate")];
    assert!(!server.open("/echo", &fields).await.unwrap().is_compressed());
}

#[tokio::test]
async fn answers_a_handshake_that_is_not_one_with_a_problem() {
    let server = start(|_| {});
    for (fields, status) in [
        (vec![("upgrade", "h2c")], 426),
        (vec![("sec-websocket-version", "12")], 426),
        (
            vec![("sec-websocket-version", "13"), ("sec-websocket-version", "13")],
            400,
        ),
        (vec![("connection", "keep-alive")], 400),
        (vec![("sec-websocket-key", "c2hvcnQ=")], 400),
        (vec![("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=!")], 400),
        (vec![("sec-websocket-protocol", "a b")], 400),
        (vec![("sec-websocket-protocol", ",")], 400),
        (vec![("origin", "https://evil.example")], 403),
        (vec![("content-length", "1")], 400),
        (vec![("transfer-encoding", "chunked")], 400),
    ] {
        let answer = server.refusal(&fields).await;
        assert_eq!(answer.status().as_u16(), status, "{fields:?}");
        if status == 426 {
            assert_eq!(answer.headers()["sec-websocket-version"], "13");
            assert_eq!(answer.headers()["upgrade"], "websocket");
        }
    }
    assert_eq!(server.counts.messages.load(Ordering::SeqCst), 0);
    assert_eq!(server.alive(), 0);
}

#[tokio::test]
async fn refuses_what_the_operation_refuses_before_it_opens() {
    let server = start(|_| {});
    let answer = server.open("/echo?n=x", &[]).await.unwrap_err();
    assert!(matches!(answer, ConnectError::Refused(answer) if answer.status() == 422));
    let answer = server.open("/none", &[]).await.unwrap_err();
    assert!(matches!(answer, ConnectError::Refused(answer) if answer.status() == 404));
    // A route that is no socket ignores the wish (RFC 9110 §7.8).
    let answer = server.open("/", &[]).await.unwrap_err();
    assert!(matches!(answer, ConnectError::Refused(answer) if answer.status() == 200));
    assert_eq!(server.alive(), 0);
}

#[test]
fn a_plain_request_to_a_socket_is_told_to_upgrade() {
    let server = start(|_| {});
    for request in [
        "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /echo HTTP/1.0\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HEAD /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ] {
        let mut stream = std::net::TcpStream::connect(&server.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let answer = read_all(&mut stream);
        assert_eq!(answer.statuses(), [426], "{request} {answer:?}");
        assert!(answer.text.contains("upgrade: websocket"), "{answer:?}");
    }
}

#[tokio::test]
async fn chooses_the_first_subprotocol_of_the_client_that_it_knows() {
    let server = start(|_| {});
    let choice = async |offered: &str| {
        let client = server
            .open("/echo", &[("sec-websocket-protocol", offered)])
            .await
            .unwrap();
        client.subprotocol().map(str::to_owned)
    };
    assert_eq!(choice("c, a, b").await.as_deref(), Some("a"));
    assert_eq!(choice("b,a").await.as_deref(), Some("b"));
    assert_eq!(choice("c").await, None);
}

#[tokio::test]
async fn permits_pages_of_its_own_host() {
    let server = start(|_| {});
    let origin = format!("http://{}", server.address);
    let fields = [("host", server.address.as_str()), ("origin", origin.as_str())];
    assert!(server.open("/echo", &fields).await.is_ok());
}

#[tokio::test]
async fn reads_frames_that_come_with_the_handshake() {
    let server = start(|_| {});
    let mut stream = std::net::TcpStream::connect(&server.address).unwrap();
    let request = "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    // "Hello", masked, and a close, as RFC 6455 §5.7 has them.
    let frames = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x88\x80\0\0\0\0";
    stream.write_all(&[request.as_bytes(), frames].concat()).unwrap();
    let answer = read_all(&mut stream);
    assert!(
        answer
            .text
            .contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        "{answer:?}"
    );
    assert!(answer.text.contains("\u{5}Hello"), "{answer:?}");
    assert!(answer.closed);
}

#[tokio::test]
async fn closes_with_the_code_of_what_is_wrong() {
    let server = start(|settings| settings.websocket_message_limit = 1000);
    for (first, content, code) in [
        (0xb1, &b"reserved bit"[..], 1002),
        (0xc1, b"not compressed", 1002),
        (0x83, b"reserved opcode", 1002),
        (0x09, b"fragmented ping", 1002),
        (0x80, b"continues nothing", 1002),
        (0x88, b"\x03", 1002),
        (0x88, b"\x03\xec", 1002),
        (0x88, b"\x03\xe8\xff", 1007),
        (0x81, b"\xc3\x28", 1007),
        (0x82, &[0; 1001], 1009),
    ] {
        let mut client = server.client().await;
        client.write_masked(first, content).await.unwrap();
        assert_eq!(close_code(&mut client).await, Some(code), "{first:x}");
    }
    let mut client = server.client().await;
    client.write(b"\x81\x01a").await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1002));
    let mut client = server.client().await;
    client.write_masked(0x82, &[0; 1000]).await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap().unwrap().len(), 1000);
    // The head alone, of a frame of 2 GB, and of text that goes wrong before its frame ends.
    client.write(b"\x82\xff\0\0\0\0\x80\0\0\0").await.unwrap();
    client.write(b"\0\0\0\0").await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1009));
    let mut client = server.client().await;
    client.write(b"\x01\xfe\x03\x00\0\0\0\0fine\xff").await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1007));
    wait_until("the consumers are dropped", || server.alive() == 0);
}

#[tokio::test]
async fn a_frame_has_a_limit_of_its_own() {
    let server = start(|settings| settings.websocket_frame_limit = 125);
    let mut client = server.client().await;
    client.write_masked(0x02, &[0; 125]).await.unwrap();
    client.write_masked(0x80, &[0; 125]).await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap().unwrap().len(), 250);
    client.write_masked(0x02, &[0; 126]).await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1009));
}

#[tokio::test]
async fn answers_what_came_before_a_mistake() {
    let server = start(|_| {});
    let mut client = server.client().await;
    client.send("first").await.unwrap();
    client.write_masked(0x80, b"").await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap(), Some("first".into()));
    assert_eq!(close_code(&mut client).await, Some(1002));
}

#[tokio::test]
async fn refuses_a_bomb_in_deflate() {
    let server = start(|settings| settings.websocket_message_limit = 100_000);
    let fields = [("sec-websocket-extensions", "permessage-deflate")];
    let mut client = server.open("/echo", &fields).await.unwrap();
    client.send("a".repeat(100_000)).await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap().unwrap().len(), 100_000);
    client.send("a".repeat(64 << 20)).await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1009));
}

#[tokio::test]
async fn answers_pings_between_fragments_and_while_nothing_is_consumed() {
    let server = start(|_| {});
    let mut client = server.client().await;
    client.write_masked(0x01, b"fra").await.unwrap();
    client.ping(b"are you there?").await.unwrap();
    client.write_masked(0x80, b"gment").await.unwrap();
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Pong("are you there?".into())
    );
    assert_eq!(in_time(client.message()).await.unwrap(), Some("fragment".into()));

    let mut client = server.open("/deaf", &[]).await.unwrap();
    client.send("nobody listens").await.unwrap();
    client.ping(b"still?").await.unwrap();
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Pong("still?".into())
    );
}

#[tokio::test]
async fn a_flood_of_fragments_and_of_pings_costs_nothing() {
    let server = start(|_| {});
    let mut client = server.client().await;
    let empty = [0x00, 0x80, 0, 0, 0, 0].repeat(100_000);
    client.write(&[0x01, 0x80, 0, 0, 0, 0]).await.unwrap();
    client.write(&empty).await.unwrap();
    client.write_masked(0x80, b"end").await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap(), Some("end".into()));
    // The pongs are not read before all pings are written: only so many wait.
    let pings = [0x89, 0x84, 0, 0, 0, 0, b'p', b'i', b'n', b'g'].repeat(500_000);
    in_time(client.write(&pings)).await.unwrap();
    client.send("done").await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap(), Some("done".into()));
}

#[tokio::test]
async fn closes_as_the_application_says() {
    let server = start(|_| {});
    let mut client = server.client().await;
    client.send("before").await.unwrap();
    client.send("close").await.unwrap();
    client.send("after").await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap(), Some("before".into()));
    let close = in_time(client.closed()).await.unwrap();
    assert_eq!(close, Some(Close::new(4321, "as you wish")));
}

#[tokio::test]
async fn closes_with_1011_when_the_application_panics() {
    let server = start(|_| {});
    let mut client = server.client().await;
    client.send("fail").await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1011));
    wait_until("the consumer is dropped", || server.alive() == 0);
}

#[tokio::test]
async fn a_client_that_leaves_is_noticed_at_once() {
    let server = start(|_| {});
    for path in ["/echo", "/deaf"] {
        let client = server.open(path, &[]).await.unwrap();
        assert_eq!(server.alive(), 1);
        drop(client);
        let since = Instant::now();
        wait_until("the consumer is dropped", || server.alive() == 0);
        assert!(
            since.elapsed() < Duration::from_millis(100),
            "{:?}",
            since.elapsed()
        );
    }
    assert_eq!(server.counts.gone.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_thousand_clients_that_leave_leave_nothing_behind() {
    let server = start(|_| {});
    for _ in 0..10 {
        let mut clients = Vec::new();
        for index in 0..100 {
            let mut client = server.client().await;
            match index % 4 {
                0 => client.send("hello").await.unwrap(),
                1 => client.write(b"\x81\xfe\x10").await.unwrap(),
                2 => client.ping(b"").await.unwrap(),
                _ => {}
            }
            clients.push(client);
        }
        drop(clients);
    }
    wait_until("the consumers are dropped", || server.alive() == 0);
    // Connections are given back.
    let hello = server.open("/", &[]).await.unwrap_err();
    assert!(matches!(hello, ConnectError::Refused(answer) if answer.status() == 200));
}

#[tokio::test]
async fn a_client_that_does_not_read_costs_only_so_much() {
    let server = start(|settings| {
        settings.websocket_send_queue_limit = 100_000;
        settings.websocket_compression = WebSocketCompression::Off;
    });
    let mut client = server.client().await;
    client.send("flood").await.unwrap();
    let mut count = 0;
    while count < 9 {
        let message = in_time(client.message()).await.unwrap().unwrap();
        assert_eq!(message.len(), 10_000);
        count += 1;
    }
    wait_until("there is room again", || {
        server.counts.writable.load(Ordering::SeqCst) > 0
    });
}

#[tokio::test]
async fn a_queue_that_is_full_closes_or_drops_where_the_setting_says_so() {
    let server = start(|settings| {
        settings.websocket_send_queue_limit = 100_000;
        settings.websocket_send_queue_policy = WebSocketQueuePolicy::Close;
    });
    let mut client = server.client().await;
    client.send("flood").await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1013));
}

#[tokio::test]
async fn a_queue_that_is_full_leaves_out_the_oldest_where_the_setting_says_so() {
    let server = start(|settings| {
        settings.websocket_send_queue_limit = 300_000;
        settings.websocket_send_queue_policy = WebSocketQueuePolicy::DropOldest;
        settings.websocket_compression = WebSocketCompression::Off;
    });
    let mut client = server.client().await;
    // More than the system keeps for a client that does not read, which is some megabytes.
    for index in 0..2000u32 {
        let mut message = vec![0; 50_000];
        message[..4].copy_from_slice(&index.to_be_bytes());
        client.send(message).await.unwrap();
    }
    let mut received = Vec::new();
    while received.last() != Some(&1999) {
        let message = in_time(client.message()).await.unwrap().unwrap().into_bytes();
        received.push(u32::from_be_bytes(*message.first_chunk().unwrap()));
    }
    assert!(received.is_sorted());
    assert!(received.len() < 2000, "{}", received.len());
}

#[tokio::test]
async fn a_slow_handler_slows_its_client_down() {
    let server = start(|_| {});
    let mut client = server.open("/deaf", &[]).await.unwrap();
    let message = vec![0; 60_000];
    let flood = async {
        loop {
            client.send(message.clone()).await.unwrap();
        }
    };
    assert!(
        tokio::time::timeout(Duration::from_millis(500), flood)
            .await
            .is_err()
    );
    assert!(server.counts.messages.load(Ordering::SeqCst) <= 2);
}

#[tokio::test]
async fn pings_behind_messages_that_nobody_takes_are_answered() {
    let server = start(|_| {});
    let mut client = server.open("/deaf", &[]).await.unwrap();
    let large = vec![0; 30_000];
    for _ in 0..4 {
        client.send(large.clone()).await.unwrap();
    }
    client.ping(b"are you there?").await.unwrap();
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Pong("are you there?".into())
    );
    assert_eq!(server.messages(), 3, "no more than may be is delivered");
    server.consume();
    wait_until("the rest is delivered", || server.messages() == 4);
    // A close keeps its place behind what was sent before it.
    for _ in 0..4 {
        client.send(large.clone()).await.unwrap();
    }
    client.close(CloseCode::NORMAL).await.unwrap();
    let mut received = 4;
    while received < 8 {
        server.consume();
        wait_until("more is delivered", || server.messages() > received);
        received = server.messages();
    }
    assert_eq!(close_code(&mut client).await, Some(1000));
}

#[tokio::test]
async fn a_socket_that_waits_for_its_handler_is_neither_idle_nor_silent() {
    let server = start(|settings| {
        settings.websocket_idle_timeout_ms = 300;
        settings.websocket_ping_interval_ms = 50;
    });
    let mut client = server.open("/deaf", &[]).await.unwrap();
    // More than is delivered and held, and little enough that the system takes the rest.
    let large = vec![0; 30_000];
    for _ in 0..8 {
        in_time(client.send(large.clone())).await.unwrap();
    }
    wait_until("the handler has its share", || server.messages() == 3);
    // Not a byte is read any more, so that the client's pongs would not be heard.
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!(server.alive(), 1);
    let mut received = 3;
    while received < 8 {
        server.consume();
        wait_until("more is delivered", || server.messages() > received);
        received = server.messages();
    }
    server.consume();
    // Now it is asked again.
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Ping("".into())
    );
    client.ping(b"still there").await.unwrap();
    loop {
        match in_time(client.receive()).await.unwrap() {
            SocketEvent::Pong(content) => break assert_eq!(content, "still there"),
            SocketEvent::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn closes_with_1001_when_the_server_stops() {
    let server = start(|_| {});
    let mut client = server.client().await;
    let mut other = server.open("/deaf", &[]).await.unwrap();
    server.handle.stop();
    let close = in_time(client.closed()).await.unwrap().unwrap();
    assert_eq!(
        (close.code.as_u16(), close.reason.as_str()),
        (1001, "the server stops")
    );
    assert_eq!(close_code(&mut other).await, Some(1001));
}

#[tokio::test]
async fn a_silent_client_is_asked_and_then_given_up() {
    let server = start(|settings| settings.websocket_ping_interval_ms = 50);
    let mut client = server.client().await;
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Ping("".into())
    );
    // It is answered, so that the socket stays open.
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Ping("".into())
    );
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Ping("".into())
    );
    // Not read any more, it is not answered.
    wait_until("the client is given up", || server.alive() == 0);
    assert_eq!(server.counts.gone.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_idle_client_is_closed() {
    let server = start(|settings| settings.websocket_idle_timeout_ms = 100);
    let mut client = server.client().await;
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(60)).await;
        client.send("hello").await.unwrap();
        assert!(in_time(client.message()).await.unwrap().is_some());
    }
    assert_eq!(close_code(&mut client).await, Some(1001));
}

#[tokio::test]
async fn a_client_that_does_not_answer_a_close_is_cut_off() {
    let server = start(|settings| settings.websocket_close_timeout_ms = 100);
    let mut client = server.client().await;
    client.send("close").await.unwrap();
    // The client answers only when it reads.
    wait_until("the consumer is dropped", || server.alive() == 0);
    drop(client);
    // A handler that goes on after the close is dropped, too.
    let mut client = server.open("/deaf", &[]).await.unwrap();
    client.close(CloseCode::NORMAL).await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1000));
    assert_eq!(server.alive(), 1);
    wait_until("the consumer is dropped", || server.alive() == 0);
}
