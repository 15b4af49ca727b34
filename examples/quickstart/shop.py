"""A small shop: users, orders with nested JSON, photographs, a stream of events, a socket, and a real store.

Run it with ``python -m sabir run shop:app`` from this folder, or ``./task demo`` from the root.
"""

import os
from collections.abc import Iterator
from typing import Annotated

import msgspec
from sabir import Conflict, Event, NotFound, Path, Query, Sabir, UploadFile, WebSocket
from store import Store

store = Store(os.environ.get("SHOP_DATABASE", ":memory:"))
app = Sabir()


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


@app.get("/")
async def index() -> str:
    return "Welcome to the shop.\n"


@app.post("/users", status=201)
def create_user(user: NewUser) -> dict:
    number = store.add_user(user.name, user.email)
    if number is None:
        raise Conflict(detail=f"{user.email} is taken.")
    return {"id": number, "name": user.name, "email": user.email}


@app.get("/users/{id:int}")
def show_user(id: int) -> dict:
    user = store.user(id)
    if user is None:
        raise NotFound(detail=f"There is no user {id}.")
    return user


@app.get("/users")
def list_users(limit: Annotated[int, Query(ge=1, le=100)] = 10) -> list:
    return store.users(limit)


@app.post("/orders", status=201)
def create_order(order: NewOrder) -> dict:
    if store.user(order.user) is None:
        raise NotFound(detail=f"There is no user {order.user}.")
    lines = [(line.sku, line.quantity) for line in order.lines]
    return {"id": store.add_order(order.user, lines, order.note), "items": sum(quantity for _, quantity in lines)}


@app.get("/orders/{id:int}")
def show_order(id: int) -> dict:
    order = store.order(id)
    if order is None:
        raise NotFound(detail=f"There is no order {id}.")
    return order


@app.sse("/orders/{id:int}/progress")
def order_progress(id: int, last_event_id: int = 0) -> Iterator[Event[str]]:
    if store.order(id) is None:
        raise NotFound(detail=f"There is no order {id}.")
    for number, state in enumerate(("taken", "packed", "sent"), start=1):
        if number > last_event_id:
            yield Event(data=state, id=str(number))


@app.websocket("/basket")
async def basket(ws: WebSocket[Line]) -> None:
    items = 0
    async for line in ws:
        items += line.quantity
        await ws.send({"added": line.sku, "items": items})


@app.post("/products/{sku}/photo", status=201)
async def upload_photo(sku: Annotated[str, Path(pattern=r"^[A-Z]{3}-[0-9]{4}$")], photo: UploadFile) -> dict:
    content = await photo.read()
    return {"sku": sku, "filename": photo.filename, "type": photo.content_type, "bytes": len(content)}


if __name__ == "__main__":
    app.run()
