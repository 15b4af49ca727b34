//! Loads an echo server for WebSocket: so many connections, each with one message on its way.
//!
//! usage: `websocket_load PORT CONNECTIONS SECONDS BYTES [once]`. Prints how many messages came back; with `once` each connection
//! sends one message, and then says nothing until the end.

use std::{
    env, io,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

static MESSAGES: AtomicU64 = AtomicU64::new(0);

const HANDSHAKE: &[u8] =
    b"GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

// How lengths are written (RFC 6455 §5.2).
const MASKED: u8 = 128;
const SHORT: u8 = 126;
const LONG: u8 = 127;

/// A masked text of `length` bytes, and how long its echo is.
fn frame(length: usize) -> (Vec<u8>, usize) {
    let key = [1, 2, 3, 4];
    let mut frame = vec![0x81];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(length), _) if length < SHORT => frame.push(MASKED + length),
        (_, Ok(length)) => {
            frame.push(MASKED + SHORT);
            frame.extend(length.to_be_bytes());
        }
        _ => {
            frame.push(MASKED + LONG);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    let echoed = frame.len() + length;
    frame.extend(key);
    frame.extend((0..length).map(|index| b'a' ^ key[index % 4]));
    (frame, echoed)
}

async fn play(port: u16, bytes: usize, is_once: bool) -> io::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    stream.write_all(HANDSHAKE).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    if !head.starts_with(b"HTTP/1.1 101") {
        return Err(io::Error::other(String::from_utf8_lossy(&head)));
    }
    let (frame, echoed) = frame(bytes);
    let mut answer = vec![0; echoed];
    loop {
        stream.write_all(&frame).await?;
        stream.read_exact(&mut answer).await?;
        if answer[0] != 0x81 || answer.last() != Some(&b'a') {
            return Err(io::Error::other("the echo is another message"));
        }
        MESSAGES.fetch_add(1, Ordering::Relaxed);
        if is_once {
            std::future::pending::<()>().await;
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let is_once = env::args().any(|argument| argument == "once");
    let arguments: Vec<u64> = env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let [port, connections, seconds, bytes] = arguments[..] else {
        return Err(io::Error::other(
            "usage: websocket_load PORT CONNECTIONS SECONDS BYTES",
        ));
    };
    let (port, bytes) = (u16::try_from(port), usize::try_from(bytes));
    let (port, bytes) = (port.map_err(io::Error::other)?, bytes.map_err(io::Error::other)?);
    let mut players = tokio::task::JoinSet::new();
    for _ in 0..connections {
        players.spawn(play(port, bytes, is_once));
    }
    tokio::select! {
        () = tokio::time::sleep(Duration::from_secs(seconds)) => {}
        Some(Ok(Err(error))) = players.join_next() => return Err(error),
    }
    println!("{}", MESSAGES.load(Ordering::Relaxed));
    Ok(())
}
