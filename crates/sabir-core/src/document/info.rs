//! What a document says of the application as a whole.

use serde::{Deserialize, Serialize};
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
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Info {
    /// The name of the application.
    pub title: String,
    /// The version of the application, not of the document.
    pub version: String,
    /// For people; CommonMark.
    pub description: Option<String>,
    /// The URL of the terms of its use.
    pub terms_of_service: Option<String>,
    /// Who answers for it.
    pub contact: Option<Contact>,
    /// What others may do with it.
    pub license: Option<License>,
    /// Where it is served.
    pub servers: Vec<Server>,
    /// What is said of the tags of operations, and their order.
    pub tags: Vec<Tag>,
}

/// An OpenAPI Contact Object (OpenAPI 3.1 §4.8.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Contact {
    /// Of a person or an organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// An OpenAPI License Object (OpenAPI 3.1 §4.8.4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct License {
    /// What it is called.
    pub name: String,
    /// An expression of SPDX, such as `MIT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Where it can be read; of this and the identifier there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// An OpenAPI Tag Object (OpenAPI 3.1 §4.8.22).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Tag {
    /// As operations have it.
    pub name: String,
    /// For people; CommonMark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_docs: Option<ExternalDocumentation>,
}

/// An OpenAPI External Documentation Object (OpenAPI 3.1 §4.8.11).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalDocumentation {
    /// For people; CommonMark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is.
    pub url: String,
}

/// An OpenAPI Server Object (OpenAPI 3.1 §4.8.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Server {
    /// The URL that paths are appended to: `https://shop.example/api`.
    pub url: String,
    /// For people; CommonMark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
            terms_of_service: None,
            contact: None,
            license: None,
            servers: Vec::new(),
            tags: Vec::new(),
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

    /// The same with the URL of the terms of use.
    #[must_use]
    pub fn with_terms_of_service(mut self, url: impl Into<String>) -> Self {
        self.terms_of_service = Some(url.into());
        self
    }

    /// The same with somebody who answers for it.
    #[must_use]
    pub fn with_contact(mut self, contact: Contact) -> Self {
        self.contact = Some(contact);
        self
    }

    /// The same with a license, which is known by an SPDX identifier, such as `MIT`.
    #[must_use]
    pub fn with_license(mut self, name: impl Into<String>, identifier: impl Into<String>) -> Self {
        self.license = Some(License {
            name: name.into(),
            identifier: Some(identifier.into()),
            url: None,
        });
        self
    }

    /// The same with one more tag, of which something is said.
    #[must_use]
    pub fn with_tag(mut self, name: impl Into<String>, description: impl Into<String>) -> Self {
        self.tags.push(Tag {
            name: name.into(),
            description: Some(description.into()),
            external_docs: None,
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
        let info: Self = serde_path_to_error::deserialize(Json::Object(members)).map_err(|error| {
            let field = error.path().to_string();
            let remedy = "give `title`, `version` and `description` as texts, and `servers` as objects with a `url`; see OpenAPI 3.1 §4.8.2";
            SetupError::new(field, error.inner().to_string(), remedy).at("document")
        })?;
        let is_told_twice = |license: &License| license.identifier.is_some() && license.url.is_some();
        if info.license.as_ref().is_some_and(is_told_twice) {
            let problem = "it has an identifier and a url (OpenAPI 3.1 §4.8.4)";
            return Err(SetupError::new("license", problem, "leave out one of them").at("document"));
        }
        Ok(info)
    }
}

/// What consists of texts and lists can always be written.
pub(super) fn plain(value: impl serde::Serialize) -> Json {
    serde_json::to_value(value).unwrap_or_default()
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
