"""The asynchronous test client where the test's own loop is trio's: handlers run on asyncio in a thread."""

import asyncio
import threading

import pytest
import trio

from sabir import AsyncTestClient, Sabir

pytestmark = pytest.mark.native

TIMEOUT = 20.0


@pytest.mark.parametrize("socket", [False, True])
def test_works_under_trio_and_cancels_the_handler(socket: bool) -> None:
    app, started, cancelled = Sabir(), threading.Event(), threading.Event()

    @app.get("/thread")
    async def thread() -> str:
        return threading.current_thread().name

    @app.get("/wait")
    async def wait() -> None:
        started.set()
        try:
            await asyncio.sleep(TIMEOUT * 2)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    async def ask() -> None:
        async with AsyncTestClient(app, socket=socket) as client:
            assert (await client.get("/thread")).text == "sabir-test"
            async with trio.open_nursery() as nursery:
                nursery.start_soon(client.get, "/wait")
                await trio.to_thread.run_sync(started.wait, TIMEOUT)
                nursery.cancel_scope.cancel()
            assert await trio.to_thread.run_sync(cancelled.wait, TIMEOUT)

    trio.run(ask)
