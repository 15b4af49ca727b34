# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/limits``."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
import pytest
from sabir import Body, Cookie, Form, Header, Request, Router, Sabir
from support import Check, echo, keep


@pytest.mark.socket
def test_chunked_content(check: Check) -> None:
    """Chunked content is counted while it arrives: the framing and the trailers are no part of it."""
    app = Sabir(body_limit=10)

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"size": len(await request.body())}

    @app.post("/small", body_limit=5)
    async def take_small(request: Request) -> dict[str, Any]:
        return {"size": len(await request.body())}

    check(app)


@pytest.mark.socket
def test_chunked_content_that_becomes_too_much(check: Check) -> None:
    """Content that goes beyond its limit while it arrives ends the connection, though a handler holds it."""
    app = Sabir(body_limit=10)

    @app.post("/whole")
    async def take_whole(request: Request) -> dict[str, Any]:
        return {"size": len(await request.body())}

    @app.post("/bytes")
    async def take_bytes(content: AsyncIterator[bytes]) -> dict[str, Any]:
        keep(content)
        size, digest = 0, hashlib.sha256()
        async for chunk in content:
            size += len(chunk)
            digest.update(chunk)
        return {"size": size, "sha256": digest.hexdigest()}

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    check(app)


@pytest.mark.socket
def test_chunked_multipart_content(check: Check) -> None:
    """The limits of parts hold for chunked content too."""
    app = Sabir(part_limit=20)
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_content_limit_of_a_route(check: Check) -> None:
    """A route's `x-sabir.body_limit` counts instead of the setting, be it smaller or larger."""
    app = Sabir(body_limit=100)

    @app.post("/small", body_limit=5, blocking=False)
    def take_small(request: Request) -> dict[str, Any]:
        return {"size": len(request.body_sync())}

    @app.post("/large", body_limit=1000, blocking=False)
    def take_large(request: Request) -> dict[str, Any]:
        return {"size": len(request.body_sync())}

    @app.post("/usual", blocking=False)
    def take_usual(request: Request) -> dict[str, Any]:
        return {"size": len(request.body_sync())}

    check(app)


def test_content_of_any_type(check: Check) -> None:
    """Content above `body_limit` is refused also where the operation declares none; content of exactly that size is read."""
    app = Sabir(body_limit=10)

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"size": len(await request.body())}

    check(app)


@pytest.mark.socket
def test_declared_length_is_enough_to_refuse(check: Check) -> None:
    """A Content-Length above the limit is refused before any content has arrived, and the connection closes."""
    app = Sabir(body_limit=10)

    @app.post("/items")
    def take_items(request: Request) -> dict[str, Any]:
        return {"size": len(request.body_sync())}

    check(app)


def test_depth_of_json(check: Check) -> None:
    """JSON deeper than `json_depth_limit` is refused whether or not it is complete."""
    app = Sabir(json_depth_limit=2)

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_digits_of_a_number(check: Check) -> None:
    """A number may have as many digits as the setting permits, in whichever place it is sent and however it is written."""

    class BodyModel(msgspec.Struct):
        n: int | msgspec.UnsetType = msgspec.UNSET

    app = Sabir(digit_limit=20)

    @app.get("/items/{id:int}", blocking=False)
    def show_items(
        *,
        q: int | None = None,
        x_n: Annotated[float | None, Header()] = None,
        c: Annotated[list[int] | None, Cookie(explode=False)] = None,
        id: int,
    ) -> dict[str, Any]:
        return echo(path={"id": id}, query={"q": q}, header={"x-n": x_n}, cookie={"c": c})

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[int, Body()]) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/forms", blocking=False)
    def take_forms(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_digits_of_a_number_by_default(check: Check) -> None:
    """Without a setting, a number may have 640 digits."""
    app = Sabir()

    @app.get("/items/{id:int}", blocking=False)
    def show_items(id: int) -> dict[str, Any]:
        return echo(path={"id": id})

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[int, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


@pytest.mark.socket
def test_endless_request_target(check: Check) -> None:
    """A target that goes on and on is refused before the line ends."""
    app = Sabir(target_limit=64)

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    check(app)


def test_fields_of_any_request(check: Check) -> None:
    """The limits of the header section hold on a connection and in memory."""
    app = Sabir(header_count_limit=30, header_limit=1500, target_limit=500)

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

    check(app)


@pytest.mark.socket
def test_header_section(check: Check) -> None:
    """A header section above `header_limit` is refused and the connection closed, be it one long field or many short ones."""
    app = Sabir(header_limit=256)

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    check(app)


@pytest.mark.socket
def test_much_too_much_content_still_gets_an_answer(check: Check) -> None:
    """A client that goes on sending can still read the refusal."""
    app = Sabir(body_limit=10)
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(request: Request) -> dict[str, Any]:
        return {"size": len(request.body_sync())}

    app.mount("/", router)

    check(app)


def test_number_of_form_fields(check: Check) -> None:
    """A form of more fields than `form_field_limit` is refused, also where one name repeats."""
    app = Sabir(form_field_limit=3)

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


@pytest.mark.socket
def test_number_of_header_fields(check: Check) -> None:
    """More fields than `header_count_limit` are refused, whatever their names."""
    app = Sabir(header_count_limit=5)

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    check(app)


def test_parts_of_multipart_content(check: Check) -> None:
    """Each part may be as large as `part_limit`, all together as large as `body_limit`."""
    app = Sabir(part_limit=20, body_limit=400)

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


@pytest.mark.socket
def test_request_after_too_much_content(check: Check) -> None:
    """A refusal that closes the connection arrives also when a further request is waiting; that one is not answered."""
    app = Sabir(body_limit=10)

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"size": len(await request.body())}

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    check(app)


def test_request_target(check: Check) -> None:
    """A target above `target_limit` is refused; its path and its query count."""
    app = Sabir(target_limit=20)

    @app.get("/items/{rest:path}")
    def show_items(request: Request, rest: str) -> dict[str, Any]:
        return {"path": request.path}

    check(app)


def test_time_of_a_handler(check: Check) -> None:
    """A handler that outlives its route's `x-sabir.timeout_ms` is answered for with 504."""
    app = Sabir()

    @app.get("/items", timeout_ms=50)
    async def show_items() -> Any:
        await asyncio.sleep(2000 / 1000)
        return "ok"

    check(app)


@pytest.mark.socket
def test_time_of_a_header_section(check: Check) -> None:
    """A client that does not finish the header section in time is answered 408, also on a connection that has served it."""
    app = Sabir(header_timeout_ms=150)

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

    check(app)


@pytest.mark.socket
def test_time_of_an_idle_connection(check: Check) -> None:
    """A connection without requests is closed after `idle_timeout_ms`, one with a handler at work is not."""
    app = Sabir(idle_timeout_ms=150)

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    @app.get("/slow")
    async def show_slow() -> Any:
        await asyncio.sleep(700 / 1000)
        return "ok"

    check(app)


def test_time_of_every_handler(check: Check) -> None:
    """The setting `handler_timeout_ms` holds for routes that say nothing; theirs counts before it, and 0 is no limit."""
    app = Sabir(handler_timeout_ms=100)
    router = Router()

    @router.get("/usual")
    async def show_usual() -> Any:
        await asyncio.sleep(2000 / 1000)
        return "ok"

    @router.get("/quick")
    async def show_quick() -> Any:
        await asyncio.sleep(1 / 1000)
        return "ok"

    @router.get("/patient", timeout_ms=5000)
    async def show_patient() -> Any:
        await asyncio.sleep(200 / 1000)
        return "ok"

    @router.get("/endless", timeout_ms=0)
    async def show_endless() -> Any:
        await asyncio.sleep(200 / 1000)
        return "ok"

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_time_of_the_content(check: Check) -> None:
    """A client that pauses too long within the content is answered 408."""
    app = Sabir(body_timeout_ms=150)

    @app.post("/items")
    def take_items(request: Request) -> dict[str, Any]:
        return {"size": len(request.body_sync())}

    @app.post("/form")
    def take_form(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)
