//! Stages as a user writes them.

use serde_json::{Map, Value};

use super::{layout::Code, literal, names};

/// The stages with these options, each as an expression.
pub(super) fn list(stages: &Map<String, Value>) -> Vec<Code> {
    stages
        .iter()
        .map(|(name, options)| stage(name, options))
        .collect()
}

fn stage(name: &str, options: &Value) -> Code {
    let function = names::camel_case(name);
    let arguments = match options {
        Value::Bool(false) => vec!["false".into()],
        Value::Object(options) if !options.is_empty() => {
            let members = options.iter();
            let members =
                members.map(|(name, value)| literal::member(&names::camel_case(name), literal::json(value)));
            vec![Code::object(members.collect())]
        }
        _ => Vec::new(),
    };
    Code::call(&function, arguments)
}
