"""Dependencies: what handlers ask for and functions make."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import threading
from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar

import msgspec
import pytest

from sabir import (
    Body,
    Cookie,
    Depends,
    Header,
    Query,
    Request,
    Sabir,
    SetupError,
    TestClient,
    Unauthorized,
)

pytestmark = pytest.mark.native


class User(msgspec.Struct):
    name: str


class Pagination:
    def __init__(self, page: Annotated[int, Query(ge=1)] = 1, size: int = 20) -> None:
        self.start, self.size = (page - 1) * size, size


def current_user(authorization: Annotated[str, Header()] = "") -> User:
    if not authorization:
        raise Unauthorized("Who is it?")
    return User(authorization)


CurrentUser = Annotated[User, Depends(current_user)]


def parameters_of(app: Sabir) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = app._routes[-1].operation.get("parameters", [])
    return found


@pytest.mark.parametrize("kind", ["async", "thread", "inline"])
def test_a_handler_gets_what_its_dependencies_make(kind: str) -> None:
    app = Sabir()

    async def greeting(user: CurrentUser) -> str:
        await asyncio.sleep(0)
        return f"Hello, {user.name}!"

    if kind == "async":

        @app.get("/{id:int}")
        async def handler(id: int, page: Annotated[Pagination, Depends()], greeting: str = Depends(greeting)) -> Any:
            return [id, page.start, greeting]
    else:

        @app.get("/{id:int}", blocking=kind == "thread")
        def plain(id: int, page: Annotated[Pagination, Depends()], greeting: str = Depends(greeting)) -> Any:
            assert (threading.current_thread().name == "sabir-handler") == (kind == "thread")
            return [id, page.start, greeting]

    with TestClient(app) as client:
        assert client.get("/7?page=3", headers={"authorization": "ada"}).json() == [7, 40, "Hello, ada!"]
        assert client.get("/7").status_code == 401
        refused = client.get("/7?page=0&size=x", headers={"authorization": "ada"})
        assert [error["name"] for error in refused.json()["errors"]] == ["page", "size"]
    names = [(parameter["in"], parameter["name"]) for parameter in parameters_of(app)]
    assert names == [("path", "id"), ("query", "page"), ("query", "size"), ("header", "authorization")]


def test_a_dependency_is_made_once_for_a_request() -> None:
    app, made = Sabir(), list[str]()

    def number() -> int:
        made.append("number")
        return len(made)

    def double(number: int = Depends(number)) -> int:
        return number * 2

    async def triple(number: int = Depends(number)) -> int:
        return number * 3

    @app.get("/")
    async def handler(
        double: int = Depends(double),
        triple: int = Depends(triple),
        number_: int = Depends(number),
        fresh: int = Depends(number, use_cache=False),
    ) -> list[int]:
        return [number_, double, triple, fresh]

    with TestClient(app) as client:
        assert client.get("/").json() == [1, 2, 3, 2]
        assert client.get("/").json() == [3, 6, 9, 4]


def test_everything_that_can_be_called_makes_dependencies() -> None:
    app = Sabir()

    class Prefix:
        def __init__(self, text: str) -> None:
            self.text = text

        def __call__(self, name: str = "x") -> str:
            return self.text + name

        async def method(self, *, name: str = "x") -> str:
            await asyncio.sleep(0)
            return f"{name}-{self.text}"

        @classmethod
        def made(cls, name: str = "x") -> Prefix:
            return cls(name)

        @staticmethod
        def static(name: str = "x") -> str:
            return f"static {name}"

    def joined(first: str, name: str, *, last: str) -> str:
        return f"{first}{name}{last}"

    Result = TypeVar("Result")

    def decorated(function: Callable[..., Result]) -> Callable[..., Result]:
        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Result:
            return function(*arguments, **named)

        return call

    @decorated
    async def asynchronous(name: str = "x") -> str:
        await asyncio.sleep(0)
        return f"async {name}"

    @decorated
    def generator(name: str = "x") -> Iterator[str]:
        yield f"generated {name}"

    @dataclasses.dataclass
    class Filter:
        name: str = "x"

    @app.get("/")
    async def handler(
        instance: str = Depends(Prefix("a")),
        method: str = Depends(Prefix("b").method),
        made: Prefix = Depends(Prefix.made),
        static: str = Depends(Prefix.static),
        partial: str = Depends(functools.partial(joined, "<", last=">")),
        asynchronous: str = Depends(asynchronous),
        generator: str = Depends(generator),
        filter: Filter = Depends(),
    ) -> list[str]:
        return [instance, method, made.text, static, partial, asynchronous, generator, filter.name]

    with TestClient(app) as client:
        assert client.get("/?name=n").json() == ["an", "n-b", "n", "static n", "<n>", "async n", "generated n", "n"]


def test_parameters_of_providers_are_of_every_place_and_of_the_body() -> None:
    app = Sabir()

    class Order(msgspec.Struct):
        sku: str

    def parts(
        id: int,
        session: Annotated[str, Cookie()],
        agent: Annotated[str, Header(name="user-agent")],
        order: Order,
        request: Request,
        limit: int = 10,
    ) -> list[Any]:
        return [id, session, agent, order.sku, request.method, limit]

    @app.post("/{id}")
    async def handler(order: Order, parts: list[Any] = Depends(parts), limit: int = 10) -> list[Any]:
        return [order.sku, *parts, limit]

    @app.put("/{id}")
    async def two(other: Order, parts: list[Any] = Depends(parts)) -> list[Any]:
        return [other.sku, parts[3]]

    with TestClient(app, cookies={"session": "s"}, headers={"user-agent": "test"}) as client:
        assert client.post("/7?limit=3", json={"sku": "TEA"}).json() == ["TEA", 7, "s", "test", "TEA", "POST", 3, 3]
        assert client.post("/7", json={}).status_code == 422
        assert client.put("/7", json={"other": {"sku": "a"}, "order": {"sku": "b"}}).json() == ["a", "b"]


@pytest.mark.parametrize("is_hooked", [False, True])
def test_the_same_parameter_is_one_and_required_where_somebody_needs_it(is_hooked: bool) -> None:
    app = Sabir()
    if is_hooked:
        app.on_request(lambda request: None)

    def first(limit: float = 1.5, tag: list[str] = []) -> list[Any]:  # noqa: B006 - each request has its own.
        return [limit, tag]

    @app.get("/")
    async def handler(limit: float, tag: list[str] = [], first: list[Any] = Depends(first)) -> list[Any]:  # noqa: B006
        return [limit, *first]

    (limit, tag) = parameters_of(app)
    assert (limit["name"], limit["required"], "default" in limit["schema"]) == ("limit", True, False)
    assert tag["name"] == "tag"
    with TestClient(app) as client:
        assert client.get("/").status_code == 422
        assert client.get("/?limit=2&tag=a").json() == [2.0, 2.0, ["a"]]


def test_another_schema_for_the_same_parameter_is_refused_by_both_names() -> None:
    app = Sabir()

    def page(number: int = 1) -> int:
        return number

    def text(number: str = "") -> str:
        return number

    with pytest.raises(SetupError, match=r"text: number: GET /: page asks for the same parameter with another schema"):

        @app.get("/")
        async def handler(page: int = Depends(page), text: str = Depends(text)) -> None: ...

    with pytest.raises(SetupError, match="the handler asks for the same parameter with another schema"):

        @app.get("/")
        async def other(number: float, page: int = Depends(page)) -> None: ...

    def draft(order: Annotated[dict[str, int], Body()]) -> None: ...

    with pytest.raises(SetupError, match="the same part of the content with another schema"):

        @app.post("/")
        async def create(order: Annotated[list[int], Body()], draft: None = Depends(draft)) -> None: ...

    assert not app.definitions


def test_circles_and_what_is_missing_are_told_with_the_way_to_them() -> None:
    app = Sabir()

    def first(second: Any) -> None: ...

    def second(first: int = Depends(first)) -> None: ...

    first.__defaults__ = (Depends(second),)
    with pytest.raises(SetupError, match="first → second → first"):
        app.get("/")(lambda first=Depends(first): None)

    class Database:
        pass

    def broken(database: Database) -> None: ...

    with pytest.raises(SetupError, match="GET /: broken: database: "):
        app.get("/")(lambda value=Depends(broken): None)

    def of_request() -> int:
        return 1

    def of_application(value: int = Depends(of_request)) -> int:
        return value

    with pytest.raises(SetupError, match="of_request is made for a request, and this for the application"):
        app.get("/")(lambda value=Depends(of_application, scope="app"): None)

    def asks(limit: int) -> int:
        return limit

    with pytest.raises(SetupError, match="it would come from a request"):
        app.get("/")(lambda value=Depends(asks, scope="app"): None)
    with pytest.raises(SetupError, match="'worker' is no scope"):
        app.get("/")(lambda value=Depends(asks, scope="worker"): None)  # type: ignore[arg-type]
    with pytest.raises(SetupError, match="it says no provider"):
        app.get("/")(lambda value=Depends(): None)
    with pytest.raises(SetupError, match="a int cannot be called"):
        app.get("/")(lambda value=Depends(3): None)  # type: ignore[arg-type]
    assert not app.definitions


def test_hooks_stand_around_dependencies() -> None:
    app, seen = Sabir(), list[str]()

    def value() -> str:
        seen.append("made")
        return "value"

    @app.pre_validation
    def before(request: Request) -> Any:
        seen.append("pre_validation")
        return "early" if "early" in request.query_string else None

    @app.pre_handler
    def after(request: Request) -> None:
        seen.append("pre_handler")

    @app.get("/")
    async def handler(value: str = Depends(value)) -> str:
        return value

    with TestClient(app) as client:
        assert client.get("/").text == "value"
        assert client.get("/?early").text == "early"
    assert seen == ["pre_validation", "made", "pre_handler", "pre_validation"]
