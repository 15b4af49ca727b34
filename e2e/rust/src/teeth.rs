//! Switching stages of the pipeline off, to prove that fixtures would notice.

use sabir_codegen::fixture::{Expectation, Fixture, Handler};
use serde_json::{Map, Value, json};

/// A stage of the pipeline: how an application looks that lacks it, and which fixtures depend on it.
pub struct Stage {
    /// The name.
    pub name: &'static str,
    /// Takes the stage out of a fixture's application.
    pub switch_off: fn(&mut Fixture),
    /// Whether the fixture must fail without the stage.
    pub is_needed_by: fn(&Fixture) -> bool,
}

/// Every stage that can be switched off.
pub fn stages() -> [Stage; 7] {
    [
        Stage {
            name: "validation",
            switch_off: |fixture| {
                change_operations(fixture, &without_schemas);
                without_converter_schemas(fixture);
            },
            is_needed_by: |fixture| refuses_with(fixture, &[422]) && !has_missing(fixture),
        },
        Stage {
            name: "coercion",
            switch_off: |fixture| change_operations(fixture, &without_schemas),
            is_needed_by: |fixture| {
                matches!(
                    fixture.category.as_str(),
                    "query_params" | "header_params" | "cookie_params"
                ) && mentions(
                    fixture,
                    &["int", "float", "bool", "list", "object", "uuid", "date"],
                )
            },
        },
        Stage {
            name: "limits",
            switch_off: without_limits,
            is_needed_by: |fixture| {
                fixture.category == "limits" && refuses_with(fixture, &[408, 413, 414, 431, 504])
            },
        },
        Stage {
            name: "decoding",
            switch_off: |fixture| {
                change_operations(fixture, &without_parts);
                without_converter_schemas(fixture);
            },
            is_needed_by: |fixture| refuses_with(fixture, &[415, 422]),
        },
        Stage {
            name: "path conversion",
            switch_off: |fixture| {
                for route in &mut fixture.content.app.routes {
                    route.path = without_converters(&route.path);
                }
            },
            is_needed_by: |fixture| {
                let mut routes = fixture.content.app.routes.iter();
                routes.any(|route| route.path != without_converters(&route.path))
                    && fixture.category == "path_params"
                    && mentions(fixture, &["int", "float", "bool", "uuid", "date"])
            },
        },
        Stage {
            name: "negotiation",
            switch_off: |fixture| {
                change_operations(fixture, &|operation| {
                    operation.remove("responses");
                });
            },
            is_needed_by: |fixture| {
                fixture.category == "negotiation"
                    && (refuses_with(fixture, &[406]) || expects_media_type(fixture))
            },
        },
        Stage {
            name: "cookies",
            switch_off: |fixture| {
                for route in &mut fixture.content.app.routes {
                    if let Handler::Return { cookies, .. } = &mut route.handler {
                        cookies.clear();
                    }
                }
            },
            is_needed_by: |fixture| fixture.category == "cookies",
        },
    ]
}

fn change_operations(fixture: &mut Fixture, change: &dyn Fn(&mut Map<String, Value>)) {
    for route in &mut fixture.content.app.routes {
        if let Some(operation) = route.operation.as_object_mut() {
            change(operation);
        }
    }
}

/// Lets every value through.
fn without_schemas(operation: &mut Map<String, Value>) {
    for parameter in operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        parameter["schema"] = json!({});
    }
    let content = operation
        .get_mut("requestBody")
        .and_then(|body| body.get_mut("content"));
    for (_, media_type) in content.and_then(Value::as_object_mut).into_iter().flatten() {
        media_type["schema"] = json!({});
    }
}

/// Lets every value of a path through that its converter matches.
fn without_converter_schemas(fixture: &mut Fixture) {
    for converter in &mut fixture.content.app.converters {
        converter.schema = json!({});
    }
}

/// Reads neither parameters nor content.
fn without_parts(operation: &mut Map<String, Value>) {
    operation.remove("parameters");
    operation.remove("requestBody");
}

/// Lets everything through that is not endless.
fn without_limits(fixture: &mut Fixture) {
    let settings = &mut fixture.content.app.settings;
    for (name, value) in settings.iter_mut() {
        if name.ends_with("_limit") {
            *value = json!(1 << 30);
        } else if name.ends_with("_timeout_ms") {
            *value = json!(0);
        }
    }
    change_operations(fixture, &|operation| {
        operation.remove("x-sabir");
    });
}

/// Takes the converters out of a pattern, so that its variables are strings.
fn without_converters(pattern: &str) -> String {
    let mut plain = String::new();
    let mut rest = pattern;
    while let Some((before, variable)) = rest.split_once('{') {
        let (variable, after) = variable.split_once('}').unwrap_or((variable, ""));
        let name = variable.split(':').next().unwrap_or_default();
        plain.push_str(&format!("{before}{{{name}}}"));
        rest = after;
    }
    plain + rest
}

/// Every answer that the fixture expects.
fn expectations(fixture: &Fixture) -> impl Iterator<Item = &Expectation> {
    let exchanges = fixture.content.exchanges.iter();
    exchanges.flat_map(|exchange| exchange.expect.all())
}

/// Whether a handler is expected to learn which media type was chosen.
fn expects_media_type(fixture: &Fixture) -> bool {
    expectations(fixture).any(|expectation| {
        expectation
            .body
            .as_ref()
            .is_some_and(|body| body["accepts"].is_string())
    })
}

/// Whether the runtime itself is expected to answer with one of `statuses`.
fn refuses_with(fixture: &Fixture, statuses: &[u16]) -> bool {
    expectations(fixture)
        .any(|expectation| expectation.handler_calls == Some(0) && statuses.contains(&expectation.status))
}

/// Whether every refusal is for a part that is missing: that is noticed without any schema.
fn has_missing(fixture: &Fixture) -> bool {
    expectations(fixture).all(|expectation| {
        expectation.status != 422
            || expectation.body.as_ref().is_some_and(|body| {
                let errors = body["errors"].as_array();
                errors.is_some_and(|errors| errors.iter().all(|error| error["keyword"] == "required"))
            })
    })
}

/// Whether an expected answer has a value with one of `tags`.
fn mentions(fixture: &Fixture, tags: &[&str]) -> bool {
    expectations(fixture).any(|expectation| {
        let text = expectation
            .body
            .as_ref()
            .map(Value::to_string)
            .unwrap_or_default();
        tags.iter().any(|tag| text.contains(&format!("{{\"{tag}\":")))
    })
}
