//! Content that a host makes while it is sent, without a host language.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::{collections::VecDeque, future::poll_fn, sync::Arc, thread, time::Duration};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, future::join};
use http::StatusCode;
use sabir_core::{Handler, Reply, ReplyBody, reply::StreamError, threads::BoxStream};
use sabir_host::{
    CallId, HostHandler, HostMessage, Queue,
    stream::{Room, StreamWriter},
};
use support::{call, route};

type Content = BoxStream<Result<Bytes, StreamError>>;

/// Larger than what may wait for a client.
const LARGE: usize = 600_000;

/// Longer than any test takes.
const LONG: Duration = Duration::from_secs(60);

/// A call that is answered with a stream: what writes it, what reads it, and the id of the call.
async fn begun(queue: &Arc<Queue>) -> (StreamWriter, Content, CallId) {
    let waiting = HostHandler::new(Arc::clone(queue), 0).call(call(&route()));
    let mut batch = VecDeque::new();
    queue.take(&mut batch);
    let pending = batch.pop_front().and_then(HostMessage::into_call).unwrap();
    let id = pending.id;
    let reply = Reply::new(StatusCode::CREATED);
    let writer = pending.reply.answer_with_stream(reply, id, queue);
    let reply = waiting.await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let ReplyBody::Stream(content) = reply.body else {
        panic!("{reply:?} is no stream")
    };
    (writer, content, id)
}

fn messages(queue: &Queue) -> Vec<HostMessage> {
    let mut batch = VecDeque::new();
    queue.take(&mut batch);
    batch.into()
}

async fn text(content: &mut Content) -> String {
    String::from_utf8(content.next().await.unwrap().unwrap().into()).unwrap()
}

#[tokio::test]
async fn chunks_are_read_as_they_are_written() {
    let queue = Arc::new(Queue::new(8));
    let (writer, mut content, _) = begun(&queue).await;
    assert!(content.next().now_or_never().is_none());
    for chunk in ["a", "", "b"] {
        assert_eq!(writer.write(chunk.into()), Room::Ready);
    }
    assert_eq!(
        (text(&mut content).await, text(&mut content).await),
        ("a".into(), "b".into())
    );
    writer.finish();
    assert!(content.next().await.is_none());
    drop(content);
    assert!(messages(&queue).is_empty(), "an end is no cancellation");
}

#[tokio::test]
async fn a_reader_that_waits_is_woken_from_another_thread() {
    let queue = Arc::new(Queue::new(8));
    let (writer, mut content, _) = begun(&queue).await;
    let written = thread::spawn(move || {
        thread::sleep(Duration::from_millis(30));
        writer.write("late".into());
        thread::sleep(Duration::from_millis(30));
        writer.finish();
    });
    assert_eq!(text(&mut content).await, "late");
    assert!(content.next().await.is_none());
    written.join().unwrap();
}

#[tokio::test]
async fn a_host_that_has_written_enough_is_told_when_there_is_room() {
    let queue = Arc::new(Queue::new(8));
    let (writer, mut content, id) = begun(&queue).await;
    assert_eq!(writer.write(vec![b'a'; LARGE].into()), Room::Full);
    assert_eq!(writer.room(), Room::Full);
    assert!(messages(&queue).is_empty());
    assert_eq!(text(&mut content).await.len(), LARGE);
    assert!(matches!(messages(&queue)[..], [HostMessage::Writable(of)] if of == id));
    assert_eq!(writer.room(), Room::Ready);
    // Once for each time that there was no room.
    writer.write("b".into());
    assert_eq!(text(&mut content).await, "b");
    assert!(messages(&queue).is_empty());
}

#[tokio::test]
async fn a_task_is_woken_when_there_is_room_or_nobody_reads() {
    let queue = Arc::new(Queue::new(8));
    let (writer, mut content, _) = begun(&queue).await;
    assert_eq!(writer.write(vec![b'a'; LARGE].into()), Room::Full);
    let has_room = poll_fn(|context| writer.poll_room(context));
    let (room, size) = join(has_room, async { text(&mut content).await.len() }).await;
    assert_eq!((room, size), (Room::Ready, LARGE));
    assert!(messages(&queue).is_empty(), "the task knows");
    writer.write(vec![b'a'; LARGE].into());
    let has_room = poll_fn(|context| writer.poll_room(context));
    let (room, ()) = join(has_room, async { drop(content) }).await;
    assert_eq!(room, Room::Gone);
}

#[tokio::test]
async fn many_small_chunks_take_room_too() {
    let queue = Arc::new(Queue::new(8));
    let (writer, _content, _) = begun(&queue).await;
    assert!((1..10_000).any(|_| writer.write("a".into()) == Room::Full));
}

#[tokio::test]
async fn a_thread_waits_for_room() {
    let queue = Arc::new(Queue::new(8));
    let (writer, mut content, _) = begun(&queue).await;
    let writing = thread::spawn(move || {
        let went_on = [
            writer.write_and_wait(vec![b'a'; LARGE].into(), LONG),
            writer.write_and_wait("b".into(), LONG),
        ];
        writer.finish();
        went_on
    });
    let mut size = 0;
    while let Some(chunk) = content.next().await {
        size += chunk.unwrap().len();
    }
    assert_eq!((writing.join().unwrap(), size), ([Room::Ready; 2], LARGE + 1));
    assert!(messages(&queue).is_empty());
}

#[tokio::test]
async fn a_thread_that_has_waited_enough_leaves_and_is_told() {
    let queue = Arc::new(Queue::new(8));
    let (writer, mut content, id) = begun(&queue).await;
    let large = vec![b'a'; LARGE];
    let room = writer.write_and_wait(large.into(), Duration::from_millis(20));
    assert_eq!(room, Room::Full);
    assert!(messages(&queue).is_empty());
    assert_eq!(text(&mut content).await.len(), LARGE);
    assert!(matches!(messages(&queue)[..], [HostMessage::Writable(of)] if of == id));
}

#[tokio::test]
async fn a_client_that_leaves_is_told_to_the_host() {
    let queue = Arc::new(Queue::new(8));
    let (writer, content, id) = begun(&queue).await;
    writer.write("a".into());
    drop(content);
    assert!(matches!(messages(&queue)[..], [HostMessage::Cancelled(of)] if of == id));
    assert_eq!(writer.write("b".into()), Room::Gone);
    assert_eq!(writer.write_and_wait("b".into(), LONG), Room::Gone);
    // Also while a thread waits for it.
    let (writer, content, _) = begun(&queue).await;
    let waiting = thread::spawn(move || writer.write_and_wait(vec![b'a'; LARGE].into(), LONG));
    thread::sleep(Duration::from_millis(30));
    drop(content);
    assert_eq!(waiting.join().unwrap(), Room::Gone);
}

#[tokio::test]
async fn content_that_is_not_finished_breaks_off() {
    let queue = Arc::new(Queue::new(8));
    let (writer, mut content, _) = begun(&queue).await;
    writer.write("a".into());
    drop(writer);
    assert_eq!(text(&mut content).await, "a");
    assert!(content.next().await.unwrap().is_err());
    assert!(content.next().await.is_none());
    let (writer, mut content, _) = begun(&queue).await;
    writer.fail("the disk is full");
    assert_eq!(
        content.next().await.unwrap().unwrap_err().to_string(),
        "the disk is full"
    );
}

#[tokio::test]
async fn a_call_counts_until_its_stream_is_read() {
    let queue = Arc::new(Queue::new(8));
    let waiting = HostHandler::new(Arc::clone(&queue), 0).call(call(&route()));
    let mut batch = VecDeque::new();
    queue.take(&mut batch);
    let pending = batch.pop_front().and_then(HostMessage::into_call).unwrap();
    let id = pending.id;
    let writer = pending
        .reply
        .answer_with_stream(Reply::new(StatusCode::OK), id, &queue);
    let reply = waiting.await;
    writer.finish();
    assert_eq!(queue.in_flight().count(), 1);
    drop(reply);
    assert_eq!(queue.in_flight().count(), 0);
}

#[tokio::test]
async fn nobody_is_there_for_a_stream_that_is_begun_too_late() {
    let queue = Arc::new(Queue::new(8));
    let waiting = HostHandler::new(Arc::clone(&queue), 0).call(call(&route()));
    let mut batch = VecDeque::new();
    queue.take(&mut batch);
    let pending = batch.pop_front().and_then(HostMessage::into_call).unwrap();
    drop(waiting);
    let id = pending.id;
    let writer = pending
        .reply
        .answer_with_stream(Reply::new(StatusCode::OK), id, &queue);
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    assert_eq!(writer.write("a".into()), Room::Gone);
}
