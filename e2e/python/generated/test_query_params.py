# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/query_params``."""

import datetime
import decimal
import uuid
from typing import Annotated, Any, Literal

import msgspec
from sabir import Query, Request, Router, Sabir
from support import Check, echo, nullable


def test_all_failures_are_reported(check: Check) -> None:
    """Every parameter that fails is named, in the order of declaration."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        c: int, a: int, b: Annotated[str | None, Query(max_length=1, pattern="^x")] = None
    ) -> dict[str, Any]:
        return echo(query={"a": a, "b": b, "c": c})

    check(app)


def test_boolean(check: Check) -> None:
    """A boolean is true or false; other words for them are refused."""
    app = Sabir()

    @app.get("/items")
    async def show_items(on: bool | None = None) -> dict[str, Any]:
        return echo(query={"on": on})

    check(app)


def test_bounds(check: Check) -> None:
    """The bounds of a number hold, with and without their ends."""
    app = Sabir()
    router = Router()

    @router.get("/items", blocking=False)
    def show_items(
        page: Annotated[int | None, Query(ge=1, le=100)] = None,
        ratio: Annotated[float | None, Query(gt=0, lt=1)] = None,
        step: Annotated[int | None, Query(multiple_of=5)] = None,
    ) -> dict[str, Any]:
        return echo(query={"page": page, "ratio": ratio, "step": step})

    app.mount("/", router)

    check(app)


def test_dates_and_times(check: Check) -> None:
    """Formats of RFC 3339 give dates, times and points in time; days and hours that do not exist are refused."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        day: datetime.date | None = None, at: datetime.datetime | None = None, t: datetime.time | None = None
    ) -> dict[str, Any]:
        return echo(query={"at": at, "day": day, "t": t})

    check(app)


def test_decimals(check: Check) -> None:
    """A decimal keeps its digits."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items(price: decimal.Decimal | None = None) -> dict[str, Any]:
        return echo(query={"price": price})

    app.mount("/", router)

    check(app)


def test_deep_object(check: Check) -> None:
    """A deep object takes its properties from brackets, escaped or not."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        color: Annotated[
            dict[str, Any] | None,
            Query(
                schema={
                    "type": "object",
                    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
                    "required": ["R"],
                },
                style="deepObject",
                explode=True,
            ),
        ] = None,
        filter: Annotated[
            dict[str, Any] | None,
            Query(
                schema={"type": "object", "properties": {"name": {"type": "string"}}}, style="deepObject", explode=True
            ),
        ] = None,
    ) -> dict[str, Any]:
        return echo(query={"color": color, "filter": filter})

    check(app)


def test_deep_object_of_free_names(check: Check) -> None:
    """A deep object takes properties of any name, each as its schema says of further members."""
    app = Sabir()

    @app.get("/items")
    def show_items(stock: Annotated[dict[str, int] | None, Query(style="deepObject")] = None) -> dict[str, Any]:
        return echo(query={"stock": stock})

    check(app)


def test_deep_object_that_is_required(check: Check) -> None:
    """A required deep object of which no property is there is missing; a closed one takes no other."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        f: Annotated[
            dict[str, Any],
            Query(
                schema={"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False},
                style="deepObject",
                explode=True,
            ),
        ],
    ) -> dict[str, Any]:
        return echo(query={"f": f})

    check(app)


def test_defaults(check: Check) -> None:
    """The default of the schema stands in for an absent parameter, and not for an empty or a wrong one."""
    app = Sabir()

    @app.get("/items")
    def show_items(
        limit: int = 10, sort: str = "name", all: bool = False, tags: list[str] = ["new", "hot"]
    ) -> dict[str, Any]:
        return echo(query={"all": all, "limit": limit, "sort": sort, "tags": tags})

    check(app)


def test_delimited_objects(check: Check) -> None:
    """Objects in the styles spaceDelimited and pipeDelimited alternate names and values."""
    app = Sabir()
    router = Router()

    @router.get("/items", blocking=False)
    def show_items(
        a: Annotated[
            dict[str, Any] | None,
            Query(
                schema={
                    "type": "object",
                    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
                },
                style="spaceDelimited",
                explode=False,
            ),
        ] = None,
        b: Annotated[
            dict[str, Any] | None,
            Query(
                schema={
                    "type": "object",
                    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
                },
                style="pipeDelimited",
                explode=False,
            ),
        ] = None,
    ) -> dict[str, Any]:
        return echo(query={"a": a, "b": b})

    app.mount("/", router)

    check(app)


def test_delimiters_of_pairs(check: Check) -> None:
    """The first equals sign ends the name; a semicolon, a slash and a question mark are data."""
    app = Sabir()

    @app.get("/items")
    async def show_items(a: str | None = None, b: str | None = None) -> dict[str, Any]:
        return echo(query={"a": a, "b": b})

    check(app)


def test_durations(check: Check) -> None:
    """A duration of ISO 8601 arrives as its seconds."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(every: datetime.timedelta | None = None) -> dict[str, Any]:
        return echo(query={"every": every})

    check(app)


def test_durations_with_fractions(check: Check) -> None:
    """Seconds of a duration may have a fraction."""
    app = Sabir()

    @app.get("/items")
    def show_items(d: datetime.timedelta | None = None) -> dict[str, Any]:
        return echo(query={"d": d})

    check(app)


def test_enumeration(check: Check) -> None:
    """Only the values of an enumeration are taken; integers are compared as integers."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        sort: Literal["asc", "desc"] | None = None,
        size: Literal[10, 20, 50] | None = None,
        v: Annotated[Any, Query(schema={"const": 2})] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(query={"size": size, "sort": sort, "v": nullable(v)})

    check(app)


def test_exploded_object(check: Check) -> None:
    """Each property of an exploded object is a pair of its own."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        color: Annotated[
            dict[str, Any] | None,
            Query(
                schema={
                    "type": "object",
                    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
                    "required": ["R"],
                }
            ),
        ] = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        return echo(query={"color": color, "name": name})

    check(app)


def test_exploded_object_of_any_names(check: Check) -> None:
    """An exploded object whose schema permits anything as further members has the pairs that no parameter names, as text."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        page: int | None = None, filter: Annotated[dict[str, Any] | None, Query()] = None
    ) -> dict[str, Any]:
        return echo(query={"filter": filter, "page": page})

    @app.get("/deep")
    async def show_deep(filter: Annotated[dict[str, Any] | None, Query(style="deepObject")] = None) -> dict[str, Any]:
        return echo(query={"filter": filter})

    check(app)


def test_exploded_object_that_is_required(check: Check) -> None:
    """A required exploded object of which no member is there is empty: its members are missing, it is not."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    def show_items(
        window: Annotated[
            dict[str, Any],
            Query(
                schema={
                    "type": "object",
                    "properties": {"limit": {"type": "integer"}, "offset": {"type": "integer"}},
                    "required": ["limit"],
                }
            ),
        ],
        tag: str | None = None,
    ) -> dict[str, Any]:
        return echo(query={"tag": tag, "window": window})

    app.mount("/", router)

    check(app)


def test_exploded_object_with_lists(check: Check) -> None:
    """Members of an exploded object may be lists, which repeat the pair; every mistake in them is told at once."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        filter: Annotated[
            dict[str, Any] | None,
            Query(
                schema={
                    "type": "object",
                    "properties": {"tag": {"type": "array", "items": {"type": "string"}}},
                    "additionalProperties": {"type": "integer", "minimum": 0},
                }
            ),
        ] = None,
        page: int | None = None,
        sort: Annotated[
            dict[str, Any] | None,
            Query(schema={"type": "object", "properties": {"by": {"type": "string"}}}, style="deepObject"),
        ] = None,
    ) -> dict[str, Any]:
        return echo(query={"filter": filter, "page": page, "sort": sort})

    check(app)


def test_exploded_object_with_other_names(check: Check) -> None:
    """An exploded object whose schema describes other members has the pairs that no parameter names."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        page: int | None = None,
        filter: Annotated[
            dict[str, Any] | None,
            Query(
                schema={
                    "type": "object",
                    "properties": {"sku": {"type": "string"}},
                    "additionalProperties": {"type": "integer", "minimum": 1},
                }
            ),
        ] = None,
    ) -> dict[str, Any]:
        return echo(query={"filter": filter, "page": page})

    check(app)


def test_exploded_object_without_other_names(check: Check) -> None:
    """An exploded object whose schema permits no other members refuses the pairs that no parameter names."""
    app = Sabir()

    @app.get("/items")
    def show_items(
        page: int | None = None,
        filter: Annotated[
            dict[str, Any] | None,
            Query(schema={"type": "object", "properties": {"sku": {"type": "string"}}, "additionalProperties": False}),
        ] = None,
    ) -> dict[str, Any]:
        return echo(query={"filter": filter, "page": page})

    check(app)


def test_foreign_malformed_pairs_are_ignored(check: Check) -> None:
    """A pair that nobody declares may be malformed."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        name: str | None = None,
        filter: Annotated[
            dict[str, Any] | None,
            Query(schema={"type": "object", "properties": {"a": {"type": "string"}}}, style="deepObject"),
        ] = None,
    ) -> dict[str, Any]:
        return echo(query={"filter": filter, "name": name})

    check(app)


def test_form_without_explode(check: Check) -> None:
    """An array in style form without explode is one value, cut at its commas; an escaped comma is data."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        tag: Annotated[list[str] | None, Query(style="form", explode=False)] = None,
        n: Annotated[list[int] | None, Query(explode=False)] = None,
    ) -> dict[str, Any]:
        return echo(query={"n": n, "tag": tag})

    check(app)


def test_integer(check: Check) -> None:
    """An integer is read as JSON writes integers; other text is refused."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    def show_items(n: int | None = None) -> dict[str, Any]:
        return echo(query={"n": n})

    app.mount("/", router)

    check(app)


def test_integer_beyond_double_precision_is_exact(check: Check) -> None:
    """Integers keep every digit, however large they are."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(n: int | None = None) -> dict[str, Any]:
        return echo(query={"n": n})

    check(app)


def test_integer_digits_are_ascii(check: Check) -> None:
    """Digits of other scripts do not make a number."""
    app = Sabir()

    @app.get("/items")
    async def show_items(n: int | None = None) -> dict[str, Any]:
        return echo(query={"n": n})

    check(app)


def test_lengths_count_characters(check: Check) -> None:
    """The length of a text is counted in characters after decoding."""
    app = Sabir()

    @app.get("/items")
    async def show_items(name: Annotated[str | None, Query(min_length=2, max_length=3)] = None) -> dict[str, Any]:
        return echo(query={"name": name})

    check(app)


def test_limits_of_a_list(check: Check) -> None:
    """The number of items and their difference are checked."""
    app = Sabir()
    router = Router()

    @router.get("/items", blocking=False)
    def show_items(
        id: Annotated[
            list[Annotated[int, msgspec.Meta(ge=1)]] | None, Query(min_items=2, max_items=3, unique_items=True)
        ] = None,
    ) -> dict[str, Any]:
        return echo(query={"id": id})

    app.mount("/", router)

    check(app)


def test_lists_of_several_types(check: Check) -> None:
    """An array beside another type, and arrays whose items differ, are read by the same rule."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        list_or_int: Annotated[
            Any, Query(schema={"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "integer"}]})
        ] = msgspec.UNSET,
        int_or_list: Annotated[
            Any, Query(schema={"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]})
        ] = msgspec.UNSET,
        ints_or_words: Annotated[
            Any,
            Query(
                schema={
                    "anyOf": [
                        {"type": "array", "items": {"type": "integer"}},
                        {"type": "array", "items": {"type": "string"}},
                    ]
                }
            ),
        ] = msgspec.UNSET,
        mixed_items: Annotated[
            list[Any] | None,
            Query(schema={"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]}}),
        ] = None,
        tuple: Annotated[
            list[Any] | None,
            Query(
                schema={
                    "type": "array",
                    "prefixItems": [{"type": "integer"}, {"type": "boolean"}],
                    "items": False,
                    "minItems": 2,
                }
            ),
        ] = None,
    ) -> dict[str, Any]:
        return echo(
            query={
                "int_or_list": nullable(int_or_list),
                "ints_or_words": nullable(ints_or_words),
                "list_or_int": nullable(list_or_int),
                "mixed_items": mixed_items,
                "tuple": tuple,
            }
        )

    check(app)


def test_lists_of_several_types_without_explode(check: Check) -> None:
    """An array beside another type, and arrays whose items differ, in one pair."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        list_or_int: Annotated[
            Any,
            Query(
                schema={"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "integer"}]}, explode=False
            ),
        ] = msgspec.UNSET,
        int_or_list: Annotated[
            Any,
            Query(
                schema={"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}, explode=False
            ),
        ] = msgspec.UNSET,
        ints_or_words: Annotated[
            Any,
            Query(
                schema={
                    "anyOf": [
                        {"type": "array", "items": {"type": "integer"}},
                        {"type": "array", "items": {"type": "string"}},
                    ]
                },
                explode=False,
            ),
        ] = msgspec.UNSET,
        mixed_items: Annotated[
            list[Any] | None,
            Query(
                schema={"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]}}, explode=False
            ),
        ] = None,
        tuple: Annotated[
            list[Any] | None,
            Query(
                schema={
                    "type": "array",
                    "prefixItems": [{"type": "integer"}, {"type": "boolean"}],
                    "items": False,
                    "minItems": 2,
                },
                explode=False,
            ),
        ] = None,
    ) -> dict[str, Any]:
        return echo(
            query={
                "int_or_list": nullable(int_or_list),
                "ints_or_words": nullable(ints_or_words),
                "list_or_int": nullable(list_or_int),
                "mixed_items": mixed_items,
                "tuple": tuple,
            }
        )

    check(app)


def test_malformed_escapes_are_refused(check: Check) -> None:
    """An incomplete escape or octets that are not UTF-8 make the request malformed."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items(name: str | None = None) -> dict[str, Any]:
        return echo(query={"name": name})

    app.mount("/", router)

    check(app)


def test_missing_required_parameter(check: Check) -> None:
    """A required parameter that is missing is refused; an empty one is not missing."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items(name: str, limit: int) -> dict[str, Any]:
        return echo(query={"limit": limit, "name": name})

    app.mount("/", router)

    check(app)


def test_names_are_case_sensitive(check: Check) -> None:
    """Names are compared exactly, and parameters that are not declared are ignored."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    def show_items(
        limit: int | None = None, limit_2: Annotated[int | None, Query(name="Limit")] = None
    ) -> dict[str, Any]:
        return echo(query={"Limit": limit_2, "limit": limit})

    app.mount("/", router)

    check(app)


def test_names_with_brackets_and_dots(check: Check) -> None:
    """Brackets, dots and hyphens are part of a name outside of deep objects."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        page_size: Annotated[int | None, Query(name="page[size]")] = None,
        user_name: Annotated[str | None, Query(name="user.name")] = None,
        x_y: Annotated[str | None, Query(name="x-y")] = None,
        ids: Annotated[list[int] | None, Query(name="ids[]")] = None,
    ) -> dict[str, Any]:
        return echo(query={"ids[]": ids, "page[size]": page_size, "user.name": user_name, "x-y": x_y})

    check(app)


def test_null_is_text_for_a_nullable_string(check: Check) -> None:
    """Where any text is permitted, `null` and the empty text are text; null is what they mean where they are refused as text."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        q: Annotated[str | None, Query(schema={"type": ["string", "null"]})] = msgspec.UNSET,
        choice: Annotated[
            Any | None, Query(schema={"anyOf": [{"enum": ["a", "b"]}, {"type": "null"}]})
        ] = msgspec.UNSET,
        tags: Annotated[
            list[str] | None,
            Query(schema={"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]}),
        ] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(query={"choice": nullable(choice), "q": nullable(q), "tags": nullable(tags)})

    check(app)


def test_nullable(check: Check) -> None:
    """Where null is permitted an empty number is null; elsewhere it is refused."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items(
        n: Annotated[int | None, Query(schema={"type": ["integer", "null"]})] = msgspec.UNSET,
        d: Annotated[
            datetime.date | None, Query(schema={"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]})
        ] = msgspec.UNSET,
        m: int | None = None,
    ) -> dict[str, Any]:
        return echo(query={"d": nullable(d), "m": m, "n": nullable(n)})

    app.mount("/", router)

    check(app)


def test_number(check: Check) -> None:
    """A number may have a fraction and an exponent; words for numbers are refused."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(x: float | None = None) -> dict[str, Any]:
        return echo(query={"x": x})

    check(app)


def test_object_without_explode(check: Check) -> None:
    """An object in style form without explode alternates names and values."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items(
        color: Annotated[
            dict[str, Any] | None,
            Query(
                schema={
                    "type": "object",
                    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
                },
                explode=False,
            ),
        ] = None,
    ) -> dict[str, Any]:
        return echo(query={"color": color})

    app.mount("/", router)

    check(app)


def test_optional_parameter_is_left_out(check: Check) -> None:
    """An absent optional parameter without a default has no value at all."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    def show_items(a: str | None = None, b: int | None = None) -> dict[str, Any]:
        return echo(query={"a": a, "b": b})

    app.mount("/", router)

    check(app)


def test_other_formats_are_checked(check: Check) -> None:
    """Formats without a host type are checked and stay text."""
    app = Sabir()

    @app.get("/items")
    def show_items(
        mail: Annotated[str | None, Query(format="email")] = None,
        ip: Annotated[str | None, Query(format="ipv4")] = None,
        link: Annotated[str | None, Query(format="uri")] = None,
    ) -> dict[str, Any]:
        return echo(query={"ip": ip, "link": link, "mail": mail})

    check(app)


def test_pattern(check: Check) -> None:
    """A pattern is searched for in the decoded text; it is not anchored."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        code: Annotated[str | None, Query(pattern="^[A-Z]{2}-[0-9]+$")] = None,
        word: Annotated[str | None, Query(pattern="b+")] = None,
    ) -> dict[str, Any]:
        return echo(query={"code": code, "word": word})

    check(app)


def test_percent_escapes(check: Check) -> None:
    """Names and values are decoded once, as UTF-8, and what is escaped does not delimit."""
    app = Sabir()

    @app.get("/items")
    def show_items(
        name: str | None = None, stra_e: Annotated[str | None, Query(name="straße")] = None
    ) -> dict[str, Any]:
        return echo(query={"name": name, "straße": stra_e})

    check(app)


def test_pipe_delimited(check: Check) -> None:
    """An array in style pipeDelimited is cut at its vertical bars, escaped or not."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        tag: Annotated[list[str] | None, Query(style="pipeDelimited", explode=False)] = None,
        n: Annotated[list[int] | None, Query(style="pipeDelimited", explode=False)] = None,
    ) -> dict[str, Any]:
        return echo(query={"n": n, "tag": tag})

    check(app)


def test_plus_is_a_space(check: Check) -> None:
    """A plus sign is a space, an escaped one is a plus sign."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        name: str | None = None, two_words: Annotated[str | None, Query(name="two words")] = None
    ) -> dict[str, Any]:
        return echo(query={"name": name, "two words": two_words})

    check(app)


def test_plus_sign_in_an_offset(check: Check) -> None:
    """A plus sign that is not escaped is a space, so an offset written with it is no date-time."""
    app = Sabir()

    @app.get("/items")
    def show_items(at: datetime.datetime | None = None) -> dict[str, Any]:
        return echo(query={"at": at})

    check(app)


def test_raw_query_string(check: Check) -> None:
    """A handler that reads the request sees the query as it was sent."""
    app = Sabir()

    @app.get("/items")
    async def show_items(request: Request) -> dict[str, Any]:
        return {"path": request.path, "query_string": request.query_string}

    check(app)


def test_repeated_pairs_are_a_list(check: Check) -> None:
    """An exploded array takes one pair for each item, in order, with others in between."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        tag: list[str] | None = None, n: Annotated[list[int] | None, Query(explode=True)] = None, o: str | None = None
    ) -> dict[str, Any]:
        return echo(query={"n": n, "o": o, "tag": tag})

    check(app)


def test_repeated_single_value_is_refused(check: Check) -> None:
    """A parameter of one value that is given twice is refused rather than cut to one of them."""
    app = Sabir()

    @app.get("/items")
    def show_items(n: int | None = None, name: str | None = None) -> dict[str, Any]:
        return echo(query={"n": n, "name": name})

    check(app)


def test_schema_of_a_component(check: Check) -> None:
    """A parameter may take its schema from the components, also by way of another."""
    app = Sabir(
        components={
            "Limit": {"$ref": "#/components/schemas/Count", "maximum": 50, "default": 20},
            "Count": {"type": "integer", "minimum": 1, "default": 1},
            "Id": {"type": "integer"},
        }
    )

    @app.get("/items", blocking=False)
    def show_items(
        limit: Annotated[Any, Query(schema={"$ref": "#/components/schemas/Limit"})] = msgspec.UNSET,
        ids: Annotated[
            list[Any] | None,
            Query(schema={"type": "array", "items": {"$ref": "#/components/schemas/Id"}}, explode=False),
        ] = None,
    ) -> dict[str, Any]:
        return echo(query={"ids": ids, "limit": nullable(limit)})

    check(app)


def test_schemas_behind_anchors_and_uris(check: Check) -> None:
    """A parameter is what its schema says, also where that is behind an anchor or the URI of a schema inside it."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(
        count: Annotated[
            Any,
            Query(schema={"$ref": "#count", "$defs": {"count": {"$anchor": "count", "type": "integer", "minimum": 1}}}),
        ] = msgspec.UNSET,
        tags: Annotated[
            list[Any] | None,
            Query(
                schema={
                    "type": "array",
                    "items": {"$ref": "https://example.org/tag"},
                    "$defs": {
                        "tag": {
                            "$id": "https://example.org/tag",
                            "anyOf": [{"type": "boolean"}, {"$ref": "#word"}],
                            "$defs": {"word": {"$anchor": "word", "type": "string", "minLength": 2}},
                        }
                    },
                }
            ),
        ] = None,
        point: Annotated[
            Any,
            Query(
                schema={
                    "$ref": "point",
                    "$id": "https://example.org/shapes/root",
                    "$defs": {
                        "p": {
                            "$id": "point",
                            "type": "object",
                            "properties": {"x": {"$ref": "#number"}, "y": {"$ref": "#number"}},
                            "$defs": {"n": {"$anchor": "number", "type": "number"}},
                        }
                    },
                },
                style="deepObject",
                explode=True,
            ),
        ] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(query={"count": nullable(count), "point": nullable(point), "tags": tags})

    check(app)


def test_several_types(check: Check) -> None:
    """Of several types, the first counts whose value the schema accepts; text comes last."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items(
        int_or_bool: Annotated[
            Any, Query(schema={"anyOf": [{"type": "integer"}, {"type": "boolean"}]})
        ] = msgspec.UNSET,
        types: Annotated[Any, Query(schema={"type": ["integer", "boolean"]})] = msgspec.UNSET,
        one_of: Annotated[
            Any, Query(schema={"oneOf": [{"type": "boolean"}, {"type": "integer", "minimum": 5}]})
        ] = msgspec.UNSET,
        int_or_all: Annotated[Any, Query(schema={"anyOf": [{"const": "all"}, {"type": "integer"}]})] = msgspec.UNSET,
        int_or_text: Annotated[Any, Query(schema={"anyOf": [{"type": "string"}, {"type": "integer"}]})] = msgspec.UNSET,
        int_or_float: Annotated[
            Any, Query(schema={"anyOf": [{"type": "integer"}, {"type": "number"}]})
        ] = msgspec.UNSET,
        mixed: Annotated[Any, Query(schema={"enum": [1, "a", True, 2.5]})] = msgspec.UNSET,
        maybe: Annotated[
            Any, Query(schema={"anyOf": [{"type": "integer"}, {"type": "boolean"}, {"type": "null"}]})
        ] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(
            query={
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


def test_space_delimited(check: Check) -> None:
    """An array in style spaceDelimited is cut at its spaces, in either escape."""
    app = Sabir()

    @app.get("/items")
    async def show_items(
        tag: Annotated[list[str] | None, Query(style="spaceDelimited", explode=False)] = None,
        n: Annotated[list[int] | None, Query(style="spaceDelimited", explode=False)] = None,
    ) -> dict[str, Any]:
        return echo(query={"n": n, "tag": tag})

    check(app)


def test_text(check: Check) -> None:
    """Without a narrower schema a value stays text, whatever it looks like."""
    app = Sabir()

    @app.get("/items")
    async def show_items(a: str | None = None, b: Annotated[Any, Query(schema={})] = msgspec.UNSET) -> dict[str, Any]:
        return echo(query={"a": a, "b": nullable(b)})

    check(app)


def test_uuids(check: Check) -> None:
    """A UUID is taken in either case and arrives in lower case."""
    app = Sabir()

    @app.get("/items")
    async def show_items(id: uuid.UUID | None = None) -> dict[str, Any]:
        return echo(query={"id": id})

    check(app)
