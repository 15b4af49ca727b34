//! What the pipeline and the server do around handlers.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    io::Write,
    net::TcpStream,
    sync::{Arc, atomic::Ordering, mpsc},
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use sabir_core::{Call, Reply, RouteDefinition, Settings};
use sabir_http::{Address, App, Server};
use serde_json::json;
use support::{app, operation, read_all, start};

fn in_memory(request: Request<Bytes>) -> Response<Bytes> {
    let service = app(
        Settings::default(),
        &std::sync::Arc::default(),
        &std::sync::Arc::default(),
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(service.call_in_memory(request))
}

fn call(method: &str, path: &str) -> Response<Bytes> {
    in_memory(
        Request::builder()
            .method(method)
            .uri(path)
            .body(Bytes::new())
            .unwrap(),
    )
}

fn problem(response: &Response<Bytes>) -> serde_json::Value {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    serde_json::from_slice(response.body()).unwrap()
}

#[test]
fn names_the_resource_and_the_request_in_problems() {
    let response = call("GET", "/none?a=b");
    assert_eq!(response.status(), 404);
    let problem = problem(&response);
    assert_eq!(problem["instance"], "/none");
    assert_eq!(
        problem["request_id"],
        response.headers()["x-request-id"].to_str().unwrap()
    );
}

#[test]
fn takes_over_the_request_id_of_the_client() {
    let request = Request::builder()
        .uri("/none")
        .header("x-request-id", "abc")
        .body(Bytes::new())
        .unwrap();
    let response = in_memory(request);
    assert_eq!(response.headers()["x-request-id"], "abc");
    assert_eq!(problem(&response)["request_id"], "abc");
}

#[test]
fn answers_head_and_options_by_itself() {
    let response = call("HEAD", "/");
    assert_eq!((response.status().as_u16(), response.body().len()), (200, 0));
    assert_eq!(response.headers()["content-length"], "5");
    let response = call("OPTIONS", "/");
    assert_eq!(response.status(), 204);
    assert!(response.headers()["allow"].to_str().unwrap().contains("GET"));
    let response = call("DELETE", "/");
    assert_eq!(response.status(), 405);
    assert!(response.headers()["allow"].to_str().unwrap().contains("HEAD"));
}

#[test]
fn redirects_to_the_declared_slash_and_keeps_the_query() {
    let response = call("GET", "/slow/?a=b");
    assert_eq!(response.status(), 308);
    assert_eq!(response.headers()["location"], "/slow?a=b");
}

#[test]
fn a_panic_becomes_a_problem_without_its_message() {
    let response = call("GET", "/panic");
    assert_eq!(response.status(), 500);
    assert!(!problem(&response).to_string().contains("a test panics"));
}

#[test]
fn a_deadline_ends_the_handler() {
    assert_eq!(call("GET", "/late").status(), 504);
}

#[test]
fn streams_over_a_socket() {
    let server = start(|_| {});
    let answer = server.exchange("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(answer.text.contains("transfer-encoding: chunked"), "{answer:?}");
    assert!(
        answer.text.ends_with("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"),
        "{answer:?}"
    );
}

#[test]
fn a_client_that_leaves_cancels_the_handler() {
    let server = start(|_| {});
    let mut stream = server.connect();
    stream
        .write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    std::thread::sleep(Duration::from_millis(50));
    drop(stream);
    let limit = Instant::now() + Duration::from_millis(200);
    while server.cancelled.load(Ordering::SeqCst) == 0 {
        assert!(Instant::now() < limit, "the handler went on");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn lets_running_requests_finish_when_it_stops() {
    let server = start(|settings| settings.io_threads = 2);
    let mut idle = server.connect();
    let mut stream = server.connect();
    stream
        .write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let (sender, receiver) = mpsc::channel();
    server.handle.stop_with_callback(move || sender.send(()).unwrap());
    let answer = read_all(&mut stream);
    assert_eq!(answer.statuses(), [200]);
    assert!(answer.closed && read_all(&mut idle).closed);
    receiver.recv_timeout(Duration::from_secs(2)).unwrap();
    server.handle.wait();
    assert!(std::net::TcpStream::connect(&server.address).is_err());
}

#[test]
fn cuts_off_requests_that_outlast_the_shutdown() {
    let server = start(|settings| settings.shutdown_timeout_ms = 50);
    let mut stream = server.connect();
    stream
        .write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let begun = Instant::now();
    server.handle.stop();
    server.handle.wait();
    assert!(begun.elapsed() < Duration::from_millis(220));
    assert!(read_all(&mut stream).text.is_empty());
}

#[test]
fn serves_a_unix_socket_and_removes_it() {
    use std::{io::Read, os::unix::net::UnixStream};

    use sabir_http::{Address, Server};

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    let service = app(
        Settings::default(),
        &std::sync::Arc::default(),
        &std::sync::Arc::default(),
    );
    let server = Server::bind(Address::Unix(path.clone())).unwrap();
    let handle = server.serve(service).unwrap();
    let mut stream = UnixStream::connect(&path).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    handle.stop();
    handle.wait();
    assert!(!path.exists());
}

#[test]
fn no_handler_can_take_the_connection_over() {
    let mut app = App::new(Settings::default());
    let show = |call: Call| async move {
        let upgrade = call.head.extensions.get::<hyper::upgrade::OnUpgrade>();
        Reply::bytes(StatusCode::OK, "text/plain", upgrade.is_some().to_string())
    };
    let definition = RouteDefinition::new(Method::GET, "/", operation(&json!({})));
    app.route(definition, Arc::new(show)).unwrap();
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    let mut stream = TcpStream::connect(server.local_address()).unwrap();
    let handle = server.serve(app.build()).unwrap();
    let request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close, upgrade\r\nUpgrade: other\r\n\r\n";
    stream.write_all(request).unwrap();
    let answer = read_all(&mut stream);
    assert!(answer.text.ends_with("\r\n\r\nfalse"), "{answer:?}");
    handle.stop();
}
