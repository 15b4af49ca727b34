//! OpenAPI 3.1 and 3.2: the operations of an application.

use serde_json::{Map, Value as Json, json};

use super::{
    Info, info::plain, openapi_version::OpenApiVersion, operation::Operations, paths::Paths, schemas::Schemas,
};
use crate::{Route, schema::SchemaCompiler, security::SecurityScheme};

/// The OpenAPI document of `routes`, but for those of sockets, which [`asyncapi`](super::asyncapi) has, and hidden ones. `schemas` has
/// the components that operations refer to, `security` the schemes that they demand.
///
/// Beside the answers that an operation declares, it has those that the runtime gives in its place: which ones follows from what the
/// operation takes. All others are problems (RFC 9457), too.
///
/// ```
/// use http::Method;
/// use sabir_core::{Operation, Route, RouteDefinition, Settings, routing::Converters, schema::SchemaCompiler};
/// use sabir_core::document::{Info, OpenApiVersion, openapi};
/// use serde_json::json;
///
/// let definition = RouteDefinition::new(Method::GET, "/users/{id:int}", Operation::default());
/// let schemas = SchemaCompiler::default();
/// let route = Route::compile(definition, &Converters::default(), &schemas, &Settings::default())?;
/// let document = openapi(&Info::new("Shop", "1.0.0"), OpenApiVersion::default(), [&route], &schemas, []);
/// let show = &document["paths"]["/users/{id}"]["get"];
/// assert_eq!(show["parameters"][0]["schema"], json!({ "type": "integer" }));
/// assert_eq!(show["responses"]["404"]["$ref"], "#/components/responses/NotFound");
/// # Ok::<_, sabir_core::SetupError>(())
/// ```
pub fn openapi<'r>(
    info: &Info,
    version: OpenApiVersion,
    routes: impl IntoIterator<Item = &'r Route>,
    schemas: &SchemaCompiler,
    security: impl IntoIterator<Item = (&'r str, &'r SecurityScheme)>,
) -> Json {
    let mut operations = Operations::new(version, Schemas::new(schemas));
    let mut paths = Paths::default();
    for route in routes {
        let extension = route.operation.extension.as_ref();
        if extension.is_some_and(|extension| extension.websocket.is_some() || extension.hidden) {
            continue;
        }
        paths.add(route, operations.operation(route));
    }
    let paths = paths.finish(version);
    let mut document = json!({ "openapi": version.number(), "info": about(info) });
    if !info.servers.is_empty() {
        document["servers"] = plain(&info.servers);
    }
    document["paths"] = paths.into();
    let mut components = operations.components(&document);
    let security: Map<String, Json> = security
        .into_iter()
        .map(|(name, scheme)| (name.to_owned(), plain(scheme)))
        .collect();
    if !security.is_empty() {
        components.insert("securitySchemes".into(), security.into());
    }
    if !components.is_empty() {
        document["components"] = components.into();
    }
    if !info.tags.is_empty() {
        document["tags"] = plain(&info.tags);
    }
    document
}

fn about(info: &Info) -> Map<String, Json> {
    let mut about = Map::new();
    about.insert("title".into(), info.title.as_str().into());
    for (name, text) in [
        ("description", &info.description),
        ("termsOfService", &info.terms_of_service),
    ] {
        if let Some(text) = text {
            about.insert(name.into(), text.as_str().into());
        }
    }
    if let Some(contact) = &info.contact {
        about.insert("contact".into(), plain(contact));
    }
    if let Some(license) = &info.license {
        about.insert("license".into(), plain(license));
    }
    about.insert("version".into(), info.version.as_str().into());
    about
}
