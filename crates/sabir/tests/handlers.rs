//! What typed handlers take and give.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use sabir::{
    Call, Cancellation, Created, Form, Json, Multipart, Path, Problem, ProblemType, Query, RequestHead,
    Sabir, Service, Settings, UploadFile,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::{sync::oneshot, time::timeout};

const TIMEOUT: Duration = Duration::from_secs(10);

async fn send(app: &Service, request: Request<Bytes>) -> Response<Bytes> {
    timeout(TIMEOUT, app.call_in_memory(request)).await.unwrap()
}

async fn get(app: &Service, path: &str) -> (u16, Option<String>, String) {
    parts(&send(app, Request::get(path).body(Bytes::new()).unwrap()).await)
}

fn parts(response: &Response<Bytes>) -> (u16, Option<String>, String) {
    let content_type = response.headers().get("content-type");
    (
        response.status().as_u16(),
        content_type.map(|value| value.to_str().unwrap().to_owned()),
        String::from_utf8(response.body().to_vec()).unwrap(),
    )
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Order {
    sku: String,
    #[schemars(range(min = 1))]
    quantity: u32,
}

#[derive(Deserialize, JsonSchema)]
struct Page {
    limit: Option<u32>,
    #[serde(default)]
    tags: Vec<String>,
}

#[tokio::test]
async fn results_become_answers_of_their_type() {
    async fn find(Path(id): Path<i64>) -> Result<Json<i64>, Problem> {
        if id == 0 {
            return Err(Problem::new(ProblemType::Gone).with_detail("Nobody is number 0."));
        }
        Ok(Json(id))
    }
    let app = Sabir::new()
        .get("/static", async || "é")
        .get("/string", async || String::from("a"))
        .get("/bytes", async || Bytes::from_static(b"b"))
        .get("/vector", async || vec![b'v'])
        .get("/json", async || Json([1, 2]))
        .get("/status", async || (StatusCode::ACCEPTED, "later"))
        .get("/only-status", async || StatusCode::IM_A_TEAPOT)
        .get("/nothing", async || ())
        .get("/users/{id:int}", find)
        .post("/orders", async || Created {
            location: "/orders/7".into(),
            content: Json(7),
        })
        .build()
        .unwrap();
    let answer = |status, content_type: &str, body: &str| {
        let content_type = (!content_type.is_empty()).then(|| content_type.to_owned());
        (status, content_type, body.to_owned())
    };
    let text = "text/plain; charset=utf-8";
    assert_eq!(get(&app, "/static").await, answer(200, text, "é"));
    assert_eq!(get(&app, "/string").await, answer(200, text, "a"));
    assert_eq!(
        get(&app, "/bytes").await,
        answer(200, "application/octet-stream", "b")
    );
    assert_eq!(
        get(&app, "/vector").await,
        answer(200, "application/octet-stream", "v")
    );
    assert_eq!(get(&app, "/json").await, answer(200, "application/json", "[1,2]"));
    assert_eq!(get(&app, "/status").await, answer(202, text, "later"));
    assert_eq!(get(&app, "/only-status").await, answer(418, "", ""));
    assert_eq!(get(&app, "/nothing").await, answer(204, "", ""));
    assert_eq!(get(&app, "/users/7").await, answer(200, "application/json", "7"));
    let (status, content_type, body) = get(&app, "/users/0").await;
    assert_eq!(
        (status, content_type.as_deref()),
        (410, Some("application/problem+json"))
    );
    assert!(body.contains("Nobody is number 0."));
    let response = send(&app, Request::post("/orders").body(Bytes::new()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers()["location"], "/orders/7");
}

#[tokio::test]
async fn arguments_come_in_any_number_and_order() {
    async fn handler(
        head: RequestHead,
        Path((shop, id)): Path<(String, i64)>,
        Query(page): Query<Page>,
        raw: Bytes,
        Json(order): Json<Order>,
    ) -> String {
        let limit = page.limit.unwrap_or(10);
        let tags = page.tags.join("+");
        format!(
            "{} {shop} {id} {limit} {tags} {} {} {}",
            head.method,
            raw.len(),
            order.sku,
            order.quantity
        )
    }
    let app = Sabir::new()
        .put("/shops/{shop}/orders/{id:int}", handler)
        .build()
        .unwrap();
    let body = r#"{"sku":"a","quantity":2}"#;
    let put = |path: &str, body: &str| {
        let request = Request::put(path).header("content-type", "application/json");
        request.body(Bytes::from(body.to_owned())).unwrap()
    };
    let response = send(&app, put("/shops/north/orders/7?tags=x&tags=y", body)).await;
    assert_eq!(text_of(&response), "PUT north 7 10 x+y 24 a 2");
    let response = send(&app, put("/shops/north/orders/7?limit=ten", r#"{"quantity":0}"#)).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let problem: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(problem["errors"].as_array().unwrap().len(), 3, "{problem}");
}

fn text_of(response: &Response<Bytes>) -> &str {
    std::str::from_utf8(response.body()).unwrap()
}

#[tokio::test]
async fn a_handler_may_take_the_whole_call() {
    async fn handler(call: Call) -> String {
        format!(
            "{} {} {:?}",
            call.route.pattern.as_str(),
            call.head.uri,
            call.arguments.parameters
        )
    }
    let app = Sabir::new().get("/users/{id:int}", handler).build().unwrap();
    assert_eq!(
        get(&app, "/users/7?a").await.2,
        "/users/{id:int} /users/7?a [Some(Integer(7))]"
    );
}

#[tokio::test]
async fn forms_fill_structs() {
    let app = Sabir::new()
        .post("/orders", async |Form(order): Form<Order>| {
            format!("{} {}", order.quantity, order.sku)
        })
        .build()
        .unwrap();
    let request = Request::post("/orders").header("content-type", "application/x-www-form-urlencoded");
    let response = send(&app, request.body("quantity=3&sku=a+b".into()).unwrap()).await;
    assert_eq!(text_of(&response), "3 a b");
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Photos {
    title: String,
    cover: UploadFile,
    #[serde(default)]
    more: Vec<UploadFile>,
    note: Option<UploadFile>,
}

fn photos(cover: &str) -> Request<Bytes> {
    let part = |head: &str, content: &str| {
        format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
    };
    let body = [
        part("name=\"title\"", "Sea"),
        part(
            "name=\"cover\"; filename=\"c/cover.jpg\"\r\nContent-Type: image/jpeg",
            cover,
        ),
        part("name=\"more\"; filename=\"1\"", "one"),
        part("name=\"more\"; filename=\"2\"", "two"),
    ]
    .concat();
    Request::post("/photos")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(format!("{body}--b--\r\n").into())
        .unwrap()
}

#[tokio::test]
async fn uploads_fill_structs() {
    async fn handler(Multipart(photos): Multipart<Photos>) -> String {
        let content = photos.cover.read().await.unwrap();
        let more: Vec<_> = photos
            .more
            .iter()
            .map(|file| file.filename().unwrap().to_owned())
            .collect();
        format!(
            "{} {:?} {:?} {} {} {more:?} {}",
            photos.title,
            photos.cover.filename(),
            photos.cover.content_type(),
            content.len(),
            photos.cover.path().is_none(),
            photos.note.is_none(),
        )
    }
    let app = Sabir::new().post("/photos", handler).build().unwrap();
    let response = send(&app, photos("jpeg")).await;
    assert_eq!(
        text_of(&response),
        r#"Sea Some("cover.jpg") Some("image/jpeg") 4 true ["1", "2"] true"#
    );
    let request = Request::post("/photos").header("content-type", "multipart/form-data; boundary=b");
    let response = send(&app, request.body("--b--\r\n".into()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_large_upload_is_on_disk_until_its_handler_is_done() {
    let settings = Settings {
        file_memory_limit: 100,
        ..Settings::default()
    };
    let seen: Arc<Mutex<Option<PathBuf>>> = Arc::default();
    let slot = Arc::clone(&seen);
    let handler = move |Multipart(photos): Multipart<Photos>| {
        let slot = Arc::clone(&slot);
        async move {
            let path = photos.cover.path().unwrap().to_owned();
            let content = photos.cover.read().await.unwrap();
            assert!(path.exists() && content.len() == 1000);
            *slot.lock().unwrap() = Some(path);
        }
    };
    let app = Sabir::with_settings(settings)
        .post("/photos", handler)
        .build()
        .unwrap();
    let response = send(&app, photos(&"x".repeat(1000))).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let path = seen.lock().unwrap().take().unwrap();
    assert!(!path.exists(), "the file stays behind");
}

/// A route whose handler tells the cancellation that it was given and then waits for `wait`.
fn waiting(settings: Settings, wait: Duration) -> (Service, oneshot::Receiver<Cancellation>) {
    let (sender, receiver) = oneshot::channel();
    let sender = Arc::new(Mutex::new(Some(sender)));
    let handler = move |cancellation: Cancellation| {
        let sender = sender.lock().unwrap().take();
        async move {
            sender.unwrap().send(cancellation).unwrap();
            tokio::time::sleep(wait).await;
        }
    };
    (
        Sabir::with_settings(settings).get("/", handler).build().unwrap(),
        receiver,
    )
}

#[tokio::test]
async fn a_client_that_leaves_cancels_what_the_handler_started() {
    let (app, receiver) = waiting(Settings::default(), Duration::from_secs(60));
    let call = tokio::spawn(async move { send(&app, Request::get("/").body(Bytes::new()).unwrap()).await });
    let cancellation = timeout(TIMEOUT, receiver).await.unwrap().unwrap();
    assert!(!cancellation.is_cancelled());
    call.abort();
    timeout(TIMEOUT, cancellation.cancelled()).await.unwrap();
}

#[tokio::test]
async fn a_deadline_that_passes_cancels_what_the_handler_started() {
    let settings = Settings {
        handler_timeout_ms: 20,
        ..Settings::default()
    };
    let (app, receiver) = waiting(settings, Duration::from_secs(60));
    assert_eq!(get(&app, "/").await.0, 504);
    assert!(timeout(TIMEOUT, receiver).await.unwrap().unwrap().is_cancelled());
}

#[tokio::test]
async fn an_answer_cancels_nothing() {
    let (app, receiver) = waiting(Settings::default(), Duration::ZERO);
    assert_eq!(get(&app, "/").await.0, 204);
    assert!(!timeout(TIMEOUT, receiver).await.unwrap().unwrap().is_cancelled());
}

#[test]
fn two_routes_in_conflict_are_both_named() {
    let text = async || "";
    let app = Sabir::new()
        .get("/users/{id:int}", text)
        .get("/users/{number:int}", text);
    let error = app.build().unwrap_err().to_string();
    assert!(
        error.contains("`GET /users/{number:int}` and `GET /users/{id:int}` match the same paths"),
        "{error}"
    );
}

#[test]
fn a_setting_outside_its_range_is_refused() {
    let settings = Settings {
        io_threads: 0,
        ..Settings::default()
    };
    let error = Sabir::with_settings(settings).build().unwrap_err().to_string();
    assert!(
        error.contains("io_threads: 0 is not a whole number of 1 to 1024"),
        "{error}"
    );
}
