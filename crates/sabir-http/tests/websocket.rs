//! Sockets of WebSocket over TCP: the handshake, messages, and frames that break the protocol.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{io::Write, sync::atomic::Ordering};

use sabir_core::{
    settings::WebSocketCompression,
    websocket::{Close, CloseCode, Message},
};
use sabir_http::websocket::{ConnectError, SocketEvent};
use support::{
    read_all,
    sockets::{close_code, in_time, start},
    wait_until,
};

#[tokio::test]
async fn echoes_messages_of_every_size() {
    let server = start(|settings| settings.websocket_compression = WebSocketCompression::Off);
    let mut client = server.client().await;
    for length in [0, 1, 125, 126, 127, 4096, 4097, 65_535, 65_536, 200_000, 1 << 20] {
        let message = Message::from(vec![0; length]);
        client.send(message.clone()).await.unwrap();
        assert_eq!(
            in_time(client.message()).await.unwrap(),
            Some(message),
            "{length}"
        );
    }
    client.send("héllo").await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap(), Some("héllo".into()));
    client
        .close(Close::new(CloseCode::GOING_AWAY, "bye"))
        .await
        .unwrap();
    assert_eq!(close_code(&mut client).await, Some(1001));
    wait_until("the consumer is dropped", || server.alive() == 0);
}

#[tokio::test]
async fn echoes_compressed_messages_with_and_without_context() {
    for compression in [
        WebSocketCompression::NoContextTakeover,
        WebSocketCompression::ContextTakeover,
    ] {
        let server = start(|settings| settings.websocket_compression = compression);
        for offer in [
            "permessage-deflate",
            "permessage-deflate; client_max_window_bits; server_max_window_bits=9",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        ] {
            let fields = [("sec-websocket-extensions", offer)];
            let mut client = server.open("/echo", &fields).await.unwrap();
            assert!(client.is_compressed());
            for count in [1, 100, 10_000] {
                let message = Message::from("the quick brown fox ".repeat(count));
                client.send(message.clone()).await.unwrap();
                assert_eq!(in_time(client.message()).await.unwrap(), Some(message));
            }
        }
    }
    let server = start(|settings| settings.websocket_compression = WebSocketCompression::Off);
    let fields = [("sec-websocket-extensions", "permessage-deflate")];
    assert!(!server.open("/echo", &fields).await.unwrap().is_compressed());
}

#[tokio::test]
async fn answers_a_handshake_that_is_not_one_with_a_problem() {
    let server = start(|_| {});
    for (fields, status) in [
        (vec![("upgrade", "h2c")], 426),
        (vec![("sec-websocket-version", "12")], 426),
        (
            vec![("sec-websocket-version", "13"), ("sec-websocket-version", "13")],
            400,
        ),
        (vec![("connection", "keep-alive")], 400),
        (vec![("sec-websocket-key", "c2hvcnQ=")], 400),
        (vec![("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=!")], 400),
        (vec![("sec-websocket-protocol", "a b")], 400),
        (vec![("sec-websocket-protocol", ",")], 400),
        (vec![("origin", "https://evil.example")], 403),
        (vec![("content-length", "1")], 400),
        (vec![("transfer-encoding", "chunked")], 400),
    ] {
        let answer = server.refusal(&fields).await;
        assert_eq!(answer.status().as_u16(), status, "{fields:?}");
        if status == 426 {
            assert_eq!(answer.headers()["sec-websocket-version"], "13");
            assert_eq!(answer.headers()["upgrade"], "websocket");
        }
    }
    assert_eq!(server.counts.messages.load(Ordering::SeqCst), 0);
    assert_eq!(server.alive(), 0);
}

#[tokio::test]
async fn refuses_what_the_operation_refuses_before_it_opens() {
    let server = start(|_| {});
    let answer = server.open("/echo?n=x", &[]).await.unwrap_err();
    assert!(matches!(answer, ConnectError::Refused(answer) if answer.status() == 422));
    let answer = server.open("/none", &[]).await.unwrap_err();
    assert!(matches!(answer, ConnectError::Refused(answer) if answer.status() == 404));
    // A route that is no socket ignores the wish (RFC 9110 §7.8).
    let answer = server.open("/", &[]).await.unwrap_err();
    assert!(matches!(answer, ConnectError::Refused(answer) if answer.status() == 200));
    assert_eq!(server.alive(), 0);
}

#[test]
fn a_plain_request_to_a_socket_is_told_to_upgrade() {
    let server = start(|_| {});
    for request in [
        "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /echo HTTP/1.0\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HEAD /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ] {
        let mut stream = std::net::TcpStream::connect(&server.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let answer = read_all(&mut stream);
        assert_eq!(answer.statuses(), [426], "{request} {answer:?}");
        assert!(answer.text.contains("upgrade: websocket"), "{answer:?}");
    }
}

#[tokio::test]
async fn chooses_the_first_subprotocol_of_the_client_that_it_knows() {
    let server = start(|_| {});
    let choice = async |offered: &str| {
        let client = server
            .open("/echo", &[("sec-websocket-protocol", offered)])
            .await
            .unwrap();
        client.subprotocol().map(str::to_owned)
    };
    assert_eq!(choice("c, a, b").await.as_deref(), Some("a"));
    assert_eq!(choice("b,a").await.as_deref(), Some("b"));
    assert_eq!(choice("c").await, None);
}

#[tokio::test]
async fn permits_pages_of_its_own_host() {
    let server = start(|_| {});
    let origin = format!("http://{}", server.address);
    let fields = [("host", server.address.as_str()), ("origin", origin.as_str())];
    assert!(server.open("/echo", &fields).await.is_ok());
}

#[tokio::test]
async fn reads_frames_that_come_with_the_handshake() {
    let server = start(|_| {});
    let mut stream = std::net::TcpStream::connect(&server.address).unwrap();
    let request = "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    // "Hello", masked, and a close, as RFC 6455 §5.7 has them.
    let frames = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x88\x80\0\0\0\0";
    stream.write_all(&[request.as_bytes(), frames].concat()).unwrap();
    let answer = read_all(&mut stream);
    assert!(
        answer
            .text
            .contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        "{answer:?}"
    );
    assert!(answer.text.contains("\u{5}Hello"), "{answer:?}");
    assert!(answer.closed);
}

#[tokio::test]
async fn closes_with_the_code_of_what_is_wrong() {
    let server = start(|settings| settings.websocket_message_limit = 1000);
    for (first, content, code) in [
        (0xb1, &b"reserved bit"[..], 1002),
        (0xc1, b"not compressed", 1002),
        (0x83, b"reserved opcode", 1002),
        (0x09, b"fragmented ping", 1002),
        (0x80, b"continues nothing", 1002),
        (0x88, b"\x03", 1002),
        (0x88, b"\x03\xec", 1002),
        (0x88, b"\x03\xe8\xff", 1007),
        (0x81, b"\xc3\x28", 1007),
        (0x82, &[0; 1001], 1009),
    ] {
        let mut client = server.client().await;
        client.write_masked(first, content).await.unwrap();
        assert_eq!(close_code(&mut client).await, Some(code), "{first:x}");
    }
    let mut client = server.client().await;
    client.write(b"\x81\x01a").await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1002));
    let mut client = server.client().await;
    client.write_masked(0x82, &[0; 1000]).await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap().unwrap().len(), 1000);
    // The head alone, of a frame of 2 GB, and of text that goes wrong before its frame ends.
    client.write(b"\x82\xff\0\0\0\0\x80\0\0\0").await.unwrap();
    client.write(b"\0\0\0\0").await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1009));
    let mut client = server.client().await;
    client.write(b"\x01\xfe\x03\x00\0\0\0\0fine\xff").await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1007));
    wait_until("the consumers are dropped", || server.alive() == 0);
}

#[tokio::test]
async fn a_frame_has_a_limit_of_its_own() {
    let server = start(|settings| settings.websocket_frame_limit = 125);
    let mut client = server.client().await;
    client.write_masked(0x02, &[0; 125]).await.unwrap();
    client.write_masked(0x80, &[0; 125]).await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap().unwrap().len(), 250);
    client.write_masked(0x02, &[0; 126]).await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1009));
}

#[tokio::test]
async fn answers_what_came_before_a_mistake() {
    let server = start(|_| {});
    let mut client = server.client().await;
    client.send("first").await.unwrap();
    client.write_masked(0x80, b"").await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap(), Some("first".into()));
    assert_eq!(close_code(&mut client).await, Some(1002));
}

#[tokio::test]
async fn refuses_a_bomb_in_deflate() {
    let server = start(|settings| settings.websocket_message_limit = 100_000);
    let fields = [("sec-websocket-extensions", "permessage-deflate")];
    let mut client = server.open("/echo", &fields).await.unwrap();
    client.send("a".repeat(100_000)).await.unwrap();
    assert_eq!(in_time(client.message()).await.unwrap().unwrap().len(), 100_000);
    client.send("a".repeat(64 << 20)).await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1009));
}

#[tokio::test]
async fn answers_pings_between_fragments_and_while_nothing_is_consumed() {
    let server = start(|_| {});
    let mut client = server.client().await;
    client.write_masked(0x01, b"fra").await.unwrap();
    client.ping(b"are you there?").await.unwrap();
    client.write_masked(0x80, b"gment").await.unwrap();
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Pong("are you there?".into())
    );
    assert_eq!(in_time(client.message()).await.unwrap(), Some("fragment".into()));

    let mut client = server.open("/deaf", &[]).await.unwrap();
    client.send("nobody listens").await.unwrap();
    client.ping(b"still?").await.unwrap();
    assert_eq!(
        in_time(client.receive()).await.unwrap(),
        SocketEvent::Pong("still?".into())
    );
}
