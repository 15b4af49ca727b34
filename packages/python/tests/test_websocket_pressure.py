"""Sockets whose one side is slower than the other."""

from __future__ import annotations

import asyncio
import time

import pytest

from sabir import (
    Sabir,
    TestClient,
    WebSocket,
)
from tests.processes import eventually


@pytest.mark.native
def test_a_slow_reader_makes_the_handler_wait() -> None:
    app, sent = Sabir(websocket_send_queue_limit=20_000), []

    @app.websocket("/flood")
    async def flood(ws: WebSocket) -> None:
        for number in range(1500):
            await ws.send(b"x" * 2000)
            sent.append(number)

    with TestClient(app, timeout=20) as client, client.websocket("/flood") as ws:
        time.sleep(0.5)
        # The client reads some messages ahead.
        assert len(sent) < 1400
        assert sum(len(message) for message in ws) == 1500 * 2000
    assert len(sent) == 1500


@pytest.mark.native
def test_several_senders_wait_for_the_same_room() -> None:
    app = Sabir(websocket_send_queue_limit=20_000)

    @app.websocket("/flood")
    async def flood(ws: WebSocket) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(5):
                group.create_task(send(ws))

    async def send(ws: WebSocket) -> None:
        for _ in range(50):
            await ws.send(b"x" * 9_000)

    with TestClient(app, timeout=20) as client, client.websocket("/flood") as ws:
        time.sleep(0.2)
        assert sum(len(message) for message in ws) == 250 * 9_000


@pytest.mark.native
def test_a_handler_that_does_not_receive_makes_the_client_wait() -> None:
    app, count = Sabir(), []

    @app.websocket("/slow")
    async def slow(ws: WebSocket) -> None:
        await asyncio.sleep(0.3)
        async for message in ws:
            count.append(len(message))

    with TestClient(app, timeout=20) as client, client.websocket("/slow") as ws:
        for _ in range(100):
            ws.send(b"x" * 50_000)
        ws.close()
    eventually(lambda: count == [50_000] * 100)


@pytest.mark.native
def test_a_handler_that_never_waits_lets_others_have_their_turn() -> None:
    app, seen = Sabir(), []

    @app.websocket("/busy")
    async def busy(ws: WebSocket) -> None:
        asyncio.get_running_loop().call_soon(seen.append, "turn")
        for _ in range(200):
            await ws.send("x")
            if seen:
                break
        seen.append("end")

    with TestClient(app) as client, client.websocket("/busy") as ws:
        assert len(list(ws)) < 150
    assert seen == ["turn", "end"]
