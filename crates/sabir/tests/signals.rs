//! Servers in processes of their own, and the signals that end these.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    env,
    io::{BufRead, BufReader, Lines, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::process::ExitStatusExt,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use sabir::Sabir;
use tokio::sync::Notify;

/// Longer than anything here takes on a machine that is busy.
const TIMEOUT: Duration = Duration::from_secs(30);

const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;

/// Says on standard output what the test waits for.
fn say(what: &str) {
    println!("{what}");
}

fn app() -> Sabir {
    let slow = async || {
        say("at work");
        tokio::time::sleep(Duration::from_millis(500)).await;
        "done"
    };
    let endless = async || {
        say("at work");
        std::future::pending::<()>().await;
    };
    Sabir::new()
        .get("/", async || "up")
        .get("/slow", slow)
        .get("/endless", endless)
}

/// The application with a path that completes the future.
fn leaving() -> (Sabir, impl Future<Output = ()>) {
    let leave = Arc::new(Notify::new());
    let left = Arc::clone(&leave);
    let app = app().get("/leave", move || {
        leave.notify_one();
        std::future::ready("")
    });
    (app, async move { left.notified().await })
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
                let (app, left) = leaving();
                tokio::select! {
                    outcome = app.serve(address) => outcome.unwrap(),
                    () = left => {}
                }
            }
            // The runtime lives on after the server, as in a program that does other things too.
            "dropped" => {
                let (app, left) = leaving();
                tokio::select! {
                    outcome = app.serve(address) => outcome.unwrap(),
                    () = left => {}
                }
                say("dropped");
                std::future::pending::<()>().await;
            }
            _ => unreachable!("{role}"),
        }
    });
    say("ended");
}

struct Server {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    address: String,
}

impl Server {
    /// A server that listens.
    fn start(role: &str) -> Self {
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .to_string();
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture"])
            .env("SABIR_TEST_ROLE", role)
            .env("SABIR_TEST_ADDRESS", &address)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let server = Self {
            child,
            lines,
            address,
        };
        server.wait_until(true);
        server
    }

    /// Waits until connections are accepted, or refused.
    fn wait_until(&self, is_listening: bool) {
        let start = Instant::now();
        while TcpStream::connect(&self.address).is_ok() != is_listening {
            assert!(start.elapsed() < TIMEOUT, "it is never so: {is_listening}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn send(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
        stream
    }

    /// Waits until the process says this.
    fn hear(&mut self, what: &str) {
        // The harness of the tests may have begun the line.
        assert!(self.lines.any(|line| line.unwrap().ends_with(what)), "{what}");
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
        let mut server = Server::start("serve");
        let mut stream = server.send("/slow");
        server.hear("at work");
        server.signal(number);
        let answer = read_all(&mut stream);
        assert!(answer.ends_with("done"), "{answer}");
        assert!(server.end().success(), "signal {number}");
    }
}

#[test]
fn the_second_signal_ends_the_process() {
    let mut server = Server::start("serve");
    let _stream = server.send("/endless");
    server.hear("at work");
    server.signal(SIGTERM);
    server.wait_until(false);
    server.signal(SIGTERM);
    assert_eq!(server.end().signal(), Some(SIGTERM));
}

#[test]
fn a_server_that_loses_a_select_keeps_no_process() {
    let mut server = Server::start("select");
    let _stream = server.send("/endless");
    server.hear("at work");
    let _leaving = server.send("/leave");
    assert!(server.end().success());
}

#[test]
fn signals_end_a_process_whose_server_was_dropped() {
    let mut server = Server::start("dropped");
    let _leaving = server.send("/leave");
    server.hear("dropped");
    server.wait_until(false);
    server.signal(SIGTERM);
    assert_eq!(server.end().signal(), Some(SIGTERM));
}
