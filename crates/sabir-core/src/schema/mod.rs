//! JSON Schema, compiled once when a route is added.

use std::{collections::BTreeSet, fmt, sync::Arc};

use jsonschema::{Draft, Registry, RegistryBuilder, ValidationOptions, Validator};
use serde_json::Value as Json;

use crate::{
    Kind, Location, Problem, Settings, SetupError, Text, Value, Violations,
    json::{Document, JsonLimits, LARGE, from_json, has_only_doubles, parse},
    operation::SchemaData,
    pointer,
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
mod prepare;
mod reference;
mod shown;
mod sketch;
mod walk;

use explain::explain;
use instance::{Instance, Lens, Watch};
pub(crate) use kind::{DOCUMENTS, kind_of, resolve as follow};
pub(crate) use locate::below;
pub(crate) use pattern::of_whole_texts;
pub(crate) use reference::with_pointers;
pub(crate) use shown::shown_text;
pub(crate) use walk::{LISTS, NAMED, SCHEMAS};

/// Compiles schemas; holds the components that `#/components/schemas/...` refers to.
#[derive(Debug, Clone)]
pub struct SchemaCompiler {
    components: Arc<serde_json::Map<String, Json>>,
    /// Other documents, by the URIs that references name.
    documents: Arc<serde_json::Map<String, Json>>,
    registry: Option<Arc<Registry<'static>>>,
    format_assertion: bool,
    digit_limit: u64,
}

impl Default for SchemaCompiler {
    /// A compiler without components, with the default settings.
    fn default() -> Self {
        Self {
            components: Arc::default(),
            documents: Arc::default(),
            registry: None,
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

    /// The same compiler with other components.
    #[must_use]
    pub fn with_components(self, components: serde_json::Map<String, Json>) -> Self {
        Self {
            components: Arc::new(components),
            ..self
        }
    }

    /// Adds components; one of the same name takes the place of that from before in what is compiled from now on.
    pub fn add_components(&mut self, components: serde_json::Map<String, Json>) {
        Arc::make_mut(&mut self.components).extend(components);
    }

    /// The same compiler, in which references to other documents are looked up in `documents`, by URI. A document may be
    /// in any of the known drafts, whichever the schemas are in that refer to it.
    ///
    /// # Errors
    /// A URI that is not absolute or has a fragment, a document in a dialect that is not known.
    pub fn with_documents(self, documents: serde_json::Map<String, Json>) -> Result<Self, SetupError> {
        let mut registry = Registry::new();
        for (uri, document) in &documents {
            let field = format!("schemas.{uri}");
            if !uri.contains(':') || uri.contains('#') {
                let problem = format!("{uri:?} is not an absolute URI without a fragment");
                return Err(SetupError::new(
                    field,
                    problem,
                    "name the document as references to it do (RFC 3986 §4.3)",
                ));
            }
            let mut prepared = document.clone();
            let draft = prepare::prepare(&mut prepared, self.format_assertion)
                .map_err(|mistake| mistake.at(&field, document))?;
            registry = registry
                .add(uri, draft.create_resource(prepared))
                .map_err(|error| SetupError::new(field, error.to_string(), "mend the document"))?;
        }
        let registry = registry.prepare().map_err(|error| {
            SetupError::new(
                "schemas",
                error.to_string(),
                "mend the documents, or add what is missing",
            )
        })?;
        Ok(Self {
            documents: Arc::new(documents),
            registry: Some(Arc::new(registry)),
            ..self
        })
    }

    /// The most digits that a number in a text may have.
    pub(crate) fn digit_limit(&self) -> u64 {
        self.digit_limit
    }

    /// Compiles `schema`; `field` names it in the error. `Null` (no schema) accepts everything.
    ///
    /// # Errors
    /// When the schema is not valid in its draft, which is 2020-12 unless `$schema` names another one, when that is not
    /// known, or when a reference does not resolve.
    pub fn compile(&self, schema: &SchemaData, field: &str) -> Result<Schema, SetupError> {
        let mut root = self.rooted(schema);
        let local = with_pointers(&root);
        let (kind, nullable) = kind::kind_of(&local, &local);
        let default = kind::default_of(&local, &local).map(from_json);
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
        if let Json::Object(members) = &mut root {
            // Only kinds are found out with these; the validator has the registry.
            members.remove(kind::DOCUMENTS);
        }
        let draft = prepare::prepare(&mut root, self.format_assertion)
            .map_err(|mistake| mistake.at(field, &self.rooted(schema)))?;
        let validator = self
            .options(draft, self.registry.as_deref())
            .build(&root)
            .map_err(|error| locate::setup_error(field, &root, &local, &error))?;
        Ok(Schema {
            validator: Some(Arc::new(validator)),
            kind,
            nullable,
            default,
        })
    }

    /// How every schema is compiled.
    fn options<'r>(
        &self,
        draft: Draft,
        registry: Option<&'r Registry<'r>>,
    ) -> ValidationOptions<'r, Arc<dyn jsonschema::Retrieve>, Instance> {
        let options = jsonschema::options_for::<Instance>()
            .with_draft(draft)
            .should_validate_formats(self.format_assertion)
            .with_format("decimal", is_decimal)
            .with_format("duration", duration::is_duration);
        keyword::add(match registry {
            Some(registry) => options.with_registry(registry),
            None => options,
        })
    }

    /// Compiles what the parts of `root` at `pointers` say, any of which may hold. `root` has its components beside it
    /// already.
    ///
    /// # Errors
    /// As [`compile`](Self::compile).
    pub(crate) fn compile_parts(&self, root: &Json, pointers: &[&str]) -> Result<Schema, SetupError> {
        // As a document of its own, the whole keeps its draft and the meaning of every reference inside it.
        const RESOURCE: &str = "urn:sabir:schema";
        let mut whole = root.clone();
        if let Json::Object(members) = &mut whole {
            members.remove(kind::DOCUMENTS);
        }
        let draft = prepare::prepare(&mut whole, self.format_assertion)
            .map_err(|mistake| mistake.at("schema", root))?;
        let base = whole
            .as_object()
            .and_then(|members| reference::id_of(members, draft))
            .unwrap_or(RESOURCE)
            .to_owned();
        let parts = pointers.iter().map(|pointer| {
            let (base, pointer) = kind::document_of(pointer).unwrap_or_else(|| (base.clone(), pointer));
            let fragment = percent_encoding::utf8_percent_encode(pointer, FRAGMENT);
            serde_json::json!({ "$ref": format!("{base}#{fragment}") })
        });
        let any = serde_json::json!({ "anyOf": parts.collect::<Vec<_>>() });
        let whole = draft.create_resource(whole);
        let registry = match &self.registry {
            Some(documents) => documents.add(&base, whole),
            None => Registry::new().add(&base, whole),
        };
        let registry = registry
            .and_then(RegistryBuilder::prepare)
            .map_err(|error| SetupError::new("schema", error.to_string(), "mend the schema"))?;
        let validator = self
            .options(Draft::Draft202012, Some(&registry))
            .build(&any)
            .map_err(|error| locate::setup_error("schema", root, &with_pointers(root), &error))?;
        Ok(Schema {
            validator: Some(Arc::new(validator)),
            kind: Kind::Any,
            nullable: false,
            default: None,
        })
    }

    /// `schema` with what it refers to beside it: components, so that the validator finds them, and other documents, for
    /// the kinds of values. What it does not refer to stays away: a mistake in it is another route's.
    pub(crate) fn rooted(&self, schema: &SchemaData) -> Json {
        let Json::Object(members) = schema else {
            return schema.clone();
        };
        let (components, documents) = self.reachable(schema);
        let mut members = members.clone();
        if !components.is_empty() {
            let schemas = components.into_iter().filter_map(|name| {
                let component = self.components.get(name)?;
                Some((name.to_owned(), component.clone()))
            });
            let schemas: serde_json::Map<String, Json> = schemas.collect();
            members.insert("components".into(), serde_json::json!({ "schemas": schemas }));
        }
        if !documents.is_empty() {
            let documents = documents.into_iter().filter_map(|uri| {
                let document = self.documents.get(uri)?;
                Some((uri.to_owned(), document.clone()))
            });
            let documents: serde_json::Map<String, Json> = documents.collect();
            members.insert(kind::DOCUMENTS.into(), documents.into());
        }
        Json::Object(members)
    }

    /// The components and the documents that `schema` refers to, directly or by way of others.
    fn reachable<'c>(&'c self, schema: &Json) -> (BTreeSet<&'c str>, BTreeSet<&'c str>) {
        let (mut components, mut documents) = (BTreeSet::new(), BTreeSet::new());
        let mut pending = Vec::new();
        let mut look = |value: &Json, pending: &mut Vec<&'c Json>| {
            prepare::references(value, &mut |target| {
                if let Some(rest) = target.strip_prefix("#/components/schemas/") {
                    let name = rest.split('/').next().unwrap_or_default();
                    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
                    let name = pointer::name(&name);
                    if let Some((name, component)) = self.components.get_key_value(&*name)
                        && components.insert(name.as_str())
                    {
                        pending.push(component);
                    }
                } else if !target.starts_with('#') {
                    let uri = target.split('#').next().unwrap_or_default();
                    // What is no document by its name is relative to one, or inside of one: any of them.
                    let named = self.documents.get_key_value(uri);
                    let others = named.is_none().then(|| self.documents.iter());
                    for (uri, document) in named.into_iter().chain(others.into_iter().flatten()) {
                        if documents.insert(uri.as_str()) {
                            pending.push(document);
                        }
                    }
                }
            });
        };
        look(schema, &mut pending);
        while let Some(value) = pending.pop() {
            look(value, &mut pending);
        }
        (components, documents)
    }
}

/// What a fragment of a URI must escape (RFC 3986 §3.5).
pub(crate) const FRAGMENT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
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

    /// Reads a JSON body and adds its failures as [`validate`](Self::validate) does. No value is made of a large one, since that
    /// takes many times the memory of its text, and of one that may be anything. Says whether a reader that makes doubles of all numbers reads it exactly.
    ///
    /// # Errors
    /// As [`parse`](crate::json::parse).
    pub fn validate_text(
        &self,
        text: &[u8],
        limits: &JsonLimits,
        violations: &mut Violations,
    ) -> Result<bool, Problem> {
        // Where nothing is validated, reading the text is all there is to do.
        let is_walked = self.validator.is_some();
        if (is_walked && text.len() < LARGE) || u32::try_from(text.len()).is_err() {
            let value = parse(text, limits)?;
            self.check(Lens::tree(&value), Location::Body, None, violations);
            return Ok(has_only_doubles(&value));
        }
        let document = Document::read(text, limits)?;
        self.check(Lens::text(document.root()), Location::Body, None, violations);
        Ok(document.has_only_doubles())
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
mod tests;
