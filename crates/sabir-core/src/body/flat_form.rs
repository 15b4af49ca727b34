//! Forms without nesting, which most are, decoded without building a tree.

use super::{
    fields::text_value,
    form::{pairs, text, unescape},
    limits::BodyLimits,
};
use crate::{Map, Problem, Text, Value, parameters::text_schema::TextPart};

/// As many fields as a set of bits counts; forms with more are decoded in the general way.
const FIELD_LIMIT: usize = 64;

/// The names of the fields that are single values.
#[derive(Debug, Clone, Default)]
pub(super) struct FlatForm {
    names: Vec<Text>,
}

impl FlatForm {
    /// The declared fields of `schema` that are no arrays.
    pub(super) fn of(schema: TextPart<'_>) -> Self {
        let names = schema
            .names()
            .iter()
            .filter(|name| !schema.property(name).is_array());
        Self {
            names: names.take(FIELD_LIMIT).cloned().collect(),
        }
    }

    /// Decodes a form whose fields are all known here and given once; `None` for any other form.
    ///
    /// # Errors
    /// As [`decode`](super::form::decode).
    pub(super) fn decode(
        &self,
        body: &[u8],
        schema: TextPart<'_>,
        limits: &BodyLimits,
    ) -> Result<Option<Value>, Problem> {
        let mut members = Vec::with_capacity(self.names.len());
        let mut is_given = 0u64;
        let mut count = 0;
        for (name, value) in pairs(text(body)?) {
            let name = unescape(name)?;
            count += 1;
            let Some(index) = self.names.iter().position(|known| *known == *name) else {
                return Ok(None);
            };
            if is_given & (1 << index) != 0 || count > limits.fields {
                return Ok(None);
            }
            is_given |= 1 << index;
            let value = unescape(value)?;
            let part = schema.property(&name);
            if value.is_empty() && !schema.requires(&name) && part.is_absent_when_empty() {
                continue;
            }
            members.push((self.names[index].clone(), text_value(&value, part, limits.json())));
        }
        Ok(Some(Value::Object(Map(members))))
    }
}
