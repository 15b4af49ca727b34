//! JSON Schema 2020-12, compiled once when a route is added.

use std::{fmt, sync::Arc};

use jsonschema::{Draft, Validator};
use serde_json::Value as Json;

use crate::{
    Kind, Location, Problem, Settings, SetupError, Text, Value, Violations,
    json::{Document, JsonLimits, from_json, parse},
    operation::SchemaData,
};

mod duration;
mod equality;
mod explain;
mod instance;
mod keyword;
mod kind;
mod locate;
mod message;
mod number;
mod pattern;
mod shown;
mod sketch;

use explain::explain;
use instance::{Instance, Lens, Watch};
pub(crate) use kind::{kind_of, resolve as follow};
pub(crate) use shown::shown_text;

/// Compiles schemas; holds the components that `#/components/schemas/...` refers to.
#[derive(Debug, Clone)]
pub struct SchemaCompiler {
    components: Arc<serde_json::Map<String, Json>>,
    format_assertion: bool,
    digit_limit: u64,
}

impl Default for SchemaCompiler {
    /// A compiler without components, with the default settings.
    fn default() -> Self {
        Self {
            components: Arc::default(),
            format_assertion: true,
            digit_limit: Settings::default().digit_limit,
        }
    }
}

/// A compiled schema.
#[derive(Clone)]
pub struct Schema {
    /// Absent when everything is accepted.
    validator: Option<Arc<Validator<Instance>>>,
    kind: Kind,
    nullable: bool,
    default: Option<Value>,
}

impl SchemaCompiler {
    /// A compiler that resolves `#/components/schemas/NAME` in `components`.
    pub fn new(components: serde_json::Map<String, Json>) -> Self {
        Self {
            components: Arc::new(components),
            ..Self::default()
        }
    }

    /// The same compiler with what `settings` say of schemas.
    #[must_use]
    pub fn with_settings(self, settings: &Settings) -> Self {
        Self {
            format_assertion: settings.format_assertion,
            digit_limit: settings.digit_limit,
            ..self
        }
    }

    /// The most digits that a number in a text may have.
    pub(crate) fn digit_limit(&self) -> u64 {
        self.digit_limit
    }

    /// Compiles `schema`; `field` names it in the error. `Null` (no schema) accepts everything.
    ///
    /// # Errors
    /// When the schema is not a valid 2020-12 schema or a reference does not resolve.
    pub fn compile(&self, schema: &SchemaData, field: &str) -> Result<Schema, SetupError> {
        let root = self.rooted(schema);
        let (kind, nullable) = kind::kind_of(&root, &root);
        let default = kind::default_of(&root, &root).map(from_json);
        let accepts_all = schema.is_null()
            || schema == &Json::Bool(true)
            || schema.as_object().is_some_and(|members| {
                members
                    .keys()
                    .all(|keyword| matches!(keyword.as_str(), "default" | "title" | "description"))
            });
        if accepts_all {
            return Ok(Schema {
                validator: None,
                kind,
                nullable,
                default,
            });
        }
        let options = jsonschema::options_for::<Instance>()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(self.format_assertion)
            .with_format("decimal", is_decimal)
            .with_format("duration", duration::is_duration);
        let validator = keyword::add(options)
            .build(&root)
            .map_err(|error| locate::setup_error(field, &root, &error))?;
        Ok(Schema {
            validator: Some(Arc::new(validator)),
            kind,
            nullable,
            default,
        })
    }

    /// Compiles what the parts of `root` at `pointers` say, any of which may hold. `root` has its components beside it
    /// already.
    ///
    /// # Errors
    /// As [`compile`](Self::compile).
    pub(crate) fn compile_parts(&self, root: &Json, pointers: &[&str]) -> Result<Schema, SetupError> {
        // As a resource of its own, the whole keeps the meaning of every reference inside it (JSON Schema 2020-12
        // §9.3.1), whatever a part of it is compiled into.
        const RESOURCE: &str = "urn:sabir:schema";
        let mut whole = root.clone();
        if let Json::Object(members) = &mut whole {
            members.entry("$id").or_insert_with(|| RESOURCE.into());
        }
        let base = whole
            .get("$id")
            .and_then(Json::as_str)
            .unwrap_or(RESOURCE)
            .to_owned();
        let parts = pointers.iter().map(|pointer| {
            let fragment = percent_encoding::utf8_percent_encode(pointer, FRAGMENT);
            serde_json::json!({ "$ref": format!("{base}#{fragment}") })
        });
        let any = serde_json::json!({ "anyOf": parts.collect::<Vec<_>>(), "$defs": { "whole": whole } });
        let mut alone = self.clone();
        alone.components = Arc::default();
        alone.compile(&any, "schema")
    }

    /// `schema` with the components beside it, so that references into either resolve.
    pub(crate) fn rooted(&self, schema: &SchemaData) -> Json {
        match schema {
            Json::Object(members) if !self.components.is_empty() => {
                let mut members = members.clone();
                let components = serde_json::json!({ "schemas": Json::Object((*self.components).clone()) });
                members.insert("components".into(), components);
                Json::Object(members)
            }
            other => other.clone(),
        }
    }

    /// The schema that `schema` refers to, with the components beside it; itself when it is no reference.
    pub fn resolve(&self, schema: &SchemaData) -> SchemaData {
        let root = self.rooted(schema);
        let target = kind::resolve(&root, &root);
        let mut target = target.clone();
        if let (Json::Object(target), Some(definitions)) = (&mut target, root.get("$defs")) {
            target.entry("$defs").or_insert_with(|| definitions.clone());
        }
        target
    }
}

/// What a fragment of a URI must escape (RFC 3986 §3.5).
const FRAGMENT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'$');

/// A number as text, as `format: decimal` has it.
pub(crate) fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && fraction.is_none_or(all_digits)
}

impl Schema {
    /// What the schema declares its values to be.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Whether null is permitted beside the kind.
    pub fn is_nullable(&self) -> bool {
        self.nullable
    }

    /// The `default` keyword's value.
    pub fn default_value(&self) -> Option<&Value> {
        self.default.as_ref()
    }

    /// Whether `value` is valid.
    pub(crate) fn accepts(&self, value: &Value) -> bool {
        self.validator
            .as_ref()
            .is_none_or(|validator| validator.is_valid(Lens::tree(value)))
    }

    /// Adds the failures of `value`, in document order, as many as `violations` has room for.
    pub fn validate(
        &self,
        value: &Value,
        location: Location,
        name: Option<&Text>,
        violations: &mut Violations,
    ) {
        self.check(Lens::tree(value), location, name, violations);
    }

    /// Reads a JSON body and adds its failures as [`validate`](Self::validate) does, without making a value of it, which
    /// takes many times the memory of its text.
    ///
    /// # Errors
    /// As [`parse`](crate::json::parse).
    pub fn validate_text(
        &self,
        text: &[u8],
        limits: &JsonLimits,
        violations: &mut Violations,
    ) -> Result<(), Problem> {
        if u32::try_from(text.len()).is_err() {
            let value = parse(text, limits)?;
            self.check(Lens::tree(&value), Location::Body, None, violations);
            return Ok(());
        }
        let document = Document::read(text, limits)?;
        self.check(Lens::text(document.root()), Location::Body, None, violations);
        Ok(())
    }

    fn check(&self, value: Lens<'_>, location: Location, name: Option<&Text>, violations: &mut Violations) {
        let Some(validator) = &self.validator else { return };
        let watch = Watch::new();
        // What is small is looked at twice sooner than watched.
        let once = if value.is_text() {
            value.watched(&watch)
        } else {
            value
        };
        if crate::Switch::Validation.is_on() && !validator.is_valid(once) {
            explain(validator, value, location, name, &watch, violations);
        }
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn failures(schema: &Json, value: &Json) -> Vec<(String, String, String)> {
        let schema = SchemaCompiler::default().compile(schema, "schema").unwrap();
        let mut violations = Violations::default();
        schema.validate(&from_json(value), Location::Body, None, &mut violations);
        let found = violations.iter().cloned();
        found
            .map(|found| {
                (
                    found.pointer.unwrap_or_default(),
                    found.keyword.into_owned(),
                    found.detail,
                )
            })
            .collect()
    }

    #[test]
    fn reports_all_failures_with_pointers() {
        let schema = json!({"type": "object", "required": ["sku"], "additionalProperties": false,
            "properties": {"sku": {"type": "string"}, "quantity": {"type": "integer", "minimum": 1}}});
        let found = failures(&schema, &json!({"quantity": 0, "extra": true}));
        assert!(found.contains(&(
            "/quantity".into(),
            "minimum".into(),
            "0 is less than the minimum of 1".into()
        )));
        assert!(found.contains(&(
            String::new(),
            "required".into(),
            "the property \"sku\" is missing".into()
        )));
        assert!(found.contains(&(
            String::new(),
            "additionalProperties".into(),
            "the property \"extra\" is not permitted".into()
        )));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn names_the_keywords_that_count_matching_items() {
        let schema = json!({"contains": {"type": "integer"}, "minContains": 2});
        assert_eq!(failures(&schema, &json!([1, "a"]))[0].1, "minContains");
    }

    #[test]
    fn asserts_formats() {
        assert_eq!(
            failures(&json!({"type": "string", "format": "uuid"}), &json!("x"))[0].1,
            "format"
        );
        assert_eq!(
            failures(&json!({"type": "string", "format": "decimal"}), &json!("1.50")),
            vec![]
        );
    }

    #[test]
    fn resolves_components() {
        let components = json!({"Sku": {"type": "string", "minLength": 3}});
        let compiler = SchemaCompiler::new(components.as_object().unwrap().clone());
        let schema = compiler
            .compile(&json!({"$ref": "#/components/schemas/Sku"}), "schema")
            .unwrap();
        assert_eq!(schema.kind(), &Kind::String);
        let mut violations = Violations::default();
        schema.validate(
            &Value::String("ab".into()),
            Location::Query,
            Some(&"sku".into()),
            &mut violations,
        );
        assert_eq!(violations[0].keyword, "minLength");
        assert!(
            compiler
                .compile(&json!({"$ref": "#/components/schemas/Nope"}), "schema")
                .is_err()
        );
    }

    #[test]
    fn says_where_a_schema_is_invalid() {
        for (schema, field) in [
            (json!({"type": "strin"}), "schema.type"),
            (
                json!({"properties": {"a/b": {"minimum": "1"}}}),
                "schema.properties.a/b.minimum",
            ),
            (
                json!({"allOf": [true, {"required": "a"}]}),
                "schema.allOf[1].required",
            ),
            (json!({"items": {"pattern": "("}}), "schema.items.pattern"),
            (json!({"items": {"$ref": "#/$defs/a"}}), "schema.items.$ref"),
            (json!("string"), "schema"),
        ] {
            let error = SchemaCompiler::default().compile(&schema, "schema").unwrap_err();
            assert_eq!(error.field, field, "{schema}: {error}");
            assert!(error.problem.starts_with("the schema is not valid: "), "{error}");
        }
    }
}
