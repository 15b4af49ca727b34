"""Serving inside somebody's own program: signals, threads and other loops belong to it."""

import asyncio
import contextvars
import errno
import http.client
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sabir import AsyncTestClient, Sabir, SetupError
from tests.greeting import greeting
from tests.processes import TIMEOUT, eventually, serving, written

pytestmark = pytest.mark.native


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
