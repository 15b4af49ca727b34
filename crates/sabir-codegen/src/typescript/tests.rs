//! Whole tests of fixtures.

use serde_json::{Value, json};

use super::test;
use crate::fixture::Fixture;

fn printed(app: &Value) -> String {
    let content = json!({
        "about": "A plain route answers.",
        "source": "RFC 9110",
        "app": app,
        "exchanges": [{ "send": { "method": "GET", "path": "/" }, "expect": { "status": 200 } }]
    });
    test(&Fixture {
        category: "routing".into(),
        name: "plain".into(),
        content: serde_json::from_value(content).unwrap(),
    })
}

#[test]
fn a_plain_application_is_short() {
    let app = json!({
        "settings": {"trailing_slash": "strict"},
        "routes": [{"method": "GET", "path": "/a", "handler": {"do": "return", "value": "a", "as": "text"}}]
    });
    let source = "
// A plain route answers.
check(\"routing/plain\", () => {
  const app = new Sabir({ trailingSlash: \"strict\" });
  app.get(\"/a\", () => \"a\");
  return app;
});
";
    assert_eq!(printed(&app), source);
}

#[test]
fn echo_knows_the_types_of_what_arrives() {
    let operation = json!({"requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Order"}
    }}}});
    let app = json!({
        "converters": [{"name": "year", "regex": "[0-9]{4}", "schema": {"type": "integer"}}],
        "components": {"Order": {"type": "object"}},
        "routes": [
            {"method": "POST", "path": "/{at:year}", "operation": operation, "handler": {"do": "echo"}},
            {"method": "Purge", "path": "/{name}", "handler": {"do": "echo"}}
        ]
    });
    let source = "
// A plain route answers.
check(\"routing/plain\", () => {
  const components = { Order: { type: \"object\" } } as const;
  const app = new Sabir({}, { components });
  const converters = { year: { type: \"integer\" } } as const;
  app.converter(\"year\", \"[0-9]{4}\", converters.year);
  const rootOptions = { body: { $ref: \"#/components/schemas/Order\" } } as const;
  app.post(\"/{at:year}\", rootOptions, (context) =>
    echo(context, { ...rootOptions, path: \"/{at:year}\", converters, components }),
  );
  app.route(\"/{name}\", { methods: \"Purge\" }, (context) => echo(context));
  return app;
});
";
    assert_eq!(printed(&app), source);
}

#[test]
fn short_options_stand_in_the_call() {
    let app = json!({"routes": [{
        "method": "POST", "path": "/a", "operation": {"x-sabir": {"body_limit": 5}},
        "handler": {"do": "read", "what": ["text"]}
    }]});
    let line =
        "\n  app.post(\"/a\", { bodyLimit: 5 }, async ({ request }) => ({ text: await request.text() }));\n";
    assert!(printed(&app).contains(line), "{}", printed(&app));
}

#[test]
fn half_of_the_applications_have_schemas_of_zod() {
    let parameters = json!([{"name": "q", "in": "query", "schema": {"type": "string", "minLength": 2}}]);
    let app = json!({"routes": [
        {"method": "GET", "path": "/a", "operation": {"parameters": parameters}, "handler": {"do": "echo"}}
    ]});
    // The name decides, and this one's turn is zod.
    let source = "
// A plain route answers.
check(\"routing/plain\", () => {
  const app = new Sabir();
  const options = { query: z.object({ q: z.string().min(2).optional() }) };
  app.get(\"/a\", options, (context) => echo(context, options));
  return app;
});
";
    assert_eq!(printed(&app), source);
}
