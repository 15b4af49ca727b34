//! The value that a text stands for.

use std::{borrow::Cow, collections::HashMap};

use super::TextPart;
use crate::{
    Kind, Map, Text, Value,
    parameters::coerce::{coerce, has_too_many_digits, is_out_of_range, wanted},
    pointer,
    schema::shown_text,
};

/// Objects up to this size are searched name by name; larger ones through a hash map.
const SMALL_OBJECT: usize = 16;

/// Text that does not fit, with a pointer to where.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) pointer: String,
    pub(crate) detail: String,
}

impl Misfit {
    fn new(text: &str, kinds: &[Kind], digits: u64) -> Self {
        let wanted: Vec<_> = kinds.iter().map(wanted).collect();
        let detail = if kinds.iter().any(|kind| has_too_many_digits(text, kind, digits)) {
            format!("the number has more than {digits} digits")
        } else if kinds.iter().any(|kind| is_out_of_range(text, kind)) {
            format!("{} is beyond the range of a double", shown_text(text))
        } else {
            format!("{} is not {}", shown_text(text), wanted.join(" or "))
        };
        Self {
            pointer: String::new(),
            detail,
        }
    }

    /// A misfit that is about more than one text.
    pub(crate) fn of(detail: String) -> Self {
        Self {
            pointer: String::new(),
            detail,
        }
    }

    /// The same, in the member or item `step`.
    pub(crate) fn below(mut self, step: &str) -> Self {
        self.pointer.insert_str(0, &format!("/{}", pointer::token(step)));
        self
    }
}

/// Whether every text is a value of this kind.
pub(super) fn is_plain_text(kind: &Kind) -> bool {
    matches!(kind, Kind::String | Kind::Any)
}

impl TextPart<'_> {
    /// The value of the first kind that the schema accepts, where `attempt` makes the value of a kind, if it can.
    ///
    /// Where the schema accepts none, the first value that could be made is given, and validation says what is wrong
    /// with it; where none could be made, nothing.
    pub(crate) fn first_accepted<E>(
        self,
        mut attempt: impl FnMut(&Kind) -> Option<Result<Value, E>>,
    ) -> Option<Result<Value, E>> {
        if let ([kind], false) = (self.own.kinds.as_slice(), self.own.permits_null) {
            return attempt(kind);
        }
        // Where any text is a string, only a text that is refused as one may be null.
        let null = self.own.permits_null.then_some(&Kind::Null);
        let (first, last) = if self.holds_text() {
            (None, null)
        } else {
            (null, None)
        };
        let mut refused = None;
        for kind in first.into_iter().chain(&self.own.kinds).chain(last) {
            match attempt(kind) {
                Some(Ok(value)) if self.accepts(&value) => return Some(Ok(value)),
                Some(Ok(value)) if !matches!(refused, Some(Ok(_))) => refused = Some(Ok(value)),
                Some(Err(error)) if refused.is_none() => refused = Some(Err(error)),
                _ => {}
            }
        }
        refused
    }

    /// The value of `text` as one of `kind`.
    pub(crate) fn coerce(self, text: &str, kind: &Kind) -> Option<Value> {
        coerce(text, kind, self.digits)
    }

    /// One value that is neither array nor object.
    pub(crate) fn scalar(self, text: &str) -> Result<Value, Misfit> {
        self.first_accepted(|kind| self.coerce(text, kind).map(Ok))
            .unwrap_or_else(|| Err(self.misfit(text)))
    }

    /// What is to be said of a text that no kind fits.
    pub(crate) fn misfit(self, text: &str) -> Misfit {
        Misfit::new(text, &self.own.kinds, self.digits)
    }

    /// An array of the kind `array` from its items' texts.
    pub(crate) fn array<'t>(
        self,
        array: &Kind,
        texts: impl Iterator<Item = Cow<'t, str>>,
    ) -> Result<Value, Misfit> {
        let item_kind = self.only_item_kind(array);
        let value = |(index, text): (usize, Cow<'t, str>)| {
            let value = match item_kind {
                Some(kind) => (self.coerce(&text, kind))
                    .ok_or_else(|| Misfit::new(&text, std::slice::from_ref(kind), self.digits)),
                None => self.item(index).scalar(&text),
            };
            value.map_err(|misfit| misfit.below(&index.to_string()))
        };
        texts
            .enumerate()
            .map(value)
            .collect::<Result<_, _>>()
            .map(Value::Array)
    }

    /// The kind of all items, where the schema permits arrays of one kind or of another.
    pub(crate) fn only_item_kind(self, array: &Kind) -> Option<&Kind> {
        let is_array = |kind: &&Kind| matches!(kind, Kind::Array(_));
        match array {
            Kind::Array(item) if self.own.kinds.iter().filter(is_array).nth(1).is_some() => {
                Some(&**item).filter(|item| !matches!(item, Kind::Any | Kind::Array(_) | Kind::Object))
            }
            _ => None,
        }
    }

    /// An object from its properties' texts; the last of a name counts, in the place of the first.
    pub(crate) fn object<'t>(
        self,
        pairs: impl Iterator<Item = (Cow<'t, str>, Cow<'t, str>)>,
    ) -> Result<Value, Misfit> {
        let mut members = Members::default();
        for (name, text) in pairs {
            let value = self
                .property(&name)
                .scalar(&text)
                .map_err(|misfit| misfit.below(&name))?;
            members.set(&name, value);
        }
        Ok(Value::Object(members.list))
    }
}

/// The members of an object while it is put together.
#[derive(Default)]
struct Members {
    list: Map,
    /// The places of the names, once there are many.
    places: HashMap<Text, usize>,
}

impl Members {
    fn set(&mut self, name: &str, value: Value) {
        let members = &mut self.list.0;
        if members.len() == SMALL_OBJECT && self.places.is_empty() {
            let places = members.iter().enumerate();
            self.places = places.map(|(place, (name, _))| (name.clone(), place)).collect();
        }
        let place = if members.len() < SMALL_OBJECT {
            members.iter().position(|(known, _)| known == name)
        } else {
            self.places.get(name).copied()
        };
        if let Some(member) = place.and_then(|place| members.get_mut(place)) {
            member.1 = value;
            return;
        }
        if members.len() >= SMALL_OBJECT {
            self.places.insert(name.into(), members.len());
        }
        members.push((name.into(), value));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::{parameters::text_schema::TextSchema, schema::SchemaCompiler};

    fn read(schema: &Json, text: &str) -> Result<Value, String> {
        let schema = TextSchema::compile(schema, &SchemaCompiler::default(), "schema").unwrap();
        let value = schema.root().scalar(text);
        value.map_err(|misfit| misfit.detail)
    }

    #[test]
    fn takes_the_first_type_that_the_schema_accepts() {
        let schema = json!({"anyOf": [{"type": "number"}, {"type": "integer"}]});
        assert_eq!(read(&schema, "5"), Ok(Value::Number(5.0)));
        let schema = json!({"anyOf": [{"type": "integer"}, {"type": "number"}]});
        assert_eq!(read(&schema, "5"), Ok(Value::Integer(5)));
        let schema = json!({"oneOf": [{"type": "integer", "maximum": 3}, {"type": "number", "minimum": 5}]});
        assert_eq!(read(&schema, "3"), Ok(Value::Integer(3)));
        assert_eq!(read(&schema, "5"), Ok(Value::Integer(5)));
    }

    #[test]
    fn says_all_that_was_expected() {
        let schema = json!({"type": ["integer", "boolean"]});
        assert_eq!(
            read(&schema, "x"),
            Err("\"x\" is not an integer or true or false".into())
        );
    }

    #[test]
    fn follows_references_in_schemas_that_contain_themselves() {
        let schema = json!({"$ref": "#/$defs/a~1b", "$defs": {
            "a/b": {"anyOf": [{"$ref": "#/$defs/n"}, {"type": "array", "items": {"$ref": "#"}}]},
            "n": {"enum": [1, "one", null]}}});
        assert_eq!(read(&schema, "1"), Ok(Value::Integer(1)));
        assert_eq!(read(&schema, "one"), Ok(Value::String("one".into())));
        assert_eq!(read(&schema, "null"), Ok(Value::Null));
        assert_eq!(read(&schema, "2"), Ok(Value::Integer(2)));
    }

    #[test]
    fn chooses_by_schemas_of_other_documents_and_drafts() {
        let four = "http://json-schema.org/draft-04/schema#";
        let choice = json!({"$schema": four, "anyOf": [{"type": "integer", "minimum": 1, "exclusiveMinimum": true}, {"$ref": "#/definitions/a"}],
            "definitions": {"a": {"type": "string"}}});
        let documents =
            json!({"https://example.org/a/choice": choice, "https://example.org/a/b": {"$ref": "choice"}});
        let mut component = choice.clone();
        component["anyOf"][1] = json!({"$ref": "#/components/schemas/Text"});
        let components = json!({"Choice": component, "Text": {"type": "string"}});
        let components = components.as_object().unwrap().clone();
        let compiler = SchemaCompiler::new(components)
            .with_documents(documents.as_object().unwrap().clone())
            .unwrap();
        let inside = json!({"$ref": "urn:c#here", "$defs": {"c": {"$id": "urn:c", "$defs": {"d": {"$anchor": "here",
            "anyOf": [{"$ref": "#e"}, {"type": "string"}]}, "e": {"$anchor": "e", "type": "integer", "minimum": 2}}}}});
        for schema in [
            json!({"$ref": "https://example.org/a/choice"}),
            json!({"$ref": "https://example.org/a/b"}),
            json!({"$ref": "#/components/schemas/Choice"}),
            choice,
            inside,
        ] {
            let texts = TextSchema::compile(&schema, &compiler, "schema").unwrap();
            let read = |text: &str| texts.root().scalar(text).unwrap_or(Value::Null);
            assert_eq!(read("2"), Value::Integer(2), "{schema}");
            assert_eq!(read("1"), Value::String("1".into()), "{schema}");
        }
    }

    #[test]
    fn text_is_read_by_recursive_references_that_lead_to_one_place() {
        let nine = "https://json-schema.org/draft/2019-09/schema";
        let number = json!({"$id": "urn:n", "$recursiveAnchor": true, "anyOf": [{"type": "integer"}, {"type": "array", "items": {"$recursiveRef": "#"}}]});
        let mut schema = json!({"$schema": nine, "$defs": {"n": number}, "properties": {"a/b": {"type": "array", "items": {"$ref": "urn:n"}}}, "type": "object"});
        let read = |schema: &Json| -> Result<Json, crate::SetupError> {
            let texts = TextSchema::compile(schema, &SchemaCompiler::default(), "parameters[0].schema")?;
            let part = texts.root().property("a/b").item(0);
            Ok(crate::json::to_json(&part.scalar("5").unwrap()))
        };
        assert_eq!(read(&schema).unwrap(), json!(5));
        schema["$recursiveAnchor"] = true.into();
        let error = read(&schema).unwrap_err();
        assert_eq!(
            error.field,
            "parameters[0].schema.$defs.n.anyOf[1].items.$recursiveRef"
        );
        let several = json!({"type": "array", "items": {"$dynamicRef": "#n"}, "$defs": {
            "a": {"$dynamicAnchor": "n"}, "b": {"$id": "urn:b", "$dynamicAnchor": "n"}}});
        let error = TextSchema::compile(&several, &SchemaCompiler::default(), "schema").unwrap_err();
        assert_eq!(error.field, "schema.items.$dynamicRef");
    }

    #[test]
    fn the_last_of_a_name_counts_in_the_place_of_the_first() {
        let schema = TextSchema::compile(&Json::Null, &SchemaCompiler::default(), "schema").unwrap();
        let names = (0..40).chain(0..40).map(|number| format!("n{number}"));
        let pairs = names
            .enumerate()
            .map(|(at, name)| (name.into(), at.to_string().into()));
        let Ok(Value::Object(members)) = schema.root().object(pairs) else {
            unreachable!("text fits everything")
        };
        assert_eq!(members.0.len(), 40);
        assert_eq!(members.0[0], ("n0".into(), Value::String("40".into())));
        assert_eq!(members.0[39], ("n39".into(), Value::String("79".into())));
    }
}
