"""Working iterators off whose values are sent: on the loop, or on threads. Private."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import threading
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sabir.chunks import Chunks, close

if TYPE_CHECKING:
    from sabir._sabir import NativeStream
    from sabir._threads import Call

_READY, _FULL, _GONE = 0, 1, 2
"""Whether there is room for more, as the native module says it."""

_IN_A_ROW = 64
"""After so many chunks for which there was room other tasks of the loop have their turn."""
_TURN_SECONDS = 0.1
"""How long a plain iterator has a thread before others have their turn."""
_WAIT_MS = 50
"""How long a thread waits for a slow client before it does something else."""
_SILENT_SECONDS = 0.25
"""How long the head of an event stream waits for the first event. Until then an exception is an answer."""


def start_stream(
    stream: NativeStream,
    chunks: Chunks,
    context_run: Callable[..., Any],
    loop: asyncio.AbstractEventLoop | None,
    submit: Callable[[Call], None],
) -> Callable[[], None] | None:
    """Begin to make an answer, in the context that the handler has run in.

    Without ``loop`` this is called on the loop's thread, else on one for plain functions, which then calls what this
    returns: plain iterators are worked off there.
    """
    if isinstance(chunks.values, AsyncIterable):
        running = _OnLoop(stream, chunks, chunks.values, context_run)
        stream.attach(running)
        if loop is None:
            running.start()
        else:
            loop.call_soon_threadsafe(running.start)
        return None
    work = _OnThreads(stream, chunks, chunks.values, context_run, loop or asyncio.get_running_loop(), submit)
    stream.attach(work)
    if chunks.are_events:
        begin = functools.partial(chunks.begin, stream)
        work.loop.call_soon_threadsafe(work.loop.call_later, _SILENT_SECONDS, begin)
    if loop is not None:
        return work.run
    submit(work)
    return None


class _OnLoop:
    """Works an asynchronous iterator off in a task."""

    def __init__(
        self, stream: NativeStream, chunks: Chunks, values: AsyncIterable[Any], context_run: Callable[..., Any]
    ) -> None:
        self._stream = stream
        self._chunks = chunks
        self._values = values
        context: contextvars.Context = context_run.__self__  # type: ignore[attr-defined]
        self._context = context
        self._task: asyncio.Task[BaseException | None] | None = None
        self._has_begun = False
        self._has_room: asyncio.Future[None] | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._trailers: list[tuple[str, str]] = []

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._chunks.are_events:
            self._silence = loop.call_later(_SILENT_SECONDS, self._chunks.begin, self._stream)
        self._task = loop.create_task(self._run(), context=self._context)
        self._task.add_done_callback(self._ended)

    def cancel(self) -> None:
        """Nobody reads any more: the iterator gets a ``CancelledError`` where it waits."""
        if self._task is not None and self._has_begun:
            self._task.cancel()

    def writable(self) -> None:
        if self._has_room is not None and not self._has_room.done():
            self._has_room.set_result(None)

    async def _run(self) -> BaseException | None:
        # A task that is cancelled before it begins would do nothing, not even close the iterator.
        self._has_begun = True
        try:
            iterator = aiter(self._values)
            try:
                if self._stream.is_open():
                    await self._write_all(iterator)
            finally:
                # A generator that is left early does its ``finally`` now, and not when it is collected.
                if (close := getattr(iterator, "aclose", None)) is not None:
                    await close()
        except (SystemExit, KeyboardInterrupt) as error:
            # Raised by a task these would end the loop, and the server with it.
            return error
        return None

    async def _write_all(self, iterator: AsyncIterator[Any]) -> None:
        stream, chunks = self._stream, self._chunks
        in_a_row = 0
        async for value in iterator:
            # What it has begun with, it goes on with.
            encode = chunks.encoder
            room = stream.write(chunks.encode(stream, value) if encode is None else encode(value))
            if room == _READY:
                in_a_row += 1
                if in_a_row == _IN_A_ROW:
                    in_a_row = 0
                    await asyncio.sleep(0)
                continue
            in_a_row = 0
            if room == _FULL:
                room = await self._room()
            if room == _GONE:
                return
        self._trailers = self._chunks.end(stream)

    async def _room(self) -> int:
        room = _FULL
        while room == _FULL:
            self._has_room = asyncio.get_running_loop().create_future()
            if (room := self._stream.room()) == _FULL:
                await self._has_room
                room = self._stream.room()
        return room

    def _ended(self, task: asyncio.Task[BaseException | None]) -> None:
        if self._silence is not None:
            self._silence.cancel()
        if not task.cancelled():
            error = task.exception()
            if error is None:
                error = task.result()
        elif self._stream.is_open():
            error = asyncio.CancelledError("the generator was cancelled while its client read")
        else:
            error = None
        if error is None:
            _finish(self._stream, self._trailers)
        else:
            self._stream.fail(error)


class _OnThreads:
    """Works a plain iterator off on threads for plain functions; while a client is slow it has none."""

    def __init__(
        self,
        stream: NativeStream,
        chunks: Chunks,
        values: Iterable[Any],
        context_run: Callable[..., Any],
        loop: asyncio.AbstractEventLoop,
        submit: Callable[[Call], None],
    ) -> None:
        self.loop = loop
        self._stream = stream
        self._chunks = chunks
        self._values = values
        self._iterator: Iterator[Any] | None = None
        self._context_run = context_run
        self._submit = submit
        # Between the thread that writes and the loop, which hears of room.
        self._lock = threading.Lock()
        self._is_paused = False
        self._may_go_on = False
        self._trailers: list[tuple[str, str]] = []

    def begin(self) -> tuple[Any, ...] | None:
        return (self.run,)

    def returned(self, result: Any, /) -> None:
        """Nothing is left to do."""

    def raised(self, error: BaseException, /) -> None:
        self._stream.fail(error)

    def writable(self) -> None:
        """There is room again."""
        with self._lock:
            self._may_go_on = not self._is_paused
            is_paused, self._is_paused = self._is_paused, False
        if is_paused:
            self._submit(self)

    def cancel(self) -> None:
        """Nobody reads any more: the iterator is closed, on a thread, since it may block."""
        self.writable()

    def run(self) -> None:
        """Write until the iterator is at its end, there is no room, or others have their turn."""
        room = _GONE
        try:
            try:
                if self._stream.is_open():
                    room = self._context_run(self._write)
            finally:
                if room == _GONE:
                    self._context_run(self._close)
        except BaseException as error:
            self._stream.fail(error)
            return
        if room == _GONE:
            _finish(self._stream, self._trailers)
        elif room == _READY or self._is_told_meanwhile():
            try:
                self.loop.call_soon_threadsafe(self._submit, self)
            except RuntimeError as error:
                # The loop is closed, and nobody will submit it.
                self._context_run(self._close)
                self._stream.fail(error)

    def _is_told_meanwhile(self) -> bool:
        """Pause, unless there is room by now."""
        with self._lock:
            may_go_on, self._may_go_on = self._may_go_on, False
            self._is_paused = not may_go_on
        return may_go_on

    def _write(self) -> int:
        stream, encode = self._stream, self._chunks.encode
        if self._iterator is None:
            self._iterator = iter(self._values)
        end = time.monotonic() + _TURN_SECONDS
        for value in self._iterator:
            room = stream.write_and_wait(encode(stream, value), _WAIT_MS)
            if room != _READY or time.monotonic() > end:
                return room
        self._trailers = self._chunks.end(stream)
        return _GONE

    def _close(self) -> None:
        close(self._values if self._iterator is None else self._iterator)


def _finish(stream: NativeStream, trailers: list[tuple[str, str]]) -> None:
    try:
        stream.finish(trailers)
    except ValueError as error:
        # A value that no field has.
        stream.fail(error)
