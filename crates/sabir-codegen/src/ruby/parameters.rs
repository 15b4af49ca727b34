//! What a handler takes from the path, the query string, the header section and cookies.

use serde_json::{Map, Value};

use super::{literal, names, schema};
use crate::{fixture::Route, layout::Code};

/// Places in the order in which the gem reads its options.
const PLACES: &[(&str, &str)] = &[
    ("path", "params"),
    ("query", "query"),
    ("header", "headers"),
    ("cookie", "cookies"),
];

/// One argument of a block.
#[derive(Debug)]
pub(super) struct Parameter {
    /// Where it comes from.
    pub(super) location: String,
    /// Its name on the wire.
    pub(super) wire_name: String,
    /// Its name in Ruby.
    pub(super) name: String,
    pub(super) presence: Presence,
    /// Whether nil may arrive.
    pub(super) is_nullable: bool,
    /// What its schema is, where its class does not tell its type: an expression.
    pub(super) schema: Option<String>,
}

/// What a block gets where nothing arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// There is always a value.
    Always,
    /// Nil.
    Optional,
    /// Something else than nil, which may arrive.
    Nullable,
}

/// The parameters of a route.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    /// The options that declare them.
    pub(super) options: Vec<Code>,
    /// Those that are declared, and then the variables of the path that are not.
    pub(super) all: Vec<Parameter>,
}

/// The parameters of `route`, whose options are in the variable `options`.
pub(super) fn of(route: &Route, options: &str, components: &Map<String, Value>) -> Parameters {
    let declared = route.operation.get("parameters").and_then(Value::as_array);
    let declared: &[Value] = declared.map_or(&[], Vec::as_slice);
    let taken: Vec<&str> = variables(&route.path).map(|(name, _)| name).collect();
    let mut parameters = match in_places(declared, &taken) {
        Some(plain) => placed(&plain, options, components),
        None => given(declared, options, components, &taken),
    };
    for (name, converter) in variables(&route.path) {
        let mut known = parameters.all.iter();
        if known.any(|parameter| parameter.location == "path" && parameter.wire_name == name) {
            continue;
        }
        let schema = matches!(converter, Some("uuid" | "time")).then(|| {
            let format = converter.unwrap_or_default();
            format!("{{ format: :{format} }}")
        });
        parameters.all.push(Parameter {
            location: "path".to_owned(),
            wire_name: name.to_owned(),
            name: name.replace('-', "_"),
            presence: Presence::Always,
            is_nullable: false,
            schema,
        });
    }
    parameters
}

/// A parameter that a schema and a name say all about.
struct Plain<'a> {
    place: usize,
    wire_name: &'a str,
    /// The key in its option.
    key: String,
    name: String,
    presence: Presence,
    schema: &'a Value,
}

/// The parameters, if options can say the same, in the same order, which is that of failures.
/// Variables of the path have the names that are `taken`.
fn in_places<'a>(parameters: &'a [Value], taken: &[&str]) -> Option<Vec<Plain<'a>>> {
    let plain: Vec<Plain<'_>> = parameters.iter().map(Plain::of).collect::<Option<_>>()?;
    let is_twice = |index: usize| {
        let Plain { name, place, .. } = &plain[index];
        let is_variable = *place > 0 && taken.contains(&name.as_str());
        is_variable || plain[..index].iter().any(|earlier| earlier.name == *name)
    };
    let fits = plain.is_sorted_by_key(|parameter| parameter.place) && !(0..plain.len()).any(is_twice);
    fits.then_some(plain)
}

impl<'a> Plain<'a> {
    fn of(parameter: &'a Value) -> Option<Self> {
        let members = parameter.as_object()?;
        let is_said = |name: &String| matches!(name.as_str(), "name" | "in" | "required" | "schema");
        let (location, wire_name, schema) = (
            members.get("in")?.as_str()?,
            members.get("name")?.as_str()?,
            members.get("schema")?,
        );
        let name = match location {
            "header" if wire_name.contains('_') => return None,
            "header" => wire_name.replace('-', "_"),
            _ => wire_name.to_owned(),
        };
        if !members.keys().all(is_said) || !names::is_identifier(&name) {
            return None;
        }
        let is_required = members.get("required") == Some(&Value::Bool(true));
        let has_default = schema.get("default").is_some();
        if is_required && has_default {
            return None;
        }
        let presence = presence(is_required || has_default, schema);
        let mark = if presence == Presence::Always { "" } else { "?" };
        Some(Self {
            place: PLACES.iter().position(|(place, _)| *place == location)?,
            wire_name,
            key: format!("{name}{mark}"),
            name,
            presence,
            schema,
        })
    }
}

fn presence(is_always: bool, schema: &Value) -> Presence {
    if is_always {
        Presence::Always
    } else if schema::may_be_null(schema) {
        Presence::Nullable
    } else {
        Presence::Optional
    }
}

fn placed(plain: &[Plain<'_>], options: &str, components: &Map<String, Value>) -> Parameters {
    let mut parameters = Parameters::default();
    for (place, (location, option)) in PLACES.iter().enumerate() {
        let of_place: Vec<&Plain<'_>> = plain
            .iter()
            .filter(|parameter| parameter.place == place)
            .collect();
        if of_place.is_empty() {
            continue;
        }
        let members = of_place
            .iter()
            .map(|parameter| literal::member(&parameter.key, schema::of(parameter.schema)));
        parameters
            .options
            .push(literal::member(option, Code::object(members.collect())));
        parameters.all.extend(of_place.iter().map(|parameter| {
            Parameter {
                location: (*location).to_owned(),
                wire_name: parameter.wire_name.to_owned(),
                name: parameter.name.clone(),
                presence: parameter.presence,
                is_nullable: schema::may_be_null(parameter.schema),
                schema: schema::has_formats(parameter.schema, components)
                    .then(|| format!("{options}[:{option}][:{}]", parameter.key)),
            }
        }));
    }
    parameters
}

/// Parameter Objects as they stand. One whose name is `taken` has another name in Ruby.
fn given(declared: &[Value], options: &str, components: &Map<String, Value>, taken: &[&str]) -> Parameters {
    let mut parameters = Parameters::default();
    let mut objects = Vec::new();
    for (index, data) in declared.iter().enumerate() {
        let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
        let (location, wire_name) = (text("in"), text("name"));
        let name = wire_name.replace('-', "_");
        let name = if location == "header" {
            name.to_lowercase()
        } else {
            name
        };
        let is_taken = location != "path" && taken.contains(&name.as_str());
        let own_name = is_taken.then(|| format!("{location}_{name}"));
        objects.push(object(data, own_name.as_deref()));
        let none = Value::Object(Map::new());
        let schema = data.get("schema").unwrap_or(&none);
        let is_always = data["required"] == true || schema.get("default").is_some();
        parameters.all.push(Parameter {
            name: own_name.unwrap_or(name),
            location,
            wire_name,
            presence: presence(is_always, schema),
            is_nullable: schema::may_be_null(schema),
            schema: schema::has_formats(schema, components)
                .then(|| format!("{options}[:parameters][{index}][:schema]")),
        });
    }
    parameters.options = vec![literal::member("parameters", Code::array(objects))];
    parameters
}

/// A Parameter Object.
fn object(data: &Value, own_name: Option<&str>) -> Code {
    let Some(members) = data.as_object() else {
        return literal::json(data);
    };
    let members = members.iter().map(|(name, value)| match (name.as_str(), value) {
        ("schema", value) => literal::member(name, schema::of(value)),
        ("in" | "style", Value::String(word)) if names::is_identifier(word) => {
            literal::member(name, literal::symbol(word).into())
        }
        (_, value) => literal::member(name, literal::json(value)),
    });
    let own_name = own_name.map(|name| literal::member("as", literal::symbol(name).into()));
    Code::object(members.chain(own_name).collect())
}

/// The variables of a path pattern and their converters.
fn variables(path: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let parts = path.split('{').skip(1).filter_map(|part| part.split_once('}'));
    parts.map(|(variable, _)| match variable.split_once(':') {
        Some((name, converter)) => (name, Some(converter)),
        None => (variable, None),
    })
}
