//! One declared media type of a request body.

use super::flat_form::FlatForm;
use crate::{
    header::media_type::MediaType,
    parameters::text_schema::{TextPart, TextSchema},
    schema::Schema,
};

/// One declared media type.
#[derive(Debug, Clone)]
pub(super) struct DeclaredType {
    pub(super) range: MediaType,
    pub(super) schema: Schema,
    /// The schema of each value, where the content is JSON Lines.
    pub(super) items: Option<Schema>,
    /// What the schema says of text and of fields; nothing where the content is JSON.
    pub(super) text: TextSchema,
    /// The usual forms; empty where the content is no form.
    pub(super) flat_form: FlatForm,
    /// The `Content-Type` that most clients send for this, and how it is read: no need to parse it.
    pub(super) usual: Option<(String, Usual)>,
}

/// Formats that need no parameter.
#[derive(Debug, Clone, Copy)]
pub(super) enum Usual {
    Json,
    Form,
}

impl DeclaredType {
    /// What the schema says of fields and of text.
    pub(super) fn text(&self) -> TextPart<'_> {
        self.text.root()
    }
}
