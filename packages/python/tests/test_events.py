"""Server-sent events: what handlers yield, and what clients get (WHATWG HTML §9.2)."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest

from sabir import Cookie, Event, Header, NotFound, Query, Response, Router, Sabir, SetupError, TestClient
from sabir.operation import derive
from tests.http2 import END_HEADERS, END_STREAM, HEADERS, PREFACE, RST_STREAM, SETTINGS, frame
from tests.processes import TIMEOUT, eventually, serving
from tests.raw_clients import connect, get, listening, read_all, read_until


@dataclass
class Tick:
    n: int


class Done(msgspec.Struct):
    total: int


EVENT_STREAM = "text/event-stream"


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Event(data="a"), "data: a\n\n"),
        (Event(data="a\nb\r\nc"), "data: a\ndata: b\ndata: c\n\n"),
        (Event(data={"n": 1}, event="tick", id="1", retry=10), 'event: tick\nid: 1\nretry: 10\ndata: {"n":1}\n\n'),
        (Event(data=Tick(1)), 'data: {"n":1}\n\n'),
        (Event(data=""), "data: \n\n"),
        (Event(data=0), "data: 0\n\n"),
        (Event(data=b"ab"), "data: ab\n\n"),
        (Event(comment="a"), ": a\n\n"),
        (Event(retry=0), "retry: 0\n\n"),
        (Event(id=""), "id: \n\n"),
        ("a\nb", "data: a\ndata: b\n\n"),
        (b"a", "data: a\n\n"),
        ({"n": 1}, 'data: {"n":1}\n\n'),
        (Tick(1), 'data: {"n":1}\n\n'),
        (Done(1), 'data: {"total":1}\n\n'),
        ([1], "data: [1]\n\n"),
        (1.5, "data: 1.5\n\n"),
        (True, "data: true\n\n"),
        (None, "data: null\n\n"),
    ],
    ids=repr,
)
def test_events_and_the_data_of_events_are_yielded(value: Any, text: str, is_async: bool) -> None:
    app = Sabir()

    @app.sse("/plain")
    def plain() -> Iterator[Any]:
        yield value

    @app.sse("/async")
    async def later() -> AsyncIterator[Any]:
        yield value

    with TestClient(app) as client:
        found = client.get("/async" if is_async else "/plain")
        assert (found.text, found.headers["content-type"]) == (text, EVENT_STREAM)
        assert found.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (Event(), "an event says nothing"),
        (Event(data="a", event="a\nb"), "the type of an event has a line break"),
        (Event(data="a", id="a\rb"), "the id of an event has a line break"),
        (Event(data="a", id="a\0b"), "has a NUL"),
    ],
)
@pytest.mark.native
def test_what_a_client_would_read_differently_is_refused(event: Event, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        event.encode(msgspec.json.encode)


@pytest.mark.native
def test_a_client_that_comes_back_says_where_it_was() -> None:
    app = Sabir()

    @app.sse("/number")
    async def number(last_event_id: int = 0) -> AsyncIterator[Event[int]]:
        yield Event(data=last_event_id + 1, id=str(last_event_id + 1))

    @app.sse("/text")
    async def text(last_event_id: str | None = None) -> AsyncIterator[Any]:
        yield last_event_id

    @app.sse("/bare")
    def bare(last_event_id="none"):  # type: ignore[no-untyped-def]
        yield last_event_id

    @app.sse("/header")
    async def header(last: Annotated[str | None, Header(name="last-event-id")] = None) -> AsyncIterator[Any]:
        yield last

    @app.sse("/query")
    async def query(last_event_id: Annotated[str, Query()]) -> AsyncIterator[Any]:
        yield last_event_id

    @app.sse("/cookie")
    async def cookie(last_event_id: Annotated[str, Cookie()] = "no cookie") -> AsyncIterator[Any]:
        yield last_event_id

    @app.sse("/path/{last_event_id}")
    async def path(last_event_id: str) -> AsyncIterator[Any]:
        yield last_event_id

    @app.get("/elsewhere")
    async def elsewhere(last_event_id: str) -> str:
        return last_event_id

    fields = {"Last-Event-ID": "7"}
    with TestClient(app) as client:
        assert client.get("/number").text == "id: 1\ndata: 1\n\n"
        assert client.get("/number", headers=fields).text == "id: 8\ndata: 8\n\n"
        assert client.get("/number", headers={"Last-Event-ID": "x"}).status_code == 422
        assert client.get("/text").text == "data: null\n\n"
        for place in ("/text", "/bare", "/header", "/query?last_event_id=7", "/path/7"):
            assert client.get(place, headers=fields).text == "data: 7\n\n", place
        assert client.get("/cookie", headers=fields).text == "data: no cookie\n\n"
        assert client.get("/elsewhere?last_event_id=7").text == "7"


@pytest.mark.native
def test_a_route_of_events_answers_get_and_head_only() -> None:
    app, router = Sabir(), Router("/r")
    ended: list[bool] = []

    @router.sse("/silent")
    async def silent() -> AsyncIterator[str]:
        try:
            await asyncio.sleep(60)
            yield ""
        finally:
            ended.append(True)

    app.mount("/", router)
    with listening(app) as port:
        assert get(port, "/r/silent", "POST")[0] == 405
        before = time.monotonic()
        assert get(port, "/r/silent", "HEAD") == (200, EVENT_STREAM, b"")
        assert time.monotonic() - before < 2
        eventually(lambda: ended, 1)


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
def test_a_silent_stream_is_begun_and_kept_alive(is_async: bool) -> None:
    app = Sabir(event_keep_alive_ms=100, handler_timeout_ms=1000)
    is_over = False

    @app.sse("/plain")
    def plain() -> Iterator[str]:
        while not is_over:
            time.sleep(0.01)
        yield "at last"

    @app.sse("/async")
    async def later() -> AsyncIterator[str]:
        while not is_over:
            await asyncio.sleep(0.01)
        yield "at last"

    with listening(app) as port, connect(port, "/async" if is_async else "/plain") as client:
        before = time.monotonic()
        head = read_until(client, b"\r\n\r\n")
        assert b"200 OK" in head
        assert time.monotonic() - before < 2
        read_until(client, b":\n\n")
        time.sleep(1)
        is_over = True
        assert b"data: at last\n\n" in read_until(client, b"0\r\n\r\n")


@pytest.mark.native
def test_a_refusal_before_the_first_event_is_an_answer() -> None:
    app = Sabir()

    @app.sse("/problem")
    async def problem() -> AsyncIterator[str]:
        await asyncio.sleep(0.01)
        raise NotFound("No such feed.")
        yield ""

    @app.sse("/returned")
    async def returned(limit: Annotated[int, Query(le=5)] = 1) -> AsyncIterator[int] | NotFound:
        return NotFound() if limit > 1 else as_they_come()

    @app.sse("/over")
    async def over() -> AsyncIterator[str] | None:
        # The answer after which no client comes back (WHATWG HTML §9.2.3).
        return None

    @app.sse("/response")
    async def response() -> Response:
        answer = Response(as_they_come())
        answer.set_cookie("seen", "1")
        return answer

    async def as_they_come() -> AsyncIterator[int]:
        yield 1

    with TestClient(app) as client:
        assert client.get("/problem").json()["detail"] == "No such feed."
        assert client.get("/returned").text == "data: 1\n\n"
        assert client.get("/returned?limit=2").status_code == 404
        assert client.get("/returned?limit=9").status_code == 422
        assert client.get("/over").status_code == 204
        found = client.get("/response")
        assert (found.text, found.headers["content-type"]) == ("data: 1\n\n", EVENT_STREAM)
        assert found.headers["set-cookie"] == "seen=1; Path=/"


@pytest.mark.native
@pytest.mark.parametrize("value", [{"n": 1}, "text", [1], Tick(1)], ids=repr)
def test_a_route_of_events_has_to_return_an_iterator(value: Any, caplog: pytest.LogCaptureFixture) -> None:
    app = Sabir()
    app.sse("/")(lambda: value)
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/").status_code == 500
    assert "a route of events returned a" in caplog.text


@pytest.mark.native
def test_events_come_when_they_are_yielded() -> None:
    app = Sabir()

    @app.sse("/")
    async def ticks() -> AsyncIterator[Event]:
        for number in range(3):
            yield Event(data=time.monotonic(), id=str(number))
            await asyncio.sleep(0.2)

    with listening(app) as port, connect(port, "/") as client:
        for number in range(3):
            received = read_until(client, f"id: {number}\n".encode())
            made = json.loads(received.partition(b"data: ")[2].partition(b"\n")[0])
            assert time.monotonic() - made < 0.1


@pytest.mark.native
def test_a_client_that_leaves_ends_the_generator_at_once() -> None:
    app = Sabir()
    ended: list[float] = []

    @app.sse("/")
    async def ticks() -> AsyncIterator[int]:
        try:
            for number in range(10_000):
                yield number
                await asyncio.sleep(5)
        finally:
            ended.append(time.monotonic())

    with listening(app) as port:
        client = connect(port, "/")
        read_until(client, b"data: 0")
        before = time.monotonic()
        client.close()
        eventually(lambda: ended)
        assert ended[0] - before < 0.1


@pytest.mark.native
def test_a_stream_of_http2_that_is_reset_ends_the_generator_at_once() -> None:
    app = Sabir()
    ended: list[float] = []

    @app.sse("/")
    async def ticks() -> AsyncIterator[int]:
        try:
            yield 1
            await asyncio.sleep(TIMEOUT)
        finally:
            ended.append(time.monotonic())

    app.get("/alive")(lambda: "alive")
    with listening(app) as port, socket.create_connection(("127.0.0.1", port), TIMEOUT) as client:
        # GET, http, the path / and an authority, each by the tables of RFC 7541, appendix A.
        fields = b"\x82\x86\x84\x01\x01a"
        client.sendall(PREFACE + frame(SETTINGS, 0, 0) + frame(HEADERS, END_HEADERS | END_STREAM, 1, fields))
        read_until(client, b"data: 1\n\n")
        before = time.monotonic()
        client.sendall(frame(RST_STREAM, 0, 1, (8).to_bytes(4)))
        eventually(lambda: ended)
        assert ended[0] - before < 0.1


SERVER = """
import asyncio, time
from collections.abc import AsyncIterator, Iterator
from sabir import Event, Sabir

app = Sabir(shutdown_timeout_ms=20_000)

@app.sse("/async")
async def later() -> AsyncIterator[Event]:
    try:
        while True:
            yield Event(data="a")
            await asyncio.sleep(60)
    finally:
        print("async ended", flush=True)

@app.sse("/plain")
def plain() -> Iterator[Event]:
    try:
        while True:
            yield Event(data="a")
            time.sleep(0.05)
    finally:
        print("plain ended", flush=True)
"""


@pytest.mark.native
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_that_stops_ends_streams_of_events(tmp_path: Path, workers: str) -> None:
    with serving(tmp_path, SERVER, "--port", "0", "--workers", workers) as service:
        clients = [connect(service.port, path) for path in ("/async", "/plain") for _ in range(5)]
        for client in clients:
            read_until(client, b"data: a\n\n")
        before = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - before < 10
        for client in clients:
            assert read_all(client).endswith(b"0\r\n\r\n")
            client.close()
        assert service.process.stdout is not None
        said = service.process.stdout.read()
        assert (said.count(b"async ended"), said.count(b"plain ended")) == (5, 5)


@pytest.mark.native
def test_many_streams_of_events_are_open_at_once() -> None:
    app = Sabir()
    open_now = 0

    @app.sse("/")
    async def ticks() -> AsyncIterator[str]:
        nonlocal open_now
        open_now += 1
        try:
            yield "a"
            await asyncio.sleep(TIMEOUT)
        finally:
            open_now -= 1

    with listening(app) as port:
        clients = [connect(port, "/") for _ in range(200)]
        for client in clients:
            read_until(client, b"data: a\n\n")
        assert open_now == 200
        for client in clients:
            client.close()
        eventually(lambda: open_now == 0)


def described(handler: Any, **options: Any) -> Any:
    router = Router()
    router.sse("/", **options)(handler)
    content = derive(router.definitions[0]).operation["responses"]["200"]["content"]
    assert content.keys() == {EVENT_STREAM}
    return content[EVENT_STREAM]["itemSchema"]


TEXT = {"type": "string"}
TICK = {**TEXT, "contentMediaType": "application/json", "contentSchema": {"$ref": "#/components/schemas/Tick"}}
DONE = {**TEXT, "contentMediaType": "application/json", "contentSchema": {"$ref": "#/components/schemas/Done"}}


def test_events_are_described() -> None:
    def returns(annotation: Any) -> Any:
        async def handler() -> Any:
            yield ""

        handler.__annotations__["return"] = annotation
        return handler

    fields = {"event": TEXT, "id": TEXT, "retry": {"type": "integer", "minimum": 0}}
    for annotation, data in [
        (AsyncIterator[Event[Tick]], TICK),
        (AsyncIterator[Tick], TICK),
        (AsyncIterator[Event[Tick] | Event[None]], TICK),
        (AsyncIterator[Event], TEXT),
        (AsyncIterator[str], TEXT),
        (AsyncIterator[Event[str]], TEXT),
        (Any, TEXT),
    ]:
        assert described(returns(annotation)) == {"type": "object", "properties": {"data": data, **fields}}
    both = described(returns(AsyncIterator[Event[Tick] | Event[Done]]))["properties"]["data"]["contentSchema"]
    assert both == {"anyOf": [TICK["contentSchema"], DONE["contentSchema"]]}
    named = described(returns(AsyncIterator[Event]), events={"tick": Tick, "done": Done, "message": str})
    assert named["oneOf"] == [
        {"properties": {"event": {"const": "tick"}, "data": TICK}, "required": ["event"]},
        {"properties": {"event": {"const": "done"}, "data": DONE}, "required": ["event"]},
        {"properties": {"event": {"const": "message"}, "data": TEXT}},
    ]


@pytest.mark.native
def test_the_runtime_takes_the_description() -> None:
    app = Sabir()

    @app.sse("/ticks", events={"tick": Tick})
    async def ticks() -> AsyncIterator[Event[Tick]]:
        yield Event(data=Tick(1), event="tick")

    @app.get("/lines")
    async def lines() -> AsyncIterator[Event[Tick]]:
        yield Event(data=Tick(1))

    with TestClient(app) as client:
        assert client.get("/ticks").text == 'event: tick\ndata: {"n":1}\n\n'
        assert client.get("/lines").headers["content-type"] == EVENT_STREAM


@pytest.mark.parametrize("options", [{"media_type": "text/plain"}, {"produces": "text/plain"}])
def test_an_event_stream_has_its_own_media_type(options: dict[str, Any]) -> None:
    with pytest.raises(SetupError, match="an event stream has its own"):
        Sabir().sse("/", **options)(lambda: iter([1]))
