//! What becomes of connections and requests when a server stops.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    os::unix::net::UnixStream,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use http::Method;
use sabir_core::{Call, Reply, RouteDefinition, Settings};
use sabir_http::{Address, App, Server, Service};
use support::{Running, read_all, start, wait_until};

const PATIENT: Duration = Duration::from_secs(20);
const HELLO: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const SLOW: &[u8] = b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";

fn connect(server: &Running) -> TcpStream {
    let stream = server.connect();
    stream.set_read_timeout(Some(PATIENT)).unwrap();
    stream
}

/// Reads one answer to [`HELLO`] or [`SLOW`]. `None` when the connection has ended before it.
fn read_answer(stream: &mut TcpStream) -> Option<String> {
    let mut text = Vec::new();
    let mut chunk = [0; 1024];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => text.extend_from_slice(&chunk[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => break,
        }
        let text = String::from_utf8_lossy(&text);
        if text.ends_with("\r\n\r\nhello") || text.ends_with("\r\n\r\nslow") {
            return Some(text.into_owned());
        }
    }
    None
}

/// Asks again and again on one connection until an answer says that it is the last one. Gives how many requests were
/// sent before the server said anything of the kind, and not answered.
fn ask_until_the_end(stream: &mut TcpStream, answered: &AtomicUsize) -> usize {
    loop {
        let mut nothing = [0; 1];
        stream.set_nonblocking(true).unwrap();
        let has_ended = matches!(stream.peek(&mut nothing), Ok(0));
        stream.set_nonblocking(false).unwrap();
        if has_ended || stream.write_all(HELLO).is_err() {
            return 0;
        }
        match read_answer(stream) {
            Some(answer) if answer.contains("connection: close") => return 0,
            Some(answer) => {
                assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
                answered.fetch_add(1, Ordering::SeqCst);
            }
            None => return 1,
        }
    }
}

#[test]
fn no_request_of_a_busy_client_is_lost() {
    const CLIENTS: usize = 200;
    let server = start(|settings| settings.io_threads = 2);
    let ready = Arc::new(Barrier::new(CLIENTS + 1));
    let answered = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let mut stream = connect(&server);
            let (ready, answered) = (Arc::clone(&ready), Arc::clone(&answered));
            thread::spawn(move || {
                ready.wait();
                ask_until_the_end(&mut stream, &answered)
            })
        })
        .collect();
    ready.wait();
    wait_until("the clients are busy", || {
        answered.load(Ordering::SeqCst) > 2 * CLIENTS
    });
    server.handle.stop();
    let lost: usize = clients.into_iter().map(|client| client.join().unwrap()).sum();
    assert_eq!(lost, 0);
    server.handle.wait();
}

#[test]
fn a_request_that_follows_at_once_is_answered_as_the_last() {
    for first in [HELLO, b""] {
        let server = start(|_| {});
        let mut stream = connect(&server);
        if !first.is_empty() {
            stream.write_all(first).unwrap();
            read_answer(&mut stream).unwrap();
        }
        server.handle.stop();
        stream.write_all(HELLO).unwrap();
        let answer = read_all(&mut stream);
        assert_eq!(answer.statuses(), [200], "{answer:?}");
        assert!(answer.text.contains("connection: close"), "{answer:?}");
        assert!(answer.closed);
        server.handle.wait();
    }
}

#[test]
fn pipelined_requests_are_all_answered() {
    let server = start(|_| {});
    let mut stream = connect(&server);
    stream.write_all(&[SLOW, HELLO, SLOW, HELLO].concat()).unwrap();
    thread::sleep(Duration::from_millis(30));
    server.handle.stop();
    let answer = read_all(&mut stream);
    assert_eq!(answer.statuses(), [200; 4], "{answer:?}");
    assert_eq!(answer.text.matches("connection: close").count(), 1, "{answer:?}");
    assert!(answer.closed);
}

#[test]
fn a_head_that_is_on_its_way_is_waited_for() {
    let server = start(|_| {});
    let mut stream = connect(&server);
    stream.write_all(&HELLO[..10]).unwrap();
    thread::sleep(Duration::from_millis(30));
    server.handle.stop();
    thread::sleep(Duration::from_millis(300));
    stream.write_all(&HELLO[10..]).unwrap();
    let answer = read_all(&mut stream);
    assert_eq!(answer.statuses(), [200], "{answer:?}");
}

#[test]
fn new_connections_are_refused_while_a_request_runs() {
    for threads in [1, 3] {
        let server = start(|settings| {
            settings.io_threads = threads;
            settings.shutdown_timeout_ms = 60_000;
        });
        let mut stream = connect(&server);
        stream
            .write_all(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
            .unwrap();
        wait_until("the request runs", || server.calls() == 1);
        server.handle.stop();
        wait_until("connections are refused", || {
            TcpStream::connect(&server.address)
                .is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
        });
        assert_eq!(server.cancelled(), 0);
        drop(stream);
        server.handle.wait();
    }
}

#[test]
fn a_socket_of_another_process_goes_on_there() {
    let bound = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    let address = bound.local_address();
    let descriptor = bound.into_descriptor();
    let copy = descriptor.try_clone().unwrap();
    let serve = |descriptor| {
        let service = support::app(Settings::default(), &Arc::default(), &Arc::default());
        let server = Server::from_descriptor(descriptor).unwrap();
        server.serve(service).unwrap()
    };
    let (first, second) = (serve(descriptor), serve(copy));
    first.stop();
    first.wait();
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.set_read_timeout(Some(PATIENT)).unwrap();
    stream.write_all(HELLO).unwrap();
    assert!(read_answer(&mut stream).is_some());
    second.stop();
    second.wait();
    assert!(TcpStream::connect(&address).is_err());
}

#[test]
fn a_socket_that_nobody_goes_on_to_serve_refuses_clients_while_copies_are_open() {
    let bound = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    let address = bound.local_address();
    let descriptor = bound.into_descriptor();
    let _copy = descriptor.try_clone().unwrap();
    let service = support::app(Settings::default(), &Arc::default(), &Arc::default());
    let running = Server::from_descriptor(descriptor)
        .unwrap()
        .serve(service)
        .unwrap();
    running.withdraw();
    running.stop();
    running.wait();
    assert!(TcpStream::connect(&address).is_err());
}

#[test]
fn the_path_of_a_unix_socket_is_free_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    let calls = Arc::default();
    let start = || {
        let service = support::app(Settings::default(), &calls, &Arc::default());
        let server = Server::bind(Address::Unix(path.clone())).unwrap();
        server.serve(service).unwrap()
    };
    let first = start();
    let mut stream = UnixStream::connect(&path).unwrap();
    stream.set_read_timeout(Some(PATIENT)).unwrap();
    stream.write_all(SLOW).unwrap();
    stream.write_all(HELLO).unwrap();
    thread::sleep(Duration::from_millis(30));
    first.stop();
    wait_until("the path is free", || !path.exists());
    let second = start();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2, "{text}");
    first.wait();
    assert!(path.exists(), "the file is the second server's");
    second.stop();
    second.wait();
    assert!(!path.exists());
}

#[test]
fn the_end_is_an_end() {
    let server = start(|settings| settings.shutdown_timeout_ms = 100);
    let mut streams: Vec<_> = (0..3).map(|_| connect(&server)).collect();
    streams[0]
        .write_all(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    streams[1]
        .write_all(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    streams[2]
        .write_all(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
        .unwrap();
    wait_until("the request runs", || server.calls() == 1);
    let (sender, receiver) = mpsc::channel();
    server.handle.stop_with_callback(move || sender.send(()).unwrap());
    receiver.recv_timeout(PATIENT).unwrap();
    assert_eq!(server.cancelled(), 1);
}

/// A handler that takes its time to be dropped.
struct Slow(Arc<AtomicUsize>);

impl Drop for Slow {
    fn drop(&mut self) {
        thread::sleep(Duration::from_millis(30));
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// An application whose only handler never answers, the calls that it has begun, and those that are gone.
fn endless() -> (Service, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let settings = Settings {
        shutdown_timeout_ms: 50,
        io_threads: 1,
        ..Settings::default()
    };
    let mut app = App::new(settings);
    let (begun, gone) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counter, dropped) = (Arc::clone(&begun), Arc::clone(&gone));
    let handler = move |_: Call| {
        counter.fetch_add(1, Ordering::SeqCst);
        let slow = Slow(Arc::clone(&dropped));
        async move {
            let _slow = slow;
            std::future::pending::<Reply>().await
        }
    };
    let definition = RouteDefinition::new(Method::GET, "/", support::operation(&serde_json::json!({})));
    app.route(definition, Arc::new(handler)).unwrap();
    (app.build(), begun, gone)
}

#[test]
fn nobody_is_told_of_the_end_before_the_handlers_are_gone() {
    const CLIENTS: usize = 5;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    for has_threads in [true, false] {
        let (service, begun, gone) = endless();
        let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
        let address = server.local_address();
        let handle = if has_threads {
            server.serve(service).unwrap()
        } else {
            let _runtime = runtime.enter();
            server.spawn(service).unwrap()
        };
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let mut stream = TcpStream::connect(&address).unwrap();
                stream.write_all(HELLO).unwrap();
                stream
            })
            .collect();
        wait_until("all are being answered", || {
            begun.load(Ordering::SeqCst) == CLIENTS
        });
        handle.stop();
        handle.wait();
        assert_eq!(gone.load(Ordering::SeqCst), CLIENTS, "{has_threads}");
        drop(clients);
    }
}
