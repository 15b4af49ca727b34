//! Running calls on the event loop of JavaScript.
//!
//! I/O threads queue calls and wake the loop once. The package's `drain` takes the whole batch with one call, as a flat
//! array, runs the handlers and answers each call by its ticket.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use napi::{Env, Result, bindgen_prelude::Array};
use sabir_core::{Call, Reply};
use sabir_host::{CallId, Message, Queue, ReplyHandle};

use crate::{arguments::Slots, error::misuse, request::NativeRequest};

/// The target of a message that tells of a call which nobody waits for any more.
const CANCELLED: i32 = -1;

/// What the loop knows of its calls. Only the loop's thread uses it; the locks are there because the type system cannot
/// know, and are never contended.
pub(crate) struct Host {
    queue: Arc<Queue>,
    slots: Mutex<Vec<Slots>>,
    running: Mutex<HashMap<u64, Running>>,
    batch: Mutex<Vec<Message>>,
}

/// A call between the batch that it came in and its answer.
struct Running {
    call: Call,
    reply: ReplyHandle,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Host {
    pub(crate) fn new(queue: Arc<Queue>) -> Self {
        Self {
            queue,
            slots: Mutex::default(),
            running: Mutex::default(),
            batch: Mutex::default(),
        }
    }

    /// The number of the next handler.
    pub(crate) fn next_target(&self) -> usize {
        lock(&self.slots).len()
    }

    /// Adds a handler.
    pub(crate) fn add(&self, slots: Slots) {
        lock(&self.slots).push(slots);
    }

    /// Takes what waits: for each message its target, its ticket and the slots of the target, all in one array.
    pub(crate) fn take<'env>(&self, env: &'env Env) -> Result<Array<'env>> {
        let mut messages = lock(&self.batch);
        self.queue.take(&mut messages);
        let mut batch = env.create_array(0)?;
        let mut at = 0;
        for message in messages.drain(..) {
            match message {
                Message::Cancelled(id) => {
                    batch.set(at, CANCELLED)?;
                    batch.set(at + 1, ticket(id))?;
                    at += 2;
                }
                Message::Call(pending) => {
                    if pending.reply.is_abandoned() {
                        continue;
                    }
                    let slots = lock(&self.slots);
                    let Some(slots) = slots.get(pending.target) else {
                        continue;
                    };
                    batch.set(at, u32::try_from(pending.target).unwrap_or(u32::MAX))?;
                    batch.set(at + 1, ticket(pending.id))?;
                    slots.write(&pending.call, &mut batch, at + 2)?;
                    at += 2 + slots.len();
                    let running = Running {
                        call: pending.call,
                        reply: pending.reply,
                    };
                    lock(&self.running).insert(pending.id.number(), running);
                }
            }
        }
        Ok(batch)
    }

    /// Declares the loop idle, unless more has come meanwhile: then the next batch is due at once.
    pub(crate) fn rest(&self) -> bool {
        self.queue.try_sleep()
    }

    /// Answers the call with this ticket. One that was cancelled meanwhile, or has been answered, is left alone.
    pub(crate) fn answer(&self, ticket: f64, reply: impl FnOnce() -> Result<Reply>) -> Result<()> {
        let id = number(ticket);
        if !lock(&self.running).contains_key(&id) {
            return Ok(());
        }
        // A reply that cannot be made leaves the call open, so that the error can be answered.
        let reply = reply()?;
        if let Some(running) = lock(&self.running).remove(&id) {
            running.reply.answer(reply);
        }
        Ok(())
    }

    /// Whether the call with this ticket is neither answered nor cancelled.
    pub(crate) fn is_open(&self, ticket: f64) -> bool {
        lock(&self.running).contains_key(&number(ticket))
    }

    /// The request of the call with this ticket.
    pub(crate) fn request(&self, ticket: f64) -> Result<NativeRequest> {
        let running = lock(&self.running);
        let found = running.get(&number(ticket));
        found
            .map(|running| NativeRequest::new(&running.call))
            .ok_or_else(|| misuse("the call has been answered; read the request before that"))
    }

    /// Answers every call with a failure: the loop ends and will run none of them.
    pub(crate) fn close(&self) {
        self.queue.close();
        let running = std::mem::take(&mut *lock(&self.running));
        drop(running);
    }

    /// Forgets a call that nobody waits for.
    pub(crate) fn forget(&self, ticket: f64) {
        lock(&self.running).remove(&number(ticket));
    }
}

/// A number of JavaScript counts to 2^53 exactly, which is more calls than any process answers.
#[allow(clippy::cast_precision_loss, reason = "see above")]
fn ticket(id: CallId) -> f64 {
    id.number() as f64
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "tickets come from `ticket`; any other number names no call"
)]
fn number(ticket: f64) -> u64 {
    ticket as u64
}
