//! Documents of what an application nests, and models of utoipa.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use sabir::{
    Sabir,
    document::{Info, OpenApiVersion},
    operation::{MediaType, Response},
    utoipa_schema_of,
};
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

#[derive(serde::Serialize, utoipa::ToSchema)]
#[allow(dead_code, reason = "only its schema counts")]
struct User {
    id: i64,
    #[schema(no_recursion)]
    friends: Vec<User>,
}

#[utoipa::path(get, path = "/users", responses((status = 200, body = User)))]
async fn show() -> axum::Json<User> {
    let friends = Vec::new();
    axum::Json(User { id: 7, friends })
}

#[tokio::test]
async fn routers_of_utoipa_are_in_the_document() {
    let (router, document) = OpenApiRouter::<()>::new().routes(routes!(show)).split_for_parts();
    let inner = Sabir::new()
        .nest_service("/old", router)
        .nest_document("/old", &document);
    let app = Sabir::new()
        .get("/new", async || "new")
        .nest("/v1", inner)
        .build()
        .unwrap();
    let document = app.openapi(&Info::default(), OpenApiVersion::default());
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/new", "/v1/old/users"]);
    let content = &document["paths"]["/v1/old/users"]["get"]["responses"]["200"]["content"];
    let reference = json!({ "$ref": "#/components/schemas/User" });
    assert_eq!(content["application/json"]["schema"], reference);
    let user = &document["components"]["schemas"]["User"];
    assert_eq!(user["properties"]["friends"]["items"], reference);
    let request = http::Request::get("/v1/old/users").body("".into()).unwrap();
    assert_eq!(
        app.call_in_memory(request).await.body(),
        r#"{"id":7,"friends":[]}"#
    );
}

#[test]
fn models_of_utoipa_are_components() {
    let app = Sabir::new()
        .get("/users", async || "[]")
        .describe(|operation| {
            let users = json!({ "type": "array", "items": utoipa_schema_of::<u8>() });
            let user = MediaType::of(utoipa_schema_of::<User>());
            operation
                .responses
                .insert("200".into(), Response::of("application/json", user));
            operation.responses.insert(
                "201".into(),
                Response::of("application/json", MediaType::of(users)),
            );
        })
        .build()
        .unwrap();
    let document = app.openapi(&Info::default(), OpenApiVersion::default());
    let responses = &document["paths"]["/users"]["get"]["responses"];
    let reference = json!({ "$ref": "#/components/schemas/User" });
    assert_eq!(
        responses["200"]["content"]["application/json"]["schema"],
        reference
    );
    let user = &document["components"]["schemas"]["User"];
    assert_eq!(user["properties"]["friends"]["items"], reference);
    assert_eq!(user["required"], json!(["friends", "id"]));
}

#[test]
fn what_is_no_document_is_refused() {
    let error = Sabir::new()
        .nest_document("/old", json!({ "swagger": "2.0" }))
        .build()
        .unwrap_err();
    assert_eq!((error.route.as_str(), error.field.as_str()), ("/old", "document"));
}
