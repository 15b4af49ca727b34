//! Schemes against requests, and mistakes in schemes.

use http::{Method, Uri};
use serde_json::{Value as Json, json};

use super::{
    SecurityScheme, Verifier,
    credentials::{Place, Sent},
    verifier::Verdict,
};
use crate::{RequestHead, SetupError};

fn compiled(scheme: &Json) -> Result<Verifier, SetupError> {
    Verifier::compile("test", SecurityScheme::from_json(scheme)?)
}

fn head(target: &'static str, fields: &[(&'static str, &'static str)]) -> RequestHead {
    let mut head = RequestHead::new(Method::GET, Uri::from_static(target));
    for (name, value) in fields {
        head.headers.append(*name, value.parse().unwrap());
    }
    head
}

#[test]
fn reads_credentials_at_their_places() {
    let cookie = Place::Cookie("key".into());
    assert_eq!(
        cookie.read(&head("/", &[("cookie", "a=1; key=s%20x; key=2")])),
        Sent::Credentials("s x".into())
    );
    assert_eq!(cookie.read(&head("/", &[("cookie", "keys=1")])), Sent::Nothing);
    let query = Place::Query("key".into());
    assert_eq!(
        query.read(&head("/?a=1&key=s%20x", &[])),
        Sent::Credentials("s x".into())
    );
    assert!(matches!(
        query.read(&head("/?key=1&key=1", &[])),
        Sent::Malformed(_)
    ));
    let field = Place::Header("x-key".parse().unwrap());
    assert!(matches!(
        field.read(&head("/", &[("x-key", "1"), ("x-key", "1")])),
        Sent::Malformed(_)
    ));
    assert_eq!(
        Place::Bearer.read(&head("/", &[("authorization", "BEARER  abc ")])),
        Sent::Credentials("abc".into())
    );
    assert_eq!(
        Place::Bearer.read(&head("/", &[("authorization", "Basic abc")])),
        Sent::Nothing
    );
    assert!(matches!(
        Place::Bearer.read(&head("/", &[("authorization", "Bearer")])),
        Sent::Malformed(_)
    ));
    assert_eq!(
        Place::Basic.read(&head("/", &[("authorization", "Basic YTpi")])),
        Sent::Credentials("a:b".into())
    );
    assert!(matches!(
        Place::Basic.read(&head("/", &[("authorization", "Basic YWI=")])),
        Sent::Malformed(_)
    ));
}

#[test]
fn a_password_has_its_user() {
    let scheme =
        json!({ "type": "http", "scheme": "basic", "x-sabir": { "keys": { "ada": "b", "bob": "c" } } });
    let verifier = compiled(&scheme).unwrap();
    let verdict = |value| verifier.verify(&head("/", &[("authorization", value)]));
    assert!(
        matches!(verdict("Basic YWRhOmI="), Verdict::Known(identity) if identity.subject.as_deref() == Some("ada"))
    );
    assert!(
        matches!(verdict("Basic YWRhOmM="), Verdict::Invalid(_)),
        "that is the password of another"
    );
}

#[test]
fn mistakes_are_told_by_their_fields() {
    let key =
        |extension: Json| json!({ "type": "apiKey", "in": "header", "name": "x-key", "x-sabir": extension });
    told_by_their_fields(&[
        (json!({ "type": "cookie" }), "type"),
        (json!({ "type": "http" }), "scheme"),
        (json!({ "type": "http", "scheme": "digest" }), "scheme"),
        (json!({ "type": "apiKey", "name": "a" }), "in"),
        (json!({ "type": "apiKey", "in": "query" }), "name"),
        (json!({ "type": "apiKey", "in": "header", "name": "a b" }), "name"),
        (key(json!({})), "x-sabir"),
        (
            key(json!({ "keys": { "a": "b" }, "by_handler": true })),
            "x-sabir",
        ),
        (key(json!({ "keys": { "a": "" } })), "x-sabir.keys.a"),
        (
            key(json!({ "by_handler": true, "realm": "a\"b" })),
            "x-sabir.realm",
        ),
        (
            json!({ "type": "http", "scheme": "basic", "x-sabir": { "keys": { "a:b": "c" } } }),
            "x-sabir.keys.a:b",
        ),
    ]);
}

#[cfg(feature = "jwt")]
#[test]
fn mistakes_in_the_rules_of_tokens_are_told_by_their_fields() {
    let token = |rules: Json| json!({ "type": "http", "scheme": "bearer", "x-sabir": { "jwt": rules } });
    told_by_their_fields(&[
        (token(json!({ "algorithms": [] })), "x-sabir.jwt.algorithms"),
        (
            token(json!({ "algorithms": ["none"] })),
            "x-sabir.jwt.algorithms[0]",
        ),
        (
            token(json!({ "algorithms": ["HS256"] })),
            "x-sabir.jwt.algorithms[0]",
        ),
        (
            token(json!({ "algorithms": ["HS256"], "secret": "short" })),
            "x-sabir.jwt.secret",
        ),
        (
            token(json!({ "algorithms": ["RS256"], "public_keys": ["no"] })),
            "x-sabir.jwt.public_keys[0]",
        ),
        (
            token(json!({ "algorithms": ["RS256"], "jwks": [1] })),
            "x-sabir.jwt.jwks",
        ),
        (
            token(json!({ "algorithms": ["HS256"], "leeway": -1 })),
            "x-sabir.jwt.leeway",
        ),
    ]);
}

#[track_caller]
fn told_by_their_fields(schemes: &[(Json, &str)]) {
    for (scheme, field) in schemes {
        let error = compiled(scheme).map(drop).unwrap_err();
        assert_eq!(error.field, *field, "{scheme}: {error}");
        assert!(!error.remedy.is_empty());
    }
}
