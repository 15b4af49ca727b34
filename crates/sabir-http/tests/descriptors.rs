//! A server that has no descriptors left. The limit is one of the whole process, so this test has one of its own.
#![cfg(target_os = "linux")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    fs::{self, File},
    io::{Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
    time::Duration,
};

use support::{read_all, start, wait_until};

/// Opens connections when told to, sends a request on each, and prints the first lines of the answers.
const CLIENTS: &str = r#"
trap '' PIPE
read go
for index in $(seq 1 40); do
    exec {client}<>/dev/tcp/$0/$1 && clients="$clients $client"
    printf 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' >&$client
done
for client in $clients; do
    IFS= read -r -t 3 line <&$client && echo "$line"
done
"#;

fn limit_descriptors(to: usize) {
    let limited = Command::new("prlimit")
        .arg(format!("--pid={}", std::process::id()))
        .arg(format!("--nofile={to}:"))
        .status()
        .unwrap();
    assert!(limited.success());
}

fn open_descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

#[test]
fn clients_are_told_when_there_are_no_descriptors() {
    let server = start(|_| {});
    let (host, port) = server.address.split_once(':').unwrap();
    let directory = tempfile::tempdir().unwrap();
    // Opened now, since there will be no descriptor for it.
    let output = directory.path().join("answers");
    let written = File::create(&output).unwrap();
    let mut answers = File::open(&output).unwrap();
    // They are a process of their own: its descriptors are not this one's.
    let mut clients = Command::new("bash")
        .args(["-c", CLIENTS, host, port])
        .stdin(Stdio::piped())
        .stdout(written)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    limit_descriptors(open_descriptors() + 10);
    clients.stdin.take().unwrap().write_all(b"go\n").unwrap();
    clients.wait().unwrap();
    let mut text = String::new();
    answers.read_to_string(&mut text).unwrap();
    assert!(text.contains("HTTP/1.1 200 OK"), "{text}");
    assert!(text.contains("HTTP/1.1 503 Service Unavailable"), "{text}");
    wait_until("the server has descriptors again", || {
        let Ok(mut stream) = TcpStream::connect(&server.address) else {
            return false;
        };
        stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        let request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        stream.write_all(request).is_ok() && read_all(&mut stream).statuses() == [200]
    });
}
