//! Secrets that are known when the application is made.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::identity::Identity;

/// Who has which secret. Of secrets only digests are kept, and comparing takes the same time whatever is sent.
pub(super) struct Secrets(Vec<([u8; 32], Identity)>);

impl Secrets {
    pub(super) fn new(secrets: impl Iterator<Item = (String, Identity)>) -> Self {
        Self(
            secrets
                .map(|(secret, identity)| (digest(&secret), identity))
                .collect(),
        )
    }

    /// Who has this secret.
    pub(super) fn find(&self, secret: &str) -> Option<&Identity> {
        let sent = digest(secret);
        // All of them are looked at, so that the time says nothing of their order either.
        self.0.iter().fold(None, |found, (known, identity)| {
            if bool::from(known.ct_eq(&sent)) {
                Some(identity)
            } else {
                found
            }
        })
    }
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(_, identity)| &identity.subject))
            .finish()
    }
}
