"""WebSockets: what handlers and test clients see of them."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket as sockets
import struct
import threading
import time
import weakref
from collections.abc import AsyncIterator
from concurrent.futures import wait
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import httpx
import msgspec
import pytest
import trio

from sabir import (
    AsyncTestClient,
    CloseCode,
    Forbidden,
    Header,
    Problem,
    Query,
    Request,
    Router,
    Sabir,
    SetupError,
    TestClient,
    WebSocket,
    WebSocketDisconnect,
)
from sabir.operation import derive
from sabir.routes import RouteDefinition
from sabir.websocket_session import Opening
from tests.processes import TIMEOUT, Service, eventually, serving, written

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
            await ws.ping()
            assert [message async for message in other] == ["last"]
            assert (other.close_code, other.close_reason) == (4001, "done")
        with pytest.raises(httpx.HTTPStatusError):
            async with client.websocket("/none"):
                pass
        with pytest.raises(KeyError):
            await afail(client)


@pytest.mark.native
@both
def test_a_refusal_is_a_problem_before_the_socket_is_open(socket: bool) -> None:
    app, _ = application()
    with TestClient(app, socket=socket) as client:
        before = client.handler_calls
        for path, status in [("/rooms/tea?limit=0", 422), ("/none", 404)]:
            with pytest.raises(httpx.HTTPStatusError) as caught, client.websocket(path):
                pass
            assert caught.value.response.status_code == status
            assert caught.value.response.headers["content-type"] == "application/problem+json"
        with (
            pytest.raises(httpx.HTTPStatusError) as caught,
            client.websocket("/echo", headers={"origin": "https://evil.example"}),
        ):
            pass
        assert caught.value.response.status_code == 403
        assert client.handler_calls == before
        assert client.get("/echo").status_code == 426
        with client.websocket("/echo", headers={"origin": "https://shop.example"}) as ws:
            assert ws.subprotocol is None


class Even(msgspec.Struct):
    """A filter that no schema can say."""

    n: int

    def __post_init__(self) -> None:
        if self.n % 2:
            raise ValueError("not even")
        if self.n == 4:
            raise Forbidden("Not this one.")
        if self.n == 6:
            raise KeyError("secret")


def judged(router: Sabir, path: str) -> None:
    @router.websocket(path)
    async def socket(ws: WebSocket, wanted: Annotated[Even, Query()]) -> None:
        await ws.send(wanted.n)
        async for message in ws:
            await ws.send(message)


@pytest.mark.native
@both
def test_what_only_python_refuses_is_a_problem_before_the_socket_is_open(
    socket: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = Sabir()
    judged(app, "/judged")

    @app.websocket("/dated/{day:date}")
    async def dated(ws: WebSocket, day: date, when: Annotated[datetime, Header(name="x-when")]) -> None:
        await ws.send(f"{day.year} {when.year}")

    @app.sse("/events")
    async def events(wanted: Annotated[Even, Query()]) -> AsyncIterator[int]:
        yield wanted.n

    @app.websocket("/given")
    async def given(ws: WebSocket, wanted: Annotated[Even, Query()]) -> None:
        seen.append(wanted.n)

    seen: list[int] = []
    with TestClient(app, socket=socket, raise_server_exceptions=False) as client:
        for n, status in [(3, 422), (4, 403), (6, 500), ("x", 422)]:
            for path in ("/judged", "/given"):
                with (
                    pytest.raises(httpx.HTTPStatusError) as caught,
                    client.websocket(path, params={"n": n}),
                ):
                    pass
                response = caught.value.response
                assert response.status_code == status
                assert response.headers["content-type"] == "application/problem+json"
                assert response.json()["instance"] == path
            # Nothing of an event stream has been sent either.
            assert client.get("/events", params={"n": n}).status_code == status
        assert seen == []
        assert "secret" not in response.text
        with pytest.raises(httpx.HTTPStatusError) as caught, client.websocket("/judged", params={"n": 3}):
            pass
        (error,) = caught.value.response.json()["errors"]
        assert error == {"in": "query", "name": "wanted", "keyword": "custom", "detail": "not even"}
        with pytest.raises(httpx.HTTPStatusError) as caught, client.websocket("/judged"):
            pass
        assert caught.value.response.status_code == 422
        with client.websocket("/judged", params={"n": 8}) as ws:
            assert ws.receive() == "8"
            ws.send("hello")
            assert ws.receive() == "hello"
        when = {"x-when": "2026-01-01T00:00:00Z"}
        with client.websocket("/dated/2025-12-31", headers=when) as ws:
            assert ws.receive() == "2025 2026"
        with pytest.raises(httpx.HTTPStatusError) as caught, client.websocket("/dated/0000-01-01", headers=when):
            pass
        assert caught.value.response.status_code == 422
        eventually(lambda: app.native().calls_in_flight() == 0)
    failed = [record for record in caplog.records if record.name == "sabir" and record.exc_info is not None]
    # Two sockets and one stream of events.
    assert [record.exc_info[0] for record in failed if record.exc_info] == [KeyError] * 3
    with (
        TestClient(app, socket=socket) as client,
        pytest.raises(KeyError),
        client.websocket("/judged", params={"n": 6}),
    ):
        pass


@pytest.mark.native
def test_only_sockets_that_python_may_refuse_wait_for_it() -> None:
    app = Sabir()
    judged(app, "/judged")

    @app.websocket("/plain/{room}")
    async def plain(ws: WebSocket, room: str, limit: Annotated[int, Query(ge=1)] = 1) -> None: ...

    async def opened(path: str) -> bool:
        """Whether the socket is open before Python has been asked."""
        async with AsyncTestClient(app) as client:
            opening = Opening(client.transport.start_here(), client.build_request("GET", path), None, raises=True)
            # The loop is kept.
            return not wait([opening.opened], 0.5).not_done

    assert asyncio.run(opened("/plain/tea"))
    assert not asyncio.run(opened("/judged?n=8"))


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


@pytest.mark.native
@both
def test_a_handler_that_fails_closes_with_1011_and_is_in_the_log(
    socket: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app, _ = application()
    with TestClient(app, socket=socket, raise_server_exceptions=False) as client, client.websocket("/fail") as ws:
        ws.send("x")
        with pytest.raises(WebSocketDisconnect) as caught:
            ws.receive()
        assert (caught.value.code, caught.value.reason) == (CloseCode.INTERNAL_ERROR, "")
    record = next(record for record in caplog.records if record.name == "sabir")
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], KeyError)
    assert record.__dict__["request_id"] in record.getMessage()
    with TestClient(app, socket=socket) as client, pytest.raises(KeyError):
        fail(client)


@pytest.mark.native
@both
@pytest.mark.parametrize("raised", [SystemExit, KeyboardInterrupt])
def test_an_exit_in_a_handler_closes_its_socket_alone(socket: bool, raised: type[BaseException]) -> None:
    app = Sabir()

    @app.websocket("/handler")
    async def handler(ws: WebSocket) -> None:
        await asyncio.sleep(0)
        raise raised(3)

    async def leave(ws: WebSocket) -> None:
        raise raised(3)

    app.websocket("/functions", open=leave)
    with TestClient(app, socket=socket, raise_server_exceptions=False) as client:
        for path in ("/handler", "/functions", "/handler"):
            with client.websocket(path) as ws, pytest.raises(WebSocketDisconnect) as caught:
                ws.receive()
            assert caught.value.code == CloseCode.INTERNAL_ERROR


@pytest.mark.native
def test_a_problem_closes_with_what_it_says() -> None:
    app, _ = application()
    with TestClient(app, raise_server_exceptions=False) as client:
        for status, code in [(403, CloseCode.POLICY_VIOLATION), (503, CloseCode.INTERNAL_ERROR)]:
            with client.websocket("/problem", params={"status": status}) as ws:
                assert list(ws) == []
                assert (ws.close_code, ws.close_reason) == (code, "Not you." if status == 403 else "")


@pytest.mark.native
def test_the_handler_closes() -> None:
    app, seen = application()
    with TestClient(app, raise_server_exceptions=False) as client:
        with client.websocket("/close") as ws:
            assert list(ws) == ["last"]
            assert (ws.close_code, ws.close_reason) == (4001, "done")
        eventually(lambda: seen == [(4001, "done", "<WebSocket /close closed with 4001>")])
        with client.websocket("/close", params={"code": 999}) as ws:
            assert list(ws) == ["last"]
            assert ws.close_code == CloseCode.INTERNAL_ERROR


@pytest.mark.native
@both
def test_a_client_that_vanishes_cancels_the_handler(socket: bool) -> None:
    app, seen = application()
    with TestClient(app, socket=socket) as client, client.websocket("/wait") as ws:
        eventually(lambda: seen == ["open"])
        before = time.monotonic()
        ws.leave()
        eventually(lambda: "cancelled" in seen, 2)
        assert time.monotonic() - before < 0.5
        eventually(lambda: seen[-1] == "ended", 2)
        eventually(lambda: app.native().calls_in_flight() == 0)


@pytest.mark.native
def test_a_handler_may_go_on_for_a_while_after_the_close() -> None:
    app, seen = application(websocket_close_timeout_ms=200)
    with TestClient(app) as client, client.websocket("/wait") as ws:
        eventually(lambda: seen == ["open"])
        ws.close()
        eventually(lambda: seen == ["open", "cancelled", "ended"], 3)


def unhurried() -> tuple[Sabir, list[str]]:
    """An application whose handler takes its time with what has come."""
    app, seen = Sabir(), list[str]()

    @app.websocket("/slow")
    async def slow(ws: WebSocket[str]) -> None:
        await asyncio.sleep(0.1)
        async for message in ws:
            seen.append(message)
        await asyncio.sleep(0.1)
        seen.append("ended")

    return app, seen


@pytest.mark.native
@both
def test_the_handler_of_a_closed_socket_has_its_time_to_end_when_the_test_client_ends(socket: bool) -> None:
    app, seen = unhurried()
    with TestClient(app, socket=socket) as client, client.websocket("/slow") as ws:
        ws.send("first")
        ws.send("second")
    assert seen == ["first", "second", "ended"]


@pytest.mark.native
@both
async def test_the_handler_of_a_closed_socket_has_its_time_to_end_on_the_loop_of_the_test(socket: bool) -> None:
    app, seen = unhurried()
    async with AsyncTestClient(app, socket=socket) as client, client.websocket("/slow") as ws:
        await ws.send("first")
        await ws.send("second")
    assert seen == ["first", "second", "ended"]


@pytest.mark.native
def test_a_server_that_stops_closes_with_1001() -> None:
    app, seen = application()
    with TestClient(app, socket=True) as client, client.websocket("/echo") as ws:
        ws.send("a")
        ws.receive()
        stopped = threading.Event()
        app.native().stop(stopped.set)
        assert list(ws) == []
        assert ws.close_code == CloseCode.GOING_AWAY
        assert stopped.wait(10)
        eventually(lambda: seen == [(CloseCode.GOING_AWAY, "the server stops")])


@pytest.mark.native
async def test_handlers_end_with_the_loop_that_they_run_on() -> None:
    app, seen = application()
    async with AsyncTestClient(app) as client:
        session = client.websocket("/wait")
        ws = await session.__aenter__()
        while not seen:
            await asyncio.sleep(0.01)
    async with asyncio.timeout(5):
        while seen[-1] != "ended":
            await asyncio.sleep(0.01)
    assert len(asyncio.all_tasks()) == 1
    ws.leave()


@pytest.mark.native
def test_the_request_is_at_hand() -> None:
    app, seen = application()
    with TestClient(app) as client, client.websocket("/request?q=1", headers={"x-a": "b"}) as ws:
        assert ws.receive_json() == ["1", "/request", "/request", None]
        assert ws.receive() == '"text"'
    assert seen == ["b"]


@pytest.mark.native
def test_a_slow_reader_makes_the_handler_wait() -> None:
    app, sent = Sabir(websocket_send_queue_limit=20_000), []

    @app.websocket("/flood")
    async def flood(ws: WebSocket) -> None:
        for number in range(1500):
            await ws.send(b"x" * 2000)
            sent.append(number)

    with TestClient(app, timeout=20) as client, client.websocket("/flood") as ws:
        time.sleep(0.5)
        # The client reads some messages ahead.
        assert len(sent) < 1400
        assert sum(len(message) for message in ws) == 1500 * 2000
    assert len(sent) == 1500


@pytest.mark.native
def test_several_senders_wait_for_the_same_room() -> None:
    app = Sabir(websocket_send_queue_limit=20_000)

    @app.websocket("/flood")
    async def flood(ws: WebSocket) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(5):
                group.create_task(send(ws))

    async def send(ws: WebSocket) -> None:
        for _ in range(50):
            await ws.send(b"x" * 9_000)

    with TestClient(app, timeout=20) as client, client.websocket("/flood") as ws:
        time.sleep(0.2)
        assert sum(len(message) for message in ws) == 250 * 9_000


@pytest.mark.native
def test_a_handler_that_does_not_receive_makes_the_client_wait() -> None:
    app, count = Sabir(), []

    @app.websocket("/slow")
    async def slow(ws: WebSocket) -> None:
        await asyncio.sleep(0.3)
        async for message in ws:
            count.append(len(message))

    with TestClient(app, timeout=20) as client, client.websocket("/slow") as ws:
        for _ in range(100):
            ws.send(b"x" * 50_000)
        ws.close()
    eventually(lambda: count == [50_000] * 100)


@pytest.mark.native
def test_a_handler_that_never_waits_lets_others_have_their_turn() -> None:
    app, seen = Sabir(), []

    @app.websocket("/busy")
    async def busy(ws: WebSocket) -> None:
        asyncio.get_running_loop().call_soon(seen.append, "turn")
        for _ in range(200):
            await ws.send("x")
            if seen:
                break
        seen.append("end")

    with TestClient(app) as client, client.websocket("/busy") as ws:
        assert len(list(ws)) < 150
    assert seen == ["turn", "end"]


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
@both
def test_nothing_is_sent_to_a_server_that_has_closed(socket: bool) -> None:
    app, _ = application()
    with TestClient(app, socket=socket) as client, client.websocket("/close") as ws:
        assert list(ws) == ["last"]

        def send() -> None:
            # What is on its way cannot be told from what arrives.
            for _ in range(1000):
                ws.send("late")
                time.sleep(0.001)

        with pytest.raises(WebSocketDisconnect):
            send()
        ws.leave()
        with pytest.raises(WebSocketDisconnect):
            ws.send("later")


@pytest.mark.native
def test_waiting_takes_no_longer_than_it_may() -> None:
    app, _ = application()
    with TestClient(app) as client, client.websocket("/echo") as ws:
        with pytest.raises(TimeoutError):
            ws.receive(timeout=0.05)
        ws.send("a")
        assert ws.receive() == "a"


@pytest.mark.native
@both
def test_many_sockets_leave_nothing_behind(socket: bool) -> None:
    app = Sabir()

    class Held:
        """Lives as long as its socket."""

    held: weakref.WeakSet[Held] = weakref.WeakSet()

    @app.websocket("/echo")
    async def echo(ws: WebSocket) -> None:
        ws.state.held = Held()
        held.add(ws.state.held)
        async for message in ws:
            await ws.send(message)

    async def use(client: AsyncTestClient, number: int) -> None:
        async with client.websocket("/echo") as ws:
            await ws.send(str(number))
            assert await ws.receive() == str(number)
            if number % 2:
                ws.leave()

    async def main() -> None:
        async with AsyncTestClient(app, socket=socket) as client:
            async with client.websocket("/echo"):
                pass
            descriptors = len(os.listdir("/proc/self/fd"))
            for _ in range(5):
                await asyncio.gather(*(use(client, number) for number in range(100)))
            async with asyncio.timeout(10):
                while app.native().calls_in_flight() or len(asyncio.all_tasks()) > 1:
                    await asyncio.sleep(0.01)
                gc.collect()
                while len(os.listdir("/proc/self/fd")) > descriptors or len(held):
                    await asyncio.sleep(0.01)
                    gc.collect()

    asyncio.run(main())


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


WORKERS = """
import os

from sabir import Sabir

app = Sabir()


@app.websocket("/echo")
async def echo(ws):
    async for message in ws:
        await ws.send(f"{type(__import__('asyncio').get_running_loop()).__module__} {os.getpid()} {message}")
"""


@pytest.mark.native
@pytest.mark.parametrize("arguments", [(), ("--workers", "2")])
def test_processes_serve_sockets_and_close_them_when_they_stop(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with serving(tmp_path, WORKERS, "--port", "0", *arguments) as service:
        clients = [handshake(service) for _ in range(8)]
        for client in clients:
            # "hi", masked with zeros.
            client.sendall(b"\x81\x82\0\0\0\0hi")
        answers = [client.recv(1000) for client in clients]
        assert all(answer[0] == 0x81 and answer.endswith(b" hi") for answer in answers)
        assert service.stop() == 0
        for client in clients:
            # 1001 is 0x03e9.
            assert client.recv(1000)[:4][2:] == b"\x03\xe9"
            client.close()
    assert "Traceback" not in written(tmp_path)


def handshake(service: Service) -> sockets.socket:
    client = sockets.create_connection(("127.0.0.1", service.port), TIMEOUT)
    fields = "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n"
    client.sendall(
        f"GET /echo HTTP/1.1\r\nHost: a\r\n{fields}Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    seen = b""
    while not seen.endswith(b"\r\n\r\n"):
        seen += client.recv(1)
    assert seen.startswith(b"HTTP/1.1 101 ")
    return client
