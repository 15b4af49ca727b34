//! Folders whose files are answers.

mod codings;
mod directory;
mod found;
mod kept;
mod name;

use std::sync::Arc;

use http::{HeaderValue, Method, StatusCode, header::ALLOW};
use sabir_core::{
    BoxFuture, Call, Handler, Problem, ProblemType, Reply, RequestHead, SetupError,
    pipeline::{StaticFiles, StaticServer, below},
};

use self::{directory::Directory, kept::Kept};

/// The methods that folders answer.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// Serves what is in the file system.
#[derive(Debug)]
pub(crate) struct FileSystem;

impl StaticServer for FileSystem {
    fn serve(&self, prefix: &str, files: &StaticFiles) -> Result<Arc<dyn Handler>, SetupError> {
        Ok(Arc::new(StaticHandler {
            prefix: prefix.to_owned(),
            directory: Arc::new(Directory::new(files)?),
            kept: Arc::default(),
        }))
    }
}

/// Answers with the files of a folder.
struct StaticHandler {
    prefix: String,
    directory: Arc<Directory>,
    /// Small files that have been asked for.
    kept: Arc<Kept>,
}

impl Handler for StaticHandler {
    fn call(&self, call: Call) -> BoxFuture<'static, Reply> {
        let head = call.head;
        if let Some(reply) = self.answer_at_once(&head) {
            return Box::pin(std::future::ready(reply));
        }
        let (directory, kept) = (Arc::clone(&self.directory), Arc::clone(&self.kept));
        let prefix = self.prefix.len();
        let look = move || {
            let codings = directory.codings(&head);
            // It begins with the prefix, or this would not have been called.
            let below = head.uri.path().get(prefix..).unwrap_or_default();
            let found = directory.find(below, codings, &head);
            found.reply(below, codings, &head, &kept)
        };
        // In memory there may be no runtime, and then nobody else waits.
        match tokio::runtime::Handle::try_current() {
            Err(_) => Box::pin(std::future::ready(look())),
            Ok(runtime) => Box::pin(async move {
                let answered = runtime.spawn_blocking(look).await;
                answered.unwrap_or_else(|_| Problem::new(ProblemType::InternalError).into_reply())
            }),
        }
    }
}

impl StaticHandler {
    /// What needs no look at the folder, but for whether a file that is kept is still the same.
    fn answer_at_once(&self, head: &RequestHead) -> Option<Reply> {
        match head.method {
            Method::GET | Method::HEAD => {}
            Method::OPTIONS => {
                return Some(Reply::new(StatusCode::NO_CONTENT).with_header(ALLOW, METHODS));
            }
            _ => {
                let problem = Problem::new(ProblemType::MethodNotAllowed).with_header(ALLOW, METHODS);
                return Some(problem.into_reply());
            }
        }
        let Some(below) = below(&self.prefix, head.uri.path()) else {
            return Some(Problem::new(ProblemType::NotFound).into_reply());
        };
        self.kept.reply(below, self.directory.codings(head), head)
    }
}
