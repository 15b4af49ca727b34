//! What the runtime reports, on its way to the host's logger.
//!
//! The runtime reports with `tracing`. [`attach`] installs a subscriber, which keeps records in a bounded buffer; the host is
//! woken when the first one arrives and [`take`]s all of them as plain data. An I/O thread never waits for a logger: what does
//! not fit is counted, and the count is taken with the records. Nothing below [`LEVEL`] is recorded, and for such an event
//! `tracing` makes one comparison.

use std::{
    collections::VecDeque,
    mem,
    sync::{Mutex, MutexGuard, Once, PoisonError},
    time::SystemTime,
};

use sabir_core::{RequestId, trace::TraceContext};
use tracing::{Event, Metadata, Subscriber, field::Field, level_filters::LevelFilter, span};

pub use tracing::Level;

use crate::Wake;

/// The least severe level that is recorded.
pub const LEVEL: Level = Level::WARN;

/// How many records wait at most.
const MOST_RECORDS: usize = 1024;

/// The longest text that a record has in one place, in bytes.
const LONGEST_TEXT: usize = 4096;

/// One thing that the runtime reports.
#[derive(Debug, Clone)]
pub struct Record {
    /// When it was reported.
    pub time: SystemTime,
    /// How severe it is.
    pub level: Level,
    /// The part of the runtime that reports it, such as `sabir_http::server`.
    pub target: &'static str,
    /// What happened.
    pub message: String,
    /// The details by their names.
    pub fields: Vec<(&'static str, String)>,
    /// The id of the request that it is about.
    pub request_id: Option<String>,
    /// The id of the trace that the request is of.
    pub trace_id: Option<String>,
}

/// What waits to be taken.
#[derive(Debug, Default)]
struct Batch {
    /// The records, the oldest one first.
    records: VecDeque<Record>,
    /// How many were dropped since the last batch, because the buffer was full.
    dropped: u64,
}

/// A host that takes records, until this is dropped.
#[derive(Debug)]
#[must_use = "the host takes records only while this lives"]
pub struct Attachment(u64);

struct Buffer {
    batch: Batch,
    /// Those who may take records; the first one is woken.
    hosts: VecDeque<(u64, Box<dyn Wake>)>,
    next: u64,
}

static BUFFER: Mutex<Buffer> = Mutex::new(Buffer {
    batch: Batch {
        records: VecDeque::new(),
        dropped: 0,
    },
    hosts: VecDeque::new(),
    next: 0,
});

fn buffer() -> MutexGuard<'static, Buffer> {
    BUFFER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Wakes `wake` when there are records to [`take`]; also for those that wait already. Of several hosts in a process, such as
/// worker threads, the one that came first is woken, and another one when that has gone.
///
/// `wake` is called while the buffer is locked, so it must not report anything itself.
pub fn attach(wake: impl Wake) -> Attachment {
    static INSTALL: Once = Once::new();
    // Another subscriber can only be there when somebody links this crate and installs one; records are then theirs.
    INSTALL.call_once(|| drop(tracing::subscriber::set_global_default(Recorder)));
    let mut buffer = buffer();
    let number = buffer.next;
    buffer.next += 1;
    buffer.hosts.push_back((number, Box::new(wake)));
    if !buffer.batch.is_empty() {
        buffer.wake();
    }
    Attachment(number)
}

/// Takes what has been recorded, the oldest record first. The next record wakes again.
///
/// When the buffer was full, the last record says how many were dropped.
pub fn take() -> VecDeque<Record> {
    let Batch { mut records, dropped } = mem::take(&mut buffer().batch);
    if dropped > 0 {
        records.push_back(Record {
            time: SystemTime::now(),
            level: Level::WARN,
            target: module_path!(),
            message: "records were dropped: they came faster than they were logged".into(),
            fields: vec![("count", dropped.to_string())],
            request_id: None,
            trace_id: None,
        });
    }
    records
}

impl Record {
    /// The record in one line: what happened, its details, and the id of its request.
    pub fn text(&self) -> String {
        let mut text = self.message.clone();
        for (index, (name, value)) in self.fields.iter().enumerate() {
            text.push_str(if index == 0 { ": " } else { ", " });
            text.push_str(name);
            text.push('=');
            text.push_str(value);
        }
        if let Some(id) = &self.request_id {
            text.push_str(" (request ");
            text.push_str(id);
            if let Some(trace) = &self.trace_id {
                text.push_str(", trace ");
                text.push_str(trace);
            }
            text.push(')');
        }
        text
    }

    /// The level in the words that loggers share: `error` or `warn`, since nothing below [`LEVEL`] is recorded.
    pub fn level_name(&self) -> &'static str {
        if self.level == Level::ERROR {
            "error"
        } else {
            "warn"
        }
    }
}

impl Drop for Attachment {
    fn drop(&mut self) {
        let mut buffer = buffer();
        let was_first = buffer.hosts.front().is_some_and(|(number, _)| *number == self.0);
        let place = buffer.hosts.iter().position(|(number, _)| *number == self.0);
        let host = place.and_then(|place| buffer.hosts.remove(place));
        if was_first && !buffer.batch.is_empty() {
            buffer.wake();
        }
        drop(buffer);
        // Not under the lock: it belongs to the host, and what it does at its end is unknown.
        drop(host);
    }
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.records.is_empty() && self.dropped == 0
    }
}

impl Buffer {
    fn push(&mut self, record: Record) {
        let was_empty = self.batch.is_empty();
        if self.batch.records.len() < MOST_RECORDS {
            self.batch.records.push_back(record);
        } else {
            self.batch.dropped += 1;
        }
        if was_empty {
            self.wake();
        }
    }

    fn wake(&self) {
        if let Some((_, host)) = self.hosts.front() {
            host.wake();
        }
    }
}

/// The subscriber of `tracing`. It knows events only: spans are less severe than [`LEVEL`].
struct Recorder;

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && *metadata.level() <= LEVEL
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::from_level(LEVEL))
    }

    fn event(&self, event: &Event<'_>) {
        let mut details = Details::default();
        event.record(&mut details);
        let current = RequestId::current();
        let trace = current.as_ref().and_then(RequestId::trace);
        let trace_id = trace.map(TraceContext::trace_id);
        let id = details.request_id;
        buffer().push(Record {
            time: SystemTime::now(),
            level: *event.metadata().level(),
            target: event.metadata().target(),
            message: details.message,
            fields: details.fields,
            request_id: id.or_else(|| current.as_ref().map(ToString::to_string)),
            trace_id,
        });
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        // Never asked for, since no span is enabled; an id is not zero.
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// The fields of an event as text.
#[derive(Default)]
struct Details {
    message: String,
    request_id: Option<String>,
    fields: Vec<(&'static str, String)>,
}

impl Details {
    fn add(&mut self, field: &Field, mut text: String) {
        if text.len() > LONGEST_TEXT {
            let end = (0..=LONGEST_TEXT).rev().find(|&end| text.is_char_boundary(end));
            text.truncate(end.unwrap_or_default());
            text.push('\u{2026}');
        }
        match field.name() {
            "message" => self.message = text,
            "request_id" => self.request_id = Some(text),
            name => self.fields.push((name, text)),
        }
    }
}

impl tracing::field::Visit for Details {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.add(field, format!("{value:?}"));
    }
}

impl std::fmt::Debug for Buffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Buffer")
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}
