//! `Settings` of TypeScript.

use sabir_core::{
    Settings,
    options::{OptionInfo, OptionKind},
    settings::SETTINGS_OF_THREADS,
};

use super::text::wrap;
use crate::output::Files;

const HEAD: &str = "// Generated from the runtime's tables by `./task generate`. Do not edit.

/** How an application behaves; every setting has a default in the runtime. */
export interface Settings {
";

/// The width of the text of comments.
const WIDTH: usize = 125;

pub(super) fn generate() -> Files {
    let mut files = Files::among_others("packages/node/src");
    let table: Vec<OptionInfo> = Settings::table()
        .into_iter()
        .filter(|info| !SETTINGS_OF_THREADS.contains(&info.name))
        .collect();
    let settings: String = table.iter().map(|info| setting(info, &table)).collect();
    files.add("settings.ts", format!("{HEAD}{settings}}}\n"));
    files
}

fn setting(info: &OptionInfo, table: &[OptionInfo]) -> String {
    let name = property(info.name);
    let comment = comment(&in_properties(info.documentation, table));
    format!("{comment}  readonly {name}?: {};\n", type_of(info.kind))
}

/// The text with the names of settings as this language has them. A route's own limits are options of the route.
pub(super) fn in_properties(text: &str, table: &[OptionInfo]) -> String {
    let mut parts: Vec<String> = text.split('`').map(str::to_owned).collect();
    // Every second part stands between two marks.
    for part in parts.iter_mut().skip(1).step_by(2) {
        let name = part.strip_prefix("x-sabir.").unwrap_or(part);
        let name = name.strip_prefix("websocket.").unwrap_or(name);
        if name.len() < part.len() || table.iter().any(|info| info.name == name) {
            *part = property(name);
        }
    }
    parts.join("`")
}

pub(super) fn property(name: &str) -> String {
    let mut property = String::new();
    for (index, word) in name.split('_').enumerate() {
        let (first, rest) = word.split_at(word.len().min(1));
        if index == 0 {
            property.push_str(first);
        } else {
            property.push_str(&first.to_ascii_uppercase());
        }
        property.push_str(rest);
    }
    property
}

pub(super) fn comment(text: &str) -> String {
    let one_line = format!("  /** {} */", wrap(text, usize::MAX, 0).join(""));
    if one_line.chars().count() <= WIDTH + 5 {
        return one_line + "\n";
    }
    let lines: String = wrap(text, WIDTH, 0)
        .iter()
        .map(|line| format!("   * {line}\n"))
        .collect();
    format!("  /**\n{lines}   */\n")
}

pub(super) fn type_of(kind: OptionKind) -> String {
    match kind {
        OptionKind::Boolean => "boolean".into(),
        OptionKind::Unsigned { .. } => "number".into(),
        OptionKind::Text([]) => "string".into(),
        OptionKind::Text(choices) => {
            let choices: Vec<String> = choices.iter().map(|choice| format!("{choice:?}")).collect();
            choices.join(" | ")
        }
        OptionKind::Texts => "readonly string[]".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_names_as_this_language_has_them() {
        let table = Settings::table();
        assert_eq!(property("header_timeout_ms"), "headerTimeoutMs");
        assert_eq!(property("http2"), "http2");
        let text = "A route's `x-sabir.body_limit`, `x-sabir.websocket.message_limit`, `part_limit` and `errors_truncated`.";
        assert_eq!(
            in_properties(text, &table),
            "A route's `bodyLimit`, `messageLimit`, `partLimit` and `errors_truncated`."
        );
    }
}
