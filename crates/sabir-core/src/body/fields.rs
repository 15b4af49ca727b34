//! Form fields put together to an object.
//!
//! A field's name may say where in the object its value belongs: `a[b]=1` is `{"a": {"b": 1}}`, `a[]=1&a[]=2` and
//! `a[0]=1&a[1]=2` are `{"a": [1, 2]}`. A name that is given several times is an array.

use std::sync::Arc;

use indexmap::IndexMap;

use super::limits::BodyLimits;
use crate::{
    File, Kind, Location, Map, Problem, Text, Value, Violation,
    json::{self, JsonLimits},
    parameters::{coerce, text_schema::TextPart},
    pointer,
};

/// How many brackets a name may have. The tree is walked by recursion, so this must be small.
const NESTING_LIMIT: usize = 32;

/// The fields of one form, as they arrive.
#[derive(Debug, Default)]
pub(super) struct Fields {
    root: Node,
    count: u64,
    /// Whether files can be told from text, so that one does not pass for the other.
    tells_files: bool,
}

/// What one field holds.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "multipart"),
    expect(dead_code, reason = "only parts hold anything else than text")
)]
pub(super) enum Leaf {
    /// Text, whose meaning the schema gives.
    Text(String),
    /// A file.
    File(Arc<File>),
    /// Bytes that are neither text nor a file.
    Bytes(bytes::Bytes),
    /// A value that needs no schema: JSON.
    Value(Value),
}

#[derive(Debug, Default)]
struct Node {
    leaves: Vec<Leaf>,
    members: IndexMap<Text, Node>,
    /// Whether the name ended in `[]`, so that even a single value is an array.
    is_list: bool,
}

/// A form while its values are made.
struct Making<'a> {
    limits: JsonLimits,
    tells_files: bool,
    /// Where the current value is.
    pointer: String,
    misfits: &'a mut Vec<Violation>,
}

impl Fields {
    /// The fields of a multipart body.
    #[cfg(feature = "multipart")]
    pub(super) fn with_files() -> Self {
        Self {
            tells_files: true,
            ..Self::default()
        }
    }

    /// Counts one more field.
    ///
    /// # Errors
    /// `content-too-large` when there are more than the setting `form_field_limit`.
    pub(super) fn count(&mut self, limits: &BodyLimits) -> Result<(), Problem> {
        self.count += 1;
        limits.check_fields(self.count)
    }

    /// Adds the field `name`, which is no path where the schema declares it as it stands.
    ///
    /// # Errors
    /// `bad-request` when the name is nested too deeply, or has `[]` elsewhere than at its end.
    pub(super) fn add(&mut self, name: &str, leaf: Leaf, schema: TextPart<'_>) -> Result<(), Problem> {
        let path = path(name, schema);
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

    /// The object that the fields make up. A text where the schema has a file, and the other way round, is added to
    /// `misfits`, since validation cannot see it.
    ///
    /// # Errors
    /// `bad-request` when a field is given both as a value and as an object.
    pub(super) fn into_value(
        self,
        schema: TextPart<'_>,
        limits: &BodyLimits,
        misfits: &mut Vec<Violation>,
    ) -> Result<Value, Problem> {
        let mut making = Making {
            limits: limits.json(),
            tells_files: self.tells_files,
            pointer: String::new(),
            misfits,
        };
        making.object(self.root.members, schema)
    }
}

/// What the schema says of one value of the field `name`: of an item where the field is an array.
#[cfg(feature = "multipart")]
pub(super) fn field<'s>(name: &str, schema: TextPart<'s>) -> TextPart<'s> {
    let mut part = schema;
    for segment in path(name, schema) {
        let is_item = segment.is_empty() || (part.is_array() && position(segment).is_some());
        part = if is_item {
            part.item(0)
        } else {
            part.property(segment)
        };
    }
    if part.is_array() && !part.is_binary() {
        part.item(0)
    } else {
        part
    }
}

fn path<'n>(name: &'n str, schema: TextPart<'_>) -> Vec<&'n str> {
    if schema.declares(name) {
        vec![name]
    } else {
        segments(name)
    }
}

/// The position of an array's element that a part of a name says.
fn position(segment: &str) -> Option<u32> {
    let is_number = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { segment.parse().ok() } else { None }
}

impl Making<'_> {
    fn object(&mut self, fields: IndexMap<Text, Node>, schema: TextPart<'_>) -> Result<Value, Problem> {
        let mut members = Vec::with_capacity(fields.len());
        for (name, node) in fields {
            let part = schema.property(&name);
            if node.is_left_empty() && !schema.requires(&name) && part.is_absent_when_empty() {
                continue;
            }
            let value = self.below(&name, |making| making.value(&name, node, part))?;
            members.push((name, value));
        }
        Ok(Value::Object(Map(members)))
    }

    fn value(&mut self, name: &str, mut node: Node, schema: TextPart<'_>) -> Result<Value, Problem> {
        if node.members.is_empty() {
            return Ok(self.leaves(node, schema));
        }
        if !node.leaves.is_empty() {
            let detail = format!("the field `{name}` is given both as a value and as an object");
            return Err(Problem::bad_request(detail));
        }
        let is_numbered = schema.is_array() && node.members.keys().all(|key| position(key).is_some());
        if !is_numbered {
            return self.object(node.members, schema);
        }
        node.members.sort_by_cached_key(|key, _| position(key));
        let elements = node.members.into_iter().enumerate();
        let mut items = Vec::with_capacity(elements.len());
        for (index, (key, element)) in elements {
            let part = schema.item(index);
            items.push(self.below(&index.to_string(), |making| making.value(&key, element, part))?);
        }
        Ok(Value::Array(items))
    }

    /// The value of all fields of one name.
    fn leaves(&mut self, node: Node, schema: TextPart<'_>) -> Value {
        let Node { leaves, is_list, .. } = node;
        let only = match leaves.as_slice() {
            [only] if !is_list => Some(only),
            _ => None,
        };
        let before = self.misfits.len();
        let value = schema.first_accepted(|kind| match (kind, only) {
            (Kind::Array(_), _) => {
                self.misfits.truncate(before);
                Some(Ok::<_, ()>(self.items(&leaves, schema, Some(kind))))
            }
            (kind, Some(leaf)) => self.of_kind(leaf, kind).map(Ok),
            _ => None,
        });
        match (value, only) {
            (Some(Ok(value)), _) => value,
            (_, Some(leaf)) => self.misfit(leaf, schema),
            // No array is permitted, which validation will say.
            _ => self.items(&leaves, schema, None),
        }
    }

    fn items(&mut self, leaves: &[Leaf], schema: TextPart<'_>, array: Option<&Kind>) -> Value {
        let item_kind = array.and_then(|array| schema.only_item_kind(array));
        let mut items = Vec::with_capacity(leaves.len());
        for (index, leaf) in leaves.iter().enumerate() {
            let part = if array.is_some() {
                schema.item(index)
            } else {
                schema
            };
            items.push(self.below(&index.to_string(), |making| {
                let value = match item_kind {
                    Some(kind) => making.of_kind(leaf, kind),
                    None => making.single(leaf, part),
                };
                value.unwrap_or_else(|| making.misfit(leaf, part))
            }));
        }
        Value::Array(items)
    }

    fn single(&self, leaf: &Leaf, schema: TextPart<'_>) -> Option<Value> {
        let value = schema.first_accepted(|kind| self.of_kind(leaf, kind).map(Ok::<_, ()>));
        value.and_then(Result::ok)
    }

    /// The value of `leaf` as one of `kind`, if it can be one.
    fn of_kind(&self, leaf: &Leaf, kind: &Kind) -> Option<Value> {
        match (leaf, kind) {
            (Leaf::File(file), Kind::Binary | Kind::Any) => Some(Value::File(Arc::clone(file))),
            (Leaf::Bytes(bytes), Kind::Any) => Some(Value::Bytes(bytes.clone())),
            (Leaf::Value(value), _) => Some(value.clone()),
            (Leaf::Text(_), Kind::Binary) if self.tells_files => None,
            (Leaf::Text(text), kind) => text_as(text, kind, self.limits),
            _ => None,
        }
    }

    /// What stands for a leaf that no kind fits. Text becomes a string, of which validation will say what is wrong.
    fn misfit(&mut self, leaf: &Leaf, schema: TextPart<'_>) -> Value {
        let detail = match leaf {
            Leaf::Text(text) if !(self.tells_files && schema.is_binary()) => {
                return Value::String(text.as_str().into());
            }
            Leaf::Text(_) => "this is text, and a file is expected; send it with a filename",
            Leaf::Bytes(_) => "these are bytes without a filename, and neither bytes nor a file is expected",
            Leaf::File(_) | Leaf::Value(_) => "this is a file, and none is expected",
        };
        self.misfits
            .push(Violation::new(Location::Body, "type", detail).with_pointer(self.pointer.clone()));
        Value::Null
    }

    /// Does something one step deeper.
    fn below<T>(&mut self, step: &str, then: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.pointer.len();
        pointer::step(&mut self.pointer, step);
        let done = then(self);
        self.pointer.truncate(before);
        done
    }
}

/// The value of a text as one of `kind`. Text that starts with a brace is read as JSON where an object is expected (OpenAPI
/// 3.1 §4.8.15).
pub(super) fn text_as(text: &str, kind: &Kind, limits: JsonLimits) -> Option<Value> {
    match kind {
        Kind::Object if text.trim_start().starts_with('{') => json::parse(text.as_bytes(), &limits).ok(),
        kind => coerce(text, kind, limits.digits),
    }
}

/// The value of a text by its schema: a string where no kind fits, which validation then refuses.
pub(super) fn text_value(text: &str, schema: TextPart<'_>, limits: JsonLimits) -> Value {
    schema
        .first_accepted(|kind| text_as(text, kind, limits).map(Ok::<_, ()>))
        .and_then(Result::ok)
        .unwrap_or_else(|| Value::String(text.into()))
}

impl Node {
    /// Whether this is what a browser sends for a field that was left empty.
    fn is_left_empty(&self) -> bool {
        self.members.is_empty() && matches!(self.leaves.as_slice(), [Leaf::Text(text)] if text.is_empty())
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
