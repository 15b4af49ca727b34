//! The stages of each language, and their page of the reference.

mod python;
mod reference;
mod ruby;
mod typescript;

use crate::output::Files;

/// The files of the packages.
pub(super) fn generate() -> Vec<Files> {
    vec![
        python::generate(),
        typescript::generate(),
        ruby::generate(),
        ruby::signatures(),
    ]
}

pub(super) use reference::page;
