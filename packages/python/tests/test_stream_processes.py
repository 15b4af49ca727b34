"""Streams in processes of their own, until these stop."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.processes import TIMEOUT, serving, written
from tests.raw_clients import connect, read_all

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
