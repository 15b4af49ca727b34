//! Header fields of answers of Rack, and those that many answers have, which are read once.

use http::{HeaderMap, HeaderName, HeaderValue, header::TRANSFER_ENCODING};
use magnus::{
    Error, RArray, RHash, RModule, RString, RTypedData, Ruby, TryConvert, Value, function, prelude::*,
    r_hash::ForEach,
};

use crate::{class, error, value};

/// Keys of the application to the server.
const PRIVATE: &[u8] = b"rack.";

/// The header fields of an answer of Rack, in place of a Hash of them.
#[magnus::wrap(class = "Sabir::Native::Fields", free_immediately)]
pub(crate) struct Fields(HeaderMap);

impl Fields {
    /// Reads the fields of a Hash of strings.
    fn new(ruby: &Ruby, fields: RHash) -> Result<Self, Error> {
        let fields = read(ruby, fields)?;
        let problem = "header fields are strings, or arrays of strings";
        fields
            .map(Self)
            .ok_or_else(|| error::argument(ruby, problem.into()))
    }

    /// The fields that a value is.
    pub(crate) fn of(value: Value) -> Option<HeaderMap> {
        Self::reference(value).map(|fields| fields.0.clone())
    }

    /// Whether a value is some.
    pub(crate) fn are(value: Value) -> bool {
        Self::reference(value).is_some()
    }

    fn reference<'v>(value: Value) -> Option<&'v Self> {
        // Most values are not even of this kind, and an error would say more of them than anybody reads.
        RTypedData::from_value(value).and_then(|_| <&Self>::try_convert(value).ok())
    }
}

/// The header fields of a Hash of strings or arrays of strings. `None` where there is something else in it.
///
/// # Errors
/// A header field that cannot be sent.
pub(crate) fn read(ruby: &Ruby, headers: RHash) -> Result<Option<HeaderMap>, Error> {
    let mut fields = HeaderMap::with_capacity(headers.len());
    let mut are_plain = true;
    headers.foreach(|name: Value, value: Value| {
        are_plain = add(ruby, &mut fields, name, value)?;
        Ok(if are_plain {
            ForEach::Continue
        } else {
            ForEach::Stop
        })
    })?;
    Ok(are_plain.then_some(fields))
}

/// Adds a field. Whether it consists of strings.
fn add(ruby: &Ruby, fields: &mut HeaderMap, name: Value, field: Value) -> Result<bool, Error> {
    let Some(name) = RString::from_value(name).map(value::content) else {
        return Ok(false);
    };
    // Content that the application has coded itself is decoded first.
    if name.starts_with(PRIVATE) || name.eq_ignore_ascii_case(TRANSFER_ENCODING.as_str().as_bytes()) {
        return Ok(false);
    }
    let name = HeaderName::from_bytes(&name).map_err(|_| {
        let name = String::from_utf8_lossy(&name);
        error::argument(ruby, format!("{name:?} is not the name of a header field"))
    })?;
    if let Some(text) = RString::from_value(field) {
        // Up to Rack 2, several values are lines.
        for line in value::content(text).split(|byte| *byte == b'\n') {
            fields.append(&name, field_value(ruby, &name, line)?);
        }
        return Ok(true);
    }
    let Some(values) = RArray::from_value(field) else {
        return Ok(false);
    };
    for text in values {
        let Some(text) = RString::from_value(text) else {
            return Ok(false);
        };
        fields.append(&name, field_value(ruby, &name, &value::content(text))?);
    }
    Ok(true)
}

fn field_value(ruby: &Ruby, name: &HeaderName, text: &[u8]) -> Result<HeaderValue, Error> {
    HeaderValue::from_bytes(text).map_err(|_| {
        let text = String::from_utf8_lossy(text);
        error::argument(
            ruby,
            format!("{text:?} is not a value of the header field {name}"),
        )
    })
}

pub(crate) fn define(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = class::define::<Fields>(ruby, native, "Fields")?;
    class.define_singleton_method("new", function!(Fields::new, 1))
}
