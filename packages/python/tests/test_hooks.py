"""Hooks of applications, routers and routes."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import json
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal

import httpx
import pytest

from sabir import (
    AsyncTestClient,
    Problem,
    Request,
    Response,
    Router,
    Sabir,
    SetupError,
    TestClient,
    Unauthorized,
    WebSocket,
)

pytestmark = pytest.mark.native


def noting(seen: list[str], text: str, is_async: bool) -> Any:
    if is_async:

        async def hook(request: Request, *rest: Any) -> None:
            await asyncio.sleep(0)
            seen.append(text)

        return hook

    def plain(request: Request, *rest: Any) -> None:
        seen.append(text)

    return plain


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("kind", ["async", "thread", "inline"])
def test_hooks_run_from_the_application_to_the_route_and_back(is_async: bool, kind: str) -> None:
    seen: list[str] = []
    app, router = Sabir(), Router("/shop")
    names = ("on_request", "pre_validation", "pre_handler", "on_response")
    own: Any = {name: noting(seen, f"route {name}", is_async) for name in names}
    if kind == "async":

        @router.get("/", **own)
        async def handler() -> str:
            await asyncio.sleep(0)
            seen.append("handler")
            return "answer"
    else:

        @router.get("/", blocking=kind == "thread", **own)
        def plain_handler() -> str:
            seen.append("handler")
            assert (threading.current_thread().name == "sabir-handler") == (kind == "thread")
            return "answer"

    app.mount("/", router)
    for name in names:
        # They hold for routes that were added before.
        getattr(app, name)(noting(seen, f"app {name}", is_async))
        getattr(router, name)(noting(seen, f"router {name}", is_async))
    with TestClient(app) as client:
        assert client.get("/shop").text == "answer"
    levels = ("app", "router", "route")
    assert seen == [
        *(f"{level} {name}" for name in names[:2] for level in levels),
        *(f"{level} pre_handler" for level in levels),
        "handler",
        *(f"{level} on_response" for level in reversed(levels)),
    ]


def test_hooks_of_one_level_run_in_the_order_in_which_they_were_added() -> None:
    app, seen = Sabir(), list[str]()

    @app.on_request
    def first(request: Request) -> None:
        seen.append("first")

    @app.get("/", on_request=[noting(seen, "third", True), noting(seen, "fourth", False)])
    def handler() -> None:
        seen.append("handler")

    @app.on_request
    async def second(request: Request) -> None:
        seen.append("second")

    with TestClient(app) as client:
        client.get("/")
    assert seen == ["first", "second", "third", "fourth", "handler"]


@pytest.mark.parametrize("name", ["on_request", "pre_validation", "pre_handler"])
@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    ("answer", "status", "content"),
    [
        ({"a": 1}, 200, b'{"a":1}'),
        ("text", 200, b"text"),
        (Response("no", 401, {"x-a": "b"}), 401, b"no"),
        (b"", 200, b""),
        ([], 200, b"[]"),
        (("a", 1), 200, b'["a",1]'),
        (reversed, 200, b"ba"),
    ],
)
def test_what_a_hook_before_returns_is_the_answer(
    name: str, is_async: bool, answer: Any, status: int, content: bytes
) -> None:
    app, seen = Sabir(), list[int | None]()

    def plain(request: Request) -> Any:
        return reversed(["a", "b"]) if answer is reversed else answer

    async def asynchronous(request: Request) -> Any:
        return plain(request)

    getattr(app, name)(asynchronous if is_async else plain)

    @app.pre_handler
    def never(request: Request) -> None:
        seen.append(0)

    @app.on_response
    def note(request: Request, response: Response) -> None:
        seen.append(response.status)

    @app.get("/")
    def handler() -> None:
        seen.append(-1)

    with TestClient(app) as client:
        response = client.get("/")
    assert (response.status_code, response.content) == (status, content)
    assert seen == [status]


@pytest.mark.parametrize("is_raised", [False, True])
def test_a_hook_answers_with_a_problem(is_raised: bool) -> None:
    app = Sabir()

    @app.on_request
    async def guard(request: Request) -> Problem | None:
        if "authorization" in request.headers:
            return None
        problem = Unauthorized("Who is it?", headers={"www-authenticate": "Bearer"})
        if is_raised:
            raise problem
        return problem

    @app.get("/")
    async def handler() -> str:
        return "in"

    with TestClient(app) as client:
        refused = client.get("/")
        assert (refused.status_code, refused.json()["detail"]) == (401, "Who is it?")
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.headers["content-type"] == "application/problem+json"
        assert client.get("/", headers={"authorization": "a"}).text == "in"


def test_a_hook_returns_a_value_with_its_status_where_its_annotation_says_so() -> None:
    app = Sabir()

    @app.on_request
    def tea(request: Request) -> tuple[dict[str, str], Literal[418]] | None:
        return {"short": "stout"}, 418

    @app.get("/")
    def handler() -> None: ...

    with TestClient(app) as client:
        answer = client.get("/")
        assert (answer.status_code, answer.json()) == (418, {"short": "stout"})


def test_hooks_share_the_state_of_the_request_with_the_handler() -> None:
    app, router = Sabir(), Router()
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name")

    @app.on_request
    def set_state(request: Request) -> None:
        request.state.user = request.headers["x-user"]
        name.set(request.state.user)

    @router.get("/async")
    async def asynchronous(request: Request) -> list[str]:
        return [request.state.user, name.get()]

    @router.get("/thread")
    def thread(request: Request) -> list[str]:
        return [request.state.user, name.get()]

    @router.get("/without")
    def without() -> str:
        return name.get()

    @router.get("/stream")
    async def stream(request: Request) -> AsyncIterator[str]:
        yield request.state.user
        yield name.get()

    app.mount("/", router)
    other = Sabir()

    @other.on_request
    async def suspends(request: Request) -> None:
        await asyncio.sleep(0)

    other.mount("/", app)
    for served in (app, other):
        with TestClient(served) as client:
            for path in ("/async", "/thread"):
                assert client.get(path, headers={"x-user": "ada"}).json() == ["ada", "ada"]
            assert client.get("/without", headers={"x-user": "eve"}).text == "eve"
            assert client.get("/stream", headers={"x-user": "bob"}).text == "bobbob"


def test_defaults_are_a_requests_own_with_hooks_too() -> None:
    app = Sabir()
    app.on_request(lambda request: None)

    @app.get("/")
    def add(tags: set[str] = set()) -> list[str]:  # noqa: B006 - each request has its own.
        tags.add("a")
        return sorted(tags)

    with TestClient(app) as client:
        assert client.get("/?tags=b&tags=c").json() == ["a", "b", "c"]
        assert client.get("/").json() == ["a"]


def test_hooks_of_a_router_and_of_a_mounted_application_hold_for_their_routes_alone() -> None:
    app, router, other = Sabir(), Router("/router"), Sabir()

    def stamp(name: str) -> Any:
        return lambda request, response: response.headers.append("x-level", name)

    for level, name in ((app, "app"), (router, "router"), (other, "other")):
        level.on_response(stamp(name))

        @level.get("/a")
        def handler() -> str:
            return "a"

    app.mount("/", router)
    app.mount("/other", other)
    inner = Router("/inner")
    inner.on_response(stamp("inner"))
    inner.get("/b")(lambda: "b")
    outer = Router("/outer")
    outer.mount("/", inner)
    outer.on_response(stamp("outer"))
    app.mount("/", outer)
    with TestClient(app) as client:
        levels = {
            path: client.get(path).headers.get_list("x-level")
            for path in ("/a", "/router/a", "/other/a", "/outer/inner/b")
        }
    assert levels == {
        "/a": ["app"],
        "/router/a": ["router", "app"],
        "/other/a": ["other", "app"],
        "/outer/inner/b": ["inner", "outer", "app"],
    }
    with TestClient(other) as client:
        assert client.get("/a").headers.get_list("x-level") == ["other"]


def test_hooks_are_added_until_the_application_serves() -> None:
    app, router = Sabir(), Router()
    router.get("/")(lambda: "a")
    app.mount("/", router)
    with TestClient(app) as client:
        assert client.get("/").text == "a"
        for level in (app, router):
            with pytest.raises(SetupError, match="already serves"):
                level.on_request(lambda request: "b")
    router.on_request(lambda request: "b")
    with TestClient(app) as client:
        assert client.get("/").text == "b"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"on_request": 3}, "a int cannot be called"),
        ({"on_request": [lambda: None]}, "too many positional arguments; let it take the request"),
        ({"on_response": lambda request: None}, "too many positional arguments; let it take the request and"),
        ({"on_error": {"a": lambda request, error: None}}, "'a' is neither a class of exceptions nor a status"),
        ({"on_error": {str: lambda request, error: None}}, "is neither a class of exceptions"),
        ({"middleware": lambda request, call_next, more: None}, "missing a required argument: 'more'"),
        ({"on_requests": lambda request: None}, "there is no such option"),
    ],
)
def test_what_is_no_hook_is_refused(options: Any, message: str) -> None:
    for level in (Sabir(), Router()):
        with pytest.raises(SetupError, match=message) as raised:
            level.get("/", **options)(lambda: None)
        assert "GET /" in str(raised.value)
        assert not level.definitions


@pytest.mark.parametrize("name", ["on_request", "pre_validation", "pre_handler", "on_response", "on_error"])
def test_a_generator_function_is_no_hook(name: str) -> None:
    def plain(*values: Any) -> Iterator[None]:
        yield

    async def asynchronous(*values: Any) -> AsyncIterator[None]:
        yield

    for function in (plain, asynchronous):
        with pytest.raises(SetupError, match=f"{name}: it is a generator function, and a hook returns"):
            getattr(Sabir(), name)(function)


def test_hooks_of_every_kind_of_callable() -> None:
    app, seen = Sabir(), list[str]()

    class Hook:
        async def __call__(self, request: Request) -> None:
            await asyncio.sleep(0)
            seen.append("instance")

        def method(self, request: Request) -> None:
            seen.append("method")

    def wrapped(request: Request, *, text: str) -> None:
        seen.append(text)

    def decorated(function: Any) -> Any:
        @functools.wraps(function)
        def call(request: Request) -> Any:
            return function(request)

        return call

    @app.on_request
    @decorated
    async def plainly_decorated(request: Request) -> None:
        await asyncio.sleep(0)
        seen.append("decorated")

    app.on_request(Hook())
    app.on_request(Hook().method)
    app.on_request(functools.partial(wrapped, text="partial"))

    @app.get("/")
    def handler() -> None: ...

    with TestClient(app) as client:
        client.get("/")
    assert seen == ["decorated", "instance", "method", "partial"]


async def test_a_client_that_leaves_cancels_a_hook() -> None:
    app, cancelled, begun = Sabir(), asyncio.Event(), asyncio.Event()

    @app.pre_handler
    async def wait(request: Request) -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    @app.on_error
    def never(request: Request, error: Exception) -> None:
        raise AssertionError

    @app.get("/")
    async def handler() -> None: ...

    async with AsyncTestClient(app) as client:
        request = asyncio.create_task(client.get("/"))
        await begun.wait()
        request.cancel()
        await asyncio.wait_for(cancelled.wait(), 5)


@pytest.mark.parametrize("socket", [False, True])
def test_hooks_of_a_websocket_run_before_it_is_open(socket: bool) -> None:
    app, seen = Sabir(), list[Any]()

    @app.on_request
    async def guard(request: Request) -> Any:
        await asyncio.sleep(0)
        request.state.user = request.query_params.get("user")
        if request.state.user is None:
            return Unauthorized("Who is it?")
        return None

    @app.on_response
    def note(request: Request, response: Response) -> None:
        seen.append(response.status)
        response.headers["x-noted"] = "1"

    @app.on_error(KeyError)
    def missing(request: Request, error: KeyError) -> Any:
        return {"missing": str(error)}, 404

    def refuse_eve(request: Request) -> None:
        if request.state.user == "eve":
            raise KeyError("a")

    @app.websocket("/{name}", pre_handler=refuse_eve)
    async def echo(ws: WebSocket, name: str, factor: float = 1.5) -> None:
        async for message in ws:
            await ws.send([ws.state.user, ws.request.state.user, name, factor, message])

    with TestClient(app, socket=socket) as client:
        with client.websocket("/tea?user=ada&factor=2") as ws:
            ws.send("hello")
            assert json.loads(ws.receive()) == ["ada", "ada", "tea", 2.0, "hello"]
        with pytest.raises(httpx.HTTPStatusError) as refused, client.websocket("/tea"):
            pass
        assert refused.value.response.status_code == 401
        assert refused.value.response.headers["x-noted"] == "1"
        with pytest.raises(httpx.HTTPStatusError) as refused, client.websocket("/tea?user=eve"):
            pass
        assert refused.value.response.json() == [{"missing": "'a'"}, 404]
    assert seen == [401, 200]


def test_a_route_without_hooks_is_called_as_it_is() -> None:
    app = Sabir()

    async def handler() -> str:
        return "a"

    app.get("/")(handler)
    (route,) = app._routes
    chain = app._chain(route)
    assert chain.function is handler
    assert chain.arguments == []
