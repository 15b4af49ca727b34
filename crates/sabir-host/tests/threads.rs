//! The queue for a host with several threads.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use http::StatusCode;
use sabir_core::{BoxFuture, Handler, Reply};
use sabir_host::{CallId, HostHandler, HostMessage, Queue, Wake, queue::Waited};
use support::{call, route};

/// Longer than anything here takes; a thread that is never woken fails the test instead of blocking it.
const LONG: Duration = Duration::from_secs(20);

/// Pushes a call, whose reply is waited for by what this gives.
fn push(queue: &Arc<Queue>) -> BoxFuture<'static, Reply> {
    HostHandler::new(Arc::clone(queue), 0).call(call(&route()))
}

/// The kinds and ids of the messages that one take gives, which are let go of.
fn taken(queue: &Queue, limit: usize) -> Vec<(&'static str, CallId)> {
    let mut batch = Vec::new();
    queue.take_at_most(limit, &mut batch);
    batch
        .into_iter()
        .map(|(message, _)| match message {
            HostMessage::Call(pending) => {
                let id = pending.id;
                pending.reply.answer(Reply::new(StatusCode::OK));
                ("call", id)
            }
            HostMessage::Cancelled(id) => ("cancelled", id),
            HostMessage::Writable(id) => ("writable", id),
            HostMessage::Content(id, _) => ("content", id),
            HostMessage::Opened(opened) => ("opened", opened.id),
            HostMessage::Socket(id, _) => ("socket", id),
            HostMessage::Ended(id) => ("ended", id),
        })
        .collect()
}

/// Starts a thread that waits, and gives what it waited for once it does.
fn waiting(queue: &Arc<Queue>) -> mpsc::Receiver<(Waited, Duration)> {
    let (sender, receiver) = mpsc::channel();
    let queue = Arc::clone(queue);
    thread::spawn(move || {
        let start = Instant::now();
        let waited = queue.wait(Some(LONG));
        sender.send((waited, start.elapsed())).unwrap();
    });
    // Long enough for the thread to sleep. Should it not, the test is weaker but does not fail.
    thread::sleep(Duration::from_millis(50));
    receiver
}

#[tokio::test]
async fn takes_no_more_than_asked_for_in_the_order_of_arrival() {
    let queue = Arc::new(Queue::new(8));
    let waiting: Vec<_> = (0..3).map(|_| push(&queue)).collect();
    let first = taken(&queue, 2);
    let second = taken(&queue, 2);
    assert_eq!((first.len(), second.len()), (2, 1));
    assert!(first[0].1 < first[1].1 && first[1].1 < second[0].1);
    assert_eq!(queue.entries(), 3);
    assert!(taken(&queue, 2).is_empty() && taken(&queue, 0).is_empty());
    for reply in waiting {
        assert_eq!(reply.await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn holds_back_what_follows_a_message_that_a_thread_has() {
    let queue = Arc::new(Queue::new(8));
    let (first, second) = (push(&queue), push(&queue));
    let mut batch = Vec::new();
    queue.take_at_most(1, &mut batch);
    let (message, hold) = batch.pop().unwrap();
    drop(first);
    assert_eq!(queue.wait(Some(LONG)), Waited::Ready);
    let others = taken(&queue, 8);
    assert_eq!(others.len(), 1, "the call of nobody else is held back");
    assert_ne!(others[0].1, message.id());
    assert_eq!(
        queue.wait(Some(Duration::ZERO)),
        Waited::TimedOut,
        "what is held back is not there for others"
    );
    let thread = waiting(&queue);
    drop(hold);
    assert_eq!(thread.recv().unwrap().0, Waited::Ready);
    assert_eq!(taken(&queue, 8), [("cancelled", message.id())]);
    drop((message, second));
}

#[tokio::test]
async fn an_event_loop_sleeps_over_what_is_held_back_and_is_woken_when_it_is_let_go_of() {
    struct Counting(Arc<AtomicUsize>);

    impl Wake for Counting {
        fn wake(&self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    let queue = Arc::new(Queue::new(8));
    let wakes = Arc::new(AtomicUsize::new(0));
    queue.attach(Some(Box::new(Counting(Arc::clone(&wakes)))));
    let call = push(&queue);
    let mut batch = Vec::new();
    queue.take_at_most(1, &mut batch);
    let (message, hold) = batch.pop().unwrap();
    drop(call);
    assert!(queue.try_sleep(), "nobody else may take what follows");
    let before = wakes.load(Ordering::SeqCst);
    drop(hold);
    assert_eq!(wakes.load(Ordering::SeqCst), before + 1);
    assert!(!queue.try_sleep());
    assert_eq!(taken(&queue, 8), [("cancelled", message.id())]);
}

#[tokio::test]
async fn gives_messages_of_one_call_in_one_take_in_order() {
    let queue = Arc::new(Queue::new(8));
    drop(push(&queue));
    let mut batch = Vec::new();
    queue.take_at_most(8, &mut batch);
    assert!(matches!(
        batch.iter().map(|(message, _)| message).collect::<Vec<_>>()[..],
        [HostMessage::Call(_), HostMessage::Cancelled(_)]
    ));
    let (call, hold) = batch.remove(0);
    let id = call.id();
    drop(hold);
    queue.cancel(id);
    assert!(taken(&queue, 8).is_empty(), "the thread still has the second one");
    batch.clear();
    assert_eq!(taken(&queue, 8), [("cancelled", id)]);
}

#[test]
fn a_waiting_thread_is_woken_by_a_push_and_has_another_one_woken() {
    let queue = Arc::new(Queue::new(8));
    let threads = [taking(&queue), taking(&queue), taking(&queue)];
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for round in 0..3 {
        let calls = if round == 1 { 1 } else { 2 };
        let _calls: Vec<_> = runtime.block_on(async {
            let calls: Vec<_> = (0..calls).map(|_| push(&queue)).collect();
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            calls
        });
        for _ in 0..calls {
            let start = Instant::now();
            while queue.entries() < [2, 3, 5][round] {
                assert!(start.elapsed() < LONG / 2, "nobody took what was left");
                thread::sleep(Duration::from_millis(1));
            }
        }
    }
    queue.close();
    for thread in threads {
        thread.join().unwrap();
    }
}

/// Starts a thread that takes one message at a time, and takes its time over each.
fn taking(queue: &Arc<Queue>) -> thread::JoinHandle<()> {
    let queue = Arc::clone(queue);
    let started = thread::spawn(move || {
        let mut batch = Vec::new();
        while queue.wait(None) != Waited::Closed {
            queue.take_at_most(1, &mut batch);
            if batch.pop().is_some() {
                thread::sleep(Duration::from_millis(20));
            }
        }
    });
    thread::sleep(Duration::from_millis(20));
    started
}

#[test]
fn a_waiting_thread_is_woken_by_the_end_and_by_an_interruption() {
    let queue = Arc::new(Queue::new(8));
    let thread = waiting(&queue);
    queue.interrupt();
    assert_eq!(thread.recv().unwrap().0, Waited::Interrupted);
    let threads = [waiting(&queue), waiting(&queue)];
    queue.close();
    for thread in threads {
        assert_eq!(thread.recv().unwrap().0, Waited::Closed);
    }
    assert_eq!(queue.wait(None), Waited::Closed);
}

#[test]
fn a_thread_waits_no_longer_than_it_wants_to() {
    let queue = Queue::new(8);
    let start = Instant::now();
    assert_eq!(queue.wait(Some(Duration::from_millis(20))), Waited::TimedOut);
    assert!(start.elapsed() >= Duration::from_millis(20));
}

/// Clients on several threads, of which some leave at once, against a host with several threads that take few messages at a
/// time. A wake that is lost leaves a call unanswered; a message out of order finds a call that nobody has begun.
#[test]
fn loses_no_wake_and_keeps_the_order_of_each_call_under_stress() {
    const CLIENTS: usize = 3;
    const CALLS: usize = 600;
    const HOSTS: usize = 4;
    let queue = Arc::new(Queue::new(CLIENTS * CALLS));
    let begun = Arc::new(sabir_host::Calls::<()>::default());
    let early = Arc::new(AtomicUsize::new(0));
    let hosts: Vec<_> = (0..HOSTS)
        .map(|host| {
            let (queue, begun, early) = (Arc::clone(&queue), Arc::clone(&begun), Arc::clone(&early));
            thread::spawn(move || {
                let mut batch = Vec::new();
                while queue.wait(None) != Waited::Closed {
                    queue.take_at_most(1 + host % 2, &mut batch);
                    for (message, hold) in batch.drain(..) {
                        match message {
                            HostMessage::Call(pending) => {
                                thread::yield_now();
                                begun.insert(pending.id, ());
                                drop(hold);
                                pending.reply.answer(Reply::new(StatusCode::OK));
                            }
                            HostMessage::Cancelled(id) => {
                                if begun.remove(id).is_none() {
                                    early.fetch_add(1, Ordering::SeqCst);
                                }
                            }
                            HostMessage::Writable(_)
                            | HostMessage::Ended(_)
                            | HostMessage::Content(..)
                            | HostMessage::Opened(_)
                            | HostMessage::Socket(..) => {}
                        }
                    }
                }
            })
        })
        .collect();
    let start = Arc::new(Barrier::new(CLIENTS));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (queue, start) = (Arc::clone(&queue), Arc::clone(&start));
            thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_time()
                    .build()
                    .unwrap();
                start.wait();
                runtime.block_on(async {
                    for number in 0..CALLS {
                        let waiting = push(&queue);
                        if number % 3 == 0 {
                            drop(waiting);
                            continue;
                        }
                        let reply = tokio::time::timeout(LONG, waiting).await;
                        assert_eq!(reply.unwrap().status, StatusCode::OK);
                    }
                });
            })
        })
        .collect();
    for client in clients {
        client.join().unwrap();
    }
    let deadline = Instant::now() + LONG;
    while queue.entries() < (CLIENTS * CALLS) as u64 && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(1));
    }
    queue.close();
    for host in hosts {
        host.join().unwrap();
    }
    assert_eq!(queue.entries(), (CLIENTS * CALLS) as u64);
    assert_eq!(early.load(Ordering::SeqCst), 0);
}

#[test]
fn notices_an_interruption_from_before_it_waits() {
    let queue = Queue::new(1);
    let interruptions = queue.interruptions();
    queue.interrupt();
    assert_eq!(queue.wait_since(interruptions, Some(LONG)), Waited::Interrupted);
    let now = queue.interruptions();
    assert_eq!(queue.wait_since(now, Some(Duration::ZERO)), Waited::TimedOut);
}

#[tokio::test]
async fn a_thread_that_was_woken_in_vain_is_woken_again() {
    let queue = Arc::new(Queue::new(8));
    let thread = waiting(&queue);
    let first = push(&queue);
    queue.wake();
    // Faster than the thread, most of the time.
    taken(&queue, 1);
    thread::sleep(Duration::from_millis(50));
    let second = push(&queue);
    queue.wake();
    let (waited, time) = thread.recv().unwrap();
    assert_eq!(waited, Waited::Ready);
    assert!(time < LONG / 2);
    drop((first, second));
}
