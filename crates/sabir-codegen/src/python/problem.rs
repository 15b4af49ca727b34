//! Problems that handlers raise.

use super::literal;
use crate::fixture::ProblemData;

/// The exception for `problem`.
pub(super) fn exception(problem: &ProblemData) -> String {
    let mut arguments = vec![problem.status.to_string()];
    arguments.extend(problem.detail.as_ref().map(|detail| literal::string(detail)));
    for (name, value) in [("title", &problem.title), ("type", &problem.type_uri)] {
        arguments.extend(
            value
                .as_ref()
                .map(|value| format!("{name}={}", literal::string(value))),
        );
    }
    if !problem.headers.is_empty() {
        arguments.push(format!("headers={}", literal::pairs(&problem.headers)));
    }
    if !problem.extensions.is_empty() {
        arguments.push(format!("extensions={}", literal::object(&problem.extensions)));
    }
    format!("Problem({})", arguments.join(", "))
}
