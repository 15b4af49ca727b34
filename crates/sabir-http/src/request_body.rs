//! Request content on its way through layers.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use sabir_core::{Body, Problem, body::BodyStream, pipeline};

/// The content of a request that a layer of `tower` gets. It is read from the client as it is polled.
///
/// ```
/// use http_body::Body;
/// use sabir_http::RequestBody;
///
/// assert!(RequestBody::default().is_end_stream());
/// ```
#[derive(Default)]
pub struct RequestBody(Content);

#[derive(Default)]
enum Content {
    #[default]
    Empty,
    Bytes(Bytes),
    Stream(BodyStream),
}

/// Why content broke off. The application that reads it answers with the problem.
#[derive(Debug)]
pub struct ContentError(Problem);

impl From<Body> for RequestBody {
    fn from(body: Body) -> Self {
        Self(match body {
            Body::Bytes(bytes) | Body::Json(bytes) => Content::Bytes(bytes),
            Body::Stream(stream) => Content::Stream(stream),
            _ => Content::Empty,
        })
    }
}

/// The problem of content that broke off, whatever layers have wrapped around it.
pub(crate) fn content_problem(error: &(dyn Error + 'static)) -> Problem {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(ContentError(problem)) = error.downcast_ref() {
            return problem.clone();
        }
        next = error.source();
    }
    pipeline::broken_off()
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = ContentError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ContentError>>> {
        match &mut self.0 {
            Content::Empty => Poll::Ready(None),
            Content::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                self.0 = Content::Empty;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Content::Stream(stream) => stream
                .as_mut()
                .poll_next(context)
                .map(|chunk| chunk.map(|chunk| chunk.map(Frame::data).map_err(ContentError))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.0, Content::Empty)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Content::Empty => SizeHint::with_exact(0),
            Content::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Stream(_) => SizeHint::default(),
        }
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Content::Empty => f.write_str("Empty"),
            Content::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Content::Stream(_) => f.write_str("Stream"),
        }
    }
}

impl fmt::Display for ContentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.detail.as_deref().unwrap_or(&self.0.title))
    }
}

impl Error for ContentError {}
