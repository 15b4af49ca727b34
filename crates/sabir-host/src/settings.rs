//! Settings as a host gives them.

use sabir_core::{Settings, SetupError};
use serde_json::Value as Json;

/// Reads settings by their names; those that are not given have their defaults. None of `unknown` may be given.
///
/// # Errors
/// There is no such setting, or a value has another type or is out of range.
pub fn read<'a>(
    given: impl IntoIterator<Item = (&'a str, &'a Json)>,
    unknown: &[&str],
) -> Result<Settings, SetupError> {
    let mut settings = Settings::default();
    for (name, value) in given {
        if unknown.contains(&name) {
            return Err(
                SetupError::new(name, "it means nothing in this language", "leave it out").at("settings"),
            );
        }
        settings.set(name, value)?;
    }
    Ok(settings)
}
