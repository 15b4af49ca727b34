//! The operation that a handler's arguments describe.

use sabir_core::{
    Operation,
    operation::{In, MediaType, Parameter, RequestBody},
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value as Json};

/// An operation in the making.
#[derive(Debug, Default)]
pub struct Description {
    operation: Operation,
}

impl Description {
    /// The finished operation.
    pub fn into_operation(self) -> Operation {
        self.operation
    }

    /// Adds one query parameter for every property of `T`.
    pub fn add_query<T: JsonSchema>(&mut self) {
        let schema = schema_of::<T>();
        let required = names(schema.get("required"));
        let definitions = schema.get("$defs").cloned();
        let Some(Json::Object(properties)) = schema.get("properties") else {
            return;
        };
        for (name, property) in properties {
            let mut property = property.clone();
            if let (Some(definitions), Json::Object(property)) = (&definitions, &mut property) {
                property.insert("$defs".into(), definitions.clone());
            }
            self.operation.parameters.push(Parameter {
                name: name.clone(),
                location: In::Query,
                description: None,
                required: required.contains(&name.as_str()),
                deprecated: false,
                style: None,
                explode: None,
                schema: property,
            });
        }
    }

    /// Declares a required body of `media_type` that fits `T`.
    pub fn add_body<T: JsonSchema>(&mut self, media_type: &str) {
        let body = self
            .operation
            .request_body
            .get_or_insert_with(RequestBody::default);
        body.required = true;
        body.content.insert(
            media_type.into(),
            MediaType {
                schema: Json::Object(schema_of::<T>()),
            },
        );
    }
}

fn schema_of<T: JsonSchema>() -> Map<String, Json> {
    let generator: SchemaGenerator = SchemaSettings::draft2020_12().into_generator();
    match Json::from(generator.into_root_schema_for::<T>()) {
        Json::Object(members) => members,
        _ => Map::new(),
    }
}

fn names(list: Option<&Json>) -> Vec<&str> {
    list.and_then(Json::as_array)
        .map(|names| names.iter().filter_map(Json::as_str).collect())
        .unwrap_or_default()
}
