//! The stages of Python, as classes.

use sabir_core::{
    options::OptionInfo,
    stage::{self, StageInfo},
};

use super::super::{python::type_of, text::wrap};
use crate::output::Files;

const HEAD: &str = r#""""The stages of the runtime: what stands around handlers, and is done before Python is entered.

Generated from the runtime's tables by ``./task generate``. Do not edit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import msgspec

from sabir.stage import Stage
"#;

const QUOTES: &str = r#"""""#;

/// The width of lines without the indentation.
const WIDTH: usize = 116;

pub(super) fn generate() -> Files {
    let mut files = Files::among_others("packages/python/sabir");
    let classes: String = stage::table().iter().map(class).collect();
    let head: String = HEAD
        .lines()
        .map(|line| unused(line, &classes))
        .collect::<Vec<_>>()
        .join("\n");
    files.add(
        "stages.py",
        format!("{}\n{classes}", head.replace("\n\n\n\n", "\n\n")),
    );
    files
}

/// An import without what no class needs.
fn unused(line: &str, classes: &str) -> String {
    let Some((from, names)) = line.split_once(" import ") else {
        let is_needed =
            !line.starts_with("import ") || classes.contains(&format!("{}.", &line["import ".len()..]));
        return if is_needed { line.to_owned() } else { String::new() };
    };
    let needed: Vec<&str> = names.split(", ").filter(|name| classes.contains(name)).collect();
    format!("{from} import {}", needed.join(", "))
}

fn class(info: &StageInfo) -> String {
    let StageInfo {
        name,
        type_name,
        documentation,
        options,
    } = info;
    let text = docstring(documentation);
    let options: String = options.iter().map(option).collect();
    format!(
        "\n\n@dataclass(frozen=True, kw_only=True)\nclass {type_name}(Stage):\n    {QUOTES}{text}{QUOTES}\n\n    name: ClassVar[str] = {name:?}\n\n{options}"
    )
}

fn option(info: &OptionInfo) -> String {
    let of_type = type_of(info.kind).replace("list[", "Sequence[");
    let default = match &info.default {
        serde_json::Value::Bool(true) => "True".into(),
        serde_json::Value::Bool(false) => "False".into(),
        serde_json::Value::Array(items) => match items.as_slice() {
            [] => "()".into(),
            [one] => format!("({one},)"),
            several => format!(
                "({})",
                several
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        },
        other => other.to_string(),
    };
    format!(
        "    {}: {of_type} = {default}\n    {QUOTES}{}{QUOTES}\n",
        info.name,
        text(info.documentation, QUOTES.len())
    )
}

/// `documentation` as the docstring of a class: where it is more than a line, its first sentence stands alone.
fn docstring(documentation: &str) -> String {
    let whole = text(documentation, QUOTES.len());
    match documentation.split_once(". ") {
        Some((first, rest)) if whole.contains('\n') => {
            let rest = wrap(&rest.replace('`', "``"), WIDTH, 0).join("\n    ");
            format!("{}.\n\n    {rest}\n    ", text(first, 1))
        }
        _ => whole,
    }
}

/// `documentation` within the quotes of a docstring.
fn text(documentation: &str, last: usize) -> String {
    let text = documentation.replace('`', "``");
    wrap(&format!("{QUOTES}{text}"), WIDTH, last)
        .join("\n    ")
        .trim_start_matches(QUOTES)
        .to_owned()
}
