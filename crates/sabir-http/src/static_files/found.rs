//! What a folder has for a request.

use std::{
    fs::{File, Metadata},
    io,
    os::unix::fs::FileExt,
    path::PathBuf,
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT, LOCATION, VARY},
};
use sabir_core::{Problem, ProblemType, Reply, RequestHead};

use super::{codings::Codings, kept::Kept};
use crate::file::{self, CHUNK, Origin};

/// What there is.
pub(super) enum Found {
    File(Box<FoundFile>),
    /// A folder without a final slash, and where it is.
    Folder(HeaderValue),
    Nothing {
        /// Whether there might have been a page for other clients.
        varies: bool,
    },
    /// The path is none.
    Malformed,
    Failed(io::Error),
}

/// A file, and what is said of it.
pub(super) struct FoundFile {
    pub(super) path: PathBuf,
    pub(super) file: File,
    pub(super) metadata: Metadata,
    pub(super) headers: HeaderMap,
    /// Whether others may be answered with what is read now.
    pub(super) may_be_kept: bool,
}

impl Found {
    /// The answer to a request, whose path goes on with `below`. A small file is read now, and put into `kept`. It blocks.
    pub(super) fn reply(self, below: &str, codings: Codings, head: &RequestHead, kept: &Kept) -> Reply {
        match self {
            Self::File(found) => found
                .reply(below, codings, head, kept)
                .unwrap_or_else(|error| failed(&error)),
            Self::Folder(location) => {
                Reply::new(StatusCode::PERMANENT_REDIRECT).with_header(LOCATION, location)
            }
            Self::Nothing { varies } => {
                let mut problem = Problem::new(ProblemType::NotFound);
                if varies {
                    problem = problem.with_header(VARY, HeaderValue::from_name(ACCEPT));
                }
                problem.into_reply()
            }
            Self::Malformed => {
                Problem::bad_request("The path is no UTF-8 that is percent-encoded.").into_reply()
            }
            Self::Failed(error) => failed(&error),
        }
    }
}

impl FoundFile {
    fn reply(self, below: &str, codings: Codings, head: &RequestHead, kept: &Kept) -> io::Result<Reply> {
        let size = self.metadata.len();
        let mut reply = Reply::new(StatusCode::OK);
        if size > CHUNK as u64 {
            reply.headers = self.headers;
            return file::selected(Origin::File(self.file), size, head, reply);
        }
        let content = read(&self.file, size)?;
        if self.may_be_kept {
            kept.add(
                below,
                codings,
                &self.path,
                &self.metadata,
                &self.headers,
                &content,
            );
        }
        reply.headers = self.headers;
        file::selected(Origin::Memory(content), size, head, reply)
    }
}

/// The first `size` bytes of a file.
///
/// # Errors
/// It has become shorter, or cannot be read.
fn read(file: &File, size: u64) -> io::Result<Bytes> {
    let mut content = vec![0; usize::try_from(size).map_err(io::Error::other)?];
    file.read_exact_at(&mut content, 0)?;
    Ok(content.into())
}

fn failed(error: &io::Error) -> Reply {
    tracing::error!(%error, "a file could not be sent");
    Problem::new(ProblemType::InternalError).into_reply()
}
