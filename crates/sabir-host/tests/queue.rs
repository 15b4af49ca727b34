//! The queue, its wakes and the way back, without a host language.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use http::StatusCode;
use sabir_core::{Handler, Reply, ReplyBody};
use sabir_host::{HostHandler, HostMessage, Pending, Queue, Wake};
use support::{call, route};

struct Channel(mpsc::Sender<()>, Arc<AtomicUsize>);

impl Wake for Channel {
    fn wake(&self) {
        self.1.fetch_add(1, Ordering::SeqCst);
        let _ = self.0.send(());
    }
}

/// A host thread that answers every call with 200 until the channel closes.
fn host(queue: Arc<Queue>, wakes: mpsc::Receiver<()>) -> thread::JoinHandle<usize> {
    thread::spawn(move || {
        let (mut batch, mut answered) = (VecDeque::new(), 0);
        while wakes.recv().is_ok() {
            loop {
                queue.take(&mut batch);
                for message in batch.drain(..) {
                    if let Some(pending) = message.into_call() {
                        answered += 1;
                        pending.reply.answer(Reply::new(StatusCode::OK));
                    }
                }
                if queue.try_sleep() {
                    break;
                }
            }
        }
        answered
    })
}

/// Takes what waits and gives the calls.
#[expect(clippy::vec_box, reason = "the queue hands calls out in boxes")]
fn taken(queue: &Queue) -> Vec<Box<Pending>> {
    let mut batch = VecDeque::new();
    queue.take(&mut batch);
    batch.into_iter().filter_map(HostMessage::into_call).collect()
}

#[tokio::test]
async fn counts_calls_from_their_arrival_to_the_last_byte_of_the_answer() {
    let queue = Arc::new(Queue::new(1));
    let (handler, route) = (HostHandler::new(Arc::clone(&queue), 0), route());
    let waiting = handler.call(call(&route));
    assert_refused(handler.call(call(&route)).await);
    let running = taken(&queue);
    assert_refused(handler.call(call(&route)).await);
    for call in running {
        call.reply.answer(Reply::new(StatusCode::OK));
    }
    let reply = waiting.await;
    assert_refused(handler.call(call(&route)).await);
    // The connection drops the content once it has sent it.
    drop(reply);
    assert_eq!(queue.in_flight().count(), 0);
    drop(handler.call(call(&route)));
}

#[tokio::test]
async fn counts_a_call_for_as_long_as_the_host_is_at_work_on_it() {
    let queue = Arc::new(Queue::new(1));
    let (handler, route) = (HostHandler::new(Arc::clone(&queue), 0), route());
    let waiting = handler.call(call(&route));
    let running = taken(&queue);
    drop(waiting);
    assert_refused(handler.call(call(&route)).await);
    drop(running);
    assert_eq!(queue.in_flight().count(), 0);
}

fn assert_refused(refused: Reply) {
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    let ReplyBody::Problem(problem) = refused.body else {
        panic!("expected a problem")
    };
    assert_eq!(problem.headers["retry-after"], "1");
}

#[tokio::test]
async fn answers_500_for_a_call_that_the_host_drops() {
    let queue = Arc::new(Queue::new(8));
    let waiting = HostHandler::new(Arc::clone(&queue), 0).call(call(&route()));
    let mut batch = VecDeque::new();
    queue.take(&mut batch);
    batch.clear();
    assert_eq!(waiting.await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn answers_what_waits_and_what_comes_when_the_host_is_gone() {
    let queue = Arc::new(Queue::new(8));
    let (handler, route) = (HostHandler::new(Arc::clone(&queue), 0), route());
    let waiting = handler.call(call(&route));
    queue.close();
    assert_eq!(waiting.await.status, StatusCode::INTERNAL_SERVER_ERROR);
    let refused = handler.call(call(&route)).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn tells_the_host_of_a_call_that_nobody_waits_for() {
    let queue = Arc::new(Queue::new(8));
    let waiting = HostHandler::new(Arc::clone(&queue), 0).call(call(&route()));
    let mut batch = VecDeque::new();
    queue.take(&mut batch);
    drop(waiting);
    let pending = batch.pop_front().and_then(HostMessage::into_call).unwrap();
    assert!(pending.reply.is_abandoned());
    queue.take(&mut batch);
    assert!(matches!(batch.make_contiguous(), [HostMessage::Cancelled(id)] if *id == pending.id));
}

#[test]
fn wakes_the_host_once_for_calls_that_arrive_together() {
    let queue = Arc::new(Queue::new(8));
    let (sender, _receiver) = mpsc::channel();
    let wakes = Arc::new(AtomicUsize::new(0));
    queue.attach(Some(Box::new(Channel(sender, Arc::clone(&wakes)))));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (handler, route) = (HostHandler::new(Arc::clone(&queue), 0), route());
        let _first = handler.call(call(&route));
        let _second = handler.call(call(&route));
        assert_eq!(
            wakes.load(Ordering::SeqCst),
            0,
            "the thread may have more to push"
        );
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert_eq!(wakes.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn wakes_the_host_when_the_thread_that_was_to_do_so_ends() {
    let queue = Arc::new(Queue::new(8));
    let (sender, _receiver) = mpsc::channel();
    let wakes = Arc::new(AtomicUsize::new(0));
    queue.attach(Some(Box::new(Channel(sender, Arc::clone(&wakes)))));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let _left_at_once = HostHandler::new(Arc::clone(&queue), 0).call(call(&route()));
    });
    drop(runtime);
    assert_eq!(wakes.load(Ordering::SeqCst), 1);
}

#[test]
fn loses_no_call_under_stress() {
    const THREADS: usize = 3;
    const CALLS: usize = 2_000;
    let queue = Arc::new(Queue::new(THREADS * CALLS));
    let (sender, receiver) = mpsc::channel();
    queue.attach(Some(Box::new(Channel(sender, Arc::default()))));
    let host = host(Arc::clone(&queue), receiver);
    let route = route();
    let clients: Vec<_> = (0..THREADS)
        .map(|_| {
            let (handler, route) = (HostHandler::new(Arc::clone(&queue), 0), Arc::clone(&route));
            thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_time()
                    .build()
                    .unwrap();
                runtime.block_on(async {
                    let calls: Vec<_> = (0..CALLS)
                        .map(|_| tokio::spawn(handler.call(call(&route))))
                        .collect();
                    for answer in calls {
                        let reply = tokio::time::timeout(Duration::from_secs(20), answer).await;
                        assert_eq!(reply.unwrap().unwrap().status, StatusCode::OK);
                    }
                });
            })
        })
        .collect();
    for client in clients {
        client.join().unwrap();
    }
    assert_eq!(queue.entries(), (THREADS * CALLS) as u64);
    queue.attach(None);
    assert_eq!(host.join().unwrap(), THREADS * CALLS);
}
