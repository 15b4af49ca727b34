//! Files as answers.

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read},
    path::Path,
    pin::Pin,
    task::{Context, Poll, ready},
    time::UNIX_EPOCH,
};

use bytes::Bytes;
use futures_core::Stream;
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, LAST_MODIFIED},
};
use sabir_core::{
    Problem, ProblemType, Reply, ReplyBody,
    header::{date, file_type},
    reply::StreamError,
};
use tokio::task::JoinHandle;

/// How much of a file is read at once. A file that is not larger is read as it is opened.
const CHUNK: usize = 64 * 1024;

/// The reply that sends the regular file at `path`, with a `content-type` by its name, its length, `last-modified` and an
/// `etag`. What is sent is the file that is opened now, also when another one takes its name meanwhile.
///
/// It blocks while the file is opened, so call it where that is permitted. The content of a larger file is read as it is
/// sent, on threads for that, which needs a runtime of tokio.
///
/// Where there is no file, or a directory or anything else that is not a regular file, the reply is a 404; where the file
/// cannot be opened for another reason it is a 500, and the log has the reason.
///
/// ```
/// let reply = sabir_http::file_reply("Cargo.toml".as_ref());
/// assert_eq!(reply.status, 200);
/// assert_eq!(sabir_http::file_reply("src".as_ref()).status, 404);
/// ```
pub fn file_reply(path: &Path) -> Reply {
    match opened(path) {
        Ok(Some(reply)) => reply,
        Ok(None) => Problem::new(ProblemType::NotFound).into_reply(),
        Err(error) => {
            tracing::error!(%error, path = %path.display(), "a file could not be sent");
            Problem::new(ProblemType::InternalError).into_reply()
        }
    }
}

/// The reply; `None` where there is no regular file.
fn opened(path: &Path) -> io::Result<Option<Reply>> {
    let mut file = match open(path) {
        Ok(file) => file,
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(None);
    }
    let mut reply = Reply::new(StatusCode::OK);
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let media_type = HeaderValue::from_static(file_type::of_name(name));
    reply.headers.insert(CONTENT_TYPE, media_type);
    describe(&metadata, &mut reply);
    let mut length = metadata.len();
    let state = if length > CHUNK as u64 {
        State::Idle(Some(file))
    } else {
        let content = read(&mut file, length)?;
        length = content.len() as u64;
        State::Read(content)
    };
    reply.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    if length > 0 {
        // A stream, since a file is not held to the schema of an answer, however small it is.
        reply.body = ReplyBody::Stream(Box::pin(Chunks { left: length, state }));
    }
    Ok(Some(reply))
}

/// Opens a file without waiting: a named pipe would keep the thread until somebody writes to it.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY);
    options.open(path)
}

/// Whether there is no regular file of the name: nothing at all, a file in place of a directory, a name that no file can
/// have, or a socket.
fn is_missing(error: &io::Error) -> bool {
    #[cfg(unix)]
    if matches!(error.raw_os_error(), Some(libc::ENAMETOOLONG | libc::ENXIO)) {
        return true;
    }
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidInput
    )
}

/// Adds `last-modified` and an `etag` of the time and the size (RFC 9110 §8.8), as far as the system knows the time.
fn describe(metadata: &Metadata, reply: &mut Reply) {
    let Some(modified) = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
    else {
        return;
    };
    let date = i64::try_from(modified.as_secs()).ok().and_then(date::format);
    if let Some(date) = date.and_then(|date| HeaderValue::try_from(date).ok()) {
        reply.headers.insert(LAST_MODIFIED, date);
    }
    let tag = format!("\"{:x}-{:x}\"", modified.as_nanos(), metadata.len());
    if let Ok(tag) = HeaderValue::try_from(tag) {
        reply.headers.insert(ETAG, tag);
    }
}

/// The next `size` bytes; fewer where the file has ended.
fn read(file: &mut File, size: u64) -> io::Result<Bytes> {
    let mut content = Vec::with_capacity(usize::try_from(size).unwrap_or(CHUNK));
    file.take(size).read_to_end(&mut content)?;
    Ok(content.into())
}

/// The content of a file, read on threads while it is sent.
struct Chunks {
    /// How much is still to be sent. What is appended to the file meanwhile is not.
    left: u64,
    state: State,
}

enum State {
    /// All of it is at hand.
    Read(Bytes),
    Idle(Option<File>),
    Reading(JoinHandle<io::Result<(File, Bytes)>>),
}

impl Stream for Chunks {
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let State::Read(content) = &mut self.state {
            let content = std::mem::take(content);
            return Poll::Ready((!content.is_empty()).then_some(Ok(content)));
        }
        if let State::Idle(file) = &mut self.state {
            let Some(mut file) = file.take() else {
                return Poll::Ready(None);
            };
            if self.left == 0 {
                return Poll::Ready(None);
            }
            let size = self.left.min(CHUNK as u64);
            self.state = State::Reading(tokio::task::spawn_blocking(move || {
                let chunk = read(&mut file, size)?;
                Ok((file, chunk))
            }));
        }
        let State::Reading(reading) = &mut self.state else {
            return Poll::Ready(None);
        };
        let done = ready!(Pin::new(reading).poll(context)).map_err(io::Error::other);
        self.state = State::Idle(None);
        match done.and_then(|done| done) {
            Ok((_, chunk)) if chunk.is_empty() => {
                Poll::Ready(Some(Err("the file has become shorter".into())))
            }
            Ok((file, chunk)) => {
                self.left = self.left.saturating_sub(chunk.len() as u64);
                self.state = State::Idle(Some(file));
                Poll::Ready(Some(Ok(chunk)))
            }
            Err(error) => Poll::Ready(Some(Err(error.into()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;
    use std::io::Write;

    use super::*;

    async fn content(reply: Reply) -> Result<Vec<u8>, StreamError> {
        match reply.body {
            ReplyBody::Empty => Ok(Vec::new()),
            ReplyBody::Stream(mut stream) => {
                let mut content = Vec::new();
                while let Some(chunk) = stream.next().await {
                    content.extend_from_slice(&chunk?);
                }
                Ok(content)
            }
            other => Err(format!("{other:?}").into()),
        }
    }

    fn file(directory: &tempfile::TempDir, size: usize) -> std::path::PathBuf {
        let path = directory.path().join("a.txt");
        std::fs::write(&path, vec![b'a'; size]).unwrap();
        path
    }

    #[tokio::test]
    async fn sends_files_of_every_size() {
        let directory = tempfile::tempdir().unwrap();
        for size in [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let reply = file_reply(&file(&directory, size));
            assert_eq!(reply.status, 200);
            assert_eq!(reply.headers[CONTENT_TYPE], "text/plain; charset=utf-8");
            assert!(reply.headers.contains_key(ETAG) && reply.headers.contains_key(LAST_MODIFIED));
            assert_eq!(content(reply).await.unwrap().len(), size);
        }
    }

    #[tokio::test]
    async fn sends_the_file_that_was_opened() {
        let directory = tempfile::tempdir().unwrap();
        let path = file(&directory, 2 * CHUNK);
        let reply = file_reply(&path);
        let other = directory.path().join("other");
        std::fs::write(&other, "b").unwrap();
        std::fs::rename(other, &path).unwrap();
        assert_eq!(content(reply).await.unwrap().len(), 2 * CHUNK);
    }

    #[tokio::test]
    async fn sends_as_much_as_it_said_or_fails() {
        let directory = tempfile::tempdir().unwrap();
        let path = file(&directory, 2 * CHUNK);
        let (grown, shrunk) = (file_reply(&path), file_reply(&path));
        let mut appending = OpenOptions::new().append(true).open(&path).unwrap();
        appending.write_all(b"more").unwrap();
        assert_eq!(content(grown).await.unwrap().len(), 2 * CHUNK);
        appending.set_len(10).unwrap();
        assert!(content(shrunk).await.is_err());
    }

    #[test]
    fn finds_regular_files_only() {
        let directory = tempfile::tempdir().unwrap();
        let below_a_file = file(&directory, 1).join("b");
        let missing = directory.path().join("missing");
        let long = directory.path().join("a".repeat(300));
        for path in [
            directory.path(),
            &below_a_file,
            &missing,
            &long,
            "a\0b".as_ref(),
            "".as_ref(),
        ] {
            assert_eq!(file_reply(path).status, 404, "{}", path.display());
        }
        #[cfg(unix)]
        {
            let socket = directory.path().join("socket");
            let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
            assert_eq!(file_reply(&socket).status, 404);
            assert_eq!(file_reply("/dev/zero".as_ref()).status, 404);
        }
    }
}
