# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/cookie_params``."""

import uuid
from typing import Annotated, Any

import msgspec
from sabir import Cookie, Request, Sabir
from support import Check, echo, nullable


def test_defaults(check: Check) -> None:
    """The default of the schema stands in for an absent cookie."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        theme: Annotated[
            str | None, Cookie(schema={"type": "string", "default": "light", "enum": ["light", "dark"]})
        ] = None,
        size: Annotated[int, Cookie()] = 10,
    ) -> Any:
        return echo(cookie={"size": size, "theme": theme})

    check(app)


def test_equals_signs_belong_to_the_value(check: Check) -> None:
    """The first equals sign ends the name; those after it belong to the value."""
    app = Sabir()

    @app.get("/items")
    async def show_items(token: Annotated[str | None, Cookie()] = None) -> Any:
        return echo(cookie={"token": token})

    check(app)


def test_first_of_a_name_counts(check: Check) -> None:
    """A user agent sends the cookie of the longest path first, and that one counts."""
    app = Sabir()

    @app.get("/items")
    async def show_items(n: Annotated[int | None, Cookie()] = None) -> Any:
        return echo(cookie={"n": n})

    check(app)


def test_lists_and_escapes(check: Check) -> None:
    """An array without explode is one value cut at its commas; escapes are decoded."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        ids: Annotated[list[int] | None, Cookie(explode=False)] = None,
        name: Annotated[str | None, Cookie()] = None,
        tags: Annotated[list[str] | None, Cookie(explode=False)] = None,
    ) -> Any:
        return echo(cookie={"ids": ids, "name": name, "tags": tags})

    check(app)


def test_missing_required_cookie(check: Check) -> None:
    """A required cookie that is missing is refused; an empty one is there."""
    app = Sabir()

    @app.get("/items")
    async def show_items(session: Annotated[str, Cookie()]) -> Any:
        return echo(cookie={"session": session})

    check(app)


def test_names_are_case_sensitive(check: Check) -> None:
    """Cookie names are compared exactly, and whole."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        session: Annotated[str | None, Cookie(name="Session")] = None,
        session_2: Annotated[str | None, Cookie(name="session")] = None,
    ) -> Any:
        return echo(cookie={"Session": session, "session": session_2})

    check(app)


def test_several_cookie_fields(check: Check) -> None:
    """HTTP/2 may split the cookies into several fields; they count as one."""
    app = Sabir()

    @app.get("/items")
    async def show_items(a: Annotated[int | None, Cookie()] = None, b: Annotated[int | None, Cookie()] = None) -> Any:
        return echo(cookie={"a": a, "b": b})

    check(app)


def test_text(check: Check) -> None:
    """A cookie is text unless its schema says more."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        a: Annotated[str | None, Cookie()] = None, b: Annotated[Any, Cookie(schema={})] = msgspec.UNSET
    ) -> Any:
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
    ) -> Any:
        return echo(cookie={"id": id, "n": n, "on": on})

    check(app)


def test_undeclared_cookies_are_ignored(check: Check) -> None:
    """Cookies that are not declared change nothing, and reach a handler that reads the request."""
    app = Sabir()

    @app.get("/items")
    async def show_items(a: Annotated[int | None, Cookie()] = None) -> Any:
        return echo(cookie={"a": a})

    @app.get("/raw")
    async def show_raw(request: Request) -> Any:
        return {"cookie:b": request.cookies.get("b"), "cookie:c": request.cookies.get("c")}

    check(app)


def test_white_space_and_empty_pieces(check: Check) -> None:
    """White space around a pair and empty pieces are skipped."""
    app = Sabir()

    @app.get("/items")
    async def show_items(a: Annotated[str | None, Cookie()] = None, b: Annotated[str | None, Cookie()] = None) -> Any:
        return echo(cookie={"a": a, "b": b})

    check(app)
