//! The ways to write one application: fixtures take turns, so that the suite tests all of them.

use crate::turns;

/// How the application of one fixture is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// How its handlers run, where they do not wait.
    pub(super) functions: Functions,
    /// Whether its routes are added to a router, which the application includes.
    pub(super) has_router: bool,
    /// Whether its models are of pydantic, where the same schema comes of it.
    has_pydantic: bool,
}

/// The kinds of functions that may be handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Functions {
    /// `async def`.
    Coroutines,
    /// `def`, run on a thread.
    Plain,
    /// `def` with `blocking=False`, run on the loop.
    Inline,
}

/// What pydantic writes another schema for, or has no word for.
const OF_MSGSPEC: &[&str] = &[
    "UNSET",
    "msgspec.field",
    "UploadFile",
    "Decimal",
    "datetime.",
    "pattern=",
    "Literal[",
    "float",
];

impl Style {
    /// The style of the fixture with this name: always the same one.
    pub(super) fn of(name: &str) -> Self {
        let hash = turns::of(name);
        Self {
            functions: match hash >> 8 & 3 {
                0 | 1 => Functions::Coroutines,
                2 => Functions::Plain,
                _ => Functions::Inline,
            },
            has_router: (hash >> 16).is_multiple_of(4),
            has_pydantic: (hash >> 24).is_multiple_of(2),
        }
    }

    /// The classes of the models, which come as those of msgspec.
    pub(super) fn models(self, classes: String) -> String {
        if !self.has_pydantic || OF_MSGSPEC.iter().any(|word| classes.contains(word)) {
            return classes;
        }
        classes
            .replace("(msgspec.Struct", "(pydantic.BaseModel")
            .replace(", kw_only=True", "")
            .replace(", forbid_unknown_fields=True", ", extra=\"forbid\"")
            .replace("msgspec.Meta(", "pydantic.Field(")
    }
}
