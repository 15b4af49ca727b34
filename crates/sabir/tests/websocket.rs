//! Handlers of WebSockets: arguments, types of messages, what becomes of them when clients leave and when they fail.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt;
use http::Request;
use sabir::{
    FromCall, Json, Path, Problem, ProblemType, Query, Sabir, Service, Settings, State, States,
    websocket::{
        CloseCode, InvalidMessage, Message, PreparedMessage, SocketClosed, WebSocket, WebSocketOptions,
    },
};
use sabir_http::websocket::{Client, ConnectError};
use serde_json::Value as JsonValue;

type Failure = Box<dyn std::error::Error + Send + Sync>;

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.unwrap()
}

async fn try_open(app: &Service, target: &str) -> Result<Client, ConnectError> {
    let request = Request::get(target).body("".into()).unwrap();
    in_time(app.connect_in_memory(request)).await
}

async fn open(app: &Service, target: &str) -> Client {
    try_open(app, target).await.unwrap()
}

async fn message(client: &mut Client) -> String {
    let message = in_time(client.message()).await.unwrap().unwrap();
    message.as_text().unwrap().to_owned()
}

async fn close_code(client: &mut Client) -> Option<u16> {
    let close = in_time(client.closed()).await.unwrap();
    close.map(|close| close.code.as_u16())
}

async fn echo(mut socket: WebSocket) -> Result<(), SocketClosed> {
    while let Some(message) = socket.receive().await {
        socket.send(message).await?;
    }
    Ok(())
}

#[tokio::test]
async fn echoes() {
    let app = Sabir::new().websocket("/echo", echo).build().unwrap();
    let mut client = open(&app, "/echo").await;
    for text in ["", "hello", "héllo"] {
        client.send(text).await.unwrap();
        assert_eq!(message(&mut client).await, text);
    }
    client.send(vec![0, 255]).await.unwrap();
    let answer = in_time(client.message()).await.unwrap();
    assert_eq!(answer, Some(Message::from(vec![0, 255])));
    client.close(CloseCode::NORMAL).await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1000));
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Page {
    #[schemars(range(min = 1))]
    limit: u32,
}

struct User(String);

impl FromCall for User {
    type Rejection = Problem;

    async fn from_call(call: &mut sabir::Call, _: &States) -> Result<Self, Problem> {
        let name = call
            .head
            .headers
            .get("x-user")
            .and_then(|name| name.to_str().ok());
        name.map(|name| Self(name.to_owned()))
            .ok_or(Problem::new(ProblemType::Unauthorized))
    }
}

#[tokio::test]
async fn a_handler_that_takes_its_time_answers_what_came_before_a_close() {
    let app = Sabir::new().websocket("/", async |mut socket: WebSocket| {
        while let Some(message) = socket.receive().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
            socket.send(message).await?;
        }
        Ok::<(), SocketClosed>(())
    });
    let mut client = open(&app.build().unwrap(), "/").await;
    client.send("a").await.unwrap();
    client.send("b").await.unwrap();
    client.close(CloseCode::NORMAL).await.unwrap();
    assert_eq!(message(&mut client).await, "a");
    assert_eq!(message(&mut client).await, "b");
    assert_eq!(close_code(&mut client).await, Some(1000));
}

#[tokio::test]
async fn takes_arguments_before_it_opens() {
    async fn chat(
        socket: WebSocket,
        Path(room): Path<String>,
        Query(page): Query<Page>,
        User(name): User,
        State(opened): State<Arc<AtomicUsize>>,
    ) -> Result<(), SocketClosed> {
        opened.fetch_add(1, Ordering::SeqCst);
        socket.send(format!("{name} in {room}, {}", page.limit)).await
    }
    let opened = Arc::new(AtomicUsize::new(0));
    let app = Sabir::new()
        .state(Arc::clone(&opened))
        .websocket("/chat/{room}", chat)
        .build()
        .unwrap();
    let request = |target: &str| {
        Request::get(target)
            .header("x-user", "Ada")
            .body("".into())
            .unwrap()
    };
    let mut client = app.connect_in_memory(request("/chat/tea?limit=3")).await.unwrap();
    assert_eq!(message(&mut client).await, "Ada in tea, 3");
    assert_eq!(close_code(&mut client).await, Some(1000));
    for (request, status) in [
        (request("/chat/tea?limit=0"), 422),
        (request("/chat/tea"), 422),
        (Request::get("/chat/tea?limit=1").body("".into()).unwrap(), 401),
    ] {
        match app.connect_in_memory(request).await {
            Err(ConnectError::Refused(answer)) => assert_eq!(answer.status(), status),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(opened.load(Ordering::SeqCst), 1);
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Command {
    Say { text: String },
    Add { numbers: Vec<i64> },
}

#[derive(serde::Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Event {
    Said { text: String },
    Sum { value: i64 },
}

async fn typed(mut socket: WebSocket<Json<Command>, Json<Event>>) -> Result<(), Failure> {
    while let Some(command) = socket.receive().await {
        let event = match command {
            Command::Say { text } => Event::Said { text },
            Command::Add { numbers } => Event::Sum {
                value: numbers.iter().sum(),
            },
        };
        socket.send(&event).await?;
    }
    Ok(())
}

#[tokio::test]
async fn receives_typed_messages_and_reports_others() {
    let app = Sabir::new().websocket("/", typed).build().unwrap();
    let mut client = open(&app, "/").await;
    client.send(r#"{"kind": "say", "text": "hello"}"#).await.unwrap();
    assert_eq!(message(&mut client).await, r#"{"kind":"said","text":"hello"}"#);
    client
        .send(r#"{"kind": "add", "numbers": [1, 2]}"#)
        .await
        .unwrap();
    assert_eq!(message(&mut client).await, r#"{"kind":"sum","value":3}"#);
    for (sent, kind) in [
        (Message::from("{"), "urn:sabir:problem:bad-request"),
        (
            Message::from(r#"{"kind": "add", "numbers": ["1"]}"#),
            "urn:sabir:problem:validation-failed",
        ),
        (
            Message::from(r#"{"kind": "other"}"#),
            "urn:sabir:problem:validation-failed",
        ),
        (
            Message::from(b"{}".to_vec()),
            "urn:sabir:problem:unsupported-media-type",
        ),
    ] {
        client.send(sent).await.unwrap();
        let problem: JsonValue = serde_json::from_str(&message(&mut client).await).unwrap();
        assert_eq!(problem["type"], kind);
    }
    // The socket goes on.
    client
        .send(r#"{"kind": "say", "text": "still here"}"#)
        .await
        .unwrap();
    assert_eq!(
        message(&mut client).await,
        r#"{"kind":"said","text":"still here"}"#
    );
}

#[tokio::test]
async fn closes_on_messages_that_do_not_fit_where_it_is_told_to() {
    let options = WebSocketOptions::new().invalid_message(InvalidMessage::Close);
    let app = Sabir::new().websocket_with("/", options, typed).build().unwrap();
    for (sent, code) in [
        (Message::from("{"), 1007),
        (Message::from(r#"{"kind": "other"}"#), 1008),
        (Message::from(b"{}".to_vec()), 1003),
    ] {
        let mut client = open(&app, "/").await;
        client.send(sent).await.unwrap();
        assert_eq!(close_code(&mut client).await, Some(code));
    }
}

#[tokio::test]
async fn a_handler_that_fails_closes_with_1011() {
    async fn fails(_: WebSocket) -> Result<(), &'static str> {
        Err("a test fails")
    }
    async fn panics(_: WebSocket) {
        tokio::task::yield_now().await;
        panic!("a test panics")
    }
    let app = Sabir::new()
        .websocket("/fails", fails)
        .websocket("/panics", panics)
        .build()
        .unwrap();
    for target in ["/fails", "/panics"] {
        let mut client = open(&app, target).await;
        let close = in_time(client.closed()).await.unwrap().unwrap();
        assert_eq!((close.code.as_u16(), close.reason.as_str()), (1011, ""));
    }
}

#[tokio::test]
async fn a_problem_of_the_client_closes_with_1008_and_its_detail() {
    async fn refuses(mut socket: WebSocket, Path(status): Path<u16>) -> Result<(), Problem> {
        socket.receive().await;
        let mut problem = Problem::from_status(status);
        if status == 403 {
            problem = problem.with_detail("Not you.");
        }
        Err(problem)
    }
    async fn boxes(socket: WebSocket<Message, Json<u8>>) -> Result<(), Failure> {
        socket.send(&1).await?;
        Err(Problem::from_status(403).with_detail("Not you."))?
    }
    let app = Sabir::new()
        .websocket("/problem/{status}", refuses)
        .websocket("/boxed", boxes)
        .build()
        .unwrap();
    for (target, expected) in [
        ("/problem/403", (1008, "Not you.")),
        (
            "/problem/409",
            (1008, "The request conflicts with the current state"),
        ),
        ("/problem/503", (1011, "")),
        ("/boxed", (1008, "Not you.")),
    ] {
        let mut client = open(&app, target).await;
        client.send("a").await.unwrap();
        let close = in_time(client.closed()).await.unwrap().unwrap();
        assert_eq!((close.code.as_u16(), close.reason.as_str()), expected, "{target}");
    }
}

/// Counts when it is dropped.
struct OnDrop(Arc<AtomicUsize>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..2000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("not in time: {what}");
}

#[tokio::test]
async fn a_client_that_leaves_cancels_the_handler() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&dropped);
    let wait = move |socket: WebSocket| {
        let guard = OnDrop(Arc::clone(&counter));
        async move {
            let _guard = (guard, socket);
            std::future::pending::<()>().await;
        }
    };
    let app = Sabir::new().websocket("/", wait).build().unwrap();
    drop(open(&app, "/").await);
    until("the handler is dropped", || dropped.load(Ordering::SeqCst) == 1).await;
}

#[tokio::test]
async fn a_client_that_closes_lets_the_handler_end() {
    let ended = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&ended);
    let wait = move |mut socket: WebSocket| {
        let counter = Arc::clone(&counter);
        async move {
            assert!(socket.receive().await.is_none());
            let reason = socket.close_reason().unwrap();
            assert_eq!((reason.code.as_u16(), reason.reason.as_str()), (4000, "bye"));
            assert_eq!(socket.send("too late").await, Err(SocketClosed));
            tokio::time::sleep(Duration::from_millis(50)).await;
            counter.fetch_add(1, Ordering::SeqCst);
        }
    };
    let app = Sabir::new().websocket("/", wait).build().unwrap();
    let mut client = open(&app, "/").await;
    client
        .close(sabir::websocket::Close::new(4000, "bye"))
        .await
        .unwrap();
    assert_eq!(close_code(&mut client).await, Some(4000));
    until("the handler has ended", || ended.load(Ordering::SeqCst) == 1).await;
}

#[tokio::test]
async fn a_socket_is_a_stream_and_can_be_used_elsewhere() {
    async fn elsewhere(socket: WebSocket) {
        let sender = socket.sender();
        let task = tokio::spawn(async move {
            let texts: Vec<_> = socket.take(2).collect().await;
            texts.len()
        });
        let count = task.await.unwrap();
        let thread = std::thread::spawn(move || sender.try_send(&count.to_string().into()));
        let _ = thread.join().unwrap();
    }
    let app = Sabir::new().websocket("/", elsewhere).build().unwrap();
    let mut client = open(&app, "/").await;
    client.send("one").await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    client.send("two").await.unwrap();
    assert_eq!(message(&mut client).await, "2");
    assert_eq!(close_code(&mut client).await, Some(1000));
}

#[tokio::test]
async fn a_prepared_message_goes_to_every_socket() {
    async fn hello(socket: WebSocket, State(hello): State<PreparedMessage>) -> Result<(), SocketClosed> {
        socket.send_prepared(&hello).await
    }
    let text = "hello ".repeat(100);
    let app = Sabir::new()
        .state(PreparedMessage::new(text.as_str()))
        .websocket("/", hello)
        .build()
        .unwrap();
    for offer in [
        "",
        "permessage-deflate",
        "permessage-deflate; server_max_window_bits=10",
    ] {
        let request = Request::get("/")
            .header("sec-websocket-extensions", offer)
            .body("".into())
            .unwrap();
        let mut client = app.connect_in_memory(request).await.unwrap();
        assert_eq!(client.is_compressed(), !offer.is_empty());
        assert_eq!(message(&mut client).await, text);
    }
}

#[tokio::test]
async fn a_sender_waits_for_a_client_that_does_not_read() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    let flood = move |socket: WebSocket| {
        let counter = Arc::clone(&counter);
        async move {
            for _ in 0..100 {
                socket.send(vec![b'x'; 100_000]).await?;
                counter.fetch_add(1, Ordering::SeqCst);
            }
            Ok::<_, SocketClosed>(())
        }
    };
    let settings = Settings {
        websocket_send_queue_limit: 200_000,
        ..Settings::default()
    };
    let app = Sabir::with_settings(settings)
        .websocket("/", flood)
        .build()
        .unwrap();
    let mut client = open(&app, "/").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    // What waits, and what the stream holds.
    assert!(sent.load(Ordering::SeqCst) <= 4, "{sent:?}");
    for _ in 0..100 {
        assert_eq!(in_time(client.message()).await.unwrap().unwrap().len(), 100_000);
    }
    assert_eq!(close_code(&mut client).await, Some(1000));
}

#[tokio::test]
async fn options_of_a_route_hold_for_it() {
    let options = WebSocketOptions::new()
        .subprotocols(["v2", "v1"])
        .allowed_origins(["https://shop.example"])
        .message_limit(10);
    let app = Sabir::new().websocket_with("/", options, echo).build().unwrap();
    let request = |origin: &str| {
        let request = Request::get("/")
            .header("origin", origin)
            .header("sec-websocket-protocol", "v1");
        request.body("".into()).unwrap()
    };
    let mut client = app
        .connect_in_memory(request("https://shop.example"))
        .await
        .unwrap();
    assert_eq!(client.subprotocol(), Some("v1"));
    client.send("01234567890").await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(1009));
    match app.connect_in_memory(request("https://evil.example")).await {
        Err(ConnectError::Refused(answer)) => assert_eq!(answer.status(), 403),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn opens_through_a_layer_and_below_a_prefix() {
    let layer = tower::util::MapResponseLayer::new(|mut response: http::Response<_>| {
        response.headers_mut().insert("x-app", "shop".parse().unwrap());
        response
    });
    let inner = Sabir::new().websocket("/echo", echo);
    let app = Sabir::new().nest("/api", inner).layer(layer).build().unwrap();
    let mut client = open(&app, "/api/echo").await;
    assert_eq!(client.answer().headers()["x-app"], "shop");
    client.send("hello").await.unwrap();
    assert_eq!(message(&mut client).await, "hello");
}

#[tokio::test]
async fn opens_below_a_router_of_axum() {
    let app = Sabir::new().websocket("/echo", echo).build().unwrap();
    let router = axum::Router::new().nest_service("/api", app);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let mut client = in_time(Client::connect(stream, "/api/echo", http::HeaderMap::new()))
        .await
        .unwrap();
    client.send("hello").await.unwrap();
    assert_eq!(message(&mut client).await, "hello");
}

#[test]
fn an_operation_says_what_the_messages_are() {
    async fn body(_: WebSocket, _: Json<Page>) {}
    let error = Sabir::new().websocket("/", body).build().unwrap_err();
    assert_eq!(
        (error.route.as_str(), error.field.as_str()),
        ("GET /", "requestBody")
    );
    let both = Sabir::new().get("/", async || "").websocket("/", echo);
    assert!(both.build().is_err());
}
