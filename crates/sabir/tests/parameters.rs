//! What handlers take of the path, the query, the header and the cookies, and what is refused when an application is built.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    dead_code,
    reason = "handlers show all of what they receive, which the compiler takes for nothing"
)]

mod support;

use std::collections::{BTreeMap, HashMap};

use http::Request;
use sabir::{Bytes, Call, Cookie, Header, Path, Query, Sabir};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use support::{errors, get, ok, refusal, send};

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
            "GET /{shop}/{limit}: argument 1, sabir::argument::path::Path<parameters::Strict>: the path \
             \"/{shop}/{limit}\" has the variable {shop}, and the type permits no other than limit; add the field",
        ),
        (
            Sabir::new().get("/{by}/{above}", async |_: Path<Sort>| ()),
            "GET /{by}/{above}: argument 1, sabir::argument::path::Path<parameters::Sort>: the type has alternatives",
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
            "argument 2, sabir::argument::fields::Query<parameters::Strict>: another argument takes the parameter `limit` \
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
            "argument 2, sabir::argument::fields::Query<parameters::Page>: another argument takes the parameter `limit` \
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
