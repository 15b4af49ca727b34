//! Files as answers.

mod byteranges;
mod content;
mod selection;

use std::{
    fs::{File, Metadata, OpenOptions},
    io,
    path::Path,
    time::UNIX_EPOCH,
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{
        ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED,
    },
};
use sabir_core::{
    Problem, ProblemType, Reply, ReplyBody, RequestHead, Switch,
    header::{date, file_type},
};

use self::{
    content::{Content, Segment},
    selection::Selection,
};

/// How much of a file is read at once. A file that is not larger is read as it is opened.
pub(crate) const CHUNK: usize = 64 * 1024;

/// The reply that sends the regular file at `path`, with the status and the header fields of `reply`, and with a
/// `content-type` by its name, its length, `last-modified` and an `etag` where `reply` has none of its own. What is sent is
/// the file that is opened now, also when another one takes its name meanwhile.
///
/// Where the status is 200, the conditions of GET and HEAD count (RFC 9110 §13): the answer may be 304 or 412; and so does a
/// `Range` of GET (§14): it may be 206 with one part or several, or 416. Those of other methods are about what the handler
/// has done, which is past.
///
/// It blocks while the file is opened, so call it where that is permitted. The content of a larger file is read as it is
/// sent, on threads for that, which needs a runtime of tokio.
///
/// Where there is no file, or a directory or anything else that is not a regular file, the reply is a 404; where the file
/// cannot be opened for another reason it is a 500, and the log has the reason.
///
/// ```
/// use http::{Method, StatusCode, Uri, header::RANGE};
/// use sabir_core::{Reply, RequestHead};
/// use sabir_http::file_reply;
///
/// let mut request = RequestHead::new(Method::GET, Uri::from_static("/"));
/// let reply = |request: &RequestHead| file_reply("Cargo.toml".as_ref(), request, Reply::new(StatusCode::OK));
/// assert_eq!(reply(&request).status, 200);
/// request.headers.insert(RANGE, "bytes=0-9".parse().unwrap());
/// assert_eq!(reply(&request).status, 206);
/// ```
pub fn file_reply(path: &Path, request: &RequestHead, reply: Reply) -> Reply {
    match opened(path, request, reply) {
        Ok(Some(reply)) => reply,
        Ok(None) => Problem::new(ProblemType::NotFound).into_reply(),
        Err(error) => {
            tracing::error!(%error, path = %path.display(), "a file could not be sent");
            Problem::new(ProblemType::InternalError).into_reply()
        }
    }
}

/// The content of the regular file at `path` as it is opened now, and its length, for an answer that says the rest itself. `None`
/// where there is no regular file. It blocks, and the content needs a runtime, as for [`file_reply`].
///
/// ```
/// let (content, length) = sabir_http::file_content("Cargo.toml".as_ref())?.unwrap();
/// # let _ = (content, length);
/// # Ok::<_, std::io::Error>(())
/// ```
///
/// # Errors
/// The file cannot be opened or read.
pub fn file_content(path: &Path) -> io::Result<Option<(ReplyBody, u64)>> {
    let file = match open(path) {
        Ok(file) => file,
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(None);
    }
    let content = match metadata.len() {
        0 => ReplyBody::Empty,
        length => ReplyBody::Stream(Box::pin(Content::new(file, vec![Segment::File(0..length)])?)),
    };
    Ok(Some((content, metadata.len())))
}

/// The reply; `None` where there is no regular file.
fn opened(path: &Path, request: &RequestHead, mut reply: Reply) -> io::Result<Option<Reply>> {
    let file = match open(path) {
        Ok(file) => file,
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(None);
    }
    describe(path, &metadata, &mut reply.headers);
    selected(Origin::File(file), metadata.len(), request, reply).map(Some)
}

/// Where the bytes of a file are.
pub(crate) enum Origin {
    /// In the file, which is read as it is sent.
    File(File),
    /// In memory.
    Memory(Bytes),
}

/// `reply`, which describes a file of `size` bytes, with what the request is to be sent of it.
///
/// # Errors
/// As reading a small part of the file.
pub(crate) fn selected(
    origin: Origin,
    size: u64,
    request: &RequestHead,
    mut reply: Reply,
) -> io::Result<Reply> {
    let segments = match Selection::of(request, &reply, size) {
        Selection::NotModified => {
            reply.status = StatusCode::NOT_MODIFIED;
            for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING] {
                reply.headers.remove(name);
            }
            return Ok(reply);
        }
        Selection::PreconditionFailed => {
            return Ok(Problem::new(ProblemType::PreconditionFailed).into_reply());
        }
        Selection::NotSatisfiable => {
            let problem = Problem::new(ProblemType::RangeNotSatisfiable)
                .with_detail(format!(
                    "The file has {size} bytes, and none of those that are asked for."
                ))
                .with_header(CONTENT_RANGE, field_value(format!("bytes */{size}")))
                .with_header(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
            return Ok(problem.into_reply());
        }
        Selection::Whole => {
            if let Origin::Memory(content) = origin {
                // Its length is known where it is sent.
                reply.body = ReplyBody::Bytes(content);
                return Ok(reply);
            }
            vec![Segment::File(0..size)]
        }
        Selection::Parts(parts) => {
            reply.status = StatusCode::PARTIAL_CONTENT;
            byteranges::of(&parts, size, &mut reply.headers)
        }
    };
    let length = segments.iter().map(Segment::len).sum::<u64>();
    match origin {
        Origin::Memory(content) => reply.body = ReplyBody::Bytes(content::of_memory(&content, &segments)),
        Origin::File(file) => {
            reply.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
            // A stream, since a file is not held to the schema of an answer, however small it is.
            if length > 0 && request.method != Method::HEAD {
                reply.body = ReplyBody::Stream(Box::pin(Content::new(file, segments)?));
            }
        }
    }
    Ok(reply)
}

/// Opens a file without waiting: a named pipe would keep the thread until somebody writes to it.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY);
    options.open(path)
}

/// Whether there is no regular file of the name: nothing at all, a file in place of a directory, a name that no file can
/// have, or a socket.
pub(crate) fn is_missing(error: &io::Error) -> bool {
    #[cfg(unix)]
    if matches!(error.raw_os_error(), Some(libc::ENAMETOOLONG | libc::ENXIO)) {
        return true;
    }
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidInput
    )
}

/// The value of a field that is made of tokens and numbers.
pub(crate) fn field_value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

/// Adds what a file says of itself, where `headers` do not say it already: its type by its name, and `last-modified` and an
/// `etag` of the time and the size (RFC 9110 §8.8), as far as the system knows the time.
pub(crate) fn describe(path: &Path, metadata: &Metadata, headers: &mut HeaderMap) {
    if !Switch::FileDescriptions.is_on() {
        return;
    }
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    headers
        .entry(CONTENT_TYPE)
        .or_insert(HeaderValue::from_static(file_type::of_name(name)));
    headers
        .entry(ACCEPT_RANGES)
        .or_insert(HeaderValue::from_static("bytes"));
    let Some(modified) = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
    else {
        return;
    };
    if let Some(date) = i64::try_from(modified.as_secs()).ok().and_then(date::format) {
        headers.entry(LAST_MODIFIED).or_insert_with(|| field_value(date));
    }
    headers
        .entry(ETAG)
        .or_insert_with(|| field_value(format!("\"{:x}-{:x}\"", modified.as_nanos(), metadata.len())));
}

#[cfg(test)]
mod tests {
    use std::{io::Write, path::PathBuf};

    use futures_util::StreamExt;
    use http::{
        Uri,
        header::{HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE},
    };
    use sabir_core::reply::StreamError;

    use super::*;

    fn whole(path: &Path) -> Reply {
        asked(path, Method::GET, &[])
    }

    fn asked(path: &Path, method: Method, fields: &[(HeaderName, &str)]) -> Reply {
        let mut request = RequestHead::new(method, Uri::from_static("/"));
        for (name, value) in fields {
            request
                .headers
                .insert(name, HeaderValue::from_str(value).unwrap());
        }
        file_reply(path, &request, Reply::new(StatusCode::OK))
    }

    /// A file with the bytes from 0 to 250, again and again.
    fn numbered(directory: &tempfile::TempDir, size: usize) -> (PathBuf, Vec<u8>) {
        let path = directory.path().join("numbered.bin");
        let bytes: Vec<u8> = (0..=250).cycle().take(size).collect();
        std::fs::write(&path, &bytes).unwrap();
        (path, bytes)
    }

    #[tokio::test]
    async fn sends_parts() {
        let directory = tempfile::tempdir().unwrap();
        let size = 3 * CHUNK;
        let (path, bytes) = numbered(&directory, size);
        for (field, part) in [
            ("bytes=0-0", 0..1),
            ("bytes=100-", 100..size),
            ("bytes=-5", size - 5..size),
            ("bytes=65535-131072", 65_535..131_073),
            ("bytes=7-9,999999-", 7..10),
        ] {
            let reply = asked(&path, Method::GET, &[(RANGE, field)]);
            assert_eq!(reply.status, 206, "{field}");
            let range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
            assert_eq!(reply.headers[CONTENT_RANGE], range);
            assert_eq!(reply.headers[CONTENT_LENGTH], part.len().to_string());
            assert_eq!(content(reply).await.unwrap(), bytes[part], "{field}");
        }
        let nothing = asked(&path, Method::GET, &[(RANGE, "bytes=999999-")]);
        let ReplyBody::Problem(problem) = nothing.body else {
            unreachable!("416 is a problem")
        };
        assert_eq!(
            (problem.status, problem.headers[CONTENT_RANGE].to_str().unwrap()),
            (416, &*format!("bytes */{size}"))
        );
        // A range has no meaning for other methods, nor one that is not well formed.
        for (method, field) in [
            (Method::HEAD, "bytes=0-0"),
            (Method::GET, "bytes=x"),
            (Method::GET, "bytes=1-0"),
        ] {
            let reply = asked(&path, method, &[(RANGE, field)]);
            assert_eq!(
                (reply.status.as_u16(), &reply.headers[CONTENT_LENGTH]),
                (200, &HeaderValue::from(size))
            );
        }
    }

    #[tokio::test]
    async fn sends_several_parts_as_one_message() {
        let directory = tempfile::tempdir().unwrap();
        let (path, bytes) = numbered(&directory, 1000);
        let reply = asked(&path, Method::GET, &[(RANGE, "bytes=0-1,900-")]);
        assert_eq!(reply.status, 206);
        assert!(!reply.headers.contains_key(CONTENT_RANGE));
        let content_type = reply.headers[CONTENT_TYPE].to_str().unwrap().to_owned();
        let boundary = content_type
            .strip_prefix("multipart/byteranges; boundary=")
            .unwrap();
        let length: usize = reply.headers[CONTENT_LENGTH].to_str().unwrap().parse().unwrap();
        let expected = [
            format!("--{boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes 0-1/1000\r\n\r\n").as_bytes(),
            &bytes[..2],
            format!("\r\n--{boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes 900-999/1000\r\n\r\n").as_bytes(),
            &bytes[900..],
            format!("\r\n--{boundary}--\r\n").as_bytes(),
        ]
        .concat();
        assert_eq!(length, expected.len());
        assert_eq!(content(reply).await.unwrap(), expected);
    }

    #[test]
    fn answers_conditions() {
        let directory = tempfile::tempdir().unwrap();
        let (path, _) = numbered(&directory, 1000);
        let reply = whole(&path);
        let text = |name: HeaderName| reply.headers[name].to_str().unwrap().to_owned();
        let (etag, date) = (text(ETAG), text(LAST_MODIFIED));
        let range = (RANGE, "bytes=0-0");
        for (fields, status) in [
            (vec![(IF_NONE_MATCH, etag.as_str())], 304),
            (vec![(IF_NONE_MATCH, "\"other\"")], 200),
            (vec![(IF_MODIFIED_SINCE, date.as_str())], 304),
            (vec![(IF_MATCH, "\"other\"")], 412),
            (vec![(IF_MATCH, etag.as_str()), range.clone()], 206),
            (vec![(IF_RANGE, etag.as_str()), range.clone()], 206),
            (vec![(IF_RANGE, "\"other\""), range.clone()], 200),
            (vec![(IF_NONE_MATCH, etag.as_str()), range], 304),
        ] {
            let reply = asked(&path, Method::GET, &fields);
            assert_eq!(reply.status, status, "{fields:?}");
            if status == 304 {
                assert!(reply.headers.contains_key(ETAG) && !reply.headers.contains_key(CONTENT_LENGTH));
                assert!(matches!(reply.body, ReplyBody::Empty));
            }
        }
        // What a POST asks for has been done, whatever its conditions say.
        let done = asked(&path, Method::POST, &[(IF_NONE_MATCH, "*"), (RANGE, "bytes=0-0")]);
        assert_eq!(done.status, 200);
        // An answer that is not about the file as it is has no conditions.
        let mut request = RequestHead::new(Method::GET, Uri::from_static("/"));
        request
            .headers
            .insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
        assert_eq!(
            file_reply(&path, &request, Reply::new(StatusCode::NOT_FOUND)).status,
            404
        );
    }

    #[test]
    fn keeps_what_the_handler_says() {
        let directory = tempfile::tempdir().unwrap();
        let (path, _) = numbered(&directory, 10);
        let reply = Reply::bytes(StatusCode::OK, "text/x-numbers", "")
            .with_header(ETAG, HeaderValue::from_static("\"own\""));
        let mut request = RequestHead::new(Method::GET, Uri::from_static("/"));
        request
            .headers
            .insert(IF_NONE_MATCH, HeaderValue::from_static("\"own\""));
        assert_eq!(file_reply(&path, &request, reply).status, 304);
        let reply = Reply::bytes(StatusCode::CREATED, "text/x-numbers", "");
        let reply = file_reply(&path, &request, reply);
        assert_eq!(
            (
                reply.status.as_u16(),
                reply.headers[CONTENT_TYPE].to_str().unwrap()
            ),
            (201, "text/x-numbers")
        );
    }

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
            let reply = whole(&file(&directory, size));
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
        let reply = whole(&path);
        let other = directory.path().join("other");
        std::fs::write(&other, "b").unwrap();
        std::fs::rename(other, &path).unwrap();
        assert_eq!(content(reply).await.unwrap().len(), 2 * CHUNK);
    }

    #[tokio::test]
    async fn sends_as_much_as_it_said_or_fails() {
        let directory = tempfile::tempdir().unwrap();
        let path = file(&directory, 2 * CHUNK);
        let (grown, shrunk) = (whole(&path), whole(&path));
        let mut appending = OpenOptions::new().append(true).open(&path).unwrap();
        appending.write_all(b"more").unwrap();
        assert_eq!(content(grown).await.unwrap().len(), 2 * CHUNK);
        appending.set_len(10).unwrap();
        let error = content(shrunk).await.unwrap_err();
        assert!(error.to_string().contains("became shorter"), "{error}");
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
            assert_eq!(whole(path).status, 404, "{}", path.display());
        }
        #[cfg(unix)]
        {
            let socket = directory.path().join("socket");
            let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
            assert_eq!(whole(&socket).status, 404);
            assert_eq!(whole("/dev/zero".as_ref()).status, 404);
        }
    }
}
