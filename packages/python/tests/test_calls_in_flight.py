"""Requests at work: how many there may be, and how they and what they use end."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from sabir import AsyncTestClient, Sabir, TestClient
from tests.greeting import greeting
from tests.processes import TIMEOUT, eventually, serving

pytestmark = pytest.mark.native


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


USED = """
import asyncio, gc, os, threading, time, weakref
from pathlib import Path
from sabir import Sabir, TestClient

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

def resident_after_a_hundred() -> None:
    apps = [used(number % 10 == 0) for number in range(100)]
    until = time.monotonic() + 10
    while any(app() for app in apps) or threading.active_count() > 1:
        assert time.monotonic() < until, (sum(app() is not None for app in apps), threading.enumerate())
        gc.collect()
        time.sleep(0.01)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    print(pages * os.sysconf("SC_PAGE_SIZE"))

for _ in range(10):
    resident_after_a_hundred()
"""


def test_an_application_that_is_not_used_any_more_is_collected() -> None:
    # The allocator gives back at once what is free; otherwise it comes and goes by twenty megabytes.
    environment = {**os.environ, "MIMALLOC_PURGE_DELAY": "0"}
    ended = subprocess.run(
        [sys.executable, "-c", USED], capture_output=True, text=True, timeout=6 * TIMEOUT, env=environment
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    resident = [int(line) for line in ended.stdout.split()]
    # What was not freed would be in every later figure.
    assert min(resident[7:]) - min(resident[:3]) < 4 * 1024 * 1024, "6 KiB for each of 700 applications"


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
