//! What a build without a feature says when it is asked for what the feature gives.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(target_family = "wasm")]
#[macro_use]
extern crate sabir_wasm_test;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use http::{Method, Request, Response, StatusCode};
use sabir_core::{
    Call, Operation, Reply, RouteDefinition, Settings, SetupError,
    pipeline::{Application, ApplicationBuilder},
};
use serde_json::{Value as Json, json};

fn application(operation: &Json, settings: Settings) -> Result<Application, SetupError> {
    let mut builder = ApplicationBuilder::new(settings);
    let handler = async |_: Call| Reply::new(StatusCode::NO_CONTENT);
    let definition = RouteDefinition::new(Method::POST, "/", Operation::from_json(operation)?);
    builder.route(definition, Arc::new(handler))?;
    Ok(builder.build())
}

/// The error of a route that takes `content`; `None` where it is compiled.
fn mistake(content: &Json) -> Option<SetupError> {
    application(
        &json!({ "requestBody": { "content": content } }),
        Settings::default(),
    )
    .err()
}

#[track_caller]
fn needs(feature: &str, is_enabled: bool, content: &Json, field: &str) {
    let mistake = mistake(content);
    if is_enabled {
        assert_eq!(mistake, None);
        return;
    }
    let mistake = mistake.unwrap();
    assert_eq!(mistake.field, field, "{mistake}");
    assert!(
        mistake
            .problem
            .contains(&format!("needs the feature `{feature}`")),
        "{mistake}"
    );
}

fn send(content_type: &str, coding: &str, content: &'static [u8]) -> Response<Bytes> {
    let operation = json!({ "requestBody": { "content": { "*/*": {} } } });
    let request = Request::post("/")
        .header("content-type", content_type)
        .header("content-encoding", coding)
        .body(Bytes::from_static(content))
        .unwrap();
    let application = application(&operation, Settings::default()).unwrap();
    application.call(request).now_or_never().unwrap()
}

#[track_caller]
fn is_taken_or_415(is_enabled: bool, response: &Response<Bytes>) {
    let status = if is_enabled { 204 } else { 415 };
    assert_eq!(response.status(), status, "{:?}", response.body());
}

#[test]
fn patterns_that_go_back_need_backtracking() {
    let is_enabled = cfg!(feature = "backtracking");
    for pattern in ["^(.)\\1$", "a(?!b)"] {
        let schema = json!({ "items": { "pattern": pattern } });
        needs(
            "backtracking",
            is_enabled,
            &json!({ "application/json": { "schema": schema } }),
            "requestBody.content.application/json.schema.items.pattern",
        );
    }
    assert_eq!(
        mistake(&json!({ "application/json": { "schema": { "pattern": "^(?=.*[0-9])(?!x).{8,}$" } } })),
        None
    );
}

#[test]
fn international_names_need_idn() {
    let is_enabled = cfg!(feature = "idn");
    for format in ["idn-email", "idn-hostname"] {
        let operation = json!({ "application/json": { "schema": { "format": format } } });
        needs(
            "idn",
            is_enabled,
            &operation,
            "requestBody.content.application/json.schema.format",
        );
    }
    assert_eq!(
        mistake(&json!({ "application/json": { "schema": { "format": "hostname" } } })),
        None
    );
}

#[test]
fn formats_that_are_annotations_need_nothing() {
    let settings = Settings {
        format_assertion: false,
        ..Settings::default()
    };
    let content = json!({ "application/json": { "schema": { "format": "idn-email" } } });
    assert!(application(&json!({ "requestBody": { "content": content } }), settings).is_ok());
}

#[test]
fn multipart_forms_need_multipart() {
    let is_enabled = cfg!(feature = "multipart");
    for media_type in ["multipart/form-data", "multipart/*"] {
        needs(
            "multipart",
            is_enabled,
            &json!({ media_type: {} }),
            "requestBody.content",
        );
    }
    assert_eq!(mistake(&json!({ "multipart/mixed": {} })), None);
    let content = b"--b\r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n--b--\r\n";
    is_taken_or_415(is_enabled, &send("multipart/form-data; boundary=b", "", content));
}

#[test]
fn other_charsets_need_charsets() {
    let is_enabled = cfg!(feature = "charsets");
    is_taken_or_415(is_enabled, &send("text/plain; charset=iso-8859-1", "", b"\xe9"));
    for charset in ["utf-8", "UTF8"] {
        is_taken_or_415(
            true,
            &send(&format!("text/plain; charset={charset}"), "", "é".as_bytes()),
        );
    }
}

#[test]
fn codings_need_content_codings() {
    let is_enabled = cfg!(feature = "content-codings");
    let hello = b"\x78\x9c\xcb\x48\xcd\xc9\xc9\x07\x00\x06\x2c\x02\x15";
    let response = send("text/plain", "deflate", hello);
    is_taken_or_415(is_enabled, &response);
    if !is_enabled {
        assert_eq!(response.headers()["accept-encoding"], "identity");
    }
    is_taken_or_415(true, &send("text/plain", "identity", b"hello"));
}

#[test]
fn tokens_need_jwt() {
    let rules = json!({ "algorithms": ["HS256"], "secret": "a secret of 32 bytes or more, for this test" });
    let scheme = json!({ "type": "http", "scheme": "bearer", "x-sabir": { "jwt": rules } });
    let mut builder = ApplicationBuilder::new(Settings::default());
    let mistake = builder.security_scheme("token", &scheme).map(drop).err();
    if cfg!(feature = "jwt") {
        assert_eq!(mistake, None);
    } else {
        let mistake = mistake.unwrap();
        assert_eq!(mistake.field, "x-sabir.jwt.algorithms");
        assert!(mistake.problem.contains("needs the feature `jwt`"), "{mistake}");
    }
}

#[test]
fn nonces_need_csp_nonces() {
    let mut builder = ApplicationBuilder::new(Settings::default());
    let options = json!({ "content_security_policy": "script-src 'nonce-{nonce}'" });
    let mistake = builder.stage("security_headers", &options).map(drop).err();
    if cfg!(feature = "csp-nonces") {
        assert_eq!(mistake, None);
    } else {
        let mistake = mistake.unwrap();
        assert_eq!(mistake.field, "stages.security_headers.content_security_policy");
        assert!(
            mistake.problem.contains("needs the feature `csp-nonces`"),
            "{mistake}"
        );
    }
}

#[test]
fn compression_of_answers_needs_compression() {
    let mut builder = ApplicationBuilder::new(Settings::default());
    let mistake = builder.stage("compression", &json!(true)).err();
    if cfg!(feature = "compression") {
        assert_eq!(mistake, None);
    } else {
        let mistake = mistake.unwrap();
        assert_eq!(mistake.field, "stages.compression", "{mistake}");
        assert!(
            mistake.problem.contains("needs the feature `compression`"),
            "{mistake}"
        );
    }
    let mistake = builder
        .stage("compression", &json!({ "encodings": ["gzip", "zstd"] }))
        .err();
    if cfg!(feature = "zstd") {
        assert_eq!(mistake, None);
    } else {
        let place = usize::from(cfg!(feature = "compression"));
        let field = format!("stages.compression.encodings[{place}]");
        assert_eq!(mistake.unwrap().field, field);
    }
}
