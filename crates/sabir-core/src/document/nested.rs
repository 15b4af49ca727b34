//! Documents of services that an application nests.

use serde_json::{Map, Value as Json};

/// The OpenAPI document of a service that answers requests below a prefix.
#[derive(Debug, Clone)]
pub(crate) struct NestedDocument {
    pub(crate) prefix: String,
    pub(crate) document: Json,
}

impl NestedDocument {
    /// Adds paths, components and tags to `document`, which keeps what it has: a component whose name is taken gets another one, and a
    /// path that is there already is left out.
    pub(crate) fn merge_into(&self, document: &mut Json) {
        let mut nested = self.document.clone();
        let renamed = renamed(document, &nested);
        if !renamed.is_empty() {
            rename(&mut nested, &renamed);
        }
        for (path, item) in members(nested.get("paths")) {
            let path = if path == "/" && !self.prefix.is_empty() {
                self.prefix.clone()
            } else {
                format!("{}{path}", self.prefix)
            };
            if let Json::Object(paths) = &mut document["paths"] {
                paths.entry(path).or_insert_with(|| item.clone());
            }
        }
        for (section, components) in members(nested.get("components")) {
            for (name, component) in members(Some(components)) {
                let name = renamed
                    .iter()
                    .find(|(old, _)| *old == reference(section, name))
                    .map_or_else(|| name.clone(), |(_, new)| last(new).to_owned());
                let known = &document["components"][section][&name];
                if known.is_null() {
                    document["components"][section][&name] = component.clone();
                }
            }
        }
        let tags = nested.get("tags").and_then(Json::as_array);
        for tag in tags.into_iter().flatten() {
            if document.get("tags").is_none() {
                document["tags"] = Json::Array(Vec::new());
            }
            if let Some(known) = document["tags"].as_array_mut()
                && known.iter().all(|known| known["name"] != tag["name"])
            {
                known.push(tag.clone());
            }
        }
    }
}

/// The references to components whose names are taken by others, each with the one that takes its place.
fn renamed(document: &Json, nested: &Json) -> Vec<(String, String)> {
    let mut renamed = Vec::new();
    for (section, components) in members(nested.get("components")) {
        for (name, component) in members(Some(components)) {
            let is_free = |name: &str| {
                let known = document.pointer(&format!("/components/{section}/{name}"));
                known.is_none_or(|known| known == component)
            };
            if is_free(name) {
                continue;
            }
            let is_new = |new: &String| is_free(new) && components.get(new).is_none();
            let mut candidates = (2_u32..).map(|number| format!("{name}-{number}"));
            if let Some(new) = candidates.find(is_new) {
                renamed.push((reference(section, name), reference(section, &new)));
            }
        }
    }
    renamed
}

fn reference(section: &str, name: &str) -> String {
    format!("#/components/{section}/{name}")
}

fn last(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or_default()
}

/// Writes references anew, those of discriminators too.
fn rename(value: &mut Json, renamed: &[(String, String)]) {
    match value {
        Json::String(text) => {
            if let Some((_, new)) = renamed.iter().find(|(old, _)| old == text) {
                text.clone_from(new);
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| rename(item, renamed)),
        Json::Object(members) => members.values_mut().for_each(|member| rename(member, renamed)),
        _ => {}
    }
}

fn members(value: Option<&Json>) -> impl Iterator<Item = (&String, &Json)> {
    value.and_then(Json::as_object).into_iter().flat_map(Map::iter)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_that_are_taken_are_replaced() {
        let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let mut document = json!({
            "paths": { "/a": {} },
            "components": { "schemas": { "Order": { "type": "string" }, "Same": { "type": "integer" } } },
            "tags": [{ "name": "a" }]
        });
        let nested = NestedDocument {
            prefix: "/v1".into(),
            document: json!({
                "paths": { "/": { "get": { "s": schema("Order"), "t": schema("Same") } }, "/b/{id}": {} },
                "components": { "schemas": {
                    "Order": { "properties": { "next": schema("Order") } }, "Same": { "type": "integer" }, "New": {}
                } },
                "tags": [{ "name": "a", "description": "Other." }, { "name": "b" }]
            }),
        };
        nested.merge_into(&mut document);
        let expected = json!({
            "paths": { "/a": {}, "/v1": { "get": { "s": schema("Order-2"), "t": schema("Same") } }, "/v1/b/{id}": {} },
            "components": { "schemas": {
                "Order": { "type": "string" }, "Same": { "type": "integer" },
                "Order-2": { "properties": { "next": schema("Order-2") } }, "New": {}
            } },
            "tags": [{ "name": "a" }, { "name": "b" }]
        });
        assert_eq!(document, expected);
    }
}
