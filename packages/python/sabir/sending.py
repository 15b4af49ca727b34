"""Content of requests in memory that is made while it is read, for the test clients. Private."""

from __future__ import annotations

import asyncio
import concurrent.futures
import queue
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from typing import TypeVar

# httpx is built on it, so that it is there.
import anyio.from_thread
import httpx

from sabir._sabir import NativeContentWriter

Result = TypeVar("Result")


class ThreadSending:
    """Sends content on the thread that waits for the answer, and then for its content."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.native = NativeContentWriter()
        self._chunks = chunks
        self._news: queue.SimpleQueue[bool | None] = queue.SimpleQueue()
        self._is_asked = self._is_pulling = self._is_over = False

    def result(self, future: Future[Result], timeout: float | None) -> Result:
        """Wait for a result, and send what is wanted meanwhile. The time begins anew with every chunk.

        Raises:
            concurrent.futures.TimeoutError: If it takes longer.
        """
        future.add_done_callback(lambda _: self._news.put(None))
        while not future.done():
            self._ask()
            try:
                is_wanted = self._news.get(timeout=timeout)
            except queue.Empty:
                raise concurrent.futures.TimeoutError from None
            if is_wanted is not None:
                self._is_asked = False
                if is_wanted:
                    self._send()
                else:
                    self.close()
        return future.result()

    def close(self) -> None:
        """Send no more."""
        if self._is_over:
            return
        self._is_over = True
        self.native.fail()
        if not self._is_pulling and (close := getattr(self._chunks, "close", None)) is not None:
            close()

    def _ask(self) -> None:
        if not (self._is_asked or self._is_over):
            self._is_asked = True
            self.native.wanted(self._news.put)

    def _send(self) -> None:
        self._is_pulling = True
        try:
            chunk = next(self._chunks, None)
        except BaseException:
            self._is_over = True
            self.native.fail()
            raise
        finally:
            self._is_pulling = False
        if chunk is None:
            self._is_over = True
            self.native.end()
        else:
            self.native.write(chunk)


class AsyncSending:
    """Sends content in a task of the loop that awaits the answer."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self.native = NativeContentWriter()
        self._chunks = chunks
        self._task: asyncio.Task[None] | None = None
        self._moves: Callable[[], None] | None = None

    async def result(self, future: Future[Result], moves: Callable[[], None]) -> Result:
        """Await a result, and send what is wanted meanwhile; with every chunk ``moves`` is called."""
        self._moves = moves
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())
        awaited = asyncio.wrap_future(future)
        try:
            if not self._task.done():
                await asyncio.wait((awaited, self._task), return_when=asyncio.FIRST_COMPLETED)
            if self._task.done() and not self._task.cancelled() and (error := self._task.exception()) is not None:
                raise error
            return await awaited
        finally:
            self._moves = None
            awaited.cancel()

    def close(self) -> None:
        """Send no more."""
        if self._task is not None:
            self._task.cancel()
        self.native.fail()

    async def _run(self) -> None:
        try:
            while await self._is_wanted():
                try:
                    chunk = await anext(self._chunks)
                except StopAsyncIteration:
                    self.native.end()
                    return
                self.native.write(chunk)
                if self._moves is not None:
                    self._moves()
        finally:
            # Without effect on content that has ended.
            self.native.fail()
            if (close := getattr(self._chunks, "aclose", None)) is not None:
                await close()

    async def _is_wanted(self) -> bool:
        wanted: Future[bool] = Future()

        def done(is_wanted: bool, /) -> None:
            # Whoever was cancelled no longer waits.
            if wanted.set_running_or_notify_cancel():
                wanted.set_result(is_wanted)

        self.native.wanted(done)
        return await asyncio.wrap_future(wanted)


class _Elsewhere(Iterator[bytes]):
    """The chunks of a coroutine's stream, for a thread that its event loop has started."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks

    def __next__(self) -> bytes:
        chunk = anyio.from_thread.run(self._next)
        if chunk is None:
            raise StopIteration
        return chunk

    async def _next(self) -> bytes | None:
        return await anext(self._chunks, None)


def threaded(request: httpx.Request) -> bytes | ThreadSending:
    """Return the content of a request of ``httpx.Client``, with what sends it where it is a stream."""
    stream = request.stream
    if isinstance(stream, httpx.ByteStream):
        return request.read()
    assert isinstance(stream, httpx.SyncByteStream)
    return ThreadSending(iter(stream))


async def awaited(request: httpx.Request) -> bytes | AsyncSending:
    """Return the content of a request of ``httpx.AsyncClient``, on an event loop of asyncio."""
    stream = request.stream
    if isinstance(stream, httpx.ByteStream):
        return await request.aread()
    assert isinstance(stream, httpx.AsyncByteStream)
    return AsyncSending(aiter(stream))


async def elsewhere(request: httpx.Request) -> bytes | ThreadSending:
    """Return the content of a request of ``httpx.AsyncClient``, on another kind of loop, such as trio's."""
    stream = request.stream
    if isinstance(stream, httpx.ByteStream):
        return await request.aread()
    assert isinstance(stream, httpx.AsyncByteStream)
    return ThreadSending(_Elsewhere(aiter(stream)))
