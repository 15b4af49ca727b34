//! Sockets whose handler lives in a host, without a host language.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    collections::VecDeque,
    sync::{Arc, mpsc},
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};

use sabir_core::{
    Problem, Settings, Value,
    channel::Hub,
    websocket::{Close, CloseCode, Message},
};
use sabir_host::{
    Admission, Application, BodyForm, HostMessage, HostSocket, OpenedBy, Socket, SocketNews,
    memory::{ClientSocket, Refusal},
    stream::Room,
};
use sabir_http::websocket::SocketEvent;
use serde_json::{Map, Value as Json, json};

const LIMIT: Duration = Duration::from_secs(20);

fn application(description: &Json, change: impl FnOnce(&mut Settings)) -> Arc<Application> {
    opened_by(OpenedBy::Runtime, description, change)
}

fn opened_by(opener: OpenedBy, description: &Json, change: impl FnOnce(&mut Settings)) -> Arc<Application> {
    let mut settings = Settings::default();
    change(&mut settings);
    let app = Application::new(settings, Map::new());
    let operation = json!({
        "parameters": [{ "name": "from", "in": "query", "schema": { "type": "integer", "minimum": 1 } }],
        "x-sabir": { "websocket": description }
    });
    app.add_route("GET", "/chat".into(), &operation, BodyForm::default(), opener)
        .unwrap();
    Arc::new(app)
}

fn connect(app: &Application, target: &str, address: Option<String>) -> Result<ClientSocket, Refusal> {
    let (sender, receiver) = mpsc::channel();
    let fields: [(&str, &str); 0] = [];
    app.connect(address, target, &fields, move |socket| {
        sender.send(socket).unwrap();
    })
    .unwrap();
    receiver.recv_timeout(LIMIT).unwrap()
}

/// The next message to the host.
fn next(app: &Application) -> HostMessage {
    thread_local! {
        static BATCH: std::cell::RefCell<VecDeque<HostMessage>> = const { std::cell::RefCell::new(VecDeque::new()) };
    }
    let end = Instant::now() + LIMIT;
    BATCH.with_borrow_mut(|batch| {
        loop {
            if let Some(message) = batch.pop_front() {
                return message;
            }
            app.queue().take(batch);
            assert!(Instant::now() < end, "no message comes");
            thread::sleep(Duration::from_millis(1));
        }
    })
}

fn opened(app: &Application) -> HostSocket {
    match next(app) {
        HostMessage::Opened(opened) => {
            assert_eq!(opened.id, opened.socket.id());
            opened.socket
        }
        other => panic!("{other:?}"),
    }
}

fn news(app: &Application) -> SocketNews {
    match next(app) {
        HostMessage::Socket(_, news) => news,
        other => panic!("{other:?}"),
    }
}

fn send(client: &ClientSocket, message: impl Into<Message>) {
    let (sender, receiver) = mpsc::channel();
    client.send(message.into(), move |sent| sender.send(sent.is_ok()).unwrap());
    assert!(receiver.recv_timeout(LIMIT).unwrap());
}

fn receive(client: &ClientSocket) -> SocketEvent {
    let (sender, receiver) = mpsc::channel();
    client.receive(move |event| sender.send(event).unwrap());
    receiver.recv_timeout(LIMIT).unwrap().unwrap()
}

fn close_code(client: &ClientSocket) -> Option<u16> {
    loop {
        match receive(client) {
            SocketEvent::Closed(close) => return Some(close.code.as_u16()),
            SocketEvent::Gone => return None,
            _ => {}
        }
    }
}

fn converse(app: &Application, client: &ClientSocket) {
    let socket = opened(app);
    send(client, "hello");
    match news(app) {
        SocketNews::Message(message) => {
            assert_eq!(message, "hello".into());
            socket.consumed(message.len());
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(socket.send(&vec![1, 2].into()), Room::Ready);
    assert_eq!(receive(client), SocketEvent::Message(vec![1, 2].into()));
    client.ping("ping".into(), |_| {});
    match news(app) {
        SocketNews::Ping(content) => {
            assert_eq!(content, "ping");
            socket.consumed(content.len());
        }
        other => panic!("{other:?}"),
    }
    assert!(socket.ping(b"pong?"));
    assert!(matches!(
        receive(client),
        SocketEvent::Pong(_) | SocketEvent::Ping(_)
    ));
    client.close(Close::new(4000, "bye"), |_| {});
    loop {
        match news(app) {
            SocketNews::Closed(close) => {
                assert_eq!((close.code.as_u16(), close.reason.as_str()), (4000, "bye"));
                break;
            }
            SocketNews::Pong(content) => socket.consumed(content.len()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(socket.send(&"late".into()), Room::Gone);
}

#[test]
fn a_socket_in_memory() {
    let app = application(&json!({}), |_| {});
    let client = connect(&app, "/chat", None).unwrap();
    converse(&app, &client);
    assert_eq!(app.handler_calls(), 1);
}

#[test]
fn a_socket_over_a_connection() {
    let app = application(&json!({ "subprotocols": ["chat.v1"] }), |_| {});
    let address = app.listen(Socket::at("127.0.0.1", 0, None, false)).unwrap();
    let client = connect(&app, "/chat", Some(address)).unwrap();
    assert_eq!(client.subprotocol(), None);
    converse(&app, &client);
    let (sender, receiver) = mpsc::channel();
    app.stop(false, move || sender.send(()).unwrap()).unwrap();
    receiver.recv_timeout(LIMIT).unwrap();
}

#[test]
fn a_close_is_told_when_what_came_before_it_is_done_with() {
    let app = application(&json!({}), |_| {});
    let client = connect(&app, "/chat", None).unwrap();
    let socket = opened(&app);
    send(&client, "hello");
    client.close(CloseCode::NORMAL.into(), |_| {});
    assert!(matches!(news(&app), SocketNews::Message(_)));
    thread::sleep(Duration::from_millis(50));
    assert_eq!(socket.send(&"not too late".into()), Room::Ready);
    socket.consumed("hello".len());
    assert!(matches!(news(&app), SocketNews::Closed(_)));
    assert_eq!(socket.send(&"late".into()), Room::Gone);
    assert_eq!(receive(&client), SocketEvent::Message("not too late".into()));
    assert_eq!(close_code(&client), Some(1000));
}

#[test]
fn a_refusal_is_an_answer_and_enters_no_handler() {
    let app = application(&json!({}), |_| {});
    for (target, status) in [("/none", 404), ("/chat?from=0", 422)] {
        match connect(&app, target, None) {
            Err(Refusal::Answer(answer)) => assert_eq!(answer.status(), status, "{target}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(app.handler_calls(), 0);
}

#[test]
fn messages_that_do_not_fit_never_reach_the_host() {
    let incoming =
        json!({ "type": "object", "required": ["n"], "properties": { "n": { "type": "integer" } } });
    let app = application(&json!({ "incoming": incoming }), |_| {});
    let client = connect(&app, "/chat", None).unwrap();
    let socket = opened(&app);
    send(&client, "{\"n\":\"x\"}");
    match receive(&client) {
        SocketEvent::Message(Message::Text(text)) => {
            let problem: Json = serde_json::from_str(&text).unwrap();
            assert_eq!(
                (&problem["status"], &problem["errors"][0]["pointer"]),
                (&json!(422), &json!("/n"))
            );
        }
        other => panic!("{other:?}"),
    }
    send(&client, "{\"n\":1}");
    match news(&app) {
        SocketNews::Value(Value::Object(_), 7) => socket.consumed(7),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_client_that_leaves_is_told() {
    let app = application(&json!({}), |_| {});
    let client = connect(&app, "/chat", None).unwrap();
    let socket = opened(&app);
    drop(client);
    assert!(matches!(news(&app), SocketNews::Gone));
    assert!(!socket.is_open());
}

#[test]
fn a_socket_that_the_host_forgets_is_closed() {
    let app = application(&json!({}), |_| {});
    let client = connect(&app, "/chat", None).unwrap();
    drop(opened(&app));
    assert_eq!(close_code(&client), Some(1011));
    let client = connect(&app, "/chat", None).unwrap();
    let socket = loop {
        // What became of the first one.
        match next(&app) {
            HostMessage::Opened(opened) => break opened.socket,
            HostMessage::Socket(..) => {}
            other => panic!("{other:?}"),
        }
    };
    assert!(socket.close(1000, "done"));
    drop(socket);
    assert_eq!(close_code(&client), Some(1000));
}

/// Wakes a thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn send_and_wait(socket: &HostSocket, message: &Message) -> bool {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match socket.poll_send(&mut context, message) {
            Poll::Ready(is_open) => return is_open,
            Poll::Pending => thread::park(),
        }
    }
}

#[test]
fn a_thread_waits_for_room_and_a_loop_is_told_of_it() {
    let app = application(&json!({ "send_queue_limit": 100_000 }), |_| {});
    let address = app.listen(Socket::at("127.0.0.1", 0, None, false)).unwrap();
    let client = connect(&app, "/chat", Some(address)).unwrap();
    let socket = Arc::new(opened(&app));
    // More than sockets, their buffers and what the client reads ahead can hold.
    let message = Message::from("a".repeat(90_000));
    let count = 1300;
    let writer = {
        let (socket, message) = (Arc::clone(&socket), message.clone());
        thread::spawn(move || (0..count).all(|_| send_and_wait(&socket, &message)))
    };
    for _ in 0..count {
        assert_eq!(receive(&client), SocketEvent::Message(message.clone()));
    }
    assert!(writer.join().unwrap());
    let mut sent = 0;
    while socket.send(&message) == Room::Ready {
        sent += 1;
        assert!(sent < 2000);
    }
    for _ in 0..sent {
        assert_eq!(receive(&client), SocketEvent::Message(message.clone()));
    }
    assert!(matches!(news(&app), SocketNews::Writable));
    assert_eq!(socket.send(&message), Room::Ready);
    app.abandon();
}

#[test]
fn sockets_subscribe_to_channels() {
    let (app, hub) = (application(&json!({}), |_| {}), Hub::default());
    let client = connect(&app, "/chat", None).unwrap();
    let socket = opened(&app);
    let subscription = socket.subscribe(&hub, "room");
    assert_eq!(hub.publish("room", "hello"), 1);
    assert_eq!(receive(&client), SocketEvent::Message("hello".into()));
    drop(subscription);
    assert_eq!(hub.publish("room", "bye"), 0);
}

#[test]
fn a_server_that_stops_waits_for_the_handler_and_no_longer() {
    let app = application(&json!({}), |settings| {
        settings.websocket_close_timeout_ms = 60_000;
    });
    let address = app.listen(Socket::at("127.0.0.1", 0, None, false)).unwrap();
    let client = connect(&app, "/chat", Some(address)).unwrap();
    let socket = opened(&app);
    let (sender, receiver) = mpsc::channel();
    app.stop(false, move || sender.send(()).unwrap()).unwrap();
    match news(&app) {
        SocketNews::Closed(close) => assert_eq!(close.code.as_u16(), 1001),
        other => panic!("{other:?}"),
    }
    assert_eq!(close_code(&client), Some(1001));
    assert!(receiver.recv_timeout(Duration::from_millis(200)).is_err());
    socket.finish(1000, "");
    receiver.recv_timeout(Duration::from_secs(5)).unwrap();
}

#[test]
fn a_host_that_closes_is_told_at_once_and_hears_nothing_more() {
    let app = application(&json!({}), |settings| {
        settings.websocket_close_timeout_ms = 60_000;
    });
    let client = connect(&app, "/chat", None).unwrap();
    let socket = opened(&app);
    assert!(socket.close(4000, "as you wish"));
    match news(&app) {
        SocketNews::Closed(close) => assert_eq!(close, Close::new(4000, "as you wish")),
        other => panic!("{other:?}"),
    }
    send(&client, "late");
    assert_eq!(close_code(&client), Some(4000));
    socket.finish(1000, "");
    drop((client, socket));
    // A handler that has ended is told nothing of its own close.
    let client = connect(&app, "/chat", None).unwrap();
    opened(&app).finish(1000, "");
    assert_eq!(close_code(&client), Some(1000));
    let client = connect(&app, "/chat", None).unwrap();
    let socket = opened(&app);
    drop(client);
    assert!(matches!(news(&app), SocketNews::Gone));
    drop(socket);
}

/// Connects without waiting for the answer.
fn connecting(app: &Application, address: Option<String>) -> mpsc::Receiver<Result<ClientSocket, Refusal>> {
    let (sender, receiver) = mpsc::channel();
    let fields: [(&str, &str); 0] = [];
    app.connect(address, "/chat", &fields, move |socket| {
        // The test may have ended.
        let _ = sender.send(socket);
    })
    .unwrap();
    receiver
}

/// The next message, which is a socket that the host is to open.
fn asked(app: &Application) -> (HostSocket, Box<Admission>) {
    match next(app) {
        HostMessage::Opened(opened) => (opened.socket, opened.admission.unwrap()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_host_opens_a_socket() {
    let app = opened_by(OpenedBy::Host, &json!({}), |_| {});
    let address = app.listen(Socket::at("127.0.0.1", 0, None, false)).unwrap();
    for address in [None, Some(address)] {
        let client = connecting(&app, address);
        let (socket, admission) = asked(&app);
        assert!(client.recv_timeout(Duration::from_millis(50)).is_err());
        assert_eq!(app.calls_in_flight(), 1);
        assert!(admission.accept());
        assert_eq!(socket.send(&"first".into()), Room::Ready);
        let client = client.recv_timeout(LIMIT).unwrap().unwrap();
        assert_eq!(receive(&client), SocketEvent::Message("first".into()));
        assert_eq!(app.calls_in_flight(), 0);
        send(&client, "hello");
        assert!(matches!(news(&app), SocketNews::Message(message) if message == "hello".into()));
        drop(client);
        assert!(matches!(news(&app), SocketNews::Gone));
    }
    assert_eq!(app.handler_calls(), 2);
    app.abandon();
}

#[test]
fn the_host_may_say_later_that_it_opens_the_sockets_of_a_route() {
    let app = opened_by(OpenedBy::Runtime, &json!({}), |_| {});
    app.open_by_host(0);
    let client = connecting(&app, None);
    let (_socket, admission) = asked(&app);
    assert!(admission.accept());
    assert!(client.recv_timeout(LIMIT).unwrap().is_ok());
    app.abandon();
}

#[test]
fn the_host_refuses_a_socket() {
    let app = opened_by(OpenedBy::Host, &json!({}), |_| {});
    let address = app.listen(Socket::at("127.0.0.1", 0, None, false)).unwrap();
    for address in [None, Some(address)] {
        for status in [403, 500] {
            let client = connecting(&app, address.clone());
            let (socket, admission) = asked(&app);
            if status == 403 {
                admission.refuse(Problem::from_status(403).into_reply());
            } else {
                drop(admission);
            }
            match client.recv_timeout(LIMIT).unwrap() {
                Err(Refusal::Answer(answer)) => assert_eq!(answer.status(), status),
                other => panic!("{other:?}"),
            }
            // Neither one that is forgotten nor its end is told of.
            drop(socket);
        }
    }
    let mut rest = VecDeque::new();
    app.queue().take(&mut rest);
    assert!(rest.is_empty(), "{rest:?}");
    app.abandon();
}

#[test]
fn a_client_that_does_not_wait_to_be_let_in_is_told_of() {
    let app = opened_by(OpenedBy::Host, &json!({}), |_| {});
    let address = app.listen(Socket::at("127.0.0.1", 0, None, false)).unwrap();
    let fields = "host: a\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n";
    let request =
        format!("GET /chat HTTP/1.1\r\n{fields}sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    let mut client = std::net::TcpStream::connect(address).unwrap();
    std::io::Write::write_all(&mut client, request.as_bytes()).unwrap();
    let (socket, admission) = asked(&app);
    drop(client);
    match next(&app) {
        HostMessage::Cancelled(id) => assert_eq!(id, socket.id()),
        other => panic!("{other:?}"),
    }
    assert!(admission.is_abandoned());
    assert!(!admission.accept());
    assert_eq!(app.calls_in_flight(), 0);
    app.abandon();
}
