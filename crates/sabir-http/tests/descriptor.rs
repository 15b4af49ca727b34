//! Sockets that another process has bound.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    fs::File,
    io::{Read, Write},
    net::TcpStream,
    os::unix::net::UnixStream,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use sabir_core::Settings;
use sabir_http::{Address, Server};

const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

fn server(address: Address) -> (Server, String) {
    let bound = Server::bind(address).unwrap();
    let address = bound.local_address();
    let passed_on = Server::from_descriptor(bound.into_descriptor()).unwrap();
    (passed_on, address)
}

#[test]
fn serves_on_an_inherited_tcp_socket() {
    let (server, address) = server(Address::Tcp("127.0.0.1".into(), 0));
    assert_eq!(server.local_address(), address);
    let service = support::app(Settings::default(), &Arc::default(), &Arc::default());
    let running = server.serve(service).unwrap();
    let mut client = TcpStream::connect(address).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    client.write_all(ASK).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    running.stop();
    running.wait();
}

#[test]
fn leaves_the_file_of_an_inherited_unix_socket_to_its_owner() {
    let path = std::env::temp_dir().join(format!("sabir-descriptor-{}.sock", std::process::id()));
    let (server, address) = server(Address::Unix(path.clone()));
    assert_eq!(server.local_address(), address);
    let service = support::app(Settings::default(), &Arc::default(), &Arc::default());
    let running = server.serve(service).unwrap();
    let mut client = UnixStream::connect(&path).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    client.write_all(ASK).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    running.stop();
    running.wait();
    assert!(path.exists());
    std::fs::remove_file(path).unwrap();
}

#[test]
fn several_that_share_a_unix_socket_stop_one_after_the_other() {
    let path = std::env::temp_dir().join(format!("sabir-shared-{}.sock", std::process::id()));
    let bound = Server::bind(Address::Unix(path.clone()))
        .unwrap()
        .into_descriptor();
    let start = |descriptor| {
        let service = support::app(Settings::default(), &Arc::default(), &Arc::default());
        let server = Server::from_descriptor(descriptor).unwrap();
        server.serve(service).unwrap()
    };
    let first = start(bound.try_clone().unwrap());
    let second = start(bound);
    // As the parent of several processes does.
    std::fs::remove_file(path).unwrap();
    for running in [first, second] {
        running.withdraw();
        running.stop();
        let (sender, ended) = mpsc::channel();
        thread::spawn(move || {
            running.wait();
            let _ = sender.send(());
        });
        ended.recv_timeout(Duration::from_secs(10)).unwrap();
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn refuses_a_descriptor_that_is_no_socket() {
    let file = File::open("/dev/null").unwrap();
    assert!(Server::from_descriptor(file.into()).is_err());
}

#[test]
fn shares_an_address_only_among_those_that_ask_for_it() {
    let bind = |port| Server::bind_shared(Address::Tcp("127.0.0.1".into(), port));
    let first = bind(0).unwrap();
    let port = first.local_address().rsplit(':').next().unwrap().parse().unwrap();
    assert_eq!(bind(port).unwrap().local_address(), first.local_address());
    let alone = Server::bind(Address::Tcp("127.0.0.1".into(), port));
    assert!(alone.is_err());
    let unix = Server::bind_shared(Address::Unix("unused".into()));
    assert!(unix.is_err());
}
