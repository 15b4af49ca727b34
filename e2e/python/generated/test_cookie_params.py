# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/cookie_params``."""

import uuid
from typing import Annotated, Any

import msgspec
import pytest
from sabir import Cookie, Request, Router, Sabir
from support import Check, echo, nullable


def test_defaults(check: Check) -> None:
    """The default of the schema stands in for an absent cookie."""
    app = Sabir()

    @app.get("/items")
    def show_items(
        theme: Annotated[
            str | None, Cookie(schema={"type": "string", "default": "light", "enum": ["light", "dark"]})
        ] = None,
        size: Annotated[int, Cookie()] = 10,
    ) -> dict[str, Any]:
        return echo(cookie={"size": size, "theme": theme})

    check(app)


def test_equals_signs_belong_to_the_value(check: Check) -> None:
    """The first equals sign ends the name; those after it belong to the value."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(token: Annotated[str | None, Cookie()] = None) -> dict[str, Any]:
        return echo(cookie={"token": token})

    check(app)


def test_escapes_of_a_cookie_are_decoded_everywhere(check: Check) -> None:
    """A declared cookie and the cookies of the request are read by one rule: without quotes, percent-decoded where that gives text."""
    app = Sabir()
    router = Router()

    @router.get("/declared")
    async def show_declared(a: Annotated[str | None, Cookie()] = None) -> dict[str, Any]:
        return echo(cookie={"a": a})

    @router.get("/request")
    async def show_request(request: Request) -> dict[str, Any]:
        return {"cookie:a": request.cookies.get("a")}

    app.mount("/", router)

    check(app)


def test_first_of_a_name_counts(check: Check) -> None:
    """A user agent sends the cookie of the longest path first, and that one counts."""
    app = Sabir()

    @app.get("/items")
    async def show_items(n: Annotated[int | None, Cookie()] = None) -> dict[str, Any]:
        return echo(cookie={"n": n})

    check(app)


@pytest.mark.socket
def test_foreign_cookie_that_is_not_utf_8_is_ignored(check: Check) -> None:
    """A cookie of another program that is not UTF-8 does not disturb a route that reads another one."""
    app = Sabir()

    @app.get("/items")
    def show_items(name: Annotated[str, Cookie()]) -> dict[str, Any]:
        return echo(cookie={"name": name})

    check(app)


def test_lists_and_escapes(check: Check) -> None:
    """An array without explode is one value cut at its commas; escapes are decoded."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        ids: Annotated[list[int] | None, Cookie(explode=False)] = None,
        name: Annotated[str | None, Cookie()] = None,
        tags: Annotated[list[str] | None, Cookie(explode=False)] = None,
    ) -> dict[str, Any]:
        return echo(cookie={"ids": ids, "name": name, "tags": tags})

    check(app)


def test_missing_required_cookie(check: Check) -> None:
    """A required cookie that is missing is refused; an empty one is there."""
    app = Sabir()

    @app.get("/items")
    async def show_items(session: Annotated[str, Cookie()]) -> dict[str, Any]:
        return echo(cookie={"session": session})

    check(app)


def test_names_are_case_sensitive(check: Check) -> None:
    """Cookie names are compared exactly, and whole."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    def show_items(
        session: Annotated[str | None, Cookie(name="Session")] = None,
        session_2: Annotated[str | None, Cookie(name="session")] = None,
    ) -> dict[str, Any]:
        return echo(cookie={"Session": session, "session": session_2})

    app.mount("/", router)

    check(app)


def test_several_cookie_fields(check: Check) -> None:
    """HTTP/2 may split the cookies into several fields; they count as one."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        a: Annotated[int | None, Cookie()] = None, b: Annotated[int | None, Cookie()] = None
    ) -> dict[str, Any]:
        return echo(cookie={"a": a, "b": b})

    check(app)


def test_several_types(check: Check) -> None:
    """Of several types, the first counts whose value the schema accepts; text comes last."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items(
        int_or_bool: Annotated[
            Any, Cookie(schema={"anyOf": [{"type": "integer"}, {"type": "boolean"}]})
        ] = msgspec.UNSET,
        types: Annotated[Any, Cookie(schema={"type": ["integer", "boolean"]})] = msgspec.UNSET,
        one_of: Annotated[
            Any, Cookie(schema={"oneOf": [{"type": "boolean"}, {"type": "integer", "minimum": 5}]})
        ] = msgspec.UNSET,
        int_or_all: Annotated[Any, Cookie(schema={"anyOf": [{"const": "all"}, {"type": "integer"}]})] = msgspec.UNSET,
        int_or_text: Annotated[
            Any, Cookie(schema={"anyOf": [{"type": "string"}, {"type": "integer"}]})
        ] = msgspec.UNSET,
        int_or_float: Annotated[
            Any, Cookie(schema={"anyOf": [{"type": "integer"}, {"type": "number"}]})
        ] = msgspec.UNSET,
        mixed: Annotated[Any, Cookie(schema={"enum": [1, "a", True, 2.5]})] = msgspec.UNSET,
        maybe: Annotated[
            Any, Cookie(schema={"anyOf": [{"type": "integer"}, {"type": "boolean"}, {"type": "null"}]})
        ] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(
            cookie={
                "int_or_all": nullable(int_or_all),
                "int_or_bool": nullable(int_or_bool),
                "int_or_float": nullable(int_or_float),
                "int_or_text": nullable(int_or_text),
                "maybe": nullable(maybe),
                "mixed": nullable(mixed),
                "one_of": nullable(one_of),
                "types": nullable(types),
            }
        )

    app.mount("/", router)

    check(app)


def test_text(check: Check) -> None:
    """A cookie is text unless its schema says more."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        a: Annotated[str | None, Cookie()] = None, b: Annotated[Any, Cookie(schema={})] = msgspec.UNSET
    ) -> dict[str, Any]:
        return echo(cookie={"a": a, "b": nullable(b)})

    check(app)


def test_typed_values(check: Check) -> None:
    """The schema gives a cookie its type and refuses what does not fit."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        n: Annotated[int | None, Cookie()] = None,
        on: Annotated[bool | None, Cookie()] = None,
        id: Annotated[uuid.UUID | None, Cookie()] = None,
    ) -> dict[str, Any]:
        return echo(cookie={"id": id, "n": n, "on": on})

    check(app)


def test_undeclared_cookies_are_ignored(check: Check) -> None:
    """Cookies that are not declared change nothing, and reach a handler that reads the request."""
    app = Sabir()

    @app.get("/items")
    def show_items(a: Annotated[int | None, Cookie()] = None) -> dict[str, Any]:
        return echo(cookie={"a": a})

    @app.get("/raw")
    def show_raw(request: Request) -> dict[str, Any]:
        return {"cookie:b": request.cookies.get("b"), "cookie:c": request.cookies.get("c")}

    check(app)


def test_white_space_and_empty_pieces(check: Check) -> None:
    """White space around a pair and empty pieces are skipped."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        a: Annotated[str | None, Cookie()] = None, b: Annotated[str | None, Cookie()] = None
    ) -> dict[str, Any]:
        return echo(cookie={"a": a, "b": b})

    check(app)
