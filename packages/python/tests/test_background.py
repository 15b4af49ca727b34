"""What runs after answers."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import logging
import signal
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sabir import AsyncTestClient, Depends, FileResponse, Request, Sabir, TestClient, WebSocket
from tests.processes import eventually, serving, written

pytestmark = pytest.mark.native


@pytest.mark.parametrize("socket", [False, True])
@pytest.mark.parametrize("is_hooked", [False, True])
@pytest.mark.parametrize("kind", ["async", "thread", "inline"])
def test_functions_run_when_the_answer_was_sent_one_after_the_other(kind: str, is_hooked: bool, socket: bool) -> None:
    app, seen = Sabir(), list[Any]()
    if is_hooked:
        app.on_response(lambda request, response: seen.append("answered"))
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name")

    async def on_loop(*values: Any, **named: Any) -> None:
        await asyncio.sleep(0.01)
        seen.append((*values, named, name.get(), threading.current_thread().name == "sabir-test"))

    def on_thread(*values: Any) -> None:
        seen.append((*values, name.get(), threading.current_thread().name == "sabir-test"))

    def begin(request: Request) -> str:
        name.set("ada")
        request.after(on_loop, 1, two=2)
        request.after(on_thread, 3)
        request.after(functools.partial(on_thread, 4))
        name.set("eve")
        return "a"

    if kind == "async":

        @app.get("/")
        async def handler(request: Request) -> str:
            await asyncio.sleep(0)
            return begin(request)
    else:
        app.get("/", blocking=kind == "thread")(begin)

    expected = [(1, {"two": 2}, "ada", True), (3, "ada", False), (4, "ada", False)]
    with TestClient(app, socket=socket) as client:
        assert client.get("/").text == "a"
        if not socket:
            # In memory the client waits for them.
            assert seen[is_hooked:] == expected
        eventually(lambda: seen[is_hooked:] == expected)


def test_one_that_fails_is_logged_with_the_request_and_the_others_run(caplog: pytest.LogCaptureFixture) -> None:
    app, seen = Sabir(), list[str]()

    async def fail() -> None:
        raise KeyError("a")

    def fail_too() -> None:
        raise OSError("b")

    @app.get("/things")
    async def handler(request: Request) -> str:
        request.after(fail)
        request.after(fail_too)
        request.after(seen.append, "third")
        return request.id

    with TestClient(app) as client, caplog.at_level(logging.ERROR, "sabir"):
        request_id = client.get("/things").text
    assert seen == ["third"]
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [KeyError, OSError]
    assert all(request_id in record.getMessage() for record in caplog.records)


def test_what_cannot_be_called_is_refused() -> None:
    app = Sabir()

    @app.get("/")
    async def handler(request: Request) -> None:
        request.after(3)  # type: ignore[arg-type]

    with TestClient(app) as client, pytest.raises(TypeError, match="a int cannot be called"):
        client.get("/")


def test_they_run_after_a_failure_and_before_the_dependencies_end() -> None:
    app, seen = Sabir(), list[str]()

    async def database() -> AsyncIterator[str]:
        yield "database"
        seen.append("closed")

    @app.get("/")
    async def handler(request: Request, database: str = Depends(database)) -> str:
        request.after(seen.append, f"with {database}")
        return "a"

    @app.get("/failing")
    async def failing(request: Request) -> str:
        request.after(seen.append, "after a failure")
        raise KeyError

    with TestClient(app, raise_server_exceptions=False) as client:
        client.get("/")
        assert seen == ["with database", "closed"]
        assert client.get("/failing").status_code == 500
        assert seen[2:] == ["after a failure"]


@pytest.mark.parametrize("socket", [False, True])
def test_of_a_stream_and_a_file_they_run_after_the_last_byte(socket: bool, tmp_path: Path) -> None:
    app, seen = Sabir(), list[str]()
    (tmp_path / "large.bin").write_bytes(bytes(100_000))

    @app.get("/stream")
    async def stream(request: Request) -> AsyncIterator[bytes]:
        request.after(seen.append, "after")
        for _ in range(3):
            seen.append("chunk")
            yield b"a"

    @app.get("/file")
    async def file(request: Request) -> FileResponse:
        request.after(seen.append, "sent")
        return FileResponse(tmp_path / "large.bin")

    with TestClient(app, socket=socket) as client:
        assert client.get("/stream").content == b"aaa"
        eventually(lambda: seen == ["chunk"] * 3 + ["after"])
        assert len(client.get("/file").content) == 100_000
        eventually(lambda: seen[4:] == ["sent"])


async def test_they_run_when_the_client_has_left() -> None:
    app, seen, begun = Sabir(), list[str](), asyncio.Event()

    @app.get("/")
    async def handler(request: Request) -> None:
        request.after(seen.append, "after")
        begun.set()
        await asyncio.sleep(60)

    async with AsyncTestClient(app) as client:
        request = asyncio.create_task(client.get("/"))
        await begun.wait()
        request.cancel()
        for _ in range(500):
            if seen:
                break
            await asyncio.sleep(0.01)
    assert seen == ["after"]


@pytest.mark.parametrize("is_hooked", [False, True])
def test_of_a_websocket_they_run_when_its_handler_has_ended(is_hooked: bool) -> None:
    app, seen = Sabir(), list[str]()
    if is_hooked:
        app.on_request(lambda request: request.after(seen.append, "hook"))

    @app.websocket("/")
    async def echo(ws: WebSocket[str, str]) -> None:
        ws.request.after(seen.append, "after")
        async for message in ws:
            await ws.send(message)
        seen.append("ended")

    with TestClient(app) as client:
        with client.websocket("/") as ws:
            ws.send("a")
            assert ws.receive() == "a"
            assert not seen
        eventually(lambda: seen == ["ended", *(["hook"] if is_hooked else []), "after"])


SERVICE = """
import asyncio
from sabir import Request, Sabir

app = Sabir(shutdown_timeout_ms=2000)

async def work(seconds):
    try:
        await asyncio.sleep(seconds)
        print("worked", flush=True)
    except asyncio.CancelledError:
        print("cancelled", flush=True)
        raise

@app.lifespan
async def lifespan(app):
    yield
    print("left", flush=True)

@app.get("/{seconds}")
async def index(request: Request, seconds: float) -> str:
    request.after(work, seconds)
    return "a"
"""


@pytest.mark.parametrize(("seconds", "outcome"), [("0.5", b"worked"), ("60", b"cancelled")])
def test_a_server_that_stops_waits_for_them(tmp_path: Path, seconds: str, outcome: bytes) -> None:
    with serving(tmp_path, SERVICE, "--port", "0") as service:
        assert service.get(f"/{seconds}") == b"a"
        assert service.stop(signal.SIGTERM) == 0
        assert service.process.stdout is not None
        assert service.process.stdout.read().split() == [outcome, b"left"], written(tmp_path)
