"""Answers that are made while they are sent."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import gc
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import AsyncGeneratorType, GeneratorType
from typing import Any, Literal

import pytest

from sabir import (
    Event,
    HTMLResponse,
    JSONResponse,
    NotFound,
    Problem,
    Response,
    Router,
    Sabir,
    SetupError,
    StreamingResponse,
    TestClient,
)
from sabir.encoding import Answers, encode_result
from sabir.operation import INLINE, derive
from sabir.routes import RouteDefinition
from sabir.streams import Chunks
from tests.processes import TIMEOUT, eventually, serving, written

tenant: contextvars.ContextVar[str] = contextvars.ContextVar("tenant", default="none")


@dataclass
class Row:
    sku: str
    sold: int = 1


def numbers() -> Iterator[str]:
    yield "1,"
    yield "2"


async def later_numbers() -> AsyncIterator[str]:
    yield "1,"
    await asyncio.sleep(0)
    yield "2"


async def returns_generator() -> Iterator[str]:
    return numbers()


async def returns_async_generator() -> AsyncIterator[str]:
    return later_numbers()


def plainly_returns_async_generator() -> AsyncIterator[str]:
    return later_numbers()


class Source:
    def __call__(self) -> Iterator[str]:
        yield from numbers()

    async def later(self) -> AsyncIterator[str]:
        async for number in later_numbers():
            yield number

    @staticmethod
    def static() -> Iterator[str]:
        yield from numbers()


class Countdown:
    """Iterated over without being a generator."""

    def __init__(self) -> None:
        self.left = ["2", "1,"]

    def __aiter__(self) -> Countdown:
        return self

    async def __anext__(self) -> str:
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop()


def plainly_decorated(handler: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(handler)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return handler(*args, **kwargs)

    return wrapper


def later_decorated(handler: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(handler)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        return handler(*args, **kwargs)

    return wrapper


HANDLERS: dict[str, Callable[..., Any]] = {
    "generator": numbers,
    "async generator": later_numbers,
    "coroutine that returns a generator": returns_generator,
    "coroutine that returns an async generator": returns_async_generator,
    "function that returns a generator": lambda: numbers(),
    "function that returns an async generator": plainly_returns_async_generator,
    "callable object": Source(),
    "method": Source().later,
    "static method": Source.static,
    "partial call": functools.partial(numbers),
    "partial call of an async generator": functools.partial(later_numbers),
    "decorated generator": plainly_decorated(numbers),
    "decorated async generator": plainly_decorated(later_numbers),
    "generator decorated by a coroutine": later_decorated(numbers),
    "async generator decorated by a coroutine": later_decorated(later_numbers),
    "iterator": lambda: iter(["1,", "2"]),
    "lazy built-in": lambda: map(str, ["1,", "2"]),
    "async iterator": lambda: Countdown(),
    "response": lambda: Response(numbers()),
    "async response": lambda: Response(later_numbers()),
    "streaming response": lambda: StreamingResponse(["1,", "2"]),
}


@contextmanager
def listening(app: Sabir) -> Iterator[int]:
    """Serve ``app``, with handlers in a thread, and return the port."""
    with TestClient(app, socket=True) as client:
        yield int(client.address.rpartition(":")[2])


def connect(port: int, path: str, method: str = "GET", *, buffer: int | None = None) -> socket.socket:
    """Send a request by hand."""
    client = socket.socket()
    client.settimeout(TIMEOUT)
    if buffer is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.connect(("127.0.0.1", port))
    client.sendall(f"{method} {path} HTTP/1.1\r\nhost: a\r\n\r\n".encode())
    return client


def get(port: int, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, str, bytes]:
    """Return status, media type and content."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("content-type", ""), answer.read()
    finally:
        connection.close()


def read_until(client: socket.socket, text: bytes) -> bytes:
    """Read up to ``text``."""
    received = b""
    while text not in received:
        received += (part := client.recv(65536))
        assert part, received
    return received


def read_all(client: socket.socket) -> bytes:
    """Read all that a server sends before it closes the connection."""
    parts = []
    while part := client.recv(65536):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.native
@pytest.mark.parametrize("blocking", [True, False])
@pytest.mark.parametrize("name", HANDLERS)
def test_what_can_be_iterated_over_is_a_stream(name: str, blocking: bool) -> None:
    app = Sabir()
    app.get("/", blocking=blocking)(HANDLERS[name])
    with listening(app) as port:
        for _ in range(2):
            assert get(port, "/") == (200, "text/plain; charset=utf-8", b"1,2")
    with TestClient(app) as client:
        assert client.get("/").text == "1,2"


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    ("values", "media_type", "content"),
    [
        (["a", "é"], "text/plain; charset=utf-8", "aé".encode()),
        (["a", b"b", bytearray(b"c"), memoryview(b"d")], "text/plain; charset=utf-8", b"abcd"),
        ([b"a", "b"], "application/octet-stream", b"ab"),
        (["", "", "a", ""], "text/plain; charset=utf-8", b"a"),
        ([], "application/octet-stream", b""),
        ([Row("a"), Row("b", 2)], "application/jsonl", b'{"sku":"a","sold":1}\n{"sku":"b","sold":2}\n'),
        ([{"a": 1}, [1], None, "x", 1.5], "application/jsonl", b'{"a":1}\n[1]\nnull\n"x"\n1.5\n'),
        ([None], "application/jsonl", b"null\n"),
        ([Event(data={"n": 1})], "text/event-stream", b'data: {"n":1}\n\n'),
    ],
)
def test_the_first_value_says_what_the_stream_is(
    values: list[Any], media_type: str, content: bytes, is_async: bool
) -> None:
    app = Sabir()

    @app.get("/plain")
    def plain() -> Any:
        yield from values

    @app.get("/async")
    async def later() -> Any:
        for value in values:
            yield value

    with listening(app) as port:
        assert get(port, "/async" if is_async else "/plain") == (200, media_type, content)


@pytest.mark.native
@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["a", {"b": 1}], "a stream of text or bytes yields a dict"),
        ([b"a", None], "a stream of text or bytes yields a NoneType"),
        ([b"a", 5], "a stream of text or bytes yields a int"),
        ([{"a": 1}, object()], "a value of type object cannot be sent as JSON"),
        ([{"a": 1}, Event(data="x")], "an Event in a stream of other values"),
        ([Event(data="x"), Event()], "an event says nothing"),
        ([Event(data="x"), Event(data="y", id="a\nb")], "has a line break"),
    ],
)
@pytest.mark.parametrize("is_async", [False, True])
def test_a_value_that_does_not_fit_breaks_the_stream_off(
    values: list[Any], message: str, is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = Sabir()
    closed = []

    def plain() -> Iterator[Any]:
        try:
            yield from values
        finally:
            closed.append(True)

    async def later() -> AsyncIterator[Any]:
        try:
            for value in values:
                yield value
        finally:
            closed.append(True)

    app.get("/")(later if is_async else plain)
    with listening(app) as port:
        with pytest.raises(http.client.IncompleteRead) as broken:
            get(port, "/")
        assert broken.value.partial
        assert eventually(lambda: message in caplog.text)
        assert "GET / failed (request " in caplog.text
        assert eventually(lambda: closed)


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("error", [NotFound("No such export."), Problem(409), KeyError("secret")], ids=repr)
def test_a_failure_before_the_first_value_is_an_answer(
    error: Exception, is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = Sabir()

    @app.get("/plain")
    def plain() -> Iterator[str]:
        raise error
        yield ""

    @app.get("/async")
    async def later() -> AsyncIterator[str]:
        await asyncio.sleep(0)
        raise error
        yield ""

    @app.sse("/events")
    async def events() -> AsyncIterator[str]:
        raise error
        yield ""

    status = error.status if isinstance(error, Problem) else 500
    with listening(app) as port:
        for path in ("/async" if is_async else "/plain", "/events"):
            found = get(port, path)
            assert found[:2] == (status, "application/problem+json")
            assert b"secret" not in found[2]
    assert ("KeyError" in caplog.text) == isinstance(error, KeyError)


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
def test_a_failure_after_the_head_is_logged_and_ends_the_connection(
    is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = Sabir()

    @app.get("/plain")
    def plain() -> Iterator[str]:
        yield "first"
        raise NotFound("too late")

    @app.get("/async")
    async def later() -> AsyncIterator[str]:
        yield "first"
        await asyncio.sleep(0)
        raise NotFound("too late")

    with listening(app) as port, connect(port, "/async" if is_async else "/plain") as client:
        received = read_all(client)
        assert b"transfer-encoding: chunked" in received
        assert b"5\r\nfirst\r\n" in received
        # Without the chunk that ends the content a client can tell (RFC 9112 §8).
        assert not received.endswith(b"0\r\n\r\n")
        assert eventually(lambda: "too late" in caplog.text)
        assert "Traceback" in caplog.text


@pytest.mark.native
def test_a_client_that_leaves_ends_an_asynchronous_generator_at_once() -> None:
    app = Sabir()
    left: list[tuple[float, str]] = []

    @app.get("/")
    async def endless() -> AsyncIterator[str]:
        try:
            yield "begun"
            await asyncio.sleep(60)
        except BaseException as error:
            left.append((time.monotonic(), type(error).__name__))
            raise
        finally:
            await asyncio.sleep(0)
            left.append((time.monotonic(), "finally"))

    with listening(app) as port:
        client = connect(port, "/")
        read_until(client, b"begun")
        before = time.monotonic()
        client.close()
        eventually(lambda: len(left) == 2)
        assert [what for _, what in left] == ["CancelledError", "finally"]
        assert left[1][0] - before < 0.1


@pytest.mark.native
def test_a_client_that_leaves_before_the_first_value_ends_the_generator() -> None:
    app = Sabir()
    left: list[str] = []

    @app.get("/")
    async def silent() -> AsyncIterator[str]:
        left.append("begun")
        try:
            await asyncio.sleep(60)
            yield ""
        finally:
            left.append("ended")

    with listening(app) as port:
        client = connect(port, "/")
        eventually(lambda: left)
        client.close()
        eventually(lambda: left == ["begun", "ended"], 1)


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
def test_a_client_that_leaves_ends_a_generator_that_waits_for_it(is_async: bool) -> None:
    app = Sabir()
    ended: list[str] = []
    chunk = b"a" * 100_000

    @app.get("/plain")
    def plain() -> Iterator[bytes]:
        try:
            while True:
                yield chunk
        except GeneratorExit:
            ended.append("exit")
            raise
        finally:
            ended.append("finally")

    @app.get("/async")
    async def later() -> AsyncIterator[bytes]:
        try:
            while True:
                yield chunk
        except GeneratorExit:
            ended.append("exit")
            raise
        finally:
            await asyncio.sleep(0)
            ended.append("finally")

    with listening(app) as port:
        client = connect(port, "/async" if is_async else "/plain", buffer=4096)
        client.recv(10)
        time.sleep(0.3)
        assert ended == []
        client.close()
        eventually(lambda: ended == ["exit", "finally"], 1)


@pytest.mark.native
def test_a_plain_generator_is_ended_at_its_next_value() -> None:
    app = Sabir()
    ended: list[str] = []

    @app.get("/")
    def endless() -> Iterator[str]:
        try:
            while True:
                time.sleep(0.02)
                yield "a"
        finally:
            ended.append("finally")

    with listening(app) as port:
        client = connect(port, "/")
        client.recv(10)
        client.close()
        eventually(lambda: ended, 1)


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
def test_a_slow_client_pauses_the_generator(is_async: bool) -> None:
    app = Sabir()
    made = 0
    chunk = b"a" * 10_000

    def plain() -> Iterator[bytes]:
        nonlocal made
        while made < 5000:
            made += 1
            yield chunk

    async def later() -> AsyncIterator[bytes]:
        for value in plain():
            yield value

    app.get("/")(later if is_async else plain)
    app.get("/alive")(lambda: "alive")
    with listening(app) as port, connect(port, "/", buffer=4096) as client:
        client.recv(10)
        time.sleep(0.5)
        # What the sockets of both sides hold comes to it.
        paused_at = made
        assert paused_at < 1000
        assert get(port, "/alive")[2] == b"alive"
        time.sleep(0.2)
        assert made == paused_at
        size = 0
        while size < 50_000_000:
            size += len(client.recv(1 << 20))
        eventually(lambda: made == 5000)


@pytest.mark.native
def test_slow_clients_of_plain_generators_keep_no_thread() -> None:
    app = Sabir(handler_threads=2)

    @app.get("/large")
    def large() -> Iterator[bytes]:
        for _ in range(200):
            yield b"a" * 100_000

    app.get("/alive")(lambda: "alive")
    with listening(app) as port:
        clients = [connect(port, "/large", buffer=4096) for _ in range(8)]
        for client in clients:
            client.recv(10)
        before = time.monotonic()
        assert get(port, "/alive")[2] == b"alive"
        assert time.monotonic() - before < 2
        for client in clients:
            size = 0
            while size < 20_000_000:
                size += len(client.recv(1 << 20))
            client.close()


@pytest.mark.native
def test_a_generator_that_never_waits_leaves_others_their_turn() -> None:
    app = Sabir()
    is_over = False

    @app.get("/endless")
    async def endless() -> AsyncIterator[bytes]:
        while not is_over:
            yield b"a"

    @app.get("/alive")
    async def alive() -> str:
        return "alive"

    with listening(app) as port, connect(port, "/endless") as client:

        def read() -> None:
            with suppress(OSError):
                while client.recv(65536):
                    pass

        reading = threading.Thread(target=read, daemon=True)
        reading.start()
        for _ in range(5):
            before = time.monotonic()
            assert get(port, "/alive")[2] == b"alive"
            assert time.monotonic() - before < 1
        is_over = True
        client.shutdown(socket.SHUT_RDWR)
        reading.join(TIMEOUT)


@pytest.mark.native
@pytest.mark.parametrize("way", ["async", "returned", "plain", "thread", "inline"])
def test_a_generator_sees_the_context_of_its_handler(way: str) -> None:
    app = Sabir()

    def values() -> Iterator[str]:
        yield tenant.get()
        yield tenant.get()

    async def later_values() -> AsyncIterator[str]:
        yield tenant.get()
        await asyncio.sleep(0)
        yield tenant.get()

    @app.get("/async/{name}")
    async def own(name: str) -> AsyncIterator[str]:
        before = tenant.get()
        tenant.set(name)
        await asyncio.sleep(0)
        yield before
        yield tenant.get()

    @app.get("/plain/{name}")
    def plain(name: str) -> Iterator[str]:
        before = tenant.get()
        tenant.set(name)
        yield before
        yield tenant.get()

    @app.get("/returned/{name}")
    async def returned(name: str) -> AsyncIterator[str]:
        tenant.set(name)
        await asyncio.sleep(0)
        return later_values()

    @app.get("/thread/{name}")
    def thread(name: str) -> Iterator[str]:
        tenant.set(name)
        return values()

    @app.get("/inline/{name}", blocking=False)
    def inline(name: str) -> Iterator[str]:
        tenant.set(name)
        return values()

    with listening(app) as port:
        for name in ("a", "b"):
            text = get(port, f"/{way}/{name}")[2].decode()
            assert text == (f"none{name}" if way in ("async", "plain") else name * 2)


@pytest.mark.native
def test_a_generator_that_swallows_its_cancellation_ends_at_its_next_value() -> None:
    app = Sabir()
    seen: list[str] = []

    @app.get("/")
    async def stubborn() -> AsyncIterator[str]:
        try:
            yield "begun"
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                seen.append("swallowed")
            yield "nobody reads it"
            seen.append("went on")
        finally:
            seen.append("finally")

    with listening(app) as port:
        client = connect(port, "/")
        read_until(client, b"begun")
        client.close()
        eventually(lambda: seen == ["swallowed", "finally"], 2)


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
def test_a_generator_that_yields_while_it_is_closed_is_logged(is_async: bool, caplog: pytest.LogCaptureFixture) -> None:
    app = Sabir()

    @app.get("/plain")
    def plain() -> Iterator[bytes]:
        try:
            while True:
                yield b"a" * 100_000
        finally:
            yield b"b"

    @app.get("/async")
    async def later() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"a" * 100_000
        finally:
            yield b"b"

    app.get("/alive")(lambda: "alive")
    with listening(app) as port:
        client = connect(port, "/async" if is_async else "/plain", buffer=4096)
        client.recv(10)
        client.close()
        eventually(lambda: "generator ignored GeneratorExit" in caplog.text)
        assert get(port, "/alive")[2] == b"alive"


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
def test_a_chunk_may_be_huge(is_async: bool) -> None:
    app = Sabir()
    chunk = bytes(range(256)) * 200_000

    def plain() -> Iterator[bytes]:
        yield chunk
        yield b"end"

    async def later() -> AsyncIterator[bytes]:
        yield chunk
        yield b"end"

    app.get("/")(later if is_async else plain)
    with listening(app) as port:
        assert get(port, "/")[2] == chunk + b"end"


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
def test_chunks_may_be_many(is_async: bool) -> None:
    app = Sabir()
    count = 100_000

    def plain() -> Iterator[bytes]:
        for _ in range(count):
            yield b"ab"

    async def later() -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"ab"

    app.get("/")(later if is_async else plain)
    with listening(app) as port:
        before = time.monotonic()
        assert get(port, "/")[2] == b"ab" * count
        # 50 microseconds each, on a machine with other work.
        assert time.monotonic() - before < 5


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
def test_streams_that_are_left_leave_nothing_behind(is_async: bool) -> None:
    app = Sabir(handler_threads=4)
    ended = 0

    def plain() -> Iterator[bytes]:
        nonlocal ended
        try:
            while True:
                yield b"a" * 1000
        finally:
            ended += 1

    async def later() -> AsyncIterator[bytes]:
        nonlocal ended
        try:
            yield b"begun"
            await asyncio.sleep(60)
        finally:
            ended += 1

    @app.get("/tasks")
    async def tasks() -> int:
        return len(asyncio.all_tasks())

    def leave(count: int) -> None:
        nonlocal ended
        ended = 0
        for first in range(0, count, 50):
            clients = [connect(port, "/", buffer=4096) for _ in range(min(50, count - first))]
            for client in clients:
                client.recv(10)
                client.close()
        eventually(lambda: ended == count)

    def left() -> dict[str, int]:
        gc.collect()
        objects = gc.get_objects()
        return {
            "tasks": int(get(port, "/tasks")[2]),
            "threads": threading.active_count(),
            "descriptors": len(os.listdir("/proc/self/fd")),
            "chunks": sum(type(found) is Chunks for found in objects),
            "generators": sum(type(found) in (GeneratorType, AsyncGeneratorType) for found in objects),
        }

    app.get("/")(later if is_async else plain)
    with listening(app) as port:
        leave(50)
        eventually(lambda: app.native().calls_in_flight() == 0)
        before = left()
        leave(500)
        eventually(lambda: app.native().calls_in_flight() == 0)
        # Some connections may still be on their way out; what a stream leaves would be there 500 times.
        found = left()
        assert all(found[name] <= count + 20 for name, count in before.items()), (before, found)


@pytest.mark.native
def test_head_gets_the_head_of_a_stream() -> None:
    app = Sabir()
    ended = []

    @app.get("/", media_type="text/csv")
    async def endless() -> AsyncIterator[str]:
        try:
            while True:
                yield "a"
        finally:
            ended.append(True)

    with listening(app) as port:
        assert get(port, "/", "HEAD") == (200, "text/csv", b"")
        eventually(lambda: ended, 1)


@pytest.mark.native
def test_status_fields_and_media_type_of_a_stream_are_those_given() -> None:
    app = Sabir()

    @app.get("/response")
    def response() -> Response:
        answer = StreamingResponse(numbers(), 203, {"x-a": "b"}, "text/csv")
        answer.set_cookie("seen", "1")
        return answer

    @app.get("/html")
    def html() -> Response:
        return HTMLResponse(numbers())

    @app.get("/field")
    def field() -> Response:
        return Response(numbers(), headers={"content-type": "text/x"})

    @app.post("/status", status=202)
    def status() -> Iterator[str]:
        yield "a"

    @app.get("/pair")
    def pair() -> tuple[Iterator[int], Literal[201]]:
        return iter([1, 2]), 201

    @app.get("/raw-events")
    def raw_events() -> Response:
        return StreamingResponse(iter(["data: a\n\n"]), media_type="text/event-stream")

    with TestClient(app) as client:
        found = client.get("/response")
        assert (found.status_code, found.text) == (203, "1,2")
        assert (found.headers["content-type"], found.headers["x-a"]) == ("text/csv", "b")
        assert found.headers["set-cookie"] == "seen=1; Path=/"
        assert client.get("/html").headers["content-type"] == "text/html; charset=utf-8"
        assert client.get("/field").headers["content-type"] == "text/x"
        assert client.post("/status").status_code == 202
        assert (client.get("/pair").status_code, client.get("/pair").text) == (201, "1\n2\n")
        raw = client.get("/raw-events")
        assert (raw.headers["content-type"], raw.text) == ("text/event-stream", "data: a\n\n")


@pytest.mark.native
def test_a_route_says_the_media_type_of_its_values() -> None:
    app = Sabir()
    app.get("/text", media_type="text/csv")(lambda: "a,b")
    app.get("/bytes", media_type="image/png")(lambda: b"png")
    app.get("/json", media_type="application/vnd.api+json")(lambda: {"a": 1})
    app.get("/list", media_type="application/vnd.api+json")(lambda: Row("a"))
    app.get("/own", media_type="text/csv")(lambda: Response("a"))
    app.get("/lines", media_type="application/x-ndjson")(lambda: iter(["a", "b"]))

    @app.get("/stream", media_type="text/csv")
    def stream() -> Iterator[bytes]:
        yield b"a"

    @app.get("/refused", media_type="text/csv")
    async def refused() -> AsyncIterator[str]:
        raise NotFound
        yield ""

    with TestClient(app) as client:
        types = {
            path: client.get(path).headers["content-type"]
            for path in ("/text", "/bytes", "/json", "/list", "/own", "/lines", "/stream", "/refused")
        }
        assert client.get("/lines").text == '"a"\n"b"\n'
    assert types == {
        "/text": "text/csv",
        "/bytes": "image/png",
        "/json": "application/vnd.api+json",
        "/list": "application/vnd.api+json",
        "/own": "text/plain; charset=utf-8",
        "/lines": "application/x-ndjson",
        "/stream": "text/csv",
        "/refused": "application/problem+json",
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"media_type": "text/csv", "produces": "text/csv"}, "both say the media type"),
        ({"media_type": 7}, "media_type: 7 is no media type"),
        ({"media_type": "csv"}, "media_type: 'csv' is no media type"),
        ({"media_type": "a/\nb"}, "control characters"),
        ({"events": {"tick": Row}}, "add the route with app.sse"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        Sabir().get("/", **options)(numbers)


def test_a_route_has_its_own_media_type_where_its_router_has_several() -> None:
    router = Router("/a", produces=["text/csv", "application/json"])
    router.get("/", media_type="text/plain")(numbers)
    content = derive(router.definitions[0]).operation["responses"]["200"]["content"]
    assert content.keys() == {"text/plain"}


INTEGER_OR_STRING = {"anyOf": [{"type": "integer"}, {"type": "string"}]}
ITEM = {"itemSchema": {"$ref": "#/components/schemas/Row"}}


@pytest.mark.parametrize(
    ("annotation", "content"),
    [
        (AsyncIterator[Row], {"application/jsonl": ITEM}),
        (Iterator[Row] | None, {"application/jsonl": ITEM}),
        (Iterator[Row] | Response | Problem, {"application/jsonl": ITEM}),
        (AsyncIterable[Row], {"application/jsonl": ITEM}),
        (
            Iterator[int | str],
            {"application/jsonl": {"itemSchema": INTEGER_OR_STRING}},
        ),
        (Iterator[str], {"text/plain; charset=utf-8": {}}),
        (AsyncIterator[bytes], {"application/octet-stream": {}}),
        (AsyncIterator[str | bytes], None),
        (AsyncIterator[Any], None),
        (StreamingResponse, None),
    ],
    ids=str,
)
def test_an_annotation_describes_the_items(annotation: Any, content: Any) -> None:
    def handler() -> Any: ...

    handler.__annotations__["return"] = annotation
    responses = derive(RouteDefinition("GET", "/", handler, {})).operation.get("responses", {})
    assert responses.get("200", {}).get("content") == content


def test_an_iterable_is_a_stream_where_the_handler_is_a_generator() -> None:
    def generator() -> Iterable[Row]:
        yield Row("a")

    content = derive(RouteDefinition("GET", "/", generator, {})).operation["responses"]["200"]["content"]
    assert content == {"application/jsonl": ITEM}


@pytest.mark.native
def test_an_annotation_decides_between_text_and_lines() -> None:
    app = Sabir()

    @app.get("/")
    def mixed() -> Iterator[str | int]:
        yield "a"
        yield 1

    with TestClient(app) as client:
        assert client.get("/").text == '"a"\n1\n'
        assert client.get("/", headers={"accept": "text/html"}).status_code == 200


def test_a_generator_is_made_on_the_loop() -> None:
    for handler in (numbers, later_numbers, Source(), functools.partial(numbers), plainly_decorated(later_numbers)):
        assert derive(RouteDefinition("GET", "/", handler, {})).mode == INLINE


@pytest.mark.parametrize("content", ["text", b"octets", bytearray(b""), {"a": 1}, 7, None])
def test_a_stream_is_made_of_what_can_be_iterated_over(content: Any) -> None:
    with pytest.raises(TypeError, match="a stream cannot be made of"):
        StreamingResponse(content)


def test_json_of_an_iterator_is_refused() -> None:
    with pytest.raises(TypeError, match="collect what it yields into a list"):
        encode_result(JSONResponse(iter([1])))


def test_the_status_of_a_response_goes_before_that_of_the_route() -> None:
    chunks = encode_result(Response(numbers(), 404), Answers(status=201))
    assert isinstance(chunks, Chunks)
    assert chunks._status == 404


@pytest.mark.native
def test_an_answer_takes_as_long_as_its_deadline_says_until_its_first_value() -> None:
    app = Sabir()
    ended = []

    @app.get("/late", timeout_ms=100)
    async def late() -> AsyncIterator[str]:
        try:
            await asyncio.sleep(60)
            yield "a"
        finally:
            ended.append(True)

    @app.get("/long", timeout_ms=100)
    async def long() -> AsyncIterator[str]:
        yield "a"
        await asyncio.sleep(0.3)
        yield "b"

    with listening(app) as port:
        assert get(port, "/late")[0] == 504
        eventually(lambda: ended, 1)
        assert get(port, "/long")[2] == b"ab"


SERVER = """
import asyncio, os, time
from collections.abc import AsyncIterator, Iterator
from sabir import Sabir

app = Sabir(shutdown_timeout_ms=5000, event_keep_alive_ms=100)

@app.get("/loop")
async def loop() -> str:
    return type(asyncio.get_running_loop()).__module__

@app.get("/slow")
async def slow() -> AsyncIterator[str]:
    for _ in range(10):
        yield "a"
        await asyncio.sleep(0.05)

@app.get("/plain")
def plain() -> Iterator[str]:
    for _ in range(10):
        yield "a"
        time.sleep(0.05)

@app.sse("/events")
async def events() -> AsyncIterator[str]:
    try:
        yield str(os.getpid())
        await asyncio.sleep(60)
    finally:
        print("ended", flush=True)
"""


@pytest.mark.native
@pytest.mark.parametrize("kind", ["uvloop", "asyncio", "workers"])
def test_streams_in_processes_of_their_own(tmp_path: Path, kind: str) -> None:
    if kind != "asyncio":
        pytest.importorskip("uvloop")
    hidden = "import sys\nsys.modules['uvloop'] = None\n" if kind == "asyncio" else ""
    workers = ["--workers", "2"] if kind == "workers" else []
    with serving(tmp_path, hidden + SERVER, "--port", "0", *workers) as service:
        assert service.get("/loop").startswith(b"asyncio" if kind == "asyncio" else b"uvloop")
        assert service.get("/slow") == b"a" * 10
        assert service.get("/plain") == b"a" * 10
        # A stream that is being sent is sent to its end; events end at once, since their clients come back.
        running = [connect(service.port, path) for path in ("/slow", "/plain", "/events")]
        begun = [client.recv(100) for client in running]
        before = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - before < 4
        slow, plain, events = (first + read_all(client) for first, client in zip(begun, running, strict=True))
        for client in running:
            client.close()
        assert (slow.count(b"\r\na\r\n"), plain.count(b"\r\na\r\n")) == (10, 10)
        assert slow.endswith(b"0\r\n\r\n")
        assert plain.endswith(b"0\r\n\r\n")
        assert events.endswith(b"0\r\n\r\n")
        assert service.process.stdout is not None
        assert b"ended" in service.process.stdout.read()


ENDLESS = """
import asyncio, time
from collections.abc import AsyncIterator, Iterator
from sabir import Sabir

app = Sabir(shutdown_timeout_ms=200)

@app.get("/async")
async def later() -> AsyncIterator[bytes]:
    try:
        while True:
            yield b"a" * 1000
    finally:
        print("ended", flush=True)

@app.get("/plain")
def plain() -> Iterator[bytes]:
    try:
        while True:
            yield b"a" * 1000
    finally:
        print("ended", flush=True)

@app.get("/sleep")
def sleep() -> Iterator[bytes]:
    try:
        while True:
            yield b"a"
            time.sleep(0.01)
    finally:
        print("ended", flush=True)
"""


@pytest.mark.native
@pytest.mark.parametrize("reads", [False, True])
def test_endless_streams_end_with_the_time_to_stop(tmp_path: Path, reads: bool) -> None:
    with serving(tmp_path, ENDLESS, "--port", "0") as service:
        clients = [connect(service.port, path, buffer=4096) for path in ("/async", "/plain", "/sleep")]

        def read(client: socket.socket) -> None:
            with suppress(OSError):
                while client.recv(65536):
                    pass

        readers = [threading.Thread(target=read, args=(client,), daemon=True) for client in clients if reads]
        for reader in readers:
            reader.start()
        time.sleep(0.2)
        before = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - before < 5
        for reader in readers:
            reader.join(TIMEOUT)
        for client in clients:
            client.close()
        assert service.process.stdout is not None
        assert service.process.stdout.read().count(b"ended") == 3
        assert "Traceback" not in written(tmp_path)


PROGRAM = """
import asyncio, socket, threading, time
from collections.abc import Iterator
from sabir import Sabir

app = Sabir()

@app.get("/")
def endless() -> Iterator[bytes]:
    while True:
        yield b"a" * 100_000

async def serve():
    await app.serve(port=0, started=started.put)

import queue
started = queue.Queue()
threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
port = int(started.get(timeout=20).rpartition(":")[2])
clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
for client in clients:
    client.sendall(b"GET / HTTP/1.1\\r\\nhost: a\\r\\n\\r\\n")
    client.recv(10)
"""


@pytest.mark.native
def test_a_program_ends_while_threads_wait_for_slow_clients() -> None:
    for pause in (0, 0.02, 0.04):
        source = PROGRAM + f"time.sleep({pause})\n"
        ended = subprocess.run([sys.executable, "-c", source], timeout=TIMEOUT, capture_output=True)
        assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.native
def test_clients_in_many_threads_read_streams_at_the_same_time() -> None:
    app = Sabir()

    @app.get("/{name}")
    async def handler(name: str) -> AsyncIterator[str]:
        for _ in range(50):
            yield name
            await asyncio.sleep(0)

    found: dict[int, str] = {}

    with TestClient(app) as client:

        def read(number: int) -> None:
            found[number] = client.get(f"/{number}").text

        threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(TIMEOUT)
    assert found == {number: str(number) * 50 for number in range(8)}


@pytest.mark.native
def test_lines_are_json_each() -> None:
    app = Sabir()

    @app.get("/")
    async def rows() -> AsyncIterator[Row]:
        for sold in range(1000):
            yield Row("a\nb", sold)

    with listening(app) as port:
        lines = get(port, "/")[2].splitlines()
    assert [json.loads(line) for line in lines] == [{"sku": "a\nb", "sold": sold} for sold in range(1000)]
