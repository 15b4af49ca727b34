"""Streams whose clients are slow, and those that never wait."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import pytest

from sabir import (
    Sabir,
)
from tests.processes import TIMEOUT, eventually
from tests.raw_clients import connect, get, listening


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
