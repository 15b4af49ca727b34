//! Content of requests that Ruby takes while it arrives.

use std::sync::{Mutex, PoisonError};

use magnus::{Error, Module, RArray, RHash, RModule, Ruby, Value, method, prelude::*};
use sabir_core::{Location, Problem, header::field::to_text};
use sabir_host::{ContentItem, RequestContent};

use crate::{awaited::Awaited, class, interpreter::Local, value::to_ruby};

/// The content of one request. `sabir/content.rb` adds what is idiom.
#[magnus::wrap(class = "Sabir::Content", free_immediately)]
pub(crate) struct Content {
    content: Local<RequestContent>,
    refusal: Mutex<Option<Problem>>,
}

impl Content {
    pub(crate) fn new(content: RequestContent) -> Self {
        Self {
            content: Local::new(content),
            refusal: Mutex::default(),
        }
    }

    /// What was wrong with the content, where the handler has been told.
    pub(crate) fn refusal(&self) -> Option<Problem> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Waits for the next piece, and gives its kind and itself: `chunk`, `value`, `part` or `problem`; nil at the end. Where
    /// the thread is interrupted meanwhile, the rest stays unread.
    fn read(ruby: &Ruby, this: &Self) -> Result<Option<RArray>, Error> {
        let awaited = Awaited::new();
        let piece = if this.content.read_with(awaited.giver()) {
            // Not every interruption raises something; then the piece is still waited for.
            awaited.wait(ruby).inspect_err(|_| this.content.close())?
        } else {
            None
        };
        let (kind, value): (&str, Value) = match piece.flatten() {
            None => return Ok(None),
            Some(Ok(ContentItem::Chunk(chunk))) => ("chunk", ruby.str_from_slice(&chunk).as_value()),
            Some(Ok(ContentItem::Value(value))) => ("value", to_ruby(ruby, &value)?),
            Some(Ok(ContentItem::Part(part))) => {
                let content_type = part.content_type.as_ref().map(ToString::to_string);
                let parts = ruby.ary_new();
                parts.push(part.name.clone())?;
                parts.push(part.filename.as_ref().map(ToString::to_string))?;
                parts.push(content_type)?;
                ("part", parts.as_value())
            }
            Some(Err(problem)) => {
                let described = described(ruby, &problem)?.as_value();
                *this.refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
                ("problem", described)
            }
        };
        let piece = ruby.ary_new();
        piece.push(ruby.to_symbol(kind))?;
        piece.push(value)?;
        Ok(Some(piece))
    }

    /// Leaves the rest unread.
    fn close(&self) {
        self.content.close();
    }
}

/// The members of a problem, and its header fields.
pub(crate) fn described(ruby: &Ruby, problem: &Problem) -> Result<RHash, Error> {
    let errors = ruby.ary_new();
    for violation in &problem.errors {
        let error = ruby.hash_new();
        error.aset("in", location(violation.location))?;
        if let Some(name) = &violation.name {
            error.aset("name", name.to_string())?;
        }
        if let Some(pointer) = &violation.pointer {
            error.aset("pointer", pointer.clone())?;
        }
        error.aset("keyword", violation.keyword.as_ref())?;
        error.aset("detail", violation.detail.clone())?;
        errors.push(error)?;
    }
    let headers = problem.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), to_text(value.as_bytes()).into_owned()));
    let described = ruby.hash_new();
    let set = |name: &str, value: Value| described.aset(ruby.to_symbol(name), value);
    set("status", ruby.integer_from_u64(problem.status.into()).as_value())?;
    set("type", ruby.str_new(&problem.type_uri).as_value())?;
    set("title", ruby.str_new(&problem.title).as_value())?;
    if let Some(detail) = &problem.detail {
        set("detail", ruby.str_new(detail).as_value())?;
    }
    set("headers", ruby.ary_from_iter(headers).as_value())?;
    set("errors", errors.as_value())?;
    let extensions = ruby.hash_new();
    for (name, value) in &problem.extensions.0 {
        extensions.aset(name.to_string(), to_ruby(ruby, value)?)?;
    }
    if problem.errors_truncated {
        extensions.aset("errors_truncated", true)?;
    }
    set("extensions", extensions.as_value())?;
    Ok(described)
}

fn location(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
        Location::Body => "body",
    }
}

pub(crate) fn define(ruby: &Ruby, sabir: RModule) -> Result<(), Error> {
    let class = class::define::<Content>(ruby, sabir, "Content")?;
    class.define_private_method("next_piece", method!(Content::read, 0))?;
    class.define_method("close", method!(Content::close, 0))
}
