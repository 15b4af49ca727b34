//! The Rust suite: the names of the fixtures, as tests.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::{fixture::Fixture, output::Files};

const HEADER: &str = "// Generated from testing_data by `./task generate`. Do not edit.\n";

/// Where tests run under Node, `#[test]` means those.
const EXTERN: &str = "#[cfg(target_family = \"wasm\")]\n#[macro_use]\nextern crate sabir_wasm_test;\n\n";

/// The files of `e2e/rust/tests/fixtures`.
pub fn generate(fixtures: &[Fixture]) -> Files {
    let mut categories: BTreeMap<&str, Vec<&Fixture>> = BTreeMap::new();
    for fixture in fixtures {
        categories.entry(&fixture.category).or_default().push(fixture);
    }
    let mut files = Files::new("e2e/rust/tests/fixtures");
    let mut main =
        format!("{HEADER}//! Every fixture of `testing_data`, on every way that it can be sent.\n\n{EXTERN}");
    for (category, fixtures) in categories {
        let _ = writeln!(main, "mod {category};");
        files.add(format!("{category}.rs"), category_file(category, &fixtures));
    }
    files.add("main.rs", main);
    files
}

fn category_file(category: &str, fixtures: &[&Fixture]) -> String {
    let (socket, any): (Vec<&Fixture>, Vec<&Fixture>) =
        fixtures.iter().partition(|fixture| fixture.needs_socket());
    let (served, any): (Vec<&Fixture>, Vec<&Fixture>) =
        any.into_iter().partition(|fixture| fixture.needs_server());
    let (every, both): (Vec<&Fixture>, Vec<&Fixture>) = any.iter().partition(|fixture| fixture.fits_http2());
    let (served, of_http1): (Vec<&Fixture>, Vec<&Fixture>) =
        served.iter().partition(|fixture| fixture.fits_http2());
    let list = |fixtures: &[&Fixture]| {
        if fixtures.is_empty() {
            return "[]".to_owned();
        }
        let lines: String = fixtures
            .iter()
            .map(|fixture| format!("        {},\n", fixture.name))
            .collect();
        format!("[\n{lines}    ]")
    };
    format!(
        "{HEADER}\nsabir_e2e::fixtures! {{\n    \"{category}\"\n    every: {}\n    both: {}\n    \
         served: {}\n    of_http1: {}\n    socket: {}\n}}\n",
        list(&every),
        list(&both),
        list(&served),
        list(&of_http1),
        list(&socket)
    )
}
