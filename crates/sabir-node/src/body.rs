//! Content of requests that JavaScript takes while it arrives.

use napi::{
    Env, Result,
    bindgen_prelude::{Object, ToNapiValue},
    sys,
};
use sabir_core::{Problem, body::PartHead};
use sabir_host::{CallId, Calls, ContentItem, RequestContent};

use crate::{
    batch::Writer,
    ticket::{id, ticket},
    value::shared,
};

/// What a message of a piece of content says that it is: there is no more.
const END: f64 = 0.0;
/// Bytes, also of the part that was begun last.
const CHUNK: f64 = 1.0;
/// The value of a line.
const VALUE: f64 = 2.0;
/// A part begins.
const PART: f64 = 3.0;
/// The content is wrong, or breaks off: a problem as JSON text.
const PROBLEM: f64 = 4.0;

/// What the next read brings, where it brings anything.
type Item = Option<std::result::Result<ContentItem, Problem>>;

/// The contents of calls that take theirs while it arrives, by their tickets.
#[derive(Default)]
pub(crate) struct Bodies(Calls<RequestContent>);

impl Bodies {
    /// Keeps the content of a call.
    pub(crate) fn add(&self, id: CallId, content: RequestContent) {
        self.0.insert(id, content);
    }

    /// Asks for the next piece. Whether it will come.
    pub(crate) fn read(&self, ticket: f64) -> bool {
        self.0.with(id(ticket), |content| content.read()) == Some(true)
    }

    /// Leaves the rest unread.
    pub(crate) fn close(&self, ticket: f64) {
        drop(self.0.remove(id(ticket)));
    }

    /// Leaves every content unread.
    pub(crate) fn end(&self) {
        self.0.take_all().for_each(drop);
    }

    /// Writes a piece of the content of the call with this id.
    pub(crate) fn write(&self, id: CallId, item: Item, batch: &mut Writer<'_>) -> Result<()> {
        let ticket = ticket(id);
        match item {
            None => {
                self.close(ticket);
                batch.content(ticket, END);
                batch.absent();
                Ok(())
            }
            Some(Ok(ContentItem::Chunk(bytes))) => {
                batch.content(ticket, CHUNK);
                batch.other(shared(&bytes))
            }
            Some(Ok(ContentItem::Value(value))) => {
                batch.content(ticket, VALUE);
                batch.value(&value)
            }
            Some(Ok(ContentItem::Part(head))) => {
                batch.content(ticket, PART);
                batch.other(Part(head))
            }
            Some(Err(problem)) => {
                self.close(ticket);
                batch.content(ticket, PROBLEM);
                batch.other(problem.into_text())
            }
        }
    }
}

/// How much content [`Bodies::write`] copies.
pub(crate) fn length(item: Option<&std::result::Result<ContentItem, Problem>>) -> usize {
    match item {
        Some(Ok(ContentItem::Chunk(bytes))) => bytes.len(),
        _ => 0,
    }
}

/// The head of a part: `name`, `filename` and `contentType`.
struct Part(PartHead);

impl ToNapiValue for Part {
    #[allow(unsafe_code)]
    unsafe fn to_napi_value(env: sys::napi_env, Self(head): Self) -> Result<sys::napi_value> {
        let mut object = Object::new(&Env::from_raw(env))?;
        object.set("name", head.name)?;
        object.set("filename", head.filename)?;
        object.set(
            "contentType",
            head.content_type.map(|text| text.as_str().to_owned()),
        )?;
        // SAFETY: the caller vouches for `env`, which is passed on as it is.
        unsafe { ToNapiValue::to_napi_value(env, object) }
    }
}
