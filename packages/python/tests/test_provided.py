"""Types that stand for dependencies, dependencies of the application, and overrides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Generic, TypeVar

import msgspec
import pytest

from sabir import (
    AsyncTestClient,
    Depends,
    Header,
    Request,
    Router,
    Sabir,
    SetupError,
    TestClient,
    Unauthorized,
)

pytestmark = pytest.mark.native

Row = TypeVar("Row")


class User(msgspec.Struct):
    name: str


def current_user(authorization: Annotated[str, Header()] = "") -> User:
    if not authorization:
        raise Unauthorized("Who is it?")
    return User(authorization)


CurrentUser = Annotated[User, Depends(current_user)]


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


def test_a_generic_class_makes_a_dependency() -> None:
    app = Sabir()

    class Repository(Generic[Row]):
        def __init__(self, limit: int = 10) -> None:
            self.limit = limit

    @app.get("/")
    def show(repository: Annotated[Repository[str], Depends()]) -> int:
        return repository.limit

    with TestClient(app) as client:
        assert client.get("/?limit=4").json() == 4
        assert client.get("/?limit=x").status_code == 422
