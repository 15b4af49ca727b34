//! Loads an echo server for WebSocket: so many connections, each with one message on its way.
//!
//! usage: `websocket_load PORT CONNECTIONS SECONDS BYTES [once | fan-out]`. Prints how many messages came back; with `once` each
//! connection sends one message, and then says nothing until the end. With `fan-out` so many connections are in a room, and one more
//! publishes a message whenever all have got the last one; what all of them have got is counted.

use std::{
    env, io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Notify,
    task::JoinSet,
};

static MESSAGES: AtomicU64 = AtomicU64::new(0);

const FIELDS: &str = "Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// What a server says to a connection that has joined the room.
const READY: &[u8] = b"\x81\x05ready";

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

async fn open(port: u16, path: &str) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let head = format!("GET {path} HTTP/1.1\r\n{FIELDS}");
    stream.write_all(head.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    if !head.starts_with(b"HTTP/1.1 101") {
        return Err(io::Error::other(String::from_utf8_lossy(&head)));
    }
    Ok(stream)
}

async fn play(port: u16, bytes: usize, is_once: bool) -> io::Result<()> {
    let mut stream = open(port, "/echo").await?;
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

/// Gets what is published, and says so when it is the last one to get it.
async fn listen(mut stream: TcpStream, echoed: usize, connections: u64, all: Arc<Notify>) -> io::Result<()> {
    let mut message = vec![0; echoed];
    loop {
        stream.read_exact(&mut message).await?;
        if message[0] != 0x81 || message.last() != Some(&b'a') {
            return Err(io::Error::other("what comes is another message"));
        }
        if (MESSAGES.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(connections) {
            all.notify_one();
        }
    }
}

/// Publishes to so many connections, and gives how many messages they have got.
async fn fan_out(port: u16, connections: u64, time: Duration, bytes: usize) -> io::Result<u64> {
    let (frame, echoed) = frame(bytes);
    let (all, mut listeners) = (Arc::new(Notify::new()), JoinSet::new());
    for _ in 0..connections {
        let mut stream = open(port, "/room").await?;
        let mut ready = [0; READY.len()];
        stream.read_exact(&mut ready).await?;
        if ready != READY {
            return Err(io::Error::other("the server does not say that it is ready"));
        }
        listeners.spawn(listen(stream, echoed, connections, Arc::clone(&all)));
    }
    let mut publisher = open(port, "/publish").await?;
    println!("joined");
    let start = Instant::now();
    while start.elapsed() < time {
        publisher.write_all(&frame).await?;
        tokio::select! {
            () = all.notified() => {}
            Some(Ok(Err(error))) = listeners.join_next() => return Err(error),
        }
    }
    Ok(MESSAGES.load(Ordering::Relaxed))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let is_once = env::args().any(|argument| argument == "once");
    let is_fan_out = env::args().any(|argument| argument == "fan-out");
    let arguments: Vec<u64> = env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let [port, connections, seconds, bytes] = arguments[..] else {
        return Err(io::Error::other(
            "usage: websocket_load PORT CONNECTIONS SECONDS BYTES [once | fan-out]",
        ));
    };
    let (port, bytes) = (u16::try_from(port), usize::try_from(bytes));
    let (port, bytes) = (port.map_err(io::Error::other)?, bytes.map_err(io::Error::other)?);
    if is_fan_out {
        let count = fan_out(port, connections, Duration::from_secs(seconds), bytes).await?;
        println!("{count}");
        return Ok(());
    }
    let mut players = JoinSet::new();
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
