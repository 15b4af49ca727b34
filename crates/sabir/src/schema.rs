//! The schemas of types.

use std::collections::BTreeSet;

use schemars::{JsonSchema, Schema, generate::SchemaSettings, transform::RecursiveTransform};
use serde_json::{Map, Value as Json};

/// What `schemars` calls the integers of Rust, with the bounds that it leaves out.
const INTEGERS: [(&str, i64, u64); 10] = [
    ("int8", i8::MIN as i64, i8::MAX as u64),
    ("uint8", 0, u8::MAX as u64),
    ("int16", i16::MIN as i64, i16::MAX as u64),
    ("uint16", 0, u16::MAX as u64),
    ("int32", i32::MIN as i64, i32::MAX as u64),
    ("uint32", 0, u32::MAX as u64),
    ("int64", i64::MIN, i64::MAX as u64),
    ("uint64", 0, u64::MAX),
    ("int", isize::MIN as i64, isize::MAX as u64),
    ("uint", 0, usize::MAX as u64),
];

/// How deep the parts of a schema are followed, which may combine itself.
const MOST_LEVELS: usize = 16;

/// Keywords that say nothing of which values fit.
const ANNOTATIONS: [&str; 8] = [
    "$schema",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
];

/// The schema of a type, with the reference at its root followed.
#[derive(Debug)]
pub(crate) struct TypeSchema {
    /// The keywords, without the definitions.
    pub(crate) root: Map<String, Json>,
    definitions: Option<Json>,
}

/// One property of a struct.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) schema: Json,
    pub(crate) is_required: bool,
}

/// What an object is that is filled by name.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) members: Vec<Member>,
    pub(crate) others: Others,
}

/// What becomes of members of an object that are not named.
#[derive(Debug)]
pub(crate) enum Others {
    /// The type does not look at them.
    Ignored,
    /// The type permits none, as with `#[serde(deny_unknown_fields)]`.
    Refused,
    /// Each has this schema, as in a map.
    Taken(Json),
}

/// The JSON Schema of a type as operations have it.
///
/// ```
/// #[derive(schemars::JsonSchema)]
/// struct Tick {
///     n: u8,
/// }
///
/// assert_eq!(sabir::schema_of::<Tick>()["required"], serde_json::json!(["n"]));
/// ```
pub fn schema_of<T: JsonSchema>() -> Json {
    TypeSchema::of::<T>().whole()
}

impl TypeSchema {
    pub(crate) fn of<T: JsonSchema>() -> Self {
        let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(add_bounds));
        let mut root = match Json::from(settings.into_generator().into_root_schema_for::<T>()) {
            Json::Object(members) => members,
            // `true`, for a type that may be anything.
            _ => Map::new(),
        };
        // Texts, numbers and lists are called what Rust calls them, which is nothing to others.
        if T::inline_schema() && root.get("title").is_some_and(|title| *title == *T::schema_name()) {
            root.remove("title");
        }
        let definitions = root.remove("$defs");
        // A newtype refers to what it wraps.
        for _ in 0..8 {
            let Some(target) = referenced(&root, definitions.as_ref()) else {
                break;
            };
            root = target;
        }
        Self { root, definitions }
    }

    /// The whole schema.
    pub(crate) fn whole(&self) -> Json {
        self.part(Json::Object(self.root.clone()))
    }

    /// `schema`, which is a part of this one, with the definitions that it may refer to.
    pub(crate) fn part(&self, mut schema: Json) -> Json {
        if let (Some(definitions), Json::Object(members)) = (&self.definitions, &mut schema) {
            members.insert("$defs".into(), definitions.clone());
        }
        schema
    }

    /// Whether all values are objects.
    pub(crate) fn is_object(&self) -> bool {
        is_object(&self.whole())
    }

    /// The properties of a struct; `None` where more is said of the object than what each of them is.
    pub(crate) fn members(&self) -> Option<Vec<Member>> {
        let is_plain = self.root.keys().all(|keyword| {
            matches!(keyword.as_str(), "type" | "properties" | "required")
                || ANNOTATIONS.contains(&keyword.as_str())
        });
        if !is_plain || self.root.get("type").is_none_or(|name| name != "object") {
            return None;
        }
        Some(self.properties())
    }

    /// What is said of single properties of an object, which need not be all that is said of it.
    fn properties(&self) -> Vec<Member> {
        let required = self.root.get("required").and_then(Json::as_array);
        let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|known| known == name));
        let properties = self.root.get("properties").and_then(Json::as_object);
        let member = |(name, schema): (&String, &Json)| Member {
            name: name.clone(),
            schema: self.part(schema.clone()),
            is_required: is_required(name),
        };
        properties.into_iter().flatten().map(member).collect()
    }

    /// The properties of an object and what all others are, for a place that knows the names of all members.
    pub(crate) fn named(&self) -> Option<Named> {
        let is_plain = self.root.keys().all(|keyword| {
            matches!(
                keyword.as_str(),
                "type" | "properties" | "required" | "additionalProperties"
            ) || ANNOTATIONS.contains(&keyword.as_str())
        });
        if !is_plain || self.root.get("type").is_none_or(|name| name != "object") {
            return None;
        }
        Some(Named {
            members: self.properties(),
            others: match self.root.get("additionalProperties") {
                None => Others::Ignored,
                Some(Json::Bool(false)) => Others::Refused,
                Some(schema) => Others::Taken(self.part(schema.clone())),
            },
        })
    }

    /// The schemas of a tuple's items.
    pub(crate) fn items(&self) -> Option<Vec<Json>> {
        let items = self.root.get("prefixItems")?.as_array()?;
        Some(items.iter().map(|item| self.part(item.clone())).collect())
    }
}

fn referenced(root: &Map<String, Json>, definitions: Option<&Json>) -> Option<Map<String, Json>> {
    if root.keys().any(|keyword| {
        !matches!(keyword.as_str(), "$ref" | "$defs") && !ANNOTATIONS.contains(&keyword.as_str())
    }) {
        return None;
    }
    let name = root.get("$ref")?.as_str()?.strip_prefix("#/$defs/")?;
    definitions?.get(name)?.as_object().cloned()
}

/// Whether all values are objects.
pub(crate) fn is_object(schema: &Json) -> bool {
    is_object_within(schema, schema.get("$defs"), 0)
}

fn is_object_within(schema: &Json, definitions: Option<&Json>, depth: usize) -> bool {
    let Some(members) = schema.as_object().filter(|_| depth <= MOST_LEVELS) else {
        return false;
    };
    if let Some(kind) = members.get("type") {
        return kind == "object";
    }
    if let Some(target) = referenced(members, definitions) {
        return is_object_within(&Json::Object(target), definitions, depth + 1);
    }
    let part = |part: &Json| is_object_within(part, definitions, depth + 1);
    let list = |keyword: &str| members.get(keyword).and_then(Json::as_array);
    ["oneOf", "anyOf"]
        .iter()
        .filter_map(|keyword| list(keyword))
        .any(|alternatives| !alternatives.is_empty() && alternatives.iter().all(part))
        || list("allOf").is_some_and(|parts| parts.iter().any(part))
}

/// The names that objects have by this schema, each once.
pub(crate) fn property_names(schema: &Json) -> Vec<String> {
    let mut names = BTreeSet::new();
    add_names(schema, schema.get("$defs"), 0, &mut names);
    names.into_iter().collect()
}

fn add_names(schema: &Json, definitions: Option<&Json>, depth: usize, names: &mut BTreeSet<String>) {
    let Some(members) = schema.as_object().filter(|_| depth <= MOST_LEVELS) else {
        return;
    };
    let properties = members.get("properties").and_then(Json::as_object);
    names.extend(properties.into_iter().flat_map(Map::keys).cloned());
    if let Some(target) = referenced(members, definitions) {
        add_names(&Json::Object(target), definitions, depth + 1, names);
    }
    for keyword in ["oneOf", "anyOf", "allOf"] {
        let parts = members.get(keyword).and_then(Json::as_array);
        for part in parts.into_iter().flatten() {
            add_names(part, definitions, depth + 1, names);
        }
    }
}

/// JSON Schema knows no `int32`; a bound that the type's author gave stays.
fn add_bounds(schema: &mut Schema) {
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    let format = members.get("format").and_then(Json::as_str);
    let bounds = INTEGERS.iter().find(|(name, ..)| Some(*name) == format);
    if let Some((_, least, most)) = bounds {
        members.entry("minimum").or_insert_with(|| (*least).into());
        members.entry("maximum").or_insert_with(|| (*most).into());
    }
}
