//! The table of settings, for the tests that compare Python's own list with it.

use pyo3::prelude::*;
use sabir_core::{Settings, settings::SettingKind};

/// Every setting as name, kind, permitted values, default as JSON text, and documentation. The kind is `"boolean"`,
/// `"unsigned"` or `"string"`.
#[pyfunction]
pub(crate) fn settings() -> Vec<(
    &'static str,
    &'static str,
    Vec<&'static str>,
    String,
    &'static str,
)> {
    Settings::table()
        .into_iter()
        .map(|setting| {
            let (kind, choices) = match setting.kind {
                SettingKind::Boolean => ("boolean", Vec::new()),
                SettingKind::Unsigned => ("unsigned", Vec::new()),
                SettingKind::String(choices) => ("string", choices.to_vec()),
            };
            (
                setting.name,
                kind,
                choices,
                setting.default.to_string(),
                setting.documentation,
            )
        })
        .collect()
}
