//! What waits to be sent.

use std::{collections::VecDeque, task::Waker};

use bytes::Bytes;
use sabir_core::{
    settings::WebSocketQueuePolicy,
    websocket::{Close, CloseCode, Message},
};

use super::{
    deflate::Deflater,
    frame::{self, Head, Opcode},
    prepared::{PreparedMessage, opcode},
};

/// Contents up to this size are copied into one buffer with those before them, so that many leave in one system call.
const COPIED: usize = 16 * 1024;

/// The most room that an empty buffer keeps.
const KEPT_ROOM: usize = 1024;

/// The longest head of a frame without a mask.
const LONGEST_HEAD: usize = 10;

/// Bytes that may wait before only the last ping is answered (RFC 6455 §5.5.3).
const PONGS: usize = 64 * 1024;

/// The longest reason that a close frame has room for.
const LONGEST_REASON: usize = frame::CONTROL_LIMIT - 2;

/// Frames in the order in which they are to be sent, and what senders and the driver tell each other.
#[derive(Debug)]
pub(super) struct Outbound {
    chunks: VecDeque<Chunk>,
    /// Frames that follow the chunks, one after the other.
    tail: Vec<u8>,
    /// Bytes of messages that wait, here or with the driver.
    queued: usize,
    /// The last ping that was not answered at once.
    late_pong: Option<Bytes>,
    limit: usize,
    policy: WebSocketQueuePolicy,
    deflater: Option<Deflater>,
    state: State,
    /// What the socket was closed with from this side, until the consumer has been told.
    said: Option<Box<Close>>,
    /// The task of the driver, and whether it has to be woken: while it runs it looks by itself.
    driver: Option<Waker>,
    is_driver_asleep: bool,
    /// Senders that wait for room.
    waiting: Vec<Waker>,
    /// Whether a sender was told that there is no room.
    is_room_wanted: bool,
}

/// How far a socket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    /// A close frame is among what waits, or has been sent; nothing may follow.
    Closing,
    /// Nobody will send anything any more.
    Gone,
}

#[derive(Debug)]
enum Chunk {
    /// One message.
    Message(Bytes),
    /// Anything else, or several.
    Frames(Vec<u8>),
}

/// What became of a message for a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum SendOutcome {
    /// It will be sent, in its order.
    Ready,
    /// It was not taken: as much waits to be sent as may. The socket says when there is room again.
    Full,
    /// It was not taken, and none will be: the socket is closed.
    Gone,
}

impl Outbound {
    pub(super) fn new(limit: u64, policy: WebSocketQueuePolicy, deflater: Option<Deflater>) -> Self {
        Self {
            chunks: VecDeque::new(),
            tail: Vec::new(),
            queued: 0,
            late_pong: None,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            policy,
            deflater,
            state: State::Open,
            said: None,
            driver: None,
            is_driver_asleep: false,
            waiting: Vec::new(),
            is_room_wanted: false,
        }
    }

    /// Adds a message.
    pub(super) fn message(&mut self, message: &Message) -> SendOutcome {
        let shared = match message {
            Message::Binary(bytes) => Some(bytes),
            Message::Text(_) => None,
        };
        self.content(opcode(message), message.as_bytes(), shared)
    }

    /// Adds a message of text.
    pub(super) fn text(&mut self, text: &str) -> SendOutcome {
        self.content(Opcode::Text, text.as_bytes(), None)
    }

    /// Adds a message with this content, which may be `shared`.
    fn content(&mut self, opcode: Opcode, content: &[u8], shared: Option<&Bytes>) -> SendOutcome {
        let length = content.len();
        match self.make_room(length) {
            SendOutcome::Ready => {}
            other => return other,
        }
        let head = |is_compressed, length: usize| Head {
            is_final: true,
            is_compressed,
            opcode,
            mask: None,
            length: length as u64,
        };
        if let Some(deflater) = &mut self.deflater {
            let mut out = Vec::new();
            if deflater.deflate(content, &mut out) {
                self.add(&head(true, out.len()), &out);
                return SendOutcome::Ready;
            }
        }
        match shared {
            Some(bytes) if length > COPIED => self.add_shared(&head(false, length), bytes),
            _ => self.add(&head(false, length), content),
        }
        SendOutcome::Ready
    }

    /// Adds a message that is framed already.
    pub(super) fn prepared(&mut self, message: &PreparedMessage) -> SendOutcome {
        match self.make_room(message.len()) {
            SendOutcome::Ready => {}
            other => return other,
        }
        let frame = message.frame(self.deflater.as_ref().is_some_and(Deflater::takes_prepared));
        self.queued += frame.len();
        if frame.len() <= COPIED / 16 && self.policy != WebSocketQueuePolicy::DropOldest {
            self.tail.extend_from_slice(&frame);
        } else {
            self.close_tail();
            self.chunks.push_back(Chunk::Message(frame));
        }
        SendOutcome::Ready
    }

    /// Finds out whether `length` more bytes may wait, after the policy. One message may always.
    fn make_room(&mut self, length: usize) -> SendOutcome {
        if self.state != State::Open {
            return SendOutcome::Gone;
        }
        if self.queued == 0 || self.queued.saturating_add(length) <= self.limit {
            return SendOutcome::Ready;
        }
        match self.policy {
            WebSocketQueuePolicy::Wait => {
                self.is_room_wanted = true;
                SendOutcome::Full
            }
            WebSocketQueuePolicy::DropOldest => {
                let mut index = 0;
                while self.queued.saturating_add(length) > self.limit && index < self.chunks.len() {
                    match &self.chunks[index] {
                        Chunk::Message(bytes) => {
                            self.queued -= bytes.len();
                            self.chunks.remove(index);
                        }
                        Chunk::Frames(_) => index += 1,
                    }
                }
                SendOutcome::Ready
            }
            WebSocketQueuePolicy::Close => {
                self.close(&Close::new(
                    CloseCode::TRY_AGAIN_LATER,
                    "messages are not read fast enough",
                ));
                SendOutcome::Gone
            }
        }
    }

    fn add(&mut self, head: &Head, content: &[u8]) {
        if self.policy == WebSocketQueuePolicy::DropOldest && !head.opcode.is_control() {
            self.close_tail();
            let mut frame = Vec::with_capacity(content.len() + LONGEST_HEAD);
            frame::write(head, &mut frame);
            frame.extend_from_slice(content);
            self.queued += frame.len();
            self.chunks.push_back(Chunk::Message(frame.into()));
            return;
        }
        let before = self.tail.len();
        self.tail.reserve(content.len() + LONGEST_HEAD);
        frame::write(head, &mut self.tail);
        self.tail.extend_from_slice(content);
        self.queued += self.tail.len() - before;
    }

    /// Adds a large content without a copy.
    fn add_shared(&mut self, head: &Head, content: &Bytes) {
        if self.policy == WebSocketQueuePolicy::DropOldest {
            // What is left out has to be one piece.
            return self.add(head, content);
        }
        let before = self.tail.len();
        frame::write(head, &mut self.tail);
        self.queued += self.tail.len() - before + content.len();
        self.close_tail();
        self.chunks.push_back(Chunk::Message(content.clone()));
    }

    fn close_tail(&mut self) {
        if !self.tail.is_empty() {
            self.chunks
                .push_back(Chunk::Frames(std::mem::take(&mut self.tail)));
        }
    }

    fn control(&mut self, opcode: Opcode, content: &[u8]) {
        let head = Head {
            is_final: true,
            is_compressed: false,
            opcode,
            mask: None,
            length: content.len() as u64,
        };
        self.add(&head, content);
    }

    /// Sends a ping with at most 125 bytes. `false` when the socket is closed.
    pub(super) fn ping(&mut self, content: &[u8]) -> bool {
        let is_open = self.state == State::Open;
        if is_open {
            self.control(Opcode::Ping, &content[..content.len().min(frame::CONTROL_LIMIT)]);
        }
        is_open
    }

    /// Answers a ping.
    pub(super) fn pong(&mut self, content: Bytes) {
        if self.state != State::Open {
            return;
        }
        if self.queued > PONGS {
            self.late_pong = Some(content);
        } else {
            self.control(Opcode::Pong, &content);
        }
    }

    /// Says that nothing more follows. `false` when that was said before.
    pub(super) fn close(&mut self, close: &Close) -> bool {
        if self.state != State::Open {
            return false;
        }
        let mut content = Vec::new();
        if close.code != CloseCode::NO_STATUS {
            content.extend_from_slice(&close.code.as_u16().to_be_bytes());
            content.extend_from_slice(shortened(&close.reason).as_bytes());
        }
        self.control(Opcode::Close, &content);
        self.state = State::Closing;
        self.said = Some(Box::new(close.clone()));
        self.wake_waiting();
        true
    }

    /// What the socket was closed with from this side, the first time that it is asked for.
    pub(super) fn take_said(&mut self) -> Option<Close> {
        self.said.take().map(|close| *close)
    }

    /// Nothing of what waits will be sent.
    pub(super) fn abandon(&mut self) {
        self.state = State::Gone;
        self.chunks = VecDeque::new();
        self.tail = Vec::new();
        self.deflater = None;
        self.driver = None;
        self.wake_waiting();
    }

    /// What is to be sent next; `None` when there is nothing. `spare` is used again.
    pub(super) fn take(&mut self, spare: Vec<u8>) -> Result<Taken, Vec<u8>> {
        if let Some(chunk) = self.chunks.pop_front() {
            return Ok(match chunk {
                Chunk::Message(bytes) => Taken::Shared(bytes, spare),
                Chunk::Frames(bytes) => Taken::Owned(bytes),
            });
        }
        if let Some(pong) = self.late_pong.take() {
            self.pong(pong);
        }
        if self.tail.is_empty() {
            return Err(spare);
        }
        Ok(Taken::Owned(std::mem::replace(&mut self.tail, spare)))
    }

    /// `count` bytes of what was taken have left. Gives whether a sender is to be told that there is room.
    pub(super) fn sent(&mut self, count: usize) -> bool {
        self.queued = self.queued.saturating_sub(count);
        if self.queued > self.limit / 2 {
            return false;
        }
        if !self.waiting.is_empty() {
            self.wake_waiting();
        }
        std::mem::take(&mut self.is_room_wanted)
    }

    pub(super) fn state(&self) -> State {
        self.state
    }

    /// The driver runs, in the task of `waker`.
    pub(super) fn driver_runs(&mut self, waker: &Waker) {
        self.is_driver_asleep = false;
        if !self.driver.as_ref().is_some_and(|driver| driver.will_wake(waker)) {
            self.driver = Some(waker.clone());
        }
    }

    /// The driver has found nothing to be sent.
    pub(super) fn driver_sleeps(&mut self) {
        self.is_driver_asleep = true;
    }

    /// The task of the driver, if it has to be woken for what was added.
    pub(super) fn asleep(&mut self) -> Option<Waker> {
        if !self.is_driver_asleep {
            return None;
        }
        self.is_driver_asleep = false;
        self.driver.clone()
    }

    /// The task of the driver.
    pub(super) fn driver(&self) -> Option<Waker> {
        self.driver.clone()
    }

    pub(super) fn wait(&mut self, waker: &Waker) {
        if !self.waiting.iter().any(|waiting| waiting.will_wake(waker)) {
            self.waiting.push(waker.clone());
        }
    }

    fn wake_waiting(&mut self) {
        for waker in self.waiting.drain(..) {
            waker.wake();
        }
    }
}

/// As much of `reason` as a close frame has room for.
fn shortened(reason: &str) -> &str {
    let end = (0..=reason.len().min(LONGEST_REASON))
        .rev()
        .find(|end| reason.is_char_boundary(*end));
    &reason[..end.unwrap_or(0)]
}

/// Bytes to be written.
#[derive(Debug)]
pub(super) enum Taken {
    Owned(Vec<u8>),
    Shared(Bytes, Vec<u8>),
}

/// An empty buffer with little room.
pub(super) fn emptied(mut buffer: Vec<u8>) -> Vec<u8> {
    buffer.clear();
    if buffer.capacity() > KEPT_ROOM {
        Vec::new()
    } else {
        buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbound(limit: u64, policy: WebSocketQueuePolicy) -> Outbound {
        Outbound::new(limit, policy, None)
    }

    /// All that waits, and how often something was written.
    fn written(outbound: &mut Outbound) -> (Vec<u8>, usize) {
        let (mut all, mut count) = (Vec::new(), 0);
        while let Ok(taken) = outbound.take(Vec::new()) {
            let bytes = match taken {
                Taken::Owned(bytes) => bytes,
                Taken::Shared(bytes, _) => bytes.to_vec(),
            };
            outbound.sent(bytes.len());
            all.extend_from_slice(&bytes);
            count += 1;
        }
        (all, count)
    }

    fn ready(outcome: SendOutcome) {
        assert_eq!(outcome, SendOutcome::Ready);
    }

    #[test]
    fn many_small_messages_leave_at_once() {
        let mut outbound = outbound(1000, WebSocketQueuePolicy::Wait);
        ready(outbound.message(&"a".into()));
        ready(outbound.prepared(&PreparedMessage::new("bc")));
        ready(outbound.message(&vec![0].into()));
        outbound.ping(b"d");
        let expected = b"\x81\x01a\x81\x02bc\x82\x01\0\x89\x01d".to_vec();
        assert_eq!(written(&mut outbound), (expected, 1));
    }

    #[test]
    fn large_messages_are_shared_and_stay_in_order() {
        let mut outbound = outbound(1_000_000, WebSocketQueuePolicy::Wait);
        let large = Bytes::from(vec![7; 100_000]);
        ready(outbound.message(&"a".into()));
        ready(outbound.message(&large.clone().into()));
        ready(outbound.message(&"b".into()));
        let mut expected = b"\x81\x01a\x82\x7f\0\0\0\0\0\x01\x86\xa0".to_vec();
        expected.extend_from_slice(&large);
        expected.extend_from_slice(b"\x81\x01b");
        assert_eq!(written(&mut outbound), (expected, 3));
    }

    #[test]
    fn a_full_queue_takes_one_message_at_least_and_says_when_there_is_room() {
        let mut outbound = outbound(10, WebSocketQueuePolicy::Wait);
        ready(outbound.message(&"longer than it may be".into()));
        assert_eq!(outbound.message(&"b".into()), SendOutcome::Full);
        let Ok(Taken::Owned(bytes)) = outbound.take(Vec::new()) else {
            panic!("nothing waits");
        };
        assert!(!outbound.sent(1));
        assert!(outbound.sent(bytes.len() - 1));
        ready(outbound.message(&"b".into()));
    }

    #[test]
    fn the_oldest_messages_are_left_out_where_the_policy_says_so() {
        let mut outbound = outbound(20, WebSocketQueuePolicy::DropOldest);
        for text in ["first", "second", "third", "fourth"] {
            ready(outbound.message(&text.into()));
        }
        outbound.ping(b"");
        assert_eq!(written(&mut outbound).0, b"\x81\x05third\x81\x06fourth\x89\0");
    }

    #[test]
    fn a_full_queue_closes_where_the_policy_says_so() {
        let mut outbound = outbound(5, WebSocketQueuePolicy::Close);
        ready(outbound.message(&"first".into()));
        assert_eq!(outbound.message(&"second".into()), SendOutcome::Gone);
        let frames = written(&mut outbound).0;
        assert!(frames.starts_with(b"\x81\x05first\x88"), "{frames:x?}");
        assert_eq!(frames[9..11], [0x03, 0xf5]);
    }

    #[test]
    fn nothing_follows_a_close() {
        let mut outbound = outbound(1000, WebSocketQueuePolicy::Wait);
        let reason = "\u{e9}".repeat(100);
        assert!(outbound.close(&Close::new(1000, reason)));
        assert!(!outbound.close(&CloseCode::GOING_AWAY.into()));
        assert!(!outbound.ping(b""));
        outbound.pong(Bytes::new());
        assert_eq!(outbound.message(&"late".into()), SendOutcome::Gone);
        // A reason is cut between characters.
        let frame = written(&mut outbound).0;
        assert_eq!(frame.len(), 2 + 2 + 122);
        assert!(std::str::from_utf8(&frame[4..]).is_ok());
    }

    #[test]
    fn of_many_pings_the_last_is_answered_when_the_first_pongs_have_not_left() {
        let mut outbound = outbound(1000, WebSocketQueuePolicy::Wait);
        for index in 0..100_000 {
            outbound.pong(format!("{index}").into());
        }
        let bytes = written(&mut outbound).0;
        assert!(bytes.len() < 2 * PONGS);
        assert!(bytes.ends_with(b"\x8a\x0599999"));
    }
}
