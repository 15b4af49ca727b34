//! The options of folders whose files are answers, in each language, and their page of the reference.

use sabir_core::{
    options::{OptionInfo, OptionKind},
    pipeline::StaticFiles,
};

use super::{
    page::{HEADER, rows},
    python, ruby,
    text::wrap,
    typescript::{self, comment, in_properties, property},
};
use crate::output::Files;

const PYTHON: &str = r#""""The options of ``static``, by the names that every language uses.

Generated from the runtime's tables by ``./task generate``. Do not edit.
"""

from collections.abc import Sequence
from typing import Literal, TypedDict


class StaticOptions(TypedDict, total=False):
    """How the files of a folder are sent; every option has a default in the runtime."""

"#;

const TYPESCRIPT: &str = "// Generated from the runtime's tables by `./task generate`. Do not edit.

/** Which files of which folder are sent, and how. */
export interface StaticOptions {
";

/// The width of lines of Python without the indentation.
const WIDTH: usize = 116;

/// The name of the option that has no default.
const REQUIRED: &str = "directory";

pub(super) fn generate() -> Vec<Files> {
    vec![python_types(), typescript_types(), ruby_signature()]
}

fn python_types() -> Files {
    let table = StaticFiles::table();
    let options = table.iter().filter(|info| info.name != REQUIRED);
    let options: String = options.map(python_option).collect();
    let mut files = Files::among_others("packages/python/sabir");
    files.add("static_options.py", format!("{PYTHON}{options}"));
    files
}

fn python_option(info: &OptionInfo) -> String {
    let of_type = python::type_of(info.kind).replace("list[", "Sequence[");
    let none = if StaticFiles::is_optional(info.name) {
        " | None"
    } else {
        ""
    };
    let quotes = "\"\"\"";
    let text = info.documentation.replace('`', "``");
    let lines = wrap(&format!("{quotes}{text}"), WIDTH, quotes.len());
    format!(
        "    {}: {of_type}{none}\n    {}{quotes}\n",
        info.name,
        lines.join("\n    ")
    )
}

fn typescript_types() -> Files {
    let table = StaticFiles::table();
    let members: String = table
        .iter()
        .map(|info| {
            let text = comment(&in_properties(info.documentation, &table));
            let mark = if info.name == REQUIRED { "" } else { "?" };
            let none = if StaticFiles::is_optional(info.name) {
                " | null"
            } else {
                ""
            };
            let of_type = typescript::type_of(info.kind);
            format!(
                "{text}  readonly {}{mark}: {of_type}{none};\n",
                property(info.name)
            )
        })
        .collect();
    let mut files = Files::among_others("packages/node/src");
    files.add("static-options.ts", format!("{TYPESCRIPT}{members}}}\n"));
    files
}

fn ruby_signature() -> Files {
    let table = StaticFiles::table();
    let options = table.iter().filter(|info| info.name != REQUIRED);
    let keywords: Vec<String> = options
        .map(|info| {
            let of_type = match info.kind {
                OptionKind::Text(choices) if !choices.is_empty() => {
                    format!("{} | Symbol", ruby::type_of(info.kind))
                }
                kind => ruby::type_of(kind),
            };
            let none = if StaticFiles::is_optional(info.name) {
                "?"
            } else {
                ""
            };
            format!("      ?{}: {of_type}{none}", info.name)
        })
        .collect();
    let mut files = Files::among_others("packages/ruby/sig/sabir");
    files.add(
        "static_files.rbs",
        format!(
            "{}\n\nmodule Sabir\n  module Routes\n    def static: (\n      String path, _ToS directory,\n      ?use: untyped,\n      ?security: untyped,\n{}\n    ) -> self\n  end\nend\n",
            ruby::GENERATED,
            keywords.join(",\n")
        ),
    );
    files
}

/// `docs/reference/static-files.md`.
pub(super) fn page() -> String {
    let mut page = format!(
        "{HEADER}# Static files\n\nThe files of a folder, answered by the runtime: in Python `app.static(\"/assets\", \"public\", index=None)`, in TypeScript\n\
         `app.static(\"/assets\", {{ directory: \"public\", index: null }})`, in Ruby `app.static(\"/assets\", \"public\", index: nil)`, in Rust\n\
         `Sabir::new().static_files(\"/assets\", StaticFiles {{ index: String::new(), ..StaticFiles::new(\"public\") }})`. What they mean is told in\n\
         [the guide](../guide/static-files.md). Beside them there are `use` and `security`, as of routes.\n\n\
         | option | takes | default | |\n|---|---|---|---|\n"
    );
    page += &rows(StaticFiles::table());
    page
}
