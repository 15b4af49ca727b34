//! What the two ends of one connection tell each other: the bytes below hyper and the service above it.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sabir_core::{Problem, pipeline::ResponseBody};
use tokio::{runtime::Handle, task::JoinSet};

use super::{content::Content, events::KeepAlive, takeover::Takeover};
use crate::{control::Control, websocket::Start};

/// No request is refused.
const NONE: u64 = u64::MAX;

/// State that both ends of hyper share.
///
/// All of it is used on the thread of the connection, so relaxed ordering is enough and there is no contention; only content
/// may be read and given up elsewhere, which needs its problem and the runtime.
#[derive(Debug)]
pub(crate) struct Shared {
    control: Arc<Control>,
    /// How long a stream of events may be silent.
    event_keep_alive: Option<Duration>,
    /// The number of the request that stands for the refused one.
    refused_at: AtomicU64,
    problem: Mutex<Option<Problem>>,
    /// Requests so far.
    begun: AtomicU64,
    /// Requests that are not answered yet.
    busy: AtomicU64,
    /// Requests of which no answer has begun.
    unanswered: AtomicU64,
    /// Whether an answer has begun and its next piece is still to be made.
    awaits_piece: AtomicBool,
    /// Whether that piece will be a chunk (RFC 9112 §7.1).
    is_chunked: AtomicBool,
    /// Of the request that was read last: whether it is one of HTTP/1.1, whether its client wants fields after the content, and
    /// whether the connection ends with it.
    is_http_11: AtomicBool,
    takes_trailers: AtomicBool,
    closes: AtomicBool,
    /// Pieces of answers that hyper holds because the client does not read, and bytes of them that have left.
    unsent: AtomicU64,
    sent: AtomicU64,
    /// The header section of HTTP/2 that has begun and of which more is waited for, or 0.
    awaited_section: AtomicU64,
    /// Whether the client sends no more.
    input_ended: AtomicBool,
    /// Whether there are bytes of a further request.
    has_more: AtomicBool,
    /// Whether the server is stopping.
    stopping: AtomicBool,
    /// Whether the client has been given up, so that nothing that waits for it is worth keeping.
    given_up: AtomicBool,
    /// Where content that nobody wants is read away.
    runtime: Handle,
    /// What the connection goes on with after the answer.
    upgrade: Mutex<Option<Start>>,
    /// Who takes the connection over, and the content of the request.
    takeover: Mutex<Option<(Takeover, Option<Content>)>>,
    is_taken_over: AtomicBool,
    /// Those that streams of HTTP/2 have gone on with.
    upgraded: Mutex<JoinSet<()>>,
    /// Content that is sent without hyper.
    detached: Mutex<Option<ResponseBody>>,
    is_detached: AtomicBool,
    head_is_sent: AtomicBool,
}

impl Shared {
    /// To be called on the runtime of the connection.
    pub(crate) fn new(control: Arc<Control>, event_keep_alive: Option<Duration>) -> Self {
        Self {
            control,
            event_keep_alive,
            refused_at: AtomicU64::new(NONE),
            problem: Mutex::default(),
            begun: AtomicU64::new(0),
            busy: AtomicU64::new(0),
            unanswered: AtomicU64::new(0),
            awaits_piece: AtomicBool::new(false),
            is_chunked: AtomicBool::new(false),
            is_http_11: AtomicBool::new(false),
            takes_trailers: AtomicBool::new(false),
            closes: AtomicBool::new(false),
            unsent: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            awaited_section: AtomicU64::new(0),
            input_ended: AtomicBool::new(false),
            has_more: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
            given_up: AtomicBool::new(false),
            runtime: Handle::current(),
            upgrade: Mutex::default(),
            takeover: Mutex::default(),
            is_taken_over: AtomicBool::new(false),
            upgraded: Mutex::default(),
            detached: Mutex::default(),
            is_detached: AtomicBool::new(false),
            head_is_sent: AtomicBool::new(false),
        }
    }

    /// What a stream of events needs.
    pub(super) fn keep_alive(&self) -> KeepAlive {
        KeepAlive::new(self.event_keep_alive, &self.control)
    }

    /// Request number `index` is to be answered with `problem`.
    pub(super) fn refuse(&self, index: u64, problem: Problem) {
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
        self.refused_at.store(index, Ordering::Relaxed);
    }

    /// The content of the request being read is not framed well.
    pub(super) fn refuse_content(&self, problem: Problem) {
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
    }

    /// The problem of request number `index`, if it is the refused one.
    pub(super) fn refusal_of(&self, index: u64) -> Option<Problem> {
        if self.refused_at.load(Ordering::Relaxed) != index {
            return None;
        }
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Why the content could not be read, in more words than hyper has.
    pub(super) fn content_problem(&self) -> Option<Problem> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The runtime of the connection.
    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Tells when the server stops.
    pub(super) fn control(&self) -> &Control {
        &self.control
    }

    /// The connection goes on with another protocol once the answer is sent, and counts as busy.
    pub(super) fn upgrade(&self, start: Start) {
        add(&self.busy, 1);
        *self.upgrade.lock().unwrap_or_else(PoisonError::into_inner) = Some(start);
    }

    pub(super) fn take_upgrade(&self) -> Option<Start> {
        self.upgrade.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The connection is given away as soon as hyper has done what it does now, with what has come of `content`.
    pub(super) fn take_over(&self, takeover: Takeover, content: Option<Content>) {
        *self.takeover.lock().unwrap_or_else(PoisonError::into_inner) = Some((takeover, content));
        self.is_taken_over.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_taken_over(&self) -> bool {
        self.is_taken_over.load(Ordering::Relaxed)
    }

    pub(super) fn take_takeover(&self) -> Option<(Takeover, Option<Content>)> {
        self.takeover
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// A stream goes on with another protocol, and counts as busy until that [ends](Self::end). It is cut off with the
    /// connection.
    pub(super) fn upgrade_stream(&self, work: impl Future<Output = ()> + Send + 'static) {
        add(&self.busy, 1);
        let mut upgraded = self.upgraded.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that have ended are let go of.
        while upgraded.try_join_next().is_some() {}
        upgraded.spawn(work);
    }

    /// A request is to be answered. Gives its number.
    pub(super) fn begin(&self) -> u64 {
        add(&self.busy, 1);
        add(&self.unanswered, 1);
        add(&self.begun, 1)
    }

    /// The head of an answer is known, or nobody waits for it any more.
    pub(super) fn answered(&self) {
        subtract(&self.unanswered);
    }

    /// A request needs nothing more of its handler.
    pub(super) fn end(&self) {
        subtract(&self.busy);
    }

    pub(super) fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    pub(super) fn is_busy(&self) -> bool {
        self.busy.load(Ordering::Relaxed) > 0
    }

    pub(super) fn is_unanswered(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed) > 0
    }

    pub(super) fn set_awaits_piece(&self, awaits: bool) {
        self.awaits_piece.store(awaits, Ordering::Relaxed);
    }

    pub(super) fn awaits_piece(&self) -> bool {
        self.awaits_piece.load(Ordering::Relaxed)
    }

    pub(super) fn set_is_chunked(&self, is_chunked: bool) {
        self.is_chunked.store(is_chunked, Ordering::Relaxed);
    }

    pub(super) fn is_chunked(&self) -> bool {
        self.is_chunked.load(Ordering::Relaxed)
    }

    pub(super) fn set_request(&self, is_http_11: bool, takes_trailers: bool, closes: bool) {
        self.is_http_11.store(is_http_11, Ordering::Relaxed);
        self.takes_trailers.store(takes_trailers, Ordering::Relaxed);
        self.closes.store(closes, Ordering::Relaxed);
    }

    pub(super) fn is_http_11(&self) -> bool {
        self.is_http_11.load(Ordering::Relaxed)
    }

    pub(super) fn takes_trailers(&self) -> bool {
        self.takes_trailers.load(Ordering::Relaxed)
    }

    pub(super) fn closes(&self) -> bool {
        self.closes.load(Ordering::Relaxed)
    }

    /// `body` is sent without hyper as soon as hyper has sent the head. Its request is busy until that ends.
    pub(super) fn detach(&self, body: ResponseBody) {
        *self.detached.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        self.is_detached.store(true, Ordering::Relaxed);
    }

    /// hyper has sent everything it had.
    pub(super) fn flushed(&self) {
        if self.is_detached.load(Ordering::Relaxed) {
            self.head_is_sent.store(true, Ordering::Relaxed);
        }
    }

    /// Whether hyper is to be left for what is detached.
    pub(super) fn is_left(&self) -> bool {
        self.head_is_sent.load(Ordering::Relaxed)
    }

    /// What is detached, once.
    pub(super) fn take_detached(&self) -> Option<ResponseBody> {
        if !self.is_detached.load(Ordering::Relaxed) {
            return None;
        }
        self.is_detached.store(false, Ordering::Relaxed);
        self.head_is_sent.store(false, Ordering::Relaxed);
        self.detached
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// hyper takes a piece of an answer.
    pub(super) fn hold_piece(&self) {
        add(&self.unsent, 1);
    }

    /// `count` bytes of a piece have left.
    pub(super) fn add_sent(&self, count: usize) {
        add(&self.sent, count as u64);
    }

    /// hyper needs a piece no more.
    pub(super) fn release_piece(&self) {
        subtract(&self.unsent);
    }

    pub(super) fn has_unsent(&self) -> bool {
        self.unsent.load(Ordering::Relaxed) > 0
    }

    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(super) fn set_awaited_section(&self, number: u64) {
        self.awaited_section.store(number, Ordering::Relaxed);
    }

    pub(super) fn awaited_section(&self) -> u64 {
        self.awaited_section.load(Ordering::Relaxed)
    }

    pub(super) fn end_input(&self) {
        self.input_ended.store(true, Ordering::Relaxed);
    }

    pub(super) fn set_has_more(&self, has_more: bool) {
        self.has_more.store(has_more, Ordering::Relaxed);
    }

    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Whether no request can follow the one that is being answered.
    pub(super) fn is_last(&self) -> bool {
        (self.input_ended.load(Ordering::Relaxed) || self.is_stopping())
            && !self.has_more.load(Ordering::Relaxed)
    }

    pub(super) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }
}

/// Adds without the cost of an atomic addition, since there is one thread. Gives the number before.
fn add(counter: &AtomicU64, count: u64) -> u64 {
    let before = counter.load(Ordering::Relaxed);
    counter.store(before.wrapping_add(count), Ordering::Relaxed);
    before
}

fn subtract(counter: &AtomicU64) {
    let before = counter.load(Ordering::Relaxed);
    counter.store(before.saturating_sub(1), Ordering::Relaxed);
}
