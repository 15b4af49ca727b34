"""Content of requests that handlers take while it arrives."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

from sabir import problems
from sabir.problem import NamedProblem, Problem
from sabir.problems import ValidationFailed

if TYPE_CHECKING:
    from typing import Self

    from sabir._sabir import NativeRequestContent

Piece = tuple[str, Any]
"""The kind of a piece (``chunk``, ``value``, ``part``, ``problem`` or ``end``), and what belongs to it."""

_END: Piece = ("end", None)


class _Pieces:
    """What comes of the content, one piece after the other."""

    def __init__(self, native: NativeRequestContent) -> None:
        self._native = native
        self._is_over = False
        self._is_asked = False
        self._came: Piece | None = None

    def _ask(self, done: Callable[[str, Any], None]) -> None:
        if not self._native.read(done):
            raise RuntimeError("another reader waits for the next piece of the content")

    def _checked(self, piece: Piece) -> Piece:
        kind, value = piece
        if kind == "problem":
            self._is_over = True
            raise problem_from(**value)
        self._is_over = kind == "end"
        return piece


class AsyncPieces(_Pieces):
    """What comes of the content, for coroutines."""

    def __init__(self, native: NativeRequestContent) -> None:
        super().__init__(native)
        self._waiter: asyncio.Future[None] | None = None

    async def next(self) -> Piece:
        """Wait for the next piece.

        Raises:
            Problem: If the content is not well formed, breaks off or goes beyond a limit.
        """
        if self._is_over:
            return _END
        while self._came is None:
            if self._waiter is not None:
                raise RuntimeError("another coroutine already waits for the next piece of the content")
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                # A wait that is cancelled loses nothing: the next one is for the same piece.
                if not self._is_asked:
                    self._ask(self._done)
                    self._is_asked = True
                await self._waiter
            finally:
                self._waiter = None
        piece, self._came = self._came, None
        return self._checked(piece)

    def _done(self, kind: str, value: Any) -> None:
        self._came = (kind, value)
        self._is_asked = False
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class ThreadPieces(_Pieces):
    """What comes of the content, for plain functions on threads."""

    def next(self) -> Piece:
        """Wait for the next piece; as :meth:`AsyncPieces.next` does."""
        if self._is_over:
            return _END
        came = threading.Event()

        def done(kind: str, value: Any) -> None:
            self._came = (kind, value)
            came.set()

        self._ask(done)
        came.wait()
        assert self._came is not None
        piece, self._came = self._came, None
        return self._checked(piece)


class Chunks(AsyncIterator[bytes]):
    """The bytes of the content as they come."""

    def __init__(self, pieces: AsyncPieces) -> None:
        self._pieces = pieces

    async def __anext__(self) -> bytes:
        """Return the next bytes."""
        kind, chunk = await self._pieces.next()
        if kind == "end":
            raise StopAsyncIteration
        content: bytes = chunk
        return content


class ThreadChunks(Iterator[bytes]):
    """The bytes of the content as they come, for plain functions."""

    def __init__(self, pieces: ThreadPieces) -> None:
        self._pieces = pieces

    def __next__(self) -> bytes:
        """Return the next bytes."""
        kind, chunk = self._pieces.next()
        if kind == "end":
            raise StopIteration
        content: bytes = chunk
        return content


class Items(AsyncIterator[Any]):
    """The values of JSON Lines as they come."""

    def __init__(self, pieces: AsyncPieces, convert: Callable[[Any], Any] | None) -> None:
        self._pieces = pieces
        self._item = _Item(convert)

    async def __anext__(self) -> Any:
        """Return the value of the next line."""
        kind, value = await self._pieces.next()
        if kind == "end":
            raise StopAsyncIteration
        return self._item.convert(value)


class ThreadItems(Iterator[Any]):
    """The values of JSON Lines as they come, for plain functions."""

    def __init__(self, pieces: ThreadPieces, convert: Callable[[Any], Any] | None) -> None:
        self._pieces = pieces
        self._item = _Item(convert)

    def __next__(self) -> Any:
        """Return the value of the next line."""
        kind, value = self._pieces.next()
        if kind == "end":
            raise StopIteration
        return self._item.convert(value)


class _Item:
    """Turns values into the type of the items, and says of which one a failure is."""

    def __init__(self, convert: Callable[[Any], Any] | None) -> None:
        self._convert = convert
        self._index = 0

    def convert(self, value: Any) -> Any:
        index, self._index = self._index, self._index + 1
        if self._convert is None:
            return value
        try:
            return self._convert(value)
        except ValidationFailed as problem:
            for error in problem.errors:
                error["pointer"] = f"/{index}{error.get('pointer', '')}"
            raise


class _PartHead:
    def __init__(self, name: str, filename: str | None, content_type: str | None) -> None:
        self.name = name
        """The name of the field."""
        self.filename = filename
        """The name of the file, as the client wrote it: do not trust it as a path. Empty where none was chosen."""
        self.content_type = content_type
        """The part's media type, as the client wrote it."""

    def __repr__(self) -> str:
        """Return what the head of the part says."""
        return f"<{type(self).__name__} {self.name!r} {self.filename or ''}>".replace(" >", ">")


class Part(_PartHead):
    """One part of a multipart form, while it arrives: an asynchronous iterator of its bytes.

    When the next part is asked for, what is left of this one is passed over.
    """

    def __init__(self, parts: Parts, name: str, filename: str | None, content_type: str | None) -> None:
        super().__init__(name, filename, content_type)
        self._parts = parts

    def __aiter__(self) -> Self:
        """Return the part itself."""
        return self

    async def __anext__(self) -> bytes:
        """Return the next bytes."""
        chunk = await self._parts.chunk_of(self)
        if chunk is None:
            raise StopAsyncIteration
        return chunk

    async def read(self) -> bytes:
        """Return all of the bytes that are left."""
        return b"".join([chunk async for chunk in self])


class Parts(AsyncIterator[Part]):
    """The parts of a multipart form as they come."""

    def __init__(self, pieces: AsyncPieces) -> None:
        self._pieces = pieces
        self._current: Part | None = None
        self._head: tuple[str, str | None, str | None] | None = None

    async def chunk_of(self, part: Part) -> bytes | None:
        """Return the next bytes of a part; ``None`` at its end."""
        if part is not self._current:
            return None
        kind, value = await self._pieces.next()
        if kind == "chunk":
            content: bytes = value
            return content
        self._current, self._head = None, value if kind == "part" else None
        return None

    async def __anext__(self) -> Part:
        """Return the next part."""
        while self._current is not None:
            await self.chunk_of(self._current)
        if self._head is None:
            _, self._head = await self._pieces.next()
        if self._head is None:
            raise StopAsyncIteration
        head, self._head = self._head, None
        self._current = Part(self, *head)
        return self._current


class SyncPart(_PartHead):
    """One part of a multipart form, while it arrives, for plain functions: an iterator of its bytes."""

    def __init__(self, parts: ThreadParts, name: str, filename: str | None, content_type: str | None) -> None:
        super().__init__(name, filename, content_type)
        self._parts = parts

    def __iter__(self) -> Self:
        """Return the part itself."""
        return self

    def __next__(self) -> bytes:
        """Return the next bytes."""
        chunk = self._parts.chunk_of(self)
        if chunk is None:
            raise StopIteration
        return chunk

    def read(self) -> bytes:
        """Return all of the bytes that are left."""
        return b"".join(self)


class ThreadParts(Iterator[SyncPart]):
    """The parts of a multipart form as they come, for plain functions."""

    def __init__(self, pieces: ThreadPieces) -> None:
        self._pieces = pieces
        self._current: SyncPart | None = None
        self._head: tuple[str, str | None, str | None] | None = None

    def chunk_of(self, part: SyncPart) -> bytes | None:
        """Return the next bytes of a part; ``None`` at its end."""
        if part is not self._current:
            return None
        kind, value = self._pieces.next()
        if kind == "chunk":
            content: bytes = value
            return content
        self._current, self._head = None, value if kind == "part" else None
        return None

    def __next__(self) -> SyncPart:
        """Return the next part."""
        while self._current is not None:
            self.chunk_of(self._current)
        if self._head is None:
            _, self._head = self._pieces.next()
        if self._head is None:
            raise StopIteration
        head, self._head = self._head, None
        self._current = SyncPart(self, *head)
        return self._current


_BY_TYPE: dict[str, type[NamedProblem]] = {
    f"urn:sabir:problem:{kind._slug}": kind for kind in vars(problems).values() if hasattr(kind, "_slug")
}


def problem_from(
    status: int,
    type: str,
    title: str,
    detail: str | None,
    headers: list[tuple[str, str]],
    errors: list[dict[str, str]],
    extensions: dict[str, Any],
) -> Problem:
    """Return a problem of the runtime as an exception."""
    if type == "urn:sabir:problem:validation-failed":
        return ValidationFailed(detail, title=title, headers=headers, extensions=extensions, errors=errors)
    if (kind := _BY_TYPE.get(type)) is not None:
        return kind(detail, title=title, headers=headers, extensions=extensions)
    return Problem(status, detail, title=title, type=type, headers=headers, extensions=extensions)
