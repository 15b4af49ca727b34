//! What the handler `echo` answers: every value that arrived, tagged with its type.

use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use sabir_core::{Call, Kind, Value, json::whole_digits, operation::In, value::FileContent};
use serde_json::{Map, Value as Json, json};

use crate::read::sha256;

/// The largest integer that every JSON reader keeps (RFC 8259 §6).
const SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Schemas of one route, which give values of one JSON type their own.
#[derive(Debug)]
pub(crate) struct Echo {
    operation: Json,
    components: Map<String, Json>,
}

impl Echo {
    pub(crate) fn new(operation: &Json, components: &Map<String, Json>) -> Self {
        Self {
            operation: operation.clone(),
            components: components.clone(),
        }
    }

    /// An object with a section for each place that the operation reads from.
    pub(crate) fn received(&self, call: Call) -> Result<Json, String> {
        let mut answer = Map::new();
        let infos = call.route.parameters.iter();
        for (info, value) in infos.zip(call.arguments.parameters) {
            let location = section_name(info.location);
            let section = answer.entry(location).or_insert_with(|| json!({}));
            if let Some(value) = value {
                let schema = self.parameter_schema(location, info.name);
                section[info.name] = self.tag(&value, schema, Some(info.kind), false)?;
            }
        }
        if let Some(value) = call.arguments.body {
            let schema = self.body_schema(&call.head.headers);
            answer.insert("body".into(), self.tag(&value, schema, None, true)?);
        }
        Ok(Json::Object(answer))
    }

    /// A message of a WebSocket with its types.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn message(&self, value: &Value) -> Result<Json, String> {
        self.tag(
            value,
            self.operation.pointer("/x-sabir/websocket/incoming"),
            None,
            true,
        )
    }

    /// A value of JSON Lines with its types.
    pub(crate) fn item(&self, value: &Value) -> Result<Json, String> {
        let schema = "/requestBody/content/application~1jsonl/itemSchema";
        self.tag(value, self.operation.pointer(schema), None, true)
    }

    fn parameter_schema(&self, location: &str, name: &str) -> Option<&Json> {
        let parameters = self.operation.get("parameters")?.as_array()?;
        let declared = parameters.iter().find(|parameter| {
            parameter["in"] == location
                && parameter["name"].as_str().is_some_and(|declared| {
                    declared == name || location == "header" && declared.eq_ignore_ascii_case(name)
                })
        })?;
        declared.get("schema")
    }

    /// The schema for the content's media type; the only one when there is one.
    fn body_schema(&self, headers: &http::HeaderMap) -> Option<&Json> {
        let content = self.operation.get("requestBody")?.get("content")?.as_object()?;
        let sent = headers.get("content-type").and_then(|value| value.to_str().ok());
        let essence = sent
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim();
        let by_type = content
            .iter()
            .find(|(media_type, _)| media_type.eq_ignore_ascii_case(essence));
        by_type.or_else(|| content.iter().next())?.1.get("schema")
    }

    fn resolve<'a>(&'a self, schema: Option<&'a Json>) -> Option<&'a Json> {
        let schema = schema?;
        let Some(reference) = schema.get("$ref").and_then(Json::as_str) else {
            return Some(schema);
        };
        self.components
            .get(reference.strip_prefix("#/components/schemas/")?)
    }

    /// `value` with its type; in JSON content (`by_json_type`) a number keeps the type that it was written with.
    fn tag(
        &self,
        value: &Value,
        schema: Option<&Json>,
        kind: Option<&Kind>,
        by_json_type: bool,
    ) -> Result<Json, String> {
        let schema = self.resolve(schema);
        let of_items = match kind {
            Some(Kind::Array(items)) => Some(&**items),
            _ => None,
        };
        Ok(match value {
            Value::Null => Json::Null,
            Value::Bool(value) => json!({ "bool": value }),
            Value::Integer(integer) if is_float(schema, kind) && !by_json_type => json!({ "float": integer }),
            Value::Integer(integer) if integer.unsigned_abs() <= SAFE_INTEGER => json!({ "int": integer }),
            Value::Integer(integer) => json!({ "int": integer.to_string() }),
            Value::Number(number) => json!({ "float": number }),
            Value::Literal(text) => match whole_digits(text) {
                Some(digits) => json!({ "int": digits }),
                None => json!({ "float": text.parse::<f64>().map_err(|error| error.to_string())? }),
            },
            Value::String(text) => text_of(text, format_of(schema, kind))?,
            Value::Bytes(bytes) => json!({ "bytes": BASE64.encode(bytes) }),
            Value::File(file) => {
                let content = match &file.content {
                    FileContent::Memory(bytes) => bytes.to_vec(),
                    FileContent::Disk(path) => std::fs::read(path).map_err(|error| error.to_string())?,
                };
                json!({ "file": {
                    "filename": file.filename.as_deref(),
                    "content_type": file.content_type.as_deref(),
                    "size": file.size,
                    "sha256": sha256(&content),
                } })
            }
            Value::Array(items) => {
                let prefix = schema
                    .and_then(|schema| schema.get("prefixItems"))
                    .and_then(Json::as_array);
                let rest = schema.and_then(|schema| schema.get("items"));
                let tagged = items.iter().enumerate().map(|(index, item)| {
                    let schema = prefix.and_then(|prefix| prefix.get(index)).or(rest);
                    self.tag(item, schema, of_items, by_json_type)
                });
                json!({ "list": tagged.collect::<Result<Vec<_>, _>>()? })
            }
            Value::Object(members) => {
                let properties = schema.and_then(|schema| schema.get("properties"));
                let others = schema.and_then(|schema| schema.get("additionalProperties"));
                let tagged = members.0.iter().map(|(name, member)| {
                    let schema = properties
                        .and_then(|properties| properties.get(name.as_str()))
                        .or(others);
                    Ok((name.to_string(), self.tag(member, schema, None, by_json_type)?))
                });
                json!({ "object": tagged.collect::<Result<Map<_, _>, String>>()? })
            }
        })
    }
}

fn section_name(location: In) -> &'static str {
    match location {
        In::Path => "path",
        In::Query => "query",
        In::Header => "header",
        In::Cookie => "cookie",
    }
}

fn is_float(schema: Option<&Json>, kind: Option<&Kind>) -> bool {
    kind == Some(&Kind::Number) || schema.is_some_and(|schema| schema["type"] == "number")
}

fn format_of<'a>(schema: Option<&'a Json>, kind: Option<&Kind>) -> &'a str {
    match kind {
        Some(Kind::Uuid) => "uuid",
        Some(Kind::Date) => "date",
        Some(Kind::DateTime) => "date-time",
        Some(Kind::Time) => "time",
        Some(Kind::Duration) => "duration",
        Some(Kind::Decimal) => "decimal",
        _ => schema
            .and_then(|schema| schema["format"].as_str())
            .unwrap_or_default(),
    }
}

fn text_of(text: &str, format: &str) -> Result<Json, String> {
    Ok(match format {
        "uuid" => json!({ "uuid": text.to_ascii_lowercase() }),
        "date" => json!({ "date": text }),
        "date-time" => json!({ "datetime": normal_time(text) }),
        "time" => json!({ "time": normal_time(text) }),
        "duration" => json!({ "duration_seconds": seconds(text)? }),
        "decimal" => json!({ "decimal": text }),
        _ => json!({ "str": text }),
    })
}

/// A time in upper case, its fraction without trailing zeros, `Z` for UTC (RFC 3339 §5.6).
fn normal_time(text: &str) -> String {
    let upper = text.to_ascii_uppercase().replacen(' ', "T", 1);
    let clock = upper.find('T').map_or(0, |at| at + 1);
    let zone = upper[clock..]
        .find(['Z', '+', '-'])
        .map_or(upper.len(), |at| at + clock);
    let (time, zone) = upper.split_at(zone);
    let time = if time.contains('.') {
        time.trim_end_matches('0').trim_end_matches('.')
    } else {
        time
    };
    format!(
        "{time}{}",
        if zone == "+00:00" || zone == "-00:00" {
            "Z"
        } else {
            zone
        }
    )
}

/// The length of a duration, its days of 24 hours (RFC 3339 appendix A).
fn seconds(text: &str) -> Result<f64, String> {
    let span: jiff::Span = text.parse().map_err(|error: jiff::Error| error.to_string())?;
    let options = jiff::SpanTotal::from(jiff::Unit::Second).days_are_24_hours();
    span.total(options).map_err(|error| error.to_string())
}
