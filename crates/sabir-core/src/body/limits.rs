//! The settings that bound a body.

use crate::{Problem, ProblemType, Settings, json::JsonLimits, settings::DuplicateKeys};

/// How much a body may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct BodyLimits {
    json_depth: u64,
    digits: u64,
    json_duplicate_keys: DuplicateKeys,
    pub(super) fields: u64,
    /// The longest line of JSON Lines.
    pub(super) line: usize,
    #[cfg(feature = "multipart")]
    pub(super) part: u64,
    #[cfg(feature = "multipart")]
    pub(super) file_memory: u64,
}

impl BodyLimits {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            json_depth: settings.json_depth_limit,
            digits: settings.digit_limit,
            json_duplicate_keys: settings.json_duplicate_keys,
            fields: settings.form_field_limit,
            line: usize::try_from(settings.line_limit).unwrap_or(usize::MAX),
            #[cfg(feature = "multipart")]
            part: settings.part_limit,
            #[cfg(feature = "multipart")]
            file_memory: settings.file_memory_limit,
        }
    }

    /// Whether a form may have `count` fields.
    ///
    /// # Errors
    /// `content-too-large` when it may not.
    pub(super) fn check_fields(&self, count: u64) -> Result<(), Problem> {
        if count > self.fields {
            let detail = format!("the form has more than {} fields", self.fields);
            return Err(Problem::new(ProblemType::ContentTooLarge).with_detail(detail));
        }
        Ok(())
    }

    /// What JSON is held to, in whole bodies and in parts alike.
    pub(super) fn json(&self) -> JsonLimits {
        JsonLimits {
            depth: usize::try_from(self.json_depth).unwrap_or(usize::MAX),
            digits: self.digits,
            duplicate_keys: self.json_duplicate_keys,
        }
    }
}
