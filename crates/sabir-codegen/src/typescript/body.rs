//! The body as an option of a route.

use serde_json::{Map, Value};

use super::{
    literal,
    zod::{self, Described, Dialect},
};

/// The option that declares the Request Body Object `request_body`.
pub(super) fn option(request_body: &Value, dialect: Dialect) -> Described {
    match short_form(request_body) {
        Some((option, schema)) => {
            let zod = (dialect == Dialect::Zod).then(|| zod::of(schema)).flatten();
            Described::new(option, zod, || literal::object(schema))
        }
        None => Described::new("requestBody", None, || literal::json(request_body)),
    }
}

/// `body` or `form` with the schema, when they say the same as `request_body`.
fn short_form(request_body: &Value) -> Option<(&'static str, &Map<String, Value>)> {
    let members = request_body.as_object()?;
    if members.len() != 2 || members.get("required") != Some(&Value::Bool(true)) {
        return None;
    }
    let content = members.get("content")?.as_object()?;
    let [(media_type, media)] = content.iter().collect::<Vec<_>>()[..] else {
        return None;
    };
    let media = media.as_object()?;
    if media.keys().any(|name| name != "schema") {
        return None;
    }
    match (media_type.as_str(), media.get("schema")) {
        ("application/json", Some(schema)) => Some(("body", schema.as_object()?)),
        // A form without a file may also be urlencoded, which this one may not.
        ("multipart/form-data", Some(schema)) if has_file(schema) => Some(("form", schema.as_object()?)),
        _ => None,
    }
}

/// Whether a field of the form `schema` is a file or a list of files.
fn has_file(schema: &Value) -> bool {
    let is_file = |schema: &Value| schema["type"] == "string" && schema["format"] == "binary";
    let mut fields = schema["properties"].as_object().into_iter().flatten();
    fields.any(|(_, field)| is_file(field) || field["type"] == "array" && is_file(&field["items"]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(media_type: &str, media: &Value, is_required: bool) -> String {
        let content = json!({ media_type: media });
        option(
            &json!({"required": is_required, "content": content}),
            Dialect::Json,
        )
        .member
        .print(0)
    }

    #[test]
    fn required_json_is_a_body() {
        let media = json!({"schema": {"type": "integer"}});
        assert_eq!(
            printed("application/json", &media, true),
            r#"body: { type: "integer" }"#
        );
        assert!(printed("application/json", &media, false).starts_with("requestBody"));
        assert!(printed("text/plain", &media, true).starts_with("requestBody"));
    }

    #[test]
    fn a_form_takes_what_the_media_type_says() {
        let plain = json!({"schema": {"type": "object", "properties": {"a": {"type": "string"}}}});
        let file = json!({"schema": {"properties": {"a": {"type": "string", "format": "binary"}}}});
        assert!(printed("multipart/form-data", &file, true).starts_with("form: {"));
        assert!(printed("multipart/form-data", &plain, true).starts_with("requestBody"));
        assert!(printed("application/x-www-form-urlencoded", &plain, true).starts_with("requestBody"));
    }
}
