"""What annotations say of WebSockets: ``WebSocket[In, Out]``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args, get_origin

from sabir.annotations import bare
from sabir.components import Components
from sabir.convert import body_converter
from sabir.parameters import JsonSchema
from sabir.problems import UnsupportedMediaType
from sabir.schema import schema_of
from sabir.statuses import members
from sabir.websocket import WebSocket

NAMES = ("ws", "websocket", "socket")
"""What a parameter without an annotation is called that is the socket."""

_OPEN = (Any, object)
_OCTETS = (bytes, bytearray, memoryview)


def is_socket(annotation: Any) -> bool:
    """Whether the annotation is that of a WebSocket."""
    inner = bare(annotation)
    origin = get_origin(inner) or inner
    return isinstance(origin, type) and issubclass(origin, WebSocket)


def socket_parameter(filled: list[inspect.Parameter], types: Mapping[str, Any]) -> str | None:
    """Return the name of the parameter that is the socket: by its annotation, or by its name where it has none."""
    for parameter in filled:
        if is_socket(types.get(parameter.name)):
            return parameter.name
    for parameter in filled:
        if parameter.name in NAMES and types.get(parameter.name, inspect.Parameter.empty) is inspect.Parameter.empty:
            return parameter.name
    return None


def message_types(annotation: Any) -> tuple[Any, Any]:
    """Return the types of what a socket receives and sends."""
    incoming, outgoing = (*get_args(bare(annotation)), Any, Any)[:2]
    return incoming, outgoing


def message_schema(annotation: Any, components: Components, *, is_sent: bool = False) -> JsonSchema | None:
    """Return the schema of messages of a type; ``None`` where they are text or bytes as they are.

    Raises:
        TypeError: If the type has no schema, or messages are either JSON or not.
    """
    kinds = {bare(member) for member in members(annotation)}
    if not kinds or any(kind in _OPEN or isinstance(kind, TypeVar) for kind in kinds):
        return None
    if kinds <= {str, *_OCTETS}:
        return None
    if not is_sent and kinds & {*_OCTETS}:
        raise TypeError("messages of JSON are text; take either bytes, or a type of JSON")
    if not is_sent:
        return schema_of(annotation, components)
    # What is sent need not be told apart by tags.
    schemas = [schema_of(member, components, "serialization") for member in members(annotation)]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def message_converter(annotation: Any) -> Callable[[Any], Any] | None:
    """Return what turns messages into ``annotation``; ``None`` where they are that already."""
    kinds = {bare(member) for member in members(annotation)}
    if kinds == {str}:
        return _text
    if kinds and kinds <= set(_OCTETS):
        return _octets
    if not kinds or kinds <= {str, *_OCTETS} or any(isinstance(kind, TypeVar) for kind in kinds):
        return None
    return body_converter(annotation)


def _text(message: str | bytes) -> str:
    if isinstance(message, str):
        return message
    raise UnsupportedMediaType("Messages of this socket are text.")


def _octets(message: str | bytes) -> bytes:
    if isinstance(message, bytes):
        return message
    raise UnsupportedMediaType("Messages of this socket are binary.")
