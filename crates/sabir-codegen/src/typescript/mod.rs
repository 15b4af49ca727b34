//! The TypeScript suite: applications as a user would write them, checked by the exchanges of their fixtures.

mod application;
mod body;
mod collect;
mod handler;
mod imports;
mod literal;
mod names;
mod options;
mod parameters;
mod path;
mod response;
mod socket;
mod stages;
#[cfg(test)]
mod tests;
mod zod;

use std::collections::BTreeMap;

use crate::{
    fixture::{Fixture, Need},
    layout::{self, Code},
    output::Files,
};

const HEADER: &str = "// Generated from testing_data by `./task generate`. Do not edit.\n";

/// The files of `e2e/node/generated`.
pub fn generate(fixtures: &[Fixture]) -> Files {
    let mut categories: BTreeMap<&str, Vec<&Fixture>> = BTreeMap::new();
    for fixture in fixtures {
        categories.entry(&fixture.category).or_default().push(fixture);
    }
    let mut files = Files::new("e2e/node/generated");
    for (category, fixtures) in categories {
        files.add(format!("{category}.test.ts"), category_file(&fixtures));
    }
    files
}

fn category_file(fixtures: &[&Fixture]) -> String {
    let tests: String = fixtures.iter().map(|fixture| test(fixture)).collect();
    let imports = imports::of(&tests);
    format!("{HEADER}{imports}{tests}")
}

/// The test of one fixture: what it is about, and the application.
fn test(fixture: &Fixture) -> String {
    let head = if fixture.content.needs.contains(&Need::Files) {
        "(folder) => {"
    } else {
        "() => {"
    };
    let build = Code::block(head, application::statements(fixture), "}");
    let check = Code::call("check", vec![literal::string(&fixture.path()).into(), build]);
    format!(
        "\n{}{}\n",
        layout::comment("//", &fixture.content.about),
        check.with_suffix(";").print(0)
    )
}
