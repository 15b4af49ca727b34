"""Dependencies: what handlers ask for and functions make."""

from __future__ import annotations

import asyncio
import contextvars
import dataclasses
import functools
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Any, TypeVar

import httpx
import msgspec
import pytest

from sabir import (
    AsyncTestClient,
    Body,
    Conflict,
    Cookie,
    Depends,
    Event,
    Header,
    Problem,
    Query,
    Request,
    Response,
    Router,
    Sabir,
    SetupError,
    TestClient,
    Unauthorized,
    WebSocket,
)
from tests.processes import eventually

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


def test_types_stand_for_dependencies() -> None:
    app, router = Sabir(), Router()

    class Clock:
        def now(self) -> int:
            return 7

    class Database:
        def __init__(self, clock: Clock) -> None:
            self.clock = clock

    @app.get("/early")
    async def early(user: User) -> str:
        return user.name

    @router.get("/router/{user}")
    async def handler(database: Database, clock: Clock | None, user: str, person: User) -> list[Any]:
        return [database.clock.now(), clock is database.clock, user, person.name]

    router.provide(Database)
    app.provide(Clock)
    app.mount("/", router)
    # The order does not matter.
    app.provide(User, lambda: User("ada"))
    with TestClient(app) as client:
        assert client.get("/early").text == "ada"
        assert client.get("/router/eve").json() == [7, True, "eve", "ada"]


def test_dependencies_of_the_application_are_made_once_and_closed_at_its_end() -> None:
    app, seen = Sabir(), list[str]()

    class Pool:
        pass

    async def settings() -> dict[str, str]:
        await asyncio.sleep(0)
        seen.append("settings")
        return {"url": "db"}

    @app.lifespan
    async def lifespan(app: Sabir) -> AsyncIterator[None]:
        seen.append("in")
        yield
        seen.append("out")

    async def pool(app: Sabir, settings: dict[str, str] = Depends(settings, scope="app"), size: int = 3) -> Any:
        seen.append(f"{settings['url']} {size} {type(app).__name__}")
        yield Pool()
        seen.append("closed")

    app.provide(Pool, pool, scope="app")

    @app.get("/")
    async def handler(pool: Pool) -> int:
        return id(pool)

    @app.get("/thread")
    def thread(pool: Pool, request: Request) -> int:
        return id(pool)

    for _ in range(2):
        with TestClient(app) as client:
            assert client.get("/").text == client.get("/thread").text
        assert seen == ["in", "settings", "db 3 Sabir", "closed", "out"]
        seen.clear()


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


def test_overrides_take_the_place_of_providers_in_tests() -> None:
    app = Sabir()

    def greeting(user: CurrentUser) -> str:
        return f"Hello, {user.name}!"

    @app.get("/")
    async def handler(greeting: Annotated[str, Depends(greeting)]) -> str:
        return greeting

    client = TestClient(app)
    assert client.get("/").status_code == 401
    app.dependency_overrides[current_user] = lambda name="eve": User(name)
    assert client.get("/").text == "Hello, eve!"
    assert client.get("/?name=bob").text == "Hello, bob!"

    def shouted(greeting: str = Depends(greeting)) -> str:
        return greeting.upper()

    # It may ask for what it takes the place of.
    app.dependency_overrides[greeting] = shouted
    assert client.get("/").text == "HELLO, EVE!"
    app.dependency_overrides[shouted] = lambda: "nothing"
    assert client.get("/").text == "nothing"
    app.dependency_overrides.clear()
    assert client.get("/").status_code == 401
    client.close()


def test_a_test_client_overrides_as_long_as_it_is_open() -> None:
    app = Sabir()

    @app.get("/")
    def handler(user: CurrentUser) -> str:
        return user.name

    overrides = {current_user: lambda: User("ada")}
    for socket in (False, True):
        with TestClient(app, socket=socket, dependency_overrides=overrides) as client:
            assert client.get("/").text == "ada"
        assert not app.dependency_overrides
        with TestClient(app, socket=socket) as client:
            assert client.get("/").status_code == 401
            if socket:
                with pytest.raises(SetupError, match="listens on a socket"):
                    app.dependency_overrides[current_user] = lambda: User("eve")
        app.dependency_overrides.clear()


async def test_an_asynchronous_client_overrides() -> None:
    app = Sabir()

    async def ada() -> User:
        await asyncio.sleep(0)
        return User("ada")

    @app.get("/")
    async def handler(user: CurrentUser) -> str:
        return user.name

    async with AsyncTestClient(app, dependency_overrides={current_user: ada}) as client:
        assert (await client.get("/")).text == "ada"
        app.dependency_overrides[current_user] = lambda: User("eve")
        assert (await client.get("/")).text == "eve"
    async with AsyncTestClient(app) as client:
        assert (await client.get("/")).status_code == 401


def test_a_mounted_application_brings_what_it_provides() -> None:
    inner, outer = Sabir(), Sabir()
    inner.provide(User, lambda: User("inner"))

    @inner.get("/")
    async def handler(user: User) -> str:
        return user.name

    outer.mount("/inner", inner)

    @outer.post("/")
    async def create(user: User) -> str:
        return f"created {user.name}"

    with TestClient(outer) as client:
        assert client.get("/inner").text == "inner"
        assert client.post("/", json={"name": "a"}).text == "created a"


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
