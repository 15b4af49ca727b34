//! From plain data to an [`Operation`], with errors that name the field.

use serde::Deserialize;
use serde_path_to_error::{Path, Segment};

use super::Operation;
use crate::SetupError;

/// Reads an operation.
///
/// # Errors
/// Names the field as a path such as `parameters[1].in`, and the remedy.
pub(super) fn read(data: &serde_json::Value) -> Result<Operation, SetupError> {
    let mut track = serde_path_to_error::Track::new();
    let deserializer = serde_path_to_error::Deserializer::new(data, &mut track);
    Operation::deserialize(deserializer).map_err(|error| describe(&track.path(), &error.to_string()))
}

fn describe(path: &Path, message: &str) -> SetupError {
    let steps: Vec<String> = path.iter().map(ToString::to_string).collect();
    let object = section(&steps);
    let remedy = match message.split_once(", expected ") {
        Some((_, expected)) if message.starts_with("unknown ") => format!("use {expected}; see {object}"),
        _ if message.starts_with("missing ") => format!("add it; see {object}"),
        _ => format!("see {object}"),
    };
    // All numbers of an operation are whole; the reader of numbers of any size does not say so.
    let message = match message {
        "invalid number" => "invalid number, expected a whole number of 0 or more",
        other => other,
    };
    let problem = match message.split_once(", expected ") {
        Some((problem, _)) if message.starts_with("unknown ") => problem,
        _ => message,
    };
    SetupError::new(field(path), problem, remedy)
}

/// The path as `parameters[1].schema`; `operation` for the whole of it.
fn field(path: &Path) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { .. } | Segment::Enum { .. } | Segment::Unknown => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(&segment.to_string());
            }
        }
    }
    if text.is_empty() { "operation".into() } else { text }
}

/// Where the object that `steps` lead into is described.
fn section(steps: &[String]) -> &'static str {
    let first = steps.first().map(String::as_str);
    let in_content = steps.iter().any(|step| step == "content");
    match first {
        Some("parameters") => "OpenAPI 3.1 §4.8.12",
        Some("requestBody" | "responses") if in_content => "OpenAPI 3.1 §4.8.14",
        Some("requestBody") => "OpenAPI 3.1 §4.8.13",
        Some("responses") => "OpenAPI 3.1 §4.8.17",
        Some("x-sabir") if steps.iter().any(|step| step == "websocket") => {
            "the documentation of `SocketDescription`"
        }
        Some("x-sabir") => "the settings body_limit and handler_timeout_ms, which it overrides",
        _ => "OpenAPI 3.1 §4.8.10",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    #[track_caller]
    fn refused(data: &Json, field: &str, problem: &str, remedy: &str) {
        let error = read(data).unwrap_err();
        assert_eq!(error.field, field);
        assert!(error.problem.contains(problem), "{error}");
        assert!(error.remedy.contains(remedy), "{error}");
    }

    #[test]
    fn names_a_field_of_the_wrong_type() {
        let parameter = json!({"name": "a", "in": "query"});
        let broken = json!({"name": "b", "in": "query", "explode": "yes"});
        refused(
            &json!({"parameters": [parameter, broken]}),
            "parameters[1].explode",
            "expected a boolean",
            "§4.8.12",
        );
        refused(
            &json!({"x-sabir": {"timeout_ms": -1}}),
            "x-sabir.timeout_ms",
            "expected a whole number",
            "handler_timeout_ms",
        );
        refused(&json!({"tags": "a"}), "tags", "expected a sequence", "§4.8.10");
    }

    #[test]
    fn names_an_unknown_field_and_the_known_ones() {
        refused(
            &json!({"requestBody": {"content": {"text/plain": {"scheme": {}}}}}),
            "requestBody.content.text/plain.scheme",
            "unknown field `scheme`",
            "use `schema`",
        );
        refused(
            &json!({"parameter": []}),
            "parameter",
            "unknown field `parameter`",
            "`parameters`",
        );
    }

    #[test]
    fn names_an_unknown_word() {
        let parameter = json!({"name": "a", "in": "body"});
        refused(
            &json!({"parameters": [parameter]}),
            "parameters[0].in",
            "unknown variant `body`",
            "`path`, `query`, `header`, `cookie`",
        );
    }

    #[test]
    fn names_the_object_that_lacks_a_field() {
        refused(
            &json!({"parameters": [{"in": "query"}]}),
            "parameters[0]",
            "missing field `name`",
            "add it",
        );
        refused(
            &json!({"requestBody": {}}),
            "requestBody",
            "missing field `content`",
            "§4.8.13",
        );
    }

    #[test]
    fn names_the_operation_when_it_is_none() {
        refused(&json!("get"), "operation", "invalid type", "§4.8.10");
    }
}
