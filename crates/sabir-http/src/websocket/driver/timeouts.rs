//! What is due after some time: pings, and the ends of clients and handlers that take too long.

use std::{task::Context, time::Duration};

use sabir_core::websocket::{Close, CloseCode};
use tokio::time::Instant;

use super::{Driver, Phase};
use crate::websocket::outbound::State;

/// How long a handler may take to answer what came before a close, at most.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// How long the other side may take to end the connection when everything has been said (RFC 6455 §7.1.1).
const LINGER: Duration = Duration::from_secs(1);

/// How long a server that stops waits for the answer to a close that has been sent.
const STOPPING: Duration = Duration::from_secs(1);

/// Tells what is due, and when the next thing will be.
struct Due {
    now: Instant,
    next: Option<Instant>,
}

impl Due {
    /// Whether it is `after` later than `since`. What has neither never is due.
    fn is_past(&mut self, since: Option<Instant>, after: Option<Duration>) -> bool {
        let Some((since, after)) = since.zip(after) else {
            return false;
        };
        let moment = since + after;
        if moment > self.now {
            self.next = Some(self.next.map_or(moment, |next| next.min(moment)));
        }
        moment <= self.now
    }
}

impl Driver {
    /// Does what is due, and has the task be woken for what will be.
    pub(super) fn keep_time(&mut self, context: &mut Context<'_>) {
        let now = Instant::now();
        self.begin_closing(now, context);
        let mut due = Due { now, next: None };
        self.keep_end(&mut due, context);
        if self.closing.is_none() {
            self.keep_alive(&mut due, context);
        }
        if let Some(next) = due.next
            && self.deadline.poll(next, now, context).is_ready()
        {
            context.waker().wake_by_ref();
        }
    }

    /// Notices that this side has closed.
    fn begin_closing(&mut self, now: Instant, context: &Context<'_>) {
        if self.closing.is_none() && self.shared.lock().state() != State::Open {
            self.closing = Some(now);
            self.tell_said();
            // A consumer that is a future learns of it when it is polled.
            context.waker().wake_by_ref();
        }
        if self.closing.is_some() && self.phase == Phase::Open && self.output.is_flushed() {
            self.unanswered.get_or_insert(now);
        }
    }

    /// Ends what takes too long to end by itself.
    fn keep_end(&mut self, due: &mut Due, context: &Context<'_>) {
        let is_blocked = due.is_past(self.output.blocked(), self.times.write);
        let is_over = match self.phase {
            Phase::Ending(since) => due.is_past(Some(since), Some(LINGER)),
            Phase::Open if self.is_stopping => due.is_past(self.unanswered, Some(STOPPING)),
            _ => false,
        };
        let is_answer_late = due.is_past(self.answering, Some(LAST_ANSWERS.min(self.times.close)));
        let is_closing_over = due.is_past(self.closing, Some(self.times.close));
        if is_over {
            self.ended();
        }
        if is_closing_over {
            // Neither a client nor a handler may take for ever.
            self.drop_consumer();
        }
        if is_blocked || (is_closing_over && self.phase != Phase::Ended) {
            self.give_up();
        }
        if is_answer_late {
            self.answer_last();
            context.waker().wake_by_ref();
        }
    }

    /// Asks a client that is silent, and gives it up if it does not answer.
    fn keep_alive(&mut self, due: &mut Due, context: &Context<'_>) {
        let heard = Some(self.heard);
        let ping = self.times.ping;
        let is_silent = self.is_pinged && due.is_past(heard, ping.map(|interval| 2 * interval));
        let is_to_be_pinged = !self.is_pinged && due.is_past(heard, ping);
        let is_idle = due.is_past(heard, self.times.idle);
        if is_silent {
            self.give_up();
        }
        if is_idle {
            self.close(&Close::new(
                CloseCode::GOING_AWAY,
                "nothing was sent for too long",
            ));
            context.waker().wake_by_ref();
        } else if is_to_be_pinged {
            self.is_pinged = true;
            self.shared.lock().ping(b"");
            context.waker().wake_by_ref();
        }
    }

    /// Cuts off a client that takes nothing, or says nothing.
    fn give_up(&mut self) {
        if let Some(transport) = &self.transport {
            transport.discard_unsent();
        }
        self.gone();
    }
}
