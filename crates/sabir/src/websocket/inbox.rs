//! What a client has sent and the handler has not received.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use sabir_core::websocket::{Close, CloseCode, Message};

/// Messages on their way from the connection's task to the handler, which usually is a part of that.
#[derive(Debug, Default)]
pub(super) struct Inbox(Mutex<Content>);

#[derive(Debug, Default)]
struct Content {
    messages: VecDeque<Message>,
    closed: Option<Close>,
    receiver: Option<Waker>,
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a message.
    pub(super) fn push(&self, message: Message) {
        self.lock().messages.push_back(message);
    }

    /// Says that no message follows.
    pub(super) fn close(&self, close: Close) {
        self.lock().closed.get_or_insert(close);
    }

    /// Says that no message follows, not even those that have come.
    pub(super) fn discard(&self, close: Close) {
        let mut inbox = self.lock();
        inbox.messages = VecDeque::new();
        inbox.closed.get_or_insert(close);
    }

    /// Whoever waits in another task than that of `context` is woken; in the same one it is polled anyway.
    pub(super) fn wake(&self, context: &Context<'_>) {
        let waiting = self.lock().receiver.take();
        if let Some(waiting) = waiting
            && !waiting.will_wake(context.waker())
        {
            waiting.wake();
        }
    }

    /// The next message; none when there will be none.
    pub(super) fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Message>> {
        let mut inbox = self.lock();
        if let Some(message) = inbox.messages.pop_front() {
            return Poll::Ready(Some(message));
        }
        if inbox.closed.is_some() {
            return Poll::Ready(None);
        }
        match &mut inbox.receiver {
            Some(waker) => waker.clone_from(context.waker()),
            None => inbox.receiver = Some(context.waker().clone()),
        }
        Poll::Pending
    }

    /// Why no message follows.
    pub(super) fn closed(&self) -> Option<Close> {
        self.lock().closed.clone()
    }

    /// The connection is no more: whoever still waits is told so.
    pub(super) fn end(&self) {
        let mut content = self.lock();
        content.closed.get_or_insert_with(|| CloseCode::ABNORMAL.into());
        if let Some(receiver) = content.receiver.take() {
            receiver.wake();
        }
    }
}
