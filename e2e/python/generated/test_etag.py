# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/etag``."""

from collections.abc import Iterator
from typing import Any, Literal

from sabir import Event, FileResponse, Problem, Response, Router, Sabir
from sabir.stages import Compression, Etag
from support import Check


def test_answers_have_tags(check: Check) -> None:
    """Content that is at hand has a tag, the same for the same content, and a client that has it is told so."""
    app = Sabir()
    app.use(Etag())

    @app.get("/a")
    def show_a() -> Any:
        return "hello"

    @app.get("/b")
    def show_b() -> Any:
        return "other"

    @app.get("/json")
    def show_json() -> Any:
        return {"a": 1}

    check(app)


def test_conditions_that_do_not_hold(check: Check) -> None:
    """A client that wants another version than there is gets none."""
    app = Sabir()
    app.use(Etag())

    @app.get("/a")
    async def show_a() -> Any:
        return "hello"

    check(app)


def test_files(check: Check) -> None:
    """Files have tags of their own, which conditions are about."""
    app = Sabir()
    app.use(Etag())

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "a.txt", headers=[("etag", '"v1"')])

    @app.get("/plain")
    async def show_plain() -> Any:
        return "hello"

    check(app)


def test_handlers_come_first(check: Check) -> None:
    """A tag and a date of the handler stay, and conditions are about them."""
    app = Sabir()
    app.use(Etag())

    @app.get("/tag")
    async def show_tag() -> Response:
        return Response("hello", headers=[("etag", '"v1"')])

    @app.get("/date")
    async def show_date() -> Response:
        return Response(
            "hello", headers=[("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"), ("cache-control", "no-store")]
        )

    @app.get("/plain")
    async def show_plain() -> Any:
        return "hello"

    check(app)


def test_head_has_the_same_tag(check: Check) -> None:
    """HEAD has the tag of GET, and conditions count for it."""
    app = Sabir()
    app.use(Etag())

    @app.get("/a")
    async def show_a() -> Any:
        return "hello"

    check(app)


def test_only_a_route(check: Check) -> None:
    """A route may be the only one whose answers have tags."""
    app = Sabir()

    @app.get("/a")
    async def show_a() -> Any:
        return "hello"

    @app.get("/own", use=[Etag()])
    async def show_own() -> Any:
        return "hello"

    check(app)


def test_other_answers_have_none(check: Check) -> None:
    """Answers to other methods, other statuses, streams, and what nobody may keep have no tag, and no condition."""
    app = Sabir()
    app.use(Etag())

    @app.get("/a")
    def show_a() -> Any:
        return "hello"

    @app.post("/a")
    def take_a() -> Any:
        return "hello"

    @app.get("/made")
    def show_made() -> tuple[Any, Literal[201]]:
        return "hello", 201

    @app.get("/secret")
    def show_secret() -> Response:
        return Response("hello", headers=[("cache-control", "private, no-store")])

    @app.get("/lines")
    def show_lines() -> Iterator[Any]:
        yield 1

    @app.sse("/ticks")
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")

    @app.get("/raise")
    def show_raise() -> None:
        raise Problem(409)

    check(app)


def test_routes_differ(check: Check) -> None:
    """A route has weak tags, or none."""
    app = Sabir()
    app.use(Etag())

    @app.get("/a", blocking=False)
    def show_a() -> Any:
        return "hello"

    @app.get("/weak", use=[Etag(weak=True)], blocking=False)
    def show_weak() -> Any:
        return "hello"

    @app.get("/none", use=[Etag.off()], blocking=False)
    def show_none() -> Any:
        return "hello"

    check(app)


def test_weak_tags(check: Check) -> None:
    """Tags may be weak."""
    app = Sabir()
    app.use(Etag(weak=True))

    @app.get("/a")
    async def show_a() -> Any:
        return "hello"

    check(app)


def test_with_compression(check: Check) -> None:
    """The tag is that of the content before it is compressed, and weak then."""
    app = Sabir()
    app.use(Etag(), Compression())
    router = Router()

    @router.get("/a", blocking=False)
    def show_a() -> Any:
        return "abcdefgh " * 300

    app.mount("/", router)

    check(app)
