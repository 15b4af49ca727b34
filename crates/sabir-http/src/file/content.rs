//! The content of a file, read on threads while it is sent.

use std::{
    collections::VecDeque,
    fs::File,
    io,
    ops::Range,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use sabir_core::reply::StreamError;
use tokio::task::JoinHandle;

use super::CHUNK;

/// A piece of content.
pub(super) enum Segment {
    /// At hand.
    Bytes(Bytes),
    /// These bytes of the file.
    File(Range<u64>),
}

impl Segment {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(range) => range.end - range.start,
        }
    }
}

/// Segments, one after the other. What is appended to the file meanwhile is not sent.
pub(super) struct Content {
    file: Arc<File>,
    segments: VecDeque<Segment>,
    reading: Option<JoinHandle<io::Result<Bytes>>>,
}

impl Content {
    /// A file that is sent in one small piece is read now.
    ///
    /// # Errors
    /// As reading it.
    pub(super) fn new(file: File, mut segments: Vec<Segment>) -> io::Result<Self> {
        if let [Segment::File(range)] = segments.as_slice()
            && range.end - range.start <= CHUNK as u64
        {
            segments = vec![Segment::Bytes(read(&file, range.clone())?)];
        }
        Ok(Self {
            file: Arc::new(file),
            segments: segments.into(),
            reading: None,
        })
    }
}

/// What `segments` say of a file that is in memory.
pub(super) fn of_memory(content: &Bytes, segments: &[Segment]) -> Bytes {
    let slice = |range: &Range<u64>| {
        let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(content.len());
        content.slice(at(range.start)..at(range.end))
    };
    if let [Segment::File(range)] = segments {
        return slice(range);
    }
    let mut bytes = Vec::new();
    for segment in segments {
        match segment {
            Segment::Bytes(part) => bytes.extend_from_slice(part),
            Segment::File(range) => bytes.extend_from_slice(&slice(range)),
        }
    }
    bytes.into()
}

/// These bytes of the file.
///
/// # Errors
/// The file has become shorter, or cannot be read.
fn read(file: &File, range: Range<u64>) -> io::Result<Bytes> {
    let length = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
    let mut content = vec![0; length];
    std::os::unix::fs::FileExt::read_exact_at(file, &mut content, range.start).map_err(shorter)?;
    Ok(content.into())
}

/// Says what it means that a file ends before what was to be read of it.
fn shorter(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            io::Error::new(error.kind(), "the file became shorter while it was sent")
        }
        _ => error,
    }
}

impl Stream for Content {
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.reading.is_none() {
            let range = match self.segments.pop_front() {
                None => return Poll::Ready(None),
                Some(Segment::Bytes(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                Some(Segment::File(range)) => range,
            };
            let end = range.end.min(range.start + CHUNK as u64);
            if end < range.end {
                self.segments.push_front(Segment::File(end..range.end));
            }
            let file = Arc::clone(&self.file);
            self.reading = Some(tokio::task::spawn_blocking(move || read(&file, range.start..end)));
        }
        let Some(reading) = &mut self.reading else {
            return Poll::Ready(None);
        };
        let done = ready!(Pin::new(reading).poll(context)).map_err(io::Error::other);
        self.reading = None;
        let chunk = done.and_then(|done| done).map_err(StreamError::from);
        if chunk.is_err() {
            self.segments.clear();
        }
        Poll::Ready(Some(chunk))
    }
}
