//! The schemas of a document: those with a name under it, once, and all others in place.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use percent_encoding::utf8_percent_encode;
use serde_json::{Map, Value as Json, json};

use super::normal_form::normal;
use crate::{
    pointer,
    schema::{DOCUMENTS, FRAGMENT, LISTS, NAMED, SCHEMAS, SchemaCompiler, with_pointers},
};

const COMPONENTS: &str = "#/components/schemas/";

/// Keywords that name a place. References are written as pointers, so that nobody needs them.
const PLACES: [&str; 8] = [
    "$anchor",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$recursiveAnchor",
    "definitions",
    // A hint that each of the alternatives repeats; AsyncAPI has the word for something else.
    "discriminator",
    "id",
];

/// What draft 7 of JSON Schema has not, on which the schemas of AsyncAPI are based.
const NEW: [&str; 9] = [
    "$dynamicRef",
    "$recursiveRef",
    "dependentRequired",
    "dependentSchemas",
    "maxContains",
    "minContains",
    "prefixItems",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Collects schemas.
pub(super) struct Schemas<'a> {
    compiler: &'a SchemaCompiler,
    named: BTreeMap<String, Json>,
}

/// A schema that stands on its own, with the names of its parts that become components.
struct Whole<'w> {
    root: &'w Json,
    /// By the pointers to them.
    names: HashMap<String, String>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(compiler: &'a SchemaCompiler) -> Self {
        Self {
            compiler,
            named: BTreeMap::new(),
        }
    }

    /// What is written where `schema` is used: a reference where it has a name.
    pub(super) fn add(&mut self, schema: &Json) -> Json {
        let root = with_pointers(&self.compiler.rooted(schema));
        let mut whole = Whole::of(&root);
        let found: Vec<_> = whole.names.keys().cloned().collect();
        let mut tries: HashMap<String, usize> = HashMap::new();
        loop {
            let components: BTreeMap<&String, Json> = found
                .iter()
                .map(|pointer| (pointer, whole.component(pointer)))
                .collect();
            let is_taken = |pointer: &String| {
                let (name, component) = (&whole.names[pointer], &components[&pointer]);
                let is_other = |other: &Json| other != component;
                self.named.get(name).is_some_and(is_other)
                    || found.iter().any(|other| {
                        other < pointer && whole.names[other] == *name && is_other(&components[&other])
                    })
            };
            let mut taken: Vec<_> = found.iter().filter(|pointer| is_taken(pointer)).collect();
            taken.sort();
            let Some(pointer) = taken.first() else {
                let components: Vec<_> = components
                    .into_iter()
                    .map(|(pointer, component)| (whole.names[pointer].clone(), component))
                    .collect();
                self.named.extend(components);
                return whole.written("");
            };
            let number = tries.entry((*pointer).clone()).or_insert(1);
            *number += 1;
            let name = format!("{}-{number}", whole.candidate(pointer));
            whole.names.insert((*pointer).clone(), name);
        }
    }

    /// The component that a reference leads to.
    pub(super) fn component<'s>(&'s self, schema: &'s Json) -> Option<(&'s str, &'s Json)> {
        let name = schema.get("$ref")?.as_str()?.strip_prefix(COMPONENTS)?;
        self.named.get(name).map(|component| (name, component))
    }

    /// Whether `schema`, or what it refers to, has a keyword that draft 7 has not.
    pub(super) fn is_new(&self, schema: &Json) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![schema];
        let mut is_new = false;
        while let Some(value) = open.pop() {
            if let Some((name, component)) = self.component(value)
                && seen.insert(name)
            {
                open.push(component);
            }
            for (keyword, value) in value.as_object().into_iter().flatten() {
                is_new |= NEW.contains(&keyword.as_str());
                open.extend(parts(keyword, value).into_iter().map(|(_, part)| part));
            }
        }
        is_new
    }

    /// Those that `document` refers to, directly or by way of others, by their names.
    pub(super) fn used(mut self, document: &Json) -> Map<String, Json> {
        let mut used = BTreeMap::new();
        let mut open = vec![document.clone()];
        while let Some(value) = open.pop() {
            references(&value, &mut |target| {
                let name = target
                    .strip_prefix(COMPONENTS)
                    .and_then(|rest| rest.split('/').next());
                if let Some((name, component)) = name.and_then(|name| self.named.remove_entry(name)) {
                    open.push(component.clone());
                    used.insert(name, component);
                }
            });
        }
        used.into_iter().collect()
    }
}

impl<'w> Whole<'w> {
    fn of(root: &'w Json) -> Self {
        let mut whole = Self {
            root,
            names: HashMap::new(),
        };
        whole.find("");
        whole
    }

    /// Names the parts of the schema at `pointer` that have a title, and what is referred to from there.
    fn find(&mut self, pointer: &str) {
        let Some(Json::Object(schema)) = self.root.pointer(pointer) else {
            return;
        };
        if is_component(schema) {
            self.name(pointer);
        }
        if let Some(target) = schema.get("$ref").and_then(Json::as_str)
            && let Some((component, _)) = split(target)
            && !self.names.contains_key(component)
            && self.root.pointer(component).is_some()
        {
            let component = component.to_owned();
            self.name(&component);
            self.find(&component);
        }
        for (keyword, value) in schema {
            // What stands under a name counts where it is referred to.
            if PLACES.contains(&keyword.as_str()) {
                continue;
            }
            for (token, _) in parts(keyword, value) {
                self.find(&below(pointer, keyword, token.as_deref()));
            }
        }
    }

    fn name(&mut self, pointer: &str) {
        let name = self.candidate(pointer);
        self.names.insert(pointer.to_owned(), name);
    }

    /// What the schema at `pointer` is called if nothing else is.
    fn candidate(&self, pointer: &str) -> String {
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        let name = pointer::name(name);
        let keyword = parent.rsplit('/').next().unwrap_or_default();
        let name = match keyword {
            "$defs" | "definitions" => Some(name),
            _ if parent == "/components/schemas" => Some(name),
            DOCUMENTS => name
                .trim_end_matches(['/', '#'])
                .rsplit(['/', ':'])
                .next()
                .map(|last| last.trim_end_matches(".json").to_owned().into()),
            _ => None,
        };
        let title = || Some(self.root.pointer(pointer)?.get("title")?.as_str()?.to_owned());
        let name = name.map(Cow::into_owned).or_else(title);
        let name: String = name
            .unwrap_or_default()
            .chars()
            .map(|sign| if is_sign_of_name(sign) { sign } else { '_' })
            .collect();
        if name.is_empty() { "Schema".into() } else { name }
    }

    /// The schema at `pointer` as a component.
    fn component(&self, pointer: &str) -> Json {
        let name = self.names.get(pointer).map(String::as_str);
        match self.root.pointer(pointer) {
            Some(Json::Object(schema)) => self.normal(schema, pointer, name),
            Some(other) => other.clone(),
            None => Json::Bool(true),
        }
    }

    /// What is written where the schema at `pointer` is used.
    fn written(&self, pointer: &str) -> Json {
        match self.names.get(pointer) {
            Some(name) => json!({ "$ref": format!("{COMPONENTS}{name}") }),
            None => self.component(pointer),
        }
    }

    fn normal(&self, schema: &Map<String, Json>, pointer: &str, name: Option<&str>) -> Json {
        let mut copy = Map::new();
        for (keyword, value) in schema {
            let is_beside = pointer.is_empty() && matches!(keyword.as_str(), "components" | DOCUMENTS);
            if is_beside || PLACES.contains(&keyword.as_str()) {
                continue;
            }
            let value = match (keyword.as_str(), value) {
                ("$schema", Json::String(dialect)) if is_own_dialect(dialect) => continue,
                ("title", Json::String(title)) if name == Some(title) => continue,
                ("$dynamicRef" | "$recursiveRef", _) if schema.contains_key("$ref") => continue,
                ("$ref", Json::String(target)) => self.reference(target).into(),
                (keyword, value) => self.part(keyword, value, pointer),
            };
            copy.insert(keyword.clone(), value);
        }
        normal(copy)
    }

    /// The value of a keyword with the schemas in it as they are written.
    fn part(&self, keyword: &str, value: &Json, pointer: &str) -> Json {
        let written = |(token, part): (Option<Cow<'_, str>>, &Json)| {
            if part.is_object() {
                self.written(&below(pointer, keyword, token.as_deref()))
            } else {
                part.clone()
            }
        };
        let mut written = parts(keyword, value).into_iter().map(written);
        match value {
            Json::Object(named) if NAMED.contains(&keyword) => {
                named.keys().cloned().zip(written).collect::<Map<_, _>>().into()
            }
            Json::Array(_) if LISTS.contains(&keyword) => written.collect::<Vec<_>>().into(),
            other => written.next().unwrap_or_else(|| other.clone()),
        }
    }

    /// A reference from inside of the whole as one from inside of the document.
    fn reference(&self, target: &str) -> String {
        match split(target) {
            Some((component, rest)) => match self.names.get(component) {
                Some(name) => format!("{COMPONENTS}{name}{}", utf8_percent_encode(rest, FRAGMENT)),
                None => target.to_owned(),
            },
            None => target.to_owned(),
        }
    }
}

/// The pointer to the component that `target` leads into, and the rest of it.
fn split(target: &str) -> Option<(&str, &str)> {
    let pointer = target
        .strip_prefix('#')
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
    // Where a name ends that is behind the last of `keyword`.
    let end = [
        "/$defs/",
        "/definitions/",
        "/components/schemas/",
        "/x-sabir-documents/",
    ]
    .iter()
    .find_map(|keyword| {
        let name = pointer.rfind(keyword)? + keyword.len();
        Some(pointer[name..].find('/').map_or(pointer.len(), |end| name + end))
    });
    Some(pointer.split_at(end.unwrap_or(0)))
}

/// The pointer to a part of the schema at `pointer`.
fn below(pointer: &str, keyword: &str, token: Option<&str>) -> String {
    let mut part = pointer.to_owned();
    pointer::step(&mut part, keyword);
    if let Some(token) = token {
        part.extend(["/", token]);
    }
    part
}

/// Whether a schema has a title that is a name, and is worth one: an object with properties, or a choice of values.
fn is_component(schema: &Map<String, Json>) -> bool {
    let title = schema.get("title").and_then(Json::as_str).unwrap_or_default();
    let is_name = !title.is_empty() && title.chars().all(is_sign_of_name);
    is_name && (schema.contains_key("properties") || schema.get("enum").is_some_and(Json::is_array))
}

fn is_sign_of_name(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '.' | '_' | '-')
}

/// The dialect of the contract, which nobody has to name.
fn is_own_dialect(uri: &str) -> bool {
    matches!(
        uri.trim_end_matches('#'),
        "https://json-schema.org/draft/2020-12/schema" | "https://spec.openapis.org/oas/3.1/dialect/base"
    )
}

/// The schemas that a keyword has, each with the step to it from there, where it takes one.
fn parts<'v>(keyword: &str, value: &'v Json) -> Vec<(Option<Cow<'v, str>>, &'v Json)> {
    match value {
        Json::Object(named) if NAMED.contains(&keyword) => named
            .iter()
            .map(|(name, part)| (Some(pointer::token(name)), part))
            .collect(),
        Json::Array(list) if LISTS.contains(&keyword) => {
            let numbered = list.iter().enumerate();
            numbered
                .map(|(index, part)| (Some(index.to_string().into()), part))
                .collect()
        }
        part if SCHEMAS.contains(&keyword) => vec![(None, part)],
        _ => Vec::new(),
    }
}

/// Calls `found` for every reference in a document.
fn references(value: &Json, found: &mut impl FnMut(&str)) {
    match value {
        Json::Object(members) => {
            for (name, member) in members {
                match member {
                    Json::String(target) if name == "$ref" => found(target),
                    member => references(member, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
