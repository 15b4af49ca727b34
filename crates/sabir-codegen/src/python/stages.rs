//! Stages as a user writes them.

use serde_json::{Map, Value};

use super::literal;
use crate::fixture::stage_type;

/// The stages with these options, each as an expression.
pub(super) fn list(stages: &Map<String, Value>) -> Vec<String> {
    stages
        .iter()
        .map(|(name, options)| stage(name, options))
        .collect()
}

fn stage(name: &str, options: &Value) -> String {
    let class = stage_type(name);
    if *options == Value::Bool(false) {
        return format!("{class}.off()");
    }
    let options = options.as_object().into_iter().flatten();
    let arguments: Vec<String> = options
        .map(|(name, value)| format!("{name}={}", literal::json(value)))
        .collect();
    format!("{class}({})", arguments.join(", "))
}
