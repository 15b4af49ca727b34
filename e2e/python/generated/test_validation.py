# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/validation``."""

import datetime
import decimal
import uuid
from typing import Annotated, Any

import msgspec
import pydantic
from sabir import Body, Router, Sabir
from support import Check, echo


def test_additional_properties_beside_patterns(check: Check) -> None:
    """Members that match a pattern are not additional."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {"type": "object", "patternProperties": {"^x-": {}}, "additionalProperties": False}
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_additional_properties_refused(check: Check) -> None:
    """A closed object refuses every member that it does not name, one failure for each."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "object", "properties": {"a": {}}, "additionalProperties": False}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_additional_properties_schema(check: Check) -> None:
    """Members that are not named must fit the schema of the others."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {
                            "type": "object",
                            "properties": {"name": {"type": "string"}},
                            "additionalProperties": {"type": "integer"},
                        }
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_all_of(check: Check) -> None:
    """The value must fit every schema; each failure is reported by its own keyword."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"allOf": [{"type": "string", "minLength": 2}, {"pattern": "^[a-z]*$"}]}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_annotations_do_not_refuse(check: Check) -> None:
    """Titles, descriptions, examples and comments describe; they refuse nothing."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {
                            "type": "string",
                            "title": "T",
                            "description": "D",
                            "examples": ["e"],
                            "deprecated": True,
                            "$comment": "C",
                        }
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_any_of(check: Check) -> None:
    """The value must fit one schema at least."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"anyOf": [{"type": "integer", "minimum": 10}, {"type": "string"}]}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_boolean_schema_true(check: Check) -> None:
    """The schema true takes everything."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "object", "properties": {"a": True}}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_bounds_of_big_integers(check: Check) -> None:
    """Bounds are compared exactly beyond 64 bits of precision of a double."""

    class BodyModel(msgspec.Struct):
        value: Annotated[int, msgspec.Meta(le=9007199254740992)]

    app = Sabir()

    @app.post("/items")
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_const_keyword(check: Check) -> None:
    """The value must be this one."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(schema={"type": "object", "properties": {"value": {"const": "v1"}}, "required": ["value"]}),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_const_object(check: Check) -> None:
    """Objects are equal whatever the order of their members."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={"type": "object", "properties": {"value": {"const": {"a": 1, "b": 2}}}, "required": ["value"]}
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_contains(check: Check) -> None:
    """At least one element must fit."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "array", "contains": {"type": "string"}}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_dependent_required(check: Check) -> None:
    """A member may require others."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "object", "dependentRequired": {"card": ["address"]}}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_dependent_schemas(check: Check) -> None:
    """A member may bring a schema for the whole object."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {
                            "type": "object",
                            "dependentSchemas": {"card": {"properties": {"limit": {"type": "integer"}}}},
                        }
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_enum_keyword(check: Check) -> None:
    """The value must be one of those listed."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(schema={"type": "object", "properties": {"value": {"enum": ["red", "green"]}}, "required": ["value"]}),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_enum_of_mixed_types(check: Check) -> None:
    """The listed values may be of any type."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={"type": "object", "properties": {"value": {"enum": [1, "a", None, [2]]}}, "required": ["value"]}
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_exclusive_maximum(check: Check) -> None:
    """The exclusive maximum itself is not permitted."""

    class BodyModel(msgspec.Struct):
        value: Annotated[int, msgspec.Meta(lt=10)]

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_exclusive_minimum(check: Check) -> None:
    """The exclusive minimum itself is not permitted."""

    class BodyModel(pydantic.BaseModel):
        value: Annotated[int, pydantic.Field(gt=0)]

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_format_date(check: Check) -> None:
    """The format date is asserted."""

    class BodyModel(msgspec.Struct):
        value: datetime.date

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_format_date_time(check: Check) -> None:
    """The format date-time is asserted."""

    class BodyModel(msgspec.Struct):
        value: datetime.datetime

    app = Sabir()

    @app.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_decimal(check: Check) -> None:
    """The format decimal takes a number as text and keeps its digits."""

    class BodyModel(msgspec.Struct):
        value: decimal.Decimal

    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_format_duration(check: Check) -> None:
    """The format duration is asserted."""

    class BodyModel(msgspec.Struct):
        value: datetime.timedelta

    app = Sabir()

    @app.post("/items")
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_email(check: Check) -> None:
    """The format email is asserted."""
    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "email"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_format_hostname(check: Check) -> None:
    """The format hostname is asserted."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "hostname"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_idn_email(check: Check) -> None:
    """The format idn-email is asserted."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "idn-email"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_idn_hostname(check: Check) -> None:
    """The format idn-hostname is asserted."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "idn-hostname"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_ipv4(check: Check) -> None:
    """The format ipv4 is asserted."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "ipv4"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_ipv6(check: Check) -> None:
    """The format ipv6 is asserted."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "ipv6"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_iri(check: Check) -> None:
    """The format iri is asserted."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "iri"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_iri_reference(check: Check) -> None:
    """The format iri-reference is asserted."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "iri-reference"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_json_pointer(check: Check) -> None:
    """The format json-pointer is asserted."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "json-pointer"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_format_of_another_type_is_ignored(check: Check) -> None:
    """A format for strings says nothing of numbers."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": ["string", "integer"], "format": "email"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_regex(check: Check) -> None:
    """The format regex is asserted."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "regex"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_relative_json_pointer(check: Check) -> None:
    """The format relative-json-pointer is asserted."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "relative-json-pointer"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_format_time(check: Check) -> None:
    """The format time is asserted."""

    class BodyModel(msgspec.Struct):
        value: datetime.time

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_uri(check: Check) -> None:
    """The format uri is asserted."""
    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "uri"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_format_uri_reference(check: Check) -> None:
    """The format uri-reference is asserted."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "uri-reference"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_format_uri_template(check: Check) -> None:
    """The format uri-template is asserted."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "uri-template"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_format_uuid(check: Check) -> None:
    """The format uuid is asserted."""

    class BodyModel(pydantic.BaseModel):
        value: uuid.UUID

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_if_else(check: Check) -> None:
    """A value that does not fit the condition must fit `else`."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {
                            "type": "object",
                            "if": {"properties": {"country": {"const": "US"}}, "required": ["country"]},
                            "then": {"properties": {"zip": {"pattern": "^[0-9]{5}$"}}},
                            "else": {"properties": {"zip": {"maxLength": 8}}},
                        }
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_if_then(check: Check) -> None:
    """A value that fits the condition must fit `then`."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {
                            "type": "object",
                            "if": {"properties": {"country": {"const": "US"}}, "required": ["country"]},
                            "then": {"properties": {"zip": {"pattern": "^[0-9]{5}$"}}},
                            "else": {"properties": {"zip": {"maxLength": 8}}},
                        }
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_integer_is_a_number(check: Check) -> None:
    """The type number takes whole numbers as well."""
    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(schema={"type": "object", "properties": {"value": {"type": "number"}}, "required": ["value"]}),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_items(check: Check) -> None:
    """Every element must fit."""

    class BodyModel(msgspec.Struct):
        value: list[int]

    app = Sabir()

    @app.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_items_after_prefix_items(check: Check) -> None:
    """With `prefixItems`, `items` describes the elements after them."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "integer"}}
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_keywords_of_other_types_are_ignored(check: Check) -> None:
    """A keyword for another type than the value's has no effect."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"minLength": 5, "minimum": 10, "minItems": 2}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_max_contains(check: Check) -> None:
    """No more elements than the maximum may fit."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "array", "contains": {"type": "string"}, "maxContains": 1}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_max_items(check: Check) -> None:
    """An array may have as many elements as the maximum."""

    class BodyModel(pydantic.BaseModel):
        value: Annotated[list[int], pydantic.Field(max_length=2)]

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_max_length(check: Check) -> None:
    """A string may have as many characters as the maximum."""

    class BodyModel(msgspec.Struct):
        value: Annotated[str, msgspec.Meta(max_length=3)]

    app = Sabir()

    @app.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_max_length_counts_code_points(check: Check) -> None:
    """Characters are counted, not bytes or UTF-16 units."""

    class BodyModel(msgspec.Struct):
        value: Annotated[str, msgspec.Meta(max_length=2)]

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_max_properties(check: Check) -> None:
    """An object may have as many members as the maximum."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "object", "maxProperties": 1}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_maximum(check: Check) -> None:
    """The maximum itself is permitted, more is not."""

    class BodyModel(pydantic.BaseModel):
        value: Annotated[int, pydantic.Field(le=10)]

    app = Sabir()

    @app.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_min_contains(check: Check) -> None:
    """As many elements as the minimum must fit."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "array", "contains": {"type": "string"}, "minContains": 2}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_min_contains_of_zero(check: Check) -> None:
    """With a minimum of zero no element has to fit."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "array", "contains": {"type": "string"}, "minContains": 0}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_min_items(check: Check) -> None:
    """An array must have as many elements as the minimum."""

    class BodyModel(pydantic.BaseModel):
        value: Annotated[list[int], pydantic.Field(min_length=1)]

    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_min_length(check: Check) -> None:
    """A string must have as many characters as the minimum."""

    class BodyModel(pydantic.BaseModel):
        value: Annotated[str, pydantic.Field(min_length=2)]

    app = Sabir()

    @app.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_min_length_counts_code_points(check: Check) -> None:
    """One character outside the basic plane is one character."""

    class BodyModel(msgspec.Struct):
        value: Annotated[str, msgspec.Meta(min_length=2)]

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_min_properties(check: Check) -> None:
    """An object must have as many members as the minimum."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "object", "minProperties": 1}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_minimum(check: Check) -> None:
    """The minimum itself is permitted, less is not."""

    class BodyModel(pydantic.BaseModel):
        value: Annotated[int, pydantic.Field(ge=1)]

    app = Sabir()

    @app.post("/items")
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_multiple_of(check: Check) -> None:
    """An integer must be a multiple."""

    class BodyModel(msgspec.Struct):
        value: Annotated[int, msgspec.Meta(multiple_of=5)]

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_multiple_of_a_fraction(check: Check) -> None:
    """A fraction counts as it is written in decimal."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "number", "multipleOf": 0.01}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_not_keyword(check: Check) -> None:
    """The value must not fit the schema."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={"type": "object", "properties": {"value": {"not": {"type": "string"}}}, "required": ["value"]}
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_numbers_are_compared_exactly(check: Check) -> None:
    """Numbers are held against bounds, multiples and other numbers by their mathematical value, at any size."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[
            list[Any],
            Body(
                schema={
                    "type": "array",
                    "prefixItems": [
                        {"type": "integer"},
                        {"maximum": 1},
                        {"exclusiveMinimum": -9007199254740993},
                        {"multipleOf": 0.01},
                        {"enum": [0.1, 9007199254740993]},
                        {"type": "array", "uniqueItems": True},
                    ],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_one_of(check: Check) -> None:
    """The value must fit exactly one schema."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {"oneOf": [{"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": 5}]}
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_one_of_objects(check: Check) -> None:
    """Alternatives of objects are told apart by a constant member."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {
                            "oneOf": [
                                {
                                    "type": "object",
                                    "properties": {"kind": {"const": "a"}, "n": {"type": "integer"}},
                                    "required": ["kind", "n"],
                                },
                                {
                                    "type": "object",
                                    "properties": {"kind": {"const": "b"}, "s": {"type": "string"}},
                                    "required": ["kind", "s"],
                                },
                            ]
                        }
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_pattern(check: Check) -> None:
    """A string must match the pattern."""

    class BodyModel(msgspec.Struct):
        value: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}-[0-9]+$")]

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_pattern_is_not_anchored(check: Check) -> None:
    """A pattern matches anywhere in the string unless it says otherwise."""

    class BodyModel(msgspec.Struct):
        value: Annotated[str, msgspec.Meta(pattern="b+")]

    app = Sabir()

    @app.post("/items")
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_pattern_properties(check: Check) -> None:
    """Members whose names match a pattern must fit its schema."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "object", "patternProperties": {"^x-": {"type": "string"}}}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_patterns_mean_what_ecma_262_says(check: Check) -> None:
    """Patterns are regular expressions of ECMA-262: a dot is no line end, classes are of ASCII, anchors are those of the text; look-ahead at the beginning is matched in linear time."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            list[Any],
            Body(
                schema={
                    "type": "array",
                    "prefixItems": [
                        {"pattern": "^.$"},
                        {"pattern": "^\\d+$"},
                        {"pattern": "^\\w+$"},
                        {"pattern": "^\\s$"},
                        {"pattern": "^a\\/\\cJ$"},
                        {"pattern": "^(?=.*[A-Z])(?!.*\\s).{3,}$"},
                        {"pattern": "^(?<x>.)\\k<x>$"},
                        {"pattern": "^\\p{Lu}$"},
                    ],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_pointer_escapes(check: Check) -> None:
    """Names with slashes and tildes are escaped in pointers."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "object", "additionalProperties": {"type": "integer"}}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_pointer_into_nested_arrays(check: Check) -> None:
    """A pointer names every step down to the value that does not fit."""

    class BodyModel(pydantic.BaseModel):
        value: list[list[Annotated[int, pydantic.Field(ge=0)]]]

    app = Sabir()

    @app.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_prefix_items(check: Check) -> None:
    """The first elements have schemas of their own."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]}
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_properties(check: Check) -> None:
    """Each named member must fit its own schema."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_property_names(check: Check) -> None:
    """The names of members must fit a schema."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_recursive_ref(check: Check) -> None:
    """A schema that contains itself holds at every depth."""
    app = Sabir(
        components={
            "Node": {
                "type": "object",
                "properties": {
                    "n": {"type": "integer"},
                    "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
                },
            }
        }
    )
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"$ref": "#/components/schemas/Node"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_ref_beside_other_keywords(check: Check) -> None:
    """Keywords beside a reference count as well."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"$ref": "#/$defs/Name", "maxLength": 3}},
                    "required": ["value"],
                    "$defs": {"Name": {"type": "string", "minLength": 1}},
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_ref_between_components(check: Check) -> None:
    """Components may refer to one another."""

    class Line(msgspec.Struct):
        n: Annotated[int, msgspec.Meta(ge=1)] | msgspec.UnsetType = msgspec.UNSET

    class Order(msgspec.Struct):
        lines: list[Line] | msgspec.UnsetType = msgspec.UNSET

    class BodyModel(msgspec.Struct):
        value: Order

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_ref_to_components(check: Check) -> None:
    """A reference to the components of the application is followed."""

    class Order(pydantic.BaseModel):
        sku: str

    class BodyModel(pydantic.BaseModel):
        value: Order

    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_ref_to_definitions(check: Check) -> None:
    """A reference to `$defs` of the same schema is followed."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"$ref": "#/$defs/Quantity"}},
                    "required": ["value"],
                    "$defs": {"Quantity": {"type": "integer", "minimum": 1}},
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_required(check: Check) -> None:
    """Every required member that is missing is reported at the object that lacks it."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "object", "required": ["a", "b"]}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_several_keywords_of_one_value(check: Check) -> None:
    """Every keyword that one value fails is reported."""

    class BodyModel(msgspec.Struct):
        value: Annotated[str, msgspec.Meta(min_length=3, pattern="^[a-z]+$")]

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_type_array(check: Check) -> None:
    """The type array takes arrays only."""

    class BodyModel(pydantic.BaseModel):
        value: list[Any]

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_type_boolean(check: Check) -> None:
    """The type boolean takes true and false; 0 and 1 are none."""

    class BodyModel(pydantic.BaseModel):
        value: bool

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_type_integer(check: Check) -> None:
    """The type integer takes whole numbers and no strings of digits."""

    class BodyModel(msgspec.Struct):
        value: int

    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_type_list(check: Check) -> None:
    """Of several types the value must have one."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={"type": "object", "properties": {"value": {"type": ["string", "null"]}}, "required": ["value"]}
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_type_null(check: Check) -> None:
    """The type null takes null only."""
    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(schema={"type": "object", "properties": {"value": {"type": "null"}}, "required": ["value"]}),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_type_number(check: Check) -> None:
    """The type number takes numbers with a fraction; a boolean is none."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(schema={"type": "object", "properties": {"value": {"type": "number"}}, "required": ["value"]}),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_type_object(check: Check) -> None:
    """The type object takes objects only."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(schema={"type": "object", "properties": {"value": {"type": "object"}}, "required": ["value"]}),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_type_string(check: Check) -> None:
    """The type string takes strings only."""

    class BodyModel(pydantic.BaseModel):
        value: str

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_unevaluated_items(check: Check) -> None:
    """Elements that no other keyword describes are refused."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {
                            "type": "array",
                            "allOf": [{"prefixItems": [{"type": "string"}]}],
                            "unevaluatedItems": False,
                        }
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_unevaluated_properties(check: Check) -> None:
    """Members that no other keyword describes are refused, also across combined schemas."""
    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {
                        "value": {
                            "allOf": [{"type": "object", "properties": {"a": {}}}, {"properties": {"b": {}}}],
                            "unevaluatedProperties": False,
                        }
                    },
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_unique_items(check: Check) -> None:
    """No two elements may be equal."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "array", "uniqueItems": True}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_unknown_format_is_an_annotation(check: Check) -> None:
    """A format that is not known refuses nothing."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                schema={
                    "type": "object",
                    "properties": {"value": {"type": "string", "format": "x-colour"}},
                    "required": ["value"],
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_violations_are_told_up_to_a_hundred(check: Check) -> None:
    """Without a setting, a hundred violations are told, of however many branches a combination has and whichever members are not permitted."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            list[Any],
            Body(
                schema={
                    "type": "array",
                    "items": {
                        "oneOf": [
                            {"type": "integer", "minimum": 0, "maximum": 0},
                            {"type": "integer", "minimum": 1, "maximum": 1},
                            {"type": "integer", "minimum": 2, "maximum": 2},
                            {"type": "integer", "minimum": 3, "maximum": 3},
                            {"type": "integer", "minimum": 4, "maximum": 4},
                            {"type": "integer", "minimum": 5, "maximum": 5},
                            {"type": "integer", "minimum": 6, "maximum": 6},
                            {"type": "integer", "minimum": 7, "maximum": 7},
                        ]
                    },
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/objects")
    async def take_objects(
        body: Annotated[dict[str, Any], Body(schema={"type": "object", "additionalProperties": False})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_violations_are_told_up_to_a_limit(check: Check) -> None:
    """As many violations are told as the setting permits, of parameters and body together, and the problem says when there are more."""
    app = Sabir(violation_limit=3)

    @app.post("/items")
    async def take_items(*, n: int | None = None, body: Annotated[list[str], Body()]) -> dict[str, Any]:
        return echo(query={"n": n}, body=body)

    check(app)


def test_whole_number_with_a_fraction_of_zero_is_an_integer(check: Check) -> None:
    """The number 1.0 is an integer, for JSON knows one kind of number."""

    class BodyModel(msgspec.Struct):
        value: int

    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)
