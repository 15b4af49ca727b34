//! JSON Web Tokens (RFC 7519).

use std::{borrow::Cow, fmt};

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    crypto::rust_crypto::DEFAULT_PROVIDER,
    decode, decode_header,
    errors::ErrorKind,
    jwk::{JwkSet, KeyAlgorithm},
};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::identity::Identity;
use crate::SetupError;

/// The fewest bytes of a secret of HS256 (RFC 7518 §3.2).
const LEAST_SECRET: usize = 32;

/// The rules of tokens.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRules {
    /// The algorithms that may have signed them (RFC 8725 §3.1): `HS256`, `RS256`, `PS256`, `ES256`, `EdDSA` and their siblings.
    pub algorithms: Vec<String>,
    /// The secret that signers and this server share, for HS256 and its siblings.
    #[serde(default)]
    pub secret: Option<String>,
    /// Public keys in PEM, for the other algorithms.
    #[serde(default)]
    pub public_keys: Vec<String>,
    /// Keys as a JWK Set (RFC 7517 §5). A token's `kid` chooses among them.
    #[serde(default)]
    pub jwks: Option<Json>,
    /// Whom tokens have to be meant for (`aud`): one of these. Without any, tokens that are meant for somebody are refused.
    #[serde(default)]
    pub audience: Vec<String>,
    /// Who has to have made them (`iss`): one of these.
    #[serde(default)]
    pub issuer: Vec<String>,
    /// Seconds by which clocks may differ.
    #[serde(default = "usual_leeway")]
    pub leeway: u64,
    /// Whether tokens that never expire are taken.
    #[serde(default)]
    pub may_last_for_ever: bool,
}

fn usual_leeway() -> u64 {
    30
}

/// The tokens of a scheme.
pub(super) struct Tokens {
    keys: Vec<VerifyingKey>,
    validation: Validation,
}

struct VerifyingKey {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
}

impl Tokens {
    /// # Errors
    /// An algorithm that is unknown, a key that cannot be read or does not go with the algorithms.
    pub(super) fn compile(rules: &TokenRules) -> Result<Self, SetupError> {
        // Somebody else in this process may have chosen another implementation, which is as good.
        let _ = DEFAULT_PROVIDER.install_default();
        let mut algorithms: Vec<Algorithm> = Vec::new();
        for (place, name) in rules.algorithms.iter().enumerate() {
            algorithms.push(name.parse().map_err(|_| {
                let problem = format!("there is no algorithm {name:?}");
                let remedy = "use HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 EdDSA";
                SetupError::new(format!("algorithms[{place}]"), problem, remedy)
            })?);
        }
        if algorithms.is_empty() {
            let remedy = "name those that sign the tokens, such as HS256";
            return Err(SetupError::new("algorithms", "there is none", remedy));
        }
        let mut keys = Vec::new();
        keys.extend(secret(rules, &algorithms)?);
        keys.extend(public_keys(rules, &algorithms)?);
        keys.extend(key_set(rules)?);
        for (place, algorithm) in algorithms.iter().enumerate() {
            if !keys
                .iter()
                .any(|key: &VerifyingKey| key.algorithms.contains(algorithm))
            {
                let problem = format!("no key goes with {}", rules.algorithms[place]);
                let remedy = "give a secret (HS256), public_keys or jwks, or leave the algorithm out";
                return Err(SetupError::new(format!("algorithms[{place}]"), problem, remedy));
            }
        }
        let mut validation = Validation::new(algorithms[0]);
        validation.algorithms = algorithms;
        validation.leeway = rules.leeway;
        validation.validate_nbf = true;
        validation.required_spec_claims.clear();
        if !rules.may_last_for_ever {
            validation.required_spec_claims.insert("exp".into());
        }
        if !rules.audience.is_empty() {
            validation.set_audience(&rules.audience);
            validation.required_spec_claims.insert("aud".into());
        }
        if !rules.issuer.is_empty() {
            validation.set_issuer(&rules.issuer);
            validation.required_spec_claims.insert("iss".into());
        }
        Ok(Self { keys, validation })
    }

    /// Whose token this is.
    ///
    /// # Errors
    /// Why it is not valid, in a sentence that the client may know and that fits into a challenge.
    pub(super) fn verify(&self, token: &str) -> Result<Identity, Cow<'static, str>> {
        let header = decode_header(token).map_err(|_| "It is no JSON Web Token.")?;
        if !self.validation.algorithms.contains(&header.alg) {
            return Err("Its algorithm is not permitted.".into());
        }
        let mut fitting = self.keys.iter().filter(|key| {
            let is_named = header.kid.is_none() || key.id.is_none() || key.id == header.kid;
            is_named && key.algorithms.contains(&header.alg)
        });
        let Some(first) = fitting.next() else {
            return Err("It is signed with an unknown key.".into());
        };
        let mut validation = self.validation.clone();
        validation.algorithms = vec![header.alg];
        let mut outcome = decode::<Map<String, Json>>(token, &first.key, &validation);
        for other in fitting {
            if outcome
                .as_ref()
                .is_err_and(|error| *error.kind() == ErrorKind::InvalidSignature)
            {
                outcome = decode(token, &other.key, &validation);
            }
        }
        let claims = outcome.map_err(|error| reason(error.kind()))?.claims;
        Ok(Identity {
            subject: claims.get("sub").and_then(Json::as_str).map(str::to_owned),
            scopes: scopes(&claims),
            claims,
            ..Identity::default()
        })
    }
}

/// What the claims permit: `scope`, words with spaces in between (RFC 8693 §4.2), `scp`, and lists of `scopes`, `roles` and
/// `permissions`.
fn scopes(claims: &Map<String, Json>) -> Vec<String> {
    let mut found = Vec::new();
    for name in ["scope", "scp", "scopes", "roles", "permissions"] {
        match claims.get(name) {
            Some(Json::String(text)) => found.extend(text.split_ascii_whitespace().map(str::to_owned)),
            Some(Json::Array(items)) => {
                found.extend(items.iter().filter_map(Json::as_str).map(str::to_owned));
            }
            _ => {}
        }
    }
    found
}

fn reason(kind: &ErrorKind) -> Cow<'static, str> {
    match kind {
        ErrorKind::ExpiredSignature => "It has expired.".into(),
        ErrorKind::ImmatureSignature => "It is not valid yet.".into(),
        ErrorKind::InvalidSignature => "Its signature does not fit.".into(),
        ErrorKind::InvalidAudience => "It is meant for somebody else.".into(),
        ErrorKind::InvalidIssuer => "Somebody else has made it.".into(),
        ErrorKind::MissingRequiredClaim(claim) => format!("It has no claim {claim}.").into(),
        _ => "It is no JSON Web Token that can be read.".into(),
    }
}

fn secret(rules: &TokenRules, algorithms: &[Algorithm]) -> Result<Option<VerifyingKey>, SetupError> {
    let Some(secret) = &rules.secret else {
        return Ok(None);
    };
    if secret.len() < LEAST_SECRET {
        let problem = format!(
            "it has {} bytes, and one that can be guessed signs for everybody",
            secret.len()
        );
        return Err(SetupError::new(
            "secret",
            problem,
            "use 32 random bytes or more (RFC 7518 §3.2)",
        ));
    }
    let key = DecodingKey::from_secret(secret.as_bytes())
        .map_err(|error| SetupError::new("secret", error.to_string(), "use 32 random bytes or more"))?;
    Ok(Some(VerifyingKey {
        id: None,
        algorithms: of(
            algorithms,
            &[Algorithm::HS256, Algorithm::HS384, Algorithm::HS512],
        ),
        key,
    }))
}

fn public_keys(rules: &TokenRules, algorithms: &[Algorithm]) -> Result<Vec<VerifyingKey>, SetupError> {
    let keys = rules.public_keys.iter().enumerate().map(|(place, pem)| {
        let pem = pem.as_bytes();
        let rsa = [
            Algorithm::RS256,
            Algorithm::RS384,
            Algorithm::RS512,
            Algorithm::PS256,
            Algorithm::PS384,
            Algorithm::PS512,
        ];
        let read = DecodingKey::from_rsa_pem(pem)
            .map(|key| (key, of(algorithms, &rsa)))
            .or_else(|_| {
                DecodingKey::from_ec_pem(pem)
                    .map(|key| (key, of(algorithms, &[Algorithm::ES256, Algorithm::ES384])))
            })
            .or_else(|_| DecodingKey::from_ed_pem(pem).map(|key| (key, of(algorithms, &[Algorithm::EdDSA]))));
        let (key, algorithms) = read.map_err(|_| {
            let problem = "it is no public key in PEM of RSA, P-256, P-384 or Ed25519";
            SetupError::new(
                format!("public_keys[{place}]"),
                problem,
                "begin it with -----BEGIN PUBLIC KEY-----",
            )
        })?;
        Ok(VerifyingKey {
            id: None,
            algorithms,
            key,
        })
    });
    keys.collect()
}

fn key_set(rules: &TokenRules) -> Result<Vec<VerifyingKey>, SetupError> {
    let Some(data) = &rules.jwks else {
        return Ok(Vec::new());
    };
    let set: JwkSet = serde_json::from_value(data.clone())
        .map_err(|error| SetupError::new("jwks", error.to_string(), "give a JWK Set (RFC 7517 §5)"))?;
    let keys = set.keys.iter().enumerate().map(|(place, jwk)| {
        let field = format!("jwks.keys[{place}]");
        let key = DecodingKey::from_jwk(jwk).map_err(|error| {
            SetupError::new(field.as_str(), error.to_string(), "give a key that verifies")
        })?;
        let named = jwk.common.key_algorithm.as_ref().map(KeyAlgorithm::to_string);
        let algorithm: Algorithm = named.and_then(|name| name.parse().ok()).ok_or_else(|| {
            SetupError::new(
                field.as_str(),
                "it does not say its algorithm",
                "add `alg` (RFC 7517 §4.4)",
            )
        })?;
        Ok(VerifyingKey {
            id: jwk.common.key_id.clone(),
            algorithms: vec![algorithm],
            key,
        })
    });
    keys.collect()
}

/// Those of `algorithms` that are among `family`.
fn of(algorithms: &[Algorithm], family: &[Algorithm]) -> Vec<Algorithm> {
    algorithms
        .iter()
        .copied()
        .filter(|algorithm| family.contains(algorithm))
        .collect()
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("validation", &self.validation)
            .finish_non_exhaustive()
    }
}
