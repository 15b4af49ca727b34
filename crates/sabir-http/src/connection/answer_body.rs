//! The content of an answer on its way to the client, in pieces.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::{Buf, Bytes};
use http::{Response, header::CONTENT_LENGTH};
use http_body::{Body, Frame, SizeHint};
use sabir_core::reply::StreamError;

use super::{
    content::Content,
    events::{Due, KeepAlive},
    shared::Shared,
};
use crate::ResponseBody;

/// The most bytes that hyper is given at once. More follow when the client has read them, so a slow reader costs little
/// beside the content, which all answers may share.
pub(super) const PIECE: usize = 64 * 1024;

/// A response's content; the request counts as busy until hyper has taken all of it.
pub(super) struct AnswerBody {
    body: ResponseBody,
    /// What is left of a larger chunk.
    rest: Bytes,
    /// Why the content breaks off, while what came before it is sent.
    failure: Option<StreamError>,
    /// Present where the content is a stream of events.
    keep_alive: Option<Box<KeepAlive>>,
    /// Absent when the content is one small piece.
    busy: Option<Arc<Shared>>,
    /// What the answer may be made of.
    request: Option<Content>,
    /// Present where pieces have to be watched: on HTTP/2 they may wait for a window.
    watch: Option<Arc<Shared>>,
    /// Whether the content is sent by somebody else, as soon as the head is.
    is_elsewhere: bool,
}

/// Bytes that hyper and the socket hold.
pub(super) struct Piece {
    bytes: Bytes,
    watch: Option<Arc<Shared>>,
}

impl AnswerBody {
    pub(super) fn response(
        response: Response<ResponseBody>,
        request: Option<Content>,
        shared: &Arc<Shared>,
        is_http1: bool,
    ) -> Response<Self> {
        let (head, body) = response.into_parts();
        let is_small = !body.is_stream() && body.size_hint().lower() <= PIECE as u64;
        let busy = if is_small {
            shared.end();
            None
        } else {
            shared.set_is_chunked(body.is_stream() && !head.headers.contains_key(CONTENT_LENGTH));
            Some(Arc::clone(shared))
        };
        let keep_alive = body.are_events().then(|| Box::new(shared.keep_alive()));
        let body = Self {
            body,
            rest: Bytes::new(),
            failure: None,
            keep_alive,
            busy,
            request,
            watch: (!is_http1).then(|| Arc::clone(shared)),
            is_elsewhere: false,
        };
        Response::from_parts(head, body)
    }

    /// Stands for content that is sent by somebody else: it never comes.
    pub(super) fn elsewhere() -> Self {
        Self {
            body: ResponseBody::default(),
            rest: Bytes::new(),
            failure: None,
            keep_alive: None,
            busy: None,
            request: None,
            watch: None,
            is_elsewhere: true,
        }
    }

    /// That content, where it is a stream of events.
    pub(super) fn of_events(body: ResponseBody, shared: &Arc<Shared>) -> Self {
        shared.set_is_chunked(true);
        Self {
            body,
            rest: Bytes::new(),
            failure: None,
            keep_alive: Some(Box::new(shared.keep_alive())),
            busy: Some(Arc::clone(shared)),
            request: None,
            watch: None,
            is_elsewhere: false,
        }
    }

    /// The next frame of the content, or what has to be sent in between.
    fn poll_content(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        let Some(keep_alive) = &mut self.keep_alive else {
            return frame;
        };
        if frame.is_ready() {
            keep_alive.begin_again();
            return frame;
        }
        keep_alive.poll(context).map(|due| match due {
            Due::Comment(comment) => Some(self.body.insert(comment).map(Frame::data)),
            Due::End => {
                self.keep_alive = None;
                let rest = self.body.end().map(Frame::data);
                (!matches!(&rest, Ok(frame) if frame.data_ref().is_some_and(Bytes::is_empty))).then_some(rest)
            }
        })
    }

    /// The next piece of `bytes`, which come next.
    fn piece(&mut self, mut bytes: Bytes) -> Piece {
        if bytes.len() > PIECE {
            self.rest = bytes.split_off(PIECE);
        }
        if let Some(shared) = &self.watch {
            shared.hold_piece();
        }
        Piece {
            bytes,
            watch: self.watch.clone(),
        }
    }
}

impl Body for AnswerBody {
    type Data = Piece;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Piece>, StreamError>>> {
        let this = &mut *self;
        if this.is_elsewhere {
            return Poll::Pending;
        }
        if !this.rest.is_empty() {
            let rest = std::mem::take(&mut this.rest);
            return Poll::Ready(Some(Ok(Frame::data(this.piece(rest)))));
        }
        if let Some(error) = this.failure.take() {
            return Poll::Ready(Some(Err(error)));
        }
        let frame = match this.poll_content(context) {
            Poll::Ready(Some(Err(error))) => {
                // hyper forgets what it has not written yet, maybe even the head, and writes when there is nothing new.
                this.failure = Some(error);
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            frame => frame,
        };
        if let Some(shared) = &this.busy {
            shared.set_awaits_piece(frame.is_pending());
        }
        frame.map(|frame| Some(frame?.map(|frame| frame.map_data(|bytes| this.piece(bytes)))))
    }

    fn is_end_stream(&self) -> bool {
        !self.is_elsewhere && self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        if self.is_elsewhere {
            return SizeHint::default();
        }
        let mut hint = self.body.size_hint();
        let rest = self.rest.len() as u64;
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(hint.lower() + rest);
        hint
    }
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        if !self.rest.is_empty() {
            self.body.cut(self.rest.len());
        }
        if let Some(shared) = &self.busy {
            shared.set_awaits_piece(false);
            if let Some(request) = &self.request {
                request.end(shared.runtime());
            }
            shared.end();
        }
    }
}

impl Buf for Piece {
    fn remaining(&self) -> usize {
        self.bytes.len()
    }

    fn chunk(&self) -> &[u8] {
        &self.bytes
    }

    fn advance(&mut self, count: usize) {
        self.bytes.advance(count);
        if let Some(shared) = &self.watch {
            shared.add_sent(count);
        }
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        if let Some(shared) = &self.watch {
            shared.release_piece();
        }
    }
}
