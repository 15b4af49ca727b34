//! Names that a type takes, and its schema does not tell.

use sabir_core::SetupError;
use serde::{
    Deserializer,
    de::{DeserializeOwned, Error, Visitor},
    forward_to_deserialize_any,
};

/// Refuses a struct with `#[serde(alias)]`: its schema has no word for that, so the alias would never be read. Of a struct with
/// flattened fields and of an enum with a tag serde tells no names before it has read them.
///
/// `names` are those that the schema has.
///
/// # Errors
/// Names the alias.
pub(super) fn refuse_aliases<T: DeserializeOwned>(names: &[String]) -> Result<(), SetupError> {
    let Err(Fields(fields)) = T::deserialize(Probe) else {
        return Ok(());
    };
    let alias = fields
        .iter()
        .find(|field| names.iter().all(|name| name != *field));
    alias.map_or(Ok(()), |alias| {
        let problem = format!("`{alias}` is an alias of a field, of which the type's schema says nothing");
        let remedy = "remove `#[serde(alias)]`, and take the other name as an optional field of its own";
        Err(SetupError::new("", problem, remedy))
    })
}

/// Asks a type for the names of its fields. It never gives a value.
struct Probe;

/// The names that a struct asks for; none where the type is something else.
#[derive(Debug)]
struct Fields(&'static [&'static str]);

impl std::fmt::Display for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the names of fields")
    }
}

impl std::error::Error for Fields {}

impl Error for Fields {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self(&[])
    }
}

impl<'de> Deserializer<'de> for Probe {
    type Error = Fields;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fields> {
        Err(Fields(&[]))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fields> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Fields> {
        Err(Fields(fields))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map enum identifier ignored_any
    }
}
