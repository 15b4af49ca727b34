# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/header_params``."""

import datetime
import uuid
from typing import Annotated, Any, Literal

import msgspec
from sabir import Header, Request, Router, Sabir
from support import Check, echo, nullable


def test_authorization(check: Check) -> None:
    """The field Authorization may be read like any other, as text."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items(authorization: Annotated[str | None, Header()] = None) -> dict[str, Any]:
        return echo(header={"authorization": authorization})

    app.mount("/", router)

    check(app)


def test_constraints(check: Check) -> None:
    """Enumeration, pattern and length hold for field values."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items(
        x_mode: Annotated[Literal["fast", "safe"] | None, Header()] = None,
        x_code: Annotated[str | None, Header(pattern="^[A-Z]{3}$")] = None,
        x_name: Annotated[str | None, Header(min_length=2)] = None,
    ) -> dict[str, Any]:
        return echo(header={"x-code": x_code, "x-mode": x_mode, "x-name": x_name})

    app.mount("/", router)

    check(app)


def test_defaults(check: Check) -> None:
    """The default of the schema stands in for an absent field."""
    app = Sabir()

    @app.get("/items")
    def show_items(
        x_level: Annotated[int, Header(le=5)] = 3, x_lang: Annotated[str, Header()] = "en"
    ) -> dict[str, Any]:
        return echo(header={"x-lang": x_lang, "x-level": x_level})

    check(app)


def test_escapes_are_data(check: Check) -> None:
    """Field values are not percent-encoded: a percent sign and a plus sign are data."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(x_a: Annotated[str | None, Header()] = None) -> dict[str, Any]:
        return echo(header={"x-a": x_a})

    check(app)


def test_list_in_one_field(check: Check) -> None:
    """An array in style simple is cut at its commas; white space around items is no part of them."""
    app = Sabir()

    @app.get("/items")
    def show_items(
        x_tags: Annotated[list[str] | None, Header()] = None,
        x_ids: Annotated[list[int] | None, Header(max_items=3, explode=True)] = None,
    ) -> dict[str, Any]:
        return echo(header={"x-ids": x_ids, "x-tags": x_tags})

    check(app)


def test_list_in_several_fields(check: Check) -> None:
    """Fields of one name are one list, in the order in which they were sent."""
    app = Sabir()

    @app.get("/items")
    async def show_items(x_ids: Annotated[list[int] | None, Header()] = None) -> dict[str, Any]:
        return echo(header={"x-ids": x_ids})

    check(app)


def test_missing_required_header(check: Check) -> None:
    """A required field that is missing is refused; an empty one is there."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items(x_key: Annotated[str, Header()]) -> dict[str, Any]:
        return echo(header={"x-key": x_key})

    app.mount("/", router)

    check(app)


def test_names_ignore_case(check: Check) -> None:
    """Field names are case-insensitive, on both sides; the declared name is the one the handler sees."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    def show_items(x_request_level: Annotated[int, Header(name="X-Request-Level")]) -> dict[str, Any]:
        return echo(header={"X-Request-Level": x_request_level})

    app.mount("/", router)

    check(app)


def test_objects(check: Check) -> None:
    """An object in style simple alternates names and values, and is pairs when exploded."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        x_color: Annotated[
            dict[str, Any] | None,
            Header(
                schema={
                    "type": "object",
                    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
                }
            ),
        ] = None,
        x_pairs: Annotated[
            dict[str, Any] | None,
            Header(
                schema={
                    "type": "object",
                    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
                },
                explode=True,
            ),
        ] = None,
    ) -> dict[str, Any]:
        return echo(header={"x-color": x_color, "x-pairs": x_pairs})

    check(app)


def test_repeated_single_value_is_refused(check: Check) -> None:
    """A field of one value that is sent twice is refused rather than cut to one of them."""
    app = Sabir()

    @app.get("/items")
    def show_items(
        x_n: Annotated[int | None, Header()] = None, x_name: Annotated[str | None, Header()] = None
    ) -> dict[str, Any]:
        return echo(header={"x-n": x_n, "x-name": x_name})

    check(app)


def test_several_types(check: Check) -> None:
    """Of several types, the first counts whose value the schema accepts; text comes last."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items(
        x_int_or_bool: Annotated[
            Any, Header(schema={"anyOf": [{"type": "integer"}, {"type": "boolean"}]})
        ] = msgspec.UNSET,
        x_types: Annotated[Any, Header(schema={"type": ["integer", "boolean"]})] = msgspec.UNSET,
        x_one_of: Annotated[
            Any, Header(schema={"oneOf": [{"type": "boolean"}, {"type": "integer", "minimum": 5}]})
        ] = msgspec.UNSET,
        x_int_or_all: Annotated[Any, Header(schema={"anyOf": [{"const": "all"}, {"type": "integer"}]})] = msgspec.UNSET,
        x_int_or_text: Annotated[
            Any, Header(schema={"anyOf": [{"type": "string"}, {"type": "integer"}]})
        ] = msgspec.UNSET,
        x_int_or_float: Annotated[
            Any, Header(schema={"anyOf": [{"type": "integer"}, {"type": "number"}]})
        ] = msgspec.UNSET,
        x_mixed: Annotated[Any, Header(schema={"enum": [1, "a", True, 2.5]})] = msgspec.UNSET,
        x_maybe: Annotated[
            Any, Header(schema={"anyOf": [{"type": "integer"}, {"type": "boolean"}, {"type": "null"}]})
        ] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(
            header={
                "x-int-or-all": nullable(x_int_or_all),
                "x-int-or-bool": nullable(x_int_or_bool),
                "x-int-or-float": nullable(x_int_or_float),
                "x-int-or-text": nullable(x_int_or_text),
                "x-maybe": nullable(x_maybe),
                "x-mixed": nullable(x_mixed),
                "x-one-of": nullable(x_one_of),
                "x-types": nullable(x_types),
            }
        )

    app.mount("/", router)

    check(app)


def test_text(check: Check) -> None:
    """A header parameter is text unless its schema says more; white space around it is no part of it."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        x_a: Annotated[str | None, Header()] = None, x_b: Annotated[Any, Header(schema={})] = msgspec.UNSET
    ) -> dict[str, Any]:
        return echo(header={"x-a": x_a, "x-b": nullable(x_b)})

    check(app)


def test_typed_values(check: Check) -> None:
    """The schema gives a header parameter its type."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        x_n: Annotated[int | None, Header()] = None,
        x_f: Annotated[float | None, Header()] = None,
        x_on: Annotated[bool | None, Header()] = None,
        x_id: Annotated[uuid.UUID | None, Header()] = None,
        x_at: Annotated[datetime.datetime | None, Header()] = None,
    ) -> dict[str, Any]:
        return echo(header={"x-at": x_at, "x-f": x_f, "x-id": x_id, "x-n": x_n, "x-on": x_on})

    check(app)


def test_undeclared_headers_are_ignored(check: Check) -> None:
    """Fields that are not declared change nothing, and reach a handler that reads the request."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items(x_a: Annotated[int | None, Header()] = None) -> dict[str, Any]:
        return echo(header={"x-a": x_a})

    @router.get("/raw")
    async def show_raw(request: Request) -> dict[str, Any]:
        return {
            "header:x-b": request.headers.get("x-b"),
            "headers:x-b": request.headers.getlist("x-b"),
            "header:x-c": request.headers.get("x-c"),
        }

    app.mount("/", router)

    check(app)
