//! A server on a loopback socket and a client that writes raw bytes. Every wait is bounded.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "each suite uses a part of this"
)]

pub mod http2;
pub mod kept;
pub mod sockets;

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use http::{Method, StatusCode};
use sabir_core::{Body, Call, Handler, Operation, Reply, RouteDefinition, Settings};
use sabir_http::{Address, App, Server, ServerHandle, Service};
use serde_json::json;

pub struct Running {
    pub address: String,
    pub handle: ServerHandle,
    pub calls: Arc<AtomicUsize>,
    pub cancelled: Arc<AtomicUsize>,
}

struct OnDrop(Arc<AtomicUsize>, bool);

impl Drop for OnDrop {
    fn drop(&mut self) {
        if !self.1 {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// What `/large` answers, once for all.
pub static LARGE: LazyLock<bytes::Bytes> = LazyLock::new(|| vec![b'x'; 16 << 20].into());

/// Waits until `condition` holds. The limit is generous, since the machine may be busy.
#[track_caller]
pub fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let limit = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < limit, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub fn operation(data: &serde_json::Value) -> Operation {
    Operation::from_json(data).unwrap()
}

pub fn app(settings: Settings, calls: &Arc<AtomicUsize>, cancelled: &Arc<AtomicUsize>) -> Service {
    let mut app = App::new(settings);
    let mut add = |method: Method, path: &str, data: serde_json::Value, handler: Arc<dyn Handler>| {
        let definition = RouteDefinition::new(method, path, operation(&data));
        app.route(definition, handler).unwrap();
    };
    let counter = Arc::clone(calls);
    let hello = move |_: Call| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Reply::bytes(StatusCode::OK, "text/plain", "hello") }
    };
    add(Method::GET, "/", json!({}), Arc::new(hello));
    let counter = Arc::clone(calls);
    let echo = move |call: Call| {
        counter.fetch_add(1, Ordering::SeqCst);
        async move {
            match call.body {
                Body::Bytes(bytes) => Reply::bytes(StatusCode::OK, "text/plain", bytes),
                _ => Reply::new(StatusCode::NO_CONTENT),
            }
        }
    };
    add(
        Method::POST,
        "/echo",
        json!({ "x-sabir": { "body_limit": 100 } }),
        Arc::new(echo),
    );
    let gone = Arc::clone(cancelled);
    let slow = move |_: Call| {
        let gone = Arc::clone(&gone);
        async move {
            let mut guard = OnDrop(gone, false);
            tokio::time::sleep(Duration::from_millis(300)).await;
            guard.1 = true;
            Reply::bytes(StatusCode::OK, "text/plain", "slow")
        }
    };
    add(Method::GET, "/slow", json!({}), Arc::new(slow.clone()));
    add(
        Method::GET,
        "/late",
        json!({ "x-sabir": { "timeout_ms": 30 } }),
        Arc::new(slow),
    );
    add(
        Method::GET,
        "/panic",
        json!({}),
        Arc::new(|_: Call| async { panic!("a test panics") }),
    );
    let stream = |_: Call| async {
        let chunks = futures_util::stream::iter(["a", "b", "c"].map(|chunk| Ok(bytes::Bytes::from(chunk))));
        let mut reply = Reply::new(StatusCode::OK);
        reply.body = sabir_core::ReplyBody::Stream(Box::pin(chunks));
        reply
    };
    add(Method::GET, "/stream", json!({}), Arc::new(stream));
    let counter = Arc::clone(calls);
    let gone = Arc::clone(cancelled);
    let endless = move |_: Call| {
        counter.fetch_add(1, Ordering::SeqCst);
        let guard = OnDrop(Arc::clone(&gone), false);
        async move {
            let _guard = guard;
            std::future::pending().await
        }
    };
    add(Method::GET, "/endless", json!({}), Arc::new(endless));
    let large = |_: Call| async { Reply::bytes(StatusCode::OK, "text/plain", LARGE.clone()) };
    add(Method::GET, "/large", json!({}), Arc::new(large));
    let slow_stream = |_: Call| async {
        let chunks = futures_util::stream::unfold(0, |count| async move {
            if count > 0 {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            (count < 3).then(|| (Ok(bytes::Bytes::from_static(b"chunk")), count + 1))
        });
        let mut reply = Reply::new(StatusCode::OK);
        reply.body = sabir_core::ReplyBody::Stream(Box::pin(chunks));
        reply
    };
    add(Method::GET, "/slow-stream", json!({}), Arc::new(slow_stream));
    let upload = |call: Call| async move {
        let length = match call.body {
            Body::Bytes(bytes) => bytes.len(),
            _ => 0,
        };
        Reply::bytes(StatusCode::OK, "text/plain", length.to_string())
    };
    add(
        Method::POST,
        "/upload",
        json!({ "x-sabir": { "body_limit": 10_000_000 } }),
        Arc::new(upload),
    );
    app.build()
}

/// Starts a server with the routes above.
pub fn start(change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = Settings::default();
    change(&mut settings);
    let (calls, cancelled) = (Arc::default(), Arc::default());
    let service = app(settings.clone(), &calls, &cancelled);
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    let address = server.local_address();
    Running {
        address,
        handle: server.serve(service).unwrap(),
        calls,
        cancelled,
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handle.stop();
    }
}

impl Running {
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        stream
    }

    /// Writes `bytes` and reads until the server closes, or nothing comes for a while.
    pub fn exchange(&self, bytes: &str) -> Answer {
        let mut stream = self.connect();
        stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        stream.write_all(bytes.as_bytes()).unwrap();
        read_all(&mut stream)
    }

    pub fn cancelled(&self) -> usize {
        self.cancelled.load(Ordering::SeqCst)
    }

    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

#[derive(Debug)]
pub struct Answer {
    pub text: String,
    pub closed: bool,
}

impl Answer {
    /// The status codes of all answers, in order.
    pub fn statuses(&self) -> Vec<u16> {
        self.status_lines().map(|(_, status)| status).collect()
    }

    /// Where each answer begins, and its status code.
    fn status_lines(&self) -> impl Iterator<Item = (usize, u16)> {
        let starts = self.text.match_indices("HTTP/1.");
        starts.filter_map(|(at, _)| Some((at, self.text.get(at + 9..at + 12)?.parse().ok()?)))
    }

    /// Asserts that the last answer is a problem with `status` after which the server closed the connection.
    #[track_caller]
    pub fn refuses(&self, status: u16) {
        assert_eq!(self.statuses().last(), Some(&status), "{self:?}");
        let (last, _) = self.status_lines().last().unwrap();
        let text = self.text[last..].to_ascii_lowercase();
        assert!(
            text.contains("content-type: application/problem+json"),
            "{self:?}"
        );
        assert!(text.contains("connection: close"), "{self:?}");
        assert!(text.contains("x-request-id: "), "{self:?}");
        assert!(self.closed, "{self:?}");
    }
}

pub fn read_all(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let closed = loop {
        match stream.read(&mut chunk) {
            Ok(0) => break true,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
            Err(error) => break error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    };
    Answer {
        text: String::from_utf8_lossy(&bytes).into_owned(),
        closed,
    }
}
