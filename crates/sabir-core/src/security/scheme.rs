//! Security schemes as plain data.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::jwt::TokenRules;
use crate::SetupError;

/// An OpenAPI Security Scheme Object (OpenAPI 3.1 §4.8.27). Unknown fields are refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SecurityScheme {
    /// What kind of scheme it is.
    #[serde(rename = "type")]
    pub kind: SchemeType,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The name of the header field, the query parameter or the cookie of a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where a key is: `header`, `query` or `cookie`.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub location: Option<KeyLocation>,
    /// The scheme of HTTP (RFC 9110 §11.1): `basic` or `bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// What a bearer token is, for people: `JWT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer_format: Option<String>,
    /// The flows of OAuth 2, as they are described.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flows: Option<serde_json::Value>,
    /// Where `OpenID` Connect is described.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_id_connect_url: Option<String>,
    /// What credentials are held against. It is no part of documents.
    #[serde(default, rename = "x-sabir", skip_serializing)]
    pub check: Option<Check>,
}

impl SecurityScheme {
    /// Reads a scheme from plain data.
    ///
    /// # Errors
    /// Names the field that is unknown, missing or ill-typed as a path such as `x-sabir.jwt.leeway`.
    pub fn from_json(data: &serde_json::Value) -> Result<Self, SetupError> {
        let mut track = serde_path_to_error::Track::new();
        let deserializer = serde_path_to_error::Deserializer::new(data, &mut track);
        Self::deserialize(deserializer).map_err(|error| {
            let path = track.path().to_string();
            let field = if path == "." { "scheme".to_owned() } else { path };
            SetupError::new(field, error.to_string(), "see OpenAPI 3.1 §4.8.27")
        })
    }
}

/// The kinds of schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SchemeType {
    /// A key.
    ApiKey,
    /// A scheme of HTTP.
    Http,
    /// A token of OAuth 2, which is a bearer token here.
    #[serde(rename = "oauth2")]
    OAuth2,
    /// A token of `OpenID` Connect, which is a bearer token here.
    OpenIdConnect,
}

/// Where a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyLocation {
    /// In a header field.
    Header,
    /// In the query.
    Query,
    /// In a cookie.
    Cookie,
}

/// What credentials are held against: one of these.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Check {
    /// Keys, tokens or passwords by the names of those who have them.
    pub keys: IndexMap<String, Key>,
    /// The rules of JSON Web Tokens.
    pub jwt: Option<TokenRules>,
    /// Whether a handler checks them: the runtime sees only to it that there are any.
    pub by_handler: bool,
    /// What challenges call the protected space (RFC 9110 §11.5).
    pub realm: Option<String>,
}

/// A key, a token or a password.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// It alone.
    Plain(String),
    /// It, and what it permits.
    Scoped(ScopedKey),
}

/// A key, and what it permits.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopedKey {
    /// The key.
    pub key: String,
    /// What it permits.
    #[serde(default)]
    pub scopes: Vec<String>,
}

impl Key {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Scoped(key) => &key.key,
        }
    }

    pub(super) fn scopes(&self) -> &[String] {
        match self {
            Self::Plain(_) => &[],
            Self::Scoped(key) => &key.scopes,
        }
    }
}
