//! What handlers take beside parameters, and what is refused when an application is built.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    dead_code,
    reason = "handlers show all of what they receive, which the compiler takes for nothing"
)]

mod support;

use std::sync::Arc;

use http::{HeaderMap, Method, Request, Uri, Version};
use sabir::{
    Bytes, Call, Description, Extension, Form, FromCall, Header, Json, Multipart, Path, Problem, ProblemType,
    Query, RemoteAddress, RequestId, Sabir, SetupError, State, States,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use support::{errors, get, ok, post_json, refusal, send};

#[derive(Debug, Deserialize, JsonSchema)]
struct Page {
    limit: Option<u32>,
}

#[test]
fn content_as_it_was_sent_is_refused_beside_a_multipart_form() {
    let cases = [
        Sabir::new().post("/", async |_: Multipart<Page>, _: Bytes| ()),
        Sabir::new().post("/", async |_: String, _: Multipart<Page>| ()),
        Sabir::new().post("/", async |_: Bytes, _: Option<Multipart<Page>>| ()),
    ];
    for app in cases {
        let error = refusal(app);
        assert!(
            error.starts_with("POST /: argument 2") && error.contains("takes the content as it was sent"),
            "{error}"
        );
    }
    let fine = Sabir::new()
        .post("/", async |_: Bytes, _: Json<Page>, _: String| ())
        .put("/", async |_: Form<Page>, _: Bytes| ());
    assert!(fine.build().is_ok());
}

#[tokio::test]
async fn parts_of_the_request_are_arguments() {
    let handler = async |method: Method,
                         uri: Uri,
                         version: Version,
                         headers: HeaderMap,
                         id: RequestId,
                         client: Option<RemoteAddress>,
                         text: String,
                         bytes: Bytes| {
        let agent = headers["user-agent"].to_str().unwrap();
        format!(
            "{method} {uri} {version:?} {agent} {id} {} {text} {}",
            client.is_some(),
            bytes.len()
        )
    };
    let app = Sabir::new().post("/{any}", handler).build().unwrap();
    let request = Request::post("/a?b")
        .header("user-agent", "curl")
        .header("x-request-id", "r-1");
    assert_eq!(
        send(&app, request.body("é".into()).unwrap()).await,
        ok("POST /a?b HTTP/1.1 curl r-1 false é 2")
    );
    let request = Request::post("/a").body(Bytes::from_static(b"\xff"));
    assert_eq!(send(&app, request.unwrap()).await.0, 400);
    let app = Sabir::new()
        .get("/", async |RemoteAddress(client): RemoteAddress| {
            client.to_string()
        })
        .build()
        .unwrap();
    assert_eq!(get(&app, "/").await.0, 500);
    let mut request = Request::get("/").body(Bytes::new()).unwrap();
    let address = "192.0.2.1:80".parse().unwrap();
    request.extensions_mut().insert(RemoteAddress(address));
    assert_eq!(send(&app, request).await, ok("192.0.2.1:80"));
}

#[tokio::test]
async fn a_body_may_be_optional() {
    let app = Sabir::new()
        .post("/", async |page: Option<Json<Page>>| {
            format!("{:?}", page.map(|Json(page)| page))
        })
        .post("/form", async |page: Option<Form<Page>>| {
            format!("{}", page.is_some())
        })
        .build()
        .unwrap();
    assert_eq!(
        post_json(&app, r#"{"limit":1}"#).await,
        ok("Some(Page { limit: Some(1) })")
    );
    assert_eq!(post_json(&app, "").await, ok("None"));
    assert_eq!(post_json(&app, r#"{"limit":"x"}"#).await.0, 422);
    let request = Request::post("/form").body(Bytes::new()).unwrap();
    assert_eq!(send(&app, request).await, ok("false"));
}

#[tokio::test]
async fn state_is_shared_by_type() {
    #[derive(Clone)]
    struct Greeting(&'static str);
    let handler = async |State(greeting): State<Greeting>, State(number): State<Arc<u8>>| {
        format!("{} {number}", greeting.0)
    };
    let app = Sabir::new()
        .get("/", handler)
        .state(Greeting("hello"))
        .state(Arc::new(7_u8));
    assert_eq!(get(&app.build().unwrap(), "/").await, ok("hello 7"));
    let error = refusal(Sabir::new().get("/", handler).state(Greeting("hello")));
    assert!(
        error.starts_with("GET /: argument 2, sabir::argument::shared::State<")
            && error
                .contains("the application has no state of the type alloc::sync::Arc<u8>; give it one with"),
        "{error}"
    );
    let error = refusal(Sabir::new().state(1_u8).state(2_u8));
    assert!(
        error.contains("there already is a state of the type u8"),
        "{error}"
    );
}

#[tokio::test]
async fn extensions_come_from_whoever_calls() {
    #[derive(Clone)]
    struct Tenant(&'static str);
    let app = Sabir::new()
        .get("/", async |Extension(tenant): Extension<Tenant>| tenant.0)
        .get("/perhaps", async |tenant: Option<Extension<Tenant>>| {
            tenant.is_some().to_string()
        })
        .build()
        .unwrap();
    let mut request = Request::get("/").body(Bytes::new()).unwrap();
    request.extensions_mut().insert(Tenant("north"));
    assert_eq!(send(&app, request).await, ok("north"));
    assert_eq!(get(&app, "/").await.0, 500);
    assert_eq!(get(&app, "/perhaps").await, ok("false"));
}

#[derive(Clone)]
struct Users(Arc<Vec<(&'static str, &'static str)>>);

#[derive(Debug)]
struct CurrentUser(&'static str);

impl FromCall for CurrentUser {
    type Rejection = Problem;

    async fn from_call(call: &mut Call, states: &States) -> Result<Self, Problem> {
        tokio::task::yield_now().await;
        let Users(users) = states.get()?;
        let token = call
            .head
            .headers
            .get("authorization")
            .map(http::HeaderValue::as_bytes);
        let known = users.iter().find(|(known, _)| Some(known.as_bytes()) == token);
        known
            .map(|(_, name)| Self(name))
            .ok_or_else(|| Problem::new(ProblemType::Unauthorized))
    }

    fn describe(description: &mut Description<'_>) -> Result<(), SetupError> {
        description.operation().tags.push("users".into());
        description.require_state::<Users>().map(drop)
    }
}

#[tokio::test]
async fn arguments_of_ones_own_may_wait_and_see_the_state() {
    let app = Sabir::new()
        .get("/me", async |CurrentUser(name): CurrentUser, call: Call| {
            format!("{name} {:?}", call.route.operation.tags)
        })
        .get("/perhaps", async |user: Result<CurrentUser, Problem>| {
            user.map_or("nobody", |user| user.0)
        });
    let error = refusal(app);
    assert!(
        error.contains("GET /me: argument 1, arguments::CurrentUser: the application has no state"),
        "{error}"
    );
    let app = Sabir::new()
        .state(Users(Arc::new(vec![("s3cret", "Ada")])))
        .get("/me", async |CurrentUser(name): CurrentUser, call: Call| {
            format!("{name} {:?}", call.route.operation.tags)
        })
        .get("/perhaps", async |user: Result<CurrentUser, Problem>| {
            user.map_or("nobody", |user| user.0)
        })
        .build()
        .unwrap();
    let with_token = Request::get("/me").header("authorization", "s3cret");
    assert_eq!(
        send(&app, with_token.body(Bytes::new()).unwrap()).await,
        ok(r#"Ada ["users"]"#)
    );
    assert_eq!(get(&app, "/me").await.0, 401);
    assert_eq!(get(&app, "/perhaps").await, ok("nobody"));
}

#[tokio::test]
async fn what_only_the_type_refuses_says_where() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(try_from = "u32")]
    #[schemars(with = "u32")]
    struct Even(u32);
    impl TryFrom<u32> for Even {
        type Error = &'static str;
        fn try_from(number: u32) -> Result<Self, Self::Error> {
            if number.is_multiple_of(2) {
                Ok(Self(number))
            } else {
                Err("the number is odd")
            }
        }
    }
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Line {
        count: Even,
    }
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Numbered {
        x_line_count: Even,
    }
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Order {
        lines: Vec<Line>,
    }
    let app = Sabir::new()
        .post("/", async |Json(order): Json<Order>| format!("{order:?}"))
        .get("/query", async |Query(line): Query<Line>| format!("{line:?}"))
        .get("/header", async |Header(line): Header<Numbered>| {
            format!("{line:?}")
        })
        .get("/path/{n}", async |Path(number): Path<Even>| {
            format!("{number:?}")
        })
        .get("/tuple/{a}/{n}", async |Path(pair): Path<(u8, Even)>| {
            format!("{pair:?}")
        })
        .build()
        .unwrap();
    let body = r#"{"lines":[{"count":2},{"count":3}]}"#;
    let answer = post_json(&app, body).await;
    assert_eq!(
        errors(&answer),
        [json!(["body", null, "/lines/1/count", "custom"])]
    );
    assert!(answer.1.contains("the number is odd"), "{}", answer.1);
    let too_large = r#"{"lines":[{"count":5000000000}]}"#;
    assert_eq!(
        errors(&post_json(&app, too_large).await),
        [json!(["body", null, "/lines/0/count", "maximum"])]
    );
    assert_eq!(
        errors(&get(&app, "/query?count=3").await),
        [json!(["query", "count", null, "custom"])]
    );
    let request = Request::get("/header").header("x-line-count", "3");
    assert_eq!(
        errors(&send(&app, request.body(Bytes::new()).unwrap()).await),
        [json!(["header", "x-line-count", null, "custom"])]
    );
    assert_eq!(
        errors(&get(&app, "/path/3").await),
        [json!(["path", "n", null, "custom"])]
    );
    assert_eq!(
        errors(&get(&app, "/tuple/1/3").await),
        [json!(["path", "n", null, "custom"])]
    );
}

#[tokio::test]
async fn integers_have_the_bounds_of_their_types() {
    macro_rules! bounded {
        ($($type:ty)*) => {
            $(
                let app = Sabir::new().post("/", async |Json(number): Json<$type>| number.to_string());
                let app = app.build().unwrap();
                for number in [<$type>::MIN, <$type>::MAX] {
                    assert_eq!(post_json(&app, &number.to_string()).await, ok(&number.to_string()));
                }
                let beyond = [i128::from(<$type>::MIN) - 1, i128::from(<$type>::MAX) + 1];
                for (number, keyword) in beyond.iter().zip(["minimum", "maximum"]) {
                    let answer = post_json(&app, &number.to_string()).await;
                    assert_eq!(errors(&answer), [json!(["body", null, "", keyword])], "{number}");
                }
            )*
        };
    }
    bounded!(u8 u16 u32 u64 i8 i16 i32 i64);
}
