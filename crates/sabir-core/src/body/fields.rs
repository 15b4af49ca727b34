//! Form fields put together to an object.
//!
//! A field's name may say where in the object its value belongs: `a[b]=1` is `{"a": {"b": 1}}`, `a[]=1&a[]=2` and
//! `a[0]=1&a[1]=2` are `{"a": [1, 2]}`. A name that is given several times is an array.

use indexmap::IndexMap;

use super::{field_schema::FieldSchema, plan::Limits};
use crate::{Map, Problem, ProblemType, Text, Value};

/// How many brackets a name may have. The tree is walked by recursion, so this must be small.
const NESTING_LIMIT: usize = 32;

/// The fields of one form, as they arrive.
#[derive(Debug, Default)]
pub(super) struct Fields {
    root: Node,
    count: u64,
}

/// What one field holds.
#[derive(Debug)]
pub(super) enum Leaf {
    /// Text, whose meaning the schema gives.
    Text(String),
    /// A value that needs no schema: a file, bytes, JSON.
    Value(Value),
}

#[derive(Debug, Default)]
struct Node {
    leaves: Vec<Leaf>,
    members: IndexMap<Text, Node>,
    /// Whether the name ended in `[]`, so that even a single value is an array.
    is_list: bool,
}

impl Fields {
    /// Counts one more field.
    ///
    /// # Errors
    /// `content-too-large` when there are more than the setting `form_field_limit`.
    pub(super) fn count(&mut self, limits: &Limits) -> Result<(), Problem> {
        self.count += 1;
        if self.count > limits.fields {
            let detail = format!("the form has more than {} fields", limits.fields);
            return Err(Problem::new(ProblemType::ContentTooLarge).with_detail(detail));
        }
        Ok(())
    }

    /// Adds the field `name`, which is no path where the schema declares it as it stands.
    ///
    /// # Errors
    /// `bad-request` when the name is nested too deeply, or has `[]` elsewhere than at its end.
    pub(super) fn add(&mut self, name: &str, leaf: Leaf, schema: FieldSchema<'_>) -> Result<(), Problem> {
        let path = if schema.declares(name) {
            vec![name]
        } else {
            segments(name)
        };
        if path.len() > NESTING_LIMIT {
            return Err(Problem::bad_request(format!(
                "a field's name has more than {NESTING_LIMIT} parts"
            )));
        }
        let mut node = &mut self.root;
        for (index, segment) in path.iter().enumerate() {
            if !segment.is_empty() || index == 0 {
                node = node.members.entry(Text::from(*segment)).or_default();
            } else if index + 1 == path.len() {
                node.is_list = true;
            } else {
                let detail =
                    format!("the field `{name}` has `[]` before its end; number the elements instead");
                return Err(Problem::bad_request(detail));
            }
        }
        node.leaves.push(leaf);
        Ok(())
    }

    /// The object that the fields make up.
    ///
    /// # Errors
    /// `bad-request` when a field is given both as a value and as an object.
    pub(super) fn into_value(self, schema: FieldSchema<'_>, limits: &Limits) -> Result<Value, Problem> {
        let mut members = Vec::with_capacity(self.root.members.len());
        for (name, node) in self.root.members {
            let value = node.into_value(&name, schema.property(&name), limits)?;
            members.push((name, value));
        }
        Ok(Value::Object(Map(members)))
    }
}

impl Node {
    fn into_value(mut self, name: &str, schema: FieldSchema<'_>, limits: &Limits) -> Result<Value, Problem> {
        if self.members.is_empty() {
            return Ok(self.into_leaves(schema, limits));
        }
        if !self.leaves.is_empty() {
            let detail = format!("the field `{name}` is given both as a value and as an object");
            return Err(Problem::bad_request(detail));
        }
        if let Some(order) = self.positions(schema) {
            self.members.sort_by_cached_key(|key, _| order.get(key).copied());
            let items = schema.items();
            let values = self
                .members
                .into_iter()
                .map(|(key, node)| node.into_value(&key, items, limits));
            return values.collect::<Result<_, _>>().map(Value::Array);
        }
        let mut members = Vec::with_capacity(self.members.len());
        for (key, node) in self.members {
            let value = node.into_value(&key, schema.property(&key), limits)?;
            members.push((key, value));
        }
        Ok(Value::Object(Map(members)))
    }

    fn into_leaves(mut self, schema: FieldSchema<'_>, limits: &Limits) -> Value {
        let is_array = self.is_list || schema.is_array();
        match (is_array, self.leaves.pop()) {
            (false, Some(only)) if self.leaves.is_empty() => only.into_value(schema, limits),
            (_, last) => {
                let items = if schema.is_array() { schema.items() } else { schema };
                let leaves = self.leaves.into_iter().chain(last);
                Value::Array(leaves.map(|leaf| leaf.into_value(items, limits)).collect())
            }
        }
    }

    /// The position of every member when the members are the numbered elements of an array.
    fn positions(&self, schema: FieldSchema<'_>) -> Option<IndexMap<Text, u32>> {
        if !schema.is_array() {
            return None;
        }
        let position = |key: &Text| {
            key.bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| key.parse().ok())?
        };
        self.members
            .keys()
            .map(|key| Some((key.clone(), position(key)?)))
            .collect()
    }
}

impl Leaf {
    fn into_value(self, schema: FieldSchema<'_>, limits: &Limits) -> Value {
        match self {
            Self::Text(text) => schema.leaf(&text, limits.json()),
            Self::Value(value) => value,
        }
    }
}

/// The parts of `a[b][]` as `a`, `b` and nothing. A name whose brackets do not pair is one part as it stands.
fn segments(name: &str) -> Vec<&str> {
    let Some((first, rest)) = name.split_once('[') else {
        return vec![name];
    };
    let Some(rest) = rest.strip_suffix(']') else {
        return vec![name];
    };
    let mut parts = vec![first];
    parts.extend(rest.split("]["));
    if first.is_empty() || parts.iter().any(|part| part.contains(['[', ']'])) {
        return vec![name];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_path_in_a_name() {
        assert_eq!(segments("a"), ["a"]);
        assert_eq!(segments("a[b][c]"), ["a", "b", "c"]);
        assert_eq!(segments("a[]"), ["a", ""]);
    }

    #[test]
    fn leaves_names_alone_whose_brackets_do_not_pair() {
        for name in ["a[", "a]", "a[b", "a[b]c", "a[[b]]", "a[b]c[d]", "[a]"] {
            assert_eq!(segments(name), [name]);
        }
    }
}
