//! Members of a problem beside the standard ones (RFC 9457 §3.2).

use serde::{Serialize, ser::Error as _};

use super::Problem;
use crate::{
    Text, Value,
    json::{self, JsonLimits},
};

impl Problem {
    /// Adds an extension member (RFC 9457 §3.2). The standard members keep their meaning: giving one of their names
    /// here has no effect.
    #[allow(clippy::needless_pass_by_value, reason = "a value is made for the call")]
    pub fn extend(&mut self, name: impl Into<String>, value: serde_json::Value) {
        self.insert(name.into().into(), json::from_json(&value));
    }

    /// Adds an extension member that has the JSON text of `value`, with every digit of its numbers.
    ///
    /// # Errors
    /// When the value has no JSON text, or one that is nested too deeply.
    pub fn extend_with(
        &mut self,
        name: impl Into<String>,
        value: &impl Serialize,
    ) -> Result<(), serde_json::Error> {
        let text = serde_json::to_vec(value)?;
        let value = json::parse(&text, &JsonLimits::OF_APPLICATION)
            .map_err(|problem| serde_json::Error::custom(problem.detail.unwrap_or_default()))?;
        self.insert(name.into().into(), value);
        Ok(())
    }

    fn insert(&mut self, name: Text, value: Value) {
        self.extensions.0.retain(|(known, _)| *known != name);
        self.extensions.0.push((name, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReplyBody;

    #[test]
    fn takes_extensions_with_every_digit() {
        let mut problem = Problem::from_status(409);
        problem.extend("a", serde_json::json!(1));
        problem.extend_with("b", &u128::MAX).unwrap();
        problem.extend_with("a", &Some("again")).unwrap();
        let members: Vec<_> = problem
            .extensions
            .0
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(members, ["b", "a"]);
        let ReplyBody::Bytes(text) = problem.write().body else {
            unreachable!("a problem is written as bytes")
        };
        let end = format!(r#","b":{},"a":"again"}}"#, u128::MAX);
        assert!(text.ends_with(end.as_bytes()), "{text:?}");
        let unwritable = std::collections::HashMap::from([((1, 2), 3)]);
        assert!(Problem::from_status(409).extend_with("a", &unwritable).is_err());
    }
}
