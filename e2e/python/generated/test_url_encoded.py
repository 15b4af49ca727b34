# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/url_encoded``."""

import datetime
import decimal
import uuid
from typing import Annotated, Any

import msgspec
from sabir import Body, Form, Router, Sabir
from support import Check, echo


def test_additional_fields_are_coerced_by_their_schema(check: Check) -> None:
    """Fields that only `additionalProperties` describes are coerced by it."""
    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="application/x-www-form-urlencoded",
                schema={"type": "object", "additionalProperties": {"type": "integer"}},
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_additional_fields_are_refused_when_closed(check: Check) -> None:
    """A field that a closed schema does not declare is refused."""

    class BodyModel(msgspec.Struct, forbid_unknown_fields=True):
        name: str | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_all_failures_are_reported_at_once(check: Check) -> None:
    """Every field that does not fit is named."""

    class BodyModel(msgspec.Struct):
        a: Annotated[int, msgspec.Meta(ge=1)] | msgspec.UnsetType = msgspec.UNSET
        b: int | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_bad_percent_escape_is_refused(check: Check) -> None:
    """A percent sign without two hexadecimal digits is malformed."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_boolean_field_is_coerced(check: Check) -> None:
    """A field that the schema declares as a boolean takes true and false."""

    class BodyModel(msgspec.Struct):
        a: bool | msgspec.UnsetType = msgspec.UNSET
        b: bool | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_brackets_nest_objects(check: Check) -> None:
    """A name in brackets is a member of the field before them."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="application/x-www-form-urlencoded",
                schema={
                    "type": "object",
                    "properties": {
                        "address": {
                            "type": "object",
                            "properties": {
                                "city": {"type": "string"},
                                "geo": {"type": "object", "properties": {"lat": {"type": "number"}}},
                            },
                        }
                    },
                },
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_bytes_that_are_not_utf_8_are_refused(check: Check) -> None:
    """Raw bytes that are not UTF-8 are malformed."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_date_field_is_coerced(check: Check) -> None:
    """A field with the format date arrives as a date."""

    class BodyModel(msgspec.Struct):
        day: datetime.date | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_decimal_field_keeps_its_digits(check: Check) -> None:
    """A field with the format decimal keeps trailing zeros."""

    class BodyModel(msgspec.Struct):
        price: decimal.Decimal | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_deeply_nested_name_is_refused(check: Check) -> None:
    """A name with a great many brackets is refused without harm."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_default_field_limit(check: Check) -> None:
    """By default 1000 fields are read and 1001 are refused."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_empty_brackets_make_a_list(check: Check) -> None:
    """A name that ends in empty brackets is an array, even with one element."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_empty_form_where_one_is_required(check: Check) -> None:
    """A form without content is a missing body."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_empty_number_is_null_where_null_is_permitted(check: Check) -> None:
    """An input that was left empty is null where the schema permits null."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="application/x-www-form-urlencoded",
                schema={"type": "object", "properties": {"age": {"type": ["integer", "null"]}}},
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_empty_pairs_are_skipped(check: Check) -> None:
    """Ampersands that separate nothing are skipped."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_enumeration_of_a_field(check: Check) -> None:
    """A field with an enumeration takes only its values."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="application/x-www-form-urlencoded",
                schema={"type": "object", "properties": {"size": {"type": "string", "enum": ["s", "m", "l"]}}},
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_equals_signs_after_the_first_belong_to_the_value(check: Check) -> None:
    """Only the first equals sign separates name and value."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_escaped_separators_belong_to_the_value(check: Check) -> None:
    """Escaped ampersands and equals signs do not separate."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_escapes_that_are_not_utf_8_are_refused(check: Check) -> None:
    """Escapes whose bytes are not UTF-8 are malformed instead of replaced."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_field_left_empty_is_absent(check: Check) -> None:
    """A browser sends an empty text for a field that was left empty: an optional field that is no string is then absent."""

    class BodyModel(msgspec.Struct, kw_only=True):
        n: int | msgspec.UnsetType = msgspec.UNSET
        day: datetime.date | msgspec.UnsetType = msgspec.UNSET
        ns: list[int] | msgspec.UnsetType = msgspec.UNSET
        s: str | msgspec.UnsetType = msgspec.UNSET
        must: int

    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_field_that_is_a_value_and_an_object_is_refused(check: Check) -> None:
    """A field cannot be both a value and an object."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_field_without_equals_sign_is_empty(check: Check) -> None:
    """A name without an equals sign has the empty value."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_fields_declared_in_a_component(check: Check) -> None:
    """Fields are coerced by a schema that is only referred to."""

    class Order(msgspec.Struct):
        sku: str
        quantity: Annotated[int, msgspec.Meta(ge=1)] | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[Order, Form(media_type="application/x-www-form-urlencoded")],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_flat_fields(check: Check) -> None:
    """The fields of a form arrive as an object of strings."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_integer_field_is_coerced(check: Check) -> None:
    """A field that the schema declares as an integer arrives as one."""

    class BodyModel(msgspec.Struct):
        quantity: int | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_large_integer_field_is_exact(check: Check) -> None:
    """An integer field beyond 64 bits keeps its digits."""

    class BodyModel(msgspec.Struct):
        id: int | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_lists_of_several_types(check: Check) -> None:
    """An array beside another type, and arrays whose items differ, are read by the rule of parameters."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="application/x-www-form-urlencoded",
                schema={
                    "type": "object",
                    "properties": {
                        "list_or_int": {
                            "anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "integer"}]
                        },
                        "int_or_list": {
                            "anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]
                        },
                        "ints_or_words": {
                            "anyOf": [
                                {"type": "array", "items": {"type": "integer"}},
                                {"type": "array", "items": {"type": "string"}},
                            ]
                        },
                        "mixed_items": {
                            "type": "array",
                            "items": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]},
                        },
                        "tuple": {
                            "type": "array",
                            "prefixItems": [{"type": "integer"}, {"type": "boolean"}],
                            "items": False,
                            "minItems": 2,
                        },
                    },
                },
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_missing_required_field(check: Check) -> None:
    """A required field that is missing is reported at the object that lacks it."""

    class BodyModel(msgspec.Struct):
        name: str
        city: str | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_missing_required_nested_field(check: Check) -> None:
    """A required member of a nested object is reported at that object."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="application/x-www-form-urlencoded",
                schema={
                    "type": "object",
                    "properties": {
                        "address": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
                    },
                },
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_number_field_is_coerced(check: Check) -> None:
    """A field that the schema declares as a number arrives as a float."""

    class BodyModel(msgspec.Struct):
        price: float | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_numbered_brackets_order_a_list(check: Check) -> None:
    """Numbers in brackets give the order of an array's elements."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="application/x-www-form-urlencoded",
                schema={"type": "object", "properties": {"n": {"type": "array", "items": {"type": "integer"}}}},
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_objects_in_a_numbered_list(check: Check) -> None:
    """Elements of an array may be objects."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="application/x-www-form-urlencoded",
                schema={
                    "type": "object",
                    "properties": {
                        "lines": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {"sku": {"type": "string"}, "quantity": {"type": "integer"}},
                            },
                        }
                    },
                },
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_percent_encoded_brackets_nest_objects(check: Check) -> None:
    """Brackets mean the same when they are percent-encoded, as browsers send them."""

    class Address(msgspec.Struct):
        city: str | msgspec.UnsetType = msgspec.UNSET

    class BodyModel(msgspec.Struct):
        address: Address | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_percent_escapes_are_decoded_as_utf_8(check: Check) -> None:
    """Percent escapes are bytes of UTF-8, in names as well as in values."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_plus_is_a_space(check: Check) -> None:
    """A plus sign stands for a space, an escaped one for itself."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_repeated_field_becomes_a_list(check: Check) -> None:
    """A field that the schema declares as an array collects its repetitions in order."""

    class BodyModel(msgspec.Struct):
        tag: list[str] | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_repeated_field_of_a_single_value_is_refused(check: Check) -> None:
    """A field declared as one string must not be given twice."""

    class BodyModel(msgspec.Struct):
        name: str | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_repeated_integers_are_coerced(check: Check) -> None:
    """Every element of an array field is coerced by the schema of the items."""

    class BodyModel(msgspec.Struct):
        n: list[int] | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_schemas_behind_anchors_and_uris(check: Check) -> None:
    """A field of a form is what its schema says, also where that is behind an anchor or the URI of a schema inside it."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="application/x-www-form-urlencoded",
                schema={
                    "type": "object",
                    "properties": {
                        "count": {"$ref": "#count"},
                        "tags": {"type": "array", "items": {"$ref": "https://example.org/tag"}},
                    },
                    "$defs": {
                        "count": {"$anchor": "count", "type": "integer", "minimum": 1},
                        "tag": {
                            "$id": "https://example.org/tag",
                            "anyOf": [{"type": "boolean"}, {"$ref": "#word"}],
                            "$defs": {"word": {"$anchor": "word", "type": "string", "minLength": 2}},
                        },
                    },
                },
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_semicolon_is_no_separator(check: Check) -> None:
    """A semicolon is part of the value."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_several_types(check: Check) -> None:
    """Of several types, the first counts whose value the schema accepts; text comes last."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="application/x-www-form-urlencoded",
                schema={
                    "type": "object",
                    "properties": {
                        "int_or_bool": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]},
                        "types": {"type": ["integer", "boolean"]},
                        "one_of": {"oneOf": [{"type": "boolean"}, {"type": "integer", "minimum": 5}]},
                        "int_or_all": {"anyOf": [{"const": "all"}, {"type": "integer"}]},
                        "int_or_text": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                        "int_or_float": {"anyOf": [{"type": "integer"}, {"type": "number"}]},
                        "mixed": {"enum": [1, "a", True, 2.5]},
                        "maybe": {"anyOf": [{"type": "integer"}, {"type": "boolean"}, {"type": "null"}]},
                    },
                },
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_single_field_of_an_array_becomes_a_list(check: Check) -> None:
    """An array field that is given once is a list of one."""

    class BodyModel(msgspec.Struct):
        tag: list[str] | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_text_that_is_no_integer_is_refused(check: Check) -> None:
    """A field whose text does not fit the declared type is a validation problem."""

    class BodyModel(msgspec.Struct):
        quantity: int | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_too_many_fields(check: Check) -> None:
    """A form with more fields than `form_field_limit` is refused, one with exactly so many is read."""
    app = Sabir(form_field_limit=3)
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_unescaped_utf_8_is_read(check: Check) -> None:
    """Text outside ASCII that is not escaped is read as UTF-8."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_unpaired_brackets_are_part_of_the_name(check: Check) -> None:
    """Brackets that do not pair have no meaning."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_uuid_field_is_coerced(check: Check) -> None:
    """A field with the format uuid arrives as a UUID in lower case."""

    class BodyModel(msgspec.Struct):
        id: uuid.UUID | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[BodyModel, Form(media_type="application/x-www-form-urlencoded")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_values_stay_strings_without_a_schema(check: Check) -> None:
    """Without a schema nothing is guessed from the looks of a value."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[Any, Body(content={"application/x-www-form-urlencoded": {}})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)
