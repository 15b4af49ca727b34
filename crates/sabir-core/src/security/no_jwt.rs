//! What stands for JSON Web Tokens in a build without them.

use std::borrow::Cow;

use serde::Deserialize;

use super::identity::Identity;
use crate::SetupError;

/// The rules of tokens.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TokenRules {}

/// The tokens of a scheme.
#[derive(Debug)]
pub(super) struct Tokens;

impl Tokens {
    pub(super) fn compile(_: &TokenRules) -> Result<Self, SetupError> {
        Err(SetupError::new(
            "algorithms",
            "a JSON Web Token needs the feature `jwt` of sabir-core",
            "build with it, or use keys",
        ))
    }

    pub(super) fn verify(&self, _: &str) -> Result<Identity, Cow<'static, str>> {
        Err("The token cannot be read.".into())
    }
}
