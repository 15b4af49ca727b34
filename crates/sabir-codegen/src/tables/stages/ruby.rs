//! The stages of Ruby, as classes, and their signatures.

use sabir_core::{
    options::OptionInfo,
    stage::{self, StageInfo},
};

use super::super::{
    ruby::{GENERATED, type_of},
    text::wrap,
};
use crate::output::Files;

/// The width of the text of comments.
const WIDTH: usize = 120;

pub(super) fn generate() -> Files {
    let classes: Vec<String> = stage::table().iter().map(class).collect();
    let mut files = Files::among_others("packages/ruby/lib/sabir");
    let module = format!(
        "# frozen_string_literal: true\n\n{GENERATED}\n\nmodule Sabir\n{}end\n",
        classes.join("\n")
    );
    files.add("stages.rb", module);
    files
}

fn class(info: &StageInfo) -> String {
    let StageInfo {
        name,
        type_name,
        documentation,
        options,
    } = info;
    let text = wrap(documentation, WIDTH, 0).join("\n  # ");
    let described: String = options.iter().map(option).collect();
    format!("  # {text}\n  #\n{described}  class {type_name} < Stage\n    NAME = {name:?}\n  end\n")
}

fn option(info: &OptionInfo) -> String {
    let default = info.default.to_string();
    let text = format!(
        "- `{}:` {} ({default})",
        info.name,
        info.documentation.trim_end_matches('.')
    );
    format!("  # {}\n", wrap(&text, WIDTH, 0).join("\n  #   "))
}

pub(super) fn signatures() -> Files {
    let classes: Vec<String> = stage::table().iter().map(signature).collect();
    let mut files = Files::among_others("packages/ruby/sig/sabir");
    files.add(
        "stages.rbs",
        format!("{GENERATED}\n\nmodule Sabir\n{}end\n", classes.join("\n")),
    );
    files
}

fn signature(info: &StageInfo) -> String {
    let keywords: Vec<String> = info
        .options
        .iter()
        .map(|option| format!("      ?{}: {}", option.name, type_of(option.kind)))
        .collect();
    format!(
        "  class {} < Stage\n    NAME: String\n\n    def initialize: (\n{}\n    ) -> void\n  end\n",
        info.type_name,
        keywords.join(",\n")
    )
}
