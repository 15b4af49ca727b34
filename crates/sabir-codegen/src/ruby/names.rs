//! Names that Ruby accepts.

use std::collections::HashSet;

/// Words that no variable has as its name, and names that the generated code uses itself.
const TAKEN: &[&str] = &[
    "alias",
    "and",
    "app",
    "begin",
    "body",
    "break",
    "case",
    "class",
    "components",
    "content",
    "count",
    "def",
    "defined",
    "do",
    "echo",
    "else",
    "elsif",
    "end",
    "ensure",
    "event",
    "events",
    "false",
    "folder",
    "for",
    "given",
    "if",
    "in",
    "items",
    "module",
    "next",
    "nil",
    "not",
    "options",
    "or",
    "out",
    "parts",
    "redo",
    "request",
    "rescue",
    "response",
    "retry",
    "return",
    "router",
    "self",
    "super",
    "taken",
    "then",
    "true",
    "undef",
    "unless",
    "until",
    "when",
    "while",
    "ws",
    "yield",
];

/// The variables of one application.
#[derive(Debug, Default)]
pub(super) struct Scope {
    used: HashSet<String>,
}

impl Scope {
    /// A free name for `kind` of the route at `path`.
    pub(super) fn variable(&mut self, path: &str, kind: &str) -> String {
        let mut plain = path
            .split('/')
            .filter(|segment| !segment.is_empty() && !segment.contains(['{', '}']));
        let segment = plain.next_back().map(snake_case);
        let name = segment.map_or_else(|| kind.to_owned(), |segment| format!("{segment}_{kind}"));
        let mut free = name.clone();
        let mut count = 1;
        while !self.used.insert(free.clone()) {
            count += 1;
            free = format!("{name}_{count}");
        }
        free
    }
}

/// Whether a parameter of a block may have this name.
pub(super) fn is_variable(name: &str) -> bool {
    is_identifier(name) && !TAKEN.contains(&name)
}

/// Whether `name` is a word in small letters.
pub(super) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// `text`, such as `query_params`, as the name of a class.
pub(super) fn class(text: &str) -> String {
    let words = text.split('_').filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

fn snake_case(text: &str) -> String {
    let name: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    let name = name.trim_matches('_');
    match name.chars().next() {
        None => "root".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{name}"),
        Some(_) => name.to_owned(),
    }
}
