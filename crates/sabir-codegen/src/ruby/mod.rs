//! The Ruby suite: applications as a user would write them, checked by the exchanges of their fixtures.

mod application;
mod body;
mod collect;
mod handler;
mod literal;
mod names;
mod parameters;
mod response;
mod route;
mod schema;
mod socket;
mod stages;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::{
    fixture::Fixture,
    layout::{self, Code},
    output::Files,
};

const HEADER: &str = "# frozen_string_literal: true\n\n# Generated from testing_data by `./task generate`. Do not edit.\n\n\
                      require_relative \"../support\"\n";

/// The files of `e2e/ruby/generated`.
pub fn generate(fixtures: &[Fixture]) -> Files {
    let mut categories: BTreeMap<&str, Vec<&Fixture>> = BTreeMap::new();
    for fixture in fixtures {
        categories.entry(&fixture.category).or_default().push(fixture);
    }
    let mut files = Files::new("e2e/ruby/generated");
    for (category, fixtures) in categories {
        files.add(format!("{category}_test.rb"), category_file(category, &fixtures));
    }
    files
}

fn category_file(category: &str, fixtures: &[&Fixture]) -> String {
    let tests: String = fixtures.iter().map(|fixture| test(fixture)).collect();
    let name = names::class(category);
    let category = literal::string(category);
    format!("{HEADER}\nclass {name}Test < FixtureTest\n  category {category}\n{tests}end\n")
}

/// The test of one fixture: what it is about, and the application.
fn test(fixture: &Fixture) -> String {
    let about = layout::comment("  #", &fixture.content.about);
    let open = format!("fixture {} do", literal::string(&fixture.name));
    let test = Code::block(&open, application::statements(fixture), "end");
    format!("\n{about}{}\n", test.print(2))
}
