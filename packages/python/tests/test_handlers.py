"""Handlers of every kind: the outermost callable decides how one is run, the innermost function what it takes."""

import asyncio
import functools
import inspect
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sabir import Request, Router, Sabir, SetupError, TestClient
from sabir.operation import COROUTINE, INLINE, THREAD, derive
from sabir.routes import RouteDefinition


@dataclass
class Item:
    name: str


def plain(id: int, limit: int = 10) -> dict[str, int]:
    """Show it."""
    return {"id": id, "limit": limit}


async def coroutine(id: int, limit: int = 10) -> dict[str, int]:
    """Show it."""
    await asyncio.sleep(0)
    return {"id": id, "limit": limit}


def async_around(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        await asyncio.sleep(0)
        found = function(*args, **kwargs)
        return await found if inspect.isawaitable(found) else found

    return wrapper


def plain_around(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


class Shop:
    async def show(self, id: int, limit: int = 10) -> dict[str, int]:
        return {"id": id, "limit": limit}

    def show_plainly(self, id: int, limit: int = 10) -> dict[str, int]:
        return {"id": id, "limit": limit}

    @classmethod
    def show_of_class(cls, id: int, limit: int = 10) -> dict[str, int]:
        return {"id": id, "limit": limit}

    @staticmethod
    async def show_statically(id: int, limit: int = 10) -> dict[str, int]:
        return {"id": id, "limit": limit}

    @plain_around
    async def show_wrapped(self, id: int, limit: int = 10) -> dict[str, int]:
        return {"id": id, "limit": limit}


class CallableShop:
    def __call__(self, id: int, limit: int = 10) -> dict[str, int]:
        return {"id": id, "limit": limit}


class AsyncCallableShop:
    async def __call__(self, id: int, limit: int = 10) -> dict[str, int]:
        return {"id": id, "limit": limit}


class Decorator:
    """A decorator that is a class, as older code bases have them."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        functools.update_wrapper(self, function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)


def with_own_signature(function: Callable[..., Any]) -> Callable[..., Any]:
    """Take one more parameter than the function, and show it."""

    @functools.wraps(function)
    async def wrapper(id: int, limit: int, *, seen: str) -> Any:
        assert seen == "yes"
        return await function(id, limit)

    signature = inspect.signature(function)
    extra = inspect.Parameter("seen", inspect.Parameter.KEYWORD_ONLY, annotation="str")
    changed = signature.replace(parameters=[*signature.parameters.values(), extra])
    wrapper.__signature__ = changed  # type: ignore[attr-defined]
    return wrapper


shop = Shop()
HANDLERS = {
    "plain": (plain, THREAD),
    "coroutine": (coroutine, COROUTINE),
    "async around plain": (async_around(plain), COROUTINE),
    "plain around async": (plain_around(coroutine), COROUTINE),
    "plain around plain": (plain_around(plain), THREAD),
    "stacked": (async_around(plain_around(async_around(plain))), COROUTINE),
    "stacked the other way": (plain_around(async_around(plain_around(coroutine))), COROUTINE),
    "partial of async": (functools.partial(coroutine), COROUTINE),
    "partial of plain": (functools.partial(plain), THREAD),
    "partial around decorated": (functools.partial(plain_around(coroutine)), COROUTINE),
    "decorated partial": (async_around(functools.partial(plain)), COROUTINE),
    "bound method": (shop.show, COROUTINE),
    "bound plain method": (shop.show_plainly, THREAD),
    "bound decorated method": (shop.show_wrapped, COROUTINE),
    "class method": (Shop.show_of_class, THREAD),
    "static method": (Shop.show_statically, COROUTINE),
    "callable": (CallableShop(), THREAD),
    "async callable": (AsyncCallableShop(), COROUTINE),
    "class decorator around async": (Decorator(coroutine), COROUTINE),
    "class decorator around plain": (Decorator(plain), THREAD),
    "cached": (functools.lru_cache(plain), THREAD),
}


@pytest.mark.native
@pytest.mark.parametrize(("handler", "mode"), HANDLERS.values(), ids=HANDLERS)
def test_runs_as_its_outermost_callable_says(handler: Any, mode: int) -> None:
    app = Sabir()
    app.get("/{id:int}")(handler)
    client = TestClient(app)
    assert client.get("/7").json() == {"id": 7, "limit": 10}
    assert client.get("/7?limit=3").json() == {"id": 7, "limit": 3}
    assert client.get("/7?limit=many").status_code == 422
    found = derive(app.definitions[0])
    assert found.mode == mode
    assert [entry[2] for entry in found.arguments] == ["id", "limit"]
    assert found.operation["parameters"][0]["schema"] == {"type": "integer"}
    assert "responses" in found.operation


def test_a_decorated_function_keeps_its_description() -> None:
    for handler in (plain_around(coroutine), functools.partial(coroutine)):
        assert derive(RouteDefinition("GET", "/{id}", handler, {})).operation["summary"] == "Show it."


@pytest.mark.native
def test_a_plain_decorator_may_answer_instead_of_a_coroutine() -> None:
    def refuses(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any) -> Any:
            return {"refused": True} if args[0] > 5 else function(*args)

        return wrapper

    app = Sabir()
    app.get("/{id:int}")(refuses(coroutine))
    assert TestClient(app).get("/7").json() == {"refused": True}
    assert TestClient(app).get("/1").json() == {"id": 1, "limit": 10}


@pytest.mark.native
def test_a_plain_function_that_only_wraps_runs_on_the_thread_of_its_kind() -> None:
    app, seen = Sabir(), []

    @app.get("/thread")
    @plain_around
    def on_a_thread() -> None:
        seen.append(threading.current_thread().name)

    @app.get("/loop")
    @async_around
    def on_the_loop() -> None:
        seen.append(threading.current_thread().name)

    client = TestClient(app)
    client.get("/thread")
    client.get("/loop")
    assert seen[0] != seen[1]
    assert derive(RouteDefinition("GET", "/", plain, {"blocking": False})).mode == INLINE


@pytest.mark.native
def test_the_client_cannot_set_what_a_partial_has_bound() -> None:
    def tenant(tenant: str, id: int, limit: int = 10) -> list[Any]:
        return [tenant, id, limit]

    app = Sabir()
    app.get("/by-name/{id:int}")(functools.partial(tenant, tenant="a"))
    app.get("/by-place/{id:int}")(functools.partial(tenant, "a"))
    app.get("/in-the-middle")(functools.partial(tenant, "a", id=1))
    app.get("/decorated/{id:int}")(functools.update_wrapper(functools.partial(tenant, tenant="a"), tenant))
    client = TestClient(app)
    assert client.get("/by-name/3?tenant=b").json() == ["a", 3, 10]
    assert client.get("/by-place/3?tenant=b&limit=4").json() == ["a", 3, 4]
    assert client.get("/in-the-middle?id=7&limit=4").json() == ["a", 1, 4]
    assert client.get("/decorated/3?tenant=b").json() == ["a", 3, 10]


@pytest.mark.native
def test_a_signature_that_a_decorator_sets_counts() -> None:
    app = Sabir()
    app.get("/{id:int}")(with_own_signature(coroutine))
    client = TestClient(app)
    assert client.get("/7?limit=1&seen=yes").json() == {"id": 7, "limit": 1}
    assert client.get("/7").json()["errors"][0]["name"] == "seen"


@pytest.mark.native
def test_a_lambda_answers() -> None:
    app = Sabir()
    app.get("/{id:int}")(lambda id: id + 1)
    app.get("/request", blocking=False)(lambda request=None: request)
    assert TestClient(app).get("/1").json() == 2


def _without_wraps(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **kwargs: function(*args, **kwargs)


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        (Shop.show, r"self: it is a method without its instance; .*\(instance.show\)"),
        (Shop.__dict__["show_of_class"], "a classmethod cannot be called"),
        (7, "a int cannot be called"),
        (_without_wraps(plain), "functools.wraps"),
    ],
)
def test_refuses_what_it_cannot_call(handler: Any, message: str) -> None:
    with pytest.raises(SetupError, match=rf"^GET /items: .*{message}"):
        Sabir().get("/items")(handler)


@pytest.mark.native
def test_finds_models_that_a_function_defines() -> None:
    @dataclass
    class Local:
        name: str

    app, router = Sabir(), Router()

    # Text, as after `from __future__ import annotations`.
    @app.post("/text")
    async def text(body: "Local") -> "list[Local]":
        return [body]

    @router.post("/router")
    async def later(body: "Local | None") -> "Local | None":
        return body

    app.mount("/", router)
    client = TestClient(app)
    assert client.post("/text", json={"name": "a"}).json() == [{"name": "a"}]
    assert client.post("/router", json={"name": "a"}).json() == {"name": "a"}


def test_names_the_route_whose_annotation_is_unknown() -> None:
    def handler(body: "Nowhere") -> None: ...  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(SetupError, match=r"^POST /items: annotations: name 'Nowhere' is not defined"):
        Sabir().post("/items")(handler)


@pytest.mark.native
@pytest.mark.parametrize("blocking", [True, False])
def test_a_coroutine_that_nobody_awaits_is_a_failure_that_says_so(
    blocking: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = Sabir()

    async def answer() -> int:
        return 1

    app.get("/", blocking=blocking)(lambda: answer())
    assert TestClient(app, raise_server_exceptions=False).get("/").status_code == 500
    assert "cannot be sent as JSON; await it" in caplog.text


@pytest.mark.native
async def test_an_awaitable_of_another_kind_is_awaited_where_a_coroutine_is_expected() -> None:
    def scheduled(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(function)
        def wrapper(*args: Any) -> Awaitable[Any]:
            return asyncio.ensure_future(function(*args))

        return wrapper

    app = Sabir()
    app.get("/{id:int}")(scheduled(coroutine))
    assert TestClient(app).get("/7").json() == {"id": 7, "limit": 10}


@pytest.mark.native
def test_takes_the_request_beside_parameters_of_a_decorated_function() -> None:
    app = Sabir()

    @app.get("/{id:int}")
    @async_around
    def handler(request: Request, id: int) -> str:
        return f"{request.method} {id}"

    assert TestClient(app).get("/7").text == "GET 7"
