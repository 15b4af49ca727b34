//! A handler that takes content while it arrives.

use super::layout::Code;
use crate::fixture::Collected;

/// The handler; `described` is the second argument of `tagged`.
pub(super) fn handler(form: Collected, takes: Option<u32>, keeps: bool, described: Option<Code>) -> Code {
    if form == Collected::Bytes {
        return if keeps {
            let digested = Code::call(
                "digested",
                vec![if takes == Some(0) { "[]" } else { "body" }.into()],
            );
            let statements = vec![
                "keep(body);".into(),
                digested.with_prefix("return ").with_suffix(";"),
            ];
            Code::block("({ body }) => {", statements, "}")
        } else if takes == Some(0) {
            Code::arrow("() =>", Code::call("digested", vec!["[]".into()]))
        } else {
            Code::arrow("({ body }) =>", Code::call("digested", vec!["body".into()]))
        };
    }
    let (name, source, value) = match form {
        Collected::Items => {
            let described = described.unwrap_or_else(|| Code::object(Vec::new()));
            let tagged = Code::call("tagged", vec!["item".into(), described]);
            ("item", "items", tagged)
        }
        _ => ("part", "parts", "await partOf(part)".into()),
    };
    let mut statements: Vec<Code> = Vec::new();
    if keeps {
        statements.push(format!("keep({source});").into());
    }
    statements.push("const taken: unknown[] = [];".into());
    if takes != Some(0) {
        let mut inner = vec![Code::call("taken.push", vec![value]).with_suffix(";")];
        inner.extend(takes.map(|count| format!("if (taken.length === {count}) break;").into()));
        let head = format!("for await (const {name} of {source}) {{");
        statements.push(Code::block(&head, inner, "}"));
    }
    statements.push(format!("return {{ {source}: taken }};").into());
    Code::block(&format!("async ({{ {source} }}) => {{"), statements, "}")
}
