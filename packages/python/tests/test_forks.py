"""Processes that are forked while an application serves."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from sabir import TestClient
from tests.greeting import greeting
from tests.processes import TIMEOUT, Service, eventually, is_running, serving

pytestmark = pytest.mark.native


def is_gone(pid: int) -> bool:
    return not is_running(pid)


FORKING = """
import multiprocessing, os, signal, sys, time
LOOP
from sabir import Sabir

app = Sabir()
fork = multiprocessing.get_context("fork")

def sleep() -> None:
    time.sleep(60)

def fork_one() -> int:
    process = fork.Process(target=sleep, daemon=True)
    process.start()
    return process.pid

@app.get("/coroutine")
async def coroutine() -> int:
    return fork_one()

@app.get("/function")
def function() -> int:
    return fork_one()

@app.get("/orphan")
async def orphan() -> int:
    if child := os.fork():
        return child
    try:
        time.sleep(60)
    finally:
        os._exit(0)

@app.get("/worker")
async def worker() -> int:
    return os.getpid()

@app.get("/alive")
async def alive() -> str:
    return "alive"
"""


@pytest.mark.parametrize("path", ["/coroutine", "/function"])
@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_signal_to_a_forked_child_ends_the_child_and_nothing_else(
    tmp_path: Path, path: str, loop: str, workers: str
) -> None:
    source = FORKING.replace("LOOP", "sys.modules['uvloop'] = None" if loop == "asyncio" else "")
    with serving(tmp_path, source, "--port", "0", "--workers", workers) as service:
        for number in (signal.SIGTERM, signal.SIGINT):
            child = int(service.get(path))
            os.kill(child, number)
            eventually(partial(is_gone, child))
        for _ in range(10):
            assert service.get("/alive") == b"alive"
            time.sleep(0.01)
        assert service.stop() == 0


def test_a_signal_that_comes_while_a_child_begins_is_not_lost(tmp_path: Path) -> None:
    # What a signal raises in a hook of `os.register_at_fork` is lost.
    slow = "from sabir import Sabir\nos.register_at_fork(after_in_child=lambda: time.sleep(0.5))"
    source = FORKING.replace("LOOP", "").replace("from sabir import Sabir", slow)
    with serving(tmp_path, source, "--port", "0") as service:
        for number in (signal.SIGTERM, signal.SIGINT):
            child = int(service.get("/function"))
            os.kill(child, number)
            eventually(partial(is_gone, child))
        assert service.get("/alive") == b"alive"
        assert service.stop() == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_forked_child_that_lives_on_keeps_no_address(tmp_path: Path, workers: str) -> None:
    with serving(tmp_path, FORKING.replace("LOOP", ""), "--port", "0", "--workers", workers) as service:
        # A daemon of `multiprocessing` ends with its parent, this one does not.
        child = int(service.get("/orphan"))
        try:
            assert service.stop() == 0
            assert is_running(child)
            with pytest.raises(ConnectionRefusedError):
                service.connect()
            with socket.create_server(("127.0.0.1", service.port)):
                pass
        finally:
            os.kill(child, signal.SIGKILL)


HOLDING = """
import asyncio, os, time
from sabir import Sabir

app = Sabir(idle_timeout_ms=300, header_timeout_ms=300, write_timeout_ms=300, shutdown_timeout_ms=300, http2=True)

@app.get("/fork")
async def fork() -> int:
    if child := os.fork():
        return child
    try:
        time.sleep(60)
    finally:
        os._exit(0)

@app.get("/")
async def greet() -> str:
    return "hello"

@app.get("/large")
async def large() -> bytes:
    return bytes(16_000_000)

@app.get("/endless")
async def endless() -> None:
    await asyncio.sleep(60)
"""


HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"


@contextmanager
def forked_child(service: Service) -> Iterator[int]:
    """A child that keeps what the service had open when it was forked."""
    # What has connected before has been accepted then.
    time.sleep(0.1)
    child = int(service.get("/fork"))
    try:
        yield child
        assert is_running(child)
    finally:
        os.kill(child, signal.SIGKILL)


def beginning(service: Service, sent: bytes) -> socket.socket:
    """Open a connection and send the first bytes of what it is for."""
    client = socket.create_connection(("127.0.0.1", service.port), TIMEOUT)
    client.sendall(sent)
    return client


def rest(client: socket.socket) -> bytes:
    """Read to the end, which has to come."""
    received = b""
    with client, contextlib.suppress(ConnectionResetError):
        while data := client.recv(65536):
            received += data
    return received


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        (HEAD + b"Connection: close\r\n", b"\r\n", b"200 OK"),
        (b"GET / HTTP/1.0\r\n", b"\r\n", b"200 OK"),
        (HEAD, b"\r\n", b"200 OK"),
        (HEAD + b"\r\n", b"", b"200 OK"),
        (HEAD, b" b\r\n\r\n", b"400 Bad Request"),
        (HEAD, b"", b"408 Request Timeout"),
        (HEAD.replace(b"/", b"/large", 1), b"\r\n", b"200 OK"),
        (b"", b"", b""),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]), b"", b""),
    ],
    ids=["close", "1.0", "kept", "idle", "refused", "late", "unread", "silent", "http2"],
)
def test_a_connection_ends_although_a_forked_child_has_a_copy_of_it(
    tmp_path: Path, before: bytes, after: bytes, answer: bytes
) -> None:
    with serving(tmp_path, HOLDING, "--port", "0") as service:
        client = beginning(service, before)
        with forked_child(service):
            client.sendall(after)
            if b"/large" in before:
                time.sleep(1)
            assert answer in rest(client)


def test_connections_end_with_the_server_although_a_forked_child_has_copies_of_them(tmp_path: Path) -> None:
    source = HOLDING.replace("idle_timeout_ms=300", "idle_timeout_ms=60_000")
    with serving(tmp_path, source, "--port", "0") as service:
        running = HEAD.replace(b"/", b"/endless", 1) + b"\r\n"
        clients = [beginning(service, sent) for sent in (b"", HEAD + b"\r\n", HEAD, running)]
        with forked_child(service):
            assert service.stop() == 0
            for client in clients:
                rest(client)


def test_a_worker_that_is_replaced_leaves_the_socket_to_the_others(tmp_path: Path) -> None:
    with serving(tmp_path, FORKING.replace("LOOP", ""), "--port", "0", "--workers", "2") as service:
        before = int(service.get("/worker"))
        service.process.send_signal(signal.SIGHUP)
        eventually(partial(is_gone, before))
        for _ in range(20):
            assert service.get("/alive") == b"alive"
        assert service.stop() == 0


def test_a_fork_of_a_serving_process_is_told_that_the_application_is_not_its_own() -> None:
    app = greeting("hello")
    with TestClient(app) as client:
        assert client.get("/").text == "hello"
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                TestClient(app).get("/")
            except RuntimeError as error:
                os.write(write, str(error).encode())
            finally:
                os._exit(0)
        os.close(write)
        with os.fdopen(read) as pipe:
            assert f"process {os.getpid()} serves the application, and this one is a fork of it" in pipe.read()
        os.waitpid(pid, 0)
        assert client.get("/").text == "hello"
