//! References as the validator understands them, written as pointers from the whole, which is what kinds of values are
//! found out with.
//!
//! A reference is a URI, relative to the nearest `$id`, whose fragment is a JSON pointer or the name of an anchor (JSON
//! Schema 2020-12 §8.2). Drafts before 2019-09 have anchors that are written as `$id`, and draft 4 calls that `id`.

use std::{collections::HashMap, convert::Infallible};

use jsonschema::{Draft, uri};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json};

use super::{kind::DOCUMENTS, prepare::draft_of, walk};
use crate::pointer;

/// The URI of what has none of its own, as the validator has it.
const UNNAMED: &str = "json-schema:///";

/// A copy of `root` in which each reference that leads to a place in it is a pointer from there: `#/$defs/a`. The places of
/// schemas are those that they have in `root`.
pub(crate) fn with_pointers(root: &Json) -> Json {
    let mut copy = root.clone();
    let mut targets = HashMap::new();
    for_each_schema(&mut copy, &mut |schema, scope, pointer| {
        note(schema, scope, pointer, &mut targets);
    });
    for_each_schema(&mut copy, &mut |schema, scope, _| {
        rewrite(schema, scope, &targets);
    });
    copy
}

/// What references inside a resource are relative to.
#[derive(Clone)]
struct Scope {
    /// The pointer to the resource.
    pointer: String,
    uri: String,
    draft: Draft,
}

impl Scope {
    /// The scope of `schema`, which stands in this one: another one where it is a resource of its own.
    fn of(&self, schema: &Map<String, Json>, pointer: &str) -> Option<Self> {
        let named = schema.get("$schema").and_then(Json::as_str).and_then(draft_of);
        let draft = named.unwrap_or(self.draft);
        let id = id_of(schema, draft).filter(|id| !id.starts_with('#'))?;
        Some(Self {
            pointer: pointer.into(),
            uri: resolved(&self.uri, id.trim_end_matches('#'))?,
            draft,
        })
    }
}

/// The `$id` of a schema.
pub(super) fn id_of(schema: &Map<String, Json>, draft: Draft) -> Option<&str> {
    // What stands beside a reference did not count then (draft 7 §8.3).
    if is_old(draft) && schema.contains_key("$ref") {
        return None;
    }
    let keyword = if draft == Draft::Draft4 { "id" } else { "$id" };
    schema.get(keyword)?.as_str()
}

fn is_old(draft: Draft) -> bool {
    matches!(draft, Draft::Draft4 | Draft::Draft6 | Draft::Draft7)
}

/// `reference` resolved against `base` (RFC 3986 §5).
fn resolved(base: &str, reference: &str) -> Option<String> {
    let base = uri::from_str(base).ok()?;
    let target = uri::resolve_against(&base.borrow(), reference).ok()?;
    Some(target.as_str().to_owned())
}

/// Calls `visit` for each schema of `root`, of its components and of the documents beside it, with its scope and pointer.
fn for_each_schema(root: &mut Json, visit: &mut impl FnMut(&mut Map<String, Json>, &Scope, &str)) {
    let documents = root.as_object_mut().and_then(|members| members.remove(DOCUMENTS));
    in_document(root, "", UNNAMED, visit);
    if let (Some(mut documents), Some(members)) = (documents, root.as_object_mut()) {
        for (uri, document) in documents.as_object_mut().into_iter().flatten() {
            let mut prefix = format!("/{DOCUMENTS}");
            pointer::step(&mut prefix, uri);
            in_document(document, &prefix, uri, visit);
        }
        members.insert(DOCUMENTS.into(), documents);
    }
}

fn in_document(
    document: &mut Json,
    prefix: &str,
    uri: &str,
    visit: &mut impl FnMut(&mut Map<String, Json>, &Scope, &str),
) {
    let draft = document
        .get("$schema")
        .and_then(Json::as_str)
        .and_then(draft_of)
        .unwrap_or(Draft::Draft202012);
    let whole = Scope {
        pointer: prefix.into(),
        uri: resolved(UNNAMED, uri).unwrap_or_else(|| uri.into()),
        draft,
    };
    let mut scopes = vec![whole];
    let walked: Result<(), Infallible> = walk::walk(document, &mut |schema, below| {
        let pointer = format!("{prefix}{below}");
        // Schemas are visited from the outside in, so that those scopes are left that do not contain this one.
        while scopes.len() > 1
            && !scopes
                .last()
                .is_some_and(|scope| contains(&scope.pointer, &pointer))
        {
            scopes.pop();
        }
        if let Some(scope) = scopes.last().and_then(|outer| outer.of(schema, &pointer)) {
            scopes.push(scope);
        }
        if let Some(scope) = scopes.last() {
            visit(schema, scope, &pointer);
        }
        Ok(())
    });
    let Ok(()) = walked;
}

/// Whether `inner` is below `outer`, or the same.
fn contains(outer: &str, inner: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Adds the names under which other schemas may refer to this one, with the pointer to it.
fn note(
    schema: &Map<String, Json>,
    scope: &Scope,
    pointer: &str,
    targets: &mut HashMap<String, Option<String>>,
) {
    let mut add = |uri: String| {
        targets.entry(uri).or_insert_with(|| Some(pointer.to_owned()));
    };
    if pointer == scope.pointer {
        add(scope.uri.clone());
    }
    let text = |keyword: &str| schema.get(keyword).and_then(Json::as_str);
    let anchor = if is_old(scope.draft) {
        id_of(schema, scope.draft).and_then(|id| id.strip_prefix('#'))
    } else {
        text("$anchor")
    };
    for name in [anchor, text("$dynamicAnchor")].into_iter().flatten() {
        add(format!("{}#{name}", scope.uri));
    }
    // What several resources have is a different one each time (JSON Schema 2020-12 §8.2.3.2; 2019-09 §8.2.4.2).
    let mut add_dynamic = |name: String| {
        let only = targets.entry(name).or_insert_with(|| Some(pointer.to_owned()));
        if only.as_deref() != Some(pointer) {
            *only = None;
        }
    };
    if let Some(name) = text("$dynamicAnchor") {
        add_dynamic(format!("#{name}"));
    }
    if scope.draft == Draft::Draft201909
        && pointer == scope.pointer
        && schema.get("$recursiveAnchor") == Some(&Json::Bool(true))
    {
        add_dynamic(RECURSIVE.into());
        add_dynamic(recursive_in(&scope.uri));
    }
}

/// Names that no reference has, of the resources that `$recursiveRef` may lead to: of all, and of one.
const RECURSIVE: &str = " ";

fn recursive_in(uri: &str) -> String {
    format!("{RECURSIVE}{uri}")
}

/// Writes the references of one schema as pointers.
fn rewrite(schema: &mut Map<String, Json>, scope: &Scope, targets: &HashMap<String, Option<String>>) {
    let found = |uri: &str| targets.get(uri).cloned().flatten();
    let target = |reference: &str| {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let uri = resolved(&scope.uri, uri)?;
        let fragment = percent_decode_str(fragment).decode_utf8().ok()?;
        if fragment.is_empty() || fragment.starts_with('/') {
            return Some(format!("#{}{fragment}", found(&uri)?));
        }
        Some(format!("#{}", found(&format!("{uri}#{fragment}"))?))
    };
    let written = |keyword: &str| schema.get(keyword).and_then(Json::as_str);
    // Which schema a dynamic reference leads to depends on the way to it, unless there is one only. What no dynamic anchor
    // is called, it refers to as any reference does.
    let dynamic = |reference: &str, name: &str, is_dynamic: bool| match targets.get(name) {
        Some(only) if is_dynamic => Some(format!("#{}", only.as_ref()?)),
        _ => target(reference),
    };
    let recursive = || targets.contains_key(&recursive_in(&scope.uri));
    let pointer = match (written("$ref"), written("$dynamicRef"), written("$recursiveRef")) {
        (Some(reference), ..) => target(reference),
        (None, Some(reference), _) => {
            let name = reference.find('#').map_or("", |start| &reference[start..]);
            dynamic(reference, name, !name.is_empty())
        }
        (None, None, Some(reference)) if scope.draft == Draft::Draft201909 => {
            dynamic(reference, RECURSIVE, recursive())
        }
        _ => None,
    };
    if let Some(pointer) = pointer {
        schema.insert("$ref".into(), pointer.into());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reference(schema: &Json, at: &str) -> Option<String> {
        let copy = with_pointers(schema);
        Some(copy.pointer(at)?.get("$ref")?.as_str()?.to_owned())
    }

    #[test]
    fn writes_references_as_pointers() {
        let schema = json!({"$id": "https://example.org/a/root", "$defs": {
            "b": {"$anchor": "here", "type": "integer"}, "a/b%": {},
            "tree": {"$id": "tree", "$anchor": "here", "properties": {
                "own": {"$ref": "#here"}, "all": {"$ref": "#"}, "part": {"$ref": "#/properties/own"},
                "out": {"$ref": "root#here"}}}},
            "properties": {"anchor": {"$ref": "#here"}, "relative": {"$ref": "tree"}, "uri": {"$ref": "https://example.org/a/tree#here"},
                "escaped": {"$ref": "#/$defs/a~1b%25"}, "none": {"$ref": "other"}}});
        for (at, expected) in [
            ("/properties/anchor", "#/$defs/b"),
            ("/properties/relative", "#/$defs/tree"),
            ("/properties/uri", "#/$defs/tree"),
            ("/properties/escaped", "#/$defs/a~1b%"),
            ("/properties/none", "other"),
            ("/$defs/tree/properties/own", "#/$defs/tree"),
            ("/$defs/tree/properties/all", "#/$defs/tree"),
            ("/$defs/tree/properties/part", "#/$defs/tree/properties/own"),
            ("/$defs/tree/properties/out", "#/$defs/b"),
        ] {
            assert_eq!(reference(&schema, at).as_deref(), Some(expected), "{at}");
        }
    }

    #[test]
    fn knows_how_older_drafts_name_schemas() {
        let seven = json!({"$schema": "http://json-schema.org/draft-07/schema#", "items": {"$ref": "#a"},
            "definitions": {"a": {"$id": "#a"}, "b": {"$id": "urn:b", "$ref": "#a"}}});
        assert_eq!(reference(&seven, "/items").unwrap(), "#/definitions/a");
        assert_eq!(reference(&seven, "/definitions/b").unwrap(), "#/definitions/a");
        let four = json!({"$schema": "http://json-schema.org/draft-04/schema#", "items": {"$ref": "urn:a"},
            "definitions": {"a": {"id": "urn:a"}, "b": {"$id": "urn:a"}}});
        assert_eq!(reference(&four, "/items").unwrap(), "#/definitions/a");
    }

    #[test]
    fn follows_a_dynamic_reference_where_there_is_one_anchor() {
        let schema = json!({"items": {"$dynamicRef": "#node"}, "$defs": {"a": {"$dynamicAnchor": "node"}}});
        assert_eq!(reference(&schema, "/items").unwrap(), "#/$defs/a");
        let mut several = schema;
        several["$defs"]["b"] = json!({"$id": "urn:b", "$dynamicAnchor": "node"});
        assert_eq!(reference(&several, "/items"), None);
    }

    #[test]
    fn follows_a_recursive_reference_where_it_leads_to_one_place() {
        let nine = "https://json-schema.org/draft/2019-09/schema";
        let tree = json!({"$schema": nine, "$recursiveAnchor": true, "items": {"$recursiveRef": "#"}});
        assert_eq!(reference(&tree, "/items").unwrap(), "#");
        let mut inner = json!({"$schema": nine, "items": {"$ref": "urn:inner"}, "$defs": {
            "a": {"$id": "urn:inner", "items": {"$recursiveRef": "#"}}}});
        // Without an anchor it is a reference like any other.
        assert_eq!(reference(&inner, "/$defs/a/items").unwrap(), "#/$defs/a");
        inner["$defs"]["a"]["$recursiveAnchor"] = true.into();
        assert_eq!(reference(&inner, "/$defs/a/items").unwrap(), "#/$defs/a");
        inner["$recursiveAnchor"] = true.into();
        assert_eq!(reference(&inner, "/$defs/a/items"), None);
        // Another draft does not know it.
        let other = json!({"$recursiveAnchor": true, "items": {"$recursiveRef": "#"}});
        assert_eq!(reference(&other, "/items"), None);
    }

    #[test]
    fn keeps_documents_apart() {
        let schema = json!({"$ref": "urn:a#/$defs/x", DOCUMENTS: {
            "urn:a": {"$defs": {"x": {"$ref": "#y"}, "y": {"$anchor": "y", "$ref": "urn:b"}}},
            "urn:b": {"type": "integer"}}});
        assert_eq!(
            reference(&schema, "").unwrap(),
            "#/x-sabir-documents/urn:a/$defs/x"
        );
        let x = "/x-sabir-documents/urn:a/$defs/x";
        assert_eq!(
            reference(&schema, x).unwrap(),
            "#/x-sabir-documents/urn:a/$defs/y"
        );
        let y = "/x-sabir-documents/urn:a/$defs/y";
        assert_eq!(reference(&schema, y).unwrap(), "#/x-sabir-documents/urn:b");
    }
}
