//! Has `#[test]` mean a test that `wasm-bindgen-test-runner` runs, in a crate that says:
//!
//! ```ignore
//! #[cfg(all(test, target_family = "wasm"))]
//! #[macro_use]
//! extern crate sabir_wasm_test;
//! ```

#[cfg(target_family = "wasm")]
pub use wasm_bindgen_test::wasm_bindgen_test as test;
