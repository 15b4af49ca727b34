//! The Paths Object: operations by path and method.

use serde_json::{Map, Value as Json, json};

use super::{openapi_version::OpenApiVersion, operation::WrittenOperation};
use crate::{
    Route,
    routing::{ANY_METHOD, Pattern},
};

/// The methods that a Path Item has a word for (OpenAPI 3.1 §4.8.9), in its order.
const METHODS: [&str; 8] = [
    "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE",
];

/// What an operation of any method is listed under. OPTIONS and TRACE are seldom meant by it, and HEAD is a GET without the content.
const ANY: [&str; 5] = ["GET", "PUT", "POST", "DELETE", "PATCH"];

/// Paths in the order in which they were added.
#[derive(Default)]
pub(super) struct Paths(Vec<Path>);

struct Path {
    template: String,
    /// The template without the names of variables: what makes two paths the same (OpenAPI 3.1 §4.8.8.1).
    shape: String,
    variables: Vec<String>,
    /// The path as it was written, of which there is one operation of any method.
    pattern: String,
    operations: Vec<(String, WrittenOperation)>,
    any: Option<WrittenOperation>,
}

impl Paths {
    /// Adds the operation of a route.
    ///
    /// Paths that differ in their converters only are one path to OpenAPI, which has one operation of each method. Where a method has
    /// two of them, the second is listed with other names for its variables.
    pub(super) fn add(&mut self, route: &Route, operation: WrittenOperation) {
        let method = route.method.as_str();
        let (pattern, shape) = (
            route.pattern.as_str(),
            route.pattern.url_template(|_| String::new()),
        );
        let has_room = |path: &Path| {
            path.shape == shape
                && if method == ANY_METHOD {
                    path.any.is_none() && path.pattern == pattern
                } else {
                    path.operations.iter().all(|(known, _)| known != method)
                }
        };
        let index = self.0.iter().position(has_room).unwrap_or_else(|| {
            self.0.push(self.path(&route.pattern, shape.clone()));
            self.0.len() - 1
        });
        let Some(path) = self.0.get_mut(index) else {
            return;
        };
        let names = route.pattern.variables().map(|(name, _)| name.to_owned());
        let names: Vec<_> = names.zip(path.variables.iter().cloned()).collect();
        let operation = renamed(operation, &names);
        if method == ANY_METHOD {
            path.any = Some(operation);
        } else {
            path.operations.push((method.to_owned(), operation));
        }
    }

    /// A path whose template nothing else has.
    fn path(&self, pattern: &Pattern, shape: String) -> Path {
        let mut number = 1;
        loop {
            let rename = |name: &str| {
                if number == 1 {
                    name.to_owned()
                } else {
                    format!("{name}_{number}")
                }
            };
            let template = pattern.url_template(rename);
            if self.0.iter().all(|path| path.template != template) {
                return Path {
                    template,
                    shape,
                    variables: pattern.variables().map(|(name, _)| rename(name)).collect(),
                    pattern: pattern.as_str().to_owned(),
                    operations: Vec::new(),
                    any: None,
                };
            }
            number += 1;
        }
    }

    pub(super) fn finish(self, version: OpenApiVersion) -> Map<String, Json> {
        let mut paths = Map::new();
        for path in self.0 {
            let template = path.template.clone();
            paths.insert(template, path.finish(version).into());
        }
        paths
    }
}

impl Path {
    fn finish(self, version: OpenApiVersion) -> Map<String, Json> {
        let Self {
            mut operations, any, ..
        } = self;
        if let Some(mut any) = any {
            for method in ANY {
                if operations.iter().all(|(known, _)| known != method) {
                    operations.push((method.to_owned(), any.clone()));
                    // An id is that of one operation.
                    any.remove("operationId");
                }
            }
        }
        let place = |method: &str| METHODS.iter().position(|known| *known == method);
        operations.sort_by_key(|(method, _)| place(method).unwrap_or(METHODS.len()));
        let (mut item, mut others) = (Map::new(), Map::new());
        for (method, operation) in operations {
            let is_word = place(&method).is_some() || (version == OpenApiVersion::V3_2 && method == "QUERY");
            if is_word {
                item.insert(method.to_ascii_lowercase(), operation.into());
            } else {
                others.insert(method, operation.into());
            }
        }
        if !others.is_empty() {
            match version {
                OpenApiVersion::V3_1 => {
                    item.insert("x-sabir".into(), json!({ "additionalOperations": others }))
                }
                OpenApiVersion::V3_2 => item.insert("additionalOperations".into(), others.into()),
            };
        }
        item
    }
}

/// The operation as one of another path, whose variables have other names.
fn renamed(mut operation: WrittenOperation, names: &[(String, String)]) -> WrittenOperation {
    let Some(Json::Array(parameters)) = operation.get_mut("parameters") else {
        return operation;
    };
    for parameter in parameters
        .iter_mut()
        .filter(|parameter| parameter["in"] == "path")
    {
        let new = names.iter().find(|(old, _)| parameter["name"] == **old);
        if let Some((_, new)) = new {
            parameter["name"] = new.as_str().into();
        }
    }
    operation
}
