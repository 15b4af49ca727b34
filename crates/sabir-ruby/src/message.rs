//! Messages of Ruby.

use magnus::{Error, RString, Ruby};
use sabir_core::websocket::Message;

use crate::{error, value};

/// A string as a message: text, or bytes of no particular kind.
///
/// # Errors
/// It is text that is not UTF-8.
pub(crate) fn message(ruby: &Ruby, content: RString) -> Result<Message, Error> {
    if !value::is_text(ruby, content) {
        return Ok(Message::Binary(value::content(content)));
    }
    let content = if content.is_utf8_compatible_encoding() {
        content
    } else {
        content.conv_enc(ruby.utf8_encoding())?
    };
    match content.to_string() {
        Ok(text) => Ok(Message::Text(text)),
        Err(_) => Err(error::argument(
            ruby,
            "a message is not UTF-8; send it as binary".into(),
        )),
    }
}
