//! Content that a request was answered without: it lies between this request and the next one.
//!
//! A refusal is often made from the head alone (404, 405, 415) while the content is still on its way. Left to hyper, the
//! connection would then close without a word, and a client that sends its next request at once would never get an
//! answer. A little content is therefore read and dropped before the answer; when more is to come, the answer says that
//! the connection closes (RFC 9112 §9.3 and §9.6).

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Buf;
use http_body::Body;
use hyper::body::Incoming;

use super::timer::Timer;

/// The most content that is read to keep a connection: less than a new connection costs.
const LIMIT: u64 = 64 * 1024;

/// How long the answer waits for the content. A client that sends at once needs one round less than this.
const TIMEOUT: Duration = Duration::from_millis(200);

/// Reads what is left of a request.
#[derive(Debug)]
pub(super) struct Unread {
    incoming: Incoming,
    left: u64,
    timer: Timer,
}

impl Unread {
    /// A client that `awaits_continue` may send its content or not once it is refused (RFC 9110 §10.1.1), so nothing
    /// is read from it.
    pub(super) fn new(incoming: Incoming, awaits_continue: bool) -> Self {
        let is_too_much = incoming.size_hint().lower() > LIMIT;
        Self {
            incoming,
            left: if awaits_continue || is_too_much { 0 } else { LIMIT },
            timer: Timer::default(),
        }
    }

    /// Ready with whether the connection can carry another request.
    pub(super) fn poll_drained(&mut self, context: &mut Context<'_>) -> Poll<bool> {
        while self.left > 0 {
            match Pin::new(&mut self.incoming).poll_frame(context) {
                Poll::Ready(None) => return Poll::Ready(true),
                Poll::Ready(Some(Ok(frame))) => {
                    let length = frame.data_ref().map_or(0, Buf::remaining);
                    self.left = self.left.saturating_sub(length as u64);
                }
                Poll::Ready(Some(Err(_))) => break,
                Poll::Pending => return self.timer.poll(TIMEOUT, context).map(|()| false),
            }
        }
        Poll::Ready(false)
    }
}
