"""Hooks of applications, routers and routes."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Literal

import httpx
import msgspec
import pytest

from sabir import (
    AsyncTestClient,
    Conflict,
    Event,
    FileResponse,
    NotFound,
    Problem,
    Request,
    Response,
    Router,
    Sabir,
    SetupError,
    TestClient,
    Unauthorized,
    ValidationFailed,
    WebSocket,
)
from sabir.chain import refusal_of
from sabir.encoding import Answers

pytestmark = pytest.mark.native


class Order(msgspec.Struct):
    sku: str
    quantity: int

    def __post_init__(self) -> None:
        if self.sku == "NONE":
            raise ValueError("there is no such thing")


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


def test_on_response_changes_the_answer_before_it_is_encoded() -> None:
    app = Sabir()

    @app.on_response
    def change(request: Request, response: Response) -> None:
        if isinstance(response.content, dict):
            response.content["more"] = True
        response.headers["x-status"] = str(response.status)
        response.status = 203

    @app.get("/value", status=201)
    def value() -> dict[str, Any]:
        return {"a": 1}

    @app.get("/none")
    async def none() -> None: ...

    @app.get("/response")
    async def own() -> Response:
        return Response({"b": 2}, headers={"x-own": "1"})

    @app.get("/pair")
    async def pair() -> tuple[dict[str, Any], Literal[202]]:
        return {"c": 3}, 202

    with TestClient(app) as client:
        answer = client.get("/value")
        assert (answer.status_code, answer.headers["x-status"]) == (203, "201")
        assert answer.json() == {"a": 1, "more": True}
        answer = client.get("/none")
        assert (answer.status_code, answer.headers["x-status"], answer.content) == (203, "204", b"")
        answer = client.get("/response")
        assert (answer.json(), answer.headers["x-own"]) == ({"b": 2, "more": True}, "1")
        assert client.get("/pair").headers["x-status"] == "202"


def test_on_response_returns_another_answer() -> None:
    app = Sabir()

    @app.on_response
    async def replace(request: Request, response: Response) -> Any:
        if request.path == "/raised":
            raise Conflict("not so")
        return {"was": response.content}

    @app.get("/{rest:path}")
    async def handler() -> str:
        return "a"

    with TestClient(app) as client:
        assert client.get("/a").json() == {"was": "a"}
        answer = client.get("/raised")
        assert (answer.status_code, answer.json()["detail"]) == (409, "not so")


def test_a_hook_that_changes_nothing_leaves_the_answer_as_it_is() -> None:
    app, plain = Sabir(), Sabir()

    @app.on_response
    def look(request: Request, response: Response) -> None: ...

    class Thing(msgspec.Struct):
        name: str

    def add(served: Sabir) -> None:
        @served.get("/struct")
        async def struct() -> Thing:
            return Thing("a")

        @served.get("/csv", media_type="text/csv")
        async def csv() -> str:
            return "a,b"

        @served.get("/lines")
        async def lines() -> AsyncIterator[Thing]:
            yield Thing("a")
            yield Thing("b")

        @served.get("/rows", media_type="text/csv")
        def rows() -> Iterator[str]:
            yield "a"

        @served.get("/created", status=201)
        async def created() -> list[int]:
            return [1]

        @served.get("/none", status=202)
        async def none() -> None: ...

        @served.get("/file")
        async def file() -> FileResponse:
            return FileResponse(__file__)

        @served.sse("/events")
        async def events() -> AsyncIterator[Event[str]]:
            yield Event(data="a")

        @served.get("/problem")
        async def problem() -> str:
            raise NotFound("nothing", extensions={"a": 1})

        @served.get("/text")
        async def text() -> str:
            return "a"

    add(app)
    add(plain)
    with TestClient(app) as client, TestClient(plain) as other:
        for path in ("struct", "csv", "lines", "rows", "created", "none", "file", "events", "problem", "text"):
            ours, theirs = client.get(f"/{path}"), other.get(f"/{path}")
            assert ours.status_code == theirs.status_code, path
            for name in ("content-type", "content-length"):
                assert ours.headers.get(name) == theirs.headers.get(name), path
            if path != "problem":
                assert ours.content == theirs.content, path
            else:
                ids = {"request_id": ""}
                assert {**ours.json(), **ids} == {**theirs.json(), **ids}


def test_a_problem_that_is_raised_again_and_again_is_not_changed_by_hooks() -> None:
    app, gone = Sabir(), Problem(410, "gone")

    @app.on_response
    def add(request: Request, response: Response) -> None:
        response.headers.append("x-seen", "1")
        response.status = 404

    @app.get("/")
    async def handler() -> None:
        raise gone

    with TestClient(app) as client:
        for _ in range(2):
            answer = client.get("/")
            assert (answer.status_code, answer.headers.get_list("x-seen")) == (404, ["1"])
            assert answer.json()["status"] == 404
    assert not gone.headers


@pytest.mark.parametrize("is_async", [False, True])
def test_the_most_special_hook_for_an_error_answers(is_async: bool) -> None:
    app, router = Sabir(), Router()

    def named(name: str) -> Any:
        if is_async:

            async def hook(request: Request, error: Exception) -> Any:
                return None if "pass" in request.path and name != "app LookupError" else {name: str(error)}

            return hook
        return lambda request, error: (
            None if "pass" in request.path and name != "app LookupError" else {name: str(error)}
        )

    app.on_error(named("app all"))
    app.on_error(LookupError)(named("app LookupError"))
    router.on_error(LookupError)(named("router LookupError"))
    router.on_error(KeyError)(named("router KeyError"))
    router.on_error(404, 410)(named("router 404"))
    router.on_error(Conflict)(named("router Conflict"))
    router.on_error(409)(named("router 409"))

    class Missing(NotFound): ...

    errors: dict[str, Exception] = {
        "key": KeyError("k"),
        "index": IndexError("i"),
        "value": ValueError("v"),
        "missing": Missing("m"),
        "gone": Problem(410, "g"),
        "conflict": Conflict("c"),
        "pass": KeyError("p"),
    }

    @router.get("/route/{name}", on_error={KeyError: named("route KeyError")})
    @router.get("/{name}")
    async def handler(name: str) -> None:
        raise errors[name]

    app.mount("/", router)
    with TestClient(app) as client:
        assert client.get("/key").json() == {"router KeyError": "'k'"}
        assert client.get("/index").json() == {"router LookupError": "i"}
        assert client.get("/value").json() == {"app all": "v"}
        assert client.get("/missing").json() == {"router 404": "m"}
        assert client.get("/gone").json() == {"router 404": "g"}
        assert client.get("/conflict").json() == {"router Conflict": "c"}
        assert client.get("/pass").json() == {"app LookupError": "'p'"}
        assert client.get("/route/key").json() == {"route KeyError": "'k'"}


def test_an_error_that_no_hook_answers_is_what_it_was() -> None:
    app, seen = Sabir(), list[str]()

    @app.on_error
    def note(request: Request, error: Exception) -> None:
        seen.append(type(error).__name__)

    @app.get("/problem")
    async def problem() -> None:
        raise NotFound

    @app.get("/returned")
    async def returned() -> Problem:
        return Conflict("r")

    @app.get("/error")
    def error() -> None:
        raise KeyError("a")

    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/problem").status_code == 404
        assert client.get("/returned").status_code == 409
        assert client.get("/error").status_code == 500
    assert seen == ["NotFound", "Conflict", "KeyError"]
    with TestClient(app) as client, pytest.raises(KeyError):
        client.get("/error")


def test_what_on_error_answers_is_seen_by_on_response() -> None:
    app, seen = Sabir(), list[Any]()

    @app.on_error(KeyError)
    async def missing(request: Request, error: KeyError) -> Problem:
        raise NotFound(f"no {error}") from error

    @app.on_response
    def note(request: Request, response: Response) -> None:
        seen.append((response.status, type(response.content)))

    @app.get("/")
    async def handler() -> str:
        raise KeyError("a")

    with TestClient(app) as client:
        assert client.get("/").json()["detail"] == "no 'a'"
    assert seen == [(404, NotFound)]


@pytest.mark.parametrize("name", ["on_error", "on_response"])
@pytest.mark.parametrize("is_async", [False, True])
def test_an_error_in_a_hook_for_the_answer_is_logged_and_not_given_to_hooks(
    name: str, is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app, seen = Sabir(), list[Any]()

    def broken(request: Request, what: Any) -> None:
        seen.append(what)
        raise ZeroDivisionError

    async def async_broken(request: Request, what: Any) -> None:
        broken(request, what)

    getattr(app, name)(async_broken if is_async else broken)

    @app.get("/")
    def handler() -> str:
        if name == "on_error":
            raise KeyError("a")
        return "a"

    with TestClient(app, raise_server_exceptions=False) as client, caplog.at_level(logging.ERROR, "sabir"):
        assert client.get("/").status_code == 500
    assert len(seen) == 1
    assert len(caplog.records) == 1
    assert caplog.records[0].exc_info is not None
    assert caplog.records[0].exc_info[0] is ZeroDivisionError


def test_errors_of_hooks_and_of_converters_are_given_to_on_error() -> None:
    app = Sabir()

    @app.on_error
    def answer(request: Request, error: Exception) -> Any:
        return {"error": type(error).__name__, "seen": request.state.seen}

    @app.on_request
    def note(request: Request) -> None:
        request.state.seen = ["on_request"]
        if "fail" in request.query_string:
            raise OSError

    @app.pre_validation
    def note_more(request: Request) -> None:
        request.state.seen.append("pre_validation")

    @app.pre_handler
    async def never(request: Request) -> None:
        request.state.seen.append("pre_handler")

    @app.post("/orders")
    def create(order: Order, factor: float = 2) -> float:
        return order.quantity * factor

    with TestClient(app) as client:
        order = {"sku": "TEA", "quantity": 2}
        assert client.post("/orders", json=order).json() == 4
        assert client.post("/orders?factor=3", json=order).json() == 6.0
        assert client.post("/orders?fail=1", json=order).json() == {"error": "OSError", "seen": ["on_request"]}
        refused = client.post("/orders", json={**order, "sku": "NONE"}).json()
        assert refused == {"error": "ValidationFailed", "seen": ["on_request", "pre_validation"]}


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


def test_a_refusal_of_the_runtime_takes_the_way_of_the_chain() -> None:
    app, seen = Sabir(), list[str]()
    app.on_request(noting(seen, "on_request", False))
    app.pre_validation(noting(seen, "pre_validation", True))
    app.pre_handler(noting(seen, "pre_handler", True))

    @app.on_error(422)
    def explain(request: Request, error: ValidationFailed) -> Any:
        return Response({"errors": len(error.errors)}, 400)

    @app.on_response
    def note(request: Request, response: Response) -> None:
        seen.append(f"on_response {response.status}")

    refused = refusal_of([app.hooks], Answers(), lambda: lambda call: None)
    assert refused is not None
    request: Any = None
    answer = asyncio.run(refused(request, ValidationFailed(errors=[{"in": "query"}])))
    assert (answer.status, answer.content) == (400, {"errors": 1})
    answer = asyncio.run(refused(request, NotFound("n")))
    assert isinstance(answer, NotFound)
    assert seen == [
        *("on_request", "pre_validation", "on_response 400"),
        *("on_request", "pre_validation", "on_response 404"),
    ]
    assert refusal_of([Sabir().hooks], Answers(), lambda: lambda call: None) is None


@pytest.mark.parametrize("socket", [False, True])
def test_refusals_of_the_runtime_meet_hooks_and_middleware(socket: bool) -> None:
    app, seen = Sabir(body_limit=100), list[str]()
    app.on_request(noting(seen, "on_request", False))
    app.pre_validation(noting(seen, "pre_validation", True))
    app.pre_handler(noting(seen, "pre_handler", False))

    @app.on_response
    def stamp(request: Request, response: Response) -> None:
        seen.append(f"{response.status} {type(response.content).__name__}")
        response.headers["x-stamp"] = "1"

    @app.on_error(422)
    async def explain(request: Request, error: ValidationFailed) -> Any:
        return Response({"errors": [entry["name"] for entry in error.errors]}, 400)

    @app.get("/items/{id}")
    async def show(id: int, limit: int = 1) -> int:
        return id

    @app.post("/orders", status=201)
    def create(order: Order) -> str:
        return order.sku

    @app.websocket("/socket")
    async def echo(ws: WebSocket, limit: int = 1) -> None: ...

    matched = ["on_request", "pre_validation"]
    with TestClient(app, socket=socket) as client:
        sent: list[tuple[Callable[[], httpx.Response], int, list[str]]] = [
            (lambda: client.get("/items/7"), 200, [*matched, "pre_handler", "200 int"]),
            (lambda: client.get("/items/x?limit=y"), 400, [*matched, "400 dict"]),
            (lambda: client.get("/nowhere"), 404, ["404 NotFound"]),
            (lambda: client.delete("/orders"), 405, ["405 MethodNotAllowed"]),
            (lambda: client.post("/orders", content=b"{"), 415, [*matched, "415 UnsupportedMediaType"]),
            (
                lambda: client.post("/orders", content=b"{", headers={"content-type": "application/json"}),
                400,
                [*matched, "400 BadRequest"],
            ),
            (lambda: client.post("/orders", json="a" * 200), 413, [*matched, "413 ContentTooLarge"]),
            (lambda: client.get("/socket?limit=x"), 426, [*matched, "426 UpgradeRequired"]),
        ]
        for send, status, expected in sent:
            answer = send()
            assert (answer.status_code, seen, answer.headers["x-stamp"]) == (status, expected, "1")
            seen.clear()
        assert client.get("/items/x?limit=y").json() == {"errors": ["id", "limit"]}
        assert client.delete("/orders").headers["allow"] == "OPTIONS, POST"


def test_a_refusal_that_nobody_answers_is_that_of_the_runtime() -> None:
    hooked, plain = Sabir(violation_limit=2), Sabir(violation_limit=2)
    seen: list[str] = []

    @hooked.middleware
    async def note(request: Request, call_next: Any) -> Any:
        response = await call_next(request)
        seen.append(f"{request.path} {request.route} {response.status}")
        return response

    for app in (hooked, plain):

        @app.post("/orders/{id}")
        async def create(id: int, order: Order, limit: int = 1) -> None: ...

    requests = [
        ("GET", "/nowhere", None),
        ("GET", "/orders/1", None),
        ("POST", "/orders/x?limit=y", {"quantity": "z"}),
        ("POST", "/orders/1", {"sku": 1, "quantity": "z"}),
        ("POST", "/orders/1", None),
    ]
    with TestClient(hooked) as ours, TestClient(plain) as theirs:
        for method, path, content in requests:
            first, second = (client.request(method, path, json=content) for client in (ours, theirs))
            assert first.status_code == second.status_code
            drop = {"request_id"}
            assert {k: v for k, v in first.json().items() if k not in drop} == {
                k: v for k, v in second.json().items() if k not in drop
            }
            for name in ("content-type", "allow", "accept"):
                assert first.headers.get(name) == second.headers.get(name)
    assert len(seen) == len(requests)
    assert seen[2] == "/orders/x /orders/{id} 422"


def test_hooks_for_other_errors_keep_refusals_in_the_runtime() -> None:
    app = Sabir()
    app.on_error(KeyError)(lambda request, error: None)
    app.on_request(lambda request: None)

    @app.get("/{id}", on_error=[])
    async def show(id: int) -> None: ...

    with TestClient(app) as client:
        assert client.get("/a/b").status_code == 404
        assert client.handler_calls == 0
        assert client.get("/a").status_code == 422
        assert client.handler_calls == 1


def test_a_route_without_hooks_is_called_as_it_is() -> None:
    app = Sabir()

    async def handler() -> str:
        return "a"

    app.get("/")(handler)
    (route,) = app._routes
    chain = app._chain(route)
    assert chain.function is handler
    assert chain.arguments == []
