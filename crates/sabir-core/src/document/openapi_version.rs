//! Versions of OpenAPI.

use serde_json::Value as Json;

use crate::SetupError;

/// The version of the specification that a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OpenApiVersion {
    /// 3.1, which most tools know. Values that are sent one after the other are described under `x-sabir`.
    #[default]
    V3_1,
    /// 3.2, which has words for event streams, JSON Lines and methods of all names.
    V3_2,
}

impl OpenApiVersion {
    /// The version called `name`: `3.1` or `3.2`.
    ///
    /// # Errors
    /// There is no such version here.
    pub fn from_name(name: &str) -> Result<Self, SetupError> {
        match name {
            "3.1" => Ok(Self::V3_1),
            "3.2" => Ok(Self::V3_2),
            _ => {
                let problem = format!("documents of OpenAPI {name:?} are not made");
                Err(SetupError::new("openapi_version", problem, "use 3.1 or 3.2"))
            }
        }
    }

    /// Takes the member `openapi_version` out of plain data, whose other members are those of [`Info`](super::Info).
    ///
    /// # Errors
    /// As [`from_name`](Self::from_name).
    pub fn taken_from(info: &mut Json) -> Result<Self, SetupError> {
        match info
            .as_object_mut()
            .and_then(|members| members.remove("openapi_version"))
        {
            None | Some(Json::Null) => Ok(Self::default()),
            Some(Json::String(name)) => Self::from_name(&name),
            Some(other) => Self::from_name(&other.to_string()),
        }
    }

    /// As the field `openapi` has it.
    pub(super) fn number(self) -> &'static str {
        match self {
            Self::V3_1 => "3.1.0",
            Self::V3_2 => "3.2.0",
        }
    }
}
