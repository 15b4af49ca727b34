//! Pieces of serialised text to values: the styles of OpenAPI 3.1 §4.8.12.3 without their locations.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::coerce::{coerce, wanted};
use crate::{
    Kind, Map, SetupError, Text, Value,
    operation::SchemaData,
    schema::{Schema, SchemaCompiler, shown},
};

/// What the values of one parameter look like.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) kind: Kind,
    pub(crate) nullable: bool,
    /// The kinds of an object's declared properties.
    properties: Vec<(Text, Shape)>,
    /// The shape of an array's items or of an object's other properties.
    rest: Option<Box<Shape>>,
}

/// A piece of text that does not fit, with a pointer to where.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) pointer: String,
    pub(crate) detail: String,
}

impl Misfit {
    fn new(text: &str, kind: &Kind) -> Self {
        let detail = format!("{} is not {}", shown(&Json::from(text)), wanted(kind));
        Self {
            pointer: String::new(),
            detail,
        }
    }

    fn below(mut self, step: &str) -> Self {
        self.pointer
            .insert_str(0, &format!("/{}", step.replace('~', "~0").replace('/', "~1")));
        self
    }
}

/// How deeply the shapes of nested schemas are followed; text formats nest no deeper.
const NESTING_LIMIT: usize = 8;

impl Shape {
    /// The shape of `schema`.
    ///
    /// # Errors
    /// As [`SchemaCompiler::compile`].
    pub(crate) fn compile(schema: &SchemaData, schemas: &SchemaCompiler) -> Result<Self, SetupError> {
        Self::nested(schema, schemas, NESTING_LIMIT)
    }

    fn nested(schema: &SchemaData, schemas: &SchemaCompiler, levels: usize) -> Result<Self, SetupError> {
        let compiled = schemas.compile(schema, "schema")?;
        Self::of(&compiled, schema, schemas, levels)
    }

    fn of(
        compiled: &Schema,
        schema: &SchemaData,
        schemas: &SchemaCompiler,
        levels: usize,
    ) -> Result<Self, SetupError> {
        let mut shape = Self {
            kind: compiled.kind().clone(),
            nullable: compiled.is_nullable(),
            properties: Vec::new(),
            rest: None,
        };
        if levels == 0 {
            return Ok(shape);
        }
        let resolved = non_null(&schemas.resolve(schema), &shape.kind, schemas);
        // The definitions travel along, so that references inside the part still resolve.
        let part = |part: &Json| {
            let mut part = part.clone();
            if let (Json::Object(members), Some(definitions)) = (&mut part, resolved.get("$defs")) {
                members.entry("$defs").or_insert_with(|| definitions.clone());
            }
            Self::nested(&part, schemas, levels - 1)
        };
        let rest = match shape.kind {
            Kind::Array(_) => resolved.get("items"),
            Kind::Object => {
                if let Some(Json::Object(properties)) = resolved.get("properties") {
                    for (name, property) in properties {
                        shape.properties.push((name.as_str().into(), part(property)?));
                    }
                }
                resolved.get("additionalProperties")
            }
            _ => None,
        };
        if let Some(rest) = rest.filter(|rest| rest.is_object()) {
            shape.rest = Some(Box::new(part(rest)?));
        }
        Ok(shape)
    }

    /// A shape without a schema: text.
    pub(crate) fn text() -> Self {
        Self {
            kind: Kind::String,
            nullable: false,
            properties: Vec::new(),
            rest: None,
        }
    }

    pub(crate) fn is_array(&self) -> bool {
        matches!(self.kind, Kind::Array(_))
    }

    pub(crate) fn is_object(&self) -> bool {
        self.kind == Kind::Object
    }

    /// The shape of an array's items.
    pub(crate) fn items(&self) -> Cow<'_, Shape> {
        self.rest
            .as_deref()
            .map_or_else(|| Cow::Owned(Self::text()), Cow::Borrowed)
    }

    /// The shape of the property called `name`.
    pub(crate) fn property(&self, name: &str) -> Cow<'_, Shape> {
        match self.properties.iter().find(|(known, _)| known == name) {
            Some((_, shape)) => Cow::Borrowed(shape),
            None => self.items(),
        }
    }

    /// The names of the declared properties.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Text> {
        self.properties.iter().map(|(name, _)| name)
    }

    /// One value that is neither array nor object.
    pub(crate) fn scalar(&self, text: &str) -> Result<Value, Misfit> {
        let text_like = matches!(self.kind, Kind::String | Kind::Any);
        if self.nullable && (text == "null" || (text.is_empty() && !text_like)) {
            return Ok(Value::Null);
        }
        coerce(text, &self.kind).ok_or_else(|| Misfit::new(text, &self.kind))
    }

    /// An array from its items' texts.
    pub(crate) fn array<'t>(&self, texts: impl Iterator<Item = Cow<'t, str>>) -> Result<Value, Misfit> {
        let items = self.items();
        let values = texts.enumerate().map(|(index, text)| {
            items
                .scalar(&text)
                .map_err(|misfit| misfit.below(&index.to_string()))
        });
        values.collect::<Result<_, _>>().map(Value::Array)
    }

    /// An object from its properties' texts; the last of a name counts.
    pub(crate) fn object<'t>(
        &self,
        pairs: impl Iterator<Item = (Cow<'t, str>, Cow<'t, str>)>,
    ) -> Result<Value, Misfit> {
        let mut members = Map::default();
        for (name, text) in pairs {
            let value = self
                .property(&name)
                .scalar(&text)
                .map_err(|misfit| misfit.below(&name))?;
            members.0.retain(|(known, _)| *known != name);
            members.0.push((name.as_ref().into(), value));
        }
        Ok(Value::Object(members))
    }
}

/// The branch of a nullable `anyOf` or `oneOf` that is not null; the schema itself otherwise.
fn non_null(schema: &Json, kind: &Kind, schemas: &SchemaCompiler) -> Json {
    if schema.get("items").is_some() || schema.get("properties").is_some() {
        return schema.clone();
    }
    for keyword in ["anyOf", "oneOf", "allOf"] {
        let Some(Json::Array(branches)) = schema.get(keyword) else {
            continue;
        };
        for branch in branches {
            let mut branch = branch.clone();
            if let (Json::Object(members), Some(definitions)) = (&mut branch, schema.get("$defs")) {
                members.entry("$defs").or_insert_with(|| definitions.clone());
            }
            let fits = schemas
                .compile(&branch, "schema")
                .is_ok_and(|compiled| compiled.kind() == kind);
            if fits {
                return schemas.resolve(&branch);
            }
        }
    }
    schema.clone()
}
