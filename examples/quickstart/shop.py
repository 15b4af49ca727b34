"""A small shop: users, orders with nested JSON, photographs, a stream of events, a socket, and a real store.

Run it with ``python -m sabir run shop:app`` from this folder, or ``./task demo`` from the root.
"""

import os
from collections.abc import Iterator
from typing import Annotated

import msgspec
from sabir import Conflict, Event, NotFound, Path, Query, Sabir, UploadFile, WebSocket
from sabir.security import Bearer
from sabir.stages import Compression, Cors, SecurityHeaders
from store import Store

store = Store(os.environ.get("SHOP_DATABASE", ":memory:"))
app = Sabir()
app.documents(title="Shop", version="1.0.0", description="Users, orders and photographs.")
app.use(Cors(allow_origins=["https://shop.example"]), SecurityHeaders(), Compression())
clerk = app.security("clerk", Bearer(keys={"ada": os.environ.get("SHOP_TOKEN", "open-sesame")}))


class NewUser(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    email: Annotated[str, msgspec.Meta(pattern=r"^[^@\s]+@[^@\s]+$")]


class Line(msgspec.Struct):
    sku: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}-[0-9]{4}$")]
    quantity: Annotated[int, msgspec.Meta(ge=1, le=100)]


class NewOrder(msgspec.Struct):
    user: int
    lines: Annotated[list[Line], msgspec.Meta(min_length=1)]
    note: str | None = None


class User(msgspec.Struct):
    id: int
    name: str
    email: str


class Order(msgspec.Struct):
    id: int
    user: int
    note: str | None
    lines: list[Line]


class AddedOrder(msgspec.Struct):
    id: int
    items: int


class Photo(msgspec.Struct):
    sku: str
    filename: str | None
    type: str | None
    bytes: int


class Basket(msgspec.Struct):
    added: str
    items: int


@app.get("/")
async def index() -> str:
    return "Welcome to the shop.\n"


@app.post("/users", status=201, responses={409: Conflict})
def create_user(user: NewUser) -> User:
    number = store.add_user(user.name, user.email)
    if number is None:
        raise Conflict(detail=f"{user.email} is taken.")
    return User(number, user.name, user.email)


@app.get("/users/{id:int}")
def show_user(id: int) -> User:
    user = store.user(id)
    if user is None:
        raise NotFound(detail=f"There is no user {id}.")
    return msgspec.convert(user, User)


@app.get("/users")
def list_users(limit: Annotated[int, Query(ge=1, le=100)] = 10) -> list[User]:
    return msgspec.convert(store.users(limit), list[User])


@app.post("/orders", status=201, responses={404: NotFound}, security=[clerk])
def create_order(order: NewOrder) -> AddedOrder:
    if store.user(order.user) is None:
        raise NotFound(detail=f"There is no user {order.user}.")
    lines = [(line.sku, line.quantity) for line in order.lines]
    return AddedOrder(store.add_order(order.user, lines, order.note), sum(quantity for _, quantity in lines))


@app.get("/orders/{id:int}", security=[clerk])
def show_order(id: int) -> Order:
    order = store.order(id)
    if order is None:
        raise NotFound(detail=f"There is no order {id}.")
    return msgspec.convert(order, Order)


@app.sse("/orders/{id:int}/progress", security=[clerk])
def order_progress(id: int, last_event_id: int | None = None) -> Iterator[Event[str]]:
    if store.order(id) is None:
        raise NotFound(detail=f"There is no order {id}.")
    for number, state in enumerate(("taken", "packed", "sent"), start=1):
        if number > (last_event_id or 0):
            yield Event(data=state, id=str(number))


@app.websocket("/basket")
async def basket(ws: WebSocket[Line, Basket]) -> None:
    items = 0
    async for line in ws:
        items += line.quantity
        await ws.send(Basket(line.sku, items))


@app.post("/products/{sku}/photo", status=201)
async def upload_photo(sku: Annotated[str, Path(pattern=r"^[A-Z]{3}-[0-9]{4}$")], photo: UploadFile) -> Photo:
    content = await photo.read()
    return Photo(sku, photo.filename, photo.content_type, len(content))


if __name__ == "__main__":
    app.run()
