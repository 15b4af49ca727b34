//! A handler that takes content while it arrives.

use crate::fixture::Collected;

/// What it is called that the block takes, and the expression that it returns. `schema` is that of the values.
pub(super) fn handler(form: Collected, takes: Option<u32>, schema: Option<&str>) -> (&'static str, String) {
    match (form, takes) {
        (Collected::Bytes, Some(0)) => ("content", "digested([])".into()),
        (Collected::Bytes, _) => ("content", "digested(content)".into()),
        (Collected::Items, takes) => {
            let first = takes.map(|count| format!(".first({count})")).unwrap_or_default();
            let schema = schema.unwrap_or("{}");
            (
                "items",
                format!("{{ items: items{first}.map {{ |item| tag(item, {schema}) }} }}"),
            )
        }
        (Collected::Parts, None) => ("parts", "{ parts: parts.map { |part| part_of(part) } }".into()),
        (Collected::Parts, Some(count)) => (
            "parts",
            format!("{{ parts: parts.lazy.map {{ |part| part_of(part) }}.first({count}) }}"),
        ),
    }
}
