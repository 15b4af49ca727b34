//! What is told of a request when its answer has ended.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::{
    StatusCode,
    header::{REFERER, USER_AGENT},
    uri::PathAndQuery,
};

use super::timer::Timer;
use crate::{
    RequestHead, Route,
    access_log::{AccessRecord, Outcome},
    security::Identity,
    stage::Lines,
};

/// Those who are told of requests.
pub(super) struct Observers {
    pub(super) timer: Option<Arc<dyn Timer>>,
    /// The access log of requests whose route has no other one.
    pub(super) lines: Option<Arc<Lines>>,
}

/// One request that somebody is told of when its answer has ended: when this is dropped.
///
/// It goes from the pipeline with the content of the answer to the connection, and with a socket to whoever drives that.
pub struct Observation {
    /// Absent where another application tells them.
    observers: Option<Arc<Observers>>,
    began: Duration,
    found: Found,
    /// What an application behind layers has found out.
    behind: Option<Behind>,
    record: AccessRecord,
}

/// What is found out on the way.
#[derive(Debug, Clone, Default)]
struct Found {
    route: Option<Arc<Route>>,
    lines: Option<Arc<Lines>>,
    identity: Option<String>,
}

/// What an application behind layers finds out, in the extensions of the request that these pass on.
#[derive(Debug, Clone, Default)]
pub(super) struct Behind(Arc<Mutex<Found>>);

impl Observers {
    /// Begins to observe the request with this head, whose client has asked for `target`, and of which nothing could be read where it
    /// `is_unread`.
    pub(super) fn begin(
        self: &Arc<Self>,
        head: &RequestHead,
        target: Option<&PathAndQuery>,
        is_unread: bool,
    ) -> Box<Observation> {
        // Copied: the record would keep the buffer of its connection until it is written.
        let field = |name| Some(Box::from(head.headers.get(name)?.as_bytes()));
        let record = AccessRecord {
            id: Some(head.id.clone()),
            client: head.remote.map(|remote| remote.ip().to_canonical()),
            method: (!is_unread).then(|| head.method.clone()),
            target: target.filter(|_| !is_unread).map(|target| target.as_str().into()),
            version: head.version,
            user_agent: field(USER_AGENT),
            referer: field(REFERER),
            ..AccessRecord::default()
        };
        Box::new(Observation {
            began: self.now(),
            observers: Some(Arc::clone(self)),
            found: Found {
                lines: self.lines.clone(),
                ..Found::default()
            },
            behind: None,
            record,
        })
    }

    fn now(&self) -> Duration {
        self.timer.as_ref().map(|timer| timer.now()).unwrap_or_default()
    }
}

impl Observation {
    /// The part of an application behind layers, which tell those who are told.
    pub(super) fn behind(behind: Behind) -> Box<Self> {
        Box::new(Self {
            observers: None,
            began: Duration::ZERO,
            found: Found::default(),
            behind: Some(behind),
            record: AccessRecord::default(),
        })
    }

    /// The extension by which an application behind layers tells what it finds out.
    pub(super) fn ahead(&mut self) -> Behind {
        self.behind.get_or_insert_default().clone()
    }

    /// The route is known, and who writes lines of its requests.
    pub(super) fn found(&mut self, route: &Arc<Route>, lines: Option<&Arc<Lines>>) {
        self.found.route = Some(Arc::clone(route));
        self.found.lines = lines.cloned();
    }

    /// It is known who has sent the request.
    pub(super) fn identified(&mut self, identity: &Identity) {
        if self
            .found
            .lines
            .as_ref()
            .is_some_and(|lines| lines.has_identity())
        {
            self.found.identity.clone_from(&identity.subject);
        }
    }

    /// The answer is there.
    pub(super) fn answered(&mut self, status: StatusCode) {
        self.record.status = Some(status.as_u16());
    }

    /// So many bytes of content were sent.
    pub fn add_sent(&mut self, bytes: usize) {
        self.record.bytes = self.record.bytes.saturating_add(bytes as u64);
    }

    /// So many bytes that count as sent were not, since the connection has ended.
    pub fn cut(&mut self, bytes: usize) {
        self.record.bytes = self.record.bytes.saturating_sub(bytes as u64);
        self.record.outcome = Outcome::Aborted;
    }

    /// The answer has ended so.
    pub fn ended(&mut self, outcome: Outcome) {
        self.record.outcome = outcome;
    }
}

impl Drop for Observation {
    fn drop(&mut self) {
        let mut found = std::mem::take(&mut self.found);
        let behind = self.behind.take();
        let Some(observers) = self.observers.take() else {
            if let Some(Behind(told)) = behind {
                *told.lock().unwrap_or_else(PoisonError::into_inner) = found;
            }
            return;
        };
        if let Some(Behind(told)) = behind {
            let told = std::mem::take(&mut *told.lock().unwrap_or_else(PoisonError::into_inner));
            if told.route.is_some() {
                found = told;
            }
        }
        let Some(lines) = found.lines else { return };
        let mut record = std::mem::take(&mut self.record);
        record.duration = observers.now().saturating_sub(self.began);
        record.route = found.route;
        record.identity = found.identity;
        lines.write(record);
    }
}

impl fmt::Debug for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observation")
            .field("record", &self.record)
            .finish_non_exhaustive()
    }
}
