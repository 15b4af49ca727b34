//! `Settings` of Python.

use sabir_core::{
    Settings,
    options::{OptionInfo, OptionKind},
};

use super::text::wrap;
use crate::output::Files;

const HEAD: &str = r#""""The settings of an application, by the names that every language uses.

Generated from the runtime's tables by ``./task generate``. Do not edit.
"""

from typing import Annotated, Literal, TypedDict

import msgspec


class Settings(TypedDict, total=False):
    """How an application behaves; every setting has a default in the runtime."""

"#;

/// The width of lines without the indentation.
const WIDTH: usize = 116;

pub(super) fn generate() -> Files {
    let mut files = Files::among_others("packages/python/sabir");
    let settings: String = Settings::table().iter().map(setting).collect();
    files.add("settings.py", format!("{HEAD}{settings}"));
    files
}

fn setting(info: &OptionInfo) -> String {
    // A route's own limits are options of the decorator.
    let text = info.documentation.replace("`x-sabir.", "`").replace('`', "``");
    let quotes = r#"""""#;
    // The quotes stand before the first line and behind the last one.
    let lines = wrap(&format!("{quotes}{text}"), WIDTH, quotes.len());
    format!(
        "    {}: {}\n    {}{quotes}\n",
        info.name,
        type_of(info.kind),
        lines.join("\n    ")
    )
}

pub(super) fn type_of(kind: OptionKind) -> String {
    match kind {
        OptionKind::Boolean => "bool".into(),
        OptionKind::Unsigned {
            least,
            most: u64::MAX,
        } => format!("Annotated[int, msgspec.Meta(ge={least})]"),
        OptionKind::Unsigned { least, most } => {
            format!("Annotated[int, msgspec.Meta(ge={least}, le={most})]")
        }
        OptionKind::Text([]) => "str".into(),
        OptionKind::Text(choices) => {
            let choices: Vec<String> = choices.iter().map(|choice| format!("{choice:?}")).collect();
            format!("Literal[{}]", choices.join(", "))
        }
        OptionKind::Texts => "list[str]".into(),
    }
}
