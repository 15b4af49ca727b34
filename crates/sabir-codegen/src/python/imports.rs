//! The imports that generated source needs, found by the names in it.

const MODULES: &[&str] = &["asyncio", "datetime", "decimal", "hashlib", "uuid"];
const ABC: &[&str] = &["AsyncIterator", "Iterator"];
const TYPING: &[&str] = &["Annotated", "Any", "Literal"];
const SABIR: &[&str] = &[
    "Body",
    "Cookie",
    "Event",
    "File",
    "FileResponse",
    "Form",
    "Header",
    "Part",
    "Path",
    "Problem",
    "Query",
    "Request",
    "Response",
    "Router",
    "Sabir",
    "SyncPart",
    "UploadFile",
    "WebSocket",
];
const SUPPORT: &[&str] = &["Check", "decoded", "echo", "keep", "nullable", "tag"];

/// The import block of `source`.
pub(super) fn of(source: &str) -> String {
    let mut lines = String::new();
    for module in MODULES {
        if has(source, &format!("{module}.")) {
            lines += &format!("import {module}\n");
        }
    }
    lines += &from("collections.abc", ABC, source);
    lines += &from("typing", TYPING, source);
    lines.push('\n');
    for (module, mark) in [
        ("msgspec", "msgspec."),
        ("pydantic", "pydantic."),
        ("pytest", "pytest."),
    ] {
        if has(source, mark) {
            lines += &format!("import {module}\n");
        }
    }
    lines += "\n";
    lines += &from("sabir", SABIR, source);
    let stages = sabir_core::stage::table();
    let stages: Vec<&str> = stages.iter().map(|stage| stage.type_name).collect();
    lines += &from_calls("sabir.stages", &stages, source);
    lines += &from("support", SUPPORT, source);
    lines
}

fn from(module: &str, names: &[&str], source: &str) -> String {
    let mut used: Vec<&str> = names.iter().copied().filter(|name| has(source, name)).collect();
    used.sort_unstable();
    if used.is_empty() {
        return String::new();
    }
    format!("from {module} import {}\n", used.join(", "))
}

/// As [`from`], of names that are called, or of which a method is.
fn from_calls(module: &str, names: &[&str], source: &str) -> String {
    let is_called = |name: &&str| {
        [format!("{name}("), format!("{name}.off(")].iter().any(|call| {
            source.contains(&format!("({call}"))
                || source.contains(&format!(" {call}"))
                || source.contains(&format!("[{call}"))
        })
    };
    let mut used: Vec<&str> = names.iter().copied().filter(is_called).collect();
    used.sort_unstable();
    if used.is_empty() {
        return String::new();
    }
    format!("from {module} import {}\n", used.join(", "))
}

/// Whether `name` stands in `source` as a word of its own, outside of what looks like a longer name or a string.
fn has(source: &str, name: &str) -> bool {
    source.match_indices(name).any(|(at, _)| {
        let before = source[..at].chars().next_back();
        let rest = &source[at + name.len()..];
        // A space follows words of a sentence, and types of a union.
        let after = rest.chars().next().filter(|_| !rest.starts_with(" | "));
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '"' || c == '/' || c == '-';
        let starts = !before.is_some_and(|c| is_word(c) || c == '.' || c == '`');
        let ends = name.ends_with('.') || !after.is_some_and(|c| is_word(c) || c == ' ' || c == '.');
        starts && ends
    })
}
