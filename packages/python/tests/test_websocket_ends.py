"""How sockets end: by handlers, by clients, and when a server stops."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket as sockets
import threading
import time
import weakref
from pathlib import Path

import pytest

from sabir import (
    AsyncTestClient,
    CloseCode,
    Sabir,
    TestClient,
    WebSocket,
    WebSocketDisconnect,
)
from tests.processes import TIMEOUT, eventually, serving, written
from tests.raw_clients import listening
from tests.socket_application import application, both, fail


@pytest.mark.native
@both
def test_a_handler_that_fails_closes_with_1011_and_is_in_the_log(
    socket: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app, _ = application()
    with TestClient(app, socket=socket, raise_server_exceptions=False) as client, client.websocket("/fail") as ws:
        ws.send("x")
        with pytest.raises(WebSocketDisconnect) as caught:
            ws.receive()
        assert (caught.value.code, caught.value.reason) == (CloseCode.INTERNAL_ERROR, "")
    record = next(record for record in caplog.records if record.name == "sabir")
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], KeyError)
    assert record.__dict__["request_id"] in record.getMessage()
    with TestClient(app, socket=socket) as client, pytest.raises(KeyError):
        fail(client)


@pytest.mark.native
@both
@pytest.mark.parametrize("raised", [SystemExit, KeyboardInterrupt])
def test_an_exit_in_a_handler_closes_its_socket_alone(socket: bool, raised: type[BaseException]) -> None:
    app = Sabir()

    @app.websocket("/handler")
    async def handler(ws: WebSocket) -> None:
        await asyncio.sleep(0)
        raise raised(3)

    async def leave(ws: WebSocket) -> None:
        raise raised(3)

    app.websocket("/functions", open=leave)
    with TestClient(app, socket=socket, raise_server_exceptions=False) as client:
        for path in ("/handler", "/functions", "/handler"):
            with client.websocket(path) as ws, pytest.raises(WebSocketDisconnect) as caught:
                ws.receive()
            assert caught.value.code == CloseCode.INTERNAL_ERROR


@pytest.mark.native
def test_a_problem_closes_with_what_it_says() -> None:
    app, _ = application()
    with TestClient(app, raise_server_exceptions=False) as client:
        for status, code in [(403, CloseCode.POLICY_VIOLATION), (503, CloseCode.INTERNAL_ERROR)]:
            with client.websocket("/problem", params={"status": status}) as ws:
                assert list(ws) == []
                assert (ws.close_code, ws.close_reason) == (code, "Not you." if status == 403 else "")


@pytest.mark.native
def test_the_handler_closes() -> None:
    app, seen = application()
    with TestClient(app, raise_server_exceptions=False) as client:
        with client.websocket("/close") as ws:
            assert list(ws) == ["last"]
            assert (ws.close_code, ws.close_reason) == (4001, "done")
        eventually(lambda: seen == [(4001, "done", "<WebSocket /close closed with 4001>")])
        with client.websocket("/close", params={"code": 999}) as ws:
            assert list(ws) == ["last"]
            assert ws.close_code == CloseCode.INTERNAL_ERROR


@pytest.mark.native
@both
def test_a_client_that_vanishes_cancels_the_handler(socket: bool) -> None:
    app, seen = application()
    with TestClient(app, socket=socket) as client, client.websocket("/wait") as ws:
        eventually(lambda: seen == ["open"])
        before = time.monotonic()
        ws.leave()
        eventually(lambda: "cancelled" in seen, 2)
        assert time.monotonic() - before < 0.5
        eventually(lambda: seen[-1] == "ended", 2)
        eventually(lambda: app.native().calls_in_flight() == 0)


@pytest.mark.native
def test_a_handler_may_go_on_for_a_while_after_the_close() -> None:
    app, seen = application(websocket_close_timeout_ms=200)
    with TestClient(app) as client, client.websocket("/wait") as ws:
        eventually(lambda: seen == ["open"])
        ws.close()
        eventually(lambda: seen == ["open", "cancelled", "ended"], 3)


def unhurried() -> tuple[Sabir, list[str]]:
    """An application whose handler takes its time with what has come."""
    app, seen = Sabir(), list[str]()

    @app.websocket("/slow")
    async def slow(ws: WebSocket[str]) -> None:
        await asyncio.sleep(0.1)
        async for message in ws:
            seen.append(message)
        await asyncio.sleep(0.1)
        seen.append("ended")

    return app, seen


@pytest.mark.native
@both
def test_the_handler_of_a_closed_socket_has_its_time_to_end_when_the_test_client_ends(socket: bool) -> None:
    app, seen = unhurried()
    with TestClient(app, socket=socket) as client, client.websocket("/slow") as ws:
        ws.send("first")
        ws.send("second")
    assert seen == ["first", "second", "ended"]


@pytest.mark.native
@both
async def test_the_handler_of_a_closed_socket_has_its_time_to_end_on_the_loop_of_the_test(socket: bool) -> None:
    app, seen = unhurried()
    async with AsyncTestClient(app, socket=socket) as client, client.websocket("/slow") as ws:
        await ws.send("first")
        await ws.send("second")
    assert seen == ["first", "second", "ended"]


@pytest.mark.native
def test_a_server_that_stops_closes_with_1001() -> None:
    app, seen = application()
    with TestClient(app, socket=True) as client, client.websocket("/echo") as ws:
        ws.send("a")
        ws.receive()
        stopped = threading.Event()
        app.native().stop(stopped.set)
        assert list(ws) == []
        assert ws.close_code == CloseCode.GOING_AWAY
        assert stopped.wait(10)
        eventually(lambda: seen == [(CloseCode.GOING_AWAY, "the server stops")])


@pytest.mark.native
async def test_handlers_end_with_the_loop_that_they_run_on() -> None:
    app, seen = application()
    async with AsyncTestClient(app) as client:
        session = client.websocket("/wait")
        ws = await session.__aenter__()
        while not seen:
            await asyncio.sleep(0.01)
    async with asyncio.timeout(5):
        while seen[-1] != "ended":
            await asyncio.sleep(0.01)
    assert len(asyncio.all_tasks()) == 1
    ws.leave()


@pytest.mark.native
@both
def test_nothing_is_sent_to_a_server_that_has_closed(socket: bool) -> None:
    app, _ = application()
    with TestClient(app, socket=socket) as client, client.websocket("/close") as ws:
        assert list(ws) == ["last"]

        def send() -> None:
            # What is on its way cannot be told from what arrives.
            for _ in range(1000):
                ws.send("late")
                time.sleep(0.001)

        with pytest.raises(WebSocketDisconnect):
            send()
        ws.leave()
        with pytest.raises(WebSocketDisconnect):
            ws.send("later")


@pytest.mark.native
@both
def test_many_sockets_leave_nothing_behind(socket: bool) -> None:
    app = Sabir()

    class Held:
        """Lives as long as its socket."""

    held: weakref.WeakSet[Held] = weakref.WeakSet()

    @app.websocket("/echo")
    async def echo(ws: WebSocket) -> None:
        ws.state.held = Held()
        held.add(ws.state.held)
        async for message in ws:
            await ws.send(message)

    async def use(client: AsyncTestClient, number: int) -> None:
        async with client.websocket("/echo") as ws:
            await ws.send(str(number))
            assert await ws.receive() == str(number)
            if number % 2:
                ws.leave()

    async def main() -> None:
        async with AsyncTestClient(app, socket=socket) as client:
            async with client.websocket("/echo"):
                pass
            descriptors = len(os.listdir("/proc/self/fd"))
            for _ in range(5):
                await asyncio.gather(*(use(client, number) for number in range(100)))
            async with asyncio.timeout(10):
                while app.native().calls_in_flight() or len(asyncio.all_tasks()) > 1:
                    await asyncio.sleep(0.01)
                gc.collect()
                while len(os.listdir("/proc/self/fd")) > descriptors or len(held):
                    await asyncio.sleep(0.01)
                    gc.collect()

    asyncio.run(main())


@pytest.mark.native
def test_a_handler_that_closes_waits_for_no_answer() -> None:
    app, seen = Sabir(websocket_close_timeout_ms=60_000, shutdown_timeout_ms=60_000), list[object]()

    async def enough(ws: WebSocket, message: str) -> None:
        await ws.close(4000, message)
        await ws.close(4001)

    async def over(ws: WebSocket, code: int, reason: str) -> None:
        seen.append((code, reason))

    app.websocket("/functions", message=enough, close=over)

    @app.websocket("/handler")
    async def handler(ws: WebSocket[str]) -> None:
        await ws.close(4000, await ws.receive())
        seen.append([message async for message in ws])
        seen.append((ws.close_code, ws.close_reason))

    with listening(app) as port:
        clients = []
        for path, expected in [("/functions", [(4000, "hi")]), ("/handler", [[], (4000, "hi")])]:
            client = handshake(port, path)
            # "hi" twice, masked with zeros.
            client.sendall(b"\x81\x82\0\0\0\0hi" * 2)
            eventually(lambda expected=expected: seen == expected)
            assert client.recv(1000) == b"\x88\x04\x0f\xa0hi"
            clients.append(client)
            seen.clear()
        # One answers in the end, with another code, and the other one never does.
        clients[0].sendall(b"\x81\x84\0\0\0\0late\x88\x82\0\0\0\0\x0f\xa1")
        assert clients[0].recv(1000) == b""
        before = time.monotonic()
    assert time.monotonic() - before < TIMEOUT
    assert seen == []
    assert clients[1].recv(1000) == b""
    for client in clients:
        client.close()


WORKERS = """
import os

from sabir import Sabir

app = Sabir()


@app.websocket("/echo")
async def echo(ws):
    async for message in ws:
        await ws.send(f"{type(__import__('asyncio').get_running_loop()).__module__} {os.getpid()} {message}")
"""


@pytest.mark.native
@pytest.mark.parametrize("arguments", [(), ("--workers", "2")])
def test_processes_serve_sockets_and_close_them_when_they_stop(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with serving(tmp_path, WORKERS, "--port", "0", *arguments) as service:
        clients = [handshake(service.port) for _ in range(8)]
        for client in clients:
            # "hi", masked with zeros.
            client.sendall(b"\x81\x82\0\0\0\0hi")
        answers = [client.recv(1000) for client in clients]
        assert all(answer[0] == 0x81 and answer.endswith(b" hi") for answer in answers)
        assert service.stop() == 0
        for client in clients:
            # 1001 is 0x03e9.
            assert client.recv(1000)[:4][2:] == b"\x03\xe9"
            client.close()
    assert "Traceback" not in written(tmp_path)


def handshake(port: int, path: str = "/echo") -> sockets.socket:
    client = sockets.create_connection(("127.0.0.1", port), TIMEOUT)
    fields = "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n"
    client.sendall(
        f"GET {path} HTTP/1.1\r\nHost: a\r\n{fields}Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    seen = b""
    while not seen.endswith(b"\r\n\r\n"):
        seen += client.recv(1)
    assert seen.startswith(b"HTTP/1.1 101 ")
    return client
