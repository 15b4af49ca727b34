use serde_json::json;

use super::*;

/// What is wrong with `value`, which must be the same whether it is a tree or a large text.
fn failures(schema: &Json, value: &Json) -> Vec<(String, String, String)> {
    let schema = SchemaCompiler::default().compile(schema, "schema").unwrap();
    let mut violations = Violations::default();
    schema.validate(&from_json(value), Location::Body, None, &mut violations);
    let mut of_text = Violations::default();
    let text = format!("{value}{}", " ".repeat(LARGE));
    schema
        .validate_text(text.as_bytes(), &JsonLimits::OF_APPLICATION, &mut of_text)
        .unwrap();
    assert_eq!(of_text.to_vec(), violations.to_vec());
    let found = violations.iter().cloned();
    found
        .map(|found| {
            (
                found.pointer.unwrap_or_default(),
                found.keyword.into_owned(),
                found.detail,
            )
        })
        .collect()
}

#[test]
fn reports_all_failures_with_pointers() {
    let schema = json!({"type": "object", "required": ["sku"], "additionalProperties": false,
            "properties": {"sku": {"type": "string"}, "quantity": {"type": "integer", "minimum": 1}}});
    let found = failures(&schema, &json!({"quantity": 0, "extra": true}));
    assert!(found.contains(&(
        "/quantity".into(),
        "minimum".into(),
        "0 is less than the minimum of 1".into()
    )));
    assert!(found.contains(&(
        String::new(),
        "required".into(),
        "the property \"sku\" is missing".into()
    )));
    assert!(found.contains(&(
        String::new(),
        "additionalProperties".into(),
        "the property \"extra\" is not permitted".into()
    )));
    assert_eq!(found.len(), 3);
}

#[test]
fn names_the_keywords_that_count_matching_items() {
    let schema = json!({"contains": {"type": "integer"}, "minContains": 2});
    assert_eq!(failures(&schema, &json!([1, "a"]))[0].1, "minContains");
}

#[test]
fn asserts_formats() {
    assert_eq!(
        failures(&json!({"type": "string", "format": "uuid"}), &json!("x"))[0].1,
        "format"
    );
    assert_eq!(
        failures(&json!({"type": "string", "format": "decimal"}), &json!("1.50")),
        vec![]
    );
}

#[test]
fn resolves_components() {
    let components = json!({"Sku": {"type": "string", "minLength": 3}});
    let compiler = SchemaCompiler::new(components.as_object().unwrap().clone());
    let schema = compiler
        .compile(&json!({"$ref": "#/components/schemas/Sku"}), "schema")
        .unwrap();
    assert_eq!(schema.kind(), &Kind::String);
    let mut violations = Violations::default();
    schema.validate(
        &Value::String("ab".into()),
        Location::Query,
        Some(&"sku".into()),
        &mut violations,
    );
    assert_eq!(violations[0].keyword, "minLength");
    assert!(
        compiler
            .compile(&json!({"$ref": "#/components/schemas/Nope"}), "schema")
            .is_err()
    );
}

fn is_valid(compiler: &SchemaCompiler, schema: &Json, value: &Json) -> bool {
    let schema = compiler.compile(schema, "schema").unwrap();
    let mut violations = Violations::default();
    schema.validate(&from_json(value), Location::Body, None, &mut violations);
    violations.is_empty()
}

fn refused(compiler: &SchemaCompiler, schema: &Json) -> (String, String) {
    let error = compiler.compile(schema, "schema").unwrap_err();
    (error.field, error.problem)
}

#[test]
fn honours_the_draft_that_a_schema_names() {
    let compiler = SchemaCompiler::default();
    let four =
        json!({"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": true});
    assert!(!is_valid(&compiler, &four, &json!(1)) && is_valid(&compiler, &four, &json!(2)));
    let seven = json!({"$schema": "http://json-schema.org/draft-07/schema", "items": [{"type": "string"}], "additionalItems": false});
    assert!(!is_valid(&compiler, &seven, &json!([1])) && !is_valid(&compiler, &seven, &json!(["a", 1])));
    assert!(is_valid(&compiler, &seven, &json!(["a"])));
    let embedded = json!({"properties": {"a": {"$id": "urn:a", "$schema": "http://json-schema.org/draft-07/schema#",
            "items": [{"type": "string"}]}}});
    assert!(!is_valid(&compiler, &embedded, &json!({"a": [1]})));
    assert!(is_valid(&compiler, &embedded, &json!({"a": ["a", 1]})));
}

#[test]
fn refuses_dialects_that_it_does_not_know() {
    let compiler = SchemaCompiler::default();
    for (schema, field) in [
        (
            json!({"$schema": "https://example.org/dialect", "type": "string"}),
            "schema.$schema",
        ),
        (
            json!({"items": {"$id": "urn:a", "$schema": "urn:b", "type": "string"}}),
            "schema.items.$schema",
        ),
        (
            json!({"items": {"$schema": "http://json-schema.org/draft-07/schema#"}}),
            "schema.items.$schema",
        ),
    ] {
        assert_eq!(refused(&compiler, &schema).0, field);
    }
    let data = json!({"enum": [{"$schema": "urn:b"}]});
    assert!(is_valid(&compiler, &data, &json!({"$schema": "urn:b"})));
}

#[test]
fn names_the_component_that_is_wrong_and_leaves_others_alone() {
    let components = json!({"Good": {"type": "string"}, "Bad": {"properties": {"a": {"type": "strin"}}},
            "Old": {"$schema": "http://json-schema.org/draft-04/schema#", "maximum": 2, "exclusiveMaximum": true}});
    let compiler = SchemaCompiler::new(components.as_object().unwrap().clone());
    assert!(is_valid(
        &compiler,
        &json!({"$ref": "#/components/schemas/Good"}),
        &json!("a")
    ));
    let bad = json!({"items": {"$ref": "#/components/schemas/Bad"}});
    assert_eq!(refused(&compiler, &bad).0, "components.Bad.properties.a.type");
    let old = json!({"$ref": "#/components/schemas/Old"});
    assert!(!is_valid(&compiler, &old, &json!(2)) && is_valid(&compiler, &old, &json!(1)));
}

#[test]
fn refers_to_other_documents() {
    let documents = json!({
        "https://example.org/sku": {"$defs": {"code": {"type": "integer", "minimum": 3}}, "$ref": "#/$defs/code"},
        "urn:order": {"properties": {"sku": {"$ref": "https://example.org/sku"}}, "patternProperties": {"^.$": {"type": "null"}}},
        "urn:old": {"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": true},
        "urn:api": {"$schema": "https://spec.openapis.org/oas/3.1/dialect/base", "type": "integer"},
        "urn:never": false
    });
    let compiler = SchemaCompiler::default()
        .with_documents(documents.as_object().unwrap().clone())
        .unwrap();
    let order = json!({"$ref": "urn:order"});
    assert!(is_valid(&compiler, &order, &json!({"sku": 3, "a": null})));
    assert!(
        !is_valid(&compiler, &order, &json!({"sku": 2})) && !is_valid(&compiler, &order, &json!({"a": 1}))
    );
    assert!(!is_valid(&compiler, &json!({"$ref": "urn:old"}), &json!(1)));
    assert!(!is_valid(&compiler, &json!({"$ref": "urn:never"}), &json!(1)));
    assert!(!is_valid(&compiler, &json!({"$ref": "urn:api"}), &json!("1")));
    let either = json!({"anyOf": [{"$ref": "urn:api"}, {"type": "null"}]});
    assert!(compiler.compile_parts(&either, &["/anyOf/0", "/anyOf/1"]).is_ok());
    let code = json!({"$ref": "https://example.org/sku#/$defs/code"});
    assert_eq!(compiler.compile(&code, "schema").unwrap().kind(), &Kind::Integer);
    let whole = json!({"$ref": "https://example.org/sku"});
    assert_eq!(compiler.compile(&whole, "schema").unwrap().kind(), &Kind::Integer);
    assert!(
        compiler
            .compile(&json!({"$ref": "urn:missing"}), "schema")
            .is_err()
    );
    for (uri, document) in [
        ("relative", json!({})),
        ("urn:a#b", json!({})),
        ("urn:a", json!({"$schema": "urn:b"})),
    ] {
        let documents = std::iter::once((uri.to_owned(), document)).collect();
        let error = SchemaCompiler::default().with_documents(documents).unwrap_err();
        assert!(error.field.starts_with(&format!("schemas.{uri}")), "{error}");
    }
}

#[test]
fn keeps_references_inside_a_resource_of_its_own() {
    let schema = json!({"type": "object", "properties": {"tree": {"$id": "urn:tree", "type": "object",
            "properties": {"name": {"$ref": "#text"}, "child": {"$ref": "#"}},
            "$defs": {"text": {"$anchor": "text", "type": "string"}}, "additionalProperties": false}}});
    let compiler = SchemaCompiler::default();
    assert!(is_valid(
        &compiler,
        &schema,
        &json!({"tree": {"child": {"child": {"name": "a"}}}, "other": 1})
    ));
    assert!(!is_valid(
        &compiler,
        &schema,
        &json!({"tree": {"child": {"name": 1}}})
    ));
    assert!(!is_valid(
        &compiler,
        &schema,
        &json!({"tree": {"child": {"other": 1}}})
    ));
}

#[test]
fn finds_kinds_wherever_a_reference_leads() {
    let documents = json!({
        "https://example.org/all": {"$defs": {"sku": {"$id": "sku", "$anchor": "a", "type": "integer"}}},
        "https://example.org/by/name": {"$ref": "../sku#a"},
    });
    let compiler = SchemaCompiler::default()
        .with_documents(documents.as_object().unwrap().clone())
        .unwrap();
    for schema in [
        json!({"$ref": "#n", "$defs": {"a": {"$anchor": "n", "type": "integer"}}}),
        json!({"$ref": "urn:n", "$defs": {"a": {"$id": "urn:n", "type": "integer"}}}),
        json!({"$ref": "urn:n#/$defs/b", "$defs": {"a": {"$id": "urn:n", "$defs": {"b": {"$ref": "#c"},
                "c": {"$anchor": "c", "type": "integer"}}}}}),
        json!({"$ref": "#/$defs/a%20b", "$defs": {"a b": {"type": "integer"}}}),
        json!({"$ref": "https://example.org/sku"}),
        json!({"$ref": "https://example.org/by/name"}),
    ] {
        let kind = compiler.compile(&schema, "schema").unwrap().kind().clone();
        assert_eq!(kind, Kind::Integer, "{schema}");
        assert!(!is_valid(&compiler, &schema, &json!("1")), "{schema}");
    }
}

#[test]
fn takes_booleans_for_schemas() {
    let compiler = SchemaCompiler::default();
    assert!(is_valid(&compiler, &json!(true), &json!(1)));
    assert!(!is_valid(&compiler, &json!(false), &json!(1)));
    assert!(!is_valid(
        &compiler,
        &json!({"properties": {"a": false}}),
        &json!({"a": 1})
    ));
}

#[test]
fn makes_formats_annotations_where_that_is_set() {
    let settings = Settings {
        format_assertion: false,
        ..Settings::default()
    };
    let compiler = SchemaCompiler::default().with_settings(&settings);
    assert!(is_valid(&compiler, &json!({"format": "uuid"}), &json!("x")));
}

#[test]
fn says_where_a_schema_is_invalid() {
    for (schema, field) in [
        (json!({"type": "strin"}), "schema.type"),
        (
            json!({"properties": {"a/b": {"minimum": "1"}}}),
            "schema.properties.a/b.minimum",
        ),
        (
            json!({"allOf": [true, {"required": "a"}]}),
            "schema.allOf[1].required",
        ),
        (json!({"items": {"pattern": "("}}), "schema.items.pattern"),
        (json!({"items": {"$ref": "#/$defs/a"}}), "schema.items.$ref"),
        (json!({"items": {"$ref": "#a"}}), "schema.items.$ref"),
        (
            json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "items": [{"$ref": "urn:a"}],
                    "allOf": [{"$ref": "urn:a"}]}),
            "schema.items",
        ),
        (
            json!({"allOf": [{"$ref": "https://json-schema.org/draft/2020-12/schema"}, {"$ref": "urn:a"}]}),
            "schema.allOf[1].$ref",
        ),
        (json!("string"), "schema"),
    ] {
        let error = SchemaCompiler::default().compile(&schema, "schema").unwrap_err();
        assert_eq!(error.field, field, "{schema}: {error}");
        assert!(error.problem.starts_with("the schema is not valid: "), "{error}");
    }
}
