//! Parameters as options of a route.

use serde_json::{Map, Value};

use super::{
    layout::Code,
    literal,
    zod::{self, Described, Dialect},
};

/// Places in the order in which the runtime reads object schemas, with their options.
const PLACES: &[(&str, &str)] = &[
    ("path", "params"),
    ("query", "query"),
    ("header", "headers"),
    ("cookie", "cookies"),
];

/// The options that declare the Parameter Objects `parameters`: an object schema for each place, or the objects as they
/// stand where schemas say less or in another order, which is that of failures.
pub(super) fn options(parameters: &[Value], dialect: Dialect) -> Vec<Described> {
    if parameters.is_empty() {
        return Vec::new();
    }
    schemas(parameters, dialect).unwrap_or_else(|| {
        vec![Described::new("parameters", None, || {
            literal::json(&parameters.into())
        })]
    })
}

/// An object schema for each place; `None` when they cannot say the same.
fn schemas(parameters: &[Value], dialect: Dialect) -> Option<Vec<Described>> {
    let parameters: Vec<Plain<'_>> = parameters.iter().map(Plain::of).collect::<Option<_>>()?;
    let has_order = parameters.is_sorted_by_key(|parameter| parameter.place);
    let is_twice = |index: usize| {
        let parameter = &parameters[index];
        parameters[..index].iter().any(|earlier| {
            earlier.place == parameter.place && earlier.name.eq_ignore_ascii_case(parameter.name)
        })
    };
    if !has_order || (0..parameters.len()).any(is_twice) {
        return None;
    }
    let mut options = Vec::new();
    for (place, (_, option)) in PLACES.iter().enumerate() {
        let of_place: Vec<&Plain<'_>> = parameters
            .iter()
            .filter(|parameter| parameter.place == place)
            .collect();
        if of_place.is_empty() {
            continue;
        }
        let zod = (dialect == Dialect::Zod).then(|| {
            let of_place = of_place.iter();
            zod::parameters(
                of_place.map(|parameter| (parameter.name, parameter.is_present, parameter.schema)),
            )
        });
        options.push(Described::new(option, zod.flatten(), || object_schema(&of_place)));
    }
    Some(options)
}

/// The object schema whose properties are `parameters`.
fn object_schema(parameters: &[&Plain<'_>]) -> Code {
    let properties = parameters
        .iter()
        .map(|parameter| literal::member(parameter.name, literal::object(parameter.schema)));
    let mut members = vec![
        "type: \"object\"".into(),
        literal::member("properties", Code::object(properties.collect())),
    ];
    let required: Vec<&str> = parameters
        .iter()
        .filter(|parameter| parameter.is_required)
        .map(|parameter| parameter.name)
        .collect();
    if !required.is_empty() {
        members.push(literal::member("required", literal::strings(&required)));
    }
    Code::object(members)
}

/// A parameter that a property of an object schema describes.
struct Plain<'a> {
    place: usize,
    name: &'a str,
    /// Whether `required` names it.
    is_required: bool,
    /// Whether it is always there.
    is_present: bool,
    schema: &'a Map<String, Value>,
}

impl<'a> Plain<'a> {
    fn of(parameter: &'a Value) -> Option<Self> {
        let members = parameter.as_object()?;
        let is_said = |name: &String| matches!(name.as_str(), "name" | "in" | "required" | "schema");
        if !members.keys().all(is_said) {
            return None;
        }
        let location = members.get("in")?.as_str()?;
        let name = members.get("name")?.as_str()?;
        // JavaScript puts such members first, whatever their place in the source.
        if name.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        Some(Self {
            place: PLACES.iter().position(|(place, _)| *place == location)?,
            name,
            // Variables of the path always are.
            is_required: location != "path" && members.get("required") == Some(&Value::Bool(true)),
            is_present: location == "path" || members.get("required") == Some(&Value::Bool(true)),
            schema: members.get("schema")?.as_object()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(parameters: &Value) -> String {
        let options = options(parameters.as_array().unwrap(), Dialect::Json);
        Code::object(options.into_iter().map(|option| option.member).collect()).print(0)
    }

    #[test]
    fn plain_parameters_are_properties() {
        let parameters = json!([
            {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}},
            {"name": "q", "in": "query", "required": true, "schema": {}},
        ]);
        assert_eq!(
            printed(&parameters),
            "{\n  params: { type: \"object\", properties: { id: { type: \"integer\" } } },\n  \
             query: { type: \"object\", properties: { q: {} }, required: [\"q\"] },\n}"
        );
    }

    #[test]
    fn what_a_schema_cannot_say_stays_as_it_is() {
        let query = json!({"name": "q", "in": "query", "schema": {}});
        let header = json!({"name": "x-a", "in": "header", "schema": {}});
        for parameters in [
            json!([{"name": "q", "in": "query", "schema": {}, "explode": false}]),
            json!([{"name": "q", "in": "query"}]),
            json!([{"name": "1", "in": "query", "schema": {}}]),
            json!([header, query]),
        ] {
            assert!(printed(&parameters).contains("parameters: ["), "{parameters}");
        }
    }
}
