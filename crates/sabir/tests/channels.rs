//! Channels: what sockets and streams of events get of what anybody publishes.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt, StreamExt};
use http::Request;
use sabir::{
    LastEventId, Path, Respond, Sabir, Service, Settings, State,
    channel::{HistoryLimits, Hub, Position},
    websocket::{Message, WebSocket},
};
use sabir_http::websocket::{Client, SocketEvent};

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.unwrap()
}

async fn chat(mut socket: WebSocket, Path(room): Path<String>, State(hub): State<Hub>) {
    socket.subscribe(&hub, &room);
    while let Some(message) = socket.receive().await {
        match message.as_text() {
            Some("leave") => socket.unsubscribe(&room),
            _ => drop(hub.publish(&room, message)),
        }
    }
}

async fn news(Path(room): Path<String>, State(hub): State<Hub>, last: LastEventId) -> impl Respond {
    hub.events(&room, last.position())
}

fn app(hub: &Hub, settings: Settings) -> Service {
    Sabir::with_settings(settings)
        .state(hub.clone())
        .websocket("/chat/{room}", chat)
        .get("/news/{room}", news)
        .build()
        .unwrap()
}

async fn open(app: &Service, room: &str) -> Client {
    let request = Request::get(format!("/chat/{room}")).body("".into()).unwrap();
    in_time(app.connect_in_memory(request)).await.unwrap()
}

async fn next(client: &mut Client) -> Message {
    in_time(client.message()).await.unwrap().unwrap()
}

/// Waits until a channel has so many subscribers.
async fn until_present(hub: &Hub, room: &str, count: usize) {
    in_time(async {
        while hub.presence(room) != count {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn everybody_in_a_room_hears_what_is_said() {
    let hub = Hub::default();
    let app = app(&hub, Settings::default());
    let (mut a, mut b, mut other) = (
        open(&app, "x").await,
        open(&app, "x").await,
        open(&app, "y").await,
    );
    until_present(&hub, "x", 2).await;
    until_present(&hub, "y", 1).await;
    a.send("hello").await.unwrap();
    assert_eq!(
        (next(&mut a).await, next(&mut b).await),
        ("hello".into(), "hello".into())
    );
    // From elsewhere, too; and bytes.
    let outside = hub.clone();
    std::thread::spawn(move || outside.publish("x", vec![0, 1]))
        .join()
        .unwrap();
    assert_eq!(next(&mut b).await, vec![0, 1].into());
    hub.publish("y", "for y");
    assert_eq!(next(&mut other).await, "for y".into());
    b.send("leave").await.unwrap();
    until_present(&hub, "x", 1).await;
    drop(a);
    until_present(&hub, "x", 0).await;
}

#[tokio::test]
async fn a_socket_that_does_not_read_is_closed_and_holds_nobody_up() {
    let hub = Hub::default();
    let settings = Settings {
        websocket_send_queue_limit: 100_000,
        ..Settings::default()
    };
    let app = app(&hub, settings);
    let (mut slow, mut fast) = (open(&app, "x").await, open(&app, "x").await);
    until_present(&hub, "x", 2).await;
    let text = "a".repeat(10_000);
    for _ in 0..200 {
        hub.publish("x", text.as_str());
        assert_eq!(next(&mut fast).await, text.as_str().into());
    }
    assert_eq!(hub.presence("x"), 1);
    let close = in_time(async {
        loop {
            match slow.receive().await.unwrap() {
                SocketEvent::Closed(close) => break close,
                SocketEvent::Message(_) => {}
                event => panic!("{event:?}"),
            }
        }
    })
    .await;
    assert_eq!(close.code.as_u16(), 1013);
}

/// The events that have come, one text each.
async fn events(
    app: &Service,
    last: Option<&str>,
) -> (http::HeaderMap, impl StreamExt<Item = String> + Unpin) {
    let mut request = Request::get("/news/x");
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let response = app.open_in_memory(request.body(String::new()).unwrap()).await;
    let (head, body) = response.into_parts();
    let frames = http_body_util::BodyStream::new(body);
    let texts = frames.map(|frame| String::from_utf8(frame.unwrap().into_data().unwrap().into()).unwrap());
    (head.headers, Box::pin(texts))
}

#[tokio::test]
async fn a_client_of_events_that_comes_back_loses_nothing() {
    let hub = Hub::default();
    let app = app(&hub, Settings::default());
    let (headers, mut first) = events(&app, None).await;
    assert_eq!(headers["content-type"], "text/event-stream");
    hub.publish("x", "one");
    let event = in_time(first.next()).await.unwrap();
    let id = event
        .lines()
        .next()
        .unwrap()
        .strip_prefix("id: ")
        .unwrap()
        .to_owned();
    assert_eq!(event, format!("id: {id}\ndata: one\n\n"));
    drop(first);
    until_present(&hub, "x", 0).await;
    hub.publish("x", "two");
    hub.publish("x", "three");
    let (_, mut second) = events(&app, Some(&id)).await;
    hub.publish("x", "four");
    for text in ["two", "three", "four"] {
        let event = in_time(second.next()).await.unwrap();
        assert!(event.ends_with(&format!("\ndata: {text}\n\n")), "{event}");
    }
    assert!(second.next().now_or_never().is_none());
    // An id that is no position is as good as none.
    let (_, mut third) = events(&app, Some("7")).await;
    assert!(third.next().now_or_never().is_none());
}

#[tokio::test]
async fn events_that_nobody_reads_come_to_an_end() {
    let hub = Hub::new(HistoryLimits {
        bytes: 10_000_000,
        ..HistoryLimits::default()
    });
    let mut events = Box::pin(hub.events("x", None));
    let text = "a".repeat(10_000);
    let mut published = 0;
    while hub.presence("x") == 1 {
        published += 1;
        assert!(published < 100);
        hub.publish("x", text.as_str());
    }
    let mut last = None;
    let mut read = 0;
    while let Some(event) = events.next().now_or_never().unwrap() {
        let event = event.unwrap();
        let text = std::str::from_utf8(&event).unwrap();
        last = text.lines().next().unwrap()[4..].parse::<Position>().ok();
        read += 1;
    }
    assert_eq!(read, published - 1);
    // What it has missed comes when it comes back.
    let resumed = hub.events("x", last);
    assert_eq!(
        (resumed.resumed().messages, resumed.resumed().is_complete),
        (1, true)
    );
}

#[tokio::test]
async fn many_sockets_hear_one_publisher() {
    let hub = Hub::default();
    let app = app(&hub, Settings::default());
    let mut clients = Vec::new();
    for _ in 0..200 {
        clients.push(open(&app, "x").await);
    }
    until_present(&hub, "x", 200).await;
    for index in 0..20 {
        assert_eq!(hub.publish("x", index.to_string()), 200);
    }
    for client in &mut clients {
        for index in 0..20 {
            assert_eq!(next(client).await, index.to_string().into());
        }
    }
    let hub = Arc::new(hub);
    drop(clients);
    until_present(&hub, "x", 0).await;
}
