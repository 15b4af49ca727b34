//! Forms without nesting, which most are, decoded without a look into the schema.

use super::{
    field_schema::FieldSchema,
    form::{pairs, text, unescape},
    plan::Limits,
};
use crate::{Kind, Map, Problem, Text, Value};

/// The fields of a form that are single values, with all that decoding asks of their schemas.
#[derive(Debug, Clone, Default)]
pub(super) struct FlatForm {
    fields: Vec<FlatField>,
}

#[derive(Debug, Clone)]
struct FlatField {
    name: Text,
    kinds: Vec<Kind>,
    permits_null: bool,
}

impl FlatForm {
    /// Compiles the declared fields of `schema` that are no arrays.
    pub(super) fn of(schema: FieldSchema<'_>) -> Self {
        let fields = schema.property_names().into_iter().filter_map(|name| {
            let field = schema.property(name);
            (!field.is_array()).then(|| FlatField {
                name: name.into(),
                kinds: field.kinds(),
                permits_null: field.permits_null(),
            })
        });
        Self {
            fields: fields.collect(),
        }
    }

    /// Decodes a form whose fields are all known here and given once; `None` for any other form.
    ///
    /// # Errors
    /// As [`decode`](super::form::decode).
    pub(super) fn decode(&self, body: &[u8], limits: &Limits) -> Result<Option<Value>, Problem> {
        let mut members = Vec::with_capacity(self.fields.len());
        let mut is_given = 0u64;
        for (name, value) in pairs(text(body)?) {
            let name = unescape(name)?;
            // With more fields than bits, or a repetition, the general way is taken.
            let Some(index) = self.fields.iter().position(|field| field.name == *name) else {
                return Ok(None);
            };
            if index >= 64 || is_given & (1 << index) != 0 || members.len() as u64 >= limits.fields {
                return Ok(None);
            }
            is_given |= 1 << index;
            let field = &self.fields[index];
            let value =
                FieldSchema::value_of(&unescape(value)?, &field.kinds, field.permits_null, limits.json());
            members.push((field.name.clone(), value));
        }
        Ok(Some(Value::Object(Map(members))))
    }
}
