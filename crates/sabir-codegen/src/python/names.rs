//! Names that Python accepts.

use std::collections::HashSet;

const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not",
    "or", "pass", "raise", "return", "try", "while", "with", "yield", "l", "none", "true", "false",
];

/// Names that the generated code uses itself.
const TAKEN: &[&str] = &[
    "app", "asyncio", "body", "datetime", "decimal", "echo", "hashlib", "msgspec", "pydantic", "request",
    "response", "router", "uuid",
];

/// The names of one scope.
#[derive(Debug, Default)]
pub(super) struct Scope {
    used: HashSet<String>,
}

impl Scope {
    /// A lower-case name for `wanted` that is free.
    pub(super) fn variable(&mut self, wanted: &str) -> String {
        // A name that is one already stays as it is, capitals included.
        let name = if is_identifier(wanted) {
            wanted.to_owned()
        } else {
            snake_case(wanted)
        };
        let is_taken = TAKEN.contains(&name.as_str()) || KEYWORDS.contains(&name.as_str());
        self.claim(&if is_taken { name + "_" } else { name })
    }

    /// A class name for `wanted` that is free.
    pub(super) fn class(&mut self, wanted: &str) -> String {
        let snake = snake_case(wanted);
        let words = snake.split('_').filter(|word| !word.is_empty());
        let name: String = words.map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        // A class must not hide what the generated code imports.
        let imported = [
            "Annotated",
            "Any",
            "Body",
            "Cookie",
            "File",
            "Form",
            "Header",
            "Literal",
            "Path",
            "Problem",
        ];
        let shadows = imported.contains(&name.as_str())
            || matches!(
                name.as_str(),
                "Query" | "Request" | "Response" | "Router" | "Sabir" | "UploadFile" | "WebSocket"
            );
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
        self.claim(&if shadows || !is_name { name + "Model" } else { name })
    }

    /// Takes exactly this name.
    pub(super) fn reserve(&mut self, name: &str) {
        self.used.insert(name.to_owned());
    }

    fn claim(&mut self, name: &str) -> String {
        let mut free = name.to_owned();
        let mut count = 1;
        while !self.used.insert(free.clone()) {
            count += 1;
            let is_class = name.starts_with(|c: char| c.is_ascii_uppercase());
            free = format!("{name}{}{count}", if is_class { "" } else { "_" });
        }
        free
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && text.chars().all(|c| !c.is_ascii_uppercase())
}

/// `text` in lower case, with underscores for what no identifier may hold.
pub(super) fn snake_case(text: &str) -> String {
    let mut name = String::new();
    let mut after_lower = false;
    for c in text.chars() {
        if c.is_ascii_uppercase() && after_lower {
            name.push('_');
        }
        after_lower = c.is_ascii_lowercase();
        name.push(if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        });
    }
    let name = name.trim_matches('_').to_owned();
    if name.is_empty() {
        "value".to_owned()
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("n{name}")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_identifiers_of_wire_names() {
        for (wire, name) in [
            ("x-request-id", "x_request_id"),
            ("from", "from_"),
            ("userId", "user_id"),
            ("1st", "n1st"),
            ("ü", "value"),
        ] {
            assert_eq!(Scope::default().variable(wire), name);
        }
    }

    #[test]
    fn keeps_names_apart() {
        let mut scope = Scope::default();
        assert_eq!(scope.variable("id"), "id");
        assert_eq!(scope.variable("id"), "id_2");
        assert_eq!(scope.class("order"), "Order");
        assert_eq!(scope.class("body"), "BodyModel");
    }
}
