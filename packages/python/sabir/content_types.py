"""What annotations say of content that is taken while it arrives: ``AsyncIterator[Row]`` and the like."""

from __future__ import annotations

import collections.abc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from sabir.annotations import bare
from sabir.components import Components
from sabir.content import (
    AsyncPieces,
    Chunks,
    Items,
    Part,
    Parts,
    SyncPart,
    ThreadChunks,
    ThreadItems,
    ThreadParts,
    ThreadPieces,
)
from sabir.convert import body_converter
from sabir.media_types import JSON_LINES
from sabir.schema import schema_of

_ASYNC = (collections.abc.AsyncIterator, collections.abc.AsyncIterable, collections.abc.AsyncGenerator)
_SYNC = (collections.abc.Iterator, collections.abc.Generator)
_MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class ContentType:
    """Content that a parameter takes while it arrives."""

    item: Any
    is_async: bool

    def media_types(self, components: Components) -> dict[str, Any]:
        """Return the OpenAPI Media Type Objects by media type.

        Raises:
            TypeError: If the items cannot be described, or nobody can tell what they are.
        """
        item = bare(self.item)
        if item is bytes:
            return {"*/*": {}}
        if item is (Part if self.is_async else SyncPart):
            return {_MULTIPART: {}}
        if item in (Part, SyncPart):
            raise TypeError("coroutines take AsyncIterator[Part], plain functions Iterator[SyncPart]")
        if item is str:
            raise TypeError("text comes in pieces that mean nothing; take bytes, or lines of JSON as models")
        return {JSON_LINES: {"itemSchema": schema_of(self.item, components)}}

    def maker(self) -> Callable[[Any], Any]:
        """Return what makes the argument of the native content."""
        item = bare(self.item)
        if item is bytes:
            return _async_chunks if self.is_async else _thread_chunks
        if item in (Part, SyncPart):
            return _async_parts if self.is_async else _thread_parts
        convert = body_converter(self.item)
        if self.is_async:
            return lambda native: Items(AsyncPieces(native), convert)
        return lambda native: ThreadItems(ThreadPieces(native), convert)


def content_type_of(annotation: Any) -> ContentType | None:
    """Return what an annotation says of content that is taken while it arrives, if it is one of that."""
    inner = bare(annotation)
    origin = get_origin(inner) or inner
    if origin not in (*_ASYNC, *_SYNC):
        return None
    arguments = get_args(inner)
    return ContentType(arguments[0] if arguments else bytes, origin in _ASYNC)


def _async_chunks(native: Any) -> Chunks:
    return Chunks(AsyncPieces(native))


def _thread_chunks(native: Any) -> ThreadChunks:
    return ThreadChunks(ThreadPieces(native))


def _async_parts(native: Any) -> Parts:
    return Parts(AsyncPieces(native))


def _thread_parts(native: Any) -> ThreadParts:
    return ThreadParts(ThreadPieces(native))
