//! Servers in processes of their own, and the signals that end these.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::process::ExitStatusExt,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use sabir::Sabir;

/// Longer than anything here takes on a machine that is busy.
const TIMEOUT: Duration = Duration::from_secs(30);

const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;

fn app() -> Sabir {
    let slow = async || {
        tokio::time::sleep(Duration::from_millis(500)).await;
        "done"
    };
    let endless = async || std::future::pending::<()>().await;
    Sabir::new()
        .get("/", async || "up")
        .get("/slow", slow)
        .get("/endless", endless)
}

/// What a child process does; in the ordinary run of the tests it does nothing.
#[test]
fn child() {
    let (Ok(role), Ok(address)) = (env::var("SABIR_TEST_ROLE"), env::var("SABIR_TEST_ADDRESS")) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        match role.as_str() {
            "serve" => app().serve(address).await.unwrap(),
            "select" => {
                tokio::select! {
                    outcome = app().serve(address) => outcome.unwrap(),
                    () = tokio::time::sleep(Duration::from_millis(300)) => {}
                }
            }
            // The runtime lives on after the server, as in a program that does other things too.
            "dropped" => {
                let serve = app().serve(address);
                assert!(
                    tokio::time::timeout(Duration::from_millis(300), serve)
                        .await
                        .is_err()
                );
                println!("dropped");
                std::future::pending::<()>().await;
            }
            _ => unreachable!("{role}"),
        }
    });
    println!("ended");
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(role: &str) -> Self {
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .to_string();
        let child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture"])
            .env("SABIR_TEST_ROLE", role)
            .env("SABIR_TEST_ADDRESS", &address)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, address }
    }

    fn started(role: &str) -> Self {
        let server = Self::start(role);
        let start = Instant::now();
        while TcpStream::connect(&server.address).is_err() {
            assert!(start.elapsed() < TIMEOUT, "it never listens");
            thread::sleep(Duration::from_millis(10));
        }
        server
    }

    fn send(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
        // Until the handler is at work.
        thread::sleep(Duration::from_millis(100));
        stream
    }

    fn signal(&self, number: i32) {
        let kill = Command::new("kill")
            .args([format!("-{number}"), self.child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
    }

    fn end(mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < TIMEOUT, "the process does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_all(stream: &mut TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_first_signal_lets_requests_finish() {
    for number in [SIGINT, SIGTERM] {
        let server = Server::started("serve");
        let mut stream = server.send("/slow");
        server.signal(number);
        let answer = read_all(&mut stream);
        assert!(answer.ends_with("done"), "{answer}");
        assert!(server.end().success(), "signal {number}");
    }
}

#[test]
fn the_second_signal_ends_the_process() {
    let server = Server::started("serve");
    let _stream = server.send("/endless");
    server.signal(SIGTERM);
    thread::sleep(Duration::from_millis(200));
    server.signal(SIGTERM);
    assert_eq!(server.end().signal(), Some(SIGTERM));
}

#[test]
fn a_server_that_loses_a_select_keeps_no_process() {
    let server = Server::started("select");
    let _stream = server.send("/endless");
    assert!(server.end().success());
}

#[test]
fn signals_end_a_process_whose_server_was_dropped() {
    let mut server = Server::start("dropped");
    let mut lines = BufReader::new(server.child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "dropped"));
    let start = Instant::now();
    while TcpStream::connect(&server.address).is_ok() {
        assert!(start.elapsed() < TIMEOUT, "it still listens");
        thread::sleep(Duration::from_millis(10));
    }
    server.signal(SIGTERM);
    assert_eq!(server.end().signal(), Some(SIGTERM));
}
