//! A batch of calls on its way to JavaScript.
//!
//! Numbers are written into an array of JavaScript's, which costs no call of the engine: for each call its target, its
//! ticket and its slots. A slot whose value is no number is `NaN`, and the value is the next one of a second array.

use std::sync::Arc;

use napi::{
    Env, Result,
    bindgen_prelude::{Array, Float64ArraySlice, ToNapiValue},
    sys,
};
use sabir_core::Value;

use crate::{
    host::Host,
    value::{Js, safe_number},
};

/// The target of a message that tells of a call which nobody waits for any more.
const CANCELLED: f64 = -1.0;

/// The target of a message that tells of room for more of an answer that is being made, or over a socket.
const WRITABLE: f64 = -2.0;

/// The target of a message that tells of a socket which has been opened: its ticket, its handler, its subprotocol and its slots.
const OPENED: f64 = -3.0;

/// The targets of messages that tell of what a socket got: its ticket, the length, and what it is.
const MESSAGE: f64 = -4.0;
const PING: f64 = -5.0;
const PONG: f64 = -6.0;

/// The target of a message that tells of a socket which is closed: its ticket, the code and the reason.
const CLOSED: f64 = -7.0;

/// The target of a message that tells of a socket whose client has left.
const GONE: f64 = -8.0;

/// The target of a message that brings a piece of content: the ticket of its call, its kind and what it is.
const CONTENT: f64 = -9.0;

/// The target of a message that tells of a request which the runtime refuses: the ticket of its call, its handler, the header fields of
/// the problem, and the problem as text of JSON.
const REFUSED: f64 = -10.0;

/// The target of a message that tells of the end of an answer, whose last byte was handed over or which nobody gets any more, or of a
/// connection.
const ENDED: f64 = -11.0;

/// The calls that wait, to be written when the function that takes them returns.
pub(crate) struct Batch {
    pub(crate) host: Arc<Host>,
    /// The first is where the batch ends. They are JavaScript's, and outlive the call that brought them here.
    pub(crate) numbers: Float64ArraySlice<'static>,
}

impl ToNapiValue for Batch {
    /// The values that are no numbers.
    #[allow(unsafe_code)]
    unsafe fn to_napi_value(env: sys::napi_env, mut batch: Self) -> Result<sys::napi_value> {
        let engine = Env::from_raw(env);
        // SAFETY: no JavaScript runs until this function returns, and nothing else reaches the array.
        let numbers = unsafe { batch.numbers.as_mut() };
        let mut writer = Writer {
            values: engine.create_array(0)?,
            next_value: 0,
            numbers,
            at: 1,
        };
        batch.host.write(&mut writer)?;
        writer.end();
        // SAFETY: the caller vouches for `env`, which is passed on as it is.
        unsafe { ToNapiValue::to_napi_value(env, writer.values) }
    }
}

/// Writes a batch.
pub(crate) struct Writer<'a> {
    numbers: &'a mut [f64],
    at: usize,
    values: Array<'a>,
    next_value: u32,
}

impl Writer<'_> {
    /// How many numbers a call takes beside its slots.
    pub(crate) const HEAD: usize = 2;

    /// How many numbers there is room for.
    pub(crate) fn room(&self) -> usize {
        self.numbers.len().saturating_sub(self.at)
    }

    /// Begins a call.
    #[allow(clippy::cast_precision_loss, reason = "no application has 2^53 handlers")]
    pub(crate) fn call(&mut self, target: usize, ticket: f64) {
        self.number(target as f64);
        self.number(ticket);
    }

    /// Tells that nobody waits for a call any more.
    pub(crate) fn cancelled(&mut self, ticket: f64) {
        self.number(CANCELLED);
        self.number(ticket);
    }

    /// Tells that there is room for more of the answer to a call, or over a socket.
    pub(crate) fn writable(&mut self, ticket: f64) {
        self.number(WRITABLE);
        self.number(ticket);
    }

    /// Tells that an answer has ended, or a connection.
    pub(crate) fn ended(&mut self, ticket: f64) {
        self.number(ENDED);
        self.number(ticket);
    }

    /// Begins to tell of a socket; its subprotocol and its slots follow.
    #[allow(clippy::cast_precision_loss, reason = "no application has 2^53 handlers")]
    pub(crate) fn opened(&mut self, target: usize, ticket: f64) {
        self.number(OPENED);
        self.number(ticket);
        self.number(target as f64);
    }

    /// Begins to tell of a message with this length, which follows.
    pub(crate) fn message(&mut self, ticket: f64, length: usize) {
        self.received(MESSAGE, ticket, length);
    }

    /// Begins to tell of a ping with this length, whose content follows.
    pub(crate) fn ping(&mut self, ticket: f64, length: usize) {
        self.received(PING, ticket, length);
    }

    /// Begins to tell of a pong with this length, whose content follows.
    pub(crate) fn pong(&mut self, ticket: f64, length: usize) {
        self.received(PONG, ticket, length);
    }

    #[allow(clippy::cast_precision_loss, reason = "no message is that long")]
    fn received(&mut self, what: f64, ticket: f64, length: usize) {
        self.number(what);
        self.number(ticket);
        self.number(length as f64);
    }

    /// Begins to tell of the end of a socket; the reason follows.
    pub(crate) fn closed(&mut self, ticket: f64, code: u16) {
        self.number(CLOSED);
        self.number(ticket);
        self.number(f64::from(code));
    }

    /// Tells that the client of a socket has left.
    pub(crate) fn gone(&mut self, ticket: f64) {
        self.number(GONE);
        self.number(ticket);
    }

    /// Begins to bring a piece of content of this kind, which follows.
    pub(crate) fn content(&mut self, ticket: f64, kind: f64) {
        self.number(CONTENT);
        self.number(ticket);
        self.number(kind);
    }

    /// Begins to tell of a request that the runtime refuses; the problem and its header fields follow.
    #[allow(clippy::cast_precision_loss, reason = "no application has 2^53 handlers")]
    pub(crate) fn refused(&mut self, target: usize, ticket: f64) {
        self.number(REFUSED);
        self.number(ticket);
        self.number(target as f64);
    }

    /// Writes a slot that is a number.
    pub(crate) fn number(&mut self, number: f64) {
        if let Some(place) = self.numbers.get_mut(self.at) {
            *place = number;
        }
        self.at += 1;
    }

    /// Writes a slot.
    pub(crate) fn value(&mut self, value: &Value) -> Result<()> {
        match safe_number(value) {
            Some(number) => {
                self.number(number);
                Ok(())
            }
            None => self.other(Js(value)),
        }
    }

    /// Writes a slot that is no number.
    pub(crate) fn other(&mut self, value: impl ToNapiValue) -> Result<()> {
        self.number(f64::NAN);
        let place = self.next_value;
        self.next_value += 1;
        self.values.set(place, value)
    }

    /// Writes a slot without a value, which reads as `undefined`.
    pub(crate) fn absent(&mut self) {
        self.number(f64::NAN);
        self.next_value += 1;
    }

    #[allow(clippy::cast_precision_loss, reason = "no array is that long")]
    fn end(&mut self) {
        if let Some(first) = self.numbers.first_mut() {
            *first = self.at as f64;
        }
    }
}
