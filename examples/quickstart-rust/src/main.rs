//! A small shop: users, orders with nested JSON, photographs, a stream of events, a socket, and a real store. The same as
//! `examples/quickstart` in Python.
//!
//! Run it with `cargo run -p sabir-quickstart`, or `./task demo:rust` from the root.

mod store;

use std::{convert::Infallible, env, error::Error};

use futures_util::{StreamExt, stream};
use sabir::{
    Documents, Event, Events, Header, Json, Multipart, Operation, Path, Problem, ProblemType, Query, Respond,
    Sabir, State, StatusCode, UploadFile,
    document::Info,
    stages::{Compression, Cors, SecurityHeaders},
    websocket::WebSocket,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use store::{Order, Store, User};

#[derive(Deserialize, JsonSchema)]
struct NewUser {
    #[schemars(length(min = 1, max = 80))]
    name: String,
    #[schemars(regex(pattern = r"^[^@\s]+@[^@\s]+$"))]
    email: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Sku(#[schemars(regex(pattern = r"^[A-Z]{3}-[0-9]{4}$"))] String);

#[derive(Deserialize, JsonSchema)]
struct Line {
    #[schemars(regex(pattern = r"^[A-Z]{3}-[0-9]{4}$"))]
    sku: String,
    #[schemars(range(min = 1, max = 100))]
    quantity: u32,
}

#[derive(Deserialize, JsonSchema)]
struct NewOrder {
    user: i64,
    #[schemars(length(min = 1))]
    lines: Vec<Line>,
    note: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct Page {
    #[serde(default = "ten")]
    #[schemars(range(min = 1, max = 100))]
    limit: u32,
}

fn ten() -> u32 {
    10
}

#[derive(Deserialize, JsonSchema)]
struct Resumed {
    #[serde(rename = "last-event-id")]
    last: Option<i64>,
}

#[derive(Serialize, JsonSchema)]
struct Basket {
    added: String,
    items: i64,
}

#[derive(Deserialize, JsonSchema)]
struct Upload {
    photo: UploadFile,
}

#[derive(Serialize, JsonSchema)]
struct AddedOrder {
    id: i64,
    items: i64,
}

#[derive(Serialize, JsonSchema)]
struct Photo {
    sku: String,
    #[schemars(required, extend("type" = ["string", "null"]))]
    filename: Option<String>,
    #[schemars(required, extend("type" = ["string", "null"]))]
    r#type: Option<String>,
    bytes: i64,
}

fn missing(what: &str, id: i64) -> Problem {
    Problem::new(ProblemType::NotFound).with_detail(format!("There is no {what} {id}."))
}

async fn create_user(
    State(store): State<Store>,
    Json(NewUser { name, email }): Json<NewUser>,
) -> Result<(StatusCode, Json<User>), Problem> {
    let taken = Problem::new(ProblemType::Conflict).with_detail(format!("{email} is taken."));
    let user = store.run(|store| store.add_user(name, email)).await?;
    user.map(|user| (StatusCode::CREATED, Json(user))).ok_or(taken)
}

async fn show_user(State(store): State<Store>, Path(id): Path<i64>) -> Result<Json<User>, Problem> {
    let user = store.run(move |store| store.user(id)).await?;
    user.map(Json).ok_or_else(|| missing("user", id))
}

async fn list_users(
    State(store): State<Store>,
    Query(page): Query<Page>,
) -> Result<Json<Vec<User>>, Problem> {
    Ok(Json(store.run(move |store| store.users(page.limit)).await?))
}

async fn create_order(
    State(store): State<Store>,
    Json(NewOrder { user, lines, note }): Json<NewOrder>,
) -> Result<(StatusCode, Json<AddedOrder>), Problem> {
    let items = lines.iter().map(|line| i64::from(line.quantity)).sum();
    let lines = lines.into_iter().map(|line| (line.sku, line.quantity));
    let id = store
        .run(move |store| match store.user(user)? {
            Some(_) => store.add_order(user, lines, note).map(Some),
            None => Ok(None),
        })
        .await?;
    let id = id.ok_or_else(|| missing("user", user))?;
    Ok((StatusCode::CREATED, Json(AddedOrder { id, items })))
}

async fn show_order(State(store): State<Store>, Path(id): Path<i64>) -> Result<Json<Order>, Problem> {
    let order = store.run(move |store| store.order(id)).await?;
    order.map(Json).ok_or_else(|| missing("order", id))
}

async fn order_progress(
    State(store): State<Store>,
    Path(id): Path<i64>,
    Header(resumed): Header<Resumed>,
) -> Result<impl Respond, Problem> {
    let order = store.run(move |store| store.order(id)).await?;
    order.ok_or_else(|| missing("order", id))?;
    let states = ["taken", "packed", "sent"]
        .into_iter()
        .enumerate()
        .skip(resumed.last.and_then(|last| last.try_into().ok()).unwrap_or(0));
    Ok(Events(stream::iter(states).map(|(index, state)| {
        let id = Some((index + 1).to_string());
        Ok::<_, Infallible>(Event {
            id,
            ..Event::new(state)
        })
    })))
}

async fn basket(mut socket: WebSocket<Json<Line>, Json<Basket>>) -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut items = 0;
    while let Some(Line { sku, quantity }) = socket.receive().await {
        items += i64::from(quantity);
        socket.send(&Basket { added: sku, items }).await?;
    }
    Ok(())
}

async fn upload_photo(
    Path(Sku(sku)): Path<Sku>,
    Multipart(Upload { photo }): Multipart<Upload>,
) -> Result<(StatusCode, Json<Photo>), Problem> {
    let content = photo.read().await?;
    let answer = Photo {
        sku,
        filename: photo.filename().map(str::to_owned),
        r#type: photo.content_type().map(str::to_owned),
        bytes: i64::try_from(content.len()).unwrap_or(i64::MAX),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

fn for_clerks(operation: &mut Operation) {
    operation.secured_by("clerk", &[]);
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let database = env::var("SHOP_DATABASE").unwrap_or_else(|_| ":memory:".into());
    let port = env::var("PORT").unwrap_or_else(|_| "8000".into());
    let token = env::var("SHOP_TOKEN").unwrap_or_else(|_| "open-sesame".into());
    let clerk = json!({ "type": "http", "scheme": "bearer", "x-sabir": { "keys": { "ada": token } } });
    let info = Info::new("Shop", "1.0.0").with_description("Users, orders and photographs.");
    Sabir::new()
        .state(Store::open(&database)?)
        .documents(Documents::new(info))
        .stage(Cors {
            allow_origins: vec!["https://shop.example".into()],
            ..Cors::default()
        })
        .stage(SecurityHeaders::default())
        .stage(Compression::default())
        .security_scheme("clerk", clerk)
        .get("/", async || "Welcome to the shop.\n")
        .post("/users", create_user)
        .returns::<User>(StatusCode::CREATED)
        .refuses(StatusCode::CONFLICT)
        .get("/users/{id:int}", show_user)
        .returns::<User>(StatusCode::OK)
        .get("/users", list_users)
        .returns::<Vec<User>>(StatusCode::OK)
        .post("/orders", create_order)
        .returns::<AddedOrder>(StatusCode::CREATED)
        .refuses(StatusCode::NOT_FOUND)
        .describe(for_clerks)
        .get("/orders/{id:int}", show_order)
        .returns::<Order>(StatusCode::OK)
        .describe(for_clerks)
        .get("/orders/{id:int}/progress", order_progress)
        .describe(for_clerks)
        .websocket("/basket", basket)
        .post("/products/{sku}/photo", upload_photo)
        .returns::<Photo>(StatusCode::CREATED)
        .serve(format!("127.0.0.1:{port}"))
        .await?;
    Ok(())
}
