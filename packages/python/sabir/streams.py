"""Answers that are made while they are sent. Private."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

from sabir.event import Event

if TYPE_CHECKING:
    from sabir._sabir import NativeStream
    from sabir._threads import Call

_FULL, _GONE = 1, 2


class Chunks:
    """What a generator yields, and the head of the answer that it makes.

    Bytes are sent as they are and text as UTF-8; other values are lines of JSON. The first one decides, and the media
    type follows it where the handler has not said one.
    """

    def __init__(
        self,
        values: Iterator[Any] | AsyncIterator[Any],
        status: int,
        headers: list[tuple[str, str]],
        encode_json: Callable[[Any], bytes],
    ) -> None:
        self.values = values
        self._status = status
        self._headers = headers
        self._encode_json = encode_json
        self._is_plain = False
        self._has_begun = False

    def encode(self, stream: NativeStream, value: Any) -> bytes:
        """Return the chunk for a value; the head is sent before the first one."""
        if not self._has_begun:
            self.begin(stream, value)
        if isinstance(value, Event):
            return value.encode(self._encode_json)
        if not self._is_plain:
            return self._encode_json(value) + b"\n"
        if isinstance(value, str):
            return value.encode()
        return bytes(value)

    def begin(self, stream: NativeStream, first: Any = b"") -> None:
        """Send the head, if that is still to be done."""
        if self._has_begun:
            return
        self._has_begun = True
        self._is_plain = isinstance(first, str | bytes | bytearray | memoryview)
        if not isinstance(first, Event) and all(name != "content-type" for name, _ in self._headers):
            self._headers.insert(0, ("content-type", self._media_type(first)))
        stream.begin(self._status, self._headers, isinstance(first, Event))

    def _media_type(self, first: Any) -> str:
        if not self._is_plain:
            return "application/jsonl"
        return "text/plain; charset=utf-8" if isinstance(first, str) else "application/octet-stream"


def start_stream(
    stream: NativeStream,
    chunks: Chunks,
    loop: asyncio.AbstractEventLoop | None,
    submit: Callable[[Call], None],
) -> Callable[[], None] | None:
    """Begin to make an answer.

    Without ``loop`` this is called on the loop's thread, else on one for plain functions, which then calls what this
    returns: plain iterators are worked off there.
    """
    if isinstance(chunks.values, AsyncIterator):
        running = _OnLoop(stream, chunks)
        stream.attach(running)
        if loop is None:
            running.start()
        else:
            loop.call_soon_threadsafe(running.start)
        return None
    work = _OnThread(stream, chunks)
    if loop is not None:
        return work.run
    submit(work)
    return None


class _OnLoop:
    """Works an asynchronous iterator off in a task."""

    def __init__(self, stream: NativeStream, chunks: Chunks) -> None:
        self._stream = stream
        self._chunks = chunks
        self._task: asyncio.Task[None] | None = None
        self._has_room: asyncio.Future[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    def cancel(self) -> None:
        """Nobody reads any more: the iterator gets a ``CancelledError`` where it waits."""
        if self._task is not None:
            self._task.cancel()

    def writable(self) -> None:
        if self._has_room is not None and not self._has_room.done():
            self._has_room.set_result(None)

    async def _run(self) -> None:
        stream, values = self._stream, self._chunks.values
        try:
            try:
                await self._write_all()
            finally:
                # A generator that is left early does its ``finally`` now, and not when it is collected.
                if (close := getattr(values, "aclose", None)) is not None:
                    await close()
        except asyncio.CancelledError as error:
            if stream.is_open():
                stream.fail(error)
            else:
                stream.finish()
            raise
        except BaseException as error:
            stream.fail(error)
            if not isinstance(error, Exception):
                raise
        else:
            stream.finish()

    async def _write_all(self) -> None:
        stream, chunks = self._stream, self._chunks
        async for value in chunks.values:  # type: ignore[union-attr]
            room = stream.write(chunks.encode(stream, value))
            while room == _FULL:
                self._has_room = asyncio.get_running_loop().create_future()
                if (room := stream.room()) == _FULL:
                    await self._has_room
                    room = stream.room()
            if room == _GONE:
                return
        chunks.begin(stream)


class _OnThread:
    """Works a plain iterator off on a thread, which waits for the client."""

    def __init__(self, stream: NativeStream, chunks: Chunks) -> None:
        self._stream = stream
        self._chunks = chunks

    def begin(self) -> tuple[Any, ...] | None:
        return (self.run,)

    def returned(self, result: Any, /) -> None:
        """Nothing is left to do."""

    def raised(self, error: BaseException, /) -> None:
        self._stream.fail(error)

    def run(self) -> None:
        stream, values = self._stream, self._chunks.values
        try:
            try:
                self._write_all()
            finally:
                if (close := getattr(values, "close", None)) is not None:
                    close()
        except BaseException as error:
            stream.fail(error)
        else:
            stream.finish()

    def _write_all(self) -> None:
        stream, chunks = self._stream, self._chunks
        for value in chunks.values:  # type: ignore[union-attr]
            if not stream.write_and_wait(chunks.encode(stream, value)):
                return
        chunks.begin(stream)
