"""From what a handler returned to status, header fields and bytes."""

from __future__ import annotations

import collections
import enum
import inspect
import ipaddress
import os
from collections.abc import AsyncIterable, Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from sabir.aliases import may_hold_models, with_aliases
from sabir.annotations import bare
from sabir.channel_events import ChannelEvents
from sabir.chunks import Chunks
from sabir.file_response import FileResponse
from sabir.headers import header_field
from sabir.media_types import are_events
from sabir.problem import Problem
from sabir.response import JSONResponse, Response, StreamingResponse, TrailerFields
from sabir.statuses import members

if TYPE_CHECKING:
    from sabir._sabir import NativeEvents

Encode = Callable[[Any], bytes]

Encoded = tuple[int, list[tuple[str, str]], "bytes | str | NativeEvents"] | Chunks
"""Status, header fields and content, where text is the path of a file that the runtime sends; or what makes content."""

_LISTS = (collections.deque, collections.UserList, range, Set, collections.abc.ValuesView)
_TEXTS = (
    ipaddress.IPv4Address,
    ipaddress.IPv6Address,
    ipaddress.IPv4Interface,
    ipaddress.IPv6Interface,
    ipaddress.IPv4Network,
    ipaddress.IPv6Network,
)


def plain(value: Any) -> Any:
    """Turn a value that msgspec does not know into one that it does.

    Raises:
        TypeError: If nothing is known about its type.
    """
    kind = type(value)
    if hasattr(kind, "__pydantic_serializer__"):
        return kind.__pydantic_serializer__.to_python(value, mode="json", by_alias=True)
    if value is None or isinstance(value, bool):
        # As a value msgspec knows it; it is the key of an object, for which Python's json has these words.
        return {None: "null", True: "true", False: "false"}[value]
    # msgspec takes exact types only; a subclass is sent as what it is one of.
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, bytes):
        return bytes(value)
    if isinstance(value, Mapping):
        return with_aliases(dict(value))
    if isinstance(value, _LISTS):
        return with_aliases(list(value))
    if isinstance(value, _TEXTS):
        return str(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if kind.__module__.partition(".")[0] in ("pydantic", "pydantic_core", "pydantic_extra_types"):
        from pydantic_core import to_jsonable_python

        return to_jsonable_python(value)
    raise TypeError(f"a value of type {kind.__qualname__} cannot be sent as JSON{_remedy(value)}")


def _remedy(value: Any) -> str:
    if inspect.iscoroutine(value):
        value.close()
        return "; await it"
    if inspect.isawaitable(value):
        return "; await it"
    if isinstance(value, tuple | list | dict):
        return " as the key of an object"
    if isinstance(value, Iterator) or inspect.isasyncgen(value):
        return " within other values; collect what it yields into a list"
    return ""


_encoder = msgspec.json.Encoder(enc_hook=plain)


def encode_json(value: Any) -> bytes:
    """Encode ``value`` as JSON, whatever it holds."""
    return _encoder.encode(with_aliases(value))


def encoder_of(annotation: Any) -> Encode:
    """Return what encodes the values of a route whose return annotation this is as JSON.

    Where it says what they hold, and that is no dataclass of pydantic, none is looked for.
    """
    values = [member for member in members(annotation) if not _is_answer(bare(member))]
    return encode_json if any(may_hold_models(value) for value in values) else _encoder.encode


@dataclass(frozen=True, slots=True)
class Answers:
    """What a route declares of its answers."""

    status: int | None = None
    """The status of a success."""
    statuses: Collection[int] | None = None
    """The statuses that may stand beside a value in a tuple; ``None`` where a tuple is an array."""
    encode: Encode = encode_json
    """What :func:`encoder_of` returned for the annotation."""
    media_type: str | None = None
    """The media type of values; of the streams in a ``Response`` too, where that has none."""
    stream_type: str | None = None
    """That of streams only."""
    is_blocking: bool = True
    """Whether plain iterators may block, and so are worked off on threads."""


def _is_answer(inner: Any) -> bool:
    return isinstance(inner, type) and issubclass(inner, Response | Problem)


def encode_result(value: Any, answers: Answers = Answers()) -> Encoded:
    """Encode what a handler returned.

    Raises:
        Problem: If the handler returned one.
        TypeError: If the value cannot be sent, or has another status than those declared.
    """
    status = answers.status
    if answers.statuses is not None and type(value) is tuple:
        value, status = with_status(value, answers.statuses)
    if isinstance(value, Problem):
        raise value
    if isinstance(value, Response):
        return _encode_response(value, status, answers)
    if value is None:
        return (204 if status is None else status), [], b""
    if isinstance(value, Iterator | AsyncIterable):
        return _chunks(value, status, [], answers.media_type or answers.stream_type, answers)
    refuse_beside_events(value, answers)
    media_type, content = _encode_content(value, answers.encode)
    return (200 if status is None else status), [("content-type", answers.media_type or media_type)], content


def refuse_beside_events(value: Any, answers: Answers) -> None:
    """Refuse a value where the route answers with events.

    Raises:
        TypeError: If it does.
    """
    if are_events(answers.media_type):
        raise TypeError(f"a route of events returned a {type(value).__qualname__}{_remedy(value)}; yield events")


def _chunks(
    values: Iterable[Any] | AsyncIterable[Any],
    status: int | None,
    headers: list[tuple[str, str]],
    media_type: str | None,
    answers: Answers,
    trailers: TrailerFields | None = None,
) -> Chunks:
    is_event_stream = are_events(media_type)
    if media_type is not None and not is_event_stream:
        headers.append(("content-type", media_type))
    return Chunks(
        values,
        200 if status is None else status,
        headers,
        answers.encode,
        are_events=is_event_stream,
        is_blocking=answers.is_blocking,
        trailers=trailers,
    )


def with_status(value: tuple[Any, ...], statuses: Collection[int]) -> tuple[Any, int]:
    """Return the value and the status of a tuple where the annotation declares both.

    Raises:
        TypeError: If it is another tuple.
    """
    if len(value) != 2 or not isinstance(value[1], int) or value[1] not in statuses:
        declared = "any status" if isinstance(statuses, range) else " or ".join(map(str, statuses))
        raise TypeError(f"the annotation declares a value with the status {declared}, not {value[1:]!r:.100}")
    return value[0], int(value[1])


def _encode_response(response: Response, status: int | None, answers: Answers) -> Encoded:
    code = response.status if response.status is not None else status
    headers = response.headers.multi_items()
    media_type = response.media_type
    if media_type is not None and all(name != "content-type" for name, _ in headers):
        headers.insert(0, header_field("content-type", media_type))
    is_natural = all(name != "content-type" for name, _ in headers)
    if _is_stream(response):
        declared = answers.media_type if is_natural else None
        trailers = response.trailers if isinstance(response, StreamingResponse) else None
        return _chunks(response.content, code, headers, declared, replace(answers, encode=encode_json), trailers)
    content: bytes | str | NativeEvents = b""
    if isinstance(response, ChannelEvents):
        content = response.content
    elif isinstance(response, FileResponse):
        content = response.path
    elif isinstance(response, JSONResponse):
        content = encode_json(response.content)
    elif response.content is not None:
        natural, content = _encode_content(response.content, encode_json)
        if is_natural:
            headers.insert(0, ("content-type", natural))
    return (200 if code is None else code), headers, content


def _is_stream(response: Response) -> bool:
    if isinstance(response, StreamingResponse):
        return True
    return isinstance(response.content, Iterator | AsyncIterable) and not isinstance(response, JSONResponse)


def _encode_content(value: Any, encode: Encode) -> tuple[str, bytes]:
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        return "text/plain; charset=utf-8", value.encode()
    if isinstance(value, bytes | bytearray | memoryview):
        return "application/octet-stream", bytes(value)
    return "application/json", encode(value)
