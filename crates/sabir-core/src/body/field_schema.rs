//! What the schema says of a form's fields, which arrive as text.

use crate::{
    Kind, Value,
    json::{self, JsonLimits},
    parameters::coerce,
    schema::{follow, kind_of},
};
use serde_json::Value as Json;

/// The part of a schema that describes one field; says nothing when no part does.
///
/// A field may be described by several alternatives, all of which are heard: it is an array when any of them is
/// one, and its text becomes the first kind that it fits. Validation has the last word.
#[derive(Debug, Clone, Copy)]
pub(super) struct FieldSchema<'a> {
    root: &'a Json,
    own: Option<&'a Json>,
}

impl<'a> FieldSchema<'a> {
    /// The whole of `root`, which has the components beside it.
    pub(super) fn new(root: &'a Json) -> Self {
        Self {
            root,
            own: Some(root),
        }
    }

    /// The schema of the member `name` of an object.
    pub(super) fn property(self, name: &str) -> Self {
        let alternatives = self.alternatives();
        let named = alternatives
            .iter()
            .find_map(|schema| schema.get("properties")?.get(name));
        let other = || {
            alternatives
                .iter()
                .find_map(|schema| schema.get("additionalProperties"))
        };
        Self {
            own: named.or_else(other),
            ..self
        }
    }

    /// Whether the schema names the member `name` among its properties.
    pub(super) fn declares(self, name: &str) -> bool {
        self.alternatives().iter().any(|schema| {
            schema
                .get("properties")
                .is_some_and(|all| all.get(name).is_some())
        })
    }

    /// The schema of an array's items.
    pub(super) fn items(self) -> Self {
        let own = self.alternatives().iter().find_map(|schema| schema.get("items"));
        Self { own, ..self }
    }

    /// Whether the field may be an array.
    pub(super) fn is_array(self) -> bool {
        self.kinds().iter().any(|kind| matches!(kind, Kind::Array(_)))
    }

    /// The value of a field's text: the first kind that it fits, otherwise a string, which validation then refuses.
    ///
    /// An empty text is null where null is permitted and strings are not: that is how an HTML form leaves a
    /// number out. Text that starts with a brace is read as JSON where an object is expected (OpenAPI 3.1 §4.8.15).
    pub(super) fn leaf(self, text: &str, limits: JsonLimits) -> Value {
        // An alternative that permits null is only looked for where that matters.
        let permits_null = text.is_empty() && self.permits_null();
        Self::value_of(text, &self.kinds(), permits_null, limits)
    }

    /// As [`leaf`](Self::leaf), with what it asks of the schema.
    pub(super) fn value_of(text: &str, kinds: &[Kind], permits_null: bool, limits: JsonLimits) -> Value {
        for kind in kinds {
            let value = match kind {
                Kind::Any | Kind::Null => None,
                Kind::Object if text.trim_start().starts_with('{') => {
                    json::parse(text.as_bytes(), &limits).ok()
                }
                Kind::Binary => Some(Value::Bytes(text.to_owned().into())),
                kind => coerce(text, kind),
            };
            if let Some(value) = value {
                return value;
            }
        }
        if text.is_empty() && permits_null && kinds.iter().any(|kind| *kind != Kind::Any) {
            Value::Null
        } else {
            Value::String(text.into())
        }
    }

    /// Whether null is among what the schema lets through.
    pub(super) fn permits_null(self) -> bool {
        self.alternatives()
            .iter()
            .any(|schema| kind_of(schema, self.root).1)
    }

    /// The names of the declared members, each once.
    pub(super) fn property_names(self) -> Vec<&'a str> {
        let mut names: Vec<&str> = Vec::new();
        for schema in self.alternatives() {
            let properties = schema.get("properties").and_then(Json::as_object);
            for name in properties.into_iter().flat_map(serde_json::Map::keys) {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The kinds of all alternatives, each once or more often.
    pub(super) fn kinds(self) -> Vec<Kind> {
        self.alternatives()
            .iter()
            .flat_map(|schema| kinds_of(schema, self.root))
            .collect()
    }

    /// The schema and everything that it combines, references followed.
    fn alternatives(self) -> Vec<&'a Json> {
        let mut found = Vec::new();
        if let Some(own) = self.own {
            gather(own, self.root, &mut found);
        }
        found
    }
}

fn gather<'a>(schema: &'a Json, root: &'a Json, found: &mut Vec<&'a Json>) {
    // A schema may combine itself; each is heard once.
    if found.iter().any(|known| std::ptr::eq(*known, schema)) {
        return;
    }
    found.push(schema);
    // Keywords beside a reference count as well (JSON Schema 2020-12 §8.2.3.1).
    let target = follow(schema, root);
    if !std::ptr::eq(target, schema) {
        gather(target, root, found);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for part in schema.get(keyword).and_then(Json::as_array).into_iter().flatten() {
            gather(part, root, found);
        }
    }
}

/// The kinds of one schema in the order in which it names them.
fn kinds_of(schema: &Json, root: &Json) -> Vec<Kind> {
    let Some(names) = schema.get("type").and_then(Json::as_array) else {
        return vec![kind_of(schema, root).0];
    };
    let one = |name: &Json| {
        let mut single = schema.clone();
        single["type"] = name.clone();
        kind_of(&single, root).0
    };
    names.iter().map(one).collect()
}
