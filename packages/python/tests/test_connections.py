"""Dependencies that are made once for a connection."""

from __future__ import annotations

import asyncio
import http.client
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest

from sabir import AsyncTestClient, Depends, Query, Request, Sabir, SetupError, TestClient, WebSocket
from tests.http2 import Uploads
from tests.processes import TIMEOUT, eventually

pytestmark = pytest.mark.native


class Session:
    """What one connection has."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.is_open = True


def counted(seen: list[str]) -> tuple[Sabir, Any]:
    app, sessions = Sabir(), list[Session]()

    async def session() -> AsyncIterator[Session]:
        # Requests at the same time wait for the same one.
        await asyncio.sleep(0.01)
        sessions.append(Session(len(sessions)))
        made = sessions[-1]
        seen.append(f"open {made.number}")
        try:
            yield made
        finally:
            made.is_open = False
            seen.append(f"close {made.number}")

    own = Annotated[Session, Depends(session, scope="connection")]

    @app.get("/async")
    async def on_loop(session: own) -> int:
        assert session.is_open
        return session.number

    @app.get("/thread")
    def on_thread(session: own) -> int:
        assert session.is_open
        return session.number

    @app.post("/upload")
    async def upload(session: own, request: Request) -> int:
        return session.number

    return app, session


@pytest.mark.parametrize("path", ["/async", "/thread"])
def test_requests_on_one_connection_share_what_is_made(path: str) -> None:
    seen: list[str] = []
    app, _ = counted(seen)
    with TestClient(app, socket=True) as client:
        host, _, port = client.address.rpartition(":")
        first, second = (http.client.HTTPConnection(host, int(port), TIMEOUT) for _ in range(2))

        def number(connection: http.client.HTTPConnection) -> bytes:
            connection.request("GET", path)
            return connection.getresponse().read()

        assert [number(first), number(first), number(second), number(first)] == [b"0", b"0", b"1", b"0"]
        assert seen == ["open 0", "open 1"]
        first.close()
        eventually(lambda: seen[2:] == ["close 0"])
        assert number(second) == b"1"
    second.close()
    # The server has closed what was left.
    assert seen == ["open 0", "open 1", "close 0", "close 1"]


def test_streams_of_http_2_share_it() -> None:
    seen: list[str] = []
    app, _ = counted(seen)
    with TestClient(app, socket=True) as client:
        port = int(client.address.rpartition(":")[2])
        assert all(Uploads(port, "/upload", "text/plain", b"abc", 20).statuses())
        eventually(lambda: seen == ["open 0", "close 0"])
        assert all(Uploads(port, "/upload", "text/plain", b"abc", 3).statuses())
        eventually(lambda: seen[2:] == ["open 1", "close 1"])


def test_a_test_client_is_a_connection() -> None:
    seen: list[str] = []
    app, _ = counted(seen)
    with TestClient(app) as first, TestClient(app) as second:
        assert [client.get("/async").text for client in (first, second, first)] == ["0", "1", "0"]
        first.close()
        eventually(lambda: seen == ["open 0", "open 1", "close 0"])
        assert second.get("/thread").text == "1"
    assert seen[3:] == ["close 1"]


async def test_an_asynchronous_test_client_is_one() -> None:
    seen: list[str] = []
    app, _ = counted(seen)
    async with AsyncTestClient(app) as client:
        answers = await asyncio.gather(*(client.get("/async") for _ in range(5)))
        assert [answer.text for answer in answers] == ["0"] * 5
    assert seen == ["open 0", "close 0"]


def test_the_request_that_uses_it_ends_first() -> None:
    app, seen = Sabir(), list[str]()

    def held() -> Iterator[str]:
        yield "a"
        seen.append("closed")

    @app.get("/")
    async def handler(name: Annotated[str, Depends(held, scope="connection")]) -> str:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            seen.append("handler ended")
        return name

    with TestClient(app, socket=True) as client:
        host, _, port = client.address.rpartition(":")
        with socket.create_connection((host, int(port)), TIMEOUT) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            eventually(lambda: client.app.native().handler_calls())
        eventually(lambda: seen == ["handler ended", "closed"])


def test_it_may_need_others_and_is_closed_before_them() -> None:
    app, seen = Sabir(), list[str]()

    def settings() -> Iterator[str]:
        yield "settings"
        seen.append("settings")

    async def pool(name: Annotated[str, Depends(settings, scope="app")]) -> AsyncIterator[str]:
        yield f"pool of {name}"
        seen.append("pool")

    def session(
        request: Request, pool: Annotated[str, Depends(pool, scope="connection")], limit: int = 3
    ) -> Iterator[str]:
        yield f"{pool} for {request.path} {limit}"
        seen.append("session")

    def user(session: Annotated[str, Depends(session, scope="connection")], name: str) -> str:
        return f"{name} with {session}"

    @app.get("/{name}")
    def handler(name: str, user: Annotated[str, Depends(user)]) -> str:
        return user

    with TestClient(app) as client:
        assert client.get("/ada").text == "ada with pool of settings for /ada 3"
        assert client.get("/eve").text == "eve with pool of settings for /ada 3"
    assert seen == ["session", "pool", "settings"]


def test_a_failure_is_not_kept() -> None:
    app, calls = Sabir(), list[int]()

    async def flaky() -> str:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("odd")
        return "fine"

    app.provide(str, flaky, scope="connection")

    @app.get("/")
    async def handler(name: str) -> str:
        return name

    with TestClient(app, raise_server_exceptions=False) as client:
        assert [client.get("/").status_code for _ in range(3)] == [500, 200, 200]
    assert len(calls) == 2


def test_a_failure_at_the_end_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    app = Sabir()

    def odd() -> Iterator[int]:
        yield 1
        raise OSError("odd")

    app.get("/")(lambda number=Depends(odd, scope="connection"): number)
    with TestClient(app) as client:
        assert client.get("/").json() == 1
    assert "the dependency odd failed when its connection was closed" in caplog.text


def test_a_socket_uses_it_while_it_is_open() -> None:
    seen: list[str] = []
    app, session = counted(seen)

    @app.websocket("/socket")
    async def socket(ws: WebSocket, session: Annotated[Session, Depends(session, scope="connection")]) -> None:
        async for _ in ws:
            await ws.send(str(session.number if session.is_open else "closed"))

    for is_listening in (False, True):
        seen.clear()
        with TestClient(app, socket=is_listening) as client:
            with client.websocket("/socket") as ws:
                ws.send("a")
                number = ws.receive()
                assert seen == [f"open {number}"]
            if is_listening:
                eventually(lambda: seen[1:] == [f"close {number}"])  # noqa: B023 - it is called at once
        assert seen[1:] == [f"close {number}"]


def test_overrides_are_made_instead() -> None:
    seen: list[str] = []
    app, session = counted(seen)
    with TestClient(app) as client:
        assert client.get("/async").text == "0"
        app.dependency_overrides[session] = lambda: Session(7)
        eventually(lambda: seen == ["open 0", "close 0"])
        assert client.get("/async").text == "7"


def test_what_belongs_to_one_request_is_refused() -> None:
    app = Sabir()

    def page(number: int) -> int:
        return number

    def token() -> str:
        return "a"

    def session(token: Annotated[str, Depends(token)]) -> str:
        return token

    def pool(session: Annotated[str, Depends(session, scope="connection")]) -> str:
        return session

    def query(q: Annotated[str, Query()]) -> str:
        return q

    with pytest.raises(SetupError, match="it would come from one request, and this is made for the connection"):
        app.get("/")(lambda number=Depends(page, scope="connection"): number)
    with pytest.raises(SetupError, match="it would come from one request"):
        app.get("/")(lambda number=Depends(query, scope="connection"): number)
    with pytest.raises(SetupError, match="token is made for a request, and this for the connection"):
        app.get("/")(lambda name=Depends(session, scope="connection"): name)
    app.provide(Session, lambda: Session(1), scope="connection")

    def needs_session(session: Session) -> Session:
        return session

    with pytest.raises(
        SetupError, match='is made for the connection, and this for the application; give it the scope "app"'
    ):
        app.get("/")(lambda session=Depends(needs_session, scope="app"): session.number)
    with pytest.raises(SetupError, match="use one of request connection app"):
        app.get("/")(lambda name=Depends(token, scope="worker"): name)  # type: ignore[arg-type]
