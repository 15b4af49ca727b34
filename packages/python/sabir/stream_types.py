"""What return annotations say of streams: ``AsyncIterator[Row]`` and the like."""

from __future__ import annotations

import collections.abc
from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin

from sabir.annotations import bare
from sabir.components import Components
from sabir.event import Event
from sabir.media_types import EVENT_STREAM, JSON_LINES, OCTETS, TEXT
from sabir.parameters import JsonSchema
from sabir.schema import schema_of
from sabir.statuses import members, pair

_OPEN = (Any, object)
_OCTETS = (bytes, bytearray, memoryview)


def stream_annotation(annotation: Any, *, is_generator: bool) -> Any:
    """Return the annotation of a handler, where ``Iterable`` means a stream if the handler is a generator."""
    inner = bare(annotation)
    if is_generator and (get_origin(inner) or inner) is collections.abc.Iterable:
        iterator: Any = collections.abc.Iterator
        return iterator[get_args(inner)[0] if get_args(inner) else Any]
    return annotation


def items_of(annotation: Any) -> list[Any]:
    """Return the types that a stream with this annotation yields; none if it is that of no stream."""
    inner = bare(annotation)
    origin = get_origin(inner) or inner
    if not isinstance(origin, type) or not issubclass(origin, collections.abc.Iterator | collections.abc.AsyncIterable):
        return []
    arguments = get_args(inner)
    return members(arguments[0]) if arguments else [Any]


def stream_type(annotation: Any) -> str | None:
    """Return the media type of the streams of an annotation, or ``None`` where the values will say it."""
    found: list[Any] = []
    for member in members(annotation):
        paired = pair(member)
        for content in [member] if paired is None else members(paired[0]):
            found.extend(items_of(content))
    return stream_type_of(found)


def stream_type_of(items: list[Any]) -> str | None:
    """Return the media type of a stream that yields ``items``, or ``None`` where the values will say it."""
    kinds = {bare(item) for item in items}
    if any(_is_event(kind) for kind in kinds):
        return EVENT_STREAM
    if not kinds or any(kind in _OPEN or isinstance(kind, TypeVar) for kind in kinds):
        return None
    if kinds == {str}:
        return TEXT
    if kinds <= set(_OCTETS):
        return OCTETS
    return None if kinds <= {str, *_OCTETS} else JSON_LINES


def _is_event(kind: Any) -> bool:
    return (get_origin(kind) or kind) is Event


def media_of(items: list[Any], media_type: str, events: Mapping[str, Any], components: Components) -> dict[str, Any]:
    """Return the OpenAPI Media Type Object of a stream that yields ``items``.

    Raises:
        TypeError: If an item cannot be described.
    """
    schema = _event_schema(items, events, components) if media_type == EVENT_STREAM else _item_schema(items, components)
    return {} if schema is None else {"itemSchema": schema}


def _item_schema(items: list[Any], components: Components) -> JsonSchema | None:
    if stream_type_of(items) != JSON_LINES:
        return None
    schemas = [schema_of(item, components, "serialization") for item in items]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _event_schema(items: list[Any], events: Mapping[str, Any], components: Components) -> JsonSchema:
    """Describe an event as OpenAPI 3.2 §4.14.4 does: an object that has its fields."""
    types: list[Any] = []
    for item in items:
        inner = bare(item)
        types.extend([item] if not _is_event(inner) else members((*get_args(inner), Any)[0]))
    properties: JsonSchema = {
        "data": _data_schema(types, components),
        "event": {"type": "string"},
        "id": {"type": "string"},
        "retry": {"type": "integer", "minimum": 0},
    }
    schema: JsonSchema = {"type": "object", "properties": properties}
    if events:
        schema["oneOf"] = [_named_schema(name, data, components) for name, data in events.items()]
    return schema


def _named_schema(name: str, data: Any, components: Components) -> JsonSchema:
    schema: JsonSchema = {
        "properties": {"event": {"const": name}, "data": _data_schema(members(data), components)},
        "required": ["event"],
    }
    if name == "message":
        # What an event without a name is.
        del schema["required"]
    return schema


def _data_schema(types: list[Any], components: Components) -> JsonSchema:
    """Return the schema of the field ``data``: text, which is JSON where the values are sent as such."""
    text: JsonSchema = {"type": "string"}
    described = [kind for kind in types if bare(kind) is not type(None)]
    if not described or any(bare(kind) in (*_OPEN, str, *_OCTETS) or isinstance(bare(kind), TypeVar) for kind in types):
        return text
    schemas = [schema_of(kind, components, "serialization") for kind in described]
    content = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    return {**text, "contentMediaType": "application/json", "contentSchema": content}
