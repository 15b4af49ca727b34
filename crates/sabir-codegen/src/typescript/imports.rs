//! What a generated file imports.

/// The import statements for `source`.
pub(super) fn of(source: &str) -> String {
    let mut statements = String::new();
    if source.contains("createHash(") {
        statements += "import { createHash } from \"node:crypto\";\n";
    }
    if source.contains("join(folder") {
        statements += "import { join } from \"node:path\";\n";
    }
    if source.contains(" sleep(") {
        statements += "import { setTimeout as sleep } from \"node:timers/promises\";\n";
    }
    let stages = sabir_core::stage::table();
    let stages = stages.iter().map(|stage| super::names::camel_case(stage.name));
    let stages: Vec<(bool, String)> = stages
        .map(|name| {
            let is_called = |mark: &str| source.contains(&format!("{mark}{name}("));
            ([" ", "(", "["].into_iter().any(is_called), name)
        })
        .collect();
    let names = [
        (source.contains(" file("), "file"),
        (source.contains(" Problem("), "Problem"),
        (true, "Sabir"),
        (source.contains(" stream("), "stream"),
    ];
    let names: Vec<&str> = names
        .into_iter()
        .chain(stages.iter().map(|(is_used, name)| (*is_used, name.as_str())))
        .filter(|(is_used, _)| *is_used)
        .map(|(_, name)| name)
        .collect();
    statements += &format!("import {{ {} }} from \"sabir\";\n", names.join(", "));
    if [" z.", "(z."].iter().any(|use_| source.contains(use_)) {
        statements += "import { z } from \"zod\";\n";
    }
    let helpers = ["digested", "echo", "keep", "partOf", "tagged", "told"]
        .into_iter()
        .filter(|name| {
            let is_called = |mark: &str| source.contains(&format!("{mark}{name}("));
            is_called(" ") || is_called("(")
        });
    let helpers: Vec<&str> = std::iter::once("check").chain(helpers).collect();
    statements
        + &format!(
            "import {{ {} }} from \"../support/index.js\";\n",
            helpers.join(", ")
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_what_is_used() {
        assert_eq!(
            of("app.get(\"/\", (context) => echo(context)); throw new Problem(409);"),
            "import { Problem, Sabir } from \"sabir\";\nimport { check, echo } from \"../support/index.js\";\n"
        );
        assert!(of("{ query: z.object({}) }").contains("import { z } from \"zod\";\n"));
    }
}
