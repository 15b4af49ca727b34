//! Answers in memory whose content is made while it is read.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    collections::VecDeque,
    sync::{Arc, mpsc},
    time::Duration,
};

use bytes::Bytes;
use http::{Response, StatusCode};
use sabir_core::{Reply, Settings};
use sabir_host::{
    Application, BodyForm, CallId, Content, ContentItem, ContentReader, ContentWriter, HostMessage, OpenedBy,
    Pending, RequestContent,
    stream::{Room, StreamWriter},
};
use serde_json::{Map, json};

const LIMIT: Duration = Duration::from_secs(20);

/// What a request in memory leads to.
type Answer = mpsc::Receiver<Option<Response<Content>>>;

/// An application whose call waits for its answer.
fn pending() -> (Arc<Application>, Box<Pending>, Answer) {
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
    // Dropped, it leaves the request running.
    drop(exchange);
    let pending = next(&app).into_call().unwrap();
    (app, pending, answer)
}

/// An application whose call has been answered with a stream: what writes it and what reads it.
fn begun() -> (Arc<Application>, CallId, StreamWriter, ContentReader) {
    let (app, pending, answer) = pending();
    let id = pending.id;
    let writer = pending
        .reply
        .answer_with_stream(Reply::new(StatusCode::OK), id, app.queue());
    let response = answer.recv_timeout(LIMIT).unwrap().unwrap();
    assert!(!response.headers().contains_key("content-length"));
    let Content::Stream(reader) = response.into_body() else {
        panic!("the content is whole")
    };
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

/// An application whose call takes the content that the writer writes: the call, and what reads its content.
fn taken() -> (Arc<Application>, ContentWriter, RequestContent, HostMessage) {
    let app = Arc::new(Application::new(Settings::default(), Map::new()));
    let (form, opened) = (BodyForm::Stream, OpenedBy::default());
    app.add_route("POST", "/".into(), &json!({}), form, opened)
        .unwrap();
    let (writer, content) = ContentWriter::new();
    let fields: [(&str, &str); 0] = [];
    app.request("POST", "/", &fields, content, |_| {}).unwrap();
    let mut call = next(&app).into_call().unwrap();
    let content = call.take_content(app.queue());
    (Arc::clone(&app), writer, content, HostMessage::Call(call))
}

/// Whether a chunk is wanted, once that is known.
fn wanted(writer: &ContentWriter) -> mpsc::Receiver<bool> {
    let (sender, receiver) = mpsc::channel();
    writer.wanted(move |is_wanted| sender.send(is_wanted).unwrap());
    receiver
}

/// The next piece of the content: its text, the status of a problem, or nothing at the end.
fn piece(app: &Application) -> Option<Result<String, u16>> {
    let HostMessage::Content(_, item) = next(app) else {
        panic!("something else comes")
    };
    item.map(|item| match item {
        Ok(ContentItem::Chunk(chunk)) => Ok(String::from_utf8(chunk.into()).unwrap()),
        Ok(other) => panic!("{other:?}"),
        Err(problem) => Err(problem.status),
    })
}

#[test]
fn a_chunk_is_asked_for_when_it_is_wanted() {
    let (app, writer, content, _call) = taken();
    let ready = wanted(&writer);
    assert!(ready.recv_timeout(Duration::from_millis(50)).is_err());
    assert!(!writer.write("early".into()), "nobody wants it");
    assert!(content.read());
    assert_eq!(ready.recv_timeout(LIMIT), Ok(true));
    assert!(writer.write("a".into()));
    assert!(!writer.write("more".into()), "nobody wants it");
    assert_eq!(piece(&app), Some(Ok("a".into())));
    assert!(content.read());
    assert_eq!(wanted(&writer).recv_timeout(LIMIT), Ok(true));
    writer.end();
    assert_eq!(piece(&app), None);
    assert_eq!(wanted(&writer).recv_timeout(LIMIT), Ok(false));
}

#[test]
fn content_of_a_client_that_leaves_breaks_off() {
    let (app, writer, content, _call) = taken();
    assert!(content.read());
    assert_eq!(wanted(&writer).recv_timeout(LIMIT), Ok(true));
    drop(writer);
    assert_eq!(piece(&app), Some(Err(400)));
}

#[test]
fn a_writer_hears_that_nobody_reads() {
    let (_app, writer, content, call) = taken();
    let waiting = wanted(&writer);
    content.close();
    drop((content, call));
    assert_eq!(waiting.recv_timeout(LIMIT), Ok(false));
    assert_eq!(wanted(&writer).recv_timeout(LIMIT), Ok(false));
}

#[test]
fn fields_follow_the_content() {
    let (app, pending, answer) = pending();
    let names = sabir_host::answer::trailer_names(["X-Size"]).unwrap();
    let id = pending.id;
    let reply = Reply::new(StatusCode::OK);
    let writer = pending
        .reply
        .answer_with_stream_and_trailers(reply, names, id, app.queue());
    writer.write("a".into());
    let fields = [("x-size", "1"), ("content-length", "7"), ("x-other", "2")];
    writer.finish_with(sabir_host::answer::trailers(fields).unwrap());
    let response = answer.recv_timeout(LIMIT).unwrap().unwrap();
    assert_eq!(response.headers()["trailer"], "x-size");
    let Content::Stream(reader) = response.into_body() else {
        panic!("the content is whole")
    };
    assert_eq!(read(&reader), Ok(Some("a".into())));
    assert!(reader.trailers().is_empty(), "the content has not ended");
    assert_eq!(read(&reader), Ok(None));
    // What was not announced is left out.
    assert_eq!(reader.trailers().len(), 1);
    assert_eq!(reader.trailers()["x-size"], "1");
}

#[test]
fn names_that_cannot_follow_content_are_refused() {
    for name in [
        "content-length",
        "Transfer-Encoding",
        "trailer",
        "set-cookie",
        "a b",
        "",
    ] {
        assert!(sabir_host::answer::trailer_names([name]).is_err(), "{name}");
    }
    assert!(sabir_host::answer::trailers([("a", "b\r\nc: d")]).is_err());
}
