"""Middleware: coroutine functions around hooks and handlers."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from sabir import Event, NotFound, Problem, Request, Response, Router, Sabir, SetupError, TestClient, WebSocket

pytestmark = pytest.mark.native

CallNext = Callable[[Request], Awaitable[Response]]


def noting(seen: list[str], name: str) -> Any:
    async def middleware(request: Request, call_next: CallNext) -> Response:
        seen.append(f"{name} in")
        response = await call_next(request)
        seen.append(f"{name} out {response.status}")
        return response

    return middleware


@pytest.mark.parametrize("kind", ["async", "thread", "inline"])
def test_middleware_is_around_hooks_from_the_application_to_the_route(kind: str) -> None:
    app, router, seen = Sabir(), Router(), list[str]()
    options: Any = {"middleware": noting(seen, "route")}

    if kind == "async":

        @router.get("/", **options)
        async def handler() -> str:
            seen.append("handler")
            return "a"
    else:

        @router.get("/", blocking=kind == "thread", **options)
        def plain() -> str:
            assert (threading.current_thread().name == "sabir-handler") == (kind == "thread")
            seen.append("handler")
            return "a"

    @app.on_request
    def before(request: Request) -> None:
        seen.append("on_request")

    @app.on_response
    def after(request: Request, response: Response) -> None:
        seen.append("on_response")

    app.mount("/", router)
    router.middleware(noting(seen, "router"))
    app.middleware(noting(seen, "first"))
    app.middleware(noting(seen, "second"))
    with TestClient(app) as client:
        assert client.get("/").text == "a"
    names = ["first", "second", "router", "route"]
    assert seen == [
        *(f"{name} in" for name in names),
        *("on_request", "handler", "on_response"),
        *(f"{name} out 200" for name in reversed(names)),
    ]


def test_problems_and_what_on_error_answers_are_responses_for_middleware() -> None:
    app, seen = Sabir(), list[Any]()

    @app.middleware
    async def note(request: Request, call_next: CallNext) -> Response:
        response = await call_next(request)
        seen.append((response.status, type(response.content)))
        response.headers["x-seen"] = "1"
        return response

    @app.on_error(KeyError)
    def missing(request: Request, error: KeyError) -> Any:
        return {"missing": True}

    @app.get("/problem")
    async def problem() -> None:
        raise NotFound("nothing")

    @app.get("/key")
    async def key() -> None:
        raise KeyError

    with TestClient(app) as client:
        answer = client.get("/problem")
        assert (answer.status_code, answer.json()["detail"], answer.headers["x-seen"]) == (404, "nothing", "1")
        assert client.get("/key").json() == {"missing": True}
    assert seen == [(404, NotFound), (200, dict)]


def test_other_exceptions_pass_through_middleware(caplog: pytest.LogCaptureFixture) -> None:
    app, seen = Sabir(), list[str]()

    @app.middleware
    async def transaction(request: Request, call_next: CallNext) -> Response:
        try:
            response = await call_next(request)
        except ValueError:
            seen.append("rollback")
            if "answer" in request.query_string:
                return Response("mended", 503)
            raise
        finally:
            seen.append("end")
        seen.append("commit")
        return response

    @app.get("/")
    def handler(fail: bool = False) -> str:
        if fail:
            raise ValueError("no")
        return "a"

    with TestClient(app, raise_server_exceptions=False) as client, caplog.at_level(logging.ERROR, "sabir"):
        assert client.get("/").text == "a"
        assert client.get("/?fail=true").status_code == 500
        assert client.get("/?fail=true&answer").text == "mended"
    assert seen == ["end", "commit", "rollback", "end", "rollback", "end"]
    assert len(caplog.records) == 1


def test_middleware_answers_in_place_of_the_handler() -> None:
    app, router, seen = Sabir(), Router(), list[int | None]()

    @app.middleware
    async def outer(request: Request, call_next: CallNext) -> Response:
        response = await call_next(request)
        seen.append(response.status)
        return response

    @router.middleware
    async def guard(request: Request, call_next: CallNext) -> Any:
        if request.path == "/raised":
            raise Problem(401, "raised")
        if request.path == "/returned":
            return Problem(403, "returned")
        return {"value": 1}

    @router.get("/{path:path}")
    async def never() -> None:
        raise AssertionError

    app.mount("/", router)
    with TestClient(app) as client:
        assert client.get("/raised").json()["detail"] == "raised"
        assert client.get("/returned").json()["detail"] == "returned"
        assert client.get("/value").json() == {"value": 1}
    assert seen == [401, 403, 200]


@pytest.mark.parametrize("times", [0, 2])
def test_middleware_that_calls_call_next_twice_or_returns_nothing_is_told_so(times: int) -> None:
    app = Sabir()

    @app.middleware
    async def wrong(request: Request, call_next: CallNext) -> Any:
        for _ in range(times):
            await call_next(request)

    @app.get("/")
    async def handler() -> str:
        return "a"

    message = "returned None" if not times else "wrong called call_next twice"
    with TestClient(app) as client, pytest.raises((TypeError, RuntimeError), match=message):
        client.get("/")


def test_context_variables_of_middleware_are_seen_by_handlers() -> None:
    app = Sabir()
    user: contextvars.ContextVar[str] = contextvars.ContextVar("user")

    @app.middleware
    async def set_user(request: Request, call_next: CallNext) -> Response:
        token = user.set(request.headers["x-user"])
        try:
            await asyncio.sleep(0)
            return await call_next(request)
        finally:
            user.reset(token)

    @app.get("/async")
    async def asynchronous() -> str:
        return user.get()

    @app.get("/thread")
    def thread() -> str:
        return user.get()

    with TestClient(app) as client:
        for path in ("/async", "/thread"):
            assert client.get(path, headers={"x-user": "ada"}).text == "ada"


def test_callables_of_other_kinds_are_middleware() -> None:
    app = Sabir()

    class Stamp:
        def __init__(self, name: str) -> None:
            self.name = name

        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            response = await call_next(request)
            response.headers.append("x-stamp", self.name)
            return response

    app.middleware(Stamp("instance"))
    # It passes on what call_next gives.
    app.middleware(lambda request, call_next: call_next(request))

    @app.get("/")
    async def handler() -> str:
        return "a"

    with TestClient(app) as client:
        assert client.get("/").headers["x-stamp"] == "instance"


def test_streams_are_made_after_the_middleware_has_seen_them() -> None:
    app, seen = Sabir(), list[str]()
    app.middleware(noting(seen, "m"))

    @app.get("/rows", media_type="text/csv")
    async def rows() -> AsyncIterator[str]:
        seen.append("row")
        yield "a"

    @app.sse("/events")
    async def events() -> AsyncIterator[Event[str]]:
        yield Event(data="a")

    with TestClient(app) as client:
        answer = client.get("/rows")
        assert (answer.text, answer.headers["content-type"]) == ("a", "text/csv")
        assert seen == ["m in", "m out 200", "row"]
        assert client.get("/events").text == "data: a\n\n"


@pytest.mark.parametrize("socket", [False, True])
def test_middleware_is_around_the_handshake_of_a_websocket(socket: bool) -> None:
    app, seen = Sabir(), list[str]()
    app.middleware(noting(seen, "first"))

    @app.middleware
    async def guard(request: Request, call_next: CallNext) -> Response:
        if "user" not in request.query_string:
            raise Problem(401, "Who is it?")
        return await call_next(request)

    @app.websocket("/")
    async def echo(ws: WebSocket[str, str]) -> None:
        seen.append("handler")
        async for message in ws:
            await ws.send(message)

    with TestClient(app, socket=socket) as client:
        with client.websocket("/?user=a") as ws:
            ws.send("hello")
            assert ws.receive() == "hello"
        with pytest.raises(httpx.HTTPStatusError) as refused, client.websocket("/"):
            pass
        assert refused.value.response.status_code == 401
    assert seen == ["first in", "first out 101", "handler", "first in", "first out 401"]


def test_middleware_is_added_until_the_application_serves() -> None:
    app = Sabir()
    app.get("/")(lambda: "a")
    with TestClient(app) as client:
        client.get("/")
        with pytest.raises(SetupError, match="already serves"):
            app.middleware(noting([], "late"))
