//! Checking and compiling the declared parameters.

use super::{Compiled, Parameters, given::Names, text_schema::TextSchema};
use crate::{
    SetupError, Text,
    operation::{In, Parameter, Style},
    routing::Pattern,
    schema::SchemaCompiler,
};

/// Fields that other members of an operation declare, with what does so (OpenAPI 3.1 §4.8.12.1). `Authorization`, which
/// OpenAPI ignores among parameters too, may be read like any other field: what it says is the handler's affair.
const DECLARED_ELSEWHERE: [(&str, &str); 2] = [
    ("accept", "declare the media types of the answer in responses"),
    (
        "content-type",
        "declare the media types of the body in requestBody",
    ),
];

pub(super) fn compile(
    declared: &[Parameter],
    pattern: &Pattern,
    schemas: &SchemaCompiler,
) -> Result<Parameters, SetupError> {
    let mut list: Vec<Compiled> = Vec::with_capacity(declared.len());
    for (index, parameter) in declared.iter().enumerate() {
        let field = format!("parameters[{index}]");
        check(parameter, pattern, &field)?;
        let duplicate = list.iter().any(|known| {
            known.location == parameter.location
                && names_match(parameter.location, &known.name, &parameter.name)
        });
        if duplicate {
            let problem = format!(
                "the {} parameter {:?} is declared twice",
                parameter.location.as_str(),
                parameter.name
            );
            return Err(SetupError::new(field, problem, "declare it once"));
        }
        list.push(one(parameter, pattern, schemas, &field)?);
    }
    let undeclared: Vec<Parameter> = pattern
        .variables()
        .filter(|(name, _)| {
            !declared
                .iter()
                .any(|known| known.location == In::Path && known.name == *name)
        })
        .map(|(name, schema)| Parameter {
            name: name.into(),
            location: In::Path,
            description: None,
            required: true,
            deprecated: false,
            style: None,
            explode: None,
            schema: schema.clone(),
        })
        .collect();
    for parameter in &undeclared {
        list.push(one(
            parameter,
            pattern,
            schemas,
            &format!("path variable {}", parameter.name),
        )?);
    }
    let names = Names::of(&list);
    Ok(Parameters { list, names })
}

fn names_match(location: In, left: &str, right: &str) -> bool {
    left == right || (location == In::Header && left.eq_ignore_ascii_case(right))
}

fn check(parameter: &Parameter, pattern: &Pattern, field: &str) -> Result<(), SetupError> {
    let Parameter {
        name,
        location,
        style,
        ..
    } = parameter;
    if *location == In::Path {
        if !pattern.variables().any(|(variable, _)| variable == name) {
            let problem = format!("the path {:?} has no variable {{{name}}}", pattern.as_str());
            return Err(SetupError::new(
                format!("{field}.name"),
                problem,
                "add the variable or remove the parameter",
            ));
        }
        if !parameter.required {
            let problem = format!("the path parameter {name:?} is not required");
            return Err(SetupError::new(
                format!("{field}.required"),
                problem,
                "set required to true",
            ));
        }
    }
    let elsewhere = DECLARED_ELSEWHERE
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    if *location == In::Header
        && let Some((_, remedy)) = elsewhere
    {
        return Err(SetupError::new(
            format!("{field}.name"),
            format!("OpenAPI 3.1 ignores a header parameter named {name:?}"),
            *remedy,
        ));
    }
    let permitted = match location {
        In::Path => matches!(style, None | Some(Style::Simple | Style::Label | Style::Matrix)),
        In::Header => matches!(style, None | Some(Style::Simple)),
        In::Cookie => matches!(style, None | Some(Style::Form)),
        In::Query => !matches!(style, Some(Style::Simple | Style::Label | Style::Matrix)),
    };
    if !permitted {
        let problem = format!(
            "a {} parameter cannot have the style {style:?}",
            location.as_str()
        );
        return Err(SetupError::new(
            format!("{field}.style"),
            problem,
            "see OpenAPI 3.1 §4.8.12.3 for its styles",
        ));
    }
    Ok(())
}

fn one(
    parameter: &Parameter,
    pattern: &Pattern,
    schemas: &SchemaCompiler,
    field: &str,
) -> Result<Compiled, SetupError> {
    let style = parameter.style.unwrap_or(match parameter.location {
        In::Path | In::Header => Style::Simple,
        In::Query | In::Cookie => Style::Form,
    });
    let place = format!("{field}.schema");
    let schema = schemas.compile(&parameter.schema, &place)?;
    let text = TextSchema::compile(&parameter.schema, schemas, &place)?;
    if style == Style::DeepObject && !text.root().is_object() {
        let problem = format!(
            "the style deepObject of {:?} needs an object schema",
            parameter.name
        );
        return Err(SetupError::new(
            format!("{field}.style"),
            problem,
            "give the schema type: object",
        ));
    }
    let capture = pattern.variables().position(|(name, _)| name == parameter.name);
    Ok(Compiled {
        name: Text::from(parameter.name.as_str()),
        location: parameter.location,
        required: parameter.required,
        explode: parameter.explode.unwrap_or(style == Style::Form),
        style,
        capture: capture.filter(|_| parameter.location == In::Path),
        schema,
        text,
    })
}
