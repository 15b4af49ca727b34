//! What a handler takes from the path, the query string, the header section and cookies.

use serde_json::{Map, Value};

use super::{
    body::refers,
    literal,
    models::Models,
    names::Scope,
    types::{self, Typed},
};
use crate::fixture::Route;

/// One parameter of a handler.
#[derive(Debug)]
pub(super) struct Parameter {
    /// Where it comes from.
    pub(super) location: String,
    /// Its name on the wire.
    pub(super) wire_name: String,
    /// Its name in Python.
    pub(super) name: String,
    /// Its declaration.
    pub(super) source: String,
    /// Whether it has a default, and so must stand after those that have none.
    pub(super) has_default: bool,
    /// Whether null may arrive, so that `None` does not mean absence.
    pub(super) is_nullable: bool,
    /// Whether its schema stands as data and refers to components.
    pub(super) refers_to_components: bool,
}

/// The parameters of `route`: the declared ones and the variables of the path that are not declared.
pub(super) fn all(route: &Route) -> Vec<Parameter> {
    let mut scope = Scope::default();
    let declared = route.operation.get("parameters").and_then(Value::as_array);
    let declared: &[Value] = declared.map_or(&[], Vec::as_slice);
    let variables = variables(&route.path);
    let mut parameters: Vec<Parameter> = declared
        .iter()
        .map(|data| declared_parameter(data, &variables, &mut scope))
        .collect();
    for (wire_name, converter) in variables {
        if parameters
            .iter()
            .any(|known| known.location == "path" && known.wire_name == wire_name)
        {
            continue;
        }
        let name = scope.variable(&wire_name);
        let kind = match converter.as_deref() {
            None | Some("str" | "path") => "str",
            Some("int") => "int",
            Some("float") => "float",
            Some("bool") => "bool",
            Some("uuid") => "uuid.UUID",
            Some("date") => "datetime.date",
            Some("datetime") => "datetime.datetime",
            Some("time") => "datetime.time",
            Some(_) => "",
        };
        let source = match (name == wire_name, kind) {
            (true, "") => name.clone(),
            (true, kind) => format!("{name}: {kind}"),
            (false, kind) => {
                let kind = if kind.is_empty() { "Any" } else { kind };
                format!(
                    "{name}: Annotated[{kind}, Path(name={})]",
                    literal::string(&wire_name)
                )
            }
        };
        parameters.push(Parameter {
            location: "path".into(),
            wire_name,
            name,
            source,
            has_default: false,
            is_nullable: false,
            refers_to_components: false,
        });
    }
    parameters
}

fn declared_parameter(data: &Value, variables: &[Variable], scope: &mut Scope) -> Parameter {
    let location = data["in"].as_str().unwrap_or_default().to_owned();
    let wire_name = data["name"].as_str().unwrap_or_default().to_owned();
    let name = scope.variable(&wire_name);
    let is_required = data["required"] == true || location == "path";
    let schema = data
        .get("schema")
        .cloned()
        .unwrap_or_else(|| Value::Object(Map::new()));
    let none = Map::new();
    let mut class_scope = Scope::default();
    let mut models = Models::none(&none, &mut class_scope);
    let typed = types::exact(&schema, &name, &mut models);
    let (kind, mut arguments, default, refers_to_components) = match typed {
        Some(typed) if can_default(&typed, is_required) => {
            let default = typed
                .default
                .as_ref()
                .and_then(|default| types::default_of(&typed.base, default));
            let arguments = typed
                .constraints
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            (typed.base, arguments, default, false)
        }
        _ => {
            let arguments = vec![format!("schema={}", literal::json(&schema))];
            (types::host_type(&schema), arguments, None, refers(&schema))
        }
    };
    let expected_name = if location == "header" {
        name.replace('_', "-")
    } else {
        name.clone()
    };
    if expected_name != wire_name {
        arguments.insert(0, format!("name={}", literal::string(&wire_name)));
    }
    if let Some(style) = data.get("style") {
        arguments.push(format!("style={}", literal::json(style)));
    }
    if let Some(explode) = data.get("explode") {
        arguments.push(format!("explode={}", literal::json(explode)));
    }
    if data["deprecated"] == true {
        arguments.push("deprecated=True".into());
    }
    let is_nullable = kind == "Any" || kind.ends_with("| None");
    let (optional, default) = match (is_required, default) {
        (true, _) => ("", None),
        (false, Some(default)) => ("", Some(default)),
        // `None` is a value there: absence needs another word.
        (false, None) if is_nullable => ("", Some("msgspec.UNSET".to_owned())),
        (false, None) => (" | None", Some("None".to_owned())),
    };
    let marker = literal_marker(&location);
    // A name of the path is taken for its variable, a dictionary for the body, any other for a query parameter.
    let is_variable = variables.iter().any(|(variable, _)| *variable == name);
    let is_evident = match location.as_str() {
        "path" => true,
        "query" => !is_variable && !kind.starts_with("dict["),
        _ => false,
    };
    let source = if arguments.is_empty() && is_evident {
        format!("{name}: {kind}{optional}")
    } else {
        format!(
            "{name}: Annotated[{kind}{optional}, {marker}({})]",
            arguments.join(", ")
        )
    };
    Parameter {
        location,
        wire_name,
        name,
        has_default: default.is_some(),
        is_nullable,
        source: default.map_or_else(|| source.clone(), |default| format!("{source} = {default}")),
        refers_to_components,
    }
}

/// Whether the default of the schema can be the default of a Python parameter.
fn can_default(typed: &Typed, is_required: bool) -> bool {
    match &typed.default {
        None => true,
        Some(default) => !is_required && types::default_of(&typed.base, default).is_some(),
    }
}

fn literal_marker(location: &str) -> &'static str {
    match location {
        "path" => "Path",
        "header" => "Header",
        "cookie" => "Cookie",
        _ => "Query",
    }
}

/// A variable of a path pattern and its converter.
type Variable = (String, Option<String>);

/// The variables in a path pattern.
fn variables(path: &str) -> Vec<Variable> {
    let parts = path.split('{').skip(1).filter_map(|part| part.split_once('}'));
    parts
        .map(|(variable, _)| match variable.split_once(':') {
            Some((name, converter)) => (name.to_owned(), Some(converter.to_owned())),
            None => (variable.to_owned(), None),
        })
        .collect()
}
