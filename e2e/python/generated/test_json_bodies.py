# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/json_bodies``."""

from typing import Annotated, Any

import msgspec
from sabir import Body, Cookie, Header, Request, Router, Sabir
from support import Check, echo


def test_a_fraction_arrives_as_a_float(check: Check) -> None:
    """A number with a fraction arrives as a floating point number."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_a_string_at_the_top(check: Check) -> None:
    """Any value may be a whole JSON text, so a bare string is a body."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_an_array_keeps_its_order(check: Check) -> None:
    """An array arrives as a list in the order in which it was sent."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_an_exponent_arrives_as_a_float(check: Check) -> None:
    """A number with an exponent arrives as a floating point number."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_an_integer_at_the_top(check: Check) -> None:
    """A bare number without fraction arrives as an integer."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_an_object_keeps_its_members(check: Check) -> None:
    """An object arrives as an object with every member."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_body_is_handed_over_beside_parameters(check: Check) -> None:
    """Body, path, query, header and cookie values arrive together."""
    app = Sabir()

    @app.post("/items/{id}")
    async def take_items(
        *,
        id: int,
        dry: bool | None = None,
        x_tag: Annotated[str | None, Header()] = None,
        seen: Annotated[int | None, Cookie()] = None,
        body: Annotated[Any, Body()],
    ) -> dict[str, Any]:
        return echo(path={"id": id}, query={"dry": dry}, header={"x-tag": x_tag}, cookie={"seen": seen}, body=body)

    check(app)


def test_body_limit_is_enforced(check: Check) -> None:
    """A body above `body_limit` is refused, one of exactly that size is read."""
    app = Sabir(body_limit=10)
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_booleans(check: Check) -> None:
    """Both booleans arrive as booleans, not as numbers."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_byte_order_mark_is_refused(check: Check) -> None:
    """JSON text must not begin with a byte order mark."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_charset_other_than_utf_8_is_refused(check: Check) -> None:
    """JSON announced in another charset would be misread, so it is refused as unsupported."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_charset_utf_8_is_accepted(check: Check) -> None:
    """The parameter charset=utf-8 says what JSON is anyway."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_comments_are_refused(check: Check) -> None:
    """JSON has no comments."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_depth_at_the_default_limit(check: Check) -> None:
    """Values nested 128 levels deep are read by default, 129 are refused."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_depth_limit_counts_arrays_and_objects(check: Check) -> None:
    """Arrays and objects both count as a level of nesting."""
    app = Sabir(json_depth_limit=3)
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_depth_limit_setting(check: Check) -> None:
    """The setting `json_depth_limit` bounds how deeply a body is nested; one level more is refused."""
    app = Sabir(json_depth_limit=2)

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_duplicate_names_are_compared_unescaped(check: Check) -> None:
    """Two spellings of one name are one name."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_duplicate_names_are_refused(check: Check) -> None:
    """An object that has a name twice is refused by default, since recipients disagree about its meaning."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_duplicate_names_in_depth_are_refused(check: Check) -> None:
    """Names are compared in nested objects as well."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_duplicate_names_last_counts(check: Check) -> None:
    """With `json_duplicate_keys` set to `last` the last of equal names counts, in the place of the first."""
    app = Sabir(json_duplicate_keys="last")

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_empty_array(check: Check) -> None:
    """An array without elements is a body of its own."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_empty_body_where_one_is_optional(check: Check) -> None:
    """Without content an optional body is absent and the handler runs."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()] = msgspec.UNSET) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_empty_body_where_one_is_required(check: Check) -> None:
    """Without content a required body is reported as missing."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_empty_member_name(check: Check) -> None:
    """A member's name may be empty; its pointer ends with a slash."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[dict[str, int], Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_empty_object(check: Check) -> None:
    """An object without members is a body of its own."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_empty_string_value(check: Check) -> None:
    """An empty string stays an empty string."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_encoded_surrogate_is_refused(check: Check) -> None:
    """A surrogate encoded in three bytes is not UTF-8."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_escaped_nul_character(check: Check) -> None:
    """The character NUL may stand in a string when it is escaped."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_high_surrogate_before_other_escape_is_refused(check: Check) -> None:
    """A high surrogate must be followed by a low one."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_incomplete_numbers_are_refused(check: Check) -> None:
    """A number needs digits before and after its point and in its exponent."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_insignificant_whitespace(check: Check) -> None:
    """Space, tab, line feed and carriage return may surround every token."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_integer_at_the_edge_of_64_bits(check: Check) -> None:
    """Integers arrive exactly up to both ends of 64 bits."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_integer_beyond_64_bits_is_exact(check: Check) -> None:
    """An integer that no machine type holds arrives with all its digits."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_integer_beyond_double_precision_is_exact(check: Check) -> None:
    """2^53+1, which a double cannot hold, is not rounded."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_invalid_utf_8_is_refused(check: Check) -> None:
    """A string with bytes that are not UTF-8 is malformed."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_large_array(check: Check) -> None:
    """An array of many elements is read whole and the elements counted."""

    class BodyModel(msgspec.Struct):
        items: Annotated[list[int], msgspec.Meta(max_length=300)] | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_leading_zero_is_refused(check: Check) -> None:
    """A number has no superfluous zeros in front."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_lone_high_surrogate_is_refused(check: Check) -> None:
    """Half of a surrogate pair is no character, so the text is malformed."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_lone_low_surrogate_is_refused(check: Check) -> None:
    """The second half of a surrogate pair alone is no character either."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_long_string(check: Check) -> None:
    """A string of many thousand characters arrives whole, and its length is counted."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(schema={"type": "object", "properties": {"text": {"type": "string", "maxLength": 50000}}}),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_malformed_optional_body_is_refused(check: Check) -> None:
    """An optional body that is sent must be well formed."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()] = msgspec.UNSET) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_member_names_are_case_sensitive(check: Check) -> None:
    """Names that differ by case are different members."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[dict[str, Any], Body(schema={"type": "object", "required": ["a"]})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_misspelt_literal_is_refused(check: Check) -> None:
    """Literals are lower case and whole."""
    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_negative_big_integer_is_exact(check: Check) -> None:
    """A large negative integer keeps its digits as well."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_nested_values(check: Check) -> None:
    """Objects and arrays inside one another arrive with their whole structure."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_null_at_the_top_is_a_body(check: Check) -> None:
    """The text `null` is content: the handler gets null, not a missing body."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_null_in_a_member(check: Check) -> None:
    """A member that is null is there, with the value null."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_null_is_refused_where_it_is_not_permitted(check: Check) -> None:
    """Null is no string unless the schema says so."""

    class BodyModel(msgspec.Struct):
        note: str | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_numbers_json_lacks_are_refused(check: Check) -> None:
    """NaN, Infinity and hexadecimal numbers are no JSON."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_optional_body_is_validated_when_it_is_there(check: Check) -> None:
    """An optional body that is sent must still fit its schema."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[dict[str, Any] | None, Body()] = msgspec.UNSET) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_other_whitespace_is_refused(check: Check) -> None:
    """A no-break space is no whitespace in JSON."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_overlong_utf_8_is_refused(check: Check) -> None:
    """An overlong encoding of a slash is not UTF-8."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_put_patch_and_delete_take_bodies(check: Check) -> None:
    """Methods other than POST may carry JSON as well."""
    app = Sabir()

    @app.put("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    @app.patch("/items")
    async def take_items_2(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    @app.delete("/items")
    async def take_items_3(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_raw_control_character_is_refused(check: Check) -> None:
    """A control character in a string must be escaped."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_route_body_limit_overrides_the_setting(check: Check) -> None:
    """A route's own `x-sabir.body_limit` counts instead of the setting."""
    app = Sabir(body_limit=10)

    @app.post("/items", body_limit=20, blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_same_name_in_different_objects(check: Check) -> None:
    """A name may be used again in another object."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_shortest_double_survives(check: Check) -> None:
    """A double printed with its shortest digits arrives as the same double."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_simple_escapes(check: Check) -> None:
    """Each of the two-character escapes stands for its character."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_single_quotes_are_refused(check: Check) -> None:
    """Strings and names stand in double quotation marks."""
    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_structured_suffix_json(check: Check) -> None:
    """A media type with the suffix +json is read as JSON."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body(content={"application/vnd.shop.order+json": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_structured_suffix_json_is_checked_like_json(check: Check) -> None:
    """Malformed content of a +json type is refused like any JSON."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body(content={"application/merge-patch+json": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_surrogate_pair_escape(check: Check) -> None:
    """Two escapes that form a surrogate pair stand for one character."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_trailing_commas_are_refused(check: Check) -> None:
    """A comma must be followed by another element or member."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_trailing_data_is_refused(check: Check) -> None:
    """Data after the value is refused, even when it is another value."""
    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_truncated_escape_is_refused(check: Check) -> None:
    """A text that ends inside an escape is malformed."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_truncated_object_is_refused(check: Check) -> None:
    """A text that ends inside an object is malformed."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_truncated_string_is_refused(check: Check) -> None:
    """A text that ends inside a string is malformed."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_unclosed_deep_nesting_is_refused(check: Check) -> None:
    """A long run of opening brackets is refused without harm."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_undeclared_body_is_ignored_by_decoding(check: Check) -> None:
    """An operation without a request body does not parse content, however malformed, but the handler can read it."""
    app = Sabir()

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text(), "size": len(await request.body())}

    check(app)


def test_unescaped_characters_outside_ascii(check: Check) -> None:
    """Text in UTF-8 needs no escapes."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_unicode_escapes(check: Check) -> None:
    """An escape with four hexadecimal digits stands for its character, in either case of the digits."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_unknown_escape_is_refused(check: Check) -> None:
    """Only the escapes of the grammar exist."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_utf_16_is_refused(check: Check) -> None:
    """JSON between systems is UTF-8; UTF-16 is malformed."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_whitespace_only_is_refused(check: Check) -> None:
    """Content of white space alone is no JSON text."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)
