//! Types that have a schema of utoipa.

use ::utoipa::ToSchema;
use serde_json::{Map, Value as Json};

use sabir_core::operation::SchemaData;

const COMPONENTS: &str = "#/components/schemas/";

/// The JSON Schema of a type that implements [`ToSchema`], for operations, as [`schema_of`](crate::schema_of) gives that of other types.
///
/// ```
/// use sabir::{Sabir, document::{Info, OpenApiVersion}, operation::{MediaType, Response}, utoipa_schema_of};
///
/// #[derive(utoipa::ToSchema)]
/// struct Line {
///     sku: String,
/// }
///
/// #[derive(utoipa::ToSchema)]
/// struct Order {
///     lines: Vec<Line>,
/// }
///
/// # fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new()
///     .get("/orders", async || "[]")
///     .describe(|operation| {
///         let order = Response::of("application/json", MediaType::of(utoipa_schema_of::<Order>()));
///         operation.responses.insert("200".into(), order);
///     })
///     .build()?;
/// let document = app.openapi(&Info::default(), OpenApiVersion::default());
/// let lines = &document["components"]["schemas"]["Order"]["properties"]["lines"];
/// assert_eq!(lines["items"]["$ref"], "#/components/schemas/Line");
/// # Ok(())
/// # }
/// ```
pub fn utoipa_schema_of<T: ToSchema>() -> SchemaData {
    let mut parts = Vec::new();
    T::schemas(&mut parts);
    let plain = |schema| {
        let mut schema = serde_json::to_value(schema).unwrap_or_default();
        relocate(&mut schema);
        schema
    };
    let mut definitions: Map<String, Json> = parts
        .into_iter()
        .map(|(name, schema)| (name, plain(schema)))
        .collect();
    let name = T::name().into_owned();
    let schema = plain(T::schema());
    if !schema.get("properties").is_some_and(Json::is_object) {
        let mut schema = schema;
        if let Json::Object(members) = &mut schema
            && !definitions.is_empty()
        {
            members.insert("$defs".into(), definitions.into());
        }
        return schema;
    }
    definitions.insert(name.clone(), schema);
    serde_json::json!({ "$ref": format!("#/$defs/{name}"), "$defs": definitions })
}

/// Has references lead to definitions within the schema.
fn relocate(value: &mut Json) {
    match value {
        Json::String(text) => {
            if let Some(name) = text.strip_prefix(COMPONENTS) {
                *text = format!("#/$defs/{name}");
            }
        }
        Json::Array(items) => items.iter_mut().for_each(relocate),
        Json::Object(members) => members.values_mut().for_each(relocate),
        _ => {}
    }
}
