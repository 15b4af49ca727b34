"""Serving inside somebody's own program: signals, threads, forks and other loops belong to it."""

import asyncio
import contextlib
import contextvars
import errno
import gc
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sabir import AsyncTestClient, Sabir, SetupError, TestClient
from tests.processes import TIMEOUT, Service, eventually, is_running, serving, written

pytestmark = pytest.mark.native


def greeting(text: str) -> Sabir:
    app = Sabir()

    @app.get("/")
    async def greet() -> str:
        return text

    return app


def ask(address: str, path: str = "/") -> str:
    host, _, port = address.removeprefix("http://").rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=TIMEOUT)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


@asynccontextmanager
async def served(app: Sabir, **options: Any) -> AsyncIterator[str]:
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(app.serve(port=options.pop("port", 0), started=address.set_result, **options))
    try:
        yield await address
    finally:
        app.stop()
        await asyncio.wait_for(task, TIMEOUT)


async def test_serves_on_a_running_loop_until_it_is_stopped() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    async with served(greeting("hello")) as address:
        assert await asyncio.to_thread(ask, address) == "hello"
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    with pytest.raises(OSError, match="refused"):
        ask(address)


async def test_a_cancellation_finishes_the_running_requests() -> None:
    app, started = Sabir(), asyncio.Event()

    @app.get("/")
    async def slow() -> str:
        started.set()
        await asyncio.sleep(0.3)
        return "finished"

    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(app.serve(port=0, started=address.set_result))
    answer = asyncio.create_task(asyncio.to_thread(ask, await address))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await answer == "finished"
    # It is free again.
    async with AsyncTestClient(app) as client:
        assert (await client.get("/")).text == "finished"


async def test_two_applications_serve_in_one_process() -> None:
    async with served(greeting("one")) as one, served(greeting("two")) as two:
        found = [await asyncio.to_thread(ask, address) for address in (one, two)]
    assert found == ["one", "two"]


async def test_a_taken_address_is_an_oserror_with_its_number() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"'127.0.0.1:{port}'") as caught:
            await greeting("never").serve(port=port)
    assert caught.value.errno == errno.EADDRINUSE
    assert caught.value.strerror == os.strerror(errno.EADDRINUSE)


async def test_two_applications_share_a_port_when_both_ask_for_it() -> None:
    async with served(greeting("first"), reuse_port=True) as address:
        port = int(address.rpartition(":")[2])
        async with served(greeting("second"), port=port, reuse_port=True):
            seen: set[str] = set()
            for _ in range(500):
                seen.add(await asyncio.to_thread(ask, address))
                if len(seen) == 2:
                    break
            assert seen == {"first", "second"}


async def test_run_says_what_to_do_where_a_loop_runs() -> None:
    with pytest.raises(SetupError, match=r"use `await app\.serve\(\)`"):
        greeting("never").run(port=0)


def test_runs_in_a_thread_without_signals(capfd: pytest.CaptureFixture[str]) -> None:
    app = greeting("hello")
    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=app.run, kwargs={"port": 0})
    thread.start()
    output = ""

    def address() -> str:
        nonlocal output
        output += capfd.readouterr().out
        return output.removeprefix("Sabir serves on ").strip()

    assert ask(eventually(address)) == "hello"
    assert signal.getsignal(signal.SIGTERM) is before
    app.stop()
    thread.join(TIMEOUT)
    assert not thread.is_alive()


def test_workers_need_the_main_thread() -> None:
    caught: list[BaseException] = []

    def run() -> None:
        try:
            from sabir.workers import supervise

            supervise(lambda *_: None, "127.0.0.1", 0, None, 2)  # type: ignore[arg-type]
        except SetupError as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert "only the main thread gets signals" in str(caught[0])


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_signal_handlers_of_before_are_back_when_run_returns(tmp_path: Path, loop: str) -> None:
    source = f"""
import os, signal, sys
if {loop!r} == "asyncio":
    sys.modules["uvloop"] = None
from sabir import Sabir
app = Sabir()
before = lambda *_: print("mine", flush=True)
signal.signal(signal.SIGTERM, before)
app.run(port=0)
assert signal.getsignal(signal.SIGTERM) is before
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
assert signal.set_wakeup_fd(-1) == -1
os.kill(os.getpid(), signal.SIGTERM)
"""
    with serving(tmp_path, source, script=True) as service:
        assert service.process.stdout is not None
        service.process.send_signal(signal.SIGTERM)
        assert service.process.stdout.readline() == b"mine\n"
        assert service.process.wait(TIMEOUT) == 0
    assert written(tmp_path) == ""


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


SLEEPING = """
import asyncio, time, threading
from sabir import Sabir

app = Sabir(shutdown_timeout_ms=300)

@app.get("/function")
def function() -> None:
    print("started", flush=True)
    time.sleep(40)

@app.get("/thread")
async def thread() -> None:
    print("started", flush=True)
    await asyncio.to_thread(time.sleep, 40)

@app.get("/loop")
async def loop() -> None:
    print("started", flush=True)
    time.sleep(40)

@app.get("/own")
async def own() -> None:
    threading.Thread(target=time.sleep, args=(40,)).start()
    print("started", flush=True)
    await asyncio.sleep(40)

if __name__ == "__main__":
    app.run(port=0)
"""


@pytest.mark.parametrize("script", [False, True])
@pytest.mark.parametrize("path", ["/function", "/thread", "/loop", "/own"])
def test_a_process_ends_when_the_time_for_its_requests_is_over(tmp_path: Path, script: bool, path: str) -> None:
    if script and path == "/own":
        pytest.skip("a thread that is no daemon is the program's own")
    with serving(tmp_path, SLEEPING, "--port", "0", script=script) as service:
        connection = service.connect()
        connection.request("GET", path)
        assert service.process.stdout is not None
        assert service.process.stdout.readline() == b"started\n"
        begin = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - begin < 15, "much less than the handler takes"
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("path", ["/function", "/loop"])
def test_a_second_signal_ends_the_process_at_once(tmp_path: Path, number: signal.Signals, path: str) -> None:
    with serving(tmp_path, SLEEPING.replace("=300", "=60_000"), "--port", "0") as service:
        connection = service.connect()
        connection.request("GET", path)
        assert service.process.stdout is not None
        assert service.process.stdout.readline() == b"started\n"
        service.process.send_signal(number)
        time.sleep(0.3)
        assert service.process.poll() is None
        assert service.stop(number) == -number
        connection.close()


def test_serving_and_stopping_wait_for_no_client_that_is_collected() -> None:
    app = greeting("hello")
    over = time.monotonic() + 3
    failures: list[BaseException] = []

    def use() -> None:
        try:
            while time.monotonic() < over:
                client = TestClient(app, socket=False)
                assert client.get("/").text == "hello"
                # A cycle, so that the collector drops it at any time, in any thread.
                client.__dict__["itself"] = client
                del client
                gc.collect(0)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(3 + TIMEOUT)
        assert not thread.is_alive()
    assert failures == []


def test_limits_the_calls_in_flight() -> None:
    app = Sabir(concurrency_limit=2, handler_threads=1)
    release, entered = threading.Event(), threading.Semaphore(0)

    @app.get("/")
    def handler() -> str:
        entered.release()
        release.wait(TIMEOUT)
        return "done"

    with TestClient(app) as client:
        answers: list[Any] = []
        threads = [threading.Thread(target=lambda: answers.append(client.get("/"))) for _ in range(2)]
        for thread in threads:
            thread.start()
        # One runs, the other waits for its thread; both are in flight.
        assert entered.acquire(timeout=TIMEOUT)
        eventually(lambda: app.native().calls_in_flight() == 2)
        refused = client.get("/")
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "1"
        assert not entered.acquire(blocking=False), "handler_threads"
        release.set()
        for thread in threads:
            thread.join()
        assert [answer.text for answer in answers] == ["done", "done"]
        eventually(lambda: app.native().calls_in_flight() == 0)
        assert client.get("/").text == "done"


def test_as_many_functions_run_at_once_as_there_are_threads() -> None:
    app = Sabir(handler_threads=5)
    together = threading.Barrier(5, timeout=TIMEOUT)

    @app.get("/")
    def handler() -> int:
        return together.wait()

    with TestClient(app) as client:
        found: list[int] = []
        threads = [threading.Thread(target=lambda: found.append(client.get("/").json())) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(found) == [0, 1, 2, 3, 4]


tenant: contextvars.ContextVar[str] = contextvars.ContextVar("tenant", default="none")


async def test_handlers_see_the_context_in_which_they_are_served() -> None:
    app = Sabir()

    @app.get("/coroutine")
    async def coroutine() -> str:
        found = tenant.get()
        tenant.set("changed")
        await asyncio.sleep(0)
        return found

    @app.get("/function")
    def function() -> str:
        found = tenant.get()
        tenant.set("changed")
        return found

    tenant.set("of the program")
    async with served(app) as address:
        for path in ("/coroutine", "/function", "/coroutine", "/function"):
            assert await asyncio.to_thread(ask, address, path) == "of the program"
    assert tenant.get() == "of the program"


def test_an_application_that_is_not_used_any_more_is_collected() -> None:
    def used(socket: bool) -> weakref.ref[Sabir]:
        app = Sabir()

        @app.get("/coroutine")
        async def coroutine() -> str:
            await asyncio.sleep(0)
            return f"{len(app._routes)}"

        @app.get("/function")
        def function() -> str:
            return f"{len(app._routes)}"

        with TestClient(app, socket=socket) as client:
            assert client.get("/coroutine").text == client.get("/function").text == "2"
        return weakref.ref(app)

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def collected(apps: list[weakref.ref[Sabir]]) -> bool:
        gc.collect()
        return all(app() is None for app in apps)

    threads = threading.active_count()
    warm_up = [used(number % 10 == 0) for number in range(100)]
    eventually(lambda: collected(warm_up))
    before = resident()
    apps = [used(number % 10 == 0) for number in range(400)]
    eventually(lambda: collected(apps))
    assert resident() - before < 16 * 1024 * 1024
    eventually(lambda: threading.active_count() <= threads)


async def test_a_cancelled_request_in_memory_cancels_its_handler() -> None:
    app = Sabir()
    started, cancelled = asyncio.Event(), asyncio.Event()

    @app.get("/")
    async def handler() -> None:
        started.set()
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    async with AsyncTestClient(app) as client:
        request = asyncio.create_task(client.get("/"))
        await started.wait()
        request.cancel()
        async with asyncio.timeout(TIMEOUT):
            await cancelled.wait()


def test_the_interpreter_ends_while_requests_run() -> None:
    source = """
import asyncio, threading, time
from sabir import Sabir, TestClient
app = Sabir()

@app.get("/")
def handler() -> str:
    time.sleep(0.002)
    return "x"

@app.get("/loop")
async def loop() -> str:
    await asyncio.sleep(0.001)
    return "x"

client = TestClient(app)
client.get("/")
def forever(path: str) -> None:
    try:
        while True:
            client.get(path)
    except RuntimeError:
        pass
for path in ("/", "/loop") * 3:
    threading.Thread(target=forever, args=(path,), daemon=True).start()
time.sleep(0.2)
"""
    for _ in range(5):
        ended = subprocess.run(
            [sys.executable, "-X", "faulthandler", "-c", source], capture_output=True, text=True, timeout=2 * TIMEOUT
        )
        assert (ended.returncode, ended.stderr) == (0, "")
