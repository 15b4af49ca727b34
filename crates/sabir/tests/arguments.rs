//! What handlers take, and what is refused when an application is built.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    dead_code,
    reason = "handlers show all of what they receive, which the compiler takes for nothing"
)]

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use http::{HeaderMap, Method, Request, Uri, Version};
use sabir::{
    Bytes, Call, Cookie, Description, Extension, Form, FromCall, Header, Json, Multipart, Path, Problem,
    ProblemType, Query, RemoteAddress, RequestId, Sabir, Service, SetupError, State, States,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

async fn send(app: &Service, request: Request<Bytes>) -> (u16, String) {
    let response = app.call_in_memory(request).await;
    let content = String::from_utf8(response.body().to_vec()).unwrap();
    (response.status().as_u16(), content)
}

async fn get(app: &Service, target: &str) -> (u16, String) {
    send(app, Request::get(target).body(Bytes::new()).unwrap()).await
}

async fn post_json(app: &Service, content: &str) -> (u16, String) {
    let request = Request::post("/").header("content-type", "application/json");
    send(app, request.body(content.to_owned().into()).unwrap()).await
}

fn ok(content: &str) -> (u16, String) {
    (200, content.into())
}

/// Place, name, pointer and keyword of each error.
fn errors((status, content): &(u16, String)) -> Vec<Value> {
    assert_eq!(*status, 422, "{content}");
    let problem: Value = serde_json::from_str(content).unwrap();
    let errors = problem["errors"].as_array().unwrap();
    let shown = |error: &Value| json!([error["in"], error["name"], error["pointer"], error["keyword"]]);
    errors.iter().map(shown).collect()
}

fn refusal(app: Sabir) -> String {
    app.build().unwrap_err().to_string()
}

#[tokio::test]
async fn the_type_of_a_path_argument_says_how_a_variable_is_read() {
    let app = Sabir::new()
        .get("/a/{id}", async |Path(id): Path<u64>| format!("{id}"))
        .get("/b/{id:int}", async |Path(id): Path<String>| id)
        .get("/c/{shop}/{id}", async |Path((shop, id)): Path<(String, u8)>| {
            format!("{shop} {id}")
        })
        .get(
            "/d/{shop}/{id}",
            async |Path(shop): Path<String>, Path(id): Path<bool>| format!("{shop} {id}"),
        )
        .get("/e/{a}/{b}", async |Path(all): Path<BTreeMap<String, i32>>| {
            format!("{all:?}")
        })
        .get("/f/{limit}", async |Path(strict): Path<Strict>| {
            format!("{strict:?}")
        })
        .get("/g/{b}/{limit}/{a}", async |Path(rest): Path<Rest>| {
            format!("{rest:?}")
        })
        .get("/h/{limit}/{shop}", async |Path(flat): Path<Flat>| {
            format!("{flat:?}")
        })
        .build()
        .unwrap();
    assert_eq!(get(&app, "/a/7").await, ok("7"));
    assert_eq!(
        errors(&get(&app, "/a/x").await),
        [json!(["path", "id", null, "type"])]
    );
    assert_eq!(
        errors(&get(&app, "/a/18446744073709551616").await),
        [json!(["path", "id", null, "maximum"])]
    );
    assert_eq!(get(&app, "/b/7").await, ok("7"));
    assert_eq!(get(&app, "/b/x").await.0, 404);
    assert_eq!(get(&app, "/c/north/7").await, ok("north 7"));
    assert_eq!(
        errors(&get(&app, "/c/north/256").await),
        [json!(["path", "id", null, "maximum"])]
    );
    assert_eq!(get(&app, "/d/north/true").await, ok("north true"));
    assert_eq!(get(&app, "/e/1/-2").await, ok(r#"{"a": 1, "b": -2}"#));
    assert_eq!(get(&app, "/f/3").await, ok("Strict { limit: Some(3) }"));
    assert_eq!(
        errors(&get(&app, "/f/x").await),
        [json!(["path", "limit", null, "type"])]
    );
    assert_eq!(
        get(&app, "/g/x/3/7").await,
        ok(r#"Rest { limit: Some(3), rest: {"a": "7", "b": "x"} }"#)
    );
    assert_eq!(
        get(&app, "/h/3/north").await,
        ok(r#"Flat { shop: "north", page: Page { limit: Some(3) } }"#)
    );
}

#[test]
fn path_arguments_that_do_not_fit_the_pattern_are_refused() {
    #[derive(Deserialize, JsonSchema)]
    struct Place {
        shop: String,
        id: u8,
    }
    let cases = [
        (
            Sabir::new().get("/{id}", async |_: Path<(u8, u8)>| ()),
            "GET /{id}: argument 1, sabir::argument::path::Path<(u8, u8)>: the path \"/{id}\" has 1 variables, and the \
             arguments take 2; take as many as the path has",
        ),
        (
            Sabir::new().get("/", async |_: Path<u8>| ()),
            "has 0 variables, and the arguments take 1",
        ),
        (
            Sabir::new().get("/{a}/{b}", async |_: Path<u8>| ()),
            "has 2 variables, and the arguments take 1",
        ),
        (
            Sabir::new().get("/{shop}/{number}", async |_: Path<Place>| ()),
            "has no variable {id}",
        ),
        (
            Sabir::new().get("/{flag:bool}", async |_: Path<u64>| ()),
            "the variable {flag} of \"/{flag:bool}\" is of the type boolean, and the argument takes integer",
        ),
        (
            Sabir::new().get("/{id:uuid}", async |_: Path<u64>| ()),
            "is of the type string, and the argument takes integer",
        ),
        (
            Sabir::new().get("/{shop}/{id}", async |_: Path<Place>, _: Path<u8>| ()),
            "another argument takes the parameter `shop` already",
        ),
        (
            Sabir::new().get("/{shop}/{limit}", async |_: Path<Strict>| ()),
            "GET /{shop}/{limit}: argument 1, sabir::argument::path::Path<arguments::Strict>: the path \
             \"/{shop}/{limit}\" has the variable {shop}, and the type permits no other than limit; add the field",
        ),
        (
            Sabir::new().get("/{by}/{above}", async |_: Path<Sort>| ()),
            "GET /{by}/{above}: argument 1, sabir::argument::path::Path<arguments::Sort>: the type has alternatives",
        ),
        (
            Sabir::new().get("/{limit}/{by}/{above}", async |_: Path<Listing>| ()),
            "the type has alternatives",
        ),
    ];
    for (app, expected) in cases {
        let error = refusal(app);
        assert!(error.contains(expected), "{error}");
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Page {
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Search {
    text: String,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Wrapped(Page);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "by", rename_all = "lowercase")]
enum Sort {
    Name,
    Price { above: u32 },
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Strict {
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Rest {
    limit: Option<u32>,
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Flat {
    shop: String,
    #[serde(flatten)]
    page: Page,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Listing {
    limit: Option<u32>,
    #[serde(flatten)]
    sort: Sort,
}

#[tokio::test]
async fn a_query_may_be_of_many_types() {
    let app = Sabir::new()
        .get(
            "/two",
            async |Query(page): Query<Page>, Query(search): Query<Search>| format!("{page:?} {search:?}"),
        )
        .get("/wrapped", async |Query(query): Query<Wrapped>| {
            format!("{query:?}")
        })
        .get("/map", async |Query(query): Query<BTreeMap<String, String>>| {
            format!("{query:?}")
        })
        .get("/numbers", async |Query(query): Query<BTreeMap<String, u8>>| {
            format!("{query:?}")
        })
        .get("/enum", async |Query(query): Query<Sort>| format!("{query:?}"))
        .get("/strict", async |Query(query): Query<Strict>| {
            format!("{query:?}")
        })
        .get("/rest", async |Query(query): Query<Rest>| format!("{query:?}"))
        .get("/listing", async |Query(query): Query<Listing>| {
            format!("{query:?}")
        })
        .get(
            "/other",
            async |Query(page): Query<Page>, Query(rest): Query<BTreeMap<String, String>>| {
                format!("{page:?} {rest:?}")
            },
        )
        .build()
        .unwrap();
    for (target, shown) in [
        (
            "/two?limit=3&text=a&tags=b&tags=c",
            r#"Page { limit: Some(3) } Search { text: "a", tags: ["b", "c"] }"#,
        ),
        ("/wrapped?limit=3", "Wrapped(Page { limit: Some(3) })"),
        ("/map?b=2&a=x%20y", r#"{"a": "x y", "b": "2"}"#),
        ("/map", "{}"),
        ("/numbers?b=2", r#"{"b": 2}"#),
        ("/enum?by=name", "Name"),
        ("/enum?above=3&by=price", "Price { above: 3 }"),
        ("/strict?limit=3", "Strict { limit: Some(3) }"),
        ("/strict", "Strict { limit: None }"),
        (
            "/rest?limit=3&a=1&b=",
            r#"Rest { limit: Some(3), rest: {"a": "1", "b": ""} }"#,
        ),
        (
            "/listing?limit=3&by=price&above=1",
            "Listing { limit: Some(3), sort: Price { above: 1 } }",
        ),
        ("/other?limit=3&a=1", r#"Page { limit: Some(3) } {"a": "1"}"#),
    ] {
        assert_eq!(get(&app, target).await, ok(shown), "{target}");
    }
    assert_eq!(
        errors(&get(&app, "/strict?limit=3&offset=4").await)[0][3],
        "additionalProperties"
    );
    assert_eq!(errors(&get(&app, "/numbers?b=256").await)[0][2], "/b");
    assert_eq!(get(&app, "/enum?by=size").await.0, 422);
    assert_eq!(get(&app, "/enum").await.0, 422);
    assert_eq!(
        errors(&get(&app, "/two?limit=5000000000").await),
        [
            json!(["query", "limit", null, "maximum"]),
            json!(["query", "text", null, "required"])
        ]
    );
}

#[test]
fn queries_that_would_not_get_what_they_ask_for_are_refused() {
    #[derive(Deserialize, JsonSchema)]
    struct Renamed {
        #[serde(alias = "n")]
        number: u32,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct StrictlyRenamed {
        #[serde(alias = "n")]
        number: u32,
    }
    let cases = [
        (
            Sabir::new().get("/", async |_: Query<Renamed>| ()),
            "`n` is an alias of a field, of which the type's schema says nothing",
        ),
        (
            Sabir::new().get("/", async |_: Query<StrictlyRenamed>| ()),
            "`n` is an alias of a field, of which the type's schema says nothing",
        ),
        (
            Sabir::new().get("/", async |_: Query<Page>, _: Query<Strict>| ()),
            "argument 2, sabir::argument::fields::Query<arguments::Strict>: another argument takes the parameter `limit` \
             already",
        ),
        (
            Sabir::new().get("/", async |_: Query<Listing>, _: Query<Page>| ()),
            "another argument takes the parameter `limit` already",
        ),
        (
            Sabir::new().get("/", async |_: Query<Listing>, _: Query<Sort>| ()),
            "another argument takes the parameter `above` already",
        ),
        (
            Sabir::new().get("/", async |_: Header<Agent>, _: Header<SameAgent>| ()),
            "another argument takes the parameter `user-agent` already",
        ),
        (
            Sabir::new().get("/", async |_: Query<Page>, _: Query<Page>| ()),
            "argument 2, sabir::argument::fields::Query<arguments::Page>: another argument takes the parameter `limit` \
             already",
        ),
        (
            Sabir::new().get("/", async |_: Header<HashMap<String, String>>| ()),
            "the type of the header fields has no fields",
        ),
        (
            Sabir::new().get("/", async |_: Cookie<String>| ()),
            "the type of the cookies has no fields",
        ),
    ];
    for (app, expected) in cases {
        let error = refusal(app);
        assert!(error.contains(expected), "{error}");
    }
}

#[derive(Deserialize, JsonSchema)]
struct Agent {
    user_agent: String,
}

#[derive(Deserialize, JsonSchema)]
struct SameAgent {
    #[serde(rename = "User-Agent")]
    agent: String,
}

#[tokio::test]
async fn names_of_queries_and_cookies_are_told_apart_by_case() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Upper {
        #[serde(rename = "Limit")]
        limit: u32,
    }
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Lower {
        limit: u32,
    }
    let handler =
        async |upper: Query<Upper>, lower: Query<Lower>, other: Cookie<Upper>, same: Cookie<Lower>| {
            format!(
                "{} {} {} {}",
                upper.0.limit, lower.0.limit, other.0.limit, same.0.limit
            )
        };
    let app = Sabir::new().get("/", handler).build().unwrap();
    let request = Request::get("/?Limit=1&limit=2").header("cookie", "Limit=3; limit=4");
    assert_eq!(
        send(&app, request.body(Bytes::new()).unwrap()).await,
        ok("1 2 3 4")
    );
}

#[tokio::test]
async fn a_query_of_one_parameter_has_the_name_of_its_schema() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[schemars(rename = "listing")]
    struct Strictest {
        limit: Option<u32>,
    }
    let names = async |_: Query<Strictest>, call: Call| call.route.operation.parameters[0].name.clone();
    let app = Sabir::new().get("/", names).build().unwrap();
    assert_eq!(get(&app, "/").await, ok("listing"));
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
async fn header_fields_and_cookies_are_fields_of_structs() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Fields {
        user_agent: Option<String>,
        #[serde(rename = "x-count")]
        count: u8,
    }
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Cookies {
        session_id: Option<String>,
    }
    let handler = async |Header(fields): Header<Fields>, Cookie(cookies): Cookie<Cookies>| {
        format!("{fields:?} {cookies:?}")
    };
    let app = Sabir::new().get("/", handler).build().unwrap();
    let request = Request::get("/")
        .header("User-Agent", "curl")
        .header("X-Count", "3")
        .header("Cookie", "a=b; session_id=s%20x");
    assert_eq!(
        send(&app, request.body(Bytes::new()).unwrap()).await,
        ok(r#"Fields { user_agent: Some("curl"), count: 3 } Cookies { session_id: Some("s x") }"#)
    );
    assert_eq!(
        errors(&get(&app, "/").await),
        [json!(["header", "x-count", null, "required"])]
    );
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
