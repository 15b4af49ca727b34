"""From what a handler returned to status, header fields and bytes."""

from __future__ import annotations

from typing import Any

import msgspec

from sabir.problem import Problem
from sabir.response import Response

Encoded = tuple[int, list[tuple[str, str]], bytes]


def plain(value: Any) -> Any:
    """Turn a value that msgspec does not know into one that it does.

    Raises:
        TypeError: If nothing is known about its type.
    """
    if hasattr(type(value), "__pydantic_serializer__"):
        return type(value).__pydantic_serializer__.to_python(value, mode="json", by_alias=True)
    raise TypeError(f"a value of type {type(value).__qualname__} cannot be sent as JSON")


_encoder = msgspec.json.Encoder(enc_hook=plain)


def encode_json(value: Any) -> bytes:
    """Encode ``value`` as JSON."""
    return _encoder.encode(value)


def encode_result(value: Any, status: int | None) -> Encoded:
    """Encode what a handler returned; ``status`` is the route's own, when it declares one.

    Raises:
        Problem: If the handler returned one.
    """
    if isinstance(value, Problem):
        raise value
    if isinstance(value, Response):
        return _encode_response(value, status)
    if _has_status(value):
        content, given = value
        return encode_result(content, given)
    if value is None:
        return (204 if status is None else status), [], b""
    media_type, content = _encode_content(value)
    return (200 if status is None else status), [("content-type", media_type)], content


def _has_status(value: Any) -> bool:
    """Whether ``value`` is the pair of a value and a status code, and not a tuple to be sent as an array."""
    if type(value) is not tuple or len(value) != 2:
        return False
    return isinstance(value[1], int) and not isinstance(value[1], bool) and 100 <= value[1] <= 599


def _encode_response(response: Response, status: int | None) -> Encoded:
    code = response.status if response.status is not None else status
    headers = list(response.headers)
    content = b""
    media_type = response.media_type
    if response.content is not None:
        natural, content = _encode_content(response.content)
        media_type = media_type or natural
    if media_type is not None and all(name != "content-type" for name, _ in headers):
        headers.insert(0, ("content-type", media_type))
    return (200 if code is None else code), headers, content


def _encode_content(value: Any) -> tuple[str, bytes]:
    if isinstance(value, str):
        return "text/plain; charset=utf-8", value.encode()
    if isinstance(value, bytes | bytearray | memoryview):
        return "application/octet-stream", bytes(value)
    return "application/json", encode_json(value)
