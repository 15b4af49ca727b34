//! A server of sockets that echo, or say nothing, and what becomes of them.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use sabir_core::{
    Call, Reply, RouteDefinition, Settings,
    websocket::{Close, CloseCode, Message},
};
use sabir_http::{
    Address, App, Server, ServerHandle,
    websocket::{
        Client, ConnectError, SendOutcome, SocketConsumer, SocketEvent, SocketSender, SocketUpgrade,
    },
};
use serde_json::json;
use tokio::net::TcpStream;

use super::operation;

/// What a test's server counts.
#[derive(Debug, Default)]
pub struct Counts {
    /// Consumers that are there.
    pub alive: AtomicUsize,
    pub messages: AtomicUsize,
    pub gone: AtomicUsize,
    pub closed: AtomicUsize,
    pub last_close: Mutex<Option<Close>>,
    pub writable: AtomicUsize,
    /// What those have that say nothing.
    unconsumed: Mutex<Vec<(SocketSender, usize)>>,
}

pub struct TestServer {
    pub handle: ServerHandle,
    pub address: String,
    pub counts: Arc<Counts>,
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
            SocketEvent::Closed(close) => {
                *self.counts.last_close.lock().unwrap() = Some(close);
                self.counts.closed.fetch_add(1, Ordering::SeqCst);
            }
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

pub fn start(change: impl FnOnce(&mut Settings)) -> TestServer {
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
    pub async fn open(&self, target: &str, fields: &[(&str, &str)]) -> Result<Client, ConnectError> {
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

    pub async fn client(&self) -> Client {
        self.open("/echo", &[]).await.unwrap()
    }

    pub async fn refusal(&self, fields: &[(&str, &str)]) -> http::Response<bytes::Bytes> {
        match self.open("/echo", fields).await {
            Err(ConnectError::Refused(answer)) => {
                assert_eq!(answer.headers()["content-type"], "application/problem+json");
                answer
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn alive(&self) -> usize {
        self.counts.alive.load(Ordering::SeqCst)
    }

    pub fn messages(&self) -> usize {
        self.counts.messages.load(Ordering::SeqCst)
    }

    /// Answers what has come to those that say nothing by themselves, and consumes it.
    pub fn answer(&self, text: &str) {
        for (sender, length) in self.counts.unconsumed.lock().unwrap().drain(..) {
            assert_eq!(sender.try_send(&text.into()), SendOutcome::Ready);
            sender.consumed(length);
        }
    }

    /// Closes those that say nothing by themselves, after something has come to them, from this thread. Their handlers go on.
    pub fn close(&self, close: &Close) {
        for (sender, length) in self.counts.unconsumed.lock().unwrap().drain(..) {
            assert!(sender.close(close.clone()));
            sender.consumed(length);
        }
    }

    /// Consumes what has come to those that do not by themselves.
    pub fn consume(&self) {
        for (sender, length) in self.counts.unconsumed.lock().unwrap().drain(..) {
            sender.consumed(length);
        }
    }
}

pub async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.unwrap()
}

pub async fn close_code(client: &mut Client) -> Option<u16> {
    let close = in_time(client.closed()).await.unwrap();
    close.map(|close| close.code.as_u16())
}
