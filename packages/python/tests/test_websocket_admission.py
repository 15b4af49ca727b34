"""Requests for sockets that are refused before the socket is open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import wait
from datetime import date, datetime
from typing import Annotated

import httpx
import msgspec
import pytest

from sabir import (
    AsyncTestClient,
    Forbidden,
    Header,
    Query,
    Sabir,
    TestClient,
    WebSocket,
)
from sabir.websocket_session import Opening
from tests.processes import eventually
from tests.socket_application import application, both


@pytest.mark.native
@both
def test_a_refusal_is_a_problem_before_the_socket_is_open(socket: bool) -> None:
    app, _ = application()
    with TestClient(app, socket=socket) as client:
        before = client.handler_calls
        for path, status in [("/rooms/tea?limit=0", 422), ("/none", 404)]:
            with pytest.raises(httpx.HTTPStatusError) as caught, client.websocket(path):
                pass
            assert caught.value.response.status_code == status
            assert caught.value.response.headers["content-type"] == "application/problem+json"
        with (
            pytest.raises(httpx.HTTPStatusError) as caught,
            client.websocket("/echo", headers={"origin": "https://evil.example"}),
        ):
            pass
        assert caught.value.response.status_code == 403
        assert client.handler_calls == before
        assert client.get("/echo").status_code == 426
        with client.websocket("/echo", headers={"origin": "https://shop.example"}) as ws:
            assert ws.subprotocol is None


class Even(msgspec.Struct):
    """A filter that no schema can say."""

    n: int

    def __post_init__(self) -> None:
        if self.n % 2:
            raise ValueError("not even")
        if self.n == 4:
            raise Forbidden("Not this one.")
        if self.n == 6:
            raise KeyError("secret")


def judged(router: Sabir, path: str) -> None:
    @router.websocket(path)
    async def socket(ws: WebSocket, wanted: Annotated[Even, Query()]) -> None:
        await ws.send(wanted.n)
        async for message in ws:
            await ws.send(message)


@pytest.mark.native
@both
def test_what_only_python_refuses_is_a_problem_before_the_socket_is_open(
    socket: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = Sabir()
    judged(app, "/judged")

    @app.websocket("/dated/{day:date}")
    async def dated(ws: WebSocket, day: date, when: Annotated[datetime, Header(name="x-when")]) -> None:
        await ws.send(f"{day.year} {when.year}")

    @app.sse("/events")
    async def events(wanted: Annotated[Even, Query()]) -> AsyncIterator[int]:
        yield wanted.n

    @app.websocket("/given")
    async def given(ws: WebSocket, wanted: Annotated[Even, Query()]) -> None:
        seen.append(wanted.n)

    seen: list[int] = []
    with TestClient(app, socket=socket, raise_server_exceptions=False) as client:
        for n, status in [(3, 422), (4, 403), (6, 500), ("x", 422)]:
            for path in ("/judged", "/given"):
                with (
                    pytest.raises(httpx.HTTPStatusError) as caught,
                    client.websocket(path, params={"n": n}),
                ):
                    pass
                response = caught.value.response
                assert response.status_code == status
                assert response.headers["content-type"] == "application/problem+json"
                assert response.json()["instance"] == path
            # Nothing of an event stream has been sent either.
            assert client.get("/events", params={"n": n}).status_code == status
        assert seen == []
        assert "secret" not in response.text
        with pytest.raises(httpx.HTTPStatusError) as caught, client.websocket("/judged", params={"n": 3}):
            pass
        (error,) = caught.value.response.json()["errors"]
        assert error == {"in": "query", "name": "wanted", "keyword": "custom", "detail": "not even"}
        with pytest.raises(httpx.HTTPStatusError) as caught, client.websocket("/judged"):
            pass
        assert caught.value.response.status_code == 422
        with client.websocket("/judged", params={"n": 8}) as ws:
            assert ws.receive() == "8"
            ws.send("hello")
            assert ws.receive() == "hello"
        when = {"x-when": "2026-01-01T00:00:00Z"}
        with client.websocket("/dated/2025-12-31", headers=when) as ws:
            assert ws.receive() == "2025 2026"
        with pytest.raises(httpx.HTTPStatusError) as caught, client.websocket("/dated/0000-01-01", headers=when):
            pass
        assert caught.value.response.status_code == 422
        eventually(lambda: app.native().calls_in_flight() == 0)
    failed = [record for record in caplog.records if record.name == "sabir" and record.exc_info is not None]
    # Two sockets and one stream of events.
    assert [record.exc_info[0] for record in failed if record.exc_info] == [KeyError] * 3
    with (
        TestClient(app, socket=socket) as client,
        pytest.raises(KeyError),
        client.websocket("/judged", params={"n": 6}),
    ):
        pass


@pytest.mark.native
def test_only_sockets_that_python_may_refuse_wait_for_it() -> None:
    app = Sabir()
    judged(app, "/judged")

    @app.websocket("/plain/{room}")
    async def plain(ws: WebSocket, room: str, limit: Annotated[int, Query(ge=1)] = 1) -> None: ...

    async def opened(path: str) -> bool:
        """Whether the socket is open before Python has been asked."""
        async with AsyncTestClient(app) as client:
            opening = Opening(client.transport.start_here(), client.build_request("GET", path), None, raises=True)
            # The loop is kept.
            return not wait([opening.opened], 0.5).not_done

    assert asyncio.run(opened("/plain/tea"))
    assert not asyncio.run(opened("/judged?n=8"))
