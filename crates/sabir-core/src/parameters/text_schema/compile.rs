//! From a schema to what it says of text.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::{OPEN, Part, Property, TextSchema, choose::is_plain_text};
use crate::{
    Kind, SetupError, Text,
    operation::SchemaData,
    pointer,
    schema::{SchemaCompiler, below, follow, kind_of, with_pointers},
};

/// The keywords that say something of members without a name of their own.
const OF_OTHERS: [&str; 3] = [
    "additionalProperties",
    "unevaluatedProperties",
    "patternProperties",
];

/// A schema and the pointer to it in the whole.
type At<'s> = (&'s Json, String);

pub(super) fn compile(
    schema: &SchemaData,
    schemas: &SchemaCompiler,
    field: &str,
) -> Result<TextSchema, SetupError> {
    let whole = schemas.rooted(schema);
    let root = with_pointers(&whole);
    let mut compiler = Compiler {
        field,
        schemas,
        whole: &whole,
        root: &root,
        parts: vec![Some(Part::open())],
        known: HashMap::new(),
        pending: Vec::new(),
    };
    compiler.number(vec![(&root, String::new())]);
    while let Some((index, alternatives)) = compiler.pending.pop() {
        let part = compiler.part(&alternatives)?;
        compiler.parts[index] = Some(part);
    }
    let parts = compiler
        .parts
        .into_iter()
        .map(|part| part.unwrap_or_else(Part::open));
    Ok(TextSchema {
        parts: parts.collect(),
        digits: schemas.digit_limit(),
    })
}

impl Part {
    /// The part that says nothing.
    fn open() -> Self {
        Self {
            kinds: vec![Kind::Any],
            permits_null: false,
            schema: None,
            properties: HashMap::new(),
            names: Vec::new(),
            additional: OPEN,
            speaks_of_others: false,
            permits_named_only: false,
            first_items: Vec::new(),
            items: OPEN,
        }
    }
}

struct Compiler<'s> {
    field: &'s str,
    schemas: &'s SchemaCompiler,
    /// The schema as it is validated.
    whole: &'s Json,
    /// The same with references that are pointers.
    root: &'s Json,
    parts: Vec<Option<Part>>,
    /// The numbers of parts, by the places of the schemas that speak of them.
    known: HashMap<Vec<*const Json>, usize>,
    pending: Vec<(usize, Vec<At<'s>>)>,
}

impl<'s> Compiler<'s> {
    /// The number of the part of which all these schemas speak.
    fn number(&mut self, schemas: Vec<At<'s>>) -> usize {
        let schemas: Vec<At<'s>> = schemas
            .into_iter()
            .filter(|(schema, _)| schema.is_object())
            .collect();
        if schemas.is_empty() && !self.known.is_empty() {
            return OPEN;
        }
        let key = schemas
            .iter()
            .map(|(schema, _)| std::ptr::from_ref(*schema))
            .collect();
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let index = self.parts.len();
        self.parts.push(None);
        self.known.insert(key, index);
        self.pending.push((index, schemas));
        index
    }

    fn part(&mut self, schemas: &[At<'s>]) -> Result<Part, SetupError> {
        let mut alternatives = Vec::new();
        let mut kinds = Vec::new();
        for schema in schemas {
            gather(schema.clone(), self.root, &mut alternatives);
            self.kinds_of(schema, &mut kinds);
        }
        self.check_references(&alternatives)?;
        let permits_null = kinds.contains(&Kind::Null);
        kinds.retain(|kind| *kind != Kind::Null);
        if kinds.is_empty() && !permits_null {
            kinds.push(Kind::Any);
        }
        // Plain text is what everything fits, so it comes last; the sort keeps the order of the others.
        kinds.sort_by_key(is_plain_text);
        let is_choice = kinds.len() > 1 || (permits_null && kinds.iter().any(is_plain_text));
        let pointers: Vec<&str> = schemas.iter().map(|(_, pointer)| pointer.as_str()).collect();
        let schema = if is_choice {
            Some(self.schemas.compile_parts(self.whole, &pointers)?)
        } else {
            None
        };
        let (names, properties) = self.properties(&alternatives);
        let speaks_of_others = alternatives
            .iter()
            .any(|(schema, _)| OF_OTHERS.iter().any(|keyword| schema.get(keyword).is_some()));
        Ok(Part {
            kinds,
            permits_null,
            schema,
            permits_named_only: !names.is_empty() && !alternatives.iter().any(|(schema, _)| is_open(schema)),
            names,
            properties,
            additional: self.keyword(&alternatives, "additionalProperties"),
            speaks_of_others,
            first_items: self.first_items(&alternatives),
            items: self.keyword(&alternatives, "items"),
        })
    }

    /// Refuses references that lead to a different schema each time.
    fn check_references(&self, alternatives: &[At<'s>]) -> Result<(), SetupError> {
        for (schema, pointer) in alternatives {
            for keyword in ["$dynamicRef", "$recursiveRef"] {
                // One that leads to a single place is a reference like any other in here.
                if schema.get(keyword).is_none() || schema.get("$ref").is_some() {
                    continue;
                }
                return Err(SetupError::new(
                    below(self.field, self.whole, &format!("{pointer}/{keyword}")),
                    format!(
                        "{keyword} leads to no schema, or to one that depends on the way to it, and text is read by what its schema says"
                    ),
                    "refer to the schema with $ref",
                ));
            }
        }
        Ok(())
    }

    /// The part that the keyword of any of the alternatives describes.
    fn keyword(&mut self, alternatives: &[At<'s>], keyword: &str) -> usize {
        let found = alternatives
            .iter()
            .filter_map(|(schema, pointer)| Some((schema.get(keyword)?, format!("{pointer}/{keyword}"))));
        self.number(found.collect())
    }

    fn properties(&mut self, alternatives: &[At<'s>]) -> (Vec<Text>, HashMap<Text, Property>) {
        let is_required = |name: &str| {
            let mut lists = alternatives
                .iter()
                .filter_map(|(schema, _)| schema.get("required")?.as_array());
            lists.any(|list| list.iter().any(|required| required == name))
        };
        let mut found: indexmap::IndexMap<&str, Vec<At<'s>>> = indexmap::IndexMap::new();
        for (schema, pointer) in alternatives {
            for (name, property) in schema
                .get("properties")
                .and_then(Json::as_object)
                .into_iter()
                .flatten()
            {
                let step = pointer::token(name);
                let pointer = format!("{pointer}/properties/{step}");
                found.entry(name).or_default().push((property, pointer));
            }
        }
        let names = found.keys().map(|name| Text::from(*name)).collect();
        let property = |(name, schemas): (&str, Vec<At<'s>>)| {
            let property = Property {
                part: self.number(schemas),
                is_required: is_required(name),
            };
            (Text::from(name), property)
        };
        (names, found.into_iter().map(property).collect())
    }

    fn first_items(&mut self, alternatives: &[At<'s>]) -> Vec<usize> {
        let mut found: Vec<Vec<At<'s>>> = Vec::new();
        for (schema, pointer) in alternatives {
            let items = schema.get("prefixItems").and_then(Json::as_array);
            for (index, item) in items.into_iter().flatten().enumerate() {
                if found.len() == index {
                    found.push(Vec::new());
                }
                found[index].push((item, format!("{pointer}/prefixItems/{index}")));
            }
        }
        found.into_iter().map(|schemas| self.number(schemas)).collect()
    }

    /// Adds the kinds of one schema in the order in which it names them; `Any` for one that says nothing.
    fn kinds_of(&self, schema: &At<'s>, kinds: &mut Vec<Kind>) {
        let mut found = Vec::new();
        named_kinds(schema.0, self.root, &mut Vec::new(), &mut found);
        if found.is_empty() {
            found.push(Kind::Any);
        }
        for kind in found {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
}

/// The schema and everything that it combines, references followed.
fn gather<'s>(at: At<'s>, root: &'s Json, found: &mut Vec<At<'s>>) {
    // A schema may combine itself; each is heard once.
    if found.iter().any(|(known, _)| std::ptr::eq(*known, at.0)) {
        return;
    }
    found.push(at.clone());
    let (schema, pointer) = at;
    // Keywords beside a reference count as well (JSON Schema 2020-12 §8.2.3.1).
    let target = follow(schema, root);
    if !std::ptr::eq(target, schema)
        && let Some(pointer) = pointer_to(schema, root)
    {
        gather((target, pointer), root, found);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let parts = schema.get(keyword).and_then(Json::as_array);
        for (index, part) in parts.into_iter().flatten().enumerate() {
            gather((part, format!("{pointer}/{keyword}/{index}")), root, found);
        }
    }
}

/// The pointer that the last of the references from `schema` has.
fn pointer_to(schema: &Json, root: &Json) -> Option<String> {
    let mut pointer = None;
    let mut place = schema;
    // As many as `follow` follows.
    for _ in 0..32 {
        let Some(reference) = place.get("$ref").and_then(Json::as_str) else {
            break;
        };
        let target = reference.strip_prefix('#')?;
        place = root.pointer(target)?;
        pointer = Some(target.to_owned());
    }
    pointer
}

/// Whether an object that fits `schema` may well have members that it does not name.
fn is_open(schema: &Json) -> bool {
    const OF_MORE: [&str; 7] = [
        "additionalProperties",
        "unevaluatedProperties",
        "patternProperties",
        "then",
        "else",
        "dependentSchemas",
        "not",
    ];
    const OF_PARTS: [&str; 5] = ["properties", "$ref", "allOf", "anyOf", "oneOf"];
    let says = |keyword: &&str| {
        schema
            .get(*keyword)
            .is_some_and(|said| *said != Json::Bool(false))
    };
    if OF_MORE.iter().any(says) {
        return true;
    }
    let may_be_object = match schema.get("type") {
        Some(Json::String(kind)) => kind == "object",
        Some(Json::Array(kinds)) => kinds.iter().any(|kind| kind == "object"),
        _ => !["const", "enum"]
            .iter()
            .any(|keyword| schema.get(keyword).is_some()),
    };
    may_be_object && !OF_PARTS.iter().any(|keyword| schema.get(keyword).is_some())
}

/// Adds the kinds that a schema names, in order: its own, those of what it refers to and of what it combines.
///
/// An alternative that says nothing adds `Any`; any other part that says nothing adds nothing, since the rest holds.
fn named_kinds<'s>(schema: &'s Json, root: &'s Json, seen: &mut Vec<*const Json>, kinds: &mut Vec<Kind>) {
    if seen.contains(&std::ptr::from_ref(schema)) {
        return;
    }
    seen.push(schema);
    let start = kinds.len();
    own_kinds(schema, root, kinds);
    let target = follow(schema, root);
    if !std::ptr::eq(target, schema) {
        named_kinds(target, root, seen, kinds);
    }
    for part in schema.get("allOf").and_then(Json::as_array).into_iter().flatten() {
        named_kinds(part, root, seen, kinds);
    }
    let is_named = kinds.len() > start;
    for keyword in ["anyOf", "oneOf"] {
        for branch in schema.get(keyword).and_then(Json::as_array).into_iter().flatten() {
            let before = kinds.len();
            let is_new = !seen.contains(&std::ptr::from_ref(branch));
            named_kinds(branch, root, seen, kinds);
            if is_new && kinds.len() == before && !is_named {
                kinds.push(Kind::Any);
            }
        }
    }
}

/// The kinds of `type`, or of the values of `enum` and `const` where there is no `type`.
fn own_kinds(schema: &Json, root: &Json, kinds: &mut Vec<Kind>) {
    // One keyword at a time, so that several types do not count as any.
    let mut alone = serde_json::Map::new();
    for keyword in ["format", "items"] {
        if let Some(value) = schema.get(keyword) {
            alone.insert(keyword.into(), value.clone());
        }
    }
    let mut add = |keyword: &str, value: &Json| {
        if value.is_null() {
            kinds.push(Kind::Null);
            return;
        }
        let mut alone = alone.clone();
        alone.insert(keyword.into(), value.clone());
        kinds.push(kind_of(&Json::Object(alone), root).0);
    };
    match (schema.get("type"), schema.get("enum"), schema.get("const")) {
        (Some(Json::Array(names)), ..) => names.iter().for_each(|name| add("type", name)),
        (Some(name), ..) => add("type", name),
        (None, Some(Json::Array(values)), _) => values.iter().for_each(|value| add("const", value)),
        (None, _, Some(value)) => add("const", value),
        _ => {}
    }
}
