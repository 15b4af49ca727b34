"""Handlers are ordinary coroutines: what works in asyncio works in them."""

import asyncio
import contextvars
import http.client
import threading
import time
from typing import Any

import anyio
import httpx
import pytest

from sabir import AsyncTestClient, Request, Sabir, TestClient

pytestmark = pytest.mark.native

tenant: contextvars.ContextVar[str] = contextvars.ContextVar("tenant", default="none")


async def answer(handler: Any, *, socket: bool = False) -> Any:
    app = Sabir()
    app.get("/")(handler)
    async with AsyncTestClient(app, socket=socket) as client:
        return (await client.get("/")).raise_for_status().json()


@pytest.mark.parametrize("socket", [False, True])
async def test_runs_on_the_loop_of_the_test(socket: bool) -> None:
    loop = asyncio.get_running_loop()

    async def handler() -> bool:
        await asyncio.sleep(0)
        return asyncio.get_running_loop() is loop

    assert await answer(handler, socket=socket) is True


async def test_has_a_current_task_before_and_after_it_waits() -> None:
    async def handler() -> list[bool]:
        before = asyncio.current_task()
        await asyncio.sleep(0.001)
        after = asyncio.current_task()
        return [before is not None, after is not None, before is after]

    assert await answer(handler) == [True, True, True]


async def test_task_groups_work_from_the_first_step() -> None:
    async def double(number: int) -> int:
        await asyncio.sleep(0)
        return 2 * number

    async def handler() -> list[int]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(double(number)) for number in range(3)]
        return [task.result() for task in tasks]

    assert await answer(handler) == [0, 2, 4]


async def test_timeouts_work_from_the_first_step() -> None:
    async def handler() -> bool:
        try:
            async with asyncio.timeout(0.01):
                await asyncio.sleep(10)
        except TimeoutError:
            return True
        return False

    assert await answer(handler) is True


async def test_anyio_works() -> None:
    async def handler() -> list[bool]:
        with anyio.move_on_after(0.01) as scope:
            await anyio.sleep(10)
        thread = await anyio.to_thread.run_sync(threading.get_ident)
        return [scope.cancelled_caught, thread != threading.get_ident()]

    assert await answer(handler) == [True, True]


async def test_httpx_works_inside_a_handler() -> None:
    app = Sabir()

    @app.get("/inner")
    async def inner() -> dict[str, int]:
        return {"n": 1}

    @app.get("/outer")
    async def outer(request: Request) -> Any:
        async with httpx.AsyncClient() as client:
            return (await client.get(f"http://{request.host}/inner")).json()

    async with AsyncTestClient(app, socket=True) as client:
        assert (await client.get("/outer")).json() == {"n": 1}


async def test_context_variables_stay_within_a_request() -> None:
    app = Sabir()

    @app.get("/{name}")
    async def handler(name: str) -> list[str]:
        before = tenant.get()
        tenant.set(name)
        await asyncio.sleep(0.001)
        return [before, tenant.get()]

    async with AsyncTestClient(app) as client:
        answers = await asyncio.gather(*(client.get(f"/{number}") for number in range(20)))
    assert [found.json() for found in answers] == [["none", str(number)] for number in range(20)]
    assert tenant.get() == "none"


async def test_waiting_handlers_do_not_hold_up_each_other() -> None:
    app = Sabir()

    @app.get("/slow")
    async def slow() -> str:
        await asyncio.sleep(0.2)
        return "slow"

    @app.get("/thread")
    def thread() -> str:
        time.sleep(0.2)
        return "thread"

    async with AsyncTestClient(app) as client:
        start = time.monotonic()
        await asyncio.gather(*(client.get("/slow") for _ in range(20)), client.get("/thread"), client.get("/thread"))
    assert time.monotonic() - start < 1.0


async def test_an_exception_after_a_wait_is_hidden() -> None:
    app = Sabir()

    @app.get("/")
    async def handler() -> None:
        await asyncio.sleep(0)
        raise RuntimeError("hunter2")

    async with AsyncTestClient(app, raise_server_exceptions=False) as client:
        found = await client.get("/")
    assert found.status_code == 500
    assert "hunter2" not in found.text


def test_a_client_that_leaves_cancels_the_handler() -> None:
    app = Sabir()
    started, cancelled = threading.Event(), threading.Event()

    @app.get("/")
    async def handler() -> None:
        started.set()
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    with TestClient(app, socket=True) as client:
        host, _, port = client.address.rpartition(":")
        connection = http.client.HTTPConnection(host, int(port))
        connection.request("GET", "/")
        assert started.wait(5)
        connection.close()
        assert cancelled.wait(1)


def test_a_handler_that_misses_its_deadline_is_cancelled() -> None:
    app = Sabir()
    cancelled = threading.Event()

    @app.get("/", timeout_ms=20)
    async def handler() -> None:
        try:
            await asyncio.sleep(10)
        finally:
            cancelled.set()

    with TestClient(app) as client:
        assert client.get("/").status_code == 504
        assert cancelled.wait(1)


async def cancelled_at_once(handler: Any) -> None:
    """Compare a handler with a Task of asyncio that runs the same coroutine."""
    task = asyncio.create_task(handler())
    with pytest.raises(asyncio.CancelledError):
        await task
    app = Sabir()
    app.get("/")(handler)

    @app.get("/alive")
    async def alive() -> str:
        await asyncio.sleep(0)
        return "alive"

    async with AsyncTestClient(app, raise_server_exceptions=False) as client:
        async with asyncio.timeout(20):
            assert (await client.get("/")).status_code == 500
            for _ in range(3):
                assert (await client.get("/alive")).text == "alive"


async def test_a_handler_that_cancels_itself_before_it_waits_cancels_what_it_waits_for() -> None:
    awaited: list[asyncio.Future[None]] = []
    caught: list[str] = []

    async def handler() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel("enough")
        future = asyncio.get_running_loop().create_future()
        awaited.append(future)
        try:
            await future
        except asyncio.CancelledError as error:
            caught.append(f"{error} {task.cancelling()}")
            raise

    await cancelled_at_once(handler)
    assert [future.cancelled() for future in awaited] == [True, True]
    assert caught == ["enough 1", "enough 1"]


async def test_a_handler_that_cancels_itself_and_never_waits_is_cancelled() -> None:
    async def handler() -> str:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        return "not seen"

    await cancelled_at_once(handler)


async def test_a_handler_may_take_a_cancellation_back() -> None:
    async def handler() -> str:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            task.uncancel()
        await asyncio.sleep(0)
        return "went on"

    app = Sabir()
    app.get("/")(handler)
    async with AsyncTestClient(app) as client:
        for _ in range(3):
            assert (await client.get("/")).text == "went on"
