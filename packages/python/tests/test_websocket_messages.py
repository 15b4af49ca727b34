"""Messages of sockets: their types, and what does not fit."""

from __future__ import annotations

import asyncio
import os
import struct

import msgspec
import pytest

from sabir import (
    CloseCode,
    Sabir,
    TestClient,
    WebSocket,
    WebSocketDisconnect,
)
from tests.socket_application import application, both


@pytest.mark.native
@both
def test_messages_are_of_the_type_of_the_annotation(socket: bool) -> None:
    app, _ = application()
    with TestClient(app, socket=socket) as client, client.websocket("/rooms/tea", params={"limit": 5}) as ws:
        ws.send({"text": "ab", "count": 2})
        assert ws.receive_json() == {"room": "tea", "limit": 5, "text": "abab", "type": "Line"}
        ws.send({"text": 1, "count": "x"})
        problem = ws.receive_json()
        assert problem["status"] == 422
        assert {error["pointer"] for error in problem["errors"]} == {"/text", "/count"}
        ws.send("{")
        assert ws.receive_json()["status"] == 400
        ws.send(b"{}")
        assert ws.receive_json()["status"] == 415
        ws.send({"text": "c"})
        assert ws.receive_json()["text"] == "c"


@pytest.mark.native
def test_unions_of_models_are_told_apart() -> None:
    app, _ = application()
    with TestClient(app) as client:
        with client.websocket("/union") as ws:
            ws.send({"kind": "join", "room": "tea"})
            ws.send({"kind": "say", "text": "hello"})
            assert [ws.receive(), ws.receive()] == ["joined tea", "hello"]
            ws.send({"kind": "other"})
            assert list(ws) == []
            assert ws.close_code == CloseCode.POLICY_VIOLATION
        with client.websocket("/union") as ws:
            ws.send("no JSON")
            with pytest.raises(WebSocketDisconnect):
                ws.receive()
            assert ws.close_code == CloseCode.INVALID_PAYLOAD


@pytest.mark.native
def test_sockets_of_text_take_no_bytes_and_the_other_way_round() -> None:
    app, _ = application()
    with TestClient(app) as client:
        with client.websocket("/text") as ws:
            ws.send(b"a")
            assert ws.receive_json()["detail"] == "Messages of this socket are text."
            ws.send("a")
            assert ws.receive() == "a"
        with client.websocket("/binary") as ws:
            ws.send(b"a\0")
            assert ws.receive() == b"a\0"
            ws.send("a")
            assert list(ws) == []
            assert ws.close_code == CloseCode.UNSUPPORTED_DATA


@pytest.mark.native
def test_what_only_python_can_refuse_is_refused_by_policy_too() -> None:
    app = Sabir()

    class Late(msgspec.Struct):
        n: int

        def __post_init__(self) -> None:
            if self.n > 5:
                raise ValueError("too much")

    @app.websocket("/late")
    async def late(ws: WebSocket[Late]) -> None:
        async for message in ws:
            await ws.send(message)

    with TestClient(app) as client, client.websocket("/late") as ws:
        ws.send({"n": 6})
        assert ws.receive_json()["errors"][0]["detail"] == "too much"
        ws.send({"n": 5})
        assert ws.receive_json() == {"n": 5}


def frame(opcode: int, content: bytes, *, final: bool = True) -> bytes:
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(content))
    return struct.pack("!BB", (0x80 if final else 0) | opcode, 0x80 | len(content)) + mask + masked


@pytest.mark.native
@both
def test_frames_in_any_pieces(socket: bool) -> None:
    app, _ = application()

    with TestClient(app, socket=socket) as client, client.websocket("/echo") as ws:
        text = "é€😀".encode()
        pieces = [frame(1, text[:1], final=False), frame(9, b"p"), frame(0, text[1:4], final=False), frame(0, text[4:])]
        for byte in b"".join(pieces):
            ws.write(bytes([byte]))
        assert ws.receive() == "é€😀"
        ws.write(frame(2, b"a\0", final=False) + frame(0, b"\0b"))
        assert ws.receive() == b"a\0\0b"
        ws.write(frame(1, b"\xff"))
        with pytest.raises(WebSocketDisconnect) as caught:
            ws.receive()
        assert caught.value.code == CloseCode.INVALID_PAYLOAD


@pytest.mark.native
@both
def test_a_handler_that_takes_its_time_answers_what_came_before_a_close(socket: bool) -> None:
    app = Sabir()

    @app.websocket("/slow")
    async def slow(ws: WebSocket[str]) -> None:
        async for message in ws:
            await asyncio.sleep(0.05)
            await ws.send(message)

    with TestClient(app, socket=socket) as client, client.websocket("/slow") as ws:
        ws.write(frame(1, b"a") + frame(1, b"b") + frame(8, b""))
        assert list(ws) == ["a", "b"]
        assert ws.close_code == CloseCode.NO_STATUS


@pytest.mark.native
def test_limits_of_the_route() -> None:
    app = Sabir()

    @app.websocket("/small", message_limit=10)
    async def small(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    with TestClient(app) as client, client.websocket("/small") as ws:
        ws.send("x" * 11)
        with pytest.raises(WebSocketDisconnect) as caught:
            ws.receive()
        assert caught.value.code == CloseCode.MESSAGE_TOO_BIG
