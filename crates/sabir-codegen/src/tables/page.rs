//! What pages of the reference have in common.

use sabir_core::options::{OptionInfo, OptionKind};

pub(super) const HEADER: &str =
    "<!-- Generated from the runtime's tables by `./task generate`. Do not edit. -->\n";

/// The rows of a table of options.
pub(super) fn rows(options: Vec<OptionInfo>) -> String {
    let mut rows = String::new();
    for OptionInfo {
        name,
        kind,
        default,
        documentation,
    } in options
    {
        let takes = match kind {
            OptionKind::Text(choices) if !choices.is_empty() => choices
                .iter()
                .map(|choice| format!("`\"{choice}\"`"))
                .collect::<Vec<_>>()
                .join(", "),
            kind => kind.description(),
        };
        let documentation = documentation.split_whitespace().collect::<Vec<_>>().join(" ");
        rows += &format!("| `{name}` | {takes} | `{default}` | {documentation} |\n");
    }
    rows
}
