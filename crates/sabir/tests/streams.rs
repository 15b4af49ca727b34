//! Content that handlers take while it arrives, and answers that they make while these are sent.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{convert::Infallible, time::Duration};

use futures_util::{StreamExt, TryStreamExt, stream};
use http::{Request, Response};
use sabir::{
    Bytes, ContentStream, Event, Events, Items, Json, JsonLines, Parts, Path, Problem, Respond, Sabir,
    SetupError, TypedHandler, header,
};

#[derive(Debug, serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
struct Row {
    sku: String,
    sold: u8,
}

async fn send(app: Sabir, content_type: &str, content: &'static str) -> Response<Bytes> {
    let app = app.build().unwrap();
    let request = Request::post("/")
        .header(header::CONTENT_TYPE, content_type)
        .body(content.into())
        .unwrap();
    tokio::time::timeout(Duration::from_secs(10), app.call_in_memory(request))
        .await
        .unwrap()
}

async fn copy(rows: Items<Row>) -> impl Respond {
    JsonLines(rows)
}

#[tokio::test]
async fn rows_come_and_go_one_by_one() {
    let lines = "{\"sku\":\"a\",\"sold\":1}\n{\"sku\":\"b\",\"sold\":2}\n";
    let response = send(Sabir::new().post("/", copy), "application/jsonl", lines).await;
    assert_eq!(response.headers()["content-type"], "application/jsonl");
    assert_eq!(response.body(), lines);
    let response = send(Sabir::new().post("/", copy), "application/json", lines).await;
    assert_eq!(response.status(), 415);
}

#[tokio::test]
async fn a_row_that_does_not_fit_is_the_answer() {
    async fn total(rows: Items<Row>) -> Result<String, Problem> {
        let rows: Vec<Row> = rows.try_collect().await?;
        Ok(rows.len().to_string())
    }
    for (content, status) in [
        ("", 200),
        ("{\"sku\":\"a\",\"sold\":1}", 200),
        ("{\"sku\":\"a\",\"sold\":256}", 422),
        ("{\"sku\":\"a\"}", 422),
        ("{\"sku\":", 400),
    ] {
        let response = send(Sabir::new().post("/", total), "application/jsonl", content).await;
        assert_eq!(response.status(), status, "{content}");
    }
}

#[tokio::test]
async fn content_of_any_type_is_a_stream_of_bytes() {
    async fn size(content: ContentStream) -> Result<String, Problem> {
        let size = content
            .try_fold(0, async |size, chunk| Ok(size + chunk.len()))
            .await?;
        Ok(size.to_string())
    }
    for content_type in ["application/json", "multipart/form-data; boundary=b", "x/y"] {
        let response = send(Sabir::new().post("/", size), content_type, "hello").await;
        assert_eq!(response.body(), "5", "{content_type}");
    }
    assert_eq!(send(Sabir::new().post("/", size), "x/y", "").await.body(), "0");
}

#[tokio::test]
async fn parts_that_are_not_read_are_passed_over() {
    async fn names(mut parts: Parts) -> Result<String, Problem> {
        let mut names = String::new();
        while let Some(part) = parts.next().await? {
            names += &part.name;
            if part.name == "b" {
                names += &format!("={:?}", parts.chunk().await?.unwrap_or_default());
            }
        }
        assert!(parts.next().await?.is_none());
        Ok(names)
    }
    let form = concat!(
        "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n",
        "--x\r\nContent-Disposition: form-data; name=b\r\n\r\n2\r\n",
        "--x\r\nContent-Disposition: form-data; name=c\r\n\r\n3\r\n--x--"
    );
    let response = send(
        Sabir::new().post("/", names),
        "multipart/form-data; boundary=x",
        form,
    )
    .await;
    assert_eq!(response.body(), "ab=b\"2\"c");
    let broken = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1";
    let response = send(
        Sabir::new().post("/", names),
        "multipart/form-data; boundary=x",
        broken,
    )
    .await;
    assert_eq!(response.status(), 400);
}

#[tokio::test]
async fn events_are_written_as_they_are_defined() {
    async fn ticks() -> impl Respond {
        let events = [
            Event {
                id: Some("1".into()),
                ..Event::new("a\nb")
            },
            Event {
                event: Some("end".into()),
                ..Event::default()
            },
        ];
        Events(stream::iter(events).map(Ok::<_, Infallible>))
    }
    let response = send(Sabir::new().post("/", ticks), "x/y", "").await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "no-cache");
    assert_eq!(response.body(), "id: 1\ndata: a\ndata: b\n\nevent: end\n\n");
}

fn refused<A, H, R>(handler: H) -> SetupError
where
    A: sabir::Arguments,
    R: Respond,
    H: TypedHandler<A, Future: Future<Output = R> + Send + 'static>,
{
    Sabir::new().post("/{id}", handler).build().unwrap_err()
}

#[test]
fn a_body_is_taken_once() {
    for error in [
        refused(async |_: ContentStream, _: Json<Row>| ()),
        refused(async |_: Json<Row>, _: ContentStream| ()),
        refused(async |_: Items<Row>, _: Parts| ()),
        refused(async |_: Bytes, _: ContentStream| ()),
        refused(async |_: Path<String>, _: ContentStream, _: String| ()),
    ] {
        assert_eq!(error.route, "POST /{id}");
        assert!(error.field.starts_with("argument "), "{error}");
        assert!(error.problem.contains("takes the body"), "{error}");
    }
    let error = Sabir::new()
        .fallback(async |_: ContentStream| ())
        .build()
        .unwrap_err();
    assert!(error.problem.contains("as a whole"), "{error}");
}
