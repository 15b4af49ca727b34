# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/path_params``."""

import datetime
import decimal
import uuid
from typing import Annotated, Any, Literal

from sabir import Path, Query, Router, Sabir
from support import Check, echo, nullable


def test_bool(check: Check) -> None:
    """A bool variable takes true and false only."""
    app = Sabir()
    router = Router()

    @router.get("/flags/{on:bool}")
    async def show_flags(on: bool) -> dict[str, Any]:
        return echo(path={"on": on})

    app.mount("/", router)

    check(app)


def test_case_of_values_is_kept(check: Check) -> None:
    """Variables keep their case, and names of variables may have hyphens and underscores."""
    app = Sabir()

    @app.get("/users/{user-name}/{_id}")
    def show_users(
        user_name: Annotated[str, Path(name="user-name")], id: Annotated[str, Path(name="_id")]
    ) -> dict[str, Any]:
        return echo(path={"_id": id, "user-name": user_name})

    check(app)


def test_choice(check: Check) -> None:
    """A choice takes its alternatives only, exactly as they are written."""
    app = Sabir()

    @app.get("/shop/{kind:books|music}")
    async def show_shop(kind) -> dict[str, Any]:
        return echo(path={"kind": kind})

    @app.get("/box/{size:(s|m|l)}/{n:int}")
    async def show_box(size, n: int) -> dict[str, Any]:
        return echo(path={"n": n, "size": size})

    check(app)


def test_custom_converter(check: Check) -> None:
    """A converter of the application matches whole segments by its expression."""
    app = Sabir()
    app.converter("sku", "[A-Z]{3}-[0-9]{4}", {"type": "string"})
    app.converter("hex", "[0-9a-f]+|none", {"type": "string"})

    @app.get("/items/{sku:sku}", blocking=False)
    def show_items(sku) -> dict[str, Any]:
        return echo(path={"sku": sku})

    @app.get("/rolls/{n:hex}.png", blocking=False)
    def show_rolls(n) -> dict[str, Any]:
        return echo(path={"n": n})

    check(app)


def test_date(check: Check) -> None:
    """A date variable takes days that exist."""
    app = Sabir()

    @app.get("/days/{day:date}", blocking=False)
    def show_days(day: datetime.date) -> dict[str, Any]:
        return echo(path={"day": day})

    check(app)


def test_datetime(check: Check) -> None:
    """A datetime variable takes points in time with an offset, escaped or not."""
    app = Sabir()

    @app.get("/log/{at:datetime}")
    async def show_log(at: datetime.datetime) -> dict[str, Any]:
        return echo(path={"at": at})

    check(app)


def test_empty_segment_is_no_value(check: Check) -> None:
    """A variable never takes an empty segment."""
    app = Sabir(trailing_slash="strict")

    @app.get("/users/{name}")
    def show_users(name: str) -> dict[str, Any]:
        return echo(path={"name": name})

    @app.get("/users/{name}/posts/{id:int}")
    def show_posts(name: str, id: int) -> dict[str, Any]:
        return echo(path={"id": id, "name": name})

    check(app)


def test_enumeration(check: Check) -> None:
    """The values of an enumeration are the only ones of a plain variable."""
    app = Sabir()

    @app.get("/sort/{by}", blocking=False)
    def show_sort(by: Annotated[str, Path(schema={"type": "string", "enum": ["name", "date"]})]) -> dict[str, Any]:
        return echo(path={"by": by})

    @app.get("/size/{n}", blocking=False)
    def show_size(n: Literal[1, 2]) -> dict[str, Any]:
        return echo(path={"n": n})

    check(app)


def test_escaped_comma_in_an_array(check: Check) -> None:
    """A comma that is escaped is data, not the end of an item."""
    app = Sabir()

    @app.get("/b/{tags}")
    async def show_b(tags: list[str]) -> dict[str, Any]:
        return echo(path={"tags": tags})

    @app.get("/c/-{c}.json")
    async def show_c(c: list[str]) -> dict[str, Any]:
        return echo(path={"c": c})

    @app.get("/m/{c}")
    async def show_m(c: Annotated[list[str], Path(style="matrix", explode=True)]) -> dict[str, Any]:
        return echo(path={"c": c})

    @app.get("/o/{o}")
    async def show_o(
        o: Annotated[
            dict[str, Any],
            Path(
                schema={"type": "object", "properties": {"k": {"type": "string"}, "l": {"type": "string"}}},
                explode=True,
            ),
        ],
    ) -> dict[str, Any]:
        return echo(path={"o": o})

    check(app)


def test_expressions_mean_what_ecma_262_says(check: Check) -> None:
    """Expressions of converters are those of ECMA-262: classes are of ASCII, a dot is no line end, and anchors do not let a part of a segment match."""
    app = Sabir()
    app.converter("digits", "\\d+", {"type": "string"})
    app.converter("word", "\\w+", {"type": "string"})
    app.converter("dot", ".", {"type": "string"})
    app.converter("anchored", "^a|b$", {"type": "string"})

    @app.get("/digits/{v:digits}")
    async def show_digits(v) -> dict[str, Any]:
        return echo(path={"v": v})

    @app.get("/word/{v:word}")
    async def show_word(v) -> dict[str, Any]:
        return echo(path={"v": v})

    @app.get("/dot/{v:dot}")
    async def show_dot(v) -> dict[str, Any]:
        return echo(path={"v": v})

    @app.get("/anchored/{v:anchored}")
    async def show_anchored(v) -> dict[str, Any]:
        return echo(path={"v": v})

    check(app)


def test_float(check: Check) -> None:
    """A float variable takes numbers as JSON writes them; other segments do not match."""
    app = Sabir()

    @app.get("/rates/{x:float}")
    async def show_rates(x: float) -> dict[str, Any]:
        return echo(path={"x": x})

    check(app)


def test_formats(check: Check) -> None:
    """The format of a plain variable's schema gives its type and refuses what does not fit."""
    app = Sabir()

    @app.get("/a/{id}")
    async def show_a(id: uuid.UUID) -> dict[str, Any]:
        return echo(path={"id": id})

    @app.get("/b/{day}")
    async def show_b(day: datetime.date) -> dict[str, Any]:
        return echo(path={"day": day})

    @app.get("/c/{d}")
    async def show_c(d: datetime.timedelta) -> dict[str, Any]:
        return echo(path={"d": d})

    @app.get("/d/{price}")
    async def show_d(price: decimal.Decimal) -> dict[str, Any]:
        return echo(path={"price": price})

    check(app)


def test_int(check: Check) -> None:
    """An int variable takes whole numbers; other segments do not match."""
    app = Sabir()
    router = Router()

    @router.get("/items/{id:int}")
    async def show_items(id: int) -> dict[str, Any]:
        return echo(path={"id": id})

    app.mount("/", router)

    check(app)


def test_int_beyond_double_precision_is_exact(check: Check) -> None:
    """An int variable keeps every digit."""
    app = Sabir()

    @app.get("/items/{id:int}")
    async def show_items(id: int) -> dict[str, Any]:
        return echo(path={"id": id})

    check(app)


def test_int_without_leading_zeros(check: Check) -> None:
    """A number has one spelling, so that a resource has one path: leading zeros do not match."""
    app = Sabir()

    @app.get("/items/{id:int}")
    async def show_items(id: int) -> dict[str, Any]:
        return echo(path={"id": id})

    @app.get("/rates/{x:float}")
    async def show_rates(x: float) -> dict[str, Any]:
        return echo(path={"x": x})

    check(app)


def test_label(check: Check) -> None:
    """In style label a dot comes first, and parts the items of an exploded array."""
    app = Sabir()

    @app.get("/a/{c}")
    def show_a(c: Annotated[str, Path(style="label")]) -> dict[str, Any]:
        return echo(path={"c": c})

    @app.get("/b/{c}")
    def show_b(c: Annotated[list[str], Path(style="label", explode=True)]) -> dict[str, Any]:
        return echo(path={"c": c})

    @app.get("/c/{c}")
    def show_c(c: Annotated[list[int], Path(style="label", explode=False)]) -> dict[str, Any]:
        return echo(path={"c": c})

    @app.get("/d/{c}")
    def show_d(
        c: Annotated[
            dict[str, Any],
            Path(
                schema={
                    "type": "object",
                    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
                },
                style="label",
                explode=True,
            ),
        ],
    ) -> dict[str, Any]:
        return echo(path={"c": c})

    check(app)


def test_malformed_escapes_are_refused(check: Check) -> None:
    """An incomplete escape or octets that are not UTF-8 make the request malformed, on every route."""
    app = Sabir()
    router = Router()

    @router.get("/users/{name}")
    async def show_users(name: str) -> dict[str, Any]:
        return echo(path={"name": name})

    @router.get("/items/{id:int}")
    async def show_items(id: int) -> dict[str, Any]:
        return echo(path={"id": id})

    @router.get("/files/{name:path}")
    async def show_files(name: str) -> dict[str, Any]:
        return echo(path={"name": name})

    app.mount("/", router)

    check(app)


def test_matrix(check: Check) -> None:
    """In style matrix a semicolon and the name come first."""
    app = Sabir()

    @app.get("/a/{c}")
    async def show_a(c: Annotated[str, Path(style="matrix")]) -> dict[str, Any]:
        return echo(path={"c": c})

    @app.get("/b/{c}")
    async def show_b(c: Annotated[list[str], Path(style="matrix", explode=False)]) -> dict[str, Any]:
        return echo(path={"c": c})

    @app.get("/c/{c}")
    async def show_c(c: Annotated[list[int], Path(style="matrix", explode=True)]) -> dict[str, Any]:
        return echo(path={"c": c})

    @app.get("/d/{c}")
    async def show_d(
        c: Annotated[
            dict[str, Any],
            Path(
                schema={
                    "type": "object",
                    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
                },
                style="matrix",
                explode=True,
            ),
        ],
    ) -> dict[str, Any]:
        return echo(path={"c": c})

    @app.get("/e/{c}")
    async def show_e(
        c: Annotated[
            dict[str, Any],
            Path(
                schema={
                    "type": "object",
                    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
                },
                style="matrix",
                explode=False,
            ),
        ],
    ) -> dict[str, Any]:
        return echo(path={"c": c})

    check(app)


def test_path(check: Check) -> None:
    """A path variable takes one or more whole segments, with an end of its own where the pattern goes on."""
    app = Sabir(trailing_slash="strict")

    @app.get("/files/{name:path}")
    def show_files(name: str) -> dict[str, Any]:
        return echo(path={"name": name})

    @app.get("/repos/{name:path}/log")
    def show_log(name: str) -> dict[str, Any]:
        return echo(path={"name": name})

    check(app)


def test_path_is_never_absolute(check: Check) -> None:
    """A path variable never starts with a slash, escaped or not; a slash within it may be escaped."""
    app = Sabir(trailing_slash="strict")

    @app.get("/files/{name:path}", blocking=False)
    def show_files(name: str) -> dict[str, Any]:
        return echo(path={"name": name})

    check(app)


def test_path_never_climbs(check: Check) -> None:
    """What a `path` variable captures has no segment that leads elsewhere, however it is written."""
    app = Sabir()
    router = Router()

    @router.get("/files/{p:path}")
    async def show_files(p: str) -> dict[str, Any]:
        return echo(path={"p": p})

    app.mount("/", router)

    check(app)


def test_percent_escapes(check: Check) -> None:
    """A segment is cut off before it is decoded, once, as UTF-8; a plus sign is data."""
    app = Sabir()

    @app.get("/users/{name}")
    def show_users(name: str) -> dict[str, Any]:
        return echo(path={"name": name})

    @app.get("/users/{name}/posts")
    def show_posts(name: str) -> dict[str, Any]:
        return echo(path={"name": name})

    check(app)


def test_plain_variable(check: Check) -> None:
    """A plain variable takes one segment as text, whatever it looks like."""
    app = Sabir()

    @app.get("/users/{name}")
    async def show_users(name: str) -> dict[str, Any]:
        return echo(path={"name": name})

    @app.get("/teams/{name:str}")
    async def show_teams(name: str) -> dict[str, Any]:
        return echo(path={"name": name})

    check(app)


def test_prefix_and_suffix(check: Check) -> None:
    """Text around a variable belongs to the segment and is not part of the value."""
    app = Sabir()

    @app.get("/f/{name}.json")
    async def show_f(name: str) -> dict[str, Any]:
        return echo(path={"name": name})

    @app.get("/v{major:int}/status")
    async def show_status(major: int) -> dict[str, Any]:
        return echo(path={"major": major})

    @app.get("/@{user}")
    async def answer(user: str) -> dict[str, Any]:
        return echo(path={"user": user})

    check(app)


def test_reserved_characters_are_data(check: Check) -> None:
    """Sub-delimiters, colons and at signs in a segment are data."""
    app = Sabir()

    @app.get("/users/{name}")
    async def show_users(name: str) -> dict[str, Any]:
        return echo(path={"name": name})

    check(app)


def test_schema_beside_a_converter(check: Check) -> None:
    """The converter decides whether the route matches, a declared schema whether the value is valid."""
    app = Sabir()

    @app.get("/items/{id:int}", blocking=False)
    def show_items(id: Annotated[int, Path(le=100)]) -> dict[str, Any]:
        return echo(path={"id": id})

    @app.get("/days/{day:date}", blocking=False)
    def show_days(day: str) -> dict[str, Any]:
        return echo(path={"day": day})

    check(app)


def test_schema_of_a_converter(check: Check) -> None:
    """The schema of a converter gives its values their type and is checked after the route matched."""
    app = Sabir()
    app.converter("year", "[1-9][0-9]{3}", {"type": "integer", "minimum": 1900})

    @app.get("/years/{y:year}")
    async def show_years(y) -> dict[str, Any]:
        return echo(path={"y": y})

    check(app)


def test_schema_of_a_plain_variable(check: Check) -> None:
    """A plain variable matches first; what its schema refuses is a validation problem, not another route."""
    app = Sabir()

    @app.get("/items/{id}")
    async def show_items(id: Annotated[int, Path(ge=1)]) -> dict[str, Any]:
        return echo(path={"id": id})

    @app.get("/users/{name}")
    async def show_users(name: Annotated[str, Path(min_length=2, pattern="^[a-z]+$")]) -> dict[str, Any]:
        return echo(path={"name": name})

    check(app)


def test_several_types(check: Check) -> None:
    """Of several types, the first counts whose value the schema accepts; text comes last."""
    app = Sabir()
    router = Router()

    @router.get("/int_or_bool/{v}")
    async def show_int_or_bool(
        v: Annotated[Any, Path(schema={"anyOf": [{"type": "integer"}, {"type": "boolean"}]})],
    ) -> dict[str, Any]:
        return echo(path={"v": nullable(v)})

    @router.get("/types/{v}")
    async def show_types(v: Annotated[Any, Path(schema={"type": ["integer", "boolean"]})]) -> dict[str, Any]:
        return echo(path={"v": nullable(v)})

    @router.get("/one_of/{v}")
    async def show_one_of(
        v: Annotated[Any, Path(schema={"oneOf": [{"type": "boolean"}, {"type": "integer", "minimum": 5}]})],
    ) -> dict[str, Any]:
        return echo(path={"v": nullable(v)})

    @router.get("/int_or_all/{v}")
    async def show_int_or_all(
        v: Annotated[Any, Path(schema={"anyOf": [{"const": "all"}, {"type": "integer"}]})],
    ) -> dict[str, Any]:
        return echo(path={"v": nullable(v)})

    @router.get("/int_or_text/{v}")
    async def show_int_or_text(
        v: Annotated[Any, Path(schema={"anyOf": [{"type": "string"}, {"type": "integer"}]})],
    ) -> dict[str, Any]:
        return echo(path={"v": nullable(v)})

    @router.get("/int_or_float/{v}")
    async def show_int_or_float(
        v: Annotated[Any, Path(schema={"anyOf": [{"type": "integer"}, {"type": "number"}]})],
    ) -> dict[str, Any]:
        return echo(path={"v": nullable(v)})

    @router.get("/mixed/{v}")
    async def show_mixed(v: Annotated[Any, Path(schema={"enum": [1, "a", True, 2.5]})]) -> dict[str, Any]:
        return echo(path={"v": nullable(v)})

    @router.get("/maybe/{v}")
    async def show_maybe(
        v: Annotated[Any, Path(schema={"anyOf": [{"type": "integer"}, {"type": "boolean"}, {"type": "null"}]})],
    ) -> dict[str, Any]:
        return echo(path={"v": nullable(v)})

    app.mount("/", router)

    check(app)


def test_several_variables_in_a_segment(check: Check) -> None:
    """Variables of one segment are parted by the text between them; all but the last are as short as they can be."""
    app = Sabir()

    @app.get("/diff/{old}...{new}")
    async def show_diff(old: str, new: str) -> dict[str, Any]:
        return echo(path={"new": new, "old": old})

    @app.get("/tiles/{x:int}-{y:int}.{ext:png|jpg}")
    async def show_tiles(x: int, y: int, ext) -> dict[str, Any]:
        return echo(path={"ext": ext, "x": x, "y": y})

    check(app)


def test_simple_arrays(check: Check) -> None:
    """An array in style simple is cut at its commas, exploded or not."""
    app = Sabir()

    @app.get("/a/{ids}", blocking=False)
    def show_a(ids: Annotated[list[int], Path(max_items=3)]) -> dict[str, Any]:
        return echo(path={"ids": ids})

    @app.get("/b/{tags}", blocking=False)
    def show_b(tags: Annotated[list[str], Path(style="simple", explode=True)]) -> dict[str, Any]:
        return echo(path={"tags": tags})

    check(app)


def test_simple_objects(check: Check) -> None:
    """An object in style simple alternates names and values, and is pairs when exploded."""
    app = Sabir()

    @app.get("/a/{color}")
    async def show_a(
        color: Annotated[
            dict[str, Any],
            Path(
                schema={
                    "type": "object",
                    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(path={"color": color})

    @app.get("/b/{color}")
    async def show_b(
        color: Annotated[
            dict[str, Any],
            Path(
                schema={
                    "type": "object",
                    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
                },
                explode=True,
            ),
        ],
    ) -> dict[str, Any]:
        return echo(path={"color": color})

    check(app)


def test_time(check: Check) -> None:
    """A time variable takes times of day with their offset; others and hours that do not exist do not match."""
    app = Sabir()

    @app.get("/slots/{at:time}", blocking=False)
    def show_slots(at: datetime.time) -> dict[str, Any]:
        return echo(path={"at": at})

    check(app)


def test_uuid(check: Check) -> None:
    """A uuid variable takes either case; what is no UUID does not match."""
    app = Sabir()

    @app.get("/files/{id:uuid}")
    def show_files(id: uuid.UUID) -> dict[str, Any]:
        return echo(path={"id": id})

    check(app)


def test_variables_and_query_together(check: Check) -> None:
    """Variables of several segments and parameters of the query with the same name stay apart."""
    app = Sabir()

    @app.get("/users/{user}/posts/{id:int}")
    def show_posts(
        *,
        id: Annotated[str | None, Query()] = None,
        user: Annotated[int | None, Query()] = None,
        user_2: Annotated[str, Path(name="user")],
        id_2: Annotated[int, Path(name="id")],
    ) -> dict[str, Any]:
        return echo(path={"id": id_2, "user": user_2}, query={"id": id, "user": user})

    check(app)
