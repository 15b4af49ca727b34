//! Sockets of WebSocket over streams of HTTP/2, which an extended CONNECT opens (RFC 8441).
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use h2::{client::SendRequest, ext::Protocol};
use http::{Method, Request, Response, StatusCode};
use sabir_core::{Call, Reply, RouteDefinition, Settings, websocket::Message};
use sabir_http::{
    Address, App, Server, ServerHandle,
    websocket::{Client, SocketConsumer, SocketEvent, SocketSender, SocketUpgrade},
};
use serde_json::json;
use support::{operation, wait_until};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    net::TcpStream,
};

/// What a client puts into a frame of HTTP/2.
const FRAME: usize = 16 * 1024;

struct Echo(SocketSender, Arc<AtomicUsize>);

impl SocketConsumer for Echo {
    fn event(&mut self, event: SocketEvent) {
        if let SocketEvent::Message(message) = event {
            self.0.consumed(message.len());
            let _ = self.0.try_send(&message);
        }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Running {
    handle: ServerHandle,
    address: String,
    alive: Arc<AtomicUsize>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handle.stop();
    }
}

fn start(change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = Settings {
        websocket_close_timeout_ms: 200,
        ..Settings::default()
    };
    change(&mut settings);
    let alive = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&alive);
    let mut app = App::new(settings);
    let open = move |call: Call| {
        let alive = Arc::clone(&counter);
        async move {
            let upgrade = SocketUpgrade::of(&call).unwrap();
            alive.fetch_add(1, Ordering::SeqCst);
            let sender = upgrade.sender();
            upgrade.reply(Echo(sender, alive))
        }
    };
    let socket = json!({ "x-sabir": { "websocket": { "subprotocols": ["chat"] } } });
    let definition = RouteDefinition::new(Method::GET, "/echo", operation(&socket));
    app.route(definition, Arc::new(open)).unwrap();
    let hello = |_: Call| async { Reply::bytes(StatusCode::OK, "text/plain", "hello") };
    let definition = RouteDefinition::new(Method::GET, "/", operation(&json!({})));
    app.route(definition, Arc::new(hello)).unwrap();
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    Running {
        address: server.local_address(),
        handle: server.serve(app.build()).unwrap(),
        alive,
    }
}

/// A client of HTTP/2, whose connection lives as long as the test.
async fn connect(server: &Running) -> SendRequest<Bytes> {
    let stream = TcpStream::connect(&server.address).await.unwrap();
    let (client, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let mut client = client.ready().await.unwrap();
    // The server's settings arrive with its first answer.
    let request = Request::get("http://localhost/").body(()).unwrap();
    let (answer, _) = client.send_request(request, true).unwrap();
    assert_eq!(answer.await.unwrap().status(), 200);
    assert!(client.is_extended_connect_protocol_enabled());
    client
}

fn request(target: &str, protocol: &'static str) -> Request<()> {
    Request::builder()
        .method(Method::CONNECT)
        .uri(format!("http://localhost{target}"))
        .extension(Protocol::from_static(protocol))
        .header("sec-websocket-version", "13")
        .header("sec-websocket-protocol", "chat")
        .body(())
        .unwrap()
}

/// The answer to an extended CONNECT, and the stream that follows.
async fn open(client: &mut SendRequest<Bytes>, request: Request<()>) -> (Response<()>, DuplexStream) {
    let (answer, mut sending) = client.send_request(request, false).unwrap();
    let answer = in_time(answer).await.unwrap();
    let (head, mut receiving) = answer.into_parts();
    let (near, far) = tokio::io::duplex(64 * 1024);
    let (mut read, mut write) = tokio::io::split(far);
    tokio::spawn(async move {
        // Of frames of a few bytes h2 takes only so many before they are read (ENHANCE_YOUR_CALM).
        let mut buffer = BytesMut::with_capacity(FRAME);
        while read.read_buf(&mut buffer).await.is_ok_and(|count| count > 0) {
            if sending.send_data(buffer.split().freeze(), false).is_err() {
                return;
            }
            buffer.reserve(FRAME);
        }
        let _ = sending.send_data(Bytes::new(), true);
    });
    tokio::spawn(async move {
        while let Some(Ok(data)) = receiving.data().await {
            let _ = receiving.flow_control().release_capacity(data.len());
            if write.write_all(&data).await.is_err() {
                return;
            }
        }
        let _ = write.shutdown().await;
    });
    (Response::from_parts(head, ()), near)
}

async fn socket(client: &mut SendRequest<Bytes>) -> Client {
    let (answer, stream) = open(client, request("/echo", "websocket")).await;
    assert_eq!(answer.status(), 200);
    for name in ["upgrade", "connection", "sec-websocket-accept", "content-length"] {
        assert!(!answer.headers().contains_key(name), "{name}");
    }
    Client::after(stream, BytesMut::new(), answer).unwrap()
}

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.unwrap()
}

#[tokio::test]
async fn echoes_over_several_streams_of_one_connection() {
    let server = start(|_| {});
    let mut client = connect(&server).await;
    let (mut one, mut other) = (socket(&mut client).await, socket(&mut client).await);
    assert_eq!(one.subprotocol(), Some("chat"));
    for length in [1, 1000, 300_000] {
        let message = Message::from(vec![b'x'; length]);
        one.send(message.clone()).await.unwrap();
        other.send("hello").await.unwrap();
        assert_eq!(in_time(one.message()).await.unwrap(), Some(message));
        assert_eq!(in_time(other.message()).await.unwrap(), Some("hello".into()));
    }
    one.close(sabir_core::websocket::CloseCode::NORMAL).await.unwrap();
    assert_eq!(in_time(one.closed()).await.unwrap().unwrap().code.as_u16(), 1000);
    wait_until("the consumer is dropped", || {
        server.alive.load(Ordering::SeqCst) == 1
    });
    // Other requests go on.
    let plain = Request::get("http://localhost/").body(()).unwrap();
    let (answer, _) = client.send_request(plain, true).unwrap();
    assert_eq!(in_time(answer).await.unwrap().status(), 200);
}

#[tokio::test]
async fn refuses_what_is_no_handshake() {
    let server = start(|_| {});
    let mut client = connect(&server).await;
    let (answer, _) = open(&mut client, request("/none", "websocket")).await;
    assert_eq!(answer.status(), 404);
    let (answer, _) = open(&mut client, request("/", "websocket")).await;
    assert_eq!(answer.status(), 200);
    let (answer, _) = open(&mut client, request("/echo", "connect-udp")).await;
    assert_eq!(answer.status(), 501);
    let mut old = request("/echo", "websocket");
    old.headers_mut()
        .insert("sec-websocket-version", "8".parse().unwrap());
    let (answer, _) = open(&mut client, old).await;
    assert_eq!(answer.status(), 426);
    assert_eq!(answer.headers()["sec-websocket-version"], "13");
    assert!(!answer.headers().contains_key("connection"));
    let mut foreign = request("/echo", "websocket");
    foreign
        .headers_mut()
        .insert("origin", "https://evil.example".parse().unwrap());
    let (answer, _) = open(&mut client, foreign).await;
    assert_eq!(answer.status(), 403);
    let plain = Request::get("http://localhost/echo").body(()).unwrap();
    let (answer, _) = client.send_request(plain, true).unwrap();
    assert_eq!(in_time(answer).await.unwrap().status(), 426);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_is_noticed_at_once() {
    let server = start(|_| {});
    let mut client = connect(&server).await;
    let sockets = [socket(&mut client).await, socket(&mut client).await];
    assert_eq!(server.alive.load(Ordering::SeqCst), 2);
    drop(sockets);
    let since = Instant::now();
    wait_until("the consumers are dropped", || {
        server.alive.load(Ordering::SeqCst) == 0
    });
    assert!(
        since.elapsed() < Duration::from_millis(100),
        "{:?}",
        since.elapsed()
    );
}

#[tokio::test]
async fn an_open_socket_keeps_its_connection() {
    let server = start(|settings| settings.idle_timeout_ms = 50);
    let mut client = connect(&server).await;
    let mut socket = socket(&mut client).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    socket.send("still here").await.unwrap();
    assert_eq!(
        in_time(socket.message()).await.unwrap(),
        Some("still here".into())
    );
}

#[tokio::test]
async fn closes_with_1001_when_the_server_stops() {
    let server = start(|_| {});
    let mut client = connect(&server).await;
    let mut socket = socket(&mut client).await;
    server.handle.stop();
    assert_eq!(
        in_time(socket.closed()).await.unwrap().unwrap().code.as_u16(),
        1001
    );
    wait_until("the consumer is dropped", || {
        server.alive.load(Ordering::SeqCst) == 0
    });
}
