//! The content of a request as it is read.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use sabir_core::{Problem, pipeline};

use super::{content::Broken, shared::Shared};

/// A request's content as it is read, with the inspector's reason when it breaks off.
#[derive(Debug)]
pub(super) struct InspectedBody {
    source: Source,
    shared: Arc<Shared>,
}

#[derive(Debug)]
enum Source {
    /// Content whose end nothing waits for: HTTP/2 has streams instead.
    Own(Incoming),
    /// That of the request with this number.
    Shared(u64),
    End,
}

impl InspectedBody {
    /// The content of request number `index`. Nothing of HTTP/2 waits for its end.
    pub(super) fn new(
        incoming: Incoming,
        index: u64,
        is_http1: bool,
        awaits_continue: bool,
        shared: &Arc<Shared>,
    ) -> Self {
        let source = if !is_http1 || incoming.is_end_stream() {
            Source::Own(incoming)
        } else {
            shared.content().hold(incoming, index, awaits_continue);
            Source::Shared(index)
        };
        Self {
            source,
            shared: Arc::clone(shared),
        }
    }

    /// Looks at the content, unless there is none any more.
    fn look<T>(&self, look: impl FnOnce(&Incoming) -> T) -> Option<T> {
        match &self.source {
            Source::Own(incoming) => Some(look(incoming)),
            Source::Shared(index) => self.shared.content().look(*index, look),
            Source::End => None,
        }
    }
}

impl Body for InspectedBody {
    type Data = Bytes;
    type Error = Problem;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        let frame = match &mut this.source {
            Source::End => return Poll::Ready(None),
            Source::Own(incoming) => {
                let frame = ready!(Pin::new(incoming).poll_frame(context));
                frame.map(|frame| frame.map_err(|_| Broken::Off))
            }
            Source::Shared(index) => ready!(this.shared.content().poll_frame(*index, context)),
        };
        if !matches!(frame, Some(Ok(_))) {
            this.source = Source::End;
        }
        Poll::Ready(frame.map(|frame| {
            frame
                .map_err(|broken| match broken {
                    Broken::Off => this.shared.content_problem(),
                    Broken::Taken => None,
                })
                .map_err(|problem| problem.unwrap_or_else(pipeline::broken_off))
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.look(Incoming::is_end_stream)
            .unwrap_or(matches!(self.source, Source::End))
    }

    fn size_hint(&self) -> SizeHint {
        self.look(Incoming::size_hint).unwrap_or_default()
    }
}

impl Drop for InspectedBody {
    fn drop(&mut self) {
        if let Source::Shared(index) = self.source {
            self.shared.content().leave(index);
        }
    }
}
