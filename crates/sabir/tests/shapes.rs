//! Types of arguments beyond plain structs, as serde and schemars write them.
#![allow(
    dead_code,
    reason = "handlers show all of what they receive, which the compiler takes for nothing"
)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Debug,
};

use bytes::Bytes;
use http::Request;
use sabir::{Form, Json, Path, Query, Sabir, Service};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The status and the content of the answer.
async fn answer(app: &Service, request: Request<Bytes>) -> (u16, String) {
    let response = app.call_in_memory(request).await;
    let content = String::from_utf8(response.body().to_vec()).unwrap();
    (response.status().as_u16(), content)
}

async fn get(app: &Service, target: &str) -> (u16, String) {
    answer(app, Request::get(target).body(Bytes::new()).unwrap()).await
}

async fn post(app: &Service, media_type: &str, content: &str) -> (u16, String) {
    let request = Request::post("/").header("content-type", media_type);
    answer(app, request.body(content.to_owned().into()).unwrap()).await
}

/// An application that answers with what its handler received as a JSON body.
fn json<T: Debug + for<'de> Deserialize<'de> + JsonSchema + Send + 'static>() -> Service {
    let show = async |Json(value): Json<T>| format!("{value:?}");
    Sabir::new().post("/", show).build().unwrap()
}

/// An application that answers with what its handler received as a query.
fn query<T: Debug + for<'de> Deserialize<'de> + JsonSchema + Send + 'static>() -> Service {
    let show = async |Query(value): Query<T>| format!("{value:?}");
    Sabir::new().get("/", show).build().unwrap()
}

/// An application that answers with what its handler received as a form.
fn form<T: Debug + for<'de> Deserialize<'de> + JsonSchema + Send + 'static>() -> Service {
    let show = async |Form(value): Form<T>| format!("{value:?}");
    Sabir::new().post("/", show).build().unwrap()
}

async fn takes_json<T: Debug + for<'de> Deserialize<'de> + JsonSchema + Send + 'static>(
    content: &str,
    shown: &str,
) {
    assert_eq!(
        post(&json::<T>(), "application/json", content).await,
        (200, shown.to_owned()),
        "{content}"
    );
}

async fn refuses_json<T: Debug + for<'de> Deserialize<'de> + JsonSchema + Send + 'static>(content: &str) {
    let (status, problem) = post(&json::<T>(), "application/json", content).await;
    assert_eq!(status, 422, "{content}: {problem}");
    assert!(problem.contains("\"errors\":[{"), "{content}: {problem}");
}

async fn takes_query<T: Debug + for<'de> Deserialize<'de> + JsonSchema + Send + 'static>(
    text: &str,
    shown: &str,
) {
    assert_eq!(
        get(&query::<T>(), &format!("/?{text}")).await,
        (200, shown.to_owned()),
        "{text}"
    );
}

async fn refuses_query<T: Debug + for<'de> Deserialize<'de> + JsonSchema + Send + 'static>(text: &str) {
    let (status, problem) = get(&query::<T>(), &format!("/?{text}")).await;
    assert_eq!(status, 422, "{text}: {problem}");
    assert!(problem.contains("\"errors\":[{"), "{text}: {problem}");
}

async fn takes_form<T: Debug + for<'de> Deserialize<'de> + JsonSchema + Send + 'static>(
    text: &str,
    shown: &str,
) {
    assert_eq!(
        post(&form::<T>(), "application/x-www-form-urlencoded", text).await,
        (200, shown.to_owned()),
        "{text}"
    );
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum NumberOrWord {
    Number(i64),
    Word(Word),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Word {
    All,
    TheFirst,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Union {
    limit: NumberOrWord,
}

#[tokio::test]
async fn an_untagged_enum_is_a_union() {
    takes_json::<Union>(r#"{"limit":3}"#, "Union { limit: Number(3) }").await;
    takes_json::<Union>(r#"{"limit":"the-first"}"#, "Union { limit: Word(TheFirst) }").await;
    refuses_json::<Union>(r#"{"limit":"last"}"#).await;
    takes_query::<Union>("limit=3", "Union { limit: Number(3) }").await;
    takes_query::<Union>("limit=all", "Union { limit: Word(All) }").await;
    refuses_query::<Union>("limit=last").await;
    takes_form::<Union>("limit=3", "Union { limit: Number(3) }").await;
    takes_form::<Union>("limit=all", "Union { limit: Word(All) }").await;
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Shape {
    Circle { radius: u32 },
    Square { side: f64 },
    Nothing,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    One(u8),
    Two { a: i64 },
}

#[derive(Debug, Deserialize, JsonSchema)]
enum External {
    One(u8),
    Two { a: i64 },
    Three,
}

#[tokio::test]
async fn tagged_enums_choose_by_their_tag() {
    takes_json::<Shape>(r#"{"kind":"circle","radius":2}"#, "Circle { radius: 2 }").await;
    takes_json::<Shape>(r#"{"radius":2,"kind":"circle"}"#, "Circle { radius: 2 }").await;
    takes_json::<Shape>(r#"{"kind":"square","side":2}"#, "Square { side: 2.0 }").await;
    takes_json::<Shape>(r#"{"kind":"nothing"}"#, "Nothing").await;
    refuses_json::<Shape>(r#"{"kind":"circle","radius":-2}"#).await;
    refuses_json::<Shape>(r#"{"kind":"cube"}"#).await;
    takes_json::<Adjacent>(r#"{"t":"One","c":7}"#, "One(7)").await;
    takes_json::<Adjacent>(r#"{"t":"Two","c":{"a":1}}"#, "Two { a: 1 }").await;
    takes_json::<External>(r#"{"One":7}"#, "One(7)").await;
    takes_json::<External>(r#"{"Two":{"a":1}}"#, "Two { a: 1 }").await;
    takes_json::<External>(r#""Three""#, "Three").await;
    refuses_json::<External>(r#"{"One":300}"#).await;
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Numbers {
    small: u8,
    large: u64,
    signed: i64,
    float: f32,
}

#[tokio::test]
async fn a_number_without_fraction_is_an_integer_however_it_is_written() {
    takes_json::<u32>("1.0", "1").await;
    takes_json::<u32>("1e2", "100").await;
    takes_json::<Vec<i8>>("[1.0, -2.00]", "[1, -2]").await;
    takes_json::<NumberOrWord>("3.0", "Number(3)").await;
    takes_json::<Shape>(r#"{"kind":"circle","radius":2.0}"#, "Circle { radius: 2 }").await;
    takes_json::<External>(r#"{"One":7.0}"#, "One(7)").await;
    takes_json::<Flat>(
        r#"{"sku":"a","limit":5.0}"#,
        r#"Flat { sku: "a", filter: Filter { limit: Some(5), after: None } }"#,
    )
    .await;
    refuses_json::<u32>("1.5").await;
    refuses_json::<u32>("-1.0").await;
    refuses_json::<u32>("1.00000000000000000001").await;
}

#[tokio::test]
async fn numbers_keep_their_ranges() {
    let text = r#"{"small":255,"large":18446744073709551615,"signed":-9223372036854775808,"float":1}"#;
    let shown =
        "Numbers { small: 255, large: 18446744073709551615, signed: -9223372036854775808, float: 1.0 }";
    takes_json::<Numbers>(text, shown).await;
    takes_query::<Numbers>(
        "small=255&large=18446744073709551615&signed=-9223372036854775808&float=1",
        shown,
    )
    .await;
    refuses_query::<Numbers>("small=256&large=1&signed=1&float=1").await;
    refuses_query::<Numbers>("small=1&large=18446744073709551616&signed=1&float=1").await;
    refuses_query::<Numbers>("small=1&large=1&signed=9223372036854775808&float=1").await;
    refuses_json::<u64>("18446744073709551616").await;
    refuses_json::<i64>("9223372036854775808").await;
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Filter {
    limit: Option<u32>,
    after: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Page {
    #[serde(flatten)]
    filter: Filter,
    #[serde(flatten)]
    rest: BTreeMap<String, i64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Flat {
    sku: String,
    #[serde(flatten)]
    filter: Filter,
}

#[tokio::test]
async fn flattened_members_are_members() {
    takes_json::<Flat>(
        r#"{"sku":"a","limit":3}"#,
        r#"Flat { sku: "a", filter: Filter { limit: Some(3), after: None } }"#,
    )
    .await;
    refuses_json::<Flat>(r#"{"sku":"a","limit":"3"}"#).await;
    takes_query::<Flat>(
        "sku=a&limit=3&after=x",
        r#"Flat { sku: "a", filter: Filter { limit: Some(3), after: Some("x") } }"#,
    )
    .await;
    refuses_query::<Flat>("limit=3").await;
    takes_form::<Flat>(
        "sku=a&limit=3",
        r#"Flat { sku: "a", filter: Filter { limit: Some(3), after: None } }"#,
    )
    .await;
    takes_json::<Page>(
        r#"{"limit":3,"a":1}"#,
        r#"Page { filter: Filter { limit: Some(3), after: None }, rest: {"a": 1} }"#,
    )
    .await;
}

fn ten() -> u32 {
    10
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Renamed {
    #[serde(default = "ten")]
    page_size: u32,
    #[serde(rename = "sort-by")]
    sort: Option<Word>,
    #[serde(default)]
    with_tags: Vec<String>,
    #[serde(default)]
    is_open: bool,
    #[serde(skip)]
    hidden: u8,
}

#[tokio::test]
async fn names_and_defaults_are_those_of_serde() {
    let none = "Renamed { page_size: 10, sort: None, with_tags: [], is_open: false, hidden: 0 }";
    takes_query::<Renamed>("", none).await;
    takes_json::<Renamed>("{}", none).await;
    takes_form::<Renamed>("page_size=3", none).await;
    let all = r#"Renamed { page_size: 3, sort: Some(All), with_tags: ["a", "b"], is_open: true, hidden: 0 }"#;
    takes_query::<Renamed>(
        "pageSize=3&sort-by=all&withTags=a&withTags=b&isOpen=true&hidden=7",
        all,
    )
    .await;
    takes_form::<Renamed>("pageSize=3&sort-by=all&withTags=a&withTags=b&isOpen=true", all).await;
    takes_json::<Renamed>(
        r#"{"pageSize":3,"sort-by":"all","withTags":["a","b"],"isOpen":true}"#,
        all,
    )
    .await;
    refuses_query::<Renamed>("sort-by=none").await;
    refuses_query::<Renamed>("isOpen=1").await;
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Optional {
    n: Option<i64>,
    text: Option<String>,
    flag: Option<bool>,
    inner: Option<Box<Optional>>,
}

#[tokio::test]
async fn an_option_is_absent_or_null() {
    let none = "Optional { n: None, text: None, flag: None, inner: None }";
    takes_json::<Optional>("{}", none).await;
    takes_json::<Optional>(r#"{"n":null,"text":null,"flag":null,"inner":null}"#, none).await;
    takes_json::<Optional>(
        r#"{"inner":{"inner":{"n":1}}}"#,
        "Optional { n: None, text: None, flag: None, inner: Some(Optional { n: None, text: None, flag: None, inner: \
         Some(Optional { n: Some(1), text: None, flag: None, inner: None }) }) }",
    )
    .await;
    takes_json::<Option<i64>>("null", "None").await;
    takes_json::<Option<i64>>("1", "Some(1)").await;
    takes_form::<Filter>("limit=&after=", r#"Filter { limit: None, after: Some("") }"#).await;
    takes_query::<Filter>("limit=&after=", r#"Filter { limit: None, after: Some("") }"#).await;
    takes_query::<Filter>("after=null", r#"Filter { limit: None, after: Some("null") }"#).await;
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Nested {
    pair: (i64, i64),
    by_name: HashMap<String, Vec<Option<f64>>>,
    letter: char,
    wrapped: Wrapped,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Wrapped(u8);

#[derive(Debug, Deserialize, JsonSchema)]
struct Pair {
    at: (i64, i64),
    wrapped: Option<Wrapped>,
}

#[tokio::test]
async fn tuples_maps_and_wrappers_are_read() {
    takes_json::<Nested>(
        r#"{"pair":[1,2],"by_name":{"a":[1,null]},"letter":"é","wrapped":7}"#,
        r#"Nested { pair: (1, 2), by_name: {"a": [Some(1.0), None]}, letter: 'é', wrapped: Wrapped(7) }"#,
    )
    .await;
    refuses_json::<Nested>(r#"{"pair":[1],"by_name":{},"letter":"e","wrapped":7}"#).await;
    refuses_json::<Nested>(r#"{"pair":[1,2,3],"by_name":{},"letter":"e","wrapped":7}"#).await;
    refuses_json::<Nested>(r#"{"pair":[1,2],"by_name":{},"letter":"ee","wrapped":7}"#).await;
    takes_query::<Pair>(
        "at=1&at=2&wrapped=3",
        "Pair { at: (1, 2), wrapped: Some(Wrapped(3)) }",
    )
    .await;
    refuses_query::<Pair>("at=1").await;
}

#[tokio::test]
async fn variables_of_a_path_fill_a_value_a_tuple_or_a_struct() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Place {
        shop: String,
        id: u8,
    }
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Id {
        id: i64,
    }
    let app = Sabir::new()
        .get("/value/{id:int}", async |Path(id): Path<u8>| id.to_string())
        .get("/tuple/{id:int}", async |Path((id,)): Path<(i64,)>| {
            id.to_string()
        })
        .get("/struct/{id:int}", async |Path(id): Path<Id>| format!("{id:?}"))
        .get("/word/{word}", async |Path(word): Path<Word>| format!("{word:?}"))
        .get("/two/{shop}/{id:int}", async |Path(place): Path<Place>| {
            format!("{place:?}")
        })
        .get(
            "/map/{shop}/{id}",
            async |Path(map): Path<BTreeMap<String, String>>| format!("{map:?}"),
        )
        .build()
        .unwrap();
    let body = async |target: &str| get(&app, target).await;
    assert_eq!(body("/value/7").await, (200, "7".into()));
    assert_eq!(body("/value/300").await.0, 422);
    assert_eq!(body("/tuple/7").await, (200, "7".into()));
    assert_eq!(body("/struct/7").await, (200, "Id { id: 7 }".into()));
    assert_eq!(body("/word/the-first").await, (200, "TheFirst".into()));
    assert_eq!(body("/word/last").await.0, 422);
    assert_eq!(
        body("/two/north/7").await,
        (200, r#"Place { shop: "north", id: 7 }"#.into())
    );
    assert_eq!(
        body("/map/north/7").await,
        (200, r#"{"id": "7", "shop": "north"}"#.into())
    );
}

#[tokio::test]
async fn a_closure_may_hold_what_it_needs_and_be_wrapped() {
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };
    /// Counts the calls of a handler of one argument.
    fn counted<A, F, Fut>(
        count: Arc<AtomicU64>,
        handler: F,
    ) -> impl Fn(A) -> Fut + Clone + Send + Sync + 'static
    where
        F: Fn(A) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = String> + Send + 'static,
    {
        move |argument| {
            count.fetch_add(1, Ordering::SeqCst);
            handler(argument)
        }
    }
    let count = Arc::new(AtomicU64::new(0));
    let greeting = String::from("hello");
    let greet = move |Path(name): Path<String>| {
        let greeting = greeting.clone();
        async move { format!("{greeting} {name}") }
    };
    let app = Sabir::new()
        .get("/{name}", counted(Arc::clone(&count), greet))
        .build()
        .unwrap();
    assert_eq!(get(&app, "/ada").await, (200, "hello ada".into()));
    assert_eq!(get(&app, "/bob").await, (200, "hello bob".into()));
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn what_cannot_be_written_is_a_failure_that_says_nothing() {
    #[derive(Serialize)]
    struct Odd {
        #[serde(serialize_with = "refuse")]
        secret: u8,
    }
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn refuse<S: serde::Serializer>(_: &u8, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("the password is 1234"))
    }
    let app = Sabir::new()
        .get("/", async || Json(Odd { secret: 1 }))
        .get("/created", async || sabir::Created {
            location: "/a\nb".into(),
            content: "x",
        })
        .build()
        .unwrap();
    let (status, content) = get(&app, "/").await;
    assert_eq!(status, 500);
    assert!(!content.contains("1234"), "{content}");
    assert_eq!(
        get(&app, "/created").await.0,
        500,
        "a place that no header field can hold"
    );
}

#[test]
fn arguments_that_would_never_get_anything_are_refused() {
    #[derive(Deserialize, JsonSchema)]
    struct Nothing {}
    let error = |app: Sabir| app.build().unwrap_err().to_string();
    for refused in [
        Sabir::new().get("/items", async |_: Query<NumberOrWord>| ()),
        Sabir::new().get("/items", async |_: Query<i64>| ()),
    ] {
        let text = error(refused);
        assert!(
            text.contains("GET /items: argument 1, sabir::argument::fields::Query<")
                && text.contains("has no fields"),
            "{text}"
        );
    }
    let text = error(Sabir::new().post("/items", async |_: Json<i64>, _: Json<String>| ()));
    assert!(
        text.contains("POST /items: argument 2")
            && text.contains("argument 1 takes the decoded body already"),
        "{text}"
    );
    let fine = Sabir::new()
        .get("/none", async |_: Query<Nothing>| ())
        .post("/both", async |_: Query<Filter>, _: Json<i64>| ());
    assert!(fine.build().is_ok());
}
