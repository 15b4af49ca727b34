//! Stages as a user writes them.

use serde_json::{Map, Value};

use super::literal;
use crate::{fixture::stage_type, layout::Code};

/// The statements that set stages of the application.
pub(super) fn statements(stages: &Map<String, Value>) -> Vec<Code> {
    let stages = stages.iter().map(|(name, options)| {
        let mut arguments: Vec<Code> = vec![format!("Sabir::{}", stage_type(name)).into()];
        arguments.extend(options_of(options));
        Code::call("app.use", arguments)
    });
    stages.collect()
}

/// The stages of a route, each as an expression.
pub(super) fn list(stages: &Map<String, Value>) -> Vec<Code> {
    let stages = stages.iter().map(|(name, options)| {
        let class = format!("Sabir::{}", stage_type(name));
        match options {
            Value::Bool(false) => format!("{class}.off").into(),
            options => match options_of(options) {
                given if given.is_empty() => format!("{class}.new").into(),
                given => Code::call(&format!("{class}.new"), given),
            },
        }
    });
    stages.collect()
}

fn options_of(options: &Value) -> Vec<Code> {
    let options = options.as_object().into_iter().flatten();
    options
        .map(|(name, value)| literal::member(name, literal::json(value)))
        .collect()
}
