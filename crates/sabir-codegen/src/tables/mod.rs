//! The runtime's tables of settings, stages and problems as documentation and as code of the host languages.

mod page;
mod problems;
mod python;
mod reference;
mod ruby;
mod stages;
mod static_files;
mod text;
mod typescript;

use crate::output::Files;

/// The pages of `docs/reference`, and the files of the packages.
pub fn generate() -> Vec<Files> {
    let mut files = vec![
        reference::generate(),
        python::generate(),
        typescript::generate(),
        ruby::settings(),
        ruby::signatures(),
        problems::python(),
        problems::ruby(),
        problems::typescript(),
    ];
    files.extend(stages::generate());
    files.extend(static_files::generate());
    files
}
