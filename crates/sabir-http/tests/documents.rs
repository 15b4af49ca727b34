//! Documents that an application answers with, and the page that shows them.
#![cfg(feature = "documents-ui")]
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{io::Read, sync::Arc};

use bytes::Bytes;
use flate2::read::GzDecoder;
use http::{Method, Request, Response, StatusCode};
use sabir_core::{Call, Operation, Reply, RouteDefinition, Settings, SetupError, document::Info};
use sabir_http::{App, Documents, Service};
use serde_json::{Value as Json, json};

fn add(app: &mut App, path: &str) -> Result<(), SetupError> {
    let handler = Arc::new(async |_: Call| Reply::new(StatusCode::NO_CONTENT));
    app.route(
        RouteDefinition::new(Method::GET, path, Operation::default()),
        handler,
    )
    .map(drop)
}

fn served(documents: &Documents) -> Service {
    let mut app = App::new(Settings::default());
    add(&mut app, "/before").unwrap();
    app.documents(documents).unwrap();
    add(&mut app, "/after").unwrap();
    app.build()
}

async fn get(service: &Service, path: &str, fields: &[(&str, &str)]) -> Response<Bytes> {
    let mut request = Request::get(path);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    service.call_in_memory(request.body(Bytes::new()).unwrap()).await
}

#[tokio::test]
async fn documents_are_of_all_routes_but_their_own() {
    let service = served(&Documents::new(Info::new("Shop", "1.0.0").with_server("/api")));
    let response = get(&service, "/openapi.json", &[]).await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let document: Json = serde_json::from_slice(response.body()).unwrap();
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/before", "/after"]);
    let document: Json = serde_json::from_slice(get(&service, "/asyncapi.json", &[]).await.body()).unwrap();
    assert_eq!(document["info"]["title"], "Shop");
    assert_eq!(document["channels"], json!({}));
}

#[tokio::test]
async fn clients_ask_whether_a_document_has_changed() {
    let service = served(&Documents::new(Info::default()));
    for path in ["/openapi.json", "/asyncapi.json", "/docs"] {
        let response = get(&service, path, &[]).await;
        assert_eq!(response.headers()["cache-control"], "no-cache", "{path}");
        let etag = response.headers()["etag"].to_str().unwrap();
        let kept = get(&service, path, &[("if-none-match", etag)]).await;
        assert_eq!((kept.status(), kept.body().len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(kept.headers()["etag"], etag);
        let other = get(&service, path, &[("if-none-match", "\"other\"")]).await;
        assert_eq!((other.status(), other.body()), (StatusCode::OK, response.body()));
        let refused = get(&service, path, &[("if-match", "\"other\"")]).await;
        assert_eq!(refused.status(), StatusCode::PRECONDITION_FAILED);

        let head = Request::head(path).body(Bytes::new()).unwrap();
        let head = service.call_in_memory(head).await;
        assert_eq!((head.status(), head.body().len()), (StatusCode::OK, 0));
        assert_eq!(
            head.headers()["content-length"],
            response.body().len().to_string()
        );
    }
}

#[tokio::test]
async fn the_page_finds_its_files_wherever_it_is() {
    for (docs, openapi, document, files) in [
        ("/docs", "/openapi.json", "openapi.json", "docs/"),
        ("/v1/docs/", "/openapi.json", "../../openapi.json", ""),
        ("/a b", "/a b/c.json", "a%20b/c.json", "a%20b/"),
    ] {
        let documents = Documents::new(Info::new("Tea & <more>", "1"))
            .docs(Some(docs))
            .openapi(Some(openapi));
        let service = served(&documents);
        let page = get(&service, &docs.replace(' ', "%20"), &[]).await;
        let page = String::from_utf8(page.body().to_vec()).unwrap();
        assert!(page.contains("<title>Tea &amp; &lt;more&gt;</title>"));
        assert!(page.contains(&format!("data-document=\"{document}\"")), "{page}");
        for (attribute, suffix) in [("data-script", "js"), ("href", "css")] {
            let found = page
                .split(&format!("{attribute}=\"{files}swagger-ui-"))
                .nth(1)
                .unwrap();
            let name = found.split('"').next().unwrap();
            assert!(name.ends_with(suffix), "{name}");
            let folder = docs.trim_end_matches('/').replace(' ', "%20");
            let file = get(&service, &format!("{folder}/swagger-ui-{name}"), &[]).await;
            assert_eq!(file.status(), StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn the_files_are_compressed_for_those_who_take_it() {
    let service = served(&Documents::new(Info::default()));
    let page = get(&service, "/docs", &[]).await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'sha256-"),
        "{policy}"
    );
    let page = String::from_utf8(page.body().to_vec()).unwrap();
    let script = page
        .split("data-script=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let path = format!("/{script}");
    let small = get(&service, &path, &[("accept-encoding", "br, gzip")]).await;
    assert_eq!(small.headers()["content-encoding"], "gzip");
    assert_eq!(small.headers()["vary"], "accept-encoding");
    assert!(
        small.headers()["cache-control"]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    let large = get(&service, &path, &[]).await;
    assert!(!large.headers().contains_key("content-encoding"));
    assert_ne!(small.headers()["etag"], large.headers()["etag"]);
    let mut content = Vec::new();
    GzDecoder::new(&small.body()[..])
        .read_to_end(&mut content)
        .unwrap();
    assert!(content == *large.body());
}

#[test]
fn what_does_not_fit_is_named() {
    for (given, field) in [
        (json!({ "ui": "redoc" }), "ui"),
        (json!({ "openapi": 1 }), "openapi"),
        (json!({ "openapi_version": "2.0" }), "openapi_version"),
        (json!({ "titel": "Shop" }), "titel"),
    ] {
        assert_eq!(Documents::from_json(&given).unwrap_err().field, field);
    }
    let refused = |documents: Documents| {
        let mut app = App::new(Settings::default());
        add(&mut app, "/taken").unwrap();
        app.documents(&documents).unwrap_err()
    };
    let documents = || Documents::new(Info::default());
    assert_eq!(refused(documents().openapi(None)).field, "docs");
    assert!(
        refused(documents().docs(Some("/{a}")))
            .to_string()
            .contains("needs a value")
    );
    assert!(
        refused(documents().docs(Some("/taken")))
            .to_string()
            .contains("GET /taken")
    );
    let relative = Documents::new(Info::default().with_server("ftp://a.example"));
    assert_eq!(refused(relative).field, "servers[0].url");
}

#[test]
fn paths_may_be_left_out() {
    let given =
        json!({ "docs": null, "asyncapi": null, "openapi": "/api.json", "ui": "swagger", "title": "Shop" });
    let expected = Documents::new(Info::new("Shop", "0.1.0"))
        .docs(None)
        .asyncapi(None)
        .openapi(Some("/api.json"));
    assert_eq!(Documents::from_json(&given).unwrap(), expected);
}
