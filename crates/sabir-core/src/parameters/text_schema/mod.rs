//! What a schema says of text: parameters and form fields arrive as text, and their schemas say what it stands for.
//!
//! A schema that permits several types is read by one rule, everywhere: the types are tried in the order in which the
//! schema declares them, plain text after all others, and the first counts whose value the schema accepts. Null is said by
//! an empty text or by `null`, where these are not text by the schema.

use std::{collections::HashMap, sync::Arc};

use crate::{
    Kind, SetupError, Text, Value,
    operation::SchemaData,
    schema::{Schema, SchemaCompiler},
};

mod choose;
mod compile;

pub(crate) use choose::Misfit;

/// A schema as far as it says what text stands for.
#[derive(Debug, Clone)]
pub(crate) struct TextSchema {
    /// Parts refer to each other by number, since a schema may contain itself.
    parts: Arc<[Part]>,
    /// The most digits of a number.
    digits: u64,
}

/// The number of the part that says nothing, so that everything is text.
const OPEN: usize = 0;
/// The number of the part that is the whole schema.
const ROOT: usize = 1;

/// What is said of one place: by one schema, or by the alternatives that all speak of it.
#[derive(Debug)]
struct Part {
    /// The types, in the order in which they are tried.
    kinds: Vec<Kind>,
    permits_null: bool,
    /// Chooses among several types; absent where there is no choice.
    schema: Option<Schema>,
    properties: HashMap<Text, Property>,
    /// The properties' names in the order declared.
    names: Vec<Text>,
    additional: usize,
    /// Whether only the members with a name of their own are meant to be there.
    permits_named_only: bool,
    /// Whether something is said of members without a name of their own: what they are, or that there are none.
    speaks_of_others: bool,
    first_items: Vec<usize>,
    items: usize,
}

/// A declared member of an object.
#[derive(Debug, Clone, Copy)]
struct Property {
    part: usize,
    is_required: bool,
}

/// One part of a [`TextSchema`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextPart<'a> {
    parts: &'a [Part],
    own: &'a Part,
    digits: u64,
}

impl TextSchema {
    /// Reads `schema`; `Null` (no schema) says nothing.
    ///
    /// # Errors
    /// As [`SchemaCompiler::compile`], and for a reference that leads to a different schema each time, since text is read by
    /// what the schema says before it is validated.
    pub(crate) fn compile(
        schema: &SchemaData,
        schemas: &SchemaCompiler,
        field: &str,
    ) -> Result<Self, SetupError> {
        compile::compile(schema, schemas, field)
    }

    /// The whole schema.
    pub(crate) fn root(&self) -> TextPart<'_> {
        TextPart::of(&self.parts, ROOT, self.digits)
    }
}

impl<'a> TextPart<'a> {
    fn of(parts: &'a [Part], index: usize, digits: u64) -> Self {
        Self {
            digits,
            parts,
            own: &parts[index],
        }
    }

    /// Whether an array is among what the schema permits.
    pub(crate) fn is_array(self) -> bool {
        self.own.kinds.iter().any(|kind| matches!(kind, Kind::Array(_)))
    }

    /// Whether an object is among what the schema permits.
    pub(crate) fn is_object(self) -> bool {
        self.own.kinds.contains(&Kind::Object)
    }

    /// Whether the schema permits objects and nothing else.
    pub(crate) fn is_only_object(self) -> bool {
        self.own.kinds == [Kind::Object]
    }

    /// Whether files and bytes are among what the schema permits.
    pub(crate) fn is_binary(self) -> bool {
        self.own.kinds.contains(&Kind::Binary)
    }

    /// Whether any text is among what the schema permits, the empty one too.
    pub(crate) fn is_text(self) -> bool {
        self.own.kinds.iter().any(choose::is_plain_text)
    }

    /// Whether any text may stand here, by itself or as an item.
    fn holds_text(self) -> bool {
        self.is_text() || (self.is_array() && self.item(0).is_text())
    }

    /// Whether an empty text of this part stands for nothing: browsers send it for a field that was left empty.
    pub(crate) fn is_absent_when_empty(self) -> bool {
        let item = if self.is_array() { self.item(0) } else { self };
        !self.holds_text() && !self.own.permits_null && !item.own.permits_null
    }

    /// What is said of the item at `index` of an array.
    pub(crate) fn item(self, index: usize) -> Self {
        let index = self.own.first_items.get(index).copied().unwrap_or(self.own.items);
        Self::of(self.parts, index, self.digits)
    }

    /// What is said of the member `name` of an object.
    pub(crate) fn property(self, name: &str) -> Self {
        let declared = self.own.properties.get(name).map(|property| property.part);
        Self::of(self.parts, declared.unwrap_or(self.own.additional), self.digits)
    }

    /// Whether the schema demands the member `name`.
    pub(crate) fn requires(self, name: &str) -> bool {
        self.own
            .properties
            .get(name)
            .is_some_and(|property| property.is_required)
    }

    /// Whether the schema names the member `name` among its properties.
    pub(crate) fn declares(self, name: &str) -> bool {
        self.own.properties.contains_key(name)
    }

    /// Whether the schema names the members that its object has: it names some, and says of no others what they are.
    pub(crate) fn permits_named_only(self) -> bool {
        self.own.permits_named_only
    }

    /// Whether the schema says something of members that it does not name, so that these have to be shown to it.
    pub(crate) fn speaks_of_others(self) -> bool {
        self.own.speaks_of_others
    }

    /// The names of the declared members, in the order declared.
    pub(crate) fn names(self) -> &'a [Text] {
        &self.own.names
    }

    /// Whether the schema accepts `value`, where it has several types to choose from.
    fn accepts(self, value: &Value) -> bool {
        self.own
            .schema
            .as_ref()
            .is_none_or(|schema| schema.accepts(value))
    }
}
