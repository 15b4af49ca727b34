//! Numbers that say which scripts of a page are its own (CSP Level 3, §2.3.1).

use std::sync::Arc;

/// A number for one request, which nobody can guess: 128 random bits in base64, as it stands in a Content Security Policy and in the
/// attribute `nonce` of scripts.
///
/// The stage `security_headers` draws it where its policy asks for it, and handlers find it in the extensions of the request.
///
/// ```
/// use sabir_core::{RequestHead, stage::CspNonce};
///
/// fn script(head: &RequestHead) -> String {
///     let nonce = head.extensions.get::<CspNonce>().map_or("", CspNonce::as_str);
///     format!("<script nonce=\"{nonce}\">start()</script>")
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CspNonce(Arc<str>);

impl CspNonce {
    /// Its text. No character of it has to be escaped in HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A new one; `None` where the platform has no random numbers at the moment.
    #[cfg(feature = "csp-nonces")]
    pub(super) fn draw() -> Option<Self> {
        use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

        let mut bits = [0; 16];
        if let Err(error) = getrandom::fill(&mut bits) {
            tracing::error!(%error, "there are no random numbers for a nonce");
            return None;
        }
        Some(Self(BASE64_URL_SAFE_NO_PAD.encode(bits).into()))
    }

    /// A build without the feature `csp-nonces` has none.
    #[cfg(not(feature = "csp-nonces"))]
    pub(super) fn draw() -> Option<Self> {
        None
    }
}

impl std::fmt::Display for CspNonce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
