//! Problems, as documents describe them.

use serde_json::{Value as Json, json};

/// The media type of problems (RFC 9457 §3).
pub(super) const PROBLEM: &str = "application/problem+json";

/// The schema of a problem with the members that the runtime gives it.
pub(super) fn problem_schema() -> Json {
    let reference = json!({ "type": "string", "format": "uri-reference" });
    let text = json!({ "type": "string" });
    json!({
        "title": "Problem",
        "description": "What went wrong (RFC 9457).",
        "type": "object",
        "properties": {
            "type": reference,
            "title": text,
            "status": { "type": "integer" },
            "detail": text,
            "instance": reference,
            "request_id": text,
            "errors": { "type": "array", "items": {
                "type": "object",
                "properties": { "in": text, "name": text, "pointer": text, "keyword": text, "detail": text },
                "required": ["in", "keyword", "detail"]
            } },
            "errors_truncated": { "type": "boolean" }
        },
        "required": ["type", "title", "status"]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Location, Problem, Violation};

    #[test]
    fn problems_have_the_members_that_are_described() {
        let violation = Violation::new(Location::Body, "type", "is no text").with_pointer("/a");
        let mut problem = Problem::validation(vec![violation]);
        problem.instance = Some("/orders".into());
        problem.request_id = Some("1".into());
        problem.errors_truncated = true;
        let problem: Json = serde_json::from_str(&problem.into_text()).unwrap();
        let described = problem_schema();
        let has = |properties: &str, object: &Json| {
            let properties = described.pointer(properties).unwrap();
            for (name, value) in object.as_object().unwrap() {
                let is_text = properties[name]["type"] == "string";
                assert_eq!(is_text, value.is_string(), "{name}: {value}");
            }
        };
        has("/properties", &problem);
        has("/properties/errors/items/properties", &problem["errors"][0]);
    }
}
