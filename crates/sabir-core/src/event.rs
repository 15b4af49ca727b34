//! Messages of event streams (WHATWG HTML §9.2.5).

use bytes::Bytes;
use thiserror::Error;

/// The media type of an event stream.
pub(crate) const MEDIA_TYPE: &str = "text/event-stream";

/// One message of an event stream.
///
/// A client gets a message when it has data, of whatever length; without data, `id` and `retry` take effect all the same.
///
/// ```
/// use sabir_core::Event;
///
/// let event = Event { id: Some("7".into()), ..Event::new("two\nlines") };
/// assert_eq!(event.encode().unwrap(), "id: 7\ndata: two\ndata: lines\n\n");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// The message: any text. A line may end with LF, CR LF or CR; the client gets LF.
    pub data: Option<String>,
    /// The type of the message, `message` where there is none.
    pub event: Option<String>,
    /// What the client says in `Last-Event-ID` when it comes back. An empty one resets it.
    pub id: Option<String>,
    /// Milliseconds after which the client comes back when the connection is lost.
    pub retry: Option<u64>,
    /// Text that clients ignore.
    pub comment: Option<String>,
}

/// Why an event cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EventError {
    /// A line break would end the field.
    #[error("the {0} of an event has a line break in it; use one line")]
    LineBreak(&'static str),
    /// Clients ignore such an id.
    #[error("the id of an event has a NUL in it, for which clients ignore it")]
    Nul,
    /// Nothing is set.
    #[error("an event says nothing; give it data, an id, a retry or a comment")]
    Empty,
}

impl Event {
    /// A message with `data`.
    pub fn new(data: impl Into<String>) -> Self {
        Self {
            data: Some(data.into()),
            ..Self::default()
        }
    }

    /// The message as it is sent.
    ///
    /// # Errors
    /// A type or an id that a client would read differently, or an event that says nothing.
    pub fn encode(&self) -> Result<Bytes, EventError> {
        let mut text = String::new();
        for line in self.comment.iter().flat_map(|comment| lines(comment)) {
            field(&mut text, "", line);
        }
        for (name, value) in [("event", &self.event), ("id", &self.id)] {
            let Some(value) = value else { continue };
            if value.contains(['\n', '\r']) {
                return Err(EventError::LineBreak(if name == "event" { "type" } else { "id" }));
            }
            if name == "id" && value.contains('\0') {
                return Err(EventError::Nul);
            }
            field(&mut text, name, value);
        }
        if let Some(retry) = self.retry {
            field(&mut text, "retry", &retry.to_string());
        }
        for line in self.data.iter().flat_map(|data| lines(data)) {
            field(&mut text, "data", line);
        }
        if text.is_empty() {
            return Err(EventError::Empty);
        }
        text.push('\n');
        Ok(text.into())
    }
}

/// One line. Of the spaces behind the colon a client takes one away.
fn field(text: &mut String, name: &str, value: &str) {
    text.push_str(name);
    text.push_str(": ");
    text.push_str(value);
    text.push('\n');
}

/// The lines of `text`, of which there is always one.
fn lines(mut text: &str) -> impl Iterator<Item = &str> {
    let mut is_over = false;
    std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        let Some(end) = text.find(['\n', '\r']) else {
            is_over = true;
            return Some(text);
        };
        let line = &text[..end];
        let length = if text[end..].starts_with("\r\n") { 2 } else { 1 };
        text = &text[end + length..];
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(event: &Event) -> String {
        String::from_utf8(event.encode().unwrap().into()).unwrap()
    }

    #[test]
    fn writes_every_line_of_data() {
        for (data, text) in [
            ("", "data: \n\n"),
            ("a", "data: a\n\n"),
            (" a", "data:  a\n\n"),
            ("a\nb", "data: a\ndata: b\n\n"),
            ("a\r\nb\rc\n", "data: a\ndata: b\ndata: c\ndata: \n\n"),
            ("\n\n", "data: \ndata: \ndata: \n\n"),
            ("event: x", "data: event: x\n\n"),
            ("\u{feff}é\0", "data: \u{feff}é\0\n\n"),
        ] {
            assert_eq!(encoded(&Event::new(data)), text, "{data:?}");
        }
    }

    #[test]
    fn writes_every_field() {
        let event = Event {
            data: Some("1".into()),
            event: Some("tick".into()),
            id: Some(String::new()),
            retry: Some(250),
            comment: Some("a\nb".into()),
        };
        assert_eq!(
            encoded(&event),
            ": a\n: b\nevent: tick\nid: \nretry: 250\ndata: 1\n\n"
        );
        let only = Event {
            retry: Some(0),
            ..Event::default()
        };
        assert_eq!(encoded(&only), "retry: 0\n\n");
    }

    #[test]
    fn refuses_what_a_client_would_read_differently() {
        let id = |id: &str| Event {
            id: Some(id.into()),
            ..Event::default()
        };
        let kind = Event {
            event: Some("a\rb".into()),
            ..Event::new("x")
        };
        assert_eq!(kind.encode(), Err(EventError::LineBreak("type")));
        assert_eq!(id("a\nb").encode(), Err(EventError::LineBreak("id")));
        assert_eq!(id("a\0b").encode(), Err(EventError::Nul));
        assert_eq!(Event::default().encode(), Err(EventError::Empty));
    }
}
