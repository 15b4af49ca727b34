//! The table of settings, for the tests that compare Ruby's own list with it.

use magnus::{RArray, Ruby};
use sabir_core::Settings;

/// Every setting as name, JSON Schema, default and documentation; schema and default are JSON text.
pub(crate) fn settings(ruby: &Ruby) -> RArray {
    ruby.ary_from_iter(Settings::table().into_iter().map(|setting| {
        let (schema, default) = (setting.kind.schema().to_string(), setting.default.to_string());
        (setting.name, schema, default, setting.documentation)
    }))
}
