"""An application of sockets, and what its messages are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
import pytest

from sabir import (
    AsyncTestClient,
    Problem,
    Query,
    Request,
    Sabir,
    TestClient,
    WebSocket,
    WebSocketDisconnect,
)

both = pytest.mark.parametrize("socket", [False, True])


class Join(msgspec.Struct, tag="join", tag_field="kind"):
    room: str


class Say(msgspec.Struct, tag="say", tag_field="kind"):
    text: str


@dataclass
class Line:
    text: str
    count: int = 1


def application(**settings: Any) -> tuple[Sabir, list[Any]]:
    app, seen = Sabir(**settings), []

    @app.websocket("/echo", subprotocols=["chat.v1", "chat.v2"], allowed_origins=["https://shop.example"])
    async def echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)
        seen.append((ws.close_code, ws.close_reason))

    @app.websocket("/rooms/{room}")
    async def rooms(ws: WebSocket[Line], room: str, limit: Annotated[int, Query(ge=1)] = 10) -> None:
        async for line in ws:
            await ws.send({"room": room, "limit": limit, "text": line.text * line.count, "type": type(line).__name__})

    @app.websocket("/union", invalid_message="close")
    async def union(ws: WebSocket[Join | Say, str]) -> None:
        async for message in ws:
            match message:
                case Join(room):
                    await ws.send(f"joined {room}")
                case Say(text):
                    await ws.send(text)

    @app.websocket("/text")
    async def text(ws: WebSocket[str]) -> None:
        async for message in ws:
            await ws.send(message)

    @app.websocket("/binary", invalid_message="close")
    async def binary(ws: WebSocket[bytes]) -> None:
        async for message in ws:
            await ws.send(message)

    @app.websocket("/fail")
    async def fail(ws: WebSocket) -> None:
        await ws.receive()
        raise KeyError("secret")

    @app.websocket("/problem")
    async def problem(ws: WebSocket, status: int = 403) -> None:
        raise Problem(status, "Not you.")

    @app.websocket("/close")
    async def close(ws: WebSocket, code: int = 4001) -> None:
        await ws.send("last")
        await ws.close(code, "done")
        with pytest.raises(WebSocketDisconnect) as caught:
            await ws.send("late")
        with pytest.raises(WebSocketDisconnect):
            await ws.receive()
        await ws.close()
        seen.append((caught.value.code, caught.value.reason, repr(ws)))

    @app.websocket("/wait")
    async def wait(ws: WebSocket) -> None:
        seen.append("open")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise
        finally:
            await asyncio.sleep(0)
            seen.append("ended")

    @app.websocket("/request")
    async def request(ws: WebSocket, request: Request) -> None:
        assert ws.request.id == request.id
        seen.append(ws.request.headers["x-a"])
        await ws.send([ws.request.query_params["q"], ws.request.path, ws.request.route, ws.subprotocol])
        await ws.send_json("text")

    return app, seen


def fail(client: TestClient) -> None:
    with client.websocket("/fail") as ws:
        ws.send("x")
        ws.receive()


async def afail(client: AsyncTestClient) -> None:
    async with client.websocket("/fail") as ws:
        await ws.send("x")
        await ws.receive()
