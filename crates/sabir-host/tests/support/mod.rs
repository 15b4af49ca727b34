//! Calls without a connection.

use std::sync::Arc;

use http::{Method, Uri};
use sabir_core::{
    Call, Operation, RequestHead, Route, RouteDefinition, Settings, routing::Converters,
    schema::SchemaCompiler,
};

/// A route for `GET /`.
pub(crate) fn route() -> Arc<Route> {
    let definition = RouteDefinition::new(Method::GET, "/", Operation::default());
    let compiled = Route::compile(
        definition,
        &Converters::default(),
        &SchemaCompiler::default(),
        &Settings::default(),
    );
    Arc::new(compiled.unwrap())
}

/// A call of `route`.
pub(crate) fn call(route: &Arc<Route>) -> Call {
    let head = RequestHead::new(Method::GET, Uri::from_static("/"));
    Call::new(Arc::clone(route), Arc::new(head))
}
