//! Generates the end-to-end suites from `testing_data`, the schema of fixtures, and from the runtime's tables the reference
//! pages and the settings of the packages.

use std::{error::Error, path::Path, process::ExitCode};

use sabir_codegen::{fixture, python, ruby, rust, tables, typescript};

const USAGE: &str = "usage: sabir-codegen [ROOT]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => ".",
        [root] => root,
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match generate(Path::new(root)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(root: &Path) -> Result<(), Box<dyn Error>> {
    let fixtures = fixture::load_all(&root.join("testing_data"))?;
    rust::generate(&fixtures).write(root)?;
    python::generate(&fixtures).write(root)?;
    ruby::generate(&fixtures).write(root)?;
    typescript::generate(&fixtures).write(root)?;
    for files in tables::generate() {
        files.write(root)?;
    }
    fixture::generate_schema().write(root)?;
    Ok(())
}
