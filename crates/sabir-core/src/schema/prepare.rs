//! What is done to a schema, as its author wrote it, before the validator compiles it.

use jsonschema::Draft;
use serde_json::{Map, Value as Json};

use super::{locate, pattern, walk};
use crate::{SetupError, pointer};

/// What is wrong with a schema, and where in it.
pub(super) struct Mistake {
    pub(super) pointer: String,
    pub(super) problem: String,
    pub(super) remedy: &'static str,
}

impl Mistake {
    /// The same as an error of the schema `root`, which `field` names.
    pub(super) fn at(self, field: &str, root: &Json) -> SetupError {
        SetupError::new(
            locate::below(field, root, &self.pointer),
            self.problem,
            self.remedy,
        )
    }
}

/// The draft that a `$schema` names; `None` when it is none that is known.
pub(super) fn draft_of(uri: &str) -> Option<Draft> {
    Some(match uri.trim_end_matches('#') {
        "http://json-schema.org/draft-04/schema" => Draft::Draft4,
        "http://json-schema.org/draft-06/schema" => Draft::Draft6,
        "http://json-schema.org/draft-07/schema" => Draft::Draft7,
        "https://json-schema.org/draft/2019-09/schema" => Draft::Draft201909,
        // OpenAPI 3.1 §4.8.24.1 adds annotations only.
        "https://json-schema.org/draft/2020-12/schema" | "https://spec.openapis.org/oas/3.1/dialect/base" => {
            Draft::Draft202012
        }
        _ => return None,
    })
}

const DRAFTS: &str = "use one of the drafts 4, 6, 7, 2019-09 and 2020-12 by its URI";

/// Finds the draft of `root` and writes its patterns of property names in the notation of the validator.
///
/// # Errors
/// A draft that is not known, another draft in a part that is no resource of its own, a pattern that cannot be used, and
/// where `asserts_formats`, a format that this build is without.
pub(super) fn prepare(root: &mut Json, asserts_formats: bool) -> Result<Draft, Mistake> {
    let draft = own_draft(root)?;
    walk::walk(root, &mut |schema, pointer| {
        if let Some(named) = schema.get("$schema").and_then(Json::as_str) {
            let at = || format!("{pointer}/$schema");
            let Some(named) = draft_of(named) else {
                return Err(Mistake {
                    pointer: at(),
                    problem: format!("the dialect {named:?} is not known"),
                    remedy: DRAFTS,
                });
            };
            let is_resource = schema.contains_key("$id") || schema.contains_key("id");
            if named != draft && !is_resource {
                return Err(Mistake {
                    pointer: at(),
                    problem: "a part of a schema names another draft than the whole".into(),
                    remedy: "give the part an $id, or register it under a URI (JSON Schema 2020-12 §8.1.1)",
                });
            }
        }
        if asserts_formats {
            format(schema, pointer)?;
        }
        names(schema, pointer)
    })?;
    Ok(draft)
}

/// The draft of the whole: what it names itself, or what the component names that it is nothing but a reference to.
fn own_draft(root: &Json) -> Result<Draft, Mistake> {
    let mut place = root;
    for _ in 0..8 {
        if let Some(named) = place.get("$schema").and_then(Json::as_str) {
            return draft_of(named).ok_or_else(|| Mistake {
                pointer: "/$schema".into(),
                problem: format!("the dialect {named:?} is not known"),
                remedy: DRAFTS,
            });
        }
        let target = place.get("$ref").and_then(Json::as_str);
        match target.and_then(|target| root.pointer(target.strip_prefix('#')?)) {
            Some(target) => place = target,
            None => break,
        }
    }
    Ok(Draft::Draft202012)
}

/// A format that is not built in would be an unknown one, which every text fits.
fn format(schema: &Map<String, Json>, pointer: &str) -> Result<(), Mistake> {
    match schema.get("format").and_then(Json::as_str) {
        Some(name @ ("idn-email" | "idn-hostname")) if !cfg!(feature = "idn") => Err(Mistake {
            pointer: format!("{pointer}/format"),
            problem: format!("the format {name:?} needs the feature `idn`, which this build is without"),
            remedy: "enable the feature of sabir-core, or do without the format",
        }),
        _ => Ok(()),
    }
}

fn names(schema: &mut Map<String, Json>, pointer: &str) -> Result<(), Mistake> {
    let Some(Json::Object(patterns)) = schema.get_mut("patternProperties") else {
        return Ok(());
    };
    let mut translated = Map::new();
    for (source, part) in std::mem::take(patterns) {
        let mut name = pattern::for_names(&source).map_err(|fault| {
            let mut pointer = format!("{pointer}/patternProperties");
            pointer::step(&mut pointer, &source);
            Mistake {
                pointer,
                problem: format!("the schema is not valid: {fault}"),
                remedy: "write it without, or hold names against a pattern in propertyNames",
            }
        })?;
        // Two notations of one pattern stay two.
        while translated.contains_key(&name) {
            name = format!("(?:{name})");
        }
        translated.insert(name, part);
    }
    *patterns = translated;
    Ok(())
}

/// Calls `found` for every reference in `value`, whether it stands in a schema or in what looks like one.
pub(super) fn references<'v>(value: &'v Json, found: &mut impl FnMut(&'v str)) {
    match value {
        Json::Object(members) => {
            for (name, member) in members {
                match member {
                    Json::String(target)
                        if matches!(name.as_str(), "$ref" | "$dynamicRef" | "$recursiveRef") =>
                    {
                        found(target);
                    }
                    member => references(member, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
