//! What the fuzzer runs: each target is a function of arbitrary bytes that fails an assertion when the core breaks a
//! promise, or takes more memory or time than the size of its input permits.
//!
//! `fuzz/` wraps these functions for libFuzzer, which needs a nightly compiler. The tests of this crate run the same
//! functions over `seeds/` and over mutations of them, so that the ordinary suite exercises them on stable too.

mod input;
mod json_schema;
mod multipart;
mod parameter_decoding;
mod path_matching;
mod watch;

pub use json_schema::json_schema;
pub use multipart::multipart;
pub use parameter_decoding::parameter_decoding;
pub use path_matching::path_matching;
