//! The classes of problems, one for each kind of the table.

use sabir_core::ProblemType;

use crate::output::Files;

/// How a class is made, by what its problems may say beside what all of them do.
enum Base {
    Named,
    /// `errors`.
    Validation,
    /// When to try again.
    Retry,
}

impl Base {
    fn of(kind: ProblemType) -> Self {
        match kind {
            ProblemType::ValidationFailed => Self::Validation,
            ProblemType::TooManyRequests | ProblemType::ServiceUnavailable => Self::Retry,
            _ => Self::Named,
        }
    }
}

/// The name of the class that a class is made of, in Python and in Ruby.
pub(super) fn class_name(kind: ProblemType) -> &'static str {
    match Base::of(kind) {
        Base::Named => "NamedProblem",
        Base::Validation => "ValidationProblem",
        Base::Retry => "RetryProblem",
    }
}

/// The text of a class: `404: no route matches the path.`
fn text(kind: ProblemType) -> String {
    let text = kind.documentation();
    let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    format!("{}: {}{rest}", kind.status(), first.to_lowercase())
}

pub(super) fn python() -> Files {
    let mut module = String::from(
        r#""""The problems that the runtime knows, one class each: raise or return them.

Generated from the runtime's table by ``./task generate``. Do not edit.
"""

from sabir.problem import NamedProblem, RetryProblem, ValidationProblem
"#,
    );
    for kind in ProblemType::ALL {
        let base = class_name(*kind);
        let text = text(*kind).replace('`', "``");
        let (status, slug, title) = (kind.status(), kind.slug(), kind.title());
        module += &format!(
            "\n\nclass {kind:?}({base}):\n    \"\"\"{text}\"\"\"\n\n    _status, _slug, _title = {status}, {slug:?}, {title:?}\n"
        );
    }
    let mut files = Files::among_others("packages/python/sabir");
    files.add("problems.py", module);
    files
}

pub(super) fn ruby() -> Files {
    let mut module = String::from(
        "# frozen_string_literal: true\n\n# Generated from the runtime's table by `./task generate`. Do not edit.\n\nmodule Sabir\n",
    );
    let classes: Vec<String> = ProblemType::ALL.iter().map(|kind| ruby_class(*kind)).collect();
    module += &classes.join("\n");
    module += "end\n";
    let mut files = Files::among_others("packages/ruby/lib/sabir");
    files.add("problems.rb", module);
    files
}

fn ruby_class(kind: ProblemType) -> String {
    let base = class_name(kind);
    let (text, status, slug, title) = (text(kind), kind.status(), kind.slug(), kind.title());
    format!(
        "  # {text}\n  class {kind:?} < {base}\n    STATUS = {status}\n    SLUG = {slug:?}\n    TITLE = {title:?}\n  end\n"
    )
}

pub(super) fn typescript() -> Files {
    let mut module = String::from(
        "// Generated from the runtime's table by `./task generate`. Do not edit.\n\nimport { share } from \"./kind.js\";\n\
         import { named, retryable } from \"./problem.js\";\n\n",
    );
    for kind in ProblemType::ALL {
        let make = match Base::of(*kind) {
            Base::Named | Base::Validation => "named",
            Base::Retry => "retryable",
        };
        let (text, status) = (text(*kind), kind.status());
        module += &format!(
            "/** {text} */\nexport class {kind:?} extends {make}(\"{kind:?}\", {status}) {{}}\nshare({kind:?}, \"{kind:?}\");\n\n"
        );
    }
    let mut files = Files::among_others("packages/node/src");
    files.add("problems.ts", module.trim_end().to_owned() + "\n");
    files
}
