//! Bodies from bytes to validated values.

use bytes::Bytes;
use http::HeaderValue;
use serde_json::{Value as Json, json};

use super::*;
use crate::{Problem, Settings, Value, Violation, Violations, json::to_json, schema::SchemaCompiler};

mod forms;
#[cfg(feature = "multipart")]
mod parts;
mod streams;
mod whole;

type Outcome = Result<(Value, Vec<Violation>), Problem>;

fn plan(media_type: &str, schema: &Json, settings: &Settings) -> BodyPlan {
    let components = json!({"Node": {"type": "object", "properties": {
        "size": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Node"}}}});
    let compiler = SchemaCompiler::new(components.as_object().unwrap().clone());
    let body = serde_json::from_value(json!({"content": {media_type: {"schema": schema}}})).unwrap();
    BodyPlan::compile(&body, &compiler, settings).unwrap()
}

fn decode(content_type: &str, schema: &Json, body: &[u8]) -> Outcome {
    decode_with(content_type, schema, body, &Settings::default())
}

fn decode_with(content_type: &str, schema: &Json, body: &[u8], settings: &Settings) -> Outcome {
    let plan = plan("*/*", schema, settings);
    let decoder = plan
        .select(Some(&HeaderValue::from_str(content_type).unwrap()), true)?
        .unwrap();
    let mut violations = Violations::default();
    let value = decoder.decode(&Bytes::copy_from_slice(body), &mut violations)?;
    Ok((value, violations.to_vec()))
}

fn status(outcome: Outcome) -> u16 {
    outcome.unwrap_err().status
}

const FORM: &str = "application/x-www-form-urlencoded";

/// The decoded form as JSON, with the keywords of its violations.
fn form(schema: &Json, body: &str) -> (Json, Vec<String>) {
    let (value, violations) = decode(FORM, schema, body.as_bytes()).unwrap();
    (
        to_json(&value),
        violations
            .into_iter()
            .map(|found| found.keyword.into_owned())
            .collect(),
    )
}

fn object(properties: &Json) -> Json {
    json!({"type": "object", "properties": properties})
}
