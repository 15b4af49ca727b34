"""The OpenAPI document of an application in Python is that of the same application in other languages."""

import enum
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, Struct
from openapi_spec_validator import validate
from sabir import Conflict, Cookie, Form, Header, Query, Request, Sabir, UploadFile, WebSocket

EXPECTED = Path(__file__).parents[1]


class State(enum.Enum):
    OPEN = "open"
    CLOSED = "closed"


class Line(Struct):
    sku: Annotated[str, Meta(pattern="^[A-Z]{3}-[0-9]{4}$")]
    quantity: Annotated[int, Meta(ge=1, le=100)]


class NewOrder(Struct):
    """What a client orders."""

    lines: Annotated[list[Line], Meta(min_length=1)]
    note: str | None = None


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


class Join(Struct, tag="join", tag_field="kind"):
    name: str


class Say(Struct, tag="say", tag_field="kind"):
    text: Annotated[str, Meta(min_length=1)]


class Tick(Struct):
    n: int


INFO: dict[str, Any] = {
    "title": "Shop",
    "version": "1.2.0",
    "description": "Tea and more.",
    "terms_of_service": "https://shop.example/terms",
    "contact": {"name": "Ada", "url": "https://shop.example", "email": "ada@shop.example"},
    "license": {"name": "MIT License", "identifier": "MIT"},
    "servers": ["https://shop.example/api", {"url": "/", "description": "Here."}],
    "tags": [{"name": "orders", "description": "What is bought."}],
}


def shop() -> Sabir:
    app = Sabir()
    app.converter("sku", "[A-Z]{3}-[0-9]{4}", {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"})

    @app.get("/orders", operation_id="find_orders", tags=["orders"])
    async def find(
        x_key: Annotated[str, Header(description="The key of the client.")],
        limit: Annotated[int, Query(ge=1, le=100)] = 10,
        since: str | None = None,
        state: list[Literal["open", "closed"]] | None = None,
        seen: Annotated[str, Cookie()] = "no",
    ) -> list[Order]:
        """Find orders.

        The newest first.
        """
        return []

    @app.post("/orders", status=201, responses={409: Conflict}, tags=["orders"])
    async def create(order: NewOrder) -> Order:
        raise NotImplementedError

    @app.get("/orders/{id:int}", responses={404: "There is no such order."})
    async def show(id: int) -> Order:
        raise NotImplementedError

    @app.put("/orders/{id:int}", deprecated=True)
    async def replace(id: Annotated[int, Meta(ge=1)], order: NewOrder) -> Order:
        raise NotImplementedError

    @app.delete("/orders/{number}", status=204)
    async def remove(number: str) -> None: ...

    @app.get("/orders/{id:uuid}")
    async def by_key() -> dict[str, Any]:
        return {}

    @app.get("/files/{path:path}")
    async def file() -> str:
        return ""

    @app.get("/reports/{kind:csv|pdf}/{day:date}.{n}")
    async def report(n: str) -> str:
        return ""

    @app.get("/parts/{sku:sku}", produces=["application/json", "text/html"])
    async def part() -> str:
        return ""

    @app.post("/photos", status=201)
    async def upload(photo: UploadFile, caption: Annotated[str, Form()] = "") -> None: ...

    @app.post("/names")
    async def rename(first: Annotated[str, Form()], age: Annotated[int, Form(ge=0)]) -> None: ...

    @app.post("/comments")
    async def comment(comment: Comment) -> Comment:
        return comment

    @app.post("/messages")
    async def say(message: Join | Say) -> None: ...

    @app.sse("/ticks", events={"tick": Tick})
    async def ticks() -> Any:
        yield Tick(1)

    @app.get("/export")
    async def export() -> AsyncIterator[Order]:
        return
        yield

    @app.post("/import")
    async def load(lines: AsyncIterator[Line]) -> list[int]:
        return []

    @app.put("/blob")
    async def blob(request: Request) -> None: ...

    @app.all("/any")
    async def anything() -> None: ...

    @app.route("/cache", methods=["PURGE", "GET"])
    async def purge() -> None: ...

    @app.get("/hidden", hidden=True)
    async def hidden() -> None: ...

    @app.websocket("/chat")
    async def chat(ws: WebSocket) -> None: ...

    return app


@pytest.mark.parametrize("version", ["3.1", "3.2"])
def test_the_document_is_that_of_every_language(version: Any) -> None:
    document = shop().openapi(openapi_version=version, **INFO)
    validate(document)
    written = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    assert written == (EXPECTED / f"openapi-{version}.json").read_text()
