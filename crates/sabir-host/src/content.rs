//! Content of requests that handlers take while it arrives.

use std::{
    future::ready,
    iter, mem,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use futures_util::{StreamExt, stream};
use sabir_core::{Body, Problem, body::PartItem, threads::BoxStream};
use tokio::runtime::Handle;

use crate::{CallId, ContentItem, HostMessage, Pending, Queue, reader::Reader};

/// The content of a request, read piece by piece when the host wants it: nothing of it is in memory before, so that a slow
/// handler slows its client down. The limits and deadlines hold while it is read; what goes wrong is a problem, which is the
/// answer if nothing has been answered yet.
///
/// Dropping it leaves the rest of the content unread.
#[derive(Debug)]
pub struct RequestContent {
    reader: Reader<Result<ContentItem, Problem>>,
    queue: Arc<Queue>,
    id: CallId,
}

impl Pending {
    /// The content of a handler that takes it [while it arrives](crate::BodyForm::Stream).
    pub fn take_content(&mut self, queue: &Arc<Queue>) -> RequestContent {
        let body = mem::take(&mut self.call.body);
        RequestContent::new(body, self.id, Arc::clone(queue), self.reply.runtime().clone())
    }
}

impl RequestContent {
    /// The content `body` of the call `id`, which is read on `runtime`.
    fn new(body: Body, id: CallId, queue: Arc<Queue>, runtime: Handle) -> Self {
        Self {
            reader: Reader::new(items(body), runtime),
            queue,
            id,
        }
    }

    /// Asks for the next piece: [`HostMessage::Content`] brings it, and its absence at the end. One piece is asked for at a
    /// time. Whether that is so, and it is going to come.
    #[must_use]
    pub fn read(&self) -> bool {
        let (queue, id) = (Arc::clone(&self.queue), self.id);
        self.reader
            .read(move |item| queue.tell(HostMessage::Content(id, item)))
            .is_ok()
    }

    /// Asks for the next piece, and has `done` called with it on a thread of the runtime, or with `None` at the end. Whether that is
    /// going to happen: one piece is asked for at a time.
    #[must_use]
    pub fn read_with(
        &self,
        done: impl FnOnce(Option<Result<ContentItem, Problem>>) + Send + 'static,
    ) -> bool {
        self.reader.read(done).is_ok()
    }

    /// Leaves the rest unread.
    pub fn close(&self) {
        self.reader.close();
    }
}

/// Content that has come with the head as bytes; any other as it is. To be called on the thread that reads it.
pub(crate) fn at_hand(body: Body) -> Body {
    let Body::Stream(mut chunks) = body else {
        return body;
    };
    // Whoever reads on is woken in place of this.
    let mut context = Context::from_waker(Waker::noop());
    let first = match chunks.as_mut().poll_next(&mut context) {
        Poll::Pending => return Body::Stream(chunks),
        Poll::Ready(None) => return Body::Empty,
        Poll::Ready(Some(first)) => first,
    };
    match (first, chunks.as_mut().poll_next(&mut context)) {
        (Ok(only), Poll::Ready(None)) => Body::Bytes(only),
        (first, Poll::Ready(next)) => Body::Stream(Box::pin(
            stream::iter(iter::once(first).chain(next)).chain(chunks),
        )),
        (first, Poll::Pending) => Body::Stream(Box::pin(stream::once(ready(first)).chain(chunks))),
    }
}

fn items(body: Body) -> BoxStream<Result<ContentItem, Problem>> {
    match body {
        Body::Bytes(bytes) | Body::Json(bytes) => Box::pin(stream::iter([Ok(ContentItem::Chunk(bytes))])),
        Body::Stream(chunks) => Box::pin(chunks.map(|chunk| chunk.map(ContentItem::Chunk))),
        Body::Items(values) => Box::pin(values.map(|value| value.map(ContentItem::Value))),
        Body::Parts(parts) => Box::pin(parts.map(|part| {
            part.map(|part| match part {
                PartItem::Head(head) => ContentItem::Part(head),
                PartItem::Chunk(chunk) => ContentItem::Chunk(chunk),
            })
        })),
        _ => Box::pin(stream::empty()),
    }
}
