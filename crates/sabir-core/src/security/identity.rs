//! Who sends a request.

use serde_json::{Map, Value as Json};

/// Who sends a request, as a security scheme has found out. Handlers find it in the extensions of the request's head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// The name of the scheme.
    pub scheme: String,
    /// Who it is: the name of a key or a user, or the claim `sub` of a token. `None` where a handler has to find out.
    pub subject: Option<String>,
    /// What they may do.
    pub scopes: Vec<String>,
    /// The claims of a token (RFC 7519 §4).
    pub claims: Map<String, Json>,
    /// What was sent, where a handler checks it: the key, the token, or name and password as `name:password`.
    pub credentials: Option<String>,
}

impl Identity {
    /// Whether they may do all of `scopes`.
    pub fn may(&self, scopes: &[String]) -> bool {
        scopes.iter().all(|scope| self.scopes.contains(scope))
    }

    /// All of it as plain data.
    pub fn to_json(&self) -> Json {
        serde_json::json!({
            "scheme": self.scheme,
            "subject": self.subject,
            "scopes": self.scopes,
            "claims": self.claims,
            "credentials": self.credentials,
        })
    }
}
