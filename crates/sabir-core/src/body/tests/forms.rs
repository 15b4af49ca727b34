//! URL-encoded forms.

use super::*;

#[test]
fn unescapes_names_and_values() {
    let (value, _) = form(&json!({}), "a+b=c%20d&%C3%A9=1&empty=&bare&&x=a%3Db=c");
    assert_eq!(
        value,
        json!({"a b": "c d", "é": "1", "empty": "", "bare": "", "x": "a=b=c"})
    );
}

#[test]
fn coerces_by_the_schema_only() {
    let schema = object(
        &json!({"n": {"type": "integer"}, "f": {"type": "number"}, "b": {"type": "boolean"},
        "s": {"type": "string"}}),
    );
    let expected = json!({"n": 1, "f": 1.5, "b": true, "s": "1", "other": "1"});
    assert_eq!(form(&schema, "n=1&f=1.5&b=true&s=1&other=1"), (expected, vec![]));
}

#[test]
fn leaves_text_that_does_not_fit_to_validation() {
    let schema = object(&json!({"n": {"type": "integer"}}));
    assert_eq!(form(&schema, "n=ten"), (json!({"n": "ten"}), vec!["type".into()]));
}

#[test]
fn gathers_repeated_fields_into_an_array() {
    let schema = object(&json!({"n": {"type": "array", "items": {"type": "integer"}}}));
    assert_eq!(form(&schema, "n=1&n=2").0, json!({"n": [1, 2]}));
    assert_eq!(form(&schema, "n=1").0, json!({"n": [1]}));
    assert_eq!(form(&schema, "n[]=1").0, json!({"n": [1]}));
    assert_eq!(form(&schema, "n[1]=2&n[0]=1").0, json!({"n": [1, 2]}));
}

#[test]
fn refuses_a_repeated_field_that_is_no_array() {
    let schema = object(&json!({"n": {"type": "integer"}}));
    assert_eq!(form(&schema, "n=1&n=2").1, ["type"]);
    assert_eq!(form(&json!({}), "n=1&n=2").0, json!({"n": ["1", "2"]}));
}

#[test]
fn nests_fields_by_their_brackets() {
    let items = json!({"type": "array", "items": object(&json!({"n": {"type": "integer"}}))});
    let schema = object(&json!({"a": object(&json!({"n": {"type": "integer"}})), "items": items}));
    let (value, violations) = form(&schema, "a[n]=1&a[m][x]=2&items[0][n]=3&items[1][n]=4");
    assert_eq!(
        value,
        json!({"a": {"n": 1, "m": {"x": "2"}}, "items": [{"n": 3}, {"n": 4}]})
    );
    assert_eq!(violations, Vec::<String>::new());
}

#[test]
fn takes_a_declared_name_as_it_stands() {
    let schema = object(&json!({"a[b]": {"type": "integer"}}));
    assert_eq!(form(&schema, "a[b]=1").0, json!({"a[b]": 1}));
}

#[test]
fn refuses_names_that_contradict_each_other() {
    for body in ["a=1&a[b]=2", "a[][b]=1"] {
        assert_eq!(status(decode(FORM, &json!({}), body.as_bytes())), 400, "{body}");
    }
}

#[test]
fn refuses_names_that_are_nested_too_deeply() {
    let body = format!("a{}=1", "[b]".repeat(1000));
    assert_eq!(status(decode(FORM, &json!({}), body.as_bytes())), 400);
}

#[test]
fn refuses_bad_escapes_and_bad_text() {
    for body in ["a=%", "a=%1", "a=%zz", "%=1", "a=%ff"] {
        assert_eq!(status(decode(FORM, &json!({}), body.as_bytes())), 400, "{body}");
    }
}

#[test]
fn refuses_more_fields_than_the_setting_allows() {
    let settings = Settings {
        form_field_limit: 2,
        ..Settings::default()
    };
    assert!(decode_with(FORM, &json!({}), b"a=1&b=2", &settings).is_ok());
    assert_eq!(
        status(decode_with(FORM, &json!({}), b"a=1&b=2&c=3", &settings)),
        413
    );
}

#[test]
fn follows_references_as_deep_as_the_form_goes() {
    let schema = json!({"$ref": "#/components/schemas/Node"});
    let (value, violations) = form(&schema, "next[next][next][size]=3");
    assert_eq!(value, json!({"next": {"next": {"next": {"size": 3}}}}));
    assert_eq!(violations, Vec::<String>::new());
}

#[test]
fn hears_every_alternative_of_a_field() {
    let schema = object(&json!({
        "a": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "b": {"type": ["integer", "string"]},
        "c": {"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}]},
        "d": {"allOf": [{"type": "integer"}, {"minimum": 1}]}}));
    let (value, violations) = form(&schema, "a=1&b=x&c=1&d=2");
    assert_eq!(value, json!({"a": 1, "b": "x", "c": [1], "d": 2}));
    assert_eq!(violations, Vec::<String>::new());
    assert_eq!(form(&schema, "a=").0, json!({"a": null}));
}

#[test]
fn survives_a_schema_that_combines_itself() {
    let mut schema = object(&json!({"a": {"anyOf": [{"$ref": "#/$defs/A"}, {"type": "integer"}]}}));
    schema["$defs"] = json!({"A": {"anyOf": [{"$ref": "#/properties/a"}, {"type": "boolean"}]}});
    assert_eq!(form(&schema, "a=1").0, json!({"a": 1}));
    assert_eq!(form(&schema, "a=true").0, json!({"a": true}));
}

#[test]
fn uses_the_schema_of_additional_properties() {
    let schema = json!({"type": "object", "additionalProperties": {"type": "integer"}});
    assert_eq!(form(&schema, "a=1").0, json!({"a": 1}));
}

#[test]
fn reads_json_where_an_object_is_expected() {
    let schema = object(&json!({"a": {"type": "object"}}));
    assert_eq!(
        form(&schema, "a=%7B%22b%22:1%7D"),
        (json!({"a": {"b": 1}}), vec![])
    );
    assert_eq!(form(&schema, "a=%7B").1, ["type"]);
}
