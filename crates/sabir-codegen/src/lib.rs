//! Reads fixtures and generates the end-to-end suites from them.
//!
//! The suites of interpreted languages are source that a user could have written; the Rust suite, where one handler a
//! fixture would cost minutes of compiling, reads the same fixtures through [`fixture`] when it runs.

pub mod fixture;
mod layout;
pub mod output;
pub mod python;
pub mod ruby;
pub mod rust;
pub mod tables;
mod turns;
pub mod typescript;
