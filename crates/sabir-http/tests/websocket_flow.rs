//! Sockets whose client or handler is slow, or whose client sends more than anybody could use.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{sync::atomic::Ordering, time::Duration};

use sabir_core::{
    settings::{WebSocketCompression, WebSocketQueuePolicy},
    websocket::CloseCode,
};
use sabir_http::websocket::SocketEvent;
use support::{
    sockets::{close_code, in_time, start},
    wait_until,
};

#[tokio::test]
async fn a_flood_of_fragments_and_of_pings_costs_nothing() {
    let server = start(|_| {});
    let mut client = server.client().await;
    let empty = [0x00, 0x80, 0, 0, 0, 0].repeat(100_000);
    client.write(&[0x01, 0x80, 0, 0, 0, 0]).await.unwrap();
    client.write(&empty).await.unwrap();
    client.write_masked(0x80, b"end").await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap(), Some("end".into()));
    // The pongs are not read before all pings are written: only so many wait.
    let pings = [0x89, 0x84, 0, 0, 0, 0, b'p', b'i', b'n', b'g'].repeat(500_000);
    in_time(client.write(&pings)).await.unwrap();
    client.send("done").await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap(), Some("done".into()));
}

#[tokio::test]
async fn a_client_that_does_not_read_costs_only_so_much() {
    let server = start(|settings| {
        settings.websocket_send_queue_limit = 100_000;
        settings.websocket_compression = WebSocketCompression::Off;
    });
    let mut client = server.client().await;
    client.send("flood").await.unwrap();
    let mut count = 0;
    while count < 9 {
        let message = in_time(client.message()).await.unwrap().unwrap();
        assert_eq!(message.len(), 10_000);
        count += 1;
    }
    wait_until("there is room again", || {
        server.counts.writable.load(Ordering::SeqCst) > 0
    });
}

#[tokio::test]
async fn a_queue_that_is_full_closes_or_drops_where_the_setting_says_so() {
    let server = start(|settings| {
        settings.websocket_send_queue_limit = 100_000;
        settings.websocket_send_queue_policy = WebSocketQueuePolicy::Close;
    });
    let mut client = server.client().await;
    client.send("flood").await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1013));
}

#[tokio::test]
async fn a_queue_that_is_full_leaves_out_the_oldest_where_the_setting_says_so() {
    let server = start(|settings| {
        settings.websocket_send_queue_limit = 300_000;
        settings.websocket_send_queue_policy = WebSocketQueuePolicy::DropOldest;
        settings.websocket_compression = WebSocketCompression::Off;
    });
    let mut client = server.client().await;
    // More than the system keeps for a client that does not read, which is some megabytes.
    for index in 0..2000u32 {
        let mut message = vec![0; 50_000];
        message[..4].copy_from_slice(&index.to_be_bytes());
        client.send(message).await.unwrap();
    }
    let mut received = Vec::new();
    while received.last() != Some(&1999) {
        let message = in_time(client.message()).await.unwrap().unwrap().into_bytes();
        received.push(u32::from_be_bytes(*message.first_chunk().unwrap()));
    }
    assert!(received.is_sorted());
    assert!(received.len() < 2000, "{}", received.len());
}

#[tokio::test]
async fn a_slow_handler_slows_its_client_down() {
    let server = start(|_| {});
    let mut client = server.open("/deaf", &[]).await.unwrap();
    let message = vec![0; 60_000];
    let flood = async {
        loop {
            client.send(message.clone()).await.unwrap();
        }
    };
    assert!(
        tokio::time::timeout(Duration::from_millis(500), flood)
            .await
            .is_err()
    );
    assert!(server.counts.messages.load(Ordering::SeqCst) <= 2);
}

#[tokio::test]
async fn pings_behind_messages_that_nobody_takes_are_answered() {
    let server = start(|_| {});
    let mut client = server.open("/deaf", &[]).await.unwrap();
    let large = vec![0; 30_000];
    for _ in 0..4 {
        client.send(large.clone()).await.unwrap();
    }
    client.ping(b"are you there?").await.unwrap();
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Pong("are you there?".into())
    );
    assert_eq!(server.messages(), 3, "no more than may be is delivered");
    server.consume();
    wait_until("the rest is delivered", || server.messages() == 4);
    // A close keeps its place behind what was sent before it.
    for _ in 0..4 {
        client.send(large.clone()).await.unwrap();
    }
    client.close(CloseCode::NORMAL).await.unwrap();
    let mut received = 4;
    while received < 8 {
        server.consume();
        wait_until("more is delivered", || server.messages() > received);
        received = server.messages();
    }
    assert_eq!(close_code(&mut client).await, Some(1000));
}

#[tokio::test]
async fn a_socket_that_waits_for_its_handler_is_neither_idle_nor_silent() {
    let server = start(|settings| {
        settings.websocket_idle_timeout_ms = 300;
        settings.websocket_ping_interval_ms = 50;
    });
    let mut client = server.open("/deaf", &[]).await.unwrap();
    // More than is delivered and held, and little enough that the system takes the rest.
    let large = vec![0; 30_000];
    for _ in 0..8 {
        in_time(client.send(large.clone())).await.unwrap();
    }
    wait_until("the handler has its share", || server.messages() == 3);
    // Not a byte is read any more, so that the client's pongs would not be heard.
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!(server.alive(), 1);
    let mut received = 3;
    while received < 8 {
        server.consume();
        wait_until("more is delivered", || server.messages() > received);
        received = server.messages();
    }
    server.consume();
    // Now it is asked again.
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Ping("".into())
    );
    client.ping(b"still there").await.unwrap();
    loop {
        match in_time(client.receive()).await.unwrap() {
            SocketEvent::Pong(content) => break assert_eq!(content, "still there"),
            SocketEvent::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}
