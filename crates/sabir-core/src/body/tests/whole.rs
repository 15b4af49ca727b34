//! Bodies that are read at once.

use super::*;

#[test]
fn reads_and_validates_json() {
    let schema = object(&json!({"quantity": {"type": "integer", "minimum": 1}}));
    for content_type in ["application/json", "application/vnd.order+json; charset=utf-8"] {
        let (value, violations) = decode(content_type, &schema, br#"{"quantity": 0}"#).unwrap();
        assert_eq!(to_json(&value), json!({"quantity": 0}));
        assert_eq!(violations[0].pointer.as_deref(), Some("/quantity"));
    }
}

#[test]
fn refuses_bad_json_and_repeated_names() {
    assert_eq!(status(decode("application/json", &json!({}), b"{")), 400);
    assert_eq!(
        status(decode("application/json", &json!({}), br#"{"a":1,"a":2}"#)),
        400
    );
}

#[test]
fn refuses_json_that_is_nested_too_deeply() {
    let settings = Settings {
        json_depth_limit: 2,
        ..Settings::default()
    };
    assert!(decode_with("application/json", &json!({}), b"[[]]", &settings).is_ok());
    assert_eq!(
        status(decode_with("application/json", &json!({}), b"[[[]]]", &settings)),
        400
    );
}

#[test]
fn reads_text_in_its_charset() {
    #[cfg(feature = "charsets")]
    {
        let (value, _) = decode("text/plain; charset=latin1", &json!({}), b"\xe9").unwrap();
        assert_eq!(value, Value::String("é".into()));
    }
    assert_eq!(status(decode("text/plain", &json!({}), b"\xe9")), 400);
    assert_eq!(
        status(decode("text/plain; charset=klingon", &json!({}), b"a")),
        415
    );
}

#[test]
fn reads_text_as_its_schema_declares() {
    assert_eq!(
        decode("text/plain", &json!({"type": "integer"}), b"42")
            .unwrap()
            .0,
        Value::Integer(42)
    );
    let (_, violations) = decode("text/plain", &json!({"type": "integer"}), b"forty").unwrap();
    assert_eq!(violations[0].keyword, "type");
}

#[test]
fn leaves_other_content_as_bytes() {
    let schema = json!({"type": "string", "format": "binary"});
    let (value, violations) = decode("image/png", &schema, b"\x89PNG").unwrap();
    assert_eq!(value, Value::Bytes(Bytes::from_static(b"\x89PNG")));
    assert_eq!(violations, []);
}

#[cfg(feature = "multipart")]
#[test]
fn does_not_read_multipart_at_once() {
    assert_eq!(
        status(decode("multipart/form-data; boundary=b", &json!({}), b"")),
        500
    );
}
