//! What connections cost. Each test looks at the memory of this process, so they take turns.
#![cfg(target_os = "linux")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use sabir_core::{Body, Call, Reply, RouteDefinition, Settings};
use sabir_http::{Address, App, Server, ServerHandle};
use serde_json::json;
use support::{
    LARGE,
    http2::{END_STREAM, Http2},
    operation, start, wait_until,
};

static TURN: Mutex<()> = Mutex::new(());

const MB: usize = 1 << 20;

/// Bytes of this process that are in memory.
fn resident() -> usize {
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = statm.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

/// The most bytes in memory while it lives, above those at its beginning.
struct Peak {
    before: usize,
    most: Arc<AtomicUsize>,
    ends: Arc<AtomicBool>,
    watcher: Option<thread::JoinHandle<()>>,
}

impl Peak {
    fn watch() -> Self {
        let (most, ends) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let watcher = thread::spawn({
            let (most, ends) = (Arc::clone(&most), Arc::clone(&ends));
            move || {
                while !ends.load(Ordering::SeqCst) {
                    most.fetch_max(resident(), Ordering::SeqCst);
                    thread::sleep(Duration::from_millis(2));
                }
            }
        });
        Self {
            before: resident(),
            most,
            ends,
            watcher: Some(watcher),
        }
    }

    fn growth(mut self) -> usize {
        self.ends.store(true, Ordering::SeqCst);
        self.watcher.take().unwrap().join().unwrap();
        self.most.load(Ordering::SeqCst).saturating_sub(self.before)
    }
}

#[test]
fn slow_readers_share_one_answer() {
    const READERS: usize = 300;
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(LARGE.len(), 16 * MB);
    let server = start(|_| {});
    let peak = Peak::watch();
    let mut readers: Vec<_> = (0..READERS).map(|_| server.connect()).collect();
    for reader in &mut readers {
        reader
            .write_all(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            .unwrap();
    }
    let mut some = vec![0; 100_000];
    for _ in 0..5 {
        for reader in &mut readers {
            reader.read_exact(&mut some).unwrap();
        }
    }
    drop(readers);
    let growth = peak.growth();
    assert!(
        growth < READERS * 128 * 1024,
        "{} MB for {READERS} readers",
        growth / MB
    );
}

#[test]
fn slow_readers_of_http_2_share_one_answer() {
    const READERS: usize = 100;
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(LARGE.len(), 16 * MB);
    let server = start(|_| {});
    let peak = Peak::watch();
    let fields = [
        (":method", "GET"),
        (":scheme", "http"),
        (":path", "/large"),
        (":authority", "a"),
    ];
    let mut readers: Vec<_> = (0..READERS)
        .map(|_| {
            let mut reader = Http2::with_window(TcpStream::connect(&server.address).unwrap(), 50_000);
            let streams: Vec<_> = (0..3).map(|_| reader.begin(&fields, END_STREAM)).collect();
            (reader, streams)
        })
        .collect();
    for (reader, streams) in &mut readers {
        assert_eq!(reader.data(streams[0], 1), 16_384);
    }
    drop(readers);
    let growth = peak.growth();
    assert!(
        growth < READERS * 256 * 1024,
        "{} MB for {READERS} readers",
        growth / MB
    );
}

#[test]
fn uploads_are_held_once() {
    const UPLOADS: usize = 20;
    const LENGTH: usize = 2 * MB;
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let content = Bytes::from(vec![b'x'; LENGTH]);
    let (server, address) = collecting(UPLOADS);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let peak = Peak::watch();
    runtime.block_on(async {
        let stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        let (client, connection) = h2::client::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        let uploads: Vec<_> = (0..UPLOADS)
            .map(|_| tokio::spawn(upload(client.clone(), content.clone())))
            .collect();
        for upload in uploads {
            assert_eq!(upload.await.unwrap(), StatusCode::OK);
        }
    });
    let growth = peak.growth();
    server.stop();
    server.wait();
    let sent = UPLOADS * LENGTH;
    assert!(
        growth < sent + sent / 4,
        "{} MB for {} MB",
        growth / MB,
        sent / MB
    );
}

/// A server that answers uploads when it has so many of them.
fn collecting(uploads: usize) -> (ServerHandle, String) {
    let arrived = Arc::new(AtomicUsize::new(0));
    let collect = move |call: Call| {
        let arrived = Arc::clone(&arrived);
        async move {
            let Body::Bytes(bytes) = call.body else {
                return Reply::new(StatusCode::BAD_REQUEST);
            };
            arrived.fetch_add(1, Ordering::SeqCst);
            while arrived.load(Ordering::SeqCst) < uploads {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Reply::bytes(StatusCode::OK, "text/plain", bytes.len().to_string())
        }
    };
    let mut app = App::new(Settings::default());
    let definition = RouteDefinition::new(Method::POST, "/", operation(&json!({})));
    app.route(definition, Arc::new(collect)).unwrap();
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    let address = server.local_address();
    (server.serve(app.build()).unwrap(), address)
}

async fn upload(client: h2::client::SendRequest<Bytes>, mut content: Bytes) -> StatusCode {
    let mut client = client.ready().await.unwrap();
    let request = Request::post("http://a/").body(()).unwrap();
    let (response, mut stream) = client.send_request(request, false).unwrap();
    while !content.is_empty() {
        stream.reserve_capacity(content.len());
        let capacity = std::future::poll_fn(|context| stream.poll_capacity(context)).await;
        let piece = content.split_to(capacity.unwrap().unwrap().min(content.len()));
        stream.send_data(piece, content.is_empty()).unwrap();
    }
    response.await.unwrap().status()
}

#[test]
fn connections_that_are_idle_cost_little() {
    const CLIENTS: usize = 400;
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let server = start(|_| {});
    let peak = Peak::watch();
    let mut clients: Vec<_> = (0..CLIENTS).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        client.read_exact(&mut [0; 12]).unwrap();
    }
    wait_until("all are answered", || server.calls() == CLIENTS);
    let growth = peak.growth();
    assert!(
        growth < CLIENTS * 48 * 1024,
        "{} KB for each",
        growth / CLIENTS / 1024
    );
}
