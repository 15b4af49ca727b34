//! Running calls on the event loop of JavaScript.
//!
//! I/O threads queue calls and wake the loop once. The package's `drain` takes a whole [`Batch`] with one call, runs the
//! handlers and answers each call by its ticket.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use napi::{Env, Result, bindgen_prelude::Float64ArraySlice};
use sabir_core::{Body, Call, Problem, ProblemType, Reply};
use sabir_host::{CallId, Message, Queue, ReplyHandle};

use crate::{
    arguments::Slots,
    batch::{Batch, Writer},
    content::Contents,
    error::misuse,
    request::NativeRequest,
};

/// What the loop knows of its calls. Only the loop's thread uses it; the locks are there because the type system cannot
/// know, and are never contended.
pub(crate) struct Host {
    queue: Arc<Queue>,
    slots: Mutex<Vec<Slots>>,
    running: Mutex<HashMap<u64, Running, BuildHasherDefault<TicketHasher>>>,
    /// Taken from the queue, but not by JavaScript: the last batch was full.
    waiting: Mutex<Vec<Message>>,
    contents: Contents,
}

/// A call between the batch that it came in and its answer.
struct Running {
    /// None when it was cancelled. Its handler may be at work all the same, so that the call is in flight until the handler
    /// ends.
    call: Option<Call>,
    reply: ReplyHandle,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A batch whose calls have more bytes of content than this between them is full, so that JavaScript works with what was made
/// for one before all of them have their copies.
const CONTENT_LIMIT: usize = 256 * 1024;

fn length(call: &Call) -> usize {
    match &call.body {
        Body::Bytes(bytes) => bytes.len(),
        _ => 0,
    }
}

impl Host {
    pub(crate) fn new(queue: Arc<Queue>) -> Self {
        Self {
            queue,
            slots: Mutex::default(),
            running: Mutex::default(),
            waiting: Mutex::default(),
            contents: Contents::default(),
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

    /// What waits, as far as there is room for it in `numbers`.
    pub(crate) fn take(self: &Arc<Self>, numbers: Float64ArraySlice<'static>) -> Batch {
        Batch {
            host: Arc::clone(self),
            numbers,
        }
    }

    /// Writes a batch.
    ///
    /// # Errors
    /// Not even one call fits, or JavaScript cannot make a value.
    pub(crate) fn write(&self, batch: &mut Writer<'_>) -> Result<()> {
        let mut waiting = lock(&self.waiting);
        if waiting.is_empty() {
            self.queue.take(&mut waiting);
        }
        let slots = lock(&self.slots);
        let (mut room, mut content) = (batch.room(), 0);
        let fits = |message: &&Message| {
            let needed = match message {
                Message::Cancelled(_) => Writer::HEAD,
                Message::Call(pending) => {
                    // The call that passes the limit is still taken: there has to be one.
                    let is_full = content > CONTENT_LIMIT;
                    content += length(&pending.call);
                    if is_full {
                        return false;
                    }
                    Writer::HEAD + slots.get(pending.target).map_or(0, Slots::len)
                }
            };
            let fits = needed <= room;
            room = room.saturating_sub(needed);
            fits
        };
        let count = waiting.iter().take_while(fits).count();
        if count == 0 && !waiting.is_empty() {
            return Err(misuse("a call has more slots than a batch has room for"));
        }
        for message in waiting.drain(..count) {
            match message {
                Message::Cancelled(id) => batch.cancelled(ticket(id)),
                Message::Call(mut pending) => {
                    if pending.reply.is_abandoned() {
                        continue;
                    }
                    let Some(slots) = slots.get(pending.target) else {
                        continue;
                    };
                    batch.call(pending.target, ticket(pending.id));
                    slots.write(&pending.call, batch)?;
                    // JavaScript has its own now.
                    pending.call.arguments.body = None;
                    let call = Running {
                        call: Some(pending.call),
                        reply: pending.reply,
                    };
                    lock(&self.running).insert(pending.id.number(), call);
                }
            }
        }
        Ok(())
    }

    /// Declares the loop idle, unless more waits: then the next batch is due at once.
    pub(crate) fn rest(&self) -> bool {
        lock(&self.waiting).is_empty() && self.queue.try_sleep()
    }

    /// Answers the call with this ticket. One that was cancelled meanwhile, or has been answered, is left alone.
    pub(crate) fn answer(&self, ticket: f64, reply: impl FnOnce(&Contents) -> Result<Reply>) -> Result<()> {
        let id = number(ticket);
        if !self.is_open(ticket) {
            lock(&self.running).remove(&id);
            return Ok(());
        }
        // A reply that cannot be made leaves the call open, so that the error can be answered.
        let reply = reply(&self.contents)?;
        if let Some(running) = lock(&self.running).remove(&id) {
            running.reply.answer(reply);
        }
        Ok(())
    }

    /// Whether the call with this ticket is neither answered nor cancelled.
    pub(crate) fn is_open(&self, ticket: f64) -> bool {
        let running = lock(&self.running);
        running
            .get(&number(ticket))
            .is_some_and(|running| running.call.is_some())
    }

    /// The request of the call with this ticket.
    pub(crate) fn request(&self, env: Env, ticket: f64) -> Result<NativeRequest> {
        let running = lock(&self.running);
        let found = running.get(&number(ticket));
        found
            .and_then(|running| running.call.as_ref())
            .map(|call| NativeRequest::new(env, call))
            .transpose()?
            .ok_or_else(|| misuse("the call has been answered; read the request before that"))
    }

    /// Answers every call with a failure: the loop ends and will run none of them. That is no fault to be logged, as a call
    /// that is dropped would be.
    pub(crate) fn close(&self) {
        let mut waiting = std::mem::take(&mut *lock(&self.waiting));
        self.queue.take(&mut waiting);
        self.queue.close();
        let running = std::mem::take(&mut *lock(&self.running));
        let queued = waiting.into_iter().filter_map(Message::into_call);
        let replies = queued
            .map(|pending| pending.reply)
            .chain(running.into_values().map(|running| running.reply));
        for reply in replies {
            reply.answer(Problem::new(ProblemType::InternalError).into_reply());
        }
    }

    /// Drops the request of a call that nobody waits for.
    pub(crate) fn cancel(&self, ticket: f64) {
        if let Some(running) = lock(&self.running).get_mut(&number(ticket)) {
            running.call = None;
        }
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

/// Spreads tickets, which are numbered one after the other, over a table.
#[derive(Default)]
struct TicketHasher(u64);

impl Hasher for TicketHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte) ^ self.0);
        }
    }

    fn write_u64(&mut self, ticket: u64) {
        // 2^64 divided by the golden ratio.
        self.0 = ticket.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
