//! What handlers return.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{borrow::Cow, io};

use futures_util::stream;
use sabir::{
    Bytes, HeaderMap, HeaderValue, Html, Json, Path, Problem, ProblemType, Redirect, Request, Respond,
    Response, Sabir, Service, SetCookie, StatusCode, StreamBody,
    header::{CACHE_CONTROL, CONTENT_TYPE, LINK, LOCATION, SET_COOKIE},
};

async fn get(app: &Service, path: &str) -> Response<Bytes> {
    app.call_in_memory(Request::get(path).body(Bytes::new()).unwrap())
        .await
}

/// The answer of `handler`: status, media type and content.
async fn answer<R: Respond + 'static, F>(handler: F) -> (u16, String, String)
where
    F: AsyncFn() -> R,
{
    let reply = handler().await.respond();
    let reply = std::sync::Mutex::new(Some(reply));
    let reply = std::sync::Arc::new(reply);
    let app = Sabir::new().get("/", move || {
        let reply = reply.lock().unwrap().take().unwrap();
        async move { reply }
    });
    let response = get(&app.build().unwrap(), "/").await;
    let media_type = response.headers().get(CONTENT_TYPE);
    (
        response.status().as_u16(),
        media_type.map_or_else(String::new, |value| value.to_str().unwrap().to_owned()),
        String::from_utf8(response.body().to_vec()).unwrap(),
    )
}

fn shown(status: u16, media_type: &str, content: &str) -> (u16, String, String) {
    (status, media_type.into(), content.into())
}

const TEXT: &str = "text/plain; charset=utf-8";

#[tokio::test]
async fn text_and_bytes_may_be_owned_or_not() {
    assert_eq!(answer(async || Cow::Borrowed("a")).await, shown(200, TEXT, "a"));
    assert_eq!(
        answer(async || Cow::<'static, str>::Owned("b".into())).await,
        shown(200, TEXT, "b")
    );
    assert_eq!(
        answer(async || Box::<str>::from("c")).await,
        shown(200, TEXT, "c")
    );
    assert_eq!(
        answer(async || &b"d"[..]).await,
        shown(200, "application/octet-stream", "d")
    );
    assert_eq!(
        answer(async || Html("<p>")).await,
        shown(200, "text/html; charset=utf-8", "<p>")
    );
}

#[tokio::test]
async fn nothing_is_not_found() {
    assert_eq!(
        answer(async || Some(Json(1))).await,
        shown(200, "application/json", "1")
    );
    let (status, media_type, _) = answer(async || None::<Json<u8>>).await;
    assert_eq!((status, media_type.as_str()), (404, "application/problem+json"));
}

#[tokio::test]
async fn statuses_and_fields_stand_before_the_content() {
    let mut headers = HeaderMap::new();
    headers.append("x-a", HeaderValue::from_static("1"));
    headers.append("x-a", HeaderValue::from_static("2"));
    let reply = (
        StatusCode::CREATED,
        [(CONTENT_TYPE, "text/csv"), (CACHE_CONTROL, "no-store")],
        headers,
        vec![("x-b", String::from("3"))],
        "a,b",
    )
        .respond();
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(reply.headers["content-type"], "text/csv");
    assert_eq!(reply.headers["cache-control"], "no-store");
    let values: Vec<_> = reply.headers.get_all("x-a").iter().collect();
    assert_eq!(values, ["1", "2"]);
    assert_eq!(reply.headers["x-b"], "3");
    let bad = ([("x-bad", "a\nb")], "text").respond();
    assert_eq!(bad.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn a_name_that_is_repeated_has_all_its_values() {
    let links = [(LINK, "</a>"), (CACHE_CONTROL, "no-store"), (LINK, "</b>")];
    let inner = (
        [(LINK, "</before>"), (SET_COOKIE, "a=1")],
        SetCookie::new("b", "2"),
        "text",
    );
    let reply = (links, vec![(SET_COOKIE, "c=3")], inner).respond();
    let values: Vec<_> = reply.headers.get_all(LINK).iter().collect();
    assert_eq!(values, ["</a>", "</b>"]);
    assert_eq!(reply.headers[CACHE_CONTROL], "no-store");
    assert_eq!(reply.headers.get_all(SET_COOKIE).iter().count(), 3);
}

#[tokio::test]
async fn a_problem_keeps_the_status_that_it_states() {
    let gone = || Problem::new(ProblemType::Gone);
    let (status, _, content) = answer(async || (StatusCode::CREATED, [("x-a", "1")], gone())).await;
    assert_eq!(status, 410);
    assert!(content.contains("\"status\":410"), "{content}");
}

#[tokio::test]
async fn what_makes_an_answer_impossible_is_shown_where_failures_are() {
    async fn unknown(sabir::Extension(number): sabir::Extension<u8>) -> String {
        number.to_string()
    }
    async fn nowhere(sabir::RemoteAddress(client): sabir::RemoteAddress) -> String {
        client.to_string()
    }
    let settings = sabir::Settings {
        debug: true,
        ..Default::default()
    };
    let app = Sabir::with_settings(settings)
        .get("/field", async || ([("x", "a\nb")], "text"))
        .get("/redirect", async || Redirect::to("/\n"))
        .get("/created", async || sabir::Created {
            location: "/\n".into(),
            content: (),
        })
        .get("/extension", unknown)
        .get("/client", nowhere)
        .build()
        .unwrap();
    for (path, cause) in [
        ("/field", "a header field that cannot be sent"),
        ("/redirect", "the location of a redirect"),
        ("/created", "the location of what was created"),
        ("/extension", "no layer has put u8 into the extensions"),
        ("/client", "the client of this connection has no address"),
    ] {
        let response = get(&app, path).await;
        let content = String::from_utf8(response.body().to_vec()).unwrap();
        assert_eq!(response.status(), 500, "{content}");
        assert!(content.contains(cause), "{path}: {content}");
    }
}

#[tokio::test]
async fn cookies_are_set_beside_the_content() {
    let mut session = SetCookie::new("session", "s3 cret");
    session.http_only = true;
    let reply = (session, SetCookie::new("theme", "dark"), "hello").respond();
    let cookies: Vec<_> = reply.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 2, "{cookies:?}");
    assert!(
        cookies[0].to_str().unwrap().starts_with("session=s3%20cret"),
        "{cookies:?}"
    );
    let bad = (SetCookie::new("a b", ""), "text").respond();
    assert_eq!(bad.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn redirects_say_where_to_go() {
    for (redirect, status) in [
        (Redirect::to("/a"), 303),
        (Redirect::temporary("/a"), 307),
        (Redirect::permanent(String::from("/a")), 308),
    ] {
        let reply = redirect.respond();
        assert_eq!(reply.status, status);
        assert_eq!(reply.headers[LOCATION], "/a");
    }
    assert_eq!(Redirect::to("/\n").respond().status, 500);
}

#[tokio::test]
async fn streams_are_sent_as_they_are_made() {
    let fine = || StreamBody(stream::iter(["a", "b"].map(Ok::<_, io::Error>)));
    assert_eq!(
        answer(async || fine()).await,
        shown(200, "application/octet-stream", "ab")
    );
    assert_eq!(
        answer(async || (StatusCode::ACCEPTED, [(CONTENT_TYPE, "text/csv")], fine())).await,
        shown(202, "text/csv", "ab")
    );
}

#[tokio::test]
async fn responses_of_other_libraries_are_answers() {
    async fn of_axum() -> Response<axum::body::Body> {
        axum::response::IntoResponse::into_response((axum::http::StatusCode::CREATED, "made"))
    }
    let app = Sabir::new()
        .get("/axum", of_axum)
        .get("/text", async || {
            Response::builder()
                .status(202)
                .body(String::from("later"))
                .unwrap()
        })
        .get("/stream", async || {
            let chunks = stream::iter(["a", "b"].map(Ok::<_, io::Error>));
            Response::new(axum::body::Body::from_stream(chunks))
        })
        .build()
        .unwrap();
    let response = get(&app, "/axum").await;
    assert_eq!(
        (response.status().as_u16(), response.body().as_ref()),
        (201, &b"made"[..])
    );
    assert_eq!(response.headers()["content-length"], "4");
    let response = get(&app, "/text").await;
    assert_eq!(
        (response.status().as_u16(), response.body().as_ref()),
        (202, &b"later"[..])
    );
    assert_eq!(response.headers()["content-length"], "5");
    assert_eq!(get(&app, "/stream").await.body(), "ab");
}

#[tokio::test]
async fn a_result_is_either_of_its_answers() {
    async fn find(Path(id): Path<u8>) -> Result<String, (StatusCode, &'static str)> {
        match id {
            7 => Ok("seven".into()),
            _ => Err((StatusCode::GONE, "lost")),
        }
    }
    async fn boxed() -> Result<(), Box<Problem>> {
        Err(Box::new(Problem::new(ProblemType::Conflict)))
    }
    let app = Sabir::new()
        .get("/{id}", find)
        .get("/boxed", boxed)
        .build()
        .unwrap();
    assert_eq!(get(&app, "/7").await.body(), "seven");
    let response = get(&app, "/8").await;
    assert_eq!(
        (response.status().as_u16(), response.body().as_ref()),
        (410, &b"lost"[..])
    );
    assert_eq!(get(&app, "/boxed").await.status(), 409);
}

#[tokio::test]
async fn any_error_is_a_failure_that_only_debug_shows() {
    async fn parse(Path(text): Path<String>) -> Result<String, Problem> {
        if text == "anyhow" {
            return Err(Problem::failed("of another kind"));
        }
        let number: u8 = text.parse()?;
        Ok(number.to_string())
    }
    async fn panics() {
        assert!(std::env::args().next().is_none(), "by chance");
    }
    async fn states(call: sabir::Call) -> Result<(), Problem> {
        call.body.content()?;
        Err(Problem::new(ProblemType::Conflict).with_detail("Said to the client."))
    }
    for debug in [false, true] {
        let settings = sabir::Settings {
            debug,
            ..Default::default()
        };
        let app = Sabir::with_settings(settings)
            .get("/parse/{text}", parse)
            .get("/panics", panics)
            .get("/states", states)
            .build()
            .unwrap();
        assert_eq!(get(&app, "/parse/7").await.body(), "7");
        for (path, shown) in [
            ("/parse/x", "invalid digit found in string"),
            ("/parse/anyhow", "of another kind"),
            ("/panics", "by chance"),
            ("/panics", "crates/sabir/tests/answers.rs:"),
        ] {
            let response = get(&app, path).await;
            let content = String::from_utf8(response.body().to_vec()).unwrap();
            assert_eq!(response.status(), 500, "{content}");
            assert_eq!(content.contains(shown), debug, "{path}: {content}");
        }
        let response = get(&app, "/states").await;
        assert_eq!(response.status(), 409);
        assert!(response.body().windows(7).any(|part| part == b"Said to"));
    }
}
