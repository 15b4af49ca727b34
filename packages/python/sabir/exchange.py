"""Requests in memory and their answers, for httpx."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

import anyio.to_thread
import httpx

from sabir.failures import failures
from sabir.sending import AsyncSending, ThreadSending

if TYPE_CHECKING:
    from sabir._sabir import NativeApp, NativeConnection, NativeContent, NativeExchange

Result = TypeVar("Result")


class Exchange:
    """One request in memory and its answer, which another thread brings."""

    def __init__(
        self,
        native: NativeApp,
        request: httpx.Request,
        content: bytes | ThreadSending | AsyncSending,
        *,
        raises: bool,
        connection: NativeConnection | None = None,
    ) -> None:
        self._request = request
        self._waiting = Waiting(request, None if isinstance(content, bytes) else content)
        self._raises = raises
        self._answered: Future[httpx.Response] = Future()
        # httpcore's extension for a target that no URL can express. What no request can have, the runtime refuses.
        target = request.extensions.get("target", request.url.raw_path).decode("latin-1")
        fields: list[tuple[str, bytes | str]] = [
            (name.decode("latin-1"), value)
            for name, value in request.headers.raw
            # In memory content needs no frames.
            if name.lower() != b"transfer-encoding"
        ]
        sent = content if isinstance(content, bytes) else content.native
        self._native: NativeExchange = native.request(request.method, target, fields, sent, self._done, connection)

    def wait(self) -> httpx.Response:
        """Wait for the answer."""
        try:
            response = self._waiting.result(self._answered)
        except BaseException:
            self._waiting.close()
            raise
        finally:
            self.cancel()
        return self._answer(response)

    async def wait_here(self) -> httpx.Response:
        """Await the answer, on an event loop of asyncio."""
        try:
            response = await self._waiting.awaited(self._answered)
        except BaseException:
            self._waiting.close()
            raise
        finally:
            self.cancel()
        return self._answer(response)

    def _answer(self, response: httpx.Response) -> httpx.Response:
        if not isinstance(response.stream, Content):
            # Nobody would read what is still to be sent.
            self._waiting.close()
        return response

    def cancel(self) -> None:
        """Cancel the handler as a client that leaves does; has no effect after the answer."""
        self._native.cancel()

    def _done(self, status: int, headers: list[tuple[bytes, bytes]], content: bytes | NativeContent) -> None:
        # A caller that was cancelled no longer waits.
        if not self._answered.set_running_or_notify_cancel():
            return
        if isinstance(content, bytes):
            stream: httpx.SyncByteStream | httpx.AsyncByteStream = httpx.ByteStream(content)
        else:
            stream = Content(content, self._waiting, raises=self._raises)
        extensions: dict[str, Any] = {"http_version": b"HTTP/1.1"}
        response = httpx.Response(status, headers=headers, stream=stream, extensions=extensions, request=self._request)
        if isinstance(stream, Content):
            stream.extensions = response.extensions
        self._answered.set_result(response)


class Content(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Content that is made while it is read."""

    def __init__(self, native: NativeContent, waiting: Waiting, *, raises: bool) -> None:
        self.extensions: dict[str, Any] = {}
        """Those of the response, which get the fields that follow the content."""
        self._native = native
        self._waiting = waiting
        self._raises = raises
        self._next: Future[bytes | None] | None = None

    def __iter__(self) -> Iterator[bytes]:
        while (chunk := self._waiting.result(self._read())) is not None:
            yield chunk
        self._end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (chunk := await self._awaited()) is not None:
            yield chunk
        self._end()

    def close(self) -> None:
        """Leave: what makes the content is cancelled."""
        self._native.close()
        self._waiting.close()
        if self._next is not None:
            # Nobody else would end the wait of another thread.
            self._next.cancel()

    async def aclose(self) -> None:
        """Leave: what makes the content is cancelled."""
        self.close()

    def _end(self) -> None:
        if trailers := self._native.trailers():
            self.extensions["trailers"] = httpx.Headers(trailers)

    async def _awaited(self) -> bytes | None:
        if asyncio._get_running_loop() is not None:
            return await self._waiting.awaited(self._read())
        # Another kind of loop, such as trio's.
        return await anyio.to_thread.run_sync(self._waiting.result, self._read(), abandon_on_cancel=True)

    def _read(self) -> Future[bytes | None]:
        future: Future[bytes | None] = Future()

        def done(chunk: bytes | None, failure: tuple[str, str | None] | None) -> None:
            # A caller that was cancelled no longer waits.
            if not future.set_running_or_notify_cancel():
                return
            if failure is None:
                future.set_result(chunk)
            else:
                future.set_exception(self._broken(*failure))

        if not self._native.read(done):
            raise RuntimeError("another reader waits for the next chunk of the content")
        self._next = future
        return future

    def _broken(self, reason: str, request_id: str | None) -> Exception:
        failure = failures.take(request_id)
        # What ends a program is not meant for the test runner.
        if self._raises and isinstance(failure, Exception):
            return failure
        return httpx.RemoteProtocolError(f"the content breaks off: {reason}", request=self._waiting.request)


class Waiting:
    """Waits for what another thread brings, as long as the client's timeout permits, and sends meanwhile."""

    def __init__(self, request: httpx.Request, sending: ThreadSending | AsyncSending | None) -> None:
        self.request = request
        self._sending = sending
        self._timeout: float | None = request.extensions.get("timeout", {}).get("read")

    def result(self, future: Future[Result]) -> Result:
        """Wait for it."""
        try:
            if isinstance(self._sending, ThreadSending):
                return self._sending.result(future, self._timeout)
            return future.result(self._timeout)
        except concurrent.futures.CancelledError as error:
            raise httpx.StreamClosed from error
        except concurrent.futures.TimeoutError as error:
            if future.done():
                # It is what the handler raised.
                raise
            raise self._too_slow() from error

    async def awaited(self, future: Future[Result]) -> Result:
        """Await it, on an event loop of asyncio."""
        try:
            async with asyncio.timeout(self._timeout) as deadline:
                if isinstance(self._sending, AsyncSending):
                    return await self._sending.result(future, lambda: deadline.reschedule(self._deadline()))
                return await asyncio.wrap_future(future)
        except TimeoutError as error:
            if not deadline.expired():
                raise
            raise self._too_slow() from error

    def close(self) -> None:
        """Send no more."""
        if self._sending is not None:
            self._sending.close()

    def _deadline(self) -> float | None:
        return None if self._timeout is None else asyncio.get_running_loop().time() + self._timeout

    def _too_slow(self) -> httpx.ReadTimeout:
        return httpx.ReadTimeout(f"no answer within {self._timeout} s", request=self.request)
