//! The least that an edge platform needs of the core: routes that are data, and requests that are answered.
//!
//! Everything here depends on what comes from outside, so that nothing of the pipeline is optimised away.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use http::{Request, StatusCode};
use sabir_core::{
    Call, Operation, Reply, RequestId, RouteDefinition, Settings,
    json::to_json,
    pipeline::{Application, ApplicationBuilder},
};
use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

/// An application whose handlers answer with the arguments that they were called with.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Edge(Application);

#[wasm_bindgen]
impl Edge {
    /// Adds routes: a JSON array of objects with `method`, `path` and `operation`.
    ///
    /// # Errors
    /// What is wrong with a route.
    #[wasm_bindgen(constructor)]
    pub fn new(routes: &str, random: u64) -> Result<Self, String> {
        RequestId::start_at(random);
        application(routes).map(Self).map_err(|error| error.to_string())
    }

    /// Answers a request, which has the header fields of a JSON object.
    ///
    /// # Errors
    /// What is no request.
    pub fn call(&self, method: &str, path: &str, headers: &str, content: Vec<u8>) -> Result<Vec<u8>, String> {
        let request = request(method, path, headers, content).map_err(|error| error.to_string())?;
        // There is nothing to wait for.
        let response = self.0.call(request).now_or_never().ok_or("no answer came")?;
        Ok([response.status().as_str().as_bytes(), b" ", response.body()].concat())
    }
}

type AnyError = Box<dyn std::error::Error>;

fn application(routes: &str) -> Result<Application, AnyError> {
    let mut builder = ApplicationBuilder::new(Settings::default());
    let routes: Vec<Value> = serde_json::from_str(routes)?;
    for route in &routes {
        let text = |name: &str| route[name].as_str().unwrap_or_default();
        let operation = Operation::from_json(&route["operation"])?;
        let definition = RouteDefinition::new(text("method").parse()?, text("path"), operation);
        builder.route(definition, Arc::new(echo))?;
    }
    Ok(builder.build())
}

fn request(method: &str, path: &str, headers: &str, content: Vec<u8>) -> Result<Request<Bytes>, AnyError> {
    let mut request = Request::builder().method(method).uri(path);
    let fields: serde_json::Map<String, Value> = serde_json::from_str(headers)?;
    for (name, value) in &fields {
        request = request.header(name, value.as_str().unwrap_or_default());
    }
    Ok(request.body(content.into())?)
}

async fn echo(call: Call) -> Reply {
    let parameters = call.arguments.parameters.iter().flatten();
    let received = json!({
        "parameters": parameters.map(to_json).collect::<Vec<_>>(),
        "body": call.arguments.body.as_ref().map(to_json),
    });
    Reply::bytes(StatusCode::OK, "application/json", received.to_string())
}
