//! The table of settings, for the tests that compare Python's own list with it.

use pyo3::prelude::*;
use sabir_core::Settings;

/// Every setting as name, JSON Schema, default and documentation; schema and default are JSON text.
#[pyfunction]
pub(crate) fn settings() -> Vec<(&'static str, String, String, &'static str)> {
    Settings::table()
        .into_iter()
        .map(|setting| {
            let (schema, default) = (setting.kind.schema().to_string(), setting.default.to_string());
            (setting.name, schema, default, setting.documentation)
        })
        .collect()
}
