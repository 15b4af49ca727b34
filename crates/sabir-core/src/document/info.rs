//! What a document says of the application as a whole.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::SetupError;

/// The name, the version and the addresses of an application.
///
/// ```
/// use sabir_core::document::Info;
///
/// let info = Info::new("Shop", "1.2.0").with_server("https://shop.example/api");
/// assert_eq!(info.servers[0].url, "https://shop.example/api");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Info {
    /// The name of the application.
    pub title: String,
    /// The version of the application, not of the document.
    pub version: String,
    /// For people; CommonMark.
    pub description: Option<String>,
    /// Where it is served.
    pub servers: Vec<Server>,
}

/// An OpenAPI Server Object (OpenAPI 3.1 §4.8.5).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Server {
    /// The URL that paths are appended to: `https://shop.example/api`.
    pub url: String,
    /// For people; CommonMark.
    #[serde(default)]
    pub description: Option<String>,
}

/// What stands in for a name and a version that are not given.
impl Default for Info {
    fn default() -> Self {
        Self::new("Sabir", "0.1.0")
    }
}

impl Info {
    /// A name and a version.
    pub fn new(title: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            version: version.into(),
            description: None,
            servers: Vec::new(),
        }
    }

    /// The same with words for people.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The same with one more address.
    #[must_use]
    pub fn with_server(mut self, url: impl Into<String>) -> Self {
        self.servers.push(Server {
            url: url.into(),
            description: None,
        });
        self
    }

    /// Reads it from plain data; null is absence.
    ///
    /// # Errors
    /// Names the field that is unknown or ill-typed.
    pub fn from_json(data: &Json) -> Result<Self, SetupError> {
        let Json::Object(members) = data else {
            let error = SetupError::new(
                "info",
                "it is no object",
                "give an object with a `title` and a `version`",
            );
            return Err(error.at("document"));
        };
        let mut members = members.clone();
        members.retain(|_, member| !member.is_null());
        serde_path_to_error::deserialize(Json::Object(members)).map_err(|error| {
            let field = error.path().to_string();
            let remedy =
                "give `title`, `version` and `description` as texts, and `servers` as objects with a `url`";
            SetupError::new(field, error.inner().to_string(), remedy).at("document")
        })
    }
}

/// The parts of a server's URL.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address<'u> {
    pub(super) is_secure: bool,
    /// With the port, where there is one.
    pub(super) host: &'u str,
    /// Begins with `/`; nothing for the root.
    pub(super) path: &'u str,
}

impl Server {
    /// The parts of the URL.
    ///
    /// # Errors
    /// It is no absolute URL of HTTP, or has a query or a fragment.
    pub(super) fn address(&self) -> Result<Address<'_>, &'static str> {
        let url = self.url.as_str();
        let (is_secure, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err("it does not begin with https:// or http://"),
        };
        if rest.contains(['?', '#']) {
            return Err("it has a query or a fragment");
        }
        let path = rest.find('/').unwrap_or(rest.len());
        let (host, path) = rest.split_at(path);
        let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "-._~:[]".contains(sign);
        if host.is_empty() || !host.chars().all(is_sign) {
            return Err("it has no host");
        }
        Ok(Address {
            is_secure,
            host,
            path: path.trim_end_matches('/'),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_plain_data() {
        let given =
            json!({ "title": "Shop", "description": null, "servers": [{ "url": "http://localhost:8000" }] });
        let info = Info::from_json(&given).unwrap();
        assert_eq!(
            info,
            Info::new("Shop", "0.1.0").with_server("http://localhost:8000")
        );
        assert_eq!(Info::from_json(&json!({})).unwrap(), Info::default());
    }

    #[test]
    fn names_what_it_cannot_read() {
        for (given, field) in [
            (json!({ "titel": "Shop" }), "titel"),
            (json!({ "version": 1 }), "version"),
            (
                json!({ "servers": [{ "url": "http://a" }, { "uri": "http://b" }] }),
                "servers[1].uri",
            ),
            (json!({ "servers": "http://a" }), "servers"),
            (json!([]), "info"),
        ] {
            let error = Info::from_json(&given).unwrap_err();
            assert_eq!(
                (error.route.as_str(), error.field.as_str()),
                ("document", field),
                "{error}"
            );
        }
    }

    #[test]
    fn takes_urls_apart() {
        let address = |url: &str| {
            Info::default().with_server(url).servers[0]
                .address()
                .map(|address| {
                    (
                        address.is_secure,
                        address.host.to_owned(),
                        address.path.to_owned(),
                    )
                })
        };
        assert_eq!(
            address("https://shop.example"),
            Ok((true, "shop.example".into(), String::new()))
        );
        assert_eq!(
            address("http://[::1]:80/api/v1/"),
            Ok((false, "[::1]:80".into(), "/api/v1".into()))
        );
        for wrong in [
            "/api",
            "wss://shop.example",
            "https://",
            "https:///a",
            "https://a?b",
            "https://{tenant}.example",
        ] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
