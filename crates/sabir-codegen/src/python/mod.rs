//! The Python suite: applications as a user would write them, checked by the exchanges of their fixtures.

mod application;
mod body;
mod collect;
mod handler;
mod imports;
mod literal;
mod models;
mod names;
mod parameter;
mod problem;
mod socket;
mod stages;
mod style;
mod types;

use std::collections::BTreeMap;

use crate::{fixture::Fixture, output::Files};

const HEADER: &str = "# Generated from testing_data by `./task generate`. Do not edit.\n";

/// The files of `e2e/python/generated`.
pub fn generate(fixtures: &[Fixture]) -> Files {
    let mut categories: BTreeMap<&str, Vec<&Fixture>> = BTreeMap::new();
    for fixture in fixtures {
        categories.entry(&fixture.category).or_default().push(fixture);
    }
    let mut files = Files::new("e2e/python/generated");
    for (category, fixtures) in categories {
        files.add(format!("test_{category}.py"), category_file(category, &fixtures));
    }
    files
}

fn category_file(category: &str, fixtures: &[&Fixture]) -> String {
    let tests: String = fixtures.iter().map(|fixture| test(fixture)).collect();
    let imports = imports::of(&tests);
    format!("{HEADER}\"\"\"The fixtures of ``testing_data/{category}``.\"\"\"\n\n{imports}\n{tests}")
}

fn test(fixture: &Fixture) -> String {
    let mark = if fixture.needs_socket() {
        "@pytest.mark.socket\n"
    } else {
        ""
    };
    let source = application::source(fixture);
    let about = fixture.content.about.replace('\\', "\\\\").replace('"', "'");
    format!(
        "\n\n{mark}def test_{}(check: Check) -> None:\n    \"\"\"{about}\"\"\"\n{source}\n    check(app)\n",
        fixture.name,
    )
}
