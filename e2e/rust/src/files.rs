//! Reading files of this repository, wherever the tests run.

use std::path::{Path, PathBuf};

/// Where the fixtures are: beside the package that runs. The directory that it was compiled in may be another, when clones
/// share their builds.
pub fn data_directory() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR");
    let package = package.unwrap_or_else(|| default_package().into());
    Path::new(&package).join("../../testing_data")
}

#[cfg(not(target_family = "wasm"))]
fn default_package() -> &'static str {
    env!("CARGO_MANIFEST_DIR")
}

/// Cargo runs tests in the directory of their package.
#[cfg(target_family = "wasm")]
fn default_package() -> &'static str {
    "."
}

#[cfg(not(target_family = "wasm"))]
pub(crate) fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| error.to_string())
}

#[cfg(target_family = "wasm")]
pub(crate) fn read(path: &Path) -> Result<String, String> {
    node::read(&path.to_string_lossy(), "utf8").map_err(|error| format!("{error:?}"))
}

#[cfg(target_family = "wasm")]
mod node {
    use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

    #[wasm_bindgen(module = "node:fs")]
    extern "C" {
        #[wasm_bindgen(js_name = readFileSync, catch)]
        pub(super) fn read(path: &str, encoding: &str) -> Result<String, JsValue>;
    }
}
