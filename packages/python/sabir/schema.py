"""From a type to its JSON Schema."""

from __future__ import annotations

import contextlib
import datetime
import enum
import functools
import typing
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

import msgspec

from sabir.annotations import UNION_ORIGINS, is_model, is_pydantic, leaves, split_annotated
from sabir.components import REFERENCE, Components, component_name
from sabir.parameters import JsonSchema
from sabir.text_types import Octets, text_type
from sabir.upload import UploadFile

# msgspec leaves the format out where it also accepts a time without a zone; on the wire RFC 3339 is meant, and the
# runtime gives handlers these types by format.
_SCALARS: dict[Any, JsonSchema] = {
    datetime.datetime: {"type": "string", "format": "date-time"},
    datetime.time: {"type": "string", "format": "time"},
    UploadFile: {"type": "string", "format": "binary"},
    Octets: {"type": "string", "format": "binary"},
    object: {},
}


Mode = Literal["validation", "serialization"]
"""Whether a value is read or written, which pydantic tells apart: computed fields are written only."""


def schema_of(annotation: Any, components: Components, mode: Mode = "validation") -> JsonSchema:
    """Return the schema of a type. Models are put into ``components`` under their names and referred to.

    Raises:
        TypeError: If the type cannot be described.
    """
    if is_pydantic(annotation):
        return _pydantic_schema(annotation, components, mode)
    inner, metadata = split_annotated(annotation)
    if not metadata:
        if inner in _SCALARS:
            return dict(_SCALARS[inner])
        if get_origin(inner) is list:
            return {"type": "array", "items": schema_of(get_args(inner)[0], components, mode)}
        if get_origin(inner) in UNION_ORIGINS and not is_model(inner):
            return {"anyOf": [schema_of(member, components, mode) for member in get_args(inner)]}
        if isinstance(inner, type) and issubclass(inner, enum.Enum):
            values = [member.value for member in inner]
            if len({type(value) for value in values}) > 1:
                return {"enum": values}
    return _msgspec_schema(annotation, components)


def parameter_schema(annotation: Any, components: Components) -> JsonSchema:
    """Return the schema of a parameter: as :func:`schema_of`, but its own type stands in it and not behind a reference.

    A parameter is text, and is read by the type that its schema names; an object has the members that its schema speaks
    of, which for a dictionary are all.
    """
    local = Components()
    schema = _inline(schema_of(text_type(annotation), local), local)
    if schema.get("type") == "object" and "properties" not in schema:
        schema.setdefault("additionalProperties", {})
    recursive: dict[str, JsonSchema] = {}
    for name, component in local.items():
        if _refers(schema, name) or any(_refers(other, name) for other in local.values()):
            recursive[name] = component
    return dict(components.adopt(schema, recursive))


def _msgspec_schema(annotation: Any, components: Components) -> JsonSchema:
    def describe(other: type) -> JsonSchema:
        if other in _SCALARS:
            # msgspec takes no schema that says nothing.
            return dict(_SCALARS[other]) or dict(_ANYTHING)
        raise TypeError(f"{getattr(other, '__qualname__', other)} has no JSON Schema")

    (schema,), found = msgspec.json.schema_components(
        [annotation], schema_hook=describe, ref_template=REFERENCE + "{name}"
    )
    schema, found = _without_placeholders(schema), _without_placeholders(found)
    for component in (*found.values(), schema):
        _name_type_of_enum(component)
    _name_formats(msgspec.inspect.type_info(annotation), schema, found)
    return dict(components.adopt(schema, found, _classes(annotation)))


_ANYTHING = {"$comment": "any value"}


def _without_placeholders(schema: Any) -> Any:
    """Return the schema with ``{}`` for what stands for it."""
    if isinstance(schema, dict):
        return {} if schema == _ANYTHING else {key: _without_placeholders(value) for key, value in schema.items()}
    return [_without_placeholders(item) for item in schema] if isinstance(schema, list) else schema


def _classes(annotation: Any) -> dict[str, type]:
    """Return the models in an annotation, at any depth, by the names that their libraries give them."""
    found: dict[str, type] = {}

    def visit(annotation: Any) -> None:
        for leaf in leaves(annotation):
            if isinstance(leaf, type) and leaf not in found.values() and is_model(leaf):
                # Two of one name have longer names to their library already.
                found.setdefault(component_name(leaf.__name__), leaf)
                with contextlib.suppress(Exception):
                    for hint in typing.get_type_hints(leaf, include_extras=True).values():
                        visit(hint)

    visit(annotation)
    return found


def _name_formats(info: msgspec.inspect.Type, schema: JsonSchema, components: dict[str, JsonSchema]) -> None:
    """Add the ``format`` of times to ``schema``, which describes ``info``, and to the components it refers to."""
    seen: set[str] = set()

    def walk(info: msgspec.inspect.Type, schema: JsonSchema) -> None:
        match info:
            case msgspec.inspect.Metadata():
                walk(info.type, schema)
            case msgspec.inspect.DateTimeType():
                schema.setdefault("format", "date-time")
            case msgspec.inspect.TimeType():
                schema.setdefault("format", "time")
            case msgspec.inspect.UnionType():
                for member in info.types:
                    for described in schema.get("anyOf", [schema]):
                        if isinstance(member, _TIMES) == (described.get("type") == "string"):
                            walk(member, described)
            case msgspec.inspect.CollectionType():
                walk(info.item_type, schema.get("items", {}))
            case msgspec.inspect.TupleType():
                for item, described in zip(info.item_types, schema.get("prefixItems", ()), strict=False):
                    walk(item, described)
            case msgspec.inspect.DictType():
                walk(info.value_type, schema.get("additionalProperties", {}))
            case (
                msgspec.inspect.StructType()
                | msgspec.inspect.TypedDictType()
                | msgspec.inspect.DataclassType()
                | msgspec.inspect.NamedTupleType()
            ):
                name = str(schema.get("$ref", "")).removeprefix(REFERENCE)
                if name in components and name not in seen:
                    seen.add(name)
                    properties = components[name].get("properties", {})
                    for field in info.fields:
                        walk(field.type, properties.get(field.encode_name, {}))

    walk(info, schema)


_TIMES = (msgspec.inspect.DateTimeType, msgspec.inspect.TimeType)


def _name_type_of_enum(schema: JsonSchema) -> None:
    """Add ``type`` beside ``enum`` where all values agree, so that the text of a parameter can be read by it."""
    if "enum" in schema and "type" not in schema:
        names = {_JSON_TYPES.get(type(value)) for value in schema["enum"]}
        if len(names) == 1 and None not in names:
            schema["type"] = names.pop()
    for key in ("anyOf", "oneOf"):
        for member in schema.get(key, ()):
            _name_type_of_enum(member)
    if isinstance(schema.get("items"), dict):
        _name_type_of_enum(schema["items"])


_JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}


def _pydantic_schema(annotation: Any, components: Components, mode: Mode) -> JsonSchema:
    # Optional dependency: a model of pydantic can only be here when pydantic is installed.
    from pydantic import TypeAdapter
    from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError

    try:
        schemas, document = TypeAdapter.json_schemas(
            [("", mode, TypeAdapter(annotation))],
            ref_template=REFERENCE + "{model}",
            schema_generator=_pydantic_generator(),
        )
    except (PydanticUserError, PydanticSchemaGenerationError) as error:
        raise TypeError(str(error)) from error
    schema = schemas["", mode]
    _name_type_of_enum(schema)
    return dict(components.adopt(schema, document.get("$defs", {}), _classes(annotation)))


@functools.cache
def _pydantic_generator() -> Any:
    from pydantic.json_schema import GenerateJsonSchema

    class Generator(GenerateJsonSchema):
        """Gives fields no titles that only repeat their names, as no other library does."""

        def field_title_should_be_set(self, schema: Any) -> bool:
            return False

    return Generator


def _inline(schema: JsonSchema, components: Mapping[str, JsonSchema]) -> JsonSchema:
    """Replace references to the top and to items by what they refer to."""
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith(REFERENCE):
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**components[reference.removeprefix(REFERENCE)], **rest}
    else:
        schema = dict(schema)
    if isinstance(schema.get("items"), dict):
        schema["items"] = _inline(schema["items"], components)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            schema[key] = [_inline(member, components) for member in schema[key]]
    _name_type_of_enum(schema)
    return schema


def _refers(schema: Any, name: str) -> bool:
    if isinstance(schema, dict):
        return schema.get("$ref") == REFERENCE + name or any(_refers(value, name) for value in schema.values())
    return isinstance(schema, list) and any(_refers(value, name) for value in schema)


def encode_default(default: Any) -> Any:
    """Return a default as JSON data, or ``None`` where JSON has no word for it or the default is ``None``."""
    if isinstance(default, enum.Enum):
        default = default.value
    try:
        return msgspec.to_builtins(default, str_keys=True)
    except (TypeError, ValueError):
        return None
