//! What a failure of the validator carries in place of the value, and how the value is found again.

use std::borrow::Cow;

use jsonschema::{
    ValidationError,
    json::{Array as _, Node as _},
};
use serde_json::{Value as Data, json};

use crate::pointer;

use super::{
    instance::{Lens, Representation},
    shown::shown,
};

/// Of a value in a tree, which is found by its pointer.
static IN_A_TREE: Data = Data::Null;
/// Of a failure that was made after all arrays and objects had begun to look empty. It need not be true.
static AFTER_THE_LIMIT: Data = Data::Bool(true);

/// What stands for `value`.
pub(super) fn draw<'a>(value: Lens<'_>, after: bool) -> Cow<'a, Data> {
    match value.representation {
        _ if after => Cow::Borrowed(&AFTER_THE_LIMIT),
        Representation::Tree(_) => Cow::Borrowed(&IN_A_TREE),
        Representation::Text(cursor) => Cow::Owned(cursor.offset().into()),
        Representation::Name(_) => {
            let name = value.as_string().unwrap_or_default();
            Cow::Owned(json!([shown(value), name.chars().count()]))
        }
    }
}

/// Whether `error` was made after the limit.
pub(super) fn is_after_the_limit(error: &ValidationError<'_>) -> bool {
    **error.instance() == AFTER_THE_LIMIT
}

/// The value that `error` is about.
pub(super) enum Subject<'a> {
    Value(Lens<'a>),
    /// A property's name as it is shown, and how many characters it has.
    Name(String, u64),
}

impl<'a> Subject<'a> {
    /// The property's name that `error` is about.
    pub(super) fn name_of(error: &ValidationError<'_>) -> Self {
        let text = error.instance().get(0).and_then(Data::as_str).unwrap_or_default();
        let length = error.instance().get(1).and_then(Data::as_u64);
        Self::Name(text.to_owned(), length.unwrap_or_default())
    }

    /// Finds the value in `root`.
    pub(super) fn of(error: &ValidationError<'_>, root: Lens<'a>) -> Self {
        match (&**error.instance(), root.representation) {
            (Data::Array(_), _) => Self::name_of(error),
            (Data::Number(offset), Representation::Text(cursor)) => {
                let offset = offset.as_u64().and_then(|offset| usize::try_from(offset).ok());
                Self::Value(Lens::text(cursor.document().cursor(offset.unwrap_or_default())))
            }
            _ => Self::Value(at(root, error.instance_path().as_str()).unwrap_or(root)),
        }
    }
}

/// The value that `pointer` (RFC 6901) leads to.
pub(super) fn at<'a>(root: Lens<'a>, pointer: &str) -> Option<Lens<'a>> {
    pointer.split('/').skip(1).try_fold(root, |place, step| {
        if let Some(elements) = place.as_array() {
            return elements.elements().nth(step.parse().ok()?);
        }
        place.as_object()?.named(&pointer::name(step))
    })
}
