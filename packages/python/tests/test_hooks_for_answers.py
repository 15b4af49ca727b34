"""Hooks for answers and for errors."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal

import msgspec
import pytest

from sabir import (
    Conflict,
    Event,
    FileResponse,
    NotFound,
    Problem,
    Request,
    Response,
    Router,
    Sabir,
    TestClient,
)

pytestmark = pytest.mark.native


class Order(msgspec.Struct):
    sku: str
    quantity: int

    def __post_init__(self) -> None:
        if self.sku == "NONE":
            raise ValueError("there is no such thing")


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


@pytest.mark.parametrize("by_middleware", [False, True])
def test_a_response_that_many_requests_share_is_not_changed_by_hooks(by_middleware: bool) -> None:
    app, shared = Sabir(), Response("a", headers={"x-a": "1"})

    def change(response: Response) -> None:
        response.headers.append("x-count", "1")
        response.status = 201

    if by_middleware:

        @app.middleware
        async def around(request: Request, call_next: Any) -> Response:
            response: Response = await call_next(request)
            change(response)
            return response
    else:

        @app.on_response
        def behind(request: Request, response: Response) -> None:
            change(response)

    app.get("/")(lambda: shared)
    with TestClient(app) as client:
        for _ in range(3):
            answer = client.get("/")
            assert (answer.status_code, answer.headers.get_list("x-count"), answer.headers["x-a"]) == (201, ["1"], "1")
    assert (shared.status, dict(shared.headers)) == (None, {"x-a": "1"})


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
