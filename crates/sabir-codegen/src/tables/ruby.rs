//! The settings of Ruby, in the code and in its signatures.

use sabir_core::{
    ProblemType, Settings,
    options::{OptionInfo, OptionKind},
};

use super::{problems::class_name, text::wrap};
use crate::output::Files;

pub(super) const GENERATED: &str = "# Generated from the runtime's tables by `./task generate`. Do not edit.";

/// The width of the text of comments.
const WIDTH: usize = 120;

/// What each setting takes.
pub(super) fn settings() -> Files {
    let settings: String = Settings::table().iter().map(setting).collect();
    let module = format!(
        "# frozen_string_literal: true\n\n{GENERATED}\n\nmodule Sabir\n  # The settings of an application, the keywords of \
         `Sabir::App.new`, by the names that every language uses, and what each takes.\n  # Every one has a default in the \
         runtime.\n  SETTINGS = {{\n{settings}  }}.freeze\nend\n"
    );
    let mut files = Files::among_others("packages/ruby/lib/sabir");
    files.add("settings.rb", module);
    files
}

fn setting(info: &OptionInfo) -> String {
    // A route's own limits are options of the route.
    let text = info.documentation.replace("`x-sabir.", "`");
    let lines = wrap(&text, WIDTH, 0);
    format!(
        "    # {}\n    {}: {},\n",
        lines.join("\n    # "),
        info.name,
        taken(info.kind)
    )
}

fn taken(kind: OptionKind) -> String {
    match kind {
        OptionKind::Boolean => "[true, false]".into(),
        OptionKind::Unsigned {
            least,
            most: u64::MAX,
        } => format!("({least}..)"),
        OptionKind::Unsigned { least, most } => format!("({least}..{most})"),
        OptionKind::Text([]) => "String".into(),
        OptionKind::Text(choices) => format!("%w[{}]", choices.join(" ")),
        OptionKind::Texts => "Array".into(),
    }
}

/// The types of the settings, and the classes of the problems.
pub(super) fn signatures() -> Files {
    let keywords: Vec<String> = Settings::table()
        .iter()
        .map(|info| format!("      ?{}: {}", info.name, type_of(info.kind)))
        .collect();
    let problems: String = ProblemType::ALL
        .iter()
        .map(|kind| format!("\n  class {kind:?} < {}\n  end\n", class_name(*kind)))
        .collect();
    let mut files = Files::among_others("packages/ruby/sig/sabir");
    files.add(
        "tables.rbs",
        format!(
            "{GENERATED}\n\nmodule Sabir\n  class App\n    def initialize: (\n      ?components: Hash[String | Symbol, Schema::written],\n      \
             ?schemas: Hash[String, Hash[untyped, untyped] | bool],\n      ?fiber_scheduler: (^() -> untyped)?,\n{}\n    ) -> void\n  end\n{problems}end\n",
            keywords.join(",\n")
        ),
    );
    files
}

pub(super) fn type_of(kind: OptionKind) -> String {
    match kind {
        OptionKind::Boolean => "bool".into(),
        OptionKind::Unsigned { .. } => "Integer".into(),
        OptionKind::Text([]) => "String".into(),
        OptionKind::Text(choices) => {
            let choices: Vec<String> = choices.iter().map(|choice| format!("{choice:?}")).collect();
            choices.join(" | ")
        }
        OptionKind::Texts => "Array[String]".into(),
    }
}
