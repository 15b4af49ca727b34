"""WebSockets: what handlers and test clients see of them."""

from __future__ import annotations

from typing import Any, Literal

import httpx
import pytest
import trio

from sabir import (
    AsyncTestClient,
    CloseCode,
    Forbidden,
    Router,
    Sabir,
    SetupError,
    TestClient,
    WebSocket,
    WebSocketDisconnect,
)
from sabir.operation import derive
from sabir.routes import RouteDefinition
from tests.processes import eventually
from tests.socket_application import Join, Line, Say, afail, application, both


@pytest.mark.native
@both
def test_messages_of_both_kinds_come_back(socket: bool) -> None:
    app, seen = application()
    with TestClient(app, socket=socket) as client:
        with client.websocket("/echo", subprotocols=["other", "chat.v2", "chat.v1"]) as ws:
            assert ws.subprotocol == "chat.v2"
            assert ws.response.status_code == 101
            for message in ("hello", "é€😀", "", b"a\0b\xff", b"", bytes(100_000), "x" * 1_000_000):
                ws.send(message)
                assert ws.receive() == message
            ws.send_json("a")
            assert ws.receive() == '"a"'
            ws.ping(b"are you there")
            ws.close(4000, "bye")
            assert (ws.close_code, ws.close_reason) == (4000, "")
            with pytest.raises(WebSocketDisconnect):
                ws.receive()
        eventually(lambda: seen == [(4000, "bye")])
        eventually(lambda: app.native().calls_in_flight() == 0)


@pytest.mark.native
@both
async def test_asynchronous_clients_open_sockets_on_the_loop_of_the_test(socket: bool) -> None:
    app, _ = application()
    async with AsyncTestClient(app, socket=socket) as client:
        async with client.websocket("/echo") as ws, client.websocket("/close") as other:
            await ws.send({"a": 1})
            assert await ws.receive_json() == {"a": 1}
            await ws.send_json("a")
            assert await ws.receive() == '"a"'
            await ws.ping()
            assert [message async for message in other] == ["last"]
            assert (other.close_code, other.close_reason) == (4001, "done")
        with pytest.raises(httpx.HTTPStatusError):
            async with client.websocket("/none"):
                pass
        with pytest.raises(KeyError):
            await afail(client)


@pytest.mark.native
def test_the_request_is_at_hand() -> None:
    app, seen = application()
    with TestClient(app) as client, client.websocket("/request?q=1", headers={"x-a": "b"}) as ws:
        assert ws.receive_json() == ["1", "/request", "/request", None]
        assert ws.receive() == '"text"'
    assert seen == ["b"]


@pytest.mark.native
def test_sockets_are_opened_under_trio() -> None:
    app, _ = application()

    async def use() -> None:
        async with AsyncTestClient(app) as client, client.websocket("/echo") as ws:
            await ws.send("a")
            assert await ws.receive() == "a"
            await ws.ping()

    trio.run(use)


@pytest.mark.native
def test_waiting_takes_no_longer_than_it_may() -> None:
    app, _ = application()
    with TestClient(app) as client, client.websocket("/echo") as ws:
        with pytest.raises(TimeoutError):
            ws.receive(timeout=0.05)
        ws.send("a")
        assert ws.receive() == "a"


@pytest.mark.native
def test_routers_have_sockets() -> None:
    app, router = Sabir(), Router("/v1", tags=["chat"], responses={403: Forbidden}, body_limit=10)

    @router.websocket("/echo/{name}", tags=["echo"])
    async def echo(ws, name: str):  # type: ignore[no-untyped-def]
        await ws.send(name)

    app.mount("/api", router)
    with TestClient(app) as client, client.websocket("/api/v1/echo/a") as ws:
        assert ws.receive() == "a"
    assert app.url_for("echo", name="b") == "/api/v1/echo/b"


@pytest.mark.native
def test_mistakes_are_told_when_the_route_is_added() -> None:
    app = Sabir()

    def plain(ws: WebSocket) -> None: ...

    async def without() -> None: ...

    async def with_body(ws: WebSocket, line: Line) -> None: ...

    async def mixed(ws: WebSocket[Line | bytes]) -> None: ...

    async def good(ws: WebSocket) -> None: ...

    for handler, match in [
        (plain, "no coroutine function"),
        (without, "no parameter for the socket"),
        (with_body, "has no content"),
        (mixed, "either bytes"),
    ]:
        with pytest.raises(SetupError, match=match):
            app.websocket("/x")(handler)
    for option, value in [("subprotocols", ["a b"]), ("allowed_origins", ["shop"]), ("invalid_message", "ignore")]:
        with pytest.raises(SetupError, match="x-sabir"):
            app.websocket("/x", **{option: value})(good)  # type: ignore[call-overload]
    with pytest.raises(SetupError, match="no such option"):
        app.websocket("/x", timeout_ms=1)(good)  # type: ignore[call-overload]
    with pytest.raises(SetupError, match="which this route does not open"):
        app.get("/x")(good)
    with pytest.raises(SetupError, match="cannot be called"):
        app.websocket("/x", message=1)  # type: ignore[call-overload]
    assert app.definitions == []


def test_the_operation_says_what_messages_are() -> None:
    async def chat(ws: WebSocket[Join | Say, list[Line]], room: str, limit: int = 1) -> None:
        """Talk."""

    definition = RouteDefinition(
        "GET", "/chat/{room}", chat, {"tags": ["a"]}, {}, {"subprotocols": ("chat.v1",), "message_limit": 10}
    )
    route = derive(definition)
    assert route.operation["summary"] == "Talk."
    assert [parameter["name"] for parameter in route.operation["parameters"]] == ["room", "limit"]
    described = route.operation["x-sabir"]["websocket"]
    assert (described["subprotocols"], described["message_limit"]) == (["chat.v1"], 10)
    assert {item["$ref"] for item in described["incoming"]["anyOf"]} == {
        "#/components/schemas/Join",
        "#/components/schemas/Say",
    }
    assert described["outgoing"] == {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}
    assert route.arguments[0][0] == "socket"
    for annotation in (WebSocket, WebSocket[str], WebSocket[bytes, str], WebSocket[Any], WebSocket[str | bytes]):

        async def plain(ws: annotation) -> None: ...  # type: ignore[valid-type]

        operation = derive(RouteDefinition("GET", "/x", plain, {}, {"annotation": annotation}, {})).operation
        assert operation["x-sabir"] == {"websocket": {}}


def test_close_codes_are_numbers_with_names() -> None:
    code: Literal[CloseCode.GOING_AWAY] = CloseCode.GOING_AWAY
    assert code == 1001
    assert str(WebSocketDisconnect(code, "bye")) == "the WebSocket is closed with 1001: bye"
