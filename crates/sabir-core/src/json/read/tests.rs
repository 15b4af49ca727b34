use super::*;

const LIMITS: JsonLimits = JsonLimits {
    depth: 4,
    digits: 640,
    duplicate_keys: DuplicateKeys::Refuse,
};

fn refused(text: &str) -> String {
    parse(text.as_bytes(), &LIMITS).unwrap_err().detail.unwrap()
}

fn read(text: &str) -> Value {
    parse(text.as_bytes(), &LIMITS).unwrap()
}

#[test]
fn keeps_numbers_exact() {
    assert_eq!(read("9223372036854775807"), Value::Integer(i64::MAX));
    assert_eq!(
        read("9223372036854775808"),
        Value::Literal("9223372036854775808".into())
    );
    assert_eq!(read("0.1"), Value::Number(0.1));
    assert_eq!(
        read("0.30000000000000004"),
        Value::Number(0.300_000_000_000_000_04)
    );
    assert_eq!(
        read("0.1234567890123456789"),
        Value::Literal("0.1234567890123456789".into())
    );
    assert_eq!(read("1e400"), Value::Literal("1e400".into()));
    assert_eq!(read("1e-400"), Value::Literal("1e-400".into()));
    assert_eq!(read("1.2345e-320"), Value::Literal("1.2345e-320".into()));
    assert_eq!(read("0e-400"), Value::Number(0.0));
}

#[test]
fn takes_both_shortest_texts_of_a_double_for_that_double() {
    for text in ["765151833333333.2", "765151833333333.3", "7651518.333333333e8"] {
        let value = read(text);
        assert_eq!(value, Value::Number(765_151_833_333_333.3), "{text}");
        assert_eq!(read(&to_text(&value)), value, "{text}");
    }
}

#[test]
fn reads_escapes_and_surrogate_pairs() {
    assert_eq!(read(r#""a\n\u00e9\ud83d\ude00""#), Value::String("a\né😀".into()));
}

#[test]
fn finds_the_end_of_a_string_wherever_it_is() {
    for length in 0..40 {
        let plain = "é".repeat(length);
        assert_eq!(
            read(&format!("\"{plain}\"")),
            Value::String(plain.as_str().into())
        );
        let escaped = format!("\"{plain}\\\"{plain}\"");
        assert_eq!(read(&escaped), Value::String(format!("{plain}\"{plain}").into()));
        assert!(refused(&format!("\"{plain}\u{1f}{plain}\"")).contains("must be escaped"));
        assert!(refused(&format!("\"{plain}")).contains("does not end"));
    }
}

#[test]
fn refuses_what_the_grammar_excludes() {
    for text in [
        "",
        "01",
        "1.",
        ".5",
        "+1",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "nul",
        "'a'",
        "\"a",
        "\"\t\"",
        "1 2",
    ] {
        assert!(refused(text).starts_with("The JSON text is malformed"), "{text}");
    }
    assert!(refused(r#""\ud800""#).contains("surrogate"));
    assert!(refused("\u{feff}1").contains("expected a value"));
}

#[test]
fn bounds_the_digits_of_a_number() {
    let digits = "1".repeat(640);
    for text in [
        &digits,
        "1e639",
        "-1.5e638",
        "1e-639",
        "0.1e-600",
        "1E+0000000000000000000009",
    ] {
        read(text);
    }
    for text in [
        format!("{digits}1"),
        format!("-{digits}.5"),
        "[1e640]".into(),
        "1E999999999".into(),
        "1e-99999999999999999999999".into(),
        format!("1e{}", "9".repeat(100_000)),
    ] {
        assert!(refused(&text).contains("the number has more than 640 digits"));
    }
}

#[test]
fn says_where_the_text_is_malformed() {
    assert!(refused("{\n  \"é\": x}").contains("line 2, column 8"));
}

#[test]
fn refuses_too_deep_a_nesting() {
    assert!(parse(b"[[[[]]]]", &LIMITS).is_ok());
    assert!(refused("[[[[[]]]]]").contains("deeper than 4"));
}

#[test]
fn follows_the_policy_for_duplicate_names() {
    assert!(refused(r#"{"a":1,"a":2}"#).contains("given twice"));
    let last = JsonLimits {
        duplicate_keys: DuplicateKeys::Last,
        ..LIMITS
    };
    let value = parse(br#"{"a":1,"b":3,"a":2}"#, &last).unwrap();
    assert_eq!(to_text(&value), r#"{"a":2,"b":3}"#);
    let many: Vec<String> = (0..40)
        .map(|index| format!("\"k{}\":{index}", index % 39))
        .collect();
    let many = format!("{{{}}}", many.join(","));
    assert!(refused(&many).contains("\"k0\""));
    let Value::Object(members) = parse(many.as_bytes(), &last).unwrap() else {
        panic!("not an object")
    };
    assert_eq!(members.0.len(), 39);
    assert_eq!(members.0[0], ("k0".into(), Value::Integer(39)));
}

fn to_text(value: &Value) -> String {
    String::from_utf8(crate::json::to_json_bytes(value)).unwrap()
}

#[test]
fn writes_what_it_read() {
    let text = r#"{"a":[1,-2.5,"\"\\\n\u0001é",null,true],"big":123456789012345678901234567890}"#;
    assert_eq!(to_text(&read(text)), text);
}
