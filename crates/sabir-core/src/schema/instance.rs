//! Lets the validator read our [`Value`]s in place.

use std::{borrow::Cow, slice};

use jsonschema::{
    JsonType,
    json::{Array, Json, JsonNumber, Node, NodeIdentity, Object},
};
use serde_json::Number;

use crate::{Map, Text, Value, json::to_json};

/// Our representation of JSON, in the validator's terms. Bytes and files, which JSON lacks, count as strings: OpenAPI
/// declares them as `type: string`, `format: binary`.
#[derive(Debug)]
pub(super) struct Instance;

impl Json for Instance {
    type Node<'a> = &'a Value;
    type PreparedKey = Text;
    type StringBuffer = Buffer;

    fn prepare_key(key: &str) -> Text {
        key.into()
    }

    fn with_string_node<T>(buffer: &mut Buffer, string: &str, f: impl FnOnce(&Value) -> T) -> T {
        buffer.0 = Value::String(string.into());
        f(&buffer.0)
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

/// A number of any of our three kinds.
#[derive(Debug, Clone, Copy)]
pub(super) enum AnyNumber<'a> {
    Integer(i64),
    Float(f64),
    Literal(&'a str),
}

impl JsonNumber for AnyNumber<'_> {
    fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Integer(value) => u64::try_from(*value).ok(),
            Self::Float(_) => None,
            Self::Literal(text) => text.parse().ok(),
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            Self::Float(_) => None,
            Self::Literal(text) => text.parse().ok(),
        }
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "the validator asks for the nearest double"
    )]
    fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Literal(text) => text.parse().ok(),
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        match self {
            Self::Integer(value) => Cow::Owned(value.to_string()),
            Self::Float(_) => Cow::Owned(self.to_number().to_string()),
            Self::Literal(text) => Cow::Borrowed(text),
        }
    }

    fn to_number(&self) -> Cow<'_, Number> {
        let number = match self {
            Self::Integer(value) => Some(Number::from(*value)),
            Self::Float(value) => Number::from_f64(*value),
            // A literal beyond every machine type is stood for by the largest double of its sign.
            Self::Literal(text) => serde_json::from_str(text)
                .ok()
                .or_else(|| Number::from_f64(if text.starts_with('-') { f64::MIN } else { f64::MAX })),
        };
        Cow::Owned(number.unwrap_or_else(|| Number::from(0)))
    }

    fn is_integer(&self) -> bool {
        match self {
            Self::Integer(_) => true,
            Self::Float(value) => value.fract() == 0.0,
            Self::Literal(text) => {
                !text.contains(['.', 'e', 'E']) || text.parse::<f64>().is_ok_and(|value| value.fract() == 0.0)
            }
        }
    }
}

impl<'a> Node<'a, Instance> for &'a Value {
    type Object = &'a Map;
    type Array = &'a [Value];
    type Number = AnyNumber<'a>;

    fn as_object(&self) -> Option<&'a Map> {
        match self {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<&'a [Value]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            Value::String(text) => Some(Cow::Borrowed(text)),
            Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes)),
            Value::File(_) => Some(Cow::Borrowed("")),
            _ => None,
        }
    }

    fn as_number(&self) -> Option<AnyNumber<'a>> {
        match self {
            Value::Integer(value) => Some(AnyNumber::Integer(*value)),
            Value::Number(value) => Some(AnyNumber::Float(*value)),
            Value::Literal(text) => Some(AnyNumber::Literal(text)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    fn json_type(&self) -> JsonType {
        match self {
            Value::Null => JsonType::Null,
            Value::Bool(_) => JsonType::Boolean,
            Value::Integer(_) | Value::Number(_) | Value::Literal(_) => JsonType::Number,
            Value::String(_) | Value::Bytes(_) | Value::File(_) => JsonType::String,
            Value::Array(_) => JsonType::Array,
            Value::Object(_) => JsonType::Object,
        }
    }

    fn to_value(&self) -> Cow<'a, serde_json::Value> {
        Cow::Owned(to_json(self))
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(std::ptr::from_ref::<Value>(self).addr()))
    }
}

impl<'a> Object<'a, Instance> for &'a Map {
    type Node = &'a Value;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: &Text) -> Option<&'a Value> {
        Map::get(self, key)
    }

    fn members(&self) -> Members<'a> {
        Members(self.0.iter())
    }
}

/// Names and values of an object.
#[derive(Debug)]
pub(super) struct Members<'a>(slice::Iter<'a, (Text, Value)>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name.as_str(), value))
    }
}

impl<'a> Array<'a, Instance> for &'a [Value] {
    type Node = &'a Value;
    type ElementsIter = slice::Iter<'a, Value>;

    fn len(&self) -> usize {
        <[Value]>::len(self)
    }

    fn elements(&self) -> slice::Iter<'a, Value> {
        self.iter()
    }
}
