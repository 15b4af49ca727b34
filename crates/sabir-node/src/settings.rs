//! The tables of settings and problems, for the tests that compare the package's own lists with them.

use napi_derive::napi;
use sabir_core::{ProblemType, Settings, settings::SETTINGS_OF_THREADS};

/// Every setting as name, JSON Schema, default and documentation; schema and default are JSON text.
#[napi]
pub fn settings() -> Vec<Vec<String>> {
    Settings::table()
        .into_iter()
        .filter(|setting| !SETTINGS_OF_THREADS.contains(&setting.name))
        .map(|setting| {
            vec![
                setting.name.into(),
                setting.kind.schema().to_string(),
                setting.default.to_string(),
                setting.documentation.into(),
            ]
        })
        .collect()
}

/// Every kind of problem as status, last part of its `type`, and title.
#[napi]
pub fn problems() -> Vec<Vec<String>> {
    ProblemType::ALL
        .iter()
        .map(|kind| vec![kind.status().to_string(), kind.slug().into(), kind.title().into()])
        .collect()
}
