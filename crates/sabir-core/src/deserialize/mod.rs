//! Reading a [`Value`] into a type that implements serde's `Deserialize`, without a detour through text.

use serde::{
    Deserialize, Deserializer,
    de::{self, IntoDeserializer, Visitor, value::MapAccessDeserializer},
    forward_to_deserialize_any,
};

use crate::{Value, json, pointer, value::FileContent};

macro_rules! whole {
    ($($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            whole(self.0, visitor)
        })*
    };
}

mod access;
mod file;

use access::{Items, Members};
pub use file::file;

/// Why a value does not fit a type. A schema that was derived from the type makes this rare.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.message)]
pub struct DeserializeError(Box<Fault>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    message: String,
    /// The way to the value, from its end to the root.
    path: Vec<String>,
}

impl DeserializeError {
    /// Where the value lies, as a JSON Pointer (RFC 6901).
    ///
    /// What serde buffers first, `#[serde(flatten)]` and enums that are untagged or have their tag inside, is one value to it.
    pub fn pointer(&self) -> String {
        let tokens = self.0.path.iter().rev();
        tokens
            .map(|token| format!("/{}", pointer::token(token)))
            .collect()
    }

    /// The same error, one step further away.
    fn below(mut self, token: &str) -> Self {
        self.0.path.push(token.to_owned());
        self
    }
}

impl de::Error for DeserializeError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(Box::new(Fault {
            message: message.to_string(),
            path: Vec::new(),
        }))
    }
}

/// Reads `value` as a `T`.
///
/// # Errors
/// When the value's shape differs from the type's.
pub fn from_value<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, DeserializeError> {
    T::deserialize(ValueDeserializer(value))
}

/// A [`Value`] as a serde deserializer.
#[derive(Debug)]
pub struct ValueDeserializer(pub Value);

impl IntoDeserializer<'_, DeserializeError> for ValueDeserializer {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for ValueDeserializer {
    type Error = DeserializeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Integer(value) => visitor.visit_i64(value),
            // serde keeps what it reads for a flattened member or an untagged variant, and asks for an integer later.
            Value::Number(value) => match whole_number(value) {
                Some(integer) => visitor.visit_i64(integer),
                None => visitor.visit_f64(value),
            },
            Value::Literal(text) => literal(&text, visitor),
            Value::String(text) => visitor.visit_string(text.into()),
            Value::Bytes(bytes) => visitor.visit_bytes(&bytes),
            Value::File(file) => visitor.visit_str(file.filename.as_deref().unwrap_or_default()),
            Value::Array(items) => visitor.visit_seq(Items::new(items)),
            Value::Object(members) => visitor.visit_map(Members::new(members)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            value => visitor.visit_some(Self(value)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if name == file::WANTED {
            return file::give(self.0, visitor);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            Value::Object(members) => {
                MapAccessDeserializer::new(Members::new(members)).deserialize_enum(name, variants, visitor)
            }
            _ => Err(de::Error::custom(format!("expected a variant of {name}"))),
        }
    }

    whole! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    /// Bytes are also the content of a file, where it is in memory.
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match &self.0 {
            Value::File(file) => match &file.content {
                FileContent::Memory(content) => visitor.visit_bytes(content),
                FileContent::Disk(_) => Err(de::Error::custom(
                    "the file is on disk; take it with the function `file`",
                )),
            },
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.deserialize_bytes(visitor)
    }

    forward_to_deserialize_any! {
        bool f32 f64 char str string unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// The integer that equals `number`, if it is one that a float tells from its neighbours.
fn whole_number(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_991.0;
    let is_whole =
        number.fract() == 0.0 && number.abs() <= EXACT && !(number == 0.0 && number.is_sign_negative());
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
    is_whole.then_some(number as i64)
}

/// `1.0` and `1e2` are integers in JSON Schema (2020-12 §6.1.1), so they are where a type of Rust asks for one, too.
fn whole<'de, V: Visitor<'de>>(value: Value, visitor: V) -> Result<V::Value, DeserializeError> {
    let text = match &value {
        Value::Number(number) if number.fract() == 0.0 => number.to_string(),
        Value::Literal(text) => text.to_string(),
        _ => return ValueDeserializer(value).deserialize_any(visitor),
    };
    match json::whole_digits(&text) {
        Some(digits) => match digits.parse::<i64>() {
            Ok(value) => visitor.visit_i64(value),
            Err(_) => literal(&digits, visitor),
        },
        None => ValueDeserializer(value).deserialize_any(visitor),
    }
}

/// A number beyond `i64` and `f64`: the widest type that holds it exactly, else the nearest float.
fn literal<'de, V: Visitor<'de>>(text: &str, visitor: V) -> Result<V::Value, DeserializeError> {
    if let Ok(value) = text.parse::<u64>() {
        return visitor.visit_u64(value);
    }
    if let Ok(value) = text.parse::<i128>() {
        return visitor.visit_i128(value);
    }
    match text.parse::<f64>() {
        Ok(value) => visitor.visit_f64(value),
        Err(_) => Err(de::Error::custom(format!("{text} is not a number"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Map;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Size {
        Small,
        Custom(u64),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Order {
        id: u64,
        note: Option<String>,
        sizes: Vec<Size>,
    }

    fn object(members: Vec<(&str, Value)>) -> Value {
        Value::Object(Map(members
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect()))
    }

    #[test]
    fn reads_a_struct_with_options_and_enums() {
        let value = object(vec![
            ("id", Value::Literal("18446744073709551615".into())),
            ("note", Value::Null),
            (
                "sizes",
                Value::Array(vec![
                    Value::String("small".into()),
                    object(vec![("custom", Value::Integer(4))]),
                ]),
            ),
        ]);
        let expected = Order {
            id: u64::MAX,
            note: None,
            sizes: vec![Size::Small, Size::Custom(4)],
        };
        assert_eq!(from_value::<Order>(value), Ok(expected));
    }

    #[test]
    fn takes_an_integer_however_it_is_written() {
        assert_eq!(from_value::<u32>(Value::Number(1.0)), Ok(1));
        assert_eq!(from_value::<i8>(Value::Number(-100.0)), Ok(-100));
        assert_eq!(
            from_value::<u64>(Value::Number(1e19)),
            Ok(10_000_000_000_000_000_000)
        );
        assert_eq!(
            from_value::<i128>(Value::Literal("1.0e30".into())),
            Ok(10_i128.pow(30))
        );
        assert!(from_value::<u32>(Value::Number(1.5)).is_err());
        assert!(from_value::<u8>(Value::Number(256.0)).is_err());
        assert_eq!(from_value::<f64>(Value::Number(1.0)), Ok(1.0));
    }

    #[test]
    fn names_a_missing_member() {
        let error = from_value::<Order>(object(vec![])).unwrap_err();
        assert_eq!(error.to_string(), "missing field `id`");
    }

    #[test]
    fn tells_where_an_error_lies() {
        let pointer = |value| from_value::<Order>(value).unwrap_err().pointer();
        let order = |sizes| object(vec![("id", Value::Integer(1)), ("sizes", Value::Array(sizes))]);
        assert_eq!(pointer(object(vec![])), "");
        assert_eq!(pointer(object(vec![("id", Value::Null)])), "/id");
        let sizes = vec![Value::String("small".into()), Value::Integer(1)];
        assert_eq!(pointer(order(sizes)), "/sizes/1");
        let sizes = vec![object(vec![("custom", Value::Integer(-1))])];
        assert_eq!(pointer(order(sizes)), "/sizes/0/custom");
        let map = from_value::<std::collections::HashMap<String, u8>>(object(vec![("a/b~", Value::Null)]));
        assert_eq!(map.unwrap_err().pointer(), "/a~1b~0");
    }

    #[test]
    fn reads_names_of_members_that_are_no_strings() {
        let map = object(vec![("7", Value::Bool(true))]);
        let read = from_value::<std::collections::BTreeMap<u8, bool>>(map);
        assert_eq!(read.unwrap().into_iter().collect::<Vec<_>>(), [(7, true)]);
    }
}
