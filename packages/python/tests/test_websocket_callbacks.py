"""Sockets whose events functions hear of."""

from __future__ import annotations

from typing import Any

import pytest

from sabir import (
    Sabir,
    TestClient,
    WebSocket,
)
from tests.processes import eventually
from tests.socket_application import Line, both, fail


@pytest.mark.native
@both
def test_functions_of_what_happens(socket: bool) -> None:
    app, seen = Sabir(), []

    async def opened(ws: WebSocket[Line], room: str) -> None:
        ws.state.room = room
        await ws.send(f"welcome to {room}")

    def closed(ws: WebSocket, code: int, reason: str) -> None:
        seen.append((ws.state.room, code, reason))

    async def received(ws: WebSocket[Line], line: Line) -> None:
        if line.text == "fail":
            raise KeyError(line.text)
        await ws.send(f"{ws.state.room}: {line.text}")

    app.websocket(
        "/rooms/{room}",
        open=opened,
        message=received,
        close=closed,
        ping=lambda ws, content: seen.append(("ping", content)),
        pong=lambda ws, content: seen.append(("pong", content)),
        error=lambda ws, error: ws.send(repr(error)),
    )
    app.websocket("/plain", message=lambda ws, message: ws.send(message))
    with TestClient(app, socket=socket) as client:
        with client.websocket("/rooms/tea") as ws:
            ws.send({"text": "a"})
            assert [ws.receive(), ws.receive()] == ["welcome to tea", "tea: a"]
            ws.send({"text": "fail"})
            assert ws.receive() == "KeyError('fail')"
            ws.ping(b"p")
            ws.send({"no": "text"})
            assert ws.receive_json()["status"] == 422
        eventually(lambda: len(seen) == 2)
        assert seen == [("ping", b"p"), ("tea", 1000, "")]
        with client.websocket("/plain") as ws:
            ws.send("a")
            assert ws.receive() == "a"
            ws.ping()


@pytest.mark.native
@both
def test_parameters_of_open_may_be_given_by_name_only(socket: bool) -> None:
    app = Sabir()

    async def opened(ws: WebSocket, *, limit: int = 10, room: str) -> None:
        await ws.send(f"{room}: {limit}")

    app.websocket("/rooms/{room}", open=opened)
    with TestClient(app, socket=socket) as client, client.websocket("/rooms/tea?limit=5") as ws:
        assert ws.receive() == "tea: 5"


@pytest.mark.native
def test_an_exception_without_a_function_for_it_closes_with_1011() -> None:
    app, seen = Sabir(), []

    def refuse(ws: WebSocket, message: Any) -> None:
        raise LookupError(message)

    app.websocket("/fail", message=refuse, close=lambda ws, code, reason: seen.append(code))
    with TestClient(app) as client, pytest.raises(LookupError):
        fail(client)
    assert seen == [1006]
