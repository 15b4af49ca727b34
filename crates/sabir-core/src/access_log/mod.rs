//! Access logs: one line for each request, written when its answer has ended.
//!
//! The pipeline makes an [`AccessRecord`] for each request, and hands it to an [`AccessLog`], which an [`AccessLogSink`] has opened: the core
//! has neither files nor a clock of its own. [`AccessRecord::line`] writes the line.

mod line;
mod time;

use std::{sync::Arc, time::Duration};

use http::{Method, Version};

use crate::{
    RequestId, Route, SetupError,
    options::choice,
    threads::{MaybeSend, MaybeSync},
};

choice! {
    /// What lines look like.
    AccessLogFormat {
        /// An object of JSON with every field.
        Json = "json",
        /// The Common Log Format.
        Common = "common",
        /// The same, followed by `Referer` and `User-Agent`.
        Combined = "combined",
        /// For people who read along.
        Human = "human",
    }
}

/// Opens what lines are written to.
pub trait AccessLogSink: MaybeSend + MaybeSync + 'static {
    /// Opens `output`: `stdout`, `stderr`, or the path of a file.
    ///
    /// # Errors
    /// There is no such place here, or it cannot be written to.
    fn open(&self, output: &str, format: AccessLogFormat) -> Result<Arc<dyn AccessLog>, SetupError>;
}

/// What lines are written to.
pub trait AccessLog: Send + Sync + 'static {
    /// Takes a record. The caller is on its way with a request, so this must not wait.
    fn write(&self, record: AccessRecord);
}

/// How an answer has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Outcome {
    /// All of it was handed to the connection.
    Complete,
    /// Its client has left before its end, or the server had to stop.
    #[default]
    Aborted,
    /// What makes its content has failed.
    Failed,
}

/// What is known of a request when its answer has ended.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct AccessRecord {
    /// How long it took from the head of the request to the last byte of the answer.
    pub duration: Duration,
    /// The id of the request.
    pub id: Option<RequestId>,
    /// The address of the client.
    pub client: Option<std::net::IpAddr>,
    /// The method; `None` where the head could not be read.
    pub method: Option<Method>,
    /// The path and the query; `None` where the head could not be read.
    pub target: Option<Box<str>>,
    /// Whether the query is written.
    pub shows_query: bool,
    /// The route that was found.
    pub route: Option<Arc<Route>>,
    /// The version of the protocol.
    pub version: Version,
    /// The status of the answer; `None` where there was none.
    pub status: Option<u16>,
    /// The bytes of content that were sent.
    pub bytes: u64,
    /// How the answer has ended.
    pub outcome: Outcome,
    /// The field `User-Agent`.
    pub user_agent: Option<Box<[u8]>>,
    /// The field `Referer`.
    pub referer: Option<Box<[u8]>>,
    /// Who has sent the request, where that is wanted and known.
    pub identity: Option<String>,
}

impl Outcome {
    /// The word for it in lines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Aborted => "aborted",
            Self::Failed => "failed",
        }
    }
}

impl AccessRecord {
    /// The path.
    pub fn path(&self) -> Option<&str> {
        let target = self.target.as_deref()?;
        Some(target.split_once('?').map_or(target, |(path, _)| path))
    }

    /// The query, where it is written.
    pub fn query(&self) -> Option<&str> {
        let (_, query) = self.target.as_deref()?.split_once('?')?;
        self.shows_query.then_some(query)
    }

    /// The path of the route, with its variables.
    pub fn template(&self) -> Option<&str> {
        self.route.as_ref().map(|route| route.pattern.as_str())
    }
}
