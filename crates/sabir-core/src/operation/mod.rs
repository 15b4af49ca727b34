//! The contract: an OpenAPI 3.1 Operation Object.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{SetupError, options::StageOptions};

mod read;
mod socket;
mod status_name;

pub use socket::{InvalidMessage, SocketDescription};
pub use status_name::status_name;

/// A JSON Schema (2020-12), as plain data.
pub type SchemaData = serde_json::Value;

/// An OpenAPI 3.1 Operation Object (§4.8.10). Unknown fields are refused.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Operation {
    /// Names for grouping.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// A short summary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// A longer explanation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A unique name; also the name for reverse URLs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    /// Path, query, header and cookie parameters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// The request body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_body: Option<RequestBody>,
    /// Responses by status code, `2XX` range or `default`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub responses: IndexMap<String, Response>,
    /// Whether the operation is deprecated.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
    /// The [security schemes](crate::security) of which requests satisfy one alternative: each has all of its schemes, with the scopes
    /// that are needed. An alternative without any is everybody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub security: Vec<IndexMap<String, Vec<String>>>,
    /// What OpenAPI has no word for.
    #[serde(rename = "x-sabir", skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
}

/// Where a parameter is (§4.8.12.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum In {
    /// A path template variable.
    Path,
    /// The query string.
    Query,
    /// A header field.
    Header,
    /// A cookie.
    Cookie,
}

impl In {
    /// The word of OpenAPI.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// How a parameter is serialised (§4.8.12.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Style {
    /// `;a=1`, path only.
    Matrix,
    /// `.1`, path only.
    Label,
    /// `a=1,2` or `a=1&a=2`.
    Form,
    /// `1,2`.
    Simple,
    /// `1%202`.
    SpaceDelimited,
    /// `1|2`.
    PipeDelimited,
    /// `a[b]=1`.
    DeepObject,
}

/// An OpenAPI Parameter Object (§4.8.12).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Parameter {
    /// The name on the wire; header names are case-insensitive.
    pub name: String,
    /// Where it is.
    #[serde(rename = "in")]
    pub location: In,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it must be there. Path parameters always must.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Whether it is deprecated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
    /// How it is serialised; `form` in query and cookie, `simple` in path and header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<Style>,
    /// Whether arrays and objects are split into separate pairs; true for `form`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explode: Option<bool>,
    /// The schema. Its `default` stands in for an absent parameter.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub schema: SchemaData,
}

/// An OpenAPI Request Body Object (§4.8.13).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RequestBody {
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Schemas by media type or range.
    pub content: IndexMap<String, MediaType>,
    /// Whether it must be there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
}

/// An OpenAPI Media Type Object (§4.8.14).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MediaType {
    /// The schema; absent means anything.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub schema: SchemaData,
    /// The schema of each item, where the content is a sequence: JSON Lines, an event stream (OpenAPI 3.2 §4.14.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_schema: Option<SchemaData>,
}

impl MediaType {
    /// Content that is one value.
    pub fn of(schema: SchemaData) -> Self {
        Self {
            schema,
            item_schema: None,
        }
    }

    /// Content that is a sequence of values.
    pub fn of_items(schema: SchemaData) -> Self {
        Self {
            schema: SchemaData::Null,
            item_schema: Some(schema),
        }
    }

    /// An event stream, with the schemas of the data of events by their types: `message` is that of events which name none. None of
    /// them says nothing. Data is text, and JSON where its schema is not that of a text.
    ///
    /// An event is described as an object that has its fields (OpenAPI 3.2 §4.14.4).
    pub fn of_events<T: Into<String>>(types: impl IntoIterator<Item = (T, SchemaData)>) -> Self {
        let text = json!({ "type": "string" });
        let mut schema = json!({ "type": "object", "properties": {
            "data": text, "event": text, "id": text, "retry": { "type": "integer", "minimum": 0 }
        } });
        let variant = |(name, data): (T, SchemaData)| {
            let name = name.into();
            let is_text = data.get("type").is_some_and(|name| name == "string");
            let data = if is_text {
                data
            } else {
                json!({ "type": "string", "contentMediaType": "application/json", "contentSchema": data })
            };
            let mut variant = json!({ "properties": { "event": { "const": name }, "data": data } });
            if name != "message" {
                variant["required"] = json!(["event"]);
            }
            variant
        };
        let variants: Vec<_> = types.into_iter().map(variant).collect();
        if !variants.is_empty() {
            schema["oneOf"] = variants.into();
        }
        Self::of_items(schema)
    }
}

/// An OpenAPI Response Object (§4.8.17).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Response {
    /// For people. A route names the status where it is empty.
    #[serde(default)]
    pub description: String,
    /// Schemas by media type. Several keys of the first success response take part in content negotiation.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub content: IndexMap<String, MediaType>,
}

impl Response {
    /// An answer with content of one media type.
    ///
    /// ```
    /// use sabir_core::operation::{MediaType, Response};
    /// use serde_json::json;
    ///
    /// let ticks = MediaType::of_events([("tick", json!({ "type": "integer" }))]);
    /// let response = Response::of("text/event-stream", ticks);
    /// assert!(response.content["text/event-stream"].item_schema.is_some());
    /// ```
    pub fn of(media_type: impl Into<String>, content: MediaType) -> Self {
        Self {
            description: String::new(),
            content: IndexMap::from([(media_type.into(), content)]),
        }
    }
}

/// The `x-sabir` member of an operation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Overrides the setting `body_limit` for this route, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_limit: Option<u64>,
    /// Overrides the setting `handler_timeout_ms` for this route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// Options of [stages](crate::stage) by their names, which take the place of the application's; `false` for no such stage.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub stages: serde_json::Map<String, serde_json::Value>,
    /// Whether documents leave the operation out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// Makes the operation one of a WebSocket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub websocket: Option<SocketDescription>,
}

impl Operation {
    /// Reads an operation from plain data.
    ///
    /// # Errors
    /// Names the field that is unknown, missing or ill-typed as a path such as `parameters[1].explode`.
    pub fn from_json(data: &serde_json::Value) -> Result<Self, SetupError> {
        read::read(data)
    }

    /// Adds an alternative to what requests have to satisfy: the [security scheme](crate::security) of this name, with these scopes.
    pub fn secured_by(&mut self, scheme: &str, scopes: &[&str]) -> &mut Self {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.security.push(IndexMap::from([(scheme.to_owned(), scopes)]));
        self
    }

    /// Sets a [stage](crate::stage) of the route, in place of what is around it.
    pub fn stage<S: StageOptions>(&mut self, options: &S) -> &mut Self {
        self.set_stage(S::NAME, options.to_json())
    }

    /// Says that the route has no such [stage](crate::stage).
    pub fn without_stage<S: StageOptions>(&mut self) -> &mut Self {
        self.set_stage(S::NAME, false.into())
    }

    fn set_stage(&mut self, name: &str, options: serde_json::Value) -> &mut Self {
        let extension = self.extension.get_or_insert_default();
        extension.stages.insert(name.into(), options);
        self
    }
}
