//! The operation that a handler's arguments describe.

use sabir_core::{
    Operation, SetupError,
    operation::{In, MediaType, Parameter, RequestBody},
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value as Json};

/// An operation in the making.
#[derive(Debug, Default)]
pub struct Description {
    operation: Operation,
    error: Option<SetupError>,
}

impl Description {
    /// The finished operation.
    ///
    /// # Errors
    /// The first argument that cannot be described, or that would never get anything.
    pub fn into_operation(self) -> Result<Operation, SetupError> {
        self.error.map_or(Ok(self.operation), Err)
    }

    /// Adds one query parameter for every property of `T`.
    pub fn add_query<T: JsonSchema>(&mut self) {
        let schema = schema_of::<T>();
        let required = names(schema.get("required"));
        let definitions = schema.get("$defs").cloned();
        let Some(Json::Object(properties)) = schema.get("properties") else {
            let is_no_object = schema.get("type").is_none_or(|kind| kind != "object");
            if is_no_object
                || schema
                    .get("additionalProperties")
                    .is_some_and(|rest| rest != false)
            {
                let problem = "the type of the query has no fields that could be parameters";
                self.refuse(problem, "use a struct with named fields");
            }
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
        let schema = Json::Object(schema_of::<T>());
        if body
            .content
            .insert(media_type.into(), MediaType { schema })
            .is_some()
        {
            let problem = format!("two arguments take a body of the type {media_type}");
            self.refuse(problem, "take one of them");
        }
    }

    fn refuse(&mut self, problem: impl Into<String>, remedy: &str) {
        self.error
            .get_or_insert_with(|| SetupError::new("arguments", problem, remedy));
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
