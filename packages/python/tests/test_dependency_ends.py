"""What dependencies that are generators do at their end."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from sabir import (
    AsyncTestClient,
    Conflict,
    Depends,
    Event,
    Problem,
    Request,
    Response,
    Sabir,
    TestClient,
    Unauthorized,
    WebSocket,
)
from tests.processes import eventually

pytestmark = pytest.mark.native


def cleaning(seen: list[str], kind: str, name: str) -> Any:
    if kind == "async":

        async def make() -> AsyncIterator[str]:
            await asyncio.sleep(0)
            try:
                yield name
            except BaseException as error:
                seen.append(f"{name} failed with {type(error).__name__}")
                raise
            finally:
                await asyncio.sleep(0)
                seen.append(f"{name} closed")

        return make

    def make_plainly() -> Iterator[str]:
        try:
            yield name
        except BaseException as error:
            seen.append(f"{name} failed with {type(error).__name__}")
            raise
        finally:
            seen.append(f"{name} closed")

    return make_plainly


@pytest.mark.parametrize("socket", [False, True])
@pytest.mark.parametrize("handler_kind", ["async", "thread", "inline"])
@pytest.mark.parametrize("kind", ["plain", "async"])
def test_generators_are_closed_in_reverse_when_the_answer_was_sent(
    kind: str, handler_kind: str, socket: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app, seen = Sabir(), list[str]()
    outer = cleaning(seen, kind, "outer")

    def inner(outer: str = Depends(outer)) -> Iterator[str]:
        yield outer + " inner"
        seen.append("inner closed")

    def answer(how: str, inner: str) -> str:
        seen.append("handler")
        if how == "problem":
            raise Conflict("no")
        if how == "error":
            raise KeyError("k")
        return inner

    if handler_kind == "async":

        @app.get("/{how}")
        async def handler(how: str, inner: str = Depends(inner)) -> str:
            await asyncio.sleep(0)
            return answer(how, inner)
    else:

        @app.get("/{how}", blocking=handler_kind == "thread")
        def plain(how: str, inner: str = Depends(inner)) -> str:
            return answer(how, inner)

    @app.on_response
    def note(request: Request, response: Response) -> None:
        seen.append("answered")

    with TestClient(app, socket=socket, raise_server_exceptions=False) as client:
        assert client.get("/value").text == "outer inner"
        eventually(lambda: len(seen) == 4)
        assert seen == ["handler", "answered", "inner closed", "outer closed"]
        seen.clear()
        assert client.get("/problem").status_code == 409
        eventually(lambda: len(seen) == 4)
        assert seen == ["handler", "answered", "outer failed with Conflict", "outer closed"]
        seen.clear()
        assert client.get("/error").status_code == 500
        eventually(lambda: len(seen) == 3)
        assert seen == ["handler", "outer failed with KeyError", "outer closed"]
    # What a generator lets pass is in the log once.
    assert len(caplog.records) == 1


@pytest.mark.parametrize("kind", ["plain", "async"])
def test_a_generator_that_fails_at_its_end_is_logged_and_the_others_are_closed(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    app, seen = Sabir(), list[str]()

    async def fails_async() -> AsyncIterator[int]:
        yield 1
        raise ValueError("cannot end")

    def fails() -> Iterator[int]:
        yield 1
        raise ValueError("cannot end")

    def twice() -> Iterator[int]:
        yield 1
        yield 2

    broken = fails if kind == "plain" else fails_async

    @app.get("/")
    async def handler(
        first: str = Depends(cleaning(seen, kind, "first")), second: int = Depends(broken), third: int = Depends(twice)
    ) -> str:
        return "a"

    with TestClient(app) as client, caplog.at_level(logging.ERROR, "sabir"):
        assert client.get("/").text == "a"
        assert seen == ["first closed"]
    errors = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert [str(error) for error in errors] == [f"the dependency {twice.__qualname__} yields twice", "cannot end"]
    assert all("GET / failed (request " in record.getMessage() for record in caplog.records)


def test_a_provider_that_raises_a_problem_closes_what_was_made_before_it() -> None:
    app, seen = Sabir(), list[str]()

    def refuse(first: str = Depends(cleaning(seen, "async", "first"))) -> None:
        raise Problem(403, "no")

    def nothing() -> Iterator[int]:
        return
        yield

    @app.get("/")
    async def handler(refused: None = Depends(refuse)) -> None: ...

    @app.get("/nothing")
    async def empty(value: int = Depends(nothing)) -> None: ...

    with TestClient(app) as client:
        assert client.get("/").status_code == 403
        eventually(lambda: seen == ["first failed with Problem", "first closed"])
        with pytest.raises(RuntimeError, match="does not yield"):
            client.get("/nothing")


def test_the_context_of_a_generator_is_the_same_at_its_end() -> None:
    app, seen = Sabir(), list[str]()
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name", default="none")

    def plain() -> Iterator[None]:
        token = name.set("plain")
        yield
        name.reset(token)
        seen.append(name.get())

    async def asynchronous() -> AsyncIterator[None]:
        token = name.set("async")
        yield
        await asyncio.sleep(0)
        name.reset(token)
        seen.append(name.get())

    @app.get("/plain")
    async def handler(plain: None = Depends(plain)) -> str:
        return name.get()

    @app.get("/async")
    async def other(asynchronous: None = Depends(asynchronous)) -> str:
        await asyncio.sleep(0)
        return name.get()

    @app.get("/thread")
    def thread(plain: None = Depends(plain)) -> str:
        return name.get()

    with TestClient(app) as client:
        for number, path in enumerate(("/plain", "/async", "/thread"), 1):
            assert client.get(path).text == ("async" if path == "/async" else "plain")
            assert len(seen) == number
    assert seen == ["none"] * 3


@pytest.mark.parametrize("socket", [False, True])
def test_dependencies_live_until_a_stream_ends_or_its_client_leaves(socket: bool) -> None:
    app, seen = Sabir(), list[str]()

    @app.get("/rows")
    async def rows(value: str = Depends(cleaning(seen, "async", "rows"))) -> AsyncIterator[str]:
        for _ in range(3):
            seen.append("row")
            yield value

    @app.get("/plain")
    def plain(value: str = Depends(cleaning(seen, "plain", "plain"))) -> Iterator[str]:
        for _ in range(3):
            seen.append("row")
            yield value

    @app.sse("/events")
    async def events(value: str = Depends(cleaning(seen, "async", "events"))) -> AsyncIterator[Event[str]]:
        try:
            while True:
                yield Event(data=value)
                await asyncio.sleep(0.001)
        finally:
            seen.append("left")

    with TestClient(app, socket=socket) as client:
        for name in ("rows", "plain"):
            assert client.get(f"/{name}").text == name * 3
            expected = ["row"] * 3 + [f"{name} closed"]
            eventually(functools.partial(expected.__eq__, seen))
            seen.clear()
        with client.events("/events") as found:
            assert next(found).data == "events"
            assert not seen
        eventually(lambda: seen == ["left", "events closed"])


def test_dependencies_of_a_channel_of_events_live_as_long_as_its_stream() -> None:
    app, seen = Sabir(), list[str]()

    @app.sse("/news")
    async def news(value: str = Depends(cleaning(seen, "async", "news"))) -> Response:
        return app.events("news")

    with TestClient(app) as client:
        with client.events("/news") as events:
            eventually(lambda: app.publish("news", "hello"))
            assert next(events).data == "hello"
            assert not seen
        eventually(lambda: seen == ["news closed"])


@pytest.mark.parametrize("socket", [False, True])
def test_dependencies_of_a_websocket_live_until_its_handler_ends(socket: bool) -> None:
    app, seen = Sabir(), list[str]()
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name", default="none")

    async def user(user: str = "") -> AsyncIterator[str]:
        if not user:
            raise Unauthorized("Who is it?")
        token = name.set(user)
        yield user
        name.reset(token)

    @app.websocket("/")
    async def echo(
        ws: WebSocket[str, str],
        user: str = Depends(user),
        value: str = Depends(cleaning(seen, "async", "value")),
    ) -> None:
        async for message in ws:
            if message == "fail":
                raise KeyError
            await ws.send(f"{user} {name.get()} {message}")

    with TestClient(app, socket=socket, raise_server_exceptions=False) as client:
        with client.websocket("/?user=ada") as ws:
            ws.send("hello")
            assert ws.receive() == "ada ada hello"
            assert not seen
        eventually(lambda: seen == ["value closed"])
        seen.clear()
        with client.websocket("/?user=ada") as ws:
            ws.send("fail")
            eventually(lambda: seen == ["value failed with KeyError", "value closed"])
        with pytest.raises(httpx.HTTPStatusError) as refused, client.websocket("/"):
            pass
        assert refused.value.response.status_code == 401


async def test_a_client_that_leaves_does_not_cancel_the_end_of_a_dependency() -> None:
    app, seen, begun = Sabir(), list[str](), asyncio.Event()

    async def slow() -> AsyncIterator[str]:
        try:
            yield "slow"
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise
        finally:
            await asyncio.sleep(0.01)
            seen.append("closed")

    @app.get("/")
    async def handler(slow: str = Depends(slow)) -> None:
        begun.set()
        await asyncio.sleep(60)

    async with AsyncTestClient(app) as client:
        request = asyncio.create_task(client.get("/"))
        await begun.wait()
        request.cancel()
        for _ in range(500):
            await asyncio.sleep(0.01)
            if len(seen) == 2:
                break
    assert seen == ["cancelled", "closed"]
