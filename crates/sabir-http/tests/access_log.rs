//! Access logs: one line for each request, however it ends, whole and in time.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, Method, Request, StatusCode};
use sabir_core::{Call, Handler, Reply, ReplyBody, RouteDefinition, Settings, websocket::CloseCode};
use sabir_http::{
    Address, App, Server, ServerHandle, flush_access_logs,
    websocket::{Client, SocketConsumer, SocketEvent, SocketSender, SocketUpgrade},
};
use serde_json::{Value as Json, json};
use support::{operation, wait_until};

struct Running {
    address: String,
    handle: ServerHandle,
    log: PathBuf,
}

struct Echo(SocketSender);

impl SocketConsumer for Echo {
    fn event(&mut self, event: SocketEvent) {
        if let SocketEvent::Message(message) = event {
            self.0.consumed(message.len());
            let _ = self.0.try_send(&message);
        }
    }
}

/// A path that nobody else uses.
fn path() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("sabir-access-{}-{number}.log", std::process::id()))
}

fn app(log: &Path, options: &Json, settings: Settings) -> App {
    let mut app = App::new(settings);
    let mut options = options.clone();
    options["output"] = log.to_str().unwrap().into();
    app.stage("access_log", &options).unwrap();
    let mut add = |path: &str, data: Json, handler: Arc<dyn Handler>| {
        app.route(RouteDefinition::new(Method::GET, path, operation(&data)), handler)
            .unwrap();
    };
    let hello = async |_: Call| Reply::bytes(StatusCode::OK, "text/plain", "hello");
    add("/items/{id:int}", json!({}), Arc::new(hello));
    add(
        "/quiet",
        json!({ "x-sabir": { "stages": { "access_log": false } } }),
        Arc::new(hello),
    );
    add("/health", json!({}), Arc::new(hello));
    let endless = async |_: Call| std::future::pending::<Reply>().await;
    add("/endless", json!({}), Arc::new(endless));
    let of_chunks = |last: Option<&'static str>| {
        move |_: Call| async move {
            let first = stream::iter(["a", "bc"].map(|chunk| Ok(Bytes::from(chunk))));
            let mut reply = Reply::new(StatusCode::OK);
            reply.body = ReplyBody::Stream(match last {
                None => Box::pin(first),
                Some("pending") => Box::pin(first.chain(stream::pending())),
                Some(error) => Box::pin(first.chain(stream::iter([Err(error.into())]))),
            });
            reply
        }
    };
    add("/stream", json!({}), Arc::new(of_chunks(None)));
    add("/failing", json!({}), Arc::new(of_chunks(Some("a failure"))));
    add("/stuck", json!({}), Arc::new(of_chunks(Some("pending"))));
    let events = |_: Call| async {
        let mut reply = Reply::new(StatusCode::OK);
        let event = Ok::<Bytes, _>(Bytes::from_static(b"data: 1\n\n"));
        reply.body = ReplyBody::Events(Box::pin(stream::iter([event]).chain(stream::pending())));
        reply
    };
    add("/events", json!({}), Arc::new(events));
    let large = |_: Call| async { Reply::bytes(StatusCode::OK, "text/plain", vec![b'x'; 32 << 20]) };
    add("/large", json!({}), Arc::new(large));
    let socket = |call: Call| async move {
        let upgrade = SocketUpgrade::of(&call).unwrap();
        let sender = upgrade.sender();
        upgrade.reply(Echo(sender))
    };
    add(
        "/socket",
        json!({ "x-sabir": { "websocket": {} } }),
        Arc::new(socket),
    );
    app
}

fn start(options: &Json, change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = Settings::default();
    change(&mut settings);
    let log = path();
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    Running {
        address: server.local_address(),
        handle: server.serve(app(&log, options, settings).build()).unwrap(),
        log,
    }
}

impl Running {
    fn send(&self, text: &str) -> TcpStream {
        let mut client = TcpStream::connect(&self.address).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        client.write_all(text.as_bytes()).unwrap();
        client
    }

    fn get(&self, path: &str) -> String {
        let mut text = String::new();
        // One that breaks off is read as far as it goes.
        let _ = self
            .send(&format!(
                "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            ))
            .read_to_string(&mut text);
        text
    }

    /// Opens an answer, reads until `end` has come, and leaves.
    fn leave(&self, path: &str, end: &str) {
        let mut client = self.send(&format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"));
        let mut text = Vec::new();
        while !text.windows(end.len()).any(|part| part == end.as_bytes()) {
            let mut byte = [0; 1];
            client.read_exact(&mut byte).unwrap();
            text.extend_from_slice(&byte);
        }
    }

    fn lines(&self) -> Vec<Json> {
        flush_access_logs();
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Waits for so many lines, and gives the last one.
    fn line(&self, number: usize) -> Json {
        wait_until("the line is written", || self.lines().len() >= number);
        let lines = self.lines();
        assert_eq!(lines.len(), number, "{lines:?}");
        lines[number - 1].clone()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handle.stop();
        self.handle.wait();
        let _ = fs::remove_file(&self.log);
    }
}

#[test]
fn a_line_says_what_became_of_a_request() {
    let server = start(&json!({}), |_| {});
    server.get("/items/7?token=secret");
    let line = server.line(1);
    assert_eq!(line["client"], "127.0.0.1");
    assert_eq!(line["method"], "GET");
    assert_eq!(line["path"], "/items/7");
    assert_eq!(line["route"], "/items/{id:int}");
    assert_eq!(line["protocol"], "HTTP/1.1");
    assert_eq!(line["status"], 200);
    assert_eq!(line["bytes"], 5);
    assert_eq!(line["outcome"], "complete");
    assert!(line["duration_ms"].as_f64().unwrap() >= 0.0);
    assert!(line["time"].as_str().unwrap().ends_with('Z'));
    assert!(line.get("query").is_none() && !line.to_string().contains("secret"));
    server.get("/items/a");
    let line = server.line(2);
    assert_eq!((&line["status"], &line["route"]), (&json!(404), &Json::Null));
}

#[test]
fn a_line_says_how_an_answer_has_ended() {
    let server = start(&json!({}), |_| {});
    let mut number = 0;
    let mut next = |path: &str| {
        number += 1;
        let line = server.line(number);
        assert_eq!(line["path"], path);
        (
            line["outcome"].as_str().unwrap().to_owned(),
            line["bytes"].as_u64().unwrap(),
            line["status"].clone(),
        )
    };
    server.get("/stream");
    assert_eq!(next("/stream"), ("complete".into(), 3, json!(200)));
    server.get("/failing");
    assert_eq!(next("/failing"), ("failed".into(), 3, json!(200)));
    server.leave("/stuck", "bc");
    assert_eq!(next("/stuck"), ("aborted".into(), 3, json!(200)));
    server.leave("/events", "data: 1");
    assert_eq!(next("/events"), ("aborted".into(), 9, json!(200)));
    drop(server.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_eq!(next("/endless"), ("aborted".into(), 0, Json::Null));
    server.leave("/large", "xxx");
    let (outcome, bytes, _) = next("/large");
    assert_eq!(outcome, "aborted");
    assert!(bytes < 32 << 20, "{bytes}");
}

#[test]
fn what_the_connection_refuses_has_a_line() {
    let server = start(&json!({}), |settings| {
        settings.header_timeout_ms = 100;
        settings.target_limit = 100;
        settings.connection_limit = 4;
    });
    let long = format!("/{}", "a".repeat(200));
    for (number, (text, status)) in [
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), 400),
        (format!("GET {long} HTTP/1.1\r\nHost: a\r\n\r\n"), 414),
        (
            format!("GET / HTTP/1.1\r\nHost: a\r\na: {}\r\n\r\n", "a".repeat(100_000)),
            431,
        ),
        ("GET / HTT".to_owned(), 408),
    ]
    .into_iter()
    .enumerate()
    {
        let mut answer = Vec::new();
        let _ = server.send(&text).read_to_end(&mut answer);
        let line = server.line(number + 1);
        assert_eq!(line["status"], status, "{line}");
        assert_eq!(line["client"], "127.0.0.1");
    }
    let held: Vec<TcpStream> = (0..5)
        .map(|_| server.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n"))
        .collect();
    let line = server.line(5);
    assert_eq!((&line["status"], &line["method"]), (&json!(503), &Json::Null));
    drop(held);
}

#[test]
fn no_line_is_made_of_what_is_skipped() {
    let server = start(
        &json!({ "skip": ["/health", "/items/{id:int}"], "query": true }),
        |_| {},
    );
    for path in ["/health", "/items/3", "/quiet", "/stream?a=b"] {
        server.get(path);
    }
    let line = server.line(1);
    assert_eq!(
        (&line["path"], &line["query"]),
        (&json!("/stream"), &json!("a=b"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_has_a_line_when_it_is_closed() {
    let server = start(&json!({}), |_| {});
    for (number, outcome) in [(1, "complete"), (2, "aborted")] {
        let stream = tokio::net::TcpStream::connect(&server.address).await.unwrap();
        let mut client = Client::connect(stream, "/socket", HeaderMap::new())
            .await
            .unwrap();
        client.send("hello").await.unwrap();
        client.message().await.unwrap();
        assert_eq!(server.lines().len(), number - 1);
        if outcome == "complete" {
            client.close(CloseCode::NORMAL).await.unwrap();
            client.closed().await.unwrap();
        }
        drop(client);
        let line = server.line(number);
        assert_eq!(
            (&line["status"], &line["outcome"]),
            (&json!(101), &json!(outcome))
        );
        assert!(line["bytes"].as_u64().unwrap() >= 7, "{line}");
    }
}

#[test]
fn a_server_that_stops_has_written_every_line() {
    let server = start(&json!({ "format": "combined" }), |_| {});
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let address = server.address.clone();
            std::thread::spawn(move || {
                let mut answered = 0;
                while let Ok(mut client) = TcpStream::connect(&address) {
                    let text = "GET /items/7 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
                    let mut answer = String::new();
                    let sent = client.write_all(text.as_bytes());
                    if sent.is_err() || client.read_to_string(&mut answer).is_err() || answer.is_empty() {
                        break;
                    }
                    answered += 1;
                }
                answered
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    server.handle.stop();
    server.handle.wait();
    let written = fs::read_to_string(&server.log).unwrap();
    let answered: usize = clients.into_iter().map(|client| client.join().unwrap()).sum();
    assert!(answered > 0);
    assert_eq!(written.lines().count(), answered);
    assert!(written.ends_with('\n'));
}

#[test]
fn a_file_that_was_moved_away_is_opened_again() {
    let server = start(&json!({}), |_| {});
    server.get("/items/1");
    server.line(1);
    let moved = server.log.with_extension("1");
    fs::rename(&server.log, &moved).unwrap();
    server.get("/items/2");
    assert_eq!(server.line(1)["path"], "/items/2");
    assert_eq!(fs::read_to_string(&moved).unwrap().lines().count(), 1);
    fs::remove_file(moved).unwrap();
}

#[test]
fn an_output_that_cannot_be_opened_is_an_error_at_once() {
    let mut app = App::new(Settings::default());
    let error = app
        .stage(
            "access_log",
            &json!({ "output": "/no/such/directory/access.log" }),
        )
        .unwrap_err();
    assert_eq!(error.field, "stages.access_log.output");
}

#[test]
fn requests_in_memory_have_lines_too() {
    let log = path();
    let service = app(&log, &json!({}), Settings::default()).build();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let request = Request::get("/items/7").body(Bytes::new()).unwrap();
    runtime.block_on(service.call_in_memory(request));
    // The log ends with the application.
    drop(service);
    let written = fs::read_to_string(&log).unwrap();
    assert_eq!(written.lines().count(), 1, "{written}");
    fs::remove_file(log).unwrap();
}
