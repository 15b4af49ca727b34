"""The AsyncAPI document of an application in Python is that of the same application in other languages."""

import enum
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct
from sabir import Cookie, Header, Query, Sabir, WebSocket

EXPECTED = Path(__file__).parents[1] / "asyncapi.json"


class Join(Struct, tag="join", tag_field="kind"):
    name: str


class Say(Struct, tag="say", tag_field="kind"):
    text: Annotated[str, Meta(min_length=1)]
    to: list[str] = []


class Said(Struct):
    name: str
    text: str


class Left(Struct):
    name: str


class Line(Struct):
    sku: str
    quantity: Annotated[int, Meta(ge=1)]


class State(enum.Enum):
    OPEN = "open"
    CLOSED = "closed"


class Order(Struct):
    """An order of the shop."""

    id: int
    state: State
    price: float
    lines: list[Line]
    counts: dict[str, int]
    note: str | None = None


class Comment(Struct):
    text: str
    replies: list["Comment"]


class Filter(Struct):
    state: str | None = None


class Tick(Struct):
    n: int


def shop() -> Sabir:
    app = Sabir()

    @app.websocket("/chat/{room}", subprotocols=["chat.v2", "chat.v1"], operation_id="chat", tags=["talk"])
    async def chat(
        ws: WebSocket[Join | Say, Said | Left],
        room: str,
        x_key: Annotated[str, Header()],
        limit: Annotated[int, Query(ge=1, le=100)] = 10,
        since: str | None = None,
        seen: Annotated[str, Cookie()] = "no",
    ) -> None:
        """Talk in a room.

        Everybody in it hears it.
        """

    @app.websocket("/echo")
    async def echo(ws: WebSocket) -> None: ...

    @app.websocket("/orders/{id:int}/comments", invalid_message="close")
    async def comments(ws: WebSocket[Filter, Comment], id: int) -> None: ...

    @app.sse("/ticks", events={"tick": Tick})
    async def ticks(last_event_id: str = "") -> Any:
        """Count."""
        yield Tick(1)

    @app.sse("/news")
    async def news() -> Any:
        yield "Tea."

    @app.get("/export")
    async def export(limit: Annotated[int, Query(ge=1, le=100)] = 10, since: str | None = None) -> AsyncIterator[Order]:
        return
        yield

    @app.post("/import")
    async def load(lines: AsyncIterator[Line], x_key: Annotated[str, Header()]) -> AsyncIterator[Order]:
        return
        yield

    @app.put("/lines")
    async def replace(lines: AsyncIterator[Line]) -> None: ...

    @app.get("/plain")
    async def plain() -> str:
        return "no channel"

    return app


def test_the_document_is_that_of_every_language() -> None:
    document = shop().asyncapi(
        title="Shop", version="1.2.0", description="Tea and more.", servers=["https://shop.example/api"]
    )
    written = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    assert written == EXPECTED.read_text()
