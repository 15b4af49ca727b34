"""Streams and events as clients of tests read them, in memory and over a socket."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import trio

from sabir import (
    AsyncTestClient,
    Event,
    NotFound,
    Request,
    Response,
    Sabir,
    SabirTransport,
    StreamingResponse,
    TestClient,
)
from sabir.event_reader import EventReader
from tests.processes import TIMEOUT, eventually


def application() -> tuple[Sabir, list[str]]:
    app = Sabir()
    seen: list[str] = []

    @app.get("/async")
    async def later() -> AsyncIterator[str]:
        try:
            for number in range(1000):
                seen.append(str(number))
                yield f"{number}\n"
                await asyncio.sleep(0.05)
        finally:
            seen.append("ended")

    @app.get("/plain")
    def plain() -> Iterator[str]:
        try:
            for number in range(1000):
                seen.append(str(number))
                yield f"{number}\n"
                time.sleep(0.05)
        finally:
            seen.append("ended")

    @app.get("/large")
    async def large() -> AsyncIterator[bytes]:
        for _ in range(100):
            seen.append("made")
            yield b"a" * 100_000

    @app.get("/broken")
    async def broken() -> AsyncIterator[str]:
        yield "first"
        raise KeyError("secret")

    @app.get("/late")
    async def late() -> AsyncIterator[str]:
        yield "first"
        raise TimeoutError("of the handler")

    @app.get("/slow")
    async def slow() -> AsyncIterator[str]:
        yield "first"
        await asyncio.sleep(TIMEOUT)

    @app.sse("/events")
    async def events(last_event_id: int = 0) -> AsyncIterator[Event]:
        try:
            for number in range(last_event_id + 1, 1000):
                yield Event(data={"n": number}, id=str(number), event="tick" if number % 2 else None)
                await asyncio.sleep(0.01)
        finally:
            seen.append("ended")

    @app.sse("/none")
    async def none() -> AsyncIterator[Event] | None:
        return None

    @app.sse("/refused")
    async def refused() -> AsyncIterator[Event]:
        raise NotFound("no feed")
        yield Event(data="a")

    app.get("/json")(lambda: {"a": 1})
    app.get("/moved")(lambda: Response(status=303, headers={"location": "/events"}))
    return app, seen


@pytest.mark.native
@pytest.mark.parametrize("socket", [False, True])
@pytest.mark.parametrize("path", ["/async", "/plain"])
def test_chunks_are_read_as_they_are_made(socket: bool, path: str) -> None:
    app, seen = application()
    with TestClient(app, socket=socket) as client:
        with client.stream("GET", path) as response:
            assert response.status_code == 200
            chunks = response.iter_text()
            assert next(chunks) == "0\n"
            before = time.monotonic()
            assert next(chunks) == "1\n"
            assert time.monotonic() - before < 2
            assert "ended" not in seen
        eventually(lambda: "ended" in seen, 2)
        assert len(seen) < 20
        assert client.get("/json").json() == {"a": 1}


@pytest.mark.native
@pytest.mark.parametrize("socket", [False, True])
def test_lines_are_read_as_they_are_made(socket: bool) -> None:
    app, _ = application()
    with TestClient(app, socket=socket) as client, client.stream("GET", "/async") as response:
        lines = response.iter_lines()
        assert [next(lines) for _ in range(3)] == ["0", "1", "2"]


@pytest.mark.native
def test_a_client_that_reads_nothing_pauses_the_generator() -> None:
    app, seen = application()
    with TestClient(app) as client, client.stream("GET", "/large") as response:
        time.sleep(0.3)
        assert len(seen) < 10
        assert len(response.read()) == 10_000_000


@pytest.mark.native
@pytest.mark.parametrize("path", ["/broken", "/late"])
def test_what_a_handler_raises_after_the_head_is_raised_in_the_test(path: str) -> None:
    app, _ = application()
    kind = KeyError if path == "/broken" else TimeoutError
    with TestClient(app) as client:
        with pytest.raises(kind):
            client.get(path)
        with client.stream("GET", path) as response:
            chunks = response.iter_text()
            assert next(chunks) == "first"
            with pytest.raises(kind):
                next(chunks)


@pytest.mark.native
@pytest.mark.parametrize("socket", [False, True])
def test_a_client_can_tell_that_content_breaks_off(socket: bool) -> None:
    app, _ = application()
    with TestClient(app, socket=socket, raise_server_exceptions=False) as client:
        with pytest.raises(httpx.RemoteProtocolError) as caught:
            client.get("/broken")
        assert "secret" not in str(caught.value)
        with client.stream("GET", "/broken") as response:
            chunks = response.iter_text()
            assert next(chunks) == "first"
            with pytest.raises(httpx.RemoteProtocolError):
                next(chunks)


@pytest.mark.native
def test_reading_takes_no_longer_than_the_timeout_of_the_client() -> None:
    app, _ = application()
    with TestClient(app, timeout=0.2) as client, client.stream("GET", "/slow") as response:
        chunks = response.iter_text()
        assert next(chunks) == "first"
        with pytest.raises(httpx.ReadTimeout):
            next(chunks)


@pytest.mark.native
def test_a_reader_is_woken_when_another_thread_closes_the_response() -> None:
    app, _ = application()
    with TestClient(app) as client:
        response = client.send(client.build_request("GET", "/slow"), stream=True)
        chunks = response.iter_raw()
        assert next(chunks) == b"first"
        closing = threading.Timer(0.1, response.close)
        closing.start()
        with pytest.raises(httpx.StreamClosed):
            next(chunks)
        closing.join(TIMEOUT)


@pytest.mark.native
def test_a_response_that_is_dropped_leaves() -> None:
    app, seen = application()
    with TestClient(app) as client:
        response = client.send(client.build_request("GET", "/async"), stream=True)
        eventually(lambda: seen)
        del response
        # httpx has it in a cycle.
        gc.collect()
        eventually(lambda: "ended" in seen, 2)


@pytest.mark.native
@pytest.mark.parametrize("socket", [False, True])
async def test_asynchronous_clients_read_streams_on_the_loop_of_the_test(socket: bool) -> None:
    app, seen = application()
    async with AsyncTestClient(app, socket=socket) as client:
        async with client.stream("GET", "/async") as response:
            lines = response.aiter_lines()
            assert [await anext(lines), await anext(lines)] == ["0", "1"]
        async with asyncio.timeout(2):
            while "ended" not in seen:
                await asyncio.sleep(0.01)
        assert len((await client.get("/large")).content) == 10_000_000
        failure: type[Exception] = httpx.RemoteProtocolError if socket else KeyError
        with pytest.raises(failure):
            await client.get("/broken")


@pytest.mark.native
async def test_a_generator_ends_with_the_client_on_whose_loop_it_runs() -> None:
    app, seen = application()
    async with AsyncTestClient(app) as client, client.stream("GET", "/async") as response:
        assert await anext(response.aiter_text()) == "0\n"
    await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    assert seen[-1] == "ended"
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.native
async def test_a_reader_that_is_cancelled_leaves() -> None:
    app, seen = application()

    async def read(client: AsyncTestClient) -> None:
        async with client.stream("GET", "/slow") as response:
            async for _ in response.aiter_text():
                seen.append("read")

    async with AsyncTestClient(app) as client:
        task = asyncio.create_task(read(client))
        async with asyncio.timeout(5):
            while "read" not in seen:
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(5):
            while app.native().calls_in_flight():
                await asyncio.sleep(0.01)
        assert (await client.get("/json")).json() == {"a": 1}


@pytest.mark.native
def test_streams_are_read_under_trio() -> None:
    app, _ = application()

    async def read() -> int:
        transport = SabirTransport(app)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://sabir.test") as client,
            client.stream("GET", "/large") as response,
        ):
            return sum([len(chunk) async for chunk in response.aiter_bytes()])

    assert trio.run(read) == 10_000_000


@pytest.mark.native
@pytest.mark.parametrize("socket", [False, True])
def test_events_are_read_as_browsers_do(socket: bool) -> None:
    app, seen = application()
    with TestClient(app, socket=socket) as client:
        with client.events("/events") as events:
            assert next(events) == Event(data='{"n":1}', event="tick", id="1")
            assert next(events) == Event(data='{"n":2}', id="2")
        eventually(lambda: "ended" in seen, 2)
        with client.events("/events", last_event_id="7", headers={"x-a": "b"}) as events:
            assert next(events).id == "8"
        with client.events("/moved", follow_redirects=True) as events:
            assert next(events).id == "1"
        with client.events("/none") as events:
            assert list(events) == []


@pytest.mark.native
def test_what_is_no_event_stream_is_refused() -> None:
    app, _ = application()
    with TestClient(app) as client:
        with pytest.raises(httpx.HTTPStatusError) as caught, client.events("/refused"):
            pass
        assert caught.value.response.json()["detail"] == "no feed"
        with (
            pytest.raises(ValueError, match="no event stream; its media type is application/json"),
            client.events("/json"),
        ):
            pass


@pytest.mark.native
@pytest.mark.parametrize("socket", [False, True])
async def test_asynchronous_clients_read_events(socket: bool) -> None:
    app, _ = application()
    async with AsyncTestClient(app, socket=socket) as client:
        async with client.events("/events", last_event_id="4") as events:
            assert [(await anext(events)).id for _ in range(3)] == ["5", "6", "7"]
        with pytest.raises(httpx.HTTPStatusError):
            async with client.events("/refused"):
                pass
        async with client.events("/none") as events:
            assert [event async for event in events] == []


STREAM = (
    "\ufeff: comment\n\ndata\n\ndata: a\ndata:b\ndata:  c\n\nevent: tick\ndata: d\r\n\r\nid: 1\rdata: e\r\r"
    "id: 2\n\nretry: 10\ndata: f\nunknown: x\n\nretry: x\nid: a\0b\ndata: g\n\nevent:\ndata: é\n\ndata: never ended\n"
).encode()
EVENTS: list[Any] = [
    Event(data=""),
    Event(data="a\nb\n c"),
    Event(data="d", event="tick"),
    Event(data="e", id="1"),
    Event(data="f", retry=10),
    Event(data="g"),
    Event(data="é"),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_chunks_of_any_size_make_the_same_events(size: int) -> None:
    reader = EventReader()
    found = [event for start in range(0, len(STREAM), size) for event in reader.feed(STREAM[start : start + size])]
    assert found == EVENTS
    assert reader.last_event_id == "2"


def test_a_line_end_of_one_character_ends_an_event_at_once() -> None:
    reader = EventReader()
    assert list(reader.feed(b"data: a\r\r")) == [Event(data="a")]
    assert list(reader.feed(b"\ndata: b\r")) == []
    assert list(reader.feed(b"\n")) == []
    assert list(reader.feed(b"\r\n")) == [Event(data="b")]


def uploads() -> tuple[Sabir, list[str]]:
    app = Sabir(body_limit=100)
    seen: list[str] = []

    @app.post("/bytes")
    async def whole(content: AsyncIterator[bytes]) -> int:
        size = 0
        async for chunk in content:
            seen.append(f"read {len(chunk)}")
            size += len(chunk)
        return size

    @app.post("/plain")
    def plain(content: Iterator[bytes]) -> int:
        return sum(len(chunk) for chunk in content)

    @app.post("/echo")
    async def echo(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for chunk in content:
            yield chunk.upper()

    @app.post("/whole")
    async def body(request: Request) -> int:
        return len(await request.body())

    @app.post("/early")
    async def early(content: AsyncIterator[bytes]) -> str:
        async for chunk in content:
            return f"{len(chunk)} bytes are enough"
        return "none"

    @app.post("/wait")
    async def wait(content: AsyncIterator[bytes]) -> None:
        try:
            async for _ in content:
                seen.append("read")
                await asyncio.sleep(TIMEOUT)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    return app, seen


def test_content_that_is_made_is_sent_when_it_is_wanted() -> None:
    app, seen = uploads()

    def content() -> Iterator[bytes]:
        for size in (1, 2, 3):
            seen.append(f"made {size}")
            yield b"a" * size

    with TestClient(app) as client:
        assert client.post("/bytes", content=content()).json() == 6
        # A chunk is not made before the one before it has been read.
        assert seen == ["made 1", "read 1", "made 2", "read 2", "made 3", "read 3"]
        assert client.post("/plain", content=content()).json() == 6
        assert client.post("/whole", content=content()).json() == 6
        assert client.post("/bytes", content=iter(())).json() == 0
        with client.stream("POST", "/echo", content=iter([b"a", b"b", b"c"])) as response:
            assert list(response.iter_raw()) == [b"A", b"B", b"C"]


async def test_content_of_coroutines_is_sent_when_it_is_wanted() -> None:
    app, seen = uploads()

    async def content() -> AsyncIterator[bytes]:
        for size in (1, 2, 3):
            seen.append(f"made {size}")
            yield b"a" * size

    async with AsyncTestClient(app) as client:
        assert (await client.post("/bytes", content=content())).json() == 6
        assert seen == ["made 1", "read 1", "made 2", "read 2", "made 3", "read 3"]
        assert (await client.post("/whole", content=content())).json() == 6

        # What is sent may depend on what came back.
        answers: asyncio.Queue[bytes] = asyncio.Queue()

        async def dialogue() -> AsyncIterator[bytes]:
            yield b"a"
            while (answer := await answers.get()) != b"AAA":
                yield answer + b"a"

        async with client.stream("POST", "/echo", content=dialogue()) as response:
            heard = []
            async for chunk in response.aiter_raw():
                heard.append(chunk)
                answers.put_nowait(chunk)
        assert heard == [b"A", b"AA", b"AAA"]


def test_content_of_trio_is_sent_when_it_is_wanted() -> None:
    app, seen = uploads()

    async def content() -> AsyncIterator[bytes]:
        for size in (1, 2):
            await trio.sleep(0.01)
            seen.append(f"made {size}")
            yield b"a" * size

    async def ask() -> None:
        async with AsyncTestClient(app) as client:
            assert (await client.post("/bytes", content=content())).json() == 3
            async with client.stream("POST", "/echo", content=content()) as response:
                assert [chunk async for chunk in response.aiter_raw()] == [b"A", b"AA"]

    trio.run(ask)
    assert seen[:4] == ["made 1", "read 1", "made 2", "read 2"]


def test_content_without_end_is_refused_at_the_limit() -> None:
    app, seen = uploads()

    def endless() -> Iterator[bytes]:
        while True:
            seen.append("made")
            yield b"a" * 30

    with TestClient(app) as client:
        for path, status, made in [
            ("/bytes", 413, 4),
            ("/plain", 413, 4),
            ("/whole", 413, 4),
            ("/early", 200, 1),
            ("/nowhere", 404, 0),
        ]:
            seen.clear()
            assert client.post(path, content=endless()).status_code == status
            # A chunk may be on its way when the answer comes.
            assert seen.count("made") <= made + 1


def test_content_that_fails_is_a_client_that_leaves() -> None:
    app, _ = uploads()

    def broken() -> Iterator[bytes]:
        yield b"a"
        raise KeyError("of the test")

    with TestClient(app) as client:
        for path in ("/bytes", "/whole"):
            with pytest.raises(KeyError):
                client.post(path, content=broken())
        assert client.get("/nowhere").status_code == 404
        eventually(lambda: app.native().calls_in_flight() == 0)


async def test_content_that_fails_is_a_client_that_leaves_for_coroutines() -> None:
    app, seen = uploads()
    may_fail = asyncio.Event()

    async def broken() -> AsyncIterator[bytes]:
        yield b"a"
        await may_fail.wait()
        raise KeyError("of the test")

    async with AsyncTestClient(app) as client:
        may_fail.set()
        with pytest.raises(KeyError):
            await client.post("/bytes", content=broken())
        may_fail.clear()
        # One that does not read is cancelled when its client leaves.
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await client.post("/wait", content=broken())
        async with asyncio.timeout(TIMEOUT):
            while "cancelled" not in seen:
                await asyncio.sleep(0.01)


def test_a_slow_client_is_told_so() -> None:
    app = Sabir(body_timeout_ms=50)
    may_go_on = threading.Event()

    @app.post("/")
    async def read(content: AsyncIterator[bytes]) -> int:
        return sum([len(chunk) async for chunk in content])

    def slow() -> Iterator[bytes]:
        yield b"a"
        may_go_on.wait(0.3)
        yield b"b"

    with TestClient(app) as client:
        assert client.post("/", content=slow()).status_code == 408


@pytest.mark.parametrize("socket", [False, True])
def test_fields_follow_a_stream(socket: bool) -> None:
    app = Sabir()

    @app.get("/async")
    async def later() -> StreamingResponse:
        sizes: list[int] = []

        async def rows() -> AsyncIterator[str]:
            for row in ("a", "bc"):
                sizes.append(len(row))
                yield row

        return StreamingResponse(rows(), trailers={"X-Size": lambda: sum(sizes), "x-kind": "rows"})

    @app.get("/plain")
    def plain() -> StreamingResponse:
        return StreamingResponse(iter(["a"]), trailers={"x-kind": lambda: "rows"})

    @app.get("/split")
    async def split() -> StreamingResponse:
        return StreamingResponse(iter(["a"]), trailers={"x-kind": lambda: "rows\r\nx-evil: 1"})

    @app.get("/forbidden/{name}")
    async def forbidden(name: str) -> StreamingResponse:
        return StreamingResponse(iter(["a"]), trailers={name: "1"})

    with TestClient(app, socket=socket, raise_server_exceptions=False) as client:
        response = client.get("/async", headers={"te": "trailers"})
        assert (response.text, response.headers["trailer"]) == ("abc", "x-size, x-kind")
        if not socket:
            # httpx does not show those of connections.
            assert response.extensions["trailers"] == httpx.Headers({"x-size": "3", "x-kind": "rows"})
            plain_response = client.get("/plain")
            assert plain_response.extensions["trailers"]["x-kind"] == "rows"
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/split")
        for name in ("content-length", "Transfer-Encoding", "set-cookie", "trailer", "a b"):
            assert client.get(f"/forbidden/{name}").status_code == 500
