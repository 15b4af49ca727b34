//! How sockets end: closed by either side, left by their clients, silent, or stopped with the server.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use sabir_core::websocket::{Close, CloseCode};
use sabir_http::websocket::{Client, ConnectError, SocketEvent};
use support::{
    sockets::{TestServer, close_code, in_time, start},
    wait_until,
};

#[tokio::test]
async fn closes_as_the_application_says() {
    let server = start(|_| {});
    let mut client = server.client().await;
    client.send("before").await.unwrap();
    client.send("close").await.unwrap();
    client.send("after").await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap(), Some("before".into()));
    let close = in_time(client.closed()).await.unwrap();
    assert_eq!(close, Some(Close::new(4321, "as you wish")));
}

#[tokio::test]
async fn a_close_waits_until_what_came_before_it_is_answered() {
    let server = start(|_| {});
    for mistake in [false, true] {
        let before = server.messages();
        let mut client = server.open("/deaf", &[]).await.unwrap();
        client.send("one").await.unwrap();
        client.send("two").await.unwrap();
        if mistake {
            client.write_masked(0x80, b"").await.unwrap();
        } else {
            client.close(CloseCode::NORMAL).await.unwrap();
        }
        wait_until("the messages are delivered", || server.messages() == before + 2);
        let early = tokio::time::timeout(Duration::from_millis(100), client.receive()).await;
        assert!(early.is_err(), "{early:?}");
        server.answer("answer");
        for _ in 0..2 {
            assert_eq!(in_time(client.message()).await.unwrap(), Some("answer".into()));
        }
        let code = if mistake { 1002 } else { 1000 };
        assert_eq!(close_code(&mut client).await, Some(code));
    }
}

#[tokio::test]
async fn a_close_is_answered_though_nobody_answers_what_came_before_it() {
    for (timeout_ms, shortest, longest) in [(5000, 900, 3000), (100, 90, 900)] {
        let server = start(|settings| settings.websocket_close_timeout_ms = timeout_ms);
        let mut client = server.open("/deaf", &[]).await.unwrap();
        client.send("nobody listens").await.unwrap();
        let since = Instant::now();
        client.close(CloseCode::NORMAL).await.unwrap();
        assert_eq!(close_code(&mut client).await, Some(1000));
        let took = since.elapsed();
        assert!(
            (shortest..longest).contains(&took.as_millis()),
            "{timeout_ms}: {took:?}"
        );
    }
}

#[tokio::test]
async fn a_client_that_leaves_after_its_close_waits_for_no_answer() {
    let server = start(|_| {});
    let mut client = server.open("/deaf", &[]).await.unwrap();
    client.send("nobody listens").await.unwrap();
    client.close(CloseCode::NORMAL).await.unwrap();
    wait_until("the message is delivered", || server.messages() == 1);
    drop(client);
    let since = Instant::now();
    wait_until("the handler knows", || {
        server.counts.closed.load(Ordering::SeqCst) == 1
    });
    assert!(
        since.elapsed() < Duration::from_millis(100),
        "{:?}",
        since.elapsed()
    );
}

#[tokio::test]
async fn closes_with_1011_when_the_application_panics() {
    let server = start(|_| {});
    let mut client = server.client().await;
    client.send("fail").await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1011));
    wait_until("the consumer is dropped", || server.alive() == 0);
}

#[tokio::test]
async fn a_client_that_leaves_is_noticed_at_once() {
    let server = start(|_| {});
    for path in ["/echo", "/deaf"] {
        let client = server.open(path, &[]).await.unwrap();
        assert_eq!(server.alive(), 1);
        drop(client);
        let since = Instant::now();
        wait_until("the consumer is dropped", || server.alive() == 0);
        assert!(
            since.elapsed() < Duration::from_millis(100),
            "{:?}",
            since.elapsed()
        );
    }
    assert_eq!(server.counts.gone.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_thousand_clients_that_leave_leave_nothing_behind() {
    let server = start(|_| {});
    for _ in 0..10 {
        let mut clients = Vec::new();
        for index in 0..100 {
            let mut client = server.client().await;
            match index % 4 {
                0 => client.send("hello").await.unwrap(),
                1 => client.write(b"\x81\xfe\x10").await.unwrap(),
                2 => client.ping(b"").await.unwrap(),
                _ => {}
            }
            clients.push(client);
        }
        drop(clients);
    }
    wait_until("the consumers are dropped", || server.alive() == 0);
    // Connections are given back.
    let hello = server.open("/", &[]).await.unwrap_err();
    assert!(matches!(hello, ConnectError::Refused(answer) if answer.status() == 200));
}

#[tokio::test]
async fn closes_with_1001_when_the_server_stops() {
    let server = start(|_| {});
    let mut client = server.client().await;
    let mut other = server.open("/deaf", &[]).await.unwrap();
    server.handle.stop();
    let close = in_time(client.closed()).await.unwrap().unwrap();
    assert_eq!(
        (close.code.as_u16(), close.reason.as_str()),
        (1001, "the server stops")
    );
    assert_eq!(close_code(&mut other).await, Some(1001));
}

#[tokio::test]
async fn a_silent_client_is_asked_and_then_given_up() {
    let server = start(|settings| settings.websocket_ping_interval_ms = 50);
    let mut client = server.client().await;
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Ping("".into())
    );
    // It is answered, so that the socket stays open.
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Ping("".into())
    );
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Ping("".into())
    );
    // Not read any more, it is not answered.
    wait_until("the client is given up", || server.alive() == 0);
    assert_eq!(server.counts.gone.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_idle_client_is_closed() {
    let server = start(|settings| settings.websocket_idle_timeout_ms = 100);
    let mut client = server.client().await;
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(60)).await;
        client.send("hello").await.unwrap();
        assert!(in_time(client.message()).await.unwrap().is_some());
    }
    assert_eq!(close_code(&mut client).await, Some(1001));
}

#[tokio::test]
async fn a_client_that_does_not_answer_a_close_is_cut_off() {
    let server = start(|settings| settings.websocket_close_timeout_ms = 100);
    let mut client = server.client().await;
    client.send("close").await.unwrap();
    // The client answers only when it reads.
    wait_until("the consumer is dropped", || server.alive() == 0);
    drop(client);
    // A handler that goes on after the close is dropped, too.
    let mut client = server.open("/deaf", &[]).await.unwrap();
    client.close(CloseCode::NORMAL).await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1000));
    assert_eq!(server.alive(), 1);
    wait_until("the consumer is dropped", || server.alive() == 0);
}

/// A client that has been sent a close by the handler of its socket, which goes on, and has not answered.
async fn closed_by_its_handler(server: &TestServer, close: &Close) -> Client {
    let before = server.messages();
    let mut client = server.open("/deaf", &[]).await.unwrap();
    client.send("nobody listens").await.unwrap();
    wait_until("the message is delivered", || server.messages() == before + 1);
    server.close(close);
    client
}

#[tokio::test]
async fn a_handler_that_closes_is_told_at_once_and_only_once() {
    let server = start(|settings| settings.websocket_close_timeout_ms = 60_000);
    let close = Close::new(4321, "as you wish");
    let mut client = closed_by_its_handler(&server, &close).await;
    wait_until("the handler is told", || {
        server.counts.closed.load(Ordering::SeqCst) == 1
    });
    assert_eq!(*server.counts.last_close.lock().unwrap(), Some(close.clone()));
    // Nothing that the client says after that reaches the handler.
    client.send("late").await.unwrap();
    client.close(CloseCode::new(4999)).await.unwrap();
    assert_eq!(in_time(client.closed()).await.unwrap(), Some(close));
    assert_eq!(
        (server.messages(), server.counts.closed.load(Ordering::SeqCst)),
        (1, 1)
    );
    assert_eq!(server.counts.gone.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_handler_that_closes_is_told_before_its_client_leaves() {
    let server = start(|settings| settings.websocket_close_timeout_ms = 60_000);
    let close = Close::new(4321, "as you wish");
    for count in 1..=50 {
        let client = closed_by_its_handler(&server, &close).await;
        drop(client);
        wait_until("the handler is told", || {
            server.counts.closed.load(Ordering::SeqCst) == count
        });
    }
    assert_eq!(server.counts.gone.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_server_that_stops_does_not_wait_for_clients_that_answer_no_close() {
    let server = start(|settings| {
        settings.websocket_close_timeout_ms = 60_000;
        settings.shutdown_timeout_ms = 60_000;
    });
    // One that its handler has closed, whose client sends nothing, and one that the server closes.
    let mut closed = server.client().await;
    closed.send("close").await.unwrap();
    let open = server.client().await;
    wait_until("the handler has ended", || server.alive() == 1);
    server.handle.stop();
    let handle = server.handle.clone();
    let waited = tokio::task::spawn_blocking(move || handle.wait());
    in_time(waited).await.unwrap();
    drop((closed, open));
}
