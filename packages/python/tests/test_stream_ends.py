"""How streams end: at a failure, when clients leave or are slow, and when a server stops."""

from __future__ import annotations

import asyncio
import gc
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from types import AsyncGeneratorType, GeneratorType
from typing import Any

import pytest

from sabir import (
    Event,
    NotFound,
    Problem,
    Sabir,
)
from sabir.chunks import Chunks
from tests.processes import TIMEOUT, eventually, serving, written
from tests.raw_clients import connect, get, listening, read_all, read_until


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
@pytest.mark.parametrize("raised", [SystemExit, KeyboardInterrupt])
def test_an_exit_in_a_generator_ends_its_stream_alone(
    raised: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    app = Sabir()

    @app.get("/plain")
    def plain() -> Iterator[str]:
        yield "first"
        raise raised(3)

    @app.get("/async")
    async def later() -> AsyncIterator[str]:
        yield "first"
        await asyncio.sleep(0)
        raise raised(3)

    @app.get("/well")
    async def well() -> str:
        return "well"

    with listening(app) as port:
        for path in ("/plain", "/async"):
            with connect(port, path) as client:
                assert not read_all(client).endswith(b"0\r\n\r\n")
            assert get(port, "/well")[2] == b"well"
    assert caplog.text.count(f"{raised.__name__}: 3") == 2


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
