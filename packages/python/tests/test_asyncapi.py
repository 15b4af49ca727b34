"""AsyncAPI documents: what they are made of, and what they cannot be made of."""

import dataclasses
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, TypedDict

import attrs
import msgspec
import pydantic
import pytest

from sabir import Event, Router, Sabir, SetupError, WebSocket
from sabir.testing import TestClient


class Numbered(msgspec.Struct):
    n: Annotated[int, msgspec.Meta(ge=1)]
    note: str | None = None


def models() -> dict[str, Any]:
    """Return one model, said in the words of each library."""

    class Line(msgspec.Struct):
        inner: list[Numbered]
        text: str = "a"

    found: dict[str, Any] = {"msgspec": Line}

    @dataclasses.dataclass
    class Line:  # type: ignore[no-redef]
        inner: list[Numbered]
        text: str = "a"

    found["dataclass"] = Line

    @attrs.define
    class Line:  # type: ignore[no-redef]
        inner: list[Numbered]
        text: str = "a"

    found["attrs"] = Line

    n = (Annotated[int, pydantic.Field(ge=1)], ...)
    numbered: Any = pydantic.create_model("Numbered", n=n, note=(str | None, None))

    class Line(pydantic.BaseModel):  # type: ignore[no-redef]
        inner: list[numbered]  # type: ignore[valid-type]
        text: str = "a"

    found["pydantic"] = Line
    return found


def document_of(model: Any) -> dict[str, Any]:
    app = Sabir()

    async def handler(ws: WebSocket[Any, Any]) -> None: ...

    handler.__annotations__["ws"] = WebSocket[list[model], Any]  # type: ignore[valid-type]
    app.websocket("/lines")(handler)

    async def load(lines: Any) -> None: ...

    load.__annotations__["lines"] = AsyncIterator[model]  # type: ignore[valid-type]
    app.put("/lines")(load)
    return app.asyncapi()


@pytest.mark.parametrize("kind", ["dataclass", "attrs", "pydantic"])
def test_models_of_all_libraries_are_described_alike(kind: str) -> None:
    expected = document_of(models()["msgspec"])
    assert json.dumps(document_of(models()[kind])) == json.dumps(expected)
    assert expected["components"]["schemas"]["Line"] == {
        "type": "object",
        "properties": {
            "inner": {"type": "array", "items": {"$ref": "#/components/schemas/Numbered"}},
            "text": {"type": "string", "default": "a"},
        },
        "required": ["inner"],
    }
    assert expected["channels"]["lines-2"]["messages"]["Line"]["payload"] == {"$ref": "#/components/schemas/Line"}


def test_events_say_what_their_data_are() -> None:
    app = Sabir()

    @app.sse("/typed")
    async def typed() -> AsyncIterator[Event[Numbered]]:
        yield Event(data=Numbered(1))

    @app.sse("/named", events={"one": Numbered, "message": str})
    async def named() -> Any:
        yield Numbered(1)

    channels = app.asyncapi()["channels"]
    reference = {"$ref": "#/components/schemas/Numbered"}
    assert channels["typed"]["messages"]["event"]["payload"] == reference
    one, message = channels["named"]["messages"].values()
    assert (one["payload"], one["headers"]["required"]) == (reference, ["event"])
    assert (message["contentType"], message["payload"]) == ("text/plain", {"type": "string"})


def test_unions_are_messages_of_their_own() -> None:
    class Join(TypedDict):
        name: str

    class Left(msgspec.Struct):
        name: str

    app = Sabir()

    @app.websocket("/chat")
    async def chat(ws: WebSocket[Join, Left | Join]) -> None: ...

    channel = app.asyncapi()["channels"]["chat"]
    assert list(channel["messages"]) == ["Join", "Left", "problem"]


def test_functions_give_no_names_to_the_document() -> None:
    app, router = Sabir(), Router(tags=["a"])

    @app.websocket("/{room}")
    async def chat(ws: WebSocket) -> None: ...

    @router.sse("/b", operation_id="ticks")
    async def events() -> Any:
        yield 1

    app.mount("/a", router)
    assert list(app.asyncapi()["channels"]) == ["room", "ticks"]
    assert app.asyncapi()["operations"]["send.ticks"]["tags"] == [{"name": "a"}]
    assert app.url_for("chat", room="tea") == "/tea"
    assert app.url_for("ticks") == "/a/b"


def test_it_is_the_same_when_the_application_has_started() -> None:
    app = Sabir()

    @app.websocket("/chat")
    async def chat(ws: WebSocket[Numbered]) -> None: ...

    before = app.asyncapi()
    with TestClient(app) as client:
        assert client.get("/chat").status_code == 426
        assert app.asyncapi() == before


def test_it_says_of_the_application_what_it_is_told() -> None:
    app = Sabir()
    app.websocket("/chat", message=lambda ws, message: None)
    assert app.asyncapi()["info"] == {"title": "Sabir", "version": "0.1.0"}
    server = {"url": "https://shop.example", "description": "Live."}
    document = app.asyncapi(title="Shop", version="1", description="Tea.", servers=["http://localhost:8000", server])
    assert document["info"] == {"title": "Shop", "version": "1", "description": "Tea."}
    assert document["servers"] == {
        "localhost-8000-ws": {"host": "localhost:8000", "protocol": "ws"},
        "shop.example-wss": {"host": "shop.example", "protocol": "wss", "description": "Live."},
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"title": 1}, "asyncapi: title: invalid type"),
        ({"servers": "https://shop.example"}, "asyncapi: servers: invalid type: string"),
        ({"servers": ["/api"]}, r"asyncapi: servers\[0\].url: .*does not begin with https"),
        ({"servers": [{"uri": "https://a.example"}]}, r"asyncapi: servers\[0\].uri: unknown field"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        Sabir().asyncapi(**arguments)
