//! Files on their way through serde, whose data model knows none.

use std::{cell::RefCell, fmt, sync::Arc};

use serde::{
    Deserializer,
    de::{Error, Visitor},
};

use super::DeserializeError;
use crate::{File, Value, value::FileContent};

/// The name by which a [`ValueDeserializer`](super::ValueDeserializer) knows that a file is wanted.
pub(super) const WANTED: &str = "$sabir::File";

thread_local! {
    /// The file between the deserializer that gives it and the visitor that takes it in the next moment.
    static GIVEN: RefCell<Option<Arc<File>>> = const { RefCell::new(None) };
}

/// Reads a file, or bytes without a name, in an implementation of `Deserialize`.
///
/// The file itself is shared, not copied. It does not get through what serde buffers: `#[serde(flatten)]` and untagged
/// enums.
///
/// # Errors
/// When the value is neither, or comes from another deserializer than [`from_value`](super::from_value).
pub fn file<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<File>, D::Error> {
    deserializer.deserialize_newtype_struct(WANTED, FileVisitor)
}

/// Hands `value` to the visitor of [`file`].
pub(super) fn give<'de, V: Visitor<'de>>(value: Value, visitor: V) -> Result<V::Value, DeserializeError> {
    let file = match value {
        Value::File(file) => file,
        Value::Bytes(bytes) => Arc::new(File {
            filename: None,
            content_type: None,
            size: bytes.len() as u64,
            content: FileContent::Memory(bytes),
        }),
        _ => return Err(DeserializeError::custom("expected a file")),
    };
    GIVEN.with_borrow_mut(|given| *given = Some(file));
    visitor.visit_unit()
}

struct FileVisitor;

impl Visitor<'_> for FileVisitor {
    type Value = Arc<File>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a file")
    }

    fn visit_unit<E: Error>(self) -> Result<Arc<File>, E> {
        GIVEN
            .with_borrow_mut(Option::take)
            .ok_or_else(|| E::custom("expected a file"))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde::Deserialize;

    use super::*;
    use crate::{Map, deserialize::from_value};

    #[derive(Debug)]
    struct Upload(Arc<File>);

    impl<'de> Deserialize<'de> for Upload {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            file(deserializer).map(Self)
        }
    }

    #[derive(Debug, Deserialize)]
    struct Form {
        one: Upload,
        more: Vec<Upload>,
        none: Option<Upload>,
    }

    fn named(name: &str) -> Arc<File> {
        Arc::new(File {
            filename: Some(name.into()),
            content_type: None,
            content: FileContent::Memory(Bytes::new()),
            size: 0,
        })
    }

    #[test]
    fn shares_the_files_of_a_form() {
        let first = named("a");
        let form: Form = from_value(Value::Object(Map(vec![
            ("one".into(), Value::File(Arc::clone(&first))),
            (
                "more".into(),
                Value::Array(vec![Value::File(named("b")), Value::Bytes("c".into())]),
            ),
        ])))
        .unwrap();
        assert!(Arc::ptr_eq(&form.one.0, &first));
        assert_eq!(form.more[0].0.filename.as_deref(), Some("b"));
        assert_eq!(form.more[1].0.size, 1);
        assert!(form.none.is_none());
    }

    #[test]
    fn gives_the_content_as_bytes() {
        struct Content(Vec<u8>);
        struct ContentVisitor;
        impl Visitor<'_> for ContentVisitor {
            type Value = Content;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Content, E> {
                Ok(Content(bytes.to_vec()))
            }
        }
        impl<'de> Deserialize<'de> for Content {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_byte_buf(ContentVisitor)
            }
        }
        let file = Arc::new(File {
            filename: Some("a".into()),
            content_type: None,
            size: 2,
            content: FileContent::Memory(Bytes::from_static(b"hi")),
        });
        assert_eq!(from_value::<Content>(Value::File(file)).unwrap().0, b"hi");
        assert_eq!(from_value::<Content>(Value::Bytes("hi".into())).unwrap().0, b"hi");
    }

    #[test]
    fn takes_nothing_else_for_a_file() {
        assert!(from_value::<Upload>(Value::String("a".into())).is_err());
        assert!(from_value::<Upload>(Value::Null).is_err());
        assert!(serde_json::from_str::<Upload>("null").is_err());
    }
}
