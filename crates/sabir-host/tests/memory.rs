//! Answers in memory whose content is made while it is read.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    collections::VecDeque,
    sync::{Arc, mpsc},
    time::Duration,
};

use bytes::Bytes;
use http::StatusCode;
use sabir_core::{Reply, Settings};
use sabir_host::{
    Application, BodyForm, CallId, Content, ContentReader, HostMessage, OpenedBy,
    stream::{Room, StreamWriter},
};
use serde_json::{Map, json};

const LIMIT: Duration = Duration::from_secs(20);

/// An application whose call has been answered with a stream: what writes it and what reads it.
fn begun() -> (Arc<Application>, CallId, StreamWriter, ContentReader) {
    let app = Arc::new(Application::new(Settings::default(), Map::new()));
    app.add_route(
        "GET",
        "/".into(),
        &json!({}),
        BodyForm::default(),
        OpenedBy::default(),
    )
    .unwrap();
    let (answered, answer) = mpsc::channel();
    let fields: [(&str, &str); 0] = [];
    let exchange = app
        .request("GET", "/", &fields, Bytes::new(), move |response| {
            answered.send(response).unwrap();
        })
        .unwrap();
    let pending = next(&app).into_call().unwrap();
    let id = pending.id;
    let writer = pending
        .reply
        .answer_with_stream(Reply::new(StatusCode::OK), id, app.queue());
    let response = answer.recv_timeout(LIMIT).unwrap().unwrap();
    assert!(!response.headers().contains_key("content-length"));
    let Content::Stream(reader) = response.into_body() else {
        panic!("the content is whole")
    };
    // Without effect: there is an answer.
    exchange.cancel();
    (app, id, writer, reader)
}

/// The next message to the host.
fn next(app: &Application) -> HostMessage {
    let end = std::time::Instant::now() + LIMIT;
    let mut batch = VecDeque::new();
    loop {
        app.queue().take(&mut batch);
        if let Some(message) = batch.pop_front() {
            return message;
        }
        assert!(std::time::Instant::now() < end, "no message comes");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Reads a chunk as text; `None` at the end, and what a failure says.
fn read(reader: &ContentReader) -> Result<Option<String>, String> {
    let (sender, receiver) = mpsc::channel();
    assert!(reader.read(move |chunk| sender.send(chunk).unwrap()));
    let chunk = receiver.recv_timeout(LIMIT).unwrap();
    let text = chunk.map(|chunk| chunk.map(|bytes| String::from_utf8(bytes.into()).unwrap()));
    text.transpose().map_err(|error| error.to_string())
}

#[test]
fn chunks_are_read_one_by_one() {
    let (_app, _, writer, reader) = begun();
    assert_eq!(writer.write("a".into()), Room::Ready);
    assert_eq!(read(&reader), Ok(Some("a".into())));
    let late = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        writer.write("b".into());
        writer.finish();
    });
    assert_eq!(read(&reader), Ok(Some("b".into())));
    late.join().unwrap();
    assert_eq!((read(&reader), read(&reader)), (Ok(None), Ok(None)));
}

#[test]
fn content_that_breaks_off_says_so_once() {
    let (_app, _, writer, reader) = begun();
    writer.fail("no more");
    assert_eq!(read(&reader), Err("no more".into()));
    assert_eq!(read(&reader), Ok(None));
}

#[test]
fn a_reader_that_leaves_cancels_what_it_read() {
    let (app, id, writer, reader) = begun();
    drop(reader);
    assert!(matches!(next(&app), HostMessage::Cancelled(cancelled) if cancelled == id));
    assert_eq!(writer.write("a".into()), Room::Gone);
}

#[test]
fn a_reader_may_leave_while_it_waits() {
    let (app, id, _writer, reader) = begun();
    let (sender, receiver) = mpsc::channel();
    assert!(reader.read(move |chunk| sender.send(chunk).unwrap()));
    assert!(!reader.read(|_| panic!("one chunk is read at a time")));
    reader.close();
    assert!(matches!(next(&app), HostMessage::Cancelled(cancelled) if cancelled == id));
    assert!(
        receiver.recv_timeout(LIMIT).is_err(),
        "the reader is told of nothing more"
    );
    assert_eq!(app.calls_in_flight(), 0);
}
