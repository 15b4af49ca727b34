//! Documents in files, for tests that tell when one has changed.

use std::{env, fs, io, path::Path};

use super::difference::difference;

/// The variable of the environment that has files written.
const UPDATE: &str = "SABIR_UPDATE_DOCUMENTS";

/// Compares `document` with what is in the file at `path`, and says how they differ, for a person; nothing where they do not.
///
/// The file is written where there is none, unless the variable `CI` is set, and where the variable `SABIR_UPDATE_DOCUMENTS` is.
///
/// ```
/// use sabir_http::check_snapshot;
/// use serde_json::json;
///
/// # fn main() -> std::io::Result<()> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("openapi.json");
/// # std::fs::write(&path, "{\n  \"openapi\": \"3.1.0\"\n}\n")?;
/// assert_eq!(check_snapshot(&path, &json!({ "openapi": "3.1.0" }))?, None);
/// let difference = check_snapshot(&path, &json!({ "openapi": "3.2.0" }))?;
/// assert!(difference.unwrap().contains("-  \"openapi\": \"3.1.0\"\n+  \"openapi\": \"3.2.0\"\n"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The file can be neither read nor written.
pub fn check_snapshot(path: &Path, document: &serde_json::Value) -> io::Result<Option<String>> {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let text = format!("{document:#}\n");
    let kept = match fs::read_to_string(path) {
        Ok(kept) => kept,
        Err(error) if error.kind() == io::ErrorKind::NotFound && is_set("CI") && !is_set(UPDATE) => {
            return Ok(Some(format!("There is no file {}.", path.display())));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::write(path, text)?;
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    // Tools of Windows may have written it.
    if kept.replace("\r\n", "\n") == text {
        return Ok(None);
    }
    if is_set(UPDATE) {
        fs::write(path, text)?;
        return Ok(None);
    }
    Ok(Some(format!(
        "The document differs from {}; {UPDATE}=1 writes it anew.\n{}",
        path.display(),
        difference(&kept, &text)
    )))
}
