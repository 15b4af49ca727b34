//! What a generated file imports.

/// The import statements for `source`.
pub(super) fn of(source: &str) -> String {
    let mut statements = String::new();
    if source.contains("createHash(") {
        statements += "import { createHash } from \"node:crypto\";\n";
    }
    if source.contains(" sleep(") {
        statements += "import { setTimeout as sleep } from \"node:timers/promises\";\n";
    }
    let mut names = String::from("Sabir");
    if source.contains(" Problem(") {
        names.insert_str(0, "Problem, ");
    }
    if source.contains(" stream(") {
        names += ", stream";
    }
    statements += &format!("import {{ {names} }} from \"sabir\";\n");
    if [" z.", "(z."].iter().any(|use_| source.contains(use_)) {
        statements += "import { z } from \"zod\";\n";
    }
    let helpers = if source.contains(" echo(") {
        "check, echo"
    } else {
        "check"
    };
    statements + &format!("import {{ {helpers} }} from \"../support/index.js\";\n")
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
