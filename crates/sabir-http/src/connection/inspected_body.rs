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

use super::{
    content::{Broken, Content},
    shared::Shared,
};

/// A request's content as it is read, with the inspector's reason when it breaks off.
#[derive(Debug)]
pub(super) struct InspectedBody {
    /// Absent when there is none, and at its end.
    content: Option<Content>,
    shared: Arc<Shared>,
}

impl InspectedBody {
    pub(super) fn new(content: Option<Content>, shared: &Arc<Shared>) -> Self {
        Self {
            content,
            shared: Arc::clone(shared),
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
        let Some(source) = &this.content else {
            return Poll::Ready(None);
        };
        let frame = ready!(source.poll_frame(context));
        if !matches!(frame, Some(Ok(_))) {
            this.content = None;
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
        // What was taken away breaks off.
        self.content
            .as_ref()
            .is_none_or(|content| content.look(Incoming::is_end_stream).unwrap_or(false))
    }

    fn size_hint(&self) -> SizeHint {
        self.content.as_ref().map_or_else(
            || SizeHint::with_exact(0),
            |content| content.look(Incoming::size_hint).unwrap_or_default(),
        )
    }
}

impl Drop for InspectedBody {
    fn drop(&mut self) {
        if let Some(content) = &self.content {
            content.leave(self.shared.runtime());
        }
    }
}
