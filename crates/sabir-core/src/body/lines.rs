//! JSON Lines: one value a line.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes, BytesMut};
use futures_core::Stream;

use super::{limits::BodyLimits, sent::BodyStream};
use crate::{Location, Problem, ProblemType, Value, Violations, json, schema::Schema};

/// The media types of such content. None of them is registered; the first is the one that is recommended.
const MEDIA_TYPES: [&str; 3] = ["application/jsonl", "application/x-ndjson", "application/ndjson"];

/// Whether content of this type has one value a line.
pub(super) fn is_lines(essence: &str) -> bool {
    MEDIA_TYPES.contains(&essence)
}

/// Reads lines, and holds each of them to a schema.
pub(super) struct LineReader {
    schema: Schema,
    limits: BodyLimits,
    violation_limit: u64,
    buffer: BytesMut,
    /// How much of the buffer has no line end.
    searched: usize,
    /// How many lines there were, empty ones too.
    lines: u64,
    /// How many values there were.
    items: u64,
}

/// The values of content that arrives.
pub(super) struct Items {
    reader: LineReader,
    /// Absent once it has ended.
    content: Option<BodyStream>,
}

impl LineReader {
    pub(super) fn new(schema: &Schema, limits: &BodyLimits, violation_limit: u64) -> Self {
        Self {
            schema: schema.clone(),
            limits: *limits,
            violation_limit,
            buffer: BytesMut::new(),
            searched: 0,
            lines: 0,
            items: 0,
        }
    }

    /// The values of `content` while it arrives.
    pub(super) fn stream(self, content: BodyStream) -> Items {
        Items {
            reader: self,
            content: Some(content),
        }
    }

    /// All values of `content`.
    ///
    /// # Errors
    /// Those of the first line that is wrong.
    pub(super) fn read_all(mut self, content: &Bytes) -> Result<Value, Problem> {
        self.buffer.extend_from_slice(content);
        let mut values = Vec::new();
        while let Some(value) = self.next()? {
            values.push(value);
        }
        values.extend(self.last()?);
        Ok(Value::Array(values))
    }

    /// The value of the next line that has ended.
    fn next(&mut self) -> Result<Option<Value>, Problem> {
        loop {
            let end = memchr::memchr(b'\n', &self.buffer[self.searched..]).map(|at| self.searched + at);
            if end.unwrap_or(self.buffer.len()) > self.limits.line {
                let detail = format!(
                    "line {} is longer than {} bytes",
                    self.lines + 1,
                    self.limits.line
                );
                return Err(Problem::new(ProblemType::ContentTooLarge).with_detail(detail));
            }
            let Some(end) = end else {
                self.searched = self.buffer.len();
                return Ok(None);
            };
            let line = self.buffer.split_to(end);
            self.buffer.advance(1);
            self.searched = 0;
            if let Some(value) = self.value(&line)? {
                return Ok(Some(value));
            }
        }
    }

    /// The value of the last line, which may do without an end.
    fn last(&mut self) -> Result<Option<Value>, Problem> {
        let line = self.buffer.split();
        self.searched = 0;
        self.value(&line)
    }

    /// The value of a line; `None` for one that is empty.
    fn value(&mut self, line: &[u8]) -> Result<Option<Value>, Problem> {
        self.lines += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        let value = json::parse(line, &self.limits.json()).map_err(|mut problem| {
            let detail = problem.detail.take().unwrap_or_default();
            problem.with_detail(format!("line {}: {detail}", self.lines))
        })?;
        let mut violations = Violations::new(self.violation_limit);
        self.schema
            .validate(&value, Location::Body, None, &mut violations);
        if violations.is_empty() {
            self.items += 1;
            return Ok(Some(value));
        }
        let mut problem = violations.into_problem();
        for violation in &mut problem.errors {
            // As in an array of all values.
            let rest = violation.pointer.take().unwrap_or_default();
            violation.pointer = Some(format!("/{}{rest}", self.items));
        }
        Err(problem)
    }
}

impl Stream for Items {
    type Item = Result<Value, Problem>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { reader, content } = &mut *self;
        loop {
            let Some(arriving) = content else {
                return Poll::Ready(None);
            };
            let next = match reader.next() {
                Ok(None) => match ready!(arriving.as_mut().poll_next(context)) {
                    Some(Ok(chunk)) => {
                        reader.buffer.extend_from_slice(&chunk);
                        continue;
                    }
                    Some(Err(problem)) => Err(problem),
                    None => {
                        *content = None;
                        reader.last()
                    }
                },
                next => next,
            };
            if next.is_err() {
                *content = None;
            }
            return Poll::Ready(next.transpose());
        }
    }
}
