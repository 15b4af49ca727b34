//! Content of requests that a host takes while it arrives, without a host language.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::{collections::VecDeque, sync::Arc, thread};

use bytes::Bytes;
use futures_util::{FutureExt, stream};
use http::StatusCode;
use sabir_core::{Body, Call, Handler, Problem, Reply};
use sabir_host::{BodyForm, ContentItem, HostHandler, HostMessage, Pending, Queue, RequestContent};
use support::{call, route};
use tokio::sync::mpsc;

/// A call whose content is sent through `sender`.
fn streaming() -> (Call, mpsc::UnboundedSender<Result<Bytes, Problem>>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let mut call = call(&route());
    let chunks = stream::unfold(receiver, async |mut receiver| {
        Some((receiver.recv().await?, receiver))
    });
    call.body = Body::Stream(Box::pin(chunks));
    (call, sender)
}

fn begun(queue: &Arc<Queue>, call: Call) -> (impl Future<Output = Reply>, Box<Pending>, RequestContent) {
    let (waiting, mut pending) = begun_with(BodyForm::Stream, queue, call);
    let content = pending.take_content(queue);
    (waiting, pending, content)
}

/// The same with the content still in the call.
fn begun_with(form: BodyForm, queue: &Arc<Queue>, call: Call) -> (impl Future<Output = Reply>, Box<Pending>) {
    let waiting = HostHandler::new(Arc::clone(queue), 0).taking(form).call(call);
    let mut batch = VecDeque::new();
    queue.take(&mut batch);
    let pending = batch.into_iter().find_map(HostMessage::into_call).unwrap();
    (waiting, pending)
}

/// The next piece, as text.
async fn next(queue: &Queue) -> Option<Result<String, u16>> {
    let mut batch = VecDeque::new();
    loop {
        queue.take(&mut batch);
        match batch.pop_front() {
            Some(HostMessage::Content(_, item)) => {
                return item.map(|item| match item {
                    Ok(ContentItem::Chunk(bytes)) => Ok(String::from_utf8(bytes.into()).unwrap()),
                    Ok(other) => panic!("{other:?}"),
                    Err(problem) => Err(problem.status),
                });
            }
            Some(other) => panic!("{other:?}"),
            None => tokio::task::yield_now().await,
        }
    }
}

#[tokio::test]
async fn pieces_come_when_they_are_asked_for() {
    let queue = Arc::new(Queue::new(8));
    let (call, sender) = streaming();
    let (waiting, pending, content) = begun(&queue, call);
    sender.send(Ok("a".into())).unwrap();
    assert!(next(&queue).now_or_never().is_none(), "nobody has asked");
    assert!(content.read());
    assert!(!content.read(), "one piece is asked for at a time");
    assert_eq!(next(&queue).await, Some(Ok("a".into())));
    assert!(content.read());
    sender.send(Err(Problem::from_status(408))).unwrap();
    assert_eq!(next(&queue).await, Some(Err(408)));
    // An answer does not end the content: what is sent back may depend on what comes.
    pending.reply.answer(Reply::new(StatusCode::OK));
    assert_eq!(waiting.await.status, StatusCode::OK);
    sender.send(Ok("b".into())).unwrap();
    assert!(content.read());
    assert_eq!(next(&queue).await, Some(Ok("b".into())));
    drop(sender);
    for _ in 0..2 {
        assert!(content.read());
        assert_eq!(next(&queue).await, None);
    }
}

#[tokio::test]
async fn content_that_is_closed_is_not_read() {
    let queue = Arc::new(Queue::new(8));
    let (call, sender) = streaming();
    let (_waiting, _pending, content) = begun(&queue, call);
    assert!(content.read());
    tokio::task::yield_now().await;
    content.close();
    tokio::task::yield_now().await;
    assert!(sender.is_closed());
    assert!(content.read());
    assert_eq!(next(&queue).await, None);
}

#[test]
fn a_thread_waits_for_a_piece() {
    let queue = Arc::new(Queue::new(8));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let inside = runtime.enter();
    let (call, sender) = streaming();
    let (_waiting, _pending, content) = begun(&queue, call);
    drop(inside);
    let reading = thread::spawn(move || {
        let mut text = String::new();
        let next = || {
            let (given, taken) = std::sync::mpsc::channel();
            assert!(content.read_with(move |item| given.send(item).unwrap()));
            taken.recv().unwrap()
        };
        while let Some(item) = next() {
            match item.unwrap() {
                ContentItem::Chunk(bytes) => text += std::str::from_utf8(&bytes).unwrap(),
                other => panic!("{other:?}"),
            }
        }
        text
    });
    for word in ["a", "b", "c"] {
        sender.send(Ok(word.into())).unwrap();
    }
    drop(sender);
    assert_eq!(reading.join().unwrap(), "abc");
}

#[tokio::test]
async fn other_content_is_a_piece_or_none() {
    for (body, pieces) in [(Body::Empty, 0), (Body::Bytes("a".into()), 1)] {
        let queue = Arc::new(Queue::new(8));
        let mut call = call(&route());
        call.body = body;
        let (_waiting, _pending, content) = begun(&queue, call);
        let mut count = 0;
        while content.read() && next(&queue).await.is_some() {
            count += 1;
        }
        assert_eq!(count, pieces);
    }
}

#[tokio::test]
async fn content_that_has_come_with_the_head_is_at_hand() {
    let queue = Arc::new(Queue::new(8));
    let begin = |call| begun_with(BodyForm::StreamOrBytes, &queue, call);
    let (call, sender) = streaming();
    sender.send(Ok("ab".into())).unwrap();
    drop(sender);
    let (_waiting, pending) = begin(call);
    assert!(matches!(&pending.call.body, Body::Bytes(bytes) if bytes == "ab"));
    let (call, sender) = streaming();
    drop(sender);
    let (_waiting, pending) = begin(call);
    assert!(matches!(pending.call.body, Body::Empty));
}

#[tokio::test]
async fn content_of_which_more_comes_is_a_stream() {
    let queue = Arc::new(Queue::new(8));
    for ahead in 0..4 {
        let (call, sender) = streaming();
        let pieces = ["a", "b", "c"].map(|piece| Ok(Bytes::from(piece)));
        let (before, after) = pieces.split_at(ahead.min(3));
        before
            .iter()
            .cloned()
            .for_each(|piece| sender.send(piece).unwrap());
        let (_waiting, mut pending) = begun_with(BodyForm::StreamOrBytes, &queue, call);
        after
            .iter()
            .cloned()
            .for_each(|piece| sender.send(piece).unwrap());
        sender.send(Err(Problem::from_status(413))).unwrap();
        drop(sender);
        let content = pending.take_content(&queue);
        let mut seen = Vec::new();
        while content.read() {
            let Some(piece) = next(&queue).await else { break };
            seen.push(piece);
        }
        let expected = [Ok("a".into()), Ok("b".into()), Ok("c".into()), Err(413)];
        assert_eq!(seen, expected, "{ahead} pieces ahead");
    }
}
