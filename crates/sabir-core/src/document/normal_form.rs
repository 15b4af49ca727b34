//! One way of writing a schema.
//!
//! Libraries and languages say the same in several ways: a text that may be null, one value that is permitted, the whole numbers
//! that a language has. None of what is done here changes which values a schema takes, but for the whole numbers that one
//! language has and another has not.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value as Json, json};

/// Keywords in the order in which they are written. Others follow, by their names.
const ORDER: [&str; 51] = [
    "$schema",
    "$ref",
    "$comment",
    "title",
    "description",
    "deprecated",
    "readOnly",
    "writeOnly",
    "type",
    "format",
    "enum",
    "const",
    "default",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "prefixItems",
    "items",
    "additionalItems",
    "unevaluatedItems",
    "contains",
    "minContains",
    "maxContains",
    "minItems",
    "maxItems",
    "uniqueItems",
    "properties",
    "required",
    "patternProperties",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
];

/// The bounds of what languages have as whole numbers: 64 bits, and what JavaScript counts exactly.
const LEAST: [&str; 2] = ["-9223372036854775808", "-9007199254740991"];
const MOST: [&str; 3] = ["9223372036854775807", "18446744073709551615", "9007199254740991"];
/// The names of these, and of the usual fractions.
const FORMATS: [&str; 5] = ["int64", "uint64", "int", "uint", "double"];

/// The schema with these keywords, whose parts are in their normal form already.
pub(super) fn normal(mut schema: Map<String, Json>) -> Json {
    values(&mut schema);
    numbers(&mut schema);
    nullable(&mut schema);
    beside_reference(&mut schema);
    members(&mut schema);
    ordered(schema).into()
}

/// One value that is permitted is a constant, several have an order, and what is permitted says its type.
fn values(schema: &mut Map<String, Json>) {
    if let Some(Json::Array(values)) = schema.get_mut("enum") {
        // Some libraries sort them, so that nobody knows the order that they had.
        values.sort_by(compare);
    }
    if let Some(Json::Array(values)) = schema.get_mut("enum")
        && values.len() == 1
        && let Some(value) = values.pop()
    {
        schema.remove("enum");
        schema.insert("const".into(), value);
    }
    if schema.contains_key("type") {
        return;
    }
    let values = match (schema.get("const"), schema.get("enum")) {
        (Some(value), _) => std::slice::from_ref(value),
        (None, Some(Json::Array(values))) => values,
        _ => return,
    };
    let mut types = values.iter().map(type_of);
    if let Some(Some(first)) = types.next()
        && types.all(|other| other == Some(first))
    {
        schema.insert("type".into(), first.into());
    }
}

fn compare(first: &Json, second: &Json) -> Ordering {
    match (first.as_f64(), second.as_f64()) {
        (Some(first), Some(second)) => first.total_cmp(&second),
        _ => first.to_string().cmp(&second.to_string()),
    }
}

fn type_of(value: &Json) -> Option<&'static str> {
    Some(match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::String(_) => "string",
        Json::Number(number) if number.is_i64() || number.is_u64() => "integer",
        _ => return None,
    })
}

/// Bounds that are those of a language are none of the application's.
fn numbers(schema: &mut Map<String, Json>) {
    for value in schema.values_mut() {
        if let Json::Number(number) = value {
            *number = whole(number);
        }
    }
    let is_among = |value: Option<&Json>, texts: &[&str]| match value {
        Some(Json::Number(number)) => texts.contains(&number.to_string().as_str()),
        Some(Json::String(text)) => texts.contains(&text.as_str()),
        _ => false,
    };
    if is_narrower_than_its_format(schema) {
        schema.remove("format");
    }
    for (keyword, texts) in [
        ("minimum", LEAST.as_slice()),
        ("maximum", &MOST),
        ("format", &FORMATS),
    ] {
        if is_among(schema.get(keyword), texts) {
            schema.remove(keyword);
        }
    }
}

/// Whether the bounds are narrower than those of the language's type that the format names, which then says nothing.
fn is_narrower_than_its_format(schema: &Map<String, Json>) -> bool {
    let (least, most) = match schema.get("format").and_then(Json::as_str) {
        Some("int8") => (i64::from(i8::MIN), i64::from(i8::MAX)),
        Some("uint8") => (0, i64::from(u8::MAX)),
        Some("int16") => (i64::from(i16::MIN), i64::from(i16::MAX)),
        Some("uint16") => (0, i64::from(u16::MAX)),
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("uint32") => (0, i64::from(u32::MAX)),
        _ => return false,
    };
    let bound = |keyword: &str| schema.get(keyword).and_then(Json::as_i64);
    let (Some(minimum), Some(maximum)) = (bound("minimum"), bound("maximum")) else {
        return false;
    };
    minimum >= least && maximum <= most && (minimum, maximum) != (least, most)
}

/// `1` for `1.0`.
fn whole(number: &Number) -> Number {
    let text = number.to_string();
    let digits = text
        .strip_suffix(".0")
        .and_then(|digits| digits.parse::<i64>().ok());
    digits.map_or_else(|| number.clone(), Number::from)
}

/// Null is a second type where the other alternative has one; and nothing has to be said of a default that is null.
fn nullable(schema: &mut Map<String, Json>) {
    for keyword in ["anyOf", "oneOf"] {
        let Some(Json::Array(alternatives)) = schema.get(keyword) else {
            continue;
        };
        let is_null = |alternative: &Json| *alternative == json!({ "type": "null" });
        let [first, second] = alternatives.as_slice() else {
            continue;
        };
        let other = match (is_null(first), is_null(second)) {
            (true, false) => second,
            (false, true) => first,
            _ => continue,
        };
        let Some(other) = other.as_object().filter(|other| may_be_null_too(other)) else {
            continue;
        };
        let Some(Json::String(name)) = other.get("type") else {
            continue;
        };
        let types = json!([name, "null"]);
        if other.keys().any(|keyword| schema.contains_key(keyword)) {
            continue;
        }
        let rest = other.clone();
        schema.remove(keyword);
        schema.extend(rest);
        schema.insert("type".into(), types);
    }
    if schema.get("default") == Some(&Json::Null) {
        schema.remove("default");
    }
}

/// Whether no keyword but `type` says anything of null.
fn may_be_null_too(schema: &Map<String, Json>) -> bool {
    const OF_ALL: [&str; 11] = [
        "$ref",
        "$dynamicRef",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "enum",
        "const",
    ];
    schema.get("type").is_some_and(Json::is_string)
        && !OF_ALL.iter().any(|keyword| schema.contains_key(*keyword))
}

/// What stands beside a reference does not count in AsyncAPI (3.0.0, Reference Object).
fn beside_reference(schema: &mut Map<String, Json>) {
    if schema.len() < 2 {
        return;
    }
    if let Some(target) = schema.remove("$ref") {
        let mut all = vec![json!({ "$ref": target })];
        if let Some(Json::Array(others)) = schema.remove("allOf") {
            all.extend(others);
        }
        schema.insert("allOf".into(), all.into());
    }
}

/// Names that are required stand in the order of the properties, and what is permitted anyway is not said.
fn members(schema: &mut Map<String, Json>) {
    let others = schema.get("additionalProperties");
    if others.is_some_and(|others| *others == Json::Bool(true) || *others == json!({})) {
        schema.remove("additionalProperties");
    }
    if schema.get("propertyNames") == Some(&json!({ "type": "string" })) {
        schema.remove("propertyNames");
    }
    let Some(Json::Array(required)) = schema.remove("required") else {
        return;
    };
    let place = |name: &Json| {
        let properties = schema.get("properties").and_then(Json::as_object);
        let name = name.as_str()?;
        properties?.keys().position(|known| known == name)
    };
    let mut required: Vec<_> = required
        .into_iter()
        .map(|name| (place(&name).unwrap_or(usize::MAX), name))
        .collect();
    required.sort_by(|(first, name), (second, other)| {
        first.cmp(second).then_with(|| name.as_str().cmp(&other.as_str()))
    });
    required.dedup();
    if !required.is_empty() {
        let names: Vec<_> = required.into_iter().map(|(_, name)| name).collect();
        schema.insert("required".into(), names.into());
    }
}

fn ordered(mut schema: Map<String, Json>) -> Map<String, Json> {
    let mut ordered = Map::new();
    for keyword in ORDER {
        if let Some((keyword, value)) = schema.remove_entry(keyword) {
            ordered.insert(keyword, value);
        }
    }
    let mut others: Vec<_> = schema.into_iter().collect();
    others.sort_by(|(first, _), (second, _)| first.cmp(second));
    ordered.extend(others);
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(given: &Json, expected: &Json) {
        let found = normal(given.as_object().unwrap().clone());
        // As text, for the order counts.
        assert_eq!(found.to_string(), expected.to_string());
    }

    #[test]
    fn one_permitted_value_is_a_constant() {
        becomes(
            &json!({ "enum": ["a"] }),
            &json!({ "type": "string", "const": "a" }),
        );
    }

    #[test]
    fn permitted_values_have_an_order() {
        becomes(
            &json!({ "enum": ["b", "a"] }),
            &json!({ "type": "string", "enum": ["a", "b"] }),
        );
        becomes(
            &json!({ "enum": [10, 9] }),
            &json!({ "type": "integer", "enum": [9, 10] }),
        );
        becomes(&json!({ "enum": [1, "a"] }), &json!({ "enum": ["a", 1] }));
    }

    #[test]
    fn bounds_of_a_language_are_left_out() {
        let integer = json!({ "type": "integer" });
        becomes(
            &json!({ "type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX }),
            &integer,
        );
        becomes(
            &json!({ "type": "integer", "minimum": -9_007_199_254_740_991_i64, "maximum": 9_007_199_254_740_991_i64 }),
            &integer,
        );
        becomes(
            &json!({ "type": "integer", "format": "uint8", "minimum": 0, "maximum": 255 }),
            &json!({ "type": "integer", "format": "uint8", "minimum": 0, "maximum": 255 }),
        );
        becomes(
            &json!({ "type": "integer", "format": "uint8", "minimum": 1, "maximum": 100 }),
            &json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
        );
        becomes(
            &json!({ "multipleOf": 1.0, "type": "number", "format": "double" }),
            &json!({ "type": "number", "multipleOf": 1 }),
        );
    }

    #[test]
    fn null_is_a_second_type() {
        let expected = json!({ "type": ["string", "null"], "minLength": 1 });
        let text = json!({ "minLength": 1, "type": "string" });
        becomes(
            &json!({ "anyOf": [text, { "type": "null" }], "default": null }),
            &expected,
        );
        becomes(&json!({ "oneOf": [{ "type": "null" }, text] }), &expected);
        becomes(&expected, &expected);
        for kept in [
            json!({ "anyOf": [{ "$ref": "#/a" }, { "type": "null" }] }),
            json!({ "anyOf": [{ "type": "string", "const": "a" }, { "type": "null" }] }),
            json!({ "minLength": 2, "anyOf": [{ "type": "string", "minLength": 1 }, { "type": "null" }] }),
        ] {
            becomes(&kept, &kept);
        }
    }

    #[test]
    fn what_stands_beside_a_reference_counts() {
        becomes(
            &json!({ "properties": { "a": {} }, "$ref": "#/a", "allOf": [true] }),
            &json!({ "properties": { "a": {} }, "allOf": [{ "$ref": "#/a" }, true] }),
        );
        becomes(&json!({ "$ref": "#/a" }), &json!({ "$ref": "#/a" }));
    }

    #[test]
    fn required_names_follow_the_properties() {
        becomes(
            &json!({ "required": ["z", "b", "a", "b"], "x-a": 1, "properties": { "a": {}, "b": {} }, "additionalProperties": true }),
            &json!({ "properties": { "a": {}, "b": {} }, "required": ["a", "b", "z"], "x-a": 1 }),
        );
    }
}
