//! The stages of TypeScript, as functions.

use sabir_core::{
    options::OptionInfo,
    stage::{self, StageInfo},
};

use super::super::{
    text::wrap,
    typescript::{comment, in_properties, property, type_of},
};
use crate::output::Files;

const HEAD: &str = "// Generated from the runtime's tables by `./task generate`. Do not edit.

import { named, type Stage } from \"./stage.js\";
";

pub(super) fn generate() -> Files {
    let mut files = Files::among_others("packages/node/src");
    let stages: String = stage::table().iter().map(stage_of).collect();
    files.add("stages.ts", format!("{HEAD}{stages}"));
    files
}

fn stage_of(info: &StageInfo) -> String {
    let StageInfo {
        name,
        type_name,
        documentation,
        options,
    } = info;
    let members: String = options.iter().map(|option| member(option, options)).collect();
    let first = documentation.split(['.', ':']).next().unwrap_or_default();
    let function = property(name);
    let text = unindented(&comment(&in_properties(documentation, options)));
    let about = unindented(&comment(&format!(
        "The options of {{@link {function}}}: {}.",
        lower(first)
    )));
    format!(
        "\n{about}export interface {type_name}Options {{\n{members}}}\n\n{text}export const {function} = (options: {type_name}Options | false = {{}}): Stage => named({name:?}, options);\n"
    )
}

fn member(info: &OptionInfo, options: &[OptionInfo]) -> String {
    let text = comment(&in_properties(info.documentation, options));
    format!(
        "{text}  readonly {}?: {};\n",
        property(info.name),
        type_of(info.kind)
    )
}

fn lower(text: &str) -> String {
    let text = wrap(text, usize::MAX, 0).join("");
    let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    first.to_lowercase() + rest
}

fn unindented(comment: &str) -> String {
    comment
        .lines()
        .map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned() + "\n")
        .collect()
}
