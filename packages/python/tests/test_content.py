"""Content that handlers take while it arrives."""

from __future__ import annotations

import asyncio
import gc
import json
import socket as sockets
import threading
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
import pydantic
import pytest

from sabir import (
    AsyncTestClient,
    Body,
    Conflict,
    ContentTooLarge,
    Part,
    Request,
    Sabir,
    SetupError,
    SyncPart,
    TestClient,
)
from sabir.operation import derive
from sabir.routes import RouteDefinition
from tests.processes import TIMEOUT, eventually

both = pytest.mark.parametrize("socket", [False, True])
LINES = {"content-type": "application/jsonl"}


@dataclass
class Row:
    sku: str
    sold: int = 1


class Even(msgspec.Struct):
    n: int

    def __post_init__(self) -> None:
        if self.n % 2:
            raise ValueError("odd")


class Model(pydantic.BaseModel):
    n: int


def application(**settings: Any) -> tuple[Sabir, list[Any]]:
    app, seen = Sabir(**settings), []

    @app.put("/bytes")
    async def octets(content: AsyncIterator[bytes]) -> list[int]:
        size = chunks = 0
        async for chunk in content:
            size, chunks = size + len(chunk), chunks + 1
        return [size, chunks]

    @app.put("/sync-bytes")
    def sync_octets(content: Iterator[bytes]) -> int:
        return sum(len(chunk) for chunk in content)

    @app.post("/rows")
    async def rows(rows: AsyncIterator[Row], factor: int = 1) -> list[Any]:
        return [sum([row.sold * factor async for row in rows])]

    @app.post("/sync-rows")
    def sync_rows(rows: Iterator[Row]) -> list[str]:
        return [row.sku for row in rows]

    @app.post("/even")
    async def even(rows: AsyncIterator[Even]) -> int:
        return len([row async for row in rows])

    @app.post("/models")
    async def models(rows: AsyncIterator[Model | None]) -> list[str]:
        return [repr(row) async for row in rows]

    @app.post("/parts")
    async def parts(parts: AsyncIterator[Part]) -> list[Any]:
        found: list[Any] = []
        async for part in parts:
            if part.name == "skip":
                continue
            if part.name == "some":
                found.append((await anext(part))[:1].decode())
                continue
            content = await part.read()
            found.append([part.name, part.filename, part.content_type, len(content)])
        return found

    @app.post("/sync-parts")
    def sync_parts(parts: Iterator[SyncPart]) -> list[Any]:
        return [[part.name, part.filename, part.read().decode()] for part in parts if part.name != "skip"]

    @app.put("/early")
    async def early(content: AsyncIterator[bytes]) -> None:
        seen.append("early")
        raise Conflict("Not now.")

    @app.put("/caught")
    async def caught(content: AsyncIterator[bytes]) -> str:
        try:
            async for _ in content:
                pass
        except ContentTooLarge as problem:
            return f"caught {problem.status}, {[chunk async for chunk in content]}"
        return "nothing"

    @app.put("/echo")
    async def echo(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for chunk in content:
            yield chunk.upper()

    @app.put("/request")
    async def request(request: Request, content: AsyncIterator[bytes]) -> list[Any]:
        with pytest.raises(RuntimeError, match="not kept"):
            await request.body()
        return [request.headers["x-a"], b"".join([chunk async for chunk in request.stream()]).decode()]

    @app.put("/whole")
    async def whole(request: Request) -> list[str]:
        return [chunk.decode() async for chunk in request.stream()]

    @app.put("/patient")
    async def patient(content: AsyncIterator[bytes]) -> list[Any]:
        seen.append("open")
        try:
            first = await anext(aiter(content))
            seen.append(first)
            waits = 0
            while True:
                try:
                    async with asyncio.timeout(0.02):
                        chunk = await anext(aiter(content))
                except TimeoutError:
                    waits += 1
                    seen.append("waited")
                else:
                    return [first.decode(), chunk.decode(), waits > 0]
        finally:
            seen.append("ended")

    return app, seen


@pytest.mark.native
@both
def test_bytes_of_any_type(socket: bool) -> None:
    app, _ = application()
    with TestClient(app, socket=socket) as client:
        content = bytes(900_000)
        assert client.put("/bytes", content=content).json()[0] == len(content)
        assert client.put("/sync-bytes", content=content).json() == len(content)
        assert client.put("/bytes", content=b"a", headers={"content-type": "text/csv"}).json() == [1, 1]
        assert client.put("/bytes").json() == [0, 0]
        assert client.put("/sync-bytes").json() == 0
        assert client.put("/echo", content=b"abc").content == b"ABC"


@pytest.mark.native
@both
def test_lines_are_validated_and_typed_one_by_one(socket: bool) -> None:
    app, _ = application()
    lines = "".join(json.dumps({"sku": str(number), "sold": number}) + "\n" for number in range(100))
    with TestClient(app, socket=socket) as client:
        assert client.post("/rows?factor=2", content=lines, headers=LINES).json() == [9900]
        assert len(client.post("/sync-rows", content=lines, headers=LINES).json()) == 100
        assert client.post("/rows", content=b"", headers=LINES).json() == [0]
        assert client.post("/models", content='{"n": 1}\nnull\n', headers=LINES).json() == ["Model(n=1)", "None"]
        for path in ("/rows", "/sync-rows"):
            refused = client.post(path, content='{"sku": "a"}\n{"sku": 1}\n', headers=LINES)
            assert refused.status_code == 422
            assert refused.json()["errors"] == [
                {"in": "body", "pointer": "/1/sku", "keyword": "type", "detail": "1 is not a string"}
            ]
            assert refused.json()["instance"] == path
            assert client.post(path, content="{", headers=LINES).status_code == 400
            assert client.post(path, content="{}", headers={"content-type": "text/csv"}).status_code == 415
        refused = client.post("/even", content='{"n": 2}\n{"n": 3}\n', headers=LINES)
        assert refused.json()["errors"][0]["pointer"] == "/1"
        assert refused.json()["errors"][0]["detail"] == "odd"


@pytest.mark.native
@both
def test_parts_as_they_come(socket: bool) -> None:
    app, _ = application()
    files = [
        ("a", ("a.txt", b"x" * 200_000, "text/plain")),
        ("skip", ("b.bin", b"y" * 200_000, "application/octet-stream")),
        ("some", ("c.bin", b"z" * 200_000, "application/octet-stream")),
        ("d", ("", b"", "application/octet-stream")),
    ]
    with TestClient(app, socket=socket) as client:
        found = client.post("/parts", files=files, data={"field": "value"}).json()
        assert found == [
            ["field", None, None, 5],
            ["a", "a.txt", "text/plain", 200_000],
            "z",
            *found[3:],
        ]
        assert found[3][0] == "d"
        found = client.post("/sync-parts", files=files[1:2], data={"field": "value"}).json()
        assert found == [["field", None, "value"]]
        assert client.post("/parts", content=b"x", headers={"content-type": "text/plain"}).status_code == 415
        broken = {"content-type": "multipart/form-data; boundary=b"}
        assert client.post("/parts", content=b"--b\r\n", headers=broken).status_code == 400


@pytest.mark.native
@both
def test_what_goes_wrong_is_a_problem_that_is_the_answer_unless_it_is_caught(socket: bool) -> None:
    app, _ = application(body_limit=1000)
    with TestClient(app, socket=socket) as client:

        def large() -> Iterator[bytes]:
            for _ in range(20):
                yield b"x" * 100

        assert client.put("/bytes", content=large()).status_code == 413
        assert client.put("/sync-bytes", content=large()).status_code == 413
        # In memory the whole of it is refused before the handler is called.
        assert client.put("/caught", content=large()).text == "caught 413, []" or not socket


@pytest.mark.native
def test_the_request_has_the_stream_too() -> None:
    app, _ = application()
    with TestClient(app) as client:
        assert client.put("/request", content=b"abc", headers={"x-a": "b"}).json() == ["b", "abc"]
        assert client.put("/whole", content=b"abc").json() == ["abc"]
        assert client.put("/whole").json() == []


def connection(client: TestClient, head: str) -> sockets.socket:
    host, _, port = client.address.rpartition(":")
    found = sockets.create_connection((host, int(port)), TIMEOUT)
    found.sendall(f"{head} HTTP/1.1\r\nHost: a\r\n".encode())
    return found


def read(found: sockets.socket, until: bytes) -> bytes:
    seen = b""
    while until not in seen:
        chunk = found.recv(65_536)
        assert chunk, seen
        seen += chunk
    return seen


@pytest.mark.native
def test_a_handler_may_answer_before_the_content_has_come() -> None:
    app, seen = application()
    with TestClient(app, socket=True) as client, connection(client, "PUT /early") as found:
        found.sendall(b"Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n")
        answer = read(found, b"Not now.")
        assert answer.startswith(b"HTTP/1.1 409 ")
        assert seen == ["early"]


@pytest.mark.native
def test_a_client_is_told_to_continue_when_the_handler_reads() -> None:
    app, seen = application()
    with TestClient(app, socket=True) as client, connection(client, "PUT /patient") as found:
        found.sendall(b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert read(found, b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
        found.sendall(b"a")
        # A wait that was given up loses nothing.
        eventually(lambda: seen.count("waited") > 2)
        found.sendall(b"b")
        assert read(found, b"]").endswith(b'["a","b",true]')


@pytest.mark.native
def test_a_client_that_leaves_cancels_the_handler() -> None:
    app, seen = application()
    with TestClient(app, socket=True) as client:
        with connection(client, "PUT /patient") as found:
            found.sendall(b"Content-Length: 100\r\n\r\n")
            eventually(lambda: seen == ["open"])
        eventually(lambda: seen[-1] == "ended", 2)
        eventually(lambda: app.native().calls_in_flight() == 0)


@pytest.mark.native
def test_a_thread_that_waits_is_woken_when_the_client_leaves() -> None:
    app, seen = Sabir(), []

    @app.put("/wait")
    def wait(content: Iterator[bytes]) -> None:
        seen.append("open")
        try:
            for _ in content:
                pass
        finally:
            seen.append(threading.current_thread().name)

    with TestClient(app, socket=True) as client:
        with connection(client, "PUT /wait") as found:
            found.sendall(b"Content-Length: 100\r\n\r\n")
            eventually(lambda: seen == ["open"])
        eventually(lambda: len(seen) == 2, 2)
        assert seen[1].startswith("sabir-handler")


@pytest.mark.native
def test_a_slow_handler_holds_its_client_up() -> None:
    app, read_on = Sabir(body_limit=200_000_000), threading.Event()

    @app.put("/slow")
    async def slow(content: AsyncIterator[bytes]) -> int:
        size = len(await anext(aiter(content)))
        while not read_on.is_set():
            await asyncio.sleep(0.01)
        return size + sum([len(chunk) async for chunk in content])

    with TestClient(app, socket=True) as client, connection(client, "PUT /slow") as found:
        size = 50_000_000
        found.sendall(f"Content-Length: {size}\r\n\r\n".encode())
        found.settimeout(0.5)
        sent = 0
        with suppress(TimeoutError):
            while sent < size:
                sent += found.send(bytes(min(1_000_000, size - sent)))
        assert sent < 30_000_000
        read_on.set()
        found.settimeout(TIMEOUT)
        while sent < size:
            sent += found.send(bytes(min(1_000_000, size - sent)))
        assert read(found, str(size).encode())


@pytest.mark.native
async def test_content_on_the_loop_of_the_test() -> None:
    app, _ = application()
    async with AsyncTestClient(app) as client:
        answers = await asyncio.gather(*(client.put("/bytes", content=bytes(100_000)) for _ in range(20)))
        assert [answer.json()[0] for answer in answers] == [100_000] * 20


@pytest.mark.native
def test_content_that_is_left_unread_leaves_nothing_behind() -> None:
    app, kept = Sabir(), weakref.WeakSet[Any]()

    @app.put("/left")
    async def left(content: AsyncIterator[bytes]) -> str:
        kept.add(content)
        await anext(aiter(content))
        return "left"

    with TestClient(app, socket=True) as client:
        for _ in range(20):
            assert client.put("/left", content=bytes(300_000)).text == "left"

        def is_gone() -> bool:
            gc.collect()
            return not kept

        eventually(is_gone)


def test_mistakes_are_told_when_the_route_is_added() -> None:
    app = Sabir()

    def plain(content: AsyncIterator[bytes]) -> None: ...

    async def waiting(content: Iterator[bytes]) -> None: ...

    async def twice(content: AsyncIterator[bytes], rows: AsyncIterator[Row]) -> None: ...

    async def text(content: AsyncIterator[str]) -> None: ...

    async def parts(content: AsyncIterator[SyncPart]) -> None: ...

    for handler, match in [
        (plain, "cannot await it"),
        (waiting, "keep the event loop"),
        (twice, "takes the body already"),
        (text, "mean nothing"),
        (parts, "coroutines take"),
    ]:
        with pytest.raises(SetupError, match=match):
            app.post("/x")(handler)
    assert app.definitions == []


def test_the_operation_says_what_is_taken() -> None:
    async def rows(rows: AsyncIterator[Row]) -> None: ...

    async def octets(
        content: Annotated[AsyncIterator[bytes], Body(media_type="text/csv", description="A table.")],
    ) -> None: ...

    async def parts(parts: AsyncIterator[Part]) -> None: ...

    bodies = [
        derive(RouteDefinition("POST", "/", handler, {})).operation["requestBody"] for handler in (rows, octets, parts)
    ]
    assert bodies == [
        {"content": {"application/jsonl": {"itemSchema": {"$ref": "#/components/schemas/Row"}}}},
        {"content": {"text/csv": {}}, "description": "A table."},
        {"content": {"multipart/form-data": {}}},
    ]
