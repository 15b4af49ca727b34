//! Header fields that many answers have, read once.

use http::HeaderMap;
use magnus::{Error, Module, RHash, RModule, RTypedData, Ruby, TryConvert, Value, function, prelude::*};

use crate::{error, rack_answer};

/// The header fields of an answer of Rack, in place of a Hash of them.
#[magnus::wrap(class = "Sabir::Native::Fields", free_immediately)]
pub(crate) struct Fields(HeaderMap);

impl Fields {
    /// Reads the fields of a Hash of strings.
    fn new(ruby: &Ruby, fields: RHash) -> Result<Self, Error> {
        let fields = rack_answer::fields(ruby, fields)?;
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

pub(crate) fn define(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = native.define_class("Fields", ruby.class_object())?;
    class.undef_default_alloc_func();
    class.define_singleton_method("new", function!(Fields::new, 1))
}
