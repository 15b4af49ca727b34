"""How streams end when their clients leave, or their time is over."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from types import AsyncGeneratorType, GeneratorType

import pytest

from sabir import (
    Sabir,
)
from sabir.chunks import Chunks
from tests.processes import eventually
from tests.raw_clients import connect, get, listening, read_until


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
