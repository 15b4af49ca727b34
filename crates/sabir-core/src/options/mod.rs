//! Tables of options: one source for the reader, the documentation and every host's types.

use serde_json::{Value as Json, json};

use crate::SetupError;

/// Makes a struct of options, each with a type, a default, and where it has one a range, and the table of them.
macro_rules! options {
    ($(#[$meta:meta])* $struct:ident ($noun:literal, at $place:literal) { $($(#[doc = $doc:literal])* $name:ident: $type:ty = $default:expr $(, $range:expr)?;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $struct { $($(#[doc = $doc])* pub $name: $type,)* }

        impl Default for $struct {
            fn default() -> Self { Self { $($name: $default,)* } }
        }

        impl $struct {
            /// Every option as name, kind, default and documentation.
            pub fn table() -> Vec<$crate::options::OptionInfo> {
                vec![$($crate::options::OptionInfo {
                    name: stringify!($name),
                    kind: $crate::options::kind!($type $(, $range)?),
                    default: <$type as $crate::options::OptionValue>::to_json(&$default),
                    documentation: concat!($($doc, "\n",)*).trim(),
                },)*]
            }

            /// Checks the options that have a range.
            ///
            /// # Errors
            /// The first one that is outside its range.
            pub fn check(&self) -> Result<(), $crate::SetupError> {
                $(
                    let kind = $crate::options::kind!($type $(, $range)?);
                    let value = $crate::options::OptionValue::to_json(&self.$name);
                    if !kind.admits(&value) {
                        return Err($crate::options::misfit(stringify!($name), &value, kind).at($place));
                    }
                )*
                Ok(())
            }

            /// The options that differ from the defaults, by their names.
            pub fn to_json(&self) -> serde_json::Map<String, serde_json::Value> {
                let defaults = Self::default();
                let mut options = serde_json::Map::new();
                $(if self.$name != defaults.$name {
                    let value = $crate::options::OptionValue::to_json(&self.$name);
                    options.insert(stringify!($name).to_owned(), value);
                })*
                options
            }

            /// Sets the option called `name`.
            ///
            /// # Errors
            /// When there is no such option, or the value has another type or is out of range.
            pub fn set(&mut self, name: &str, value: &serde_json::Value) -> Result<(), $crate::SetupError> {
                match name {
                    $(stringify!($name) => {
                        let kind = $crate::options::kind!($type $(, $range)?);
                        let fitting = <$type as $crate::options::OptionValue>::from_json(value).filter(|_| kind.admits(value));
                        self.$name = fitting
                            .ok_or_else(|| $crate::options::misfit(stringify!($name), value, kind).at($place))?;
                        Ok(())
                    })*
                    _ => Err($crate::SetupError::new(
                        name,
                        concat!("there is no such ", $noun),
                        concat!("use one of", $(" ", stringify!($name),)*),
                    ).at($place)),
                }
            }
        }
    };
}

/// The kind of a type, within a range where one is given.
macro_rules! kind {
    ($type:ty) => {
        <$type as $crate::options::OptionValue>::KIND
    };
    ($type:ty, $range:expr) => {
        $crate::options::OptionKind::Unsigned {
            least: *$range.start(),
            most: *$range.end(),
        }
    };
}

/// Makes an enum of words.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $crate::options::OptionValue for $name {
            const KIND: $crate::options::OptionKind = $crate::options::OptionKind::Text(&[$($text,)*]);
            fn from_json(value: &serde_json::Value) -> Option<Self> {
                match value.as_str()? { $($text => Some(Self::$variant),)* _ => None }
            }
            fn to_json(&self) -> serde_json::Value {
                match self { $(Self::$variant => $text.into(),)* }
            }
        }
    };
}

pub(crate) use {choice, kind, options};

/// What kind of value an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// A boolean.
    Boolean,
    /// A whole number.
    Unsigned {
        /// The smallest permitted value.
        least: u64,
        /// The largest permitted value; `u64::MAX` where there is no limit.
        most: u64,
    },
    /// A string; with the permitted values when the list is not empty.
    Text(&'static [&'static str]),
    /// A list of strings.
    Texts,
}

/// One row of a table.
#[derive(Debug, Clone)]
pub struct OptionInfo {
    /// The name in every language.
    pub name: &'static str,
    /// The kind of value.
    pub kind: OptionKind,
    /// The default, as JSON.
    pub default: Json,
    /// What the option does.
    pub documentation: &'static str,
}

/// Options of a stage.
pub trait StageOptions {
    /// The name of the stage.
    const NAME: &'static str;

    /// Those that differ from the defaults, as an object.
    fn to_json(&self) -> serde_json::Value;
}

/// A type of options.
pub(crate) trait OptionValue: Sized {
    const KIND: OptionKind;
    fn from_json(value: &Json) -> Option<Self>;
    fn to_json(&self) -> Json;
}

impl OptionKind {
    /// The kind in words.
    pub fn description(self) -> String {
        match self {
            Self::Boolean => "true or false".into(),
            Self::Unsigned {
                least,
                most: u64::MAX,
            } => format!("a whole number of {least} or more"),
            Self::Unsigned { least, most } => format!("a whole number of {least} to {most}"),
            Self::Text([]) => "a string".into(),
            Self::Text(choices) => format!("one of {}", choices.join(", ")),
            Self::Texts => "a list of strings".into(),
        }
    }

    /// The kind as a JSON Schema.
    pub fn schema(self) -> Json {
        match self {
            Self::Boolean => json!({ "type": "boolean" }),
            Self::Unsigned {
                least,
                most: u64::MAX,
            } => json!({ "type": "integer", "minimum": least }),
            Self::Unsigned { least, most } => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Self::Text([]) => json!({ "type": "string" }),
            Self::Text(choices) => json!({ "enum": choices }),
            Self::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        }
    }

    /// Whether `value`, which is of this kind, is within its range.
    pub(crate) fn admits(self, value: &Json) -> bool {
        match (self, value.as_u64()) {
            (Self::Unsigned { least, most }, Some(value)) => (least..=most).contains(&value),
            _ => true,
        }
    }
}

pub(crate) fn misfit(name: &str, value: &Json, kind: OptionKind) -> SetupError {
    let wanted = kind.description();
    SetupError::new(
        name,
        format!("{value} is not {wanted}"),
        format!("give it {wanted}"),
    )
}

impl OptionValue for bool {
    const KIND: OptionKind = OptionKind::Boolean;
    fn from_json(value: &Json) -> Option<Self> {
        value.as_bool()
    }
    fn to_json(&self) -> Json {
        (*self).into()
    }
}

impl OptionValue for u64 {
    const KIND: OptionKind = OptionKind::Unsigned {
        least: 0,
        most: u64::MAX,
    };
    fn from_json(value: &Json) -> Option<Self> {
        value.as_u64()
    }
    fn to_json(&self) -> Json {
        (*self).into()
    }
}

impl OptionValue for String {
    const KIND: OptionKind = OptionKind::Text(&[]);
    fn from_json(value: &Json) -> Option<Self> {
        value.as_str().map(Into::into)
    }
    fn to_json(&self) -> Json {
        self.as_str().into()
    }
}

impl OptionValue for Vec<String> {
    const KIND: OptionKind = OptionKind::Texts;
    fn from_json(value: &Json) -> Option<Self> {
        let items = value.as_array()?;
        items.iter().map(|item| item.as_str().map(Into::into)).collect()
    }
    fn to_json(&self) -> Json {
        self.as_slice().into()
    }
}
