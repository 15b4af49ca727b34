//! How many connections there may be, and on which sockets.
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
    os::unix::net::{UnixListener, UnixStream},
    sync::Arc,
    time::Duration,
};

use sabir_core::Settings;
use sabir_http::{Address, Server};
use support::{read_all, start, wait_until};

const PATIENT: Duration = Duration::from_secs(20);
const HELLO: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

fn served(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(Some(PATIENT)).unwrap();
    stream.write_all(HELLO).unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).unwrap();
    &status == b"HTTP/1.1 200"
}

#[test]
fn connections_past_the_limit_are_told_to_come_back() {
    let server = start(|settings| {
        settings.connection_limit = 3;
        settings.io_threads = 2;
    });
    let mut streams: Vec<_> = (0..3).map(|_| server.connect()).collect();
    assert!(streams.iter_mut().all(served));
    for request in [HELLO, b"", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut stream = server.connect();
        stream.set_read_timeout(Some(PATIENT)).unwrap();
        stream.write_all(request).unwrap();
        let answer = read_all(&mut stream);
        answer.refuses(503);
        assert!(answer.text.contains("retry-after: 1\r\n"), "{answer:?}");
    }
    drop(streams.pop());
    wait_until("a place is free", || {
        let mut stream = server.connect();
        stream.set_read_timeout(Some(PATIENT)).unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .unwrap();
        read_all(&mut stream).statuses() == [200]
    });
    assert!(streams.iter_mut().all(|stream| stream.write_all(HELLO).is_ok()));
}

#[test]
fn a_flood_past_the_limit_is_turned_away_and_forgotten() {
    let server = start(|settings| settings.connection_limit = 1);
    let mut first = server.connect();
    assert!(served(&mut first));
    let flood: Vec<_> = (0..600).map(|_| server.connect()).collect();
    for mut stream in flood {
        let answer = read_all(&mut stream);
        assert!(answer.closed);
        assert!(answer.text.is_empty() || answer.statuses() == [503], "{answer:?}");
    }
    drop(first);
    wait_until("a place is free", || {
        let mut stream = server.connect();
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .is_ok()
            && read_all(&mut stream).statuses() == [200]
    });
}

fn bind(path: &std::path::Path) -> std::io::Result<Server> {
    Server::bind(Address::Unix(path.to_owned()))
}

#[test]
fn a_file_that_is_no_socket_stays() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes");
    fs::write(&path, "precious").unwrap();
    let error = bind(&path).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    assert!(error.to_string().contains("no socket"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    // Nor is what a link leads to this server's to remove, nor the link.
    let link = directory.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(bind(&link).is_err());
    assert!(link.exists());
    fs::create_dir(directory.path().join("folder")).unwrap();
    assert!(bind(&directory.path().join("folder")).is_err());
}

#[test]
fn the_socket_of_a_dead_server_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    drop(UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    let service = support::app(Settings::default(), &Arc::default(), &Arc::default());
    let handle = bind(&path).unwrap().serve(service).unwrap();
    let mut stream = UnixStream::connect(&path).unwrap();
    stream.write_all(HELLO).unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 200");
    handle.stop();
    handle.wait();
    assert!(!path.exists());
}

#[test]
fn the_socket_of_a_live_server_is_left_to_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    let _live = UnixListener::bind(&path).unwrap();
    assert_eq!(bind(&path).unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    assert!(UnixStream::connect(&path).is_ok());
}

#[test]
fn a_server_leaves_a_file_that_took_the_place_of_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    let service = support::app(Settings::default(), &Arc::default(), &Arc::default());
    let handle = bind(&path).unwrap().serve(service).unwrap();
    fs::remove_file(&path).unwrap();
    fs::write(&path, "precious").unwrap();
    handle.stop();
    handle.wait();
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
}
