//! From a JSON Schema to the Python type that a user would write.

use serde_json::{Map, Value};

use super::{literal, models::Models};

/// A type with what narrows it.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    /// The type.
    pub(super) base: String,
    /// Constraints as the markers and `msgspec.Meta` call them, with their values.
    pub(super) constraints: Vec<(&'static str, String)>,
    /// The default, as data.
    pub(super) default: Option<Value>,
}

const NUMBERS: &[(&str, &str)] = &[
    ("minimum", "ge"),
    ("exclusiveMinimum", "gt"),
    ("maximum", "le"),
    ("exclusiveMaximum", "lt"),
    ("multipleOf", "multiple_of"),
];
const STRINGS: &[(&str, &str)] = &[
    ("minLength", "min_length"),
    ("maxLength", "max_length"),
    ("pattern", "pattern"),
    ("format", "format"),
];
const ARRAYS: &[(&str, &str)] = &[
    ("minItems", "min_items"),
    ("maxItems", "max_items"),
    ("uniqueItems", "unique_items"),
];

/// The type whose schema is `schema`; `None` when no type says the same. Models are added to `models`.
pub(super) fn exact(schema: &Value, wanted_name: &str, models: &mut Models<'_>) -> Option<Typed> {
    let members = schema.as_object()?;
    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
        let name = models.reference(reference).filter(|_| members.len() == 1)?;
        return Some(Typed::plain(name));
    }
    let mut rest = members.clone();
    let kind = rest.shift_remove("type")?;
    let default = rest.shift_remove("default");
    let (base, table) = match kind.as_str()? {
        "boolean" => ("bool".to_owned(), &[][..]),
        "integer" => (literals(&mut rest).unwrap_or_else(|| "int".into()), NUMBERS),
        "number" if models.number_is_float() => ("float".to_owned(), NUMBERS),
        "string" => (literals(&mut rest).unwrap_or_else(|| string(&mut rest)), STRINGS),
        "array" => {
            let item = match rest.shift_remove("items") {
                Some(items) => exact(&items, wanted_name, models)?.nested()?,
                None => "Any".into(),
            };
            (format!("list[{item}]"), ARRAYS)
        }
        "object" => (object(&mut rest, wanted_name, models)?, &[][..]),
        _ => return None,
    };
    let mut constraints = Vec::new();
    for (keyword, name) in table {
        if let Some(value) = rest.shift_remove(*keyword) {
            constraints.push((*name, literal::json(&value)));
        }
    }
    rest.is_empty().then_some(Typed {
        base,
        constraints,
        default,
    })
}

/// The type of what `schema` lets through, as far as it says: what stands beside `schema=`.
pub(super) fn host_type(schema: &Value) -> String {
    if let Some(other) = other_than_null(schema) {
        return format!("{} | None", host_type(&other));
    }
    match schema["type"].as_str() {
        Some("boolean") => "bool".into(),
        Some("integer") => "int".into(),
        Some("number") => "float".into(),
        Some("string") => {
            let mut format = Map::new();
            format.extend(
                schema
                    .get("format")
                    .map(|format| ("format".to_owned(), format.clone())),
            );
            string(&mut format)
        }
        Some("array") => match schema.get("items") {
            Some(items) if items.is_object() => format!("list[{}]", host_type(items)),
            _ => "list[Any]".into(),
        },
        Some("object") => "dict[str, Any]".into(),
        _ => "Any".into(),
    }
}

/// What `schema` lets through beside null, when it is one alternative of two.
fn other_than_null(schema: &Value) -> Option<Value> {
    if let Some([kind, null]) = schema["type"].as_array().map(Vec::as_slice) {
        let mut other = schema.clone();
        other["type"] = kind.clone();
        return (null == "null").then_some(other);
    }
    match schema["anyOf"].as_array().map(Vec::as_slice) {
        Some([other, null]) if null["type"] == "null" => Some(other.clone()),
        _ => None,
    }
}

/// `default` as a value of the type `base`; `None` where Python writes it in another way.
pub(super) fn default_of(base: &str, default: &Value) -> Option<String> {
    let text = literal::json(default);
    Some(match (base, default) {
        ("uuid.UUID" | "decimal.Decimal", Value::String(_)) => format!("{base}({text})"),
        ("datetime.date" | "datetime.datetime" | "datetime.time", Value::String(_)) => {
            format!("{base}.fromisoformat({text})")
        }
        ("int", Value::Number(number)) if number.is_f64() => return None,
        ("str" | "Any", _) | ("int" | "float", Value::Number(_)) | ("bool", Value::Bool(_)) => text,
        (_, Value::Array(items)) if items.is_empty() || !base.contains('.') => text,
        _ if base.starts_with("Literal[") => text,
        _ => return None,
    })
}

fn string(rest: &mut Map<String, Value>) -> String {
    let name = match rest.get("format").and_then(Value::as_str) {
        Some("uuid") => "uuid.UUID",
        Some("date") => "datetime.date",
        Some("date-time") => "datetime.datetime",
        Some("time") => "datetime.time",
        Some("duration") => "datetime.timedelta",
        Some("decimal") => "decimal.Decimal",
        Some("binary") => "UploadFile",
        _ => return "str".into(),
    };
    rest.shift_remove("format");
    name.into()
}

/// `Literal[...]` for an enumeration of strings or of integers in ascending order: Python's own order is that one.
fn literals(rest: &mut Map<String, Value>) -> Option<String> {
    let values = rest.get("enum")?.as_array()?;
    let is_sorted = values.iter().all(Value::is_string) && values.is_sorted_by_key(Value::as_str)
        || values.iter().all(Value::is_i64) && values.is_sorted_by_key(Value::as_i64);
    if !is_sorted || values.is_empty() {
        return None;
    }
    let list = values.iter().map(literal::json).collect::<Vec<_>>().join(", ");
    rest.shift_remove("enum");
    Some(format!("Literal[{list}]"))
}

fn object(rest: &mut Map<String, Value>, wanted_name: &str, models: &mut Models<'_>) -> Option<String> {
    if rest.contains_key("properties") {
        return models.define(rest, wanted_name);
    }
    let item = match (
        rest.shift_remove("additionalProperties"),
        models.is_of_parameter(),
    ) {
        // A dictionary that is a parameter has members of any name, of which the schema must speak.
        (None, true) => return None,
        (Some(Value::Object(open)), true) if open.is_empty() => "Any".into(),
        (None, false) => "Any".into(),
        (Some(schema), _) => exact(&schema, wanted_name, models)?.nested()?,
    };
    Some(format!("dict[str, {item}]"))
}

impl Typed {
    fn plain(base: String) -> Self {
        Self {
            base,
            constraints: Vec::new(),
            default: None,
        }
    }

    /// The type where no marker can stand: in a list, or as a field of a model.
    pub(super) fn nested(self) -> Option<String> {
        if self.default.is_some() {
            return None;
        }
        self.annotated()
    }

    /// The type with its constraints in `msgspec.Meta`, which lacks some.
    pub(super) fn annotated(self) -> Option<String> {
        if self.constraints.is_empty() {
            return Some(self.base);
        }
        let mut arguments = Vec::new();
        for (name, value) in self.constraints {
            let name = match name {
                "format" | "unique_items" => return None,
                "min_items" => "min_length",
                "max_items" => "max_length",
                name => name,
            };
            arguments.push(format!("{name}={value}"));
        }
        Some(format!(
            "Annotated[{}, msgspec.Meta({})]",
            self.base,
            arguments.join(", ")
        ))
    }
}
