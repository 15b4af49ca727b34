//! Operation Objects.

use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};

use super::{
    openapi_version::OpenApiVersion,
    parameters,
    problem::{PROBLEM, problem_schema},
    runtime_problems,
    schemas::Schemas,
};
use crate::{
    ProblemType, Route,
    operation::{MediaType, status_name},
};

/// An operation as the document has it.
pub(super) type WrittenOperation = Map<String, Json>;

/// Writes operations, and collects what they refer to.
pub(super) struct Operations<'s> {
    version: OpenApiVersion,
    schemas: Schemas<'s>,
    /// The reference to the schema of problems.
    problem: Json,
}

impl<'s> Operations<'s> {
    pub(super) fn new(version: OpenApiVersion, mut schemas: Schemas<'s>) -> Self {
        // First, so that it has its name.
        let problem = schemas.add(&problem_schema());
        Self {
            version,
            schemas,
            problem,
        }
    }

    pub(super) fn operation(&mut self, route: &Route) -> WrittenOperation {
        let operation = &route.operation;
        let mut written = Map::new();
        if !operation.tags.is_empty() {
            written.insert("tags".into(), operation.tags.clone().into());
        }
        for (name, text) in [
            ("summary", &operation.summary),
            ("description", &operation.description),
            ("operationId", &operation.operation_id),
        ] {
            if let Some(text) = text {
                written.insert(name.into(), text.as_str().into());
            }
        }
        let parameters = parameters::objects(route, &mut self.schemas);
        if !parameters.is_empty() {
            written.insert("parameters".into(), parameters.clone().into());
        }
        if let Some(body) = &operation.request_body {
            let mut object = Map::new();
            if let Some(description) = &body.description {
                object.insert("description".into(), description.as_str().into());
            }
            object.insert("content".into(), self.content(&body.content).into());
            if body.required {
                object.insert("required".into(), true.into());
            }
            written.insert("requestBody".into(), object.into());
        }
        written.insert("responses".into(), self.responses(route, &parameters).into());
        if operation.deprecated {
            written.insert("deprecated".into(), true.into());
        }
        if !operation.security.is_empty() {
            written.insert("security".into(), json!(operation.security));
        }
        written
    }

    /// What is declared, what the runtime answers in its place, and what all else is.
    fn responses(&mut self, route: &Route, parameters: &[Json]) -> Map<String, Json> {
        let mut responses: Vec<(String, Json)> = Vec::new();
        for (status, response) in &route.operation.responses {
            let mut content = self.content(&response.content);
            let is_error = matches!(status.as_bytes(), [b'4' | b'5', ..]);
            if is_error && content.is_empty() {
                content.insert(PROBLEM.into(), json!({ "schema": self.problem }));
            }
            responses.push((status.clone(), response_object(&response.description, content)));
        }
        if !responses
            .iter()
            .any(|(status, _)| matches!(status.as_bytes(), [b'2' | b'3', ..]))
        {
            responses.push(("2XX".into(), response_object(status_name("2XX"), Map::new())));
        }
        for kind in runtime_problems::of(route, parameters) {
            let status = kind.status().to_string();
            match responses.iter_mut().find(|(known, _)| *known == status) {
                Some((_, response)) => {
                    if response["content"].get(PROBLEM).is_none() {
                        response["content"][PROBLEM] = json!({ "schema": self.problem });
                    }
                }
                None => responses.push((status, json!({ "$ref": format!("{RESPONSES}{}", name_of(kind)) }))),
            }
        }
        if responses.iter().all(|(status, _)| status != "default") {
            responses.push(("default".into(), json!({ "$ref": format!("{RESPONSES}{OTHER}") })));
        }
        // Codes come before ranges, as they do wherever a document is read as an object of JavaScript, and `default` is last.
        responses.sort_by_key(|(status, _)| (status.parse::<u16>().is_err(), status.clone()));
        responses.into_iter().collect()
    }

    fn content(&mut self, content: &IndexMap<String, MediaType>) -> Map<String, Json> {
        content
            .iter()
            .map(|(media_type, description)| {
                (
                    media_type.clone(),
                    self.media_type(media_type, description).into(),
                )
            })
            .collect()
    }

    fn media_type(&mut self, media_type: &str, description: &MediaType) -> Map<String, Json> {
        let mut written = Map::new();
        if !description.schema.is_null() {
            let mut schema = self.schemas.add(&description.schema);
            // Some languages have forms as types with names, others have their fields only.
            if is_form(media_type)
                && let Some((_, form)) = self.schemas.component(&schema)
            {
                schema = form.clone();
            }
            written.insert("schema".into(), schema);
        } else if media_type == PROBLEM {
            written.insert("schema".into(), self.problem.clone());
        }
        let Some(items) = &description.item_schema else {
            return written;
        };
        let items = self.schemas.add(items);
        match self.version {
            OpenApiVersion::V3_2 => {
                written.insert("itemSchema".into(), items);
            }
            OpenApiVersion::V3_1 => {
                written
                    .entry("schema")
                    .or_insert_with(|| json!({ "type": "string" }));
                written.insert("x-sabir".into(), json!({ "itemSchema": items }));
            }
        }
        written
    }

    /// What the operations in `document` refer to.
    pub(super) fn components(self, document: &Json) -> Map<String, Json> {
        let text = document["paths"].to_string();
        let problem = json!({ PROBLEM: { "schema": self.problem } });
        let Json::Object(content) = problem else {
            return Map::new();
        };
        let mut responses = Map::new();
        let all = ProblemType::ALL.iter().map(|kind| (name_of(*kind), kind.title()));
        for (name, title) in all.chain([(OTHER.to_owned(), "Any other answer is a problem")]) {
            if text.contains(&format!("\"{RESPONSES}{name}\"")) {
                responses.insert(name, response_object(title, content.clone()));
            }
        }
        let mut components = Map::new();
        let responses = Json::from(responses);
        let used = self.schemas.used(&json!([document["paths"], responses]));
        if !used.is_empty() {
            components.insert("schemas".into(), used.into());
        }
        if responses != json!({}) {
            components.insert("responses".into(), responses);
        }
        components
    }
}

const RESPONSES: &str = "#/components/responses/";

/// The response that every operation has.
const OTHER: &str = "Problem";

fn is_form(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/x-www-form-urlencoded" | "multipart/form-data"
    )
}

/// The name of a response of the runtime: `NotFound`.
fn name_of(kind: ProblemType) -> String {
    let capitalized = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + rest
    };
    kind.slug().split('-').map(capitalized).collect()
}

fn response_object(description: &str, content: Map<String, Json>) -> Json {
    let mut object = Map::new();
    object.insert("description".into(), description.into());
    if !content.is_empty() {
        object.insert("content".into(), content.into());
    }
    object.into()
}
