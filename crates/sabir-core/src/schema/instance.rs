//! Lets the validator read our values in place, be they a tree or a large text.

use std::{borrow::Cow, cell::Cell, slice};

use jsonschema::{
    JsonType,
    json::{Array, Json, Node, NodeIdentity, Object},
};
use serde_json::Value as Data;

use super::{equality, number::AnyNumber, sketch};
use crate::{
    Map, Text, Value,
    json::{self, Cursor},
};

/// Our representation of JSON, in the validator's terms. Bytes and files, which JSON lacks, count as strings: OpenAPI
/// declares them as `type: string`, `format: binary`.
#[derive(Debug)]
pub(super) struct Instance;

impl Json for Instance {
    type Node<'a> = Lens<'a>;
    type PreparedKey = Text;
    type StringBuffer = Buffer;

    fn prepare_key(key: &str) -> Text {
        key.into()
    }

    fn with_string_node<T>(buffer: &mut Buffer, string: &str, f: impl FnOnce(Lens<'_>) -> T) -> T {
        buffer.0 = Value::String(string.into());
        f(Lens {
            representation: Representation::Name(&buffer.0),
            watch: None,
        })
    }
}

/// Holds a property name while it is validated by itself.
#[derive(Debug)]
pub(super) struct Buffer(Value);

impl Default for Buffer {
    fn default() -> Self {
        Self(Value::Null)
    }
}

/// How many failures may still be made. When there are none left, every array and object looks empty, so that the
/// validator, which knows no limit of its own, comes to an end.
#[derive(Debug)]
pub(super) struct Watch {
    failures: Cell<usize>,
    /// The identity of the array that was last found to have the same item twice: the validator asks again when it makes
    /// a failure of that.
    repetitive: Cell<Option<NodeIdentity>>,
}

impl Watch {
    /// One without a limit.
    pub(super) fn new() -> Self {
        Self {
            failures: Cell::new(usize::MAX),
            repetitive: Cell::new(None),
        }
    }

    pub(super) fn limit(&self, failures: usize) {
        self.failures.set(failures);
    }

    pub(super) fn is_over(&self) -> bool {
        self.failures.get() == 0
    }

    fn count(&self) {
        self.failures.set(self.failures.get().saturating_sub(1));
    }
}

/// A value as the validator sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lens<'a> {
    pub(super) representation: Representation<'a>,
    /// Absent while nothing but validity is asked for.
    pub(super) watch: Option<&'a Watch>,
}

/// Where a value is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Representation<'a> {
    Tree(&'a Value),
    Text(Cursor<'a>),
    /// The name of a property, which lives shorter than what is said of it.
    Name(&'a Value),
}

impl<'a> Lens<'a> {
    pub(super) fn tree(value: &'a Value) -> Self {
        Self {
            representation: Representation::Tree(value),
            watch: None,
        }
    }

    pub(super) fn text(cursor: Cursor<'a>) -> Self {
        Self {
            representation: Representation::Text(cursor),
            watch: None,
        }
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self.representation, Representation::Text(_))
    }

    pub(super) fn watched(self, watch: &'a Watch) -> Self {
        Self {
            watch: Some(watch),
            ..self
        }
    }

    pub(super) fn is_over(self) -> bool {
        self.watch.is_some_and(Watch::is_over)
    }
}

impl<'a> Node<'a, Instance> for Lens<'a> {
    type Object = Members<'a>;
    type Array = Elements<'a>;
    type Number = AnyNumber<'a>;

    fn as_object(&self) -> Option<Members<'a>> {
        let representation = match self.representation {
            Representation::Tree(Value::Object(members)) => Composite::Tree(members),
            Representation::Text(cursor) if cursor.first() == b'{' => Composite::Text(cursor),
            _ => return None,
        };
        Some(Members {
            representation,
            watch: self.watch,
        })
    }

    fn as_array(&self) -> Option<Elements<'a>> {
        let representation = match self.representation {
            Representation::Tree(Value::Array(items)) => Composite::Tree(items.as_slice()),
            Representation::Text(cursor) if cursor.first() == b'[' => Composite::Text(cursor),
            _ => return None,
        };
        Some(Elements {
            representation,
            watch: self.watch,
        })
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self.representation {
            Representation::Tree(value) | Representation::Name(value) => match value {
                Value::String(text) => Some(Cow::Borrowed(text)),
                Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes)),
                Value::File(_) => Some(Cow::Borrowed("")),
                _ => None,
            },
            Representation::Text(cursor) => (cursor.first() == b'"').then(|| cursor.string()),
        }
    }

    fn as_number(&self) -> Option<AnyNumber<'a>> {
        match self.representation {
            Representation::Tree(value) | Representation::Name(value) => AnyNumber::of(value),
            Representation::Text(cursor) => {
                matches!(cursor.first(), b'-' | b'0'..=b'9').then(|| AnyNumber::read(cursor.text()))
            }
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.representation {
            Representation::Tree(Value::Bool(value)) => Some(*value),
            Representation::Text(cursor) => match cursor.first() {
                b't' => Some(true),
                b'f' => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.json_type() == JsonType::Null
    }

    fn is_number(&self) -> bool {
        self.json_type() == JsonType::Number
    }

    fn json_type(&self) -> JsonType {
        match self.representation {
            Representation::Tree(value) | Representation::Name(value) => match value {
                Value::Null => JsonType::Null,
                Value::Bool(_) => JsonType::Boolean,
                Value::Integer(_) | Value::Number(_) | Value::Literal(_) => JsonType::Number,
                Value::String(_) | Value::Bytes(_) | Value::File(_) => JsonType::String,
                Value::Array(_) => JsonType::Array,
                Value::Object(_) => JsonType::Object,
            },
            Representation::Text(cursor) => match cursor.first() {
                b'n' => JsonType::Null,
                b't' | b'f' => JsonType::Boolean,
                b'"' => JsonType::String,
                b'[' => JsonType::Array,
                b'{' => JsonType::Object,
                _ => JsonType::Number,
            },
        }
    }

    fn equals_value(&self, expected: &Data) -> bool {
        equality::equals_data(*self, expected)
    }

    /// Not the value, which may be large, but what [`sketch`] finds it again with. The validator asks for it when it makes
    /// a failure, and for nothing else: all that compares values is our own.
    fn to_value(&self) -> Cow<'a, Data> {
        let after = self.is_over();
        if let Some(watch) = self.watch {
            watch.count();
        }
        sketch::draw(*self, after)
    }

    fn identity(&self) -> Option<NodeIdentity> {
        let address = match self.representation {
            Representation::Tree(value) | Representation::Name(value) => {
                std::ptr::from_ref::<Value>(value).addr()
            }
            Representation::Text(cursor) => cursor.address(),
        };
        Some(NodeIdentity::new(address))
    }
}

/// An array or an object, as `T` in a tree.
#[derive(Debug, Clone, Copy)]
enum Composite<'a, T> {
    Tree(T),
    Text(Cursor<'a>),
}

/// An object's members.
#[derive(Debug, Clone, Copy)]
pub(super) struct Members<'a> {
    representation: Composite<'a, &'a Map>,
    watch: Option<&'a Watch>,
}

impl<'a> Members<'a> {
    /// The value of the member called `name`.
    pub(super) fn named(self, name: &str) -> Option<Lens<'a>> {
        if self.watch.is_some_and(Watch::is_over) {
            return None;
        }
        let representation = match self.representation {
            Composite::Tree(members) => Representation::Tree(Map::get(members, name)?),
            Composite::Text(cursor) => Representation::Text(cursor.members().find(|(key, _)| key == name)?.1),
        };
        Some(Lens {
            representation,
            watch: self.watch,
        })
    }
}

impl<'a> Object<'a, Instance> for Members<'a> {
    type Node = Lens<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = MemberIterator<'a>;

    fn len(&self) -> usize {
        match self.representation {
            Composite::Tree(members) => members.0.len(),
            Composite::Text(cursor) => cursor.count(),
        }
    }

    fn is_empty(&self) -> bool {
        match self.representation {
            Composite::Tree(members) => members.0.is_empty(),
            Composite::Text(cursor) => cursor.members().next().is_none(),
        }
    }

    fn get(&self, key: &Text) -> Option<Lens<'a>> {
        self.named(key)
    }

    fn members(&self) -> MemberIterator<'a> {
        let inner = match self.representation {
            Composite::Tree(members) => InnerMembers::Tree(members.0.iter()),
            Composite::Text(cursor) => InnerMembers::Text(cursor.members()),
        };
        MemberIterator {
            inner,
            watch: self.watch,
        }
    }
}

/// Names and values of an object.
#[derive(Debug)]
pub(super) struct MemberIterator<'a> {
    inner: InnerMembers<'a>,
    watch: Option<&'a Watch>,
}

#[derive(Debug)]
enum InnerMembers<'a> {
    Tree(slice::Iter<'a, (Text, Value)>),
    Text(json::Members<'a>),
}

impl<'a> Iterator for MemberIterator<'a> {
    type Item = (Cow<'a, str>, Lens<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.watch.is_some_and(Watch::is_over) {
            return None;
        }
        let (name, representation) = match &mut self.inner {
            InnerMembers::Tree(members) => members
                .next()
                .map(|(name, value)| (Cow::Borrowed(name.as_str()), Representation::Tree(value)))?,
            InnerMembers::Text(members) => members
                .next()
                .map(|(name, value)| (name, Representation::Text(value)))?,
        };
        let watch = self.watch;
        Some((
            name,
            Lens {
                representation,
                watch,
            },
        ))
    }
}

/// An array's elements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Elements<'a> {
    representation: Composite<'a, &'a [Value]>,
    watch: Option<&'a Watch>,
}

impl<'a> Array<'a, Instance> for Elements<'a> {
    type Node = Lens<'a>;
    type ElementsIter = ElementIterator<'a>;

    fn len(&self) -> usize {
        match self.representation {
            Composite::Tree(items) => items.len(),
            Composite::Text(cursor) => cursor.count(),
        }
    }

    fn elements(&self) -> ElementIterator<'a> {
        let inner = match self.representation {
            Composite::Tree(items) => InnerElements::Tree(items.iter()),
            Composite::Text(cursor) => InnerElements::Text(cursor.elements()),
        };
        ElementIterator {
            inner,
            watch: self.watch,
        }
    }

    fn is_unique(&self) -> bool {
        let identity = match self.representation {
            Composite::Tree(items) => NodeIdentity::new(items.as_ptr().addr()),
            Composite::Text(cursor) => NodeIdentity::new(cursor.address()),
        };
        if self
            .watch
            .is_some_and(|watch| watch.repetitive.get() == Some(identity))
        {
            return false;
        }
        let is_unique = match self.representation {
            Composite::Tree(items) => equality::are_unique(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| (index, Lens::tree(item))),
                |index| items.get(index).map(Lens::tree),
            ),
            Composite::Text(cursor) => equality::are_unique(
                cursor.elements().map(|item| (item.offset(), Lens::text(item))),
                |offset| Some(Lens::text(cursor.document().cursor(offset))),
            ),
        };
        if let Some(watch) = self.watch.filter(|_| !is_unique) {
            watch.repetitive.set(Some(identity));
        }
        is_unique
    }
}

/// The elements of an array, one by one.
#[derive(Debug)]
pub(super) struct ElementIterator<'a> {
    inner: InnerElements<'a>,
    watch: Option<&'a Watch>,
}

#[derive(Debug)]
enum InnerElements<'a> {
    Tree(slice::Iter<'a, Value>),
    Text(json::Elements<'a>),
}

impl<'a> Iterator for ElementIterator<'a> {
    type Item = Lens<'a>;

    fn next(&mut self) -> Option<Lens<'a>> {
        if self.watch.is_some_and(Watch::is_over) {
            return None;
        }
        let representation = match &mut self.inner {
            InnerElements::Tree(items) => Representation::Tree(items.next()?),
            InnerElements::Text(items) => Representation::Text(items.next()?),
        };
        let watch = self.watch;
        Some(Lens {
            representation,
            watch,
        })
    }
}
