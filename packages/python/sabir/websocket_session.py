"""WebSockets of the test clients."""

from __future__ import annotations

import asyncio
import concurrent.futures
import uuid
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import anyio.to_thread
import httpx
import msgspec

from sabir.close_code import CloseCode
from sabir.encoding import encode_json
from sabir.failures import failures
from sabir.websocket import WebSocketDisconnect

if TYPE_CHECKING:
    from sabir._sabir import NativeApp, NativeClientSocket, NativeConnection

Result = TypeVar("Result")
Event = tuple[str, Any]
"""The name of what has happened, and what belongs to it."""


class Opening:
    """A request that asks for a WebSocket."""

    def __init__(
        self,
        native: NativeApp,
        request: httpx.Request,
        address: str | None,
        *,
        raises: bool,
        connection: NativeConnection | None = None,
    ) -> None:
        self._request = request
        self._raises = raises
        # What the handler raises is found by it.
        request.headers.setdefault("x-request-id", uuid.uuid4().hex)
        self.opened: Future[tuple[NativeClientSocket, httpx.Response]] = Future()
        # httpcore's extension for a target that no URL can express.
        target = request.extensions.get("target", request.url.raw_path).decode("latin-1")
        fields: list[tuple[str, bytes | str]] = [
            (name.decode("latin-1"), value)
            for name, value in request.headers.raw
            # What httpx says of connections by default; the handshake has its own.
            if (name.lower(), value) != (b"connection", b"keep-alive")
        ]
        native.connect(address, target, fields, self._done, connection)

    def _done(
        self,
        socket: NativeClientSocket | str | None = None,
        status: int | None = None,
        headers: list[tuple[bytes, bytes]] | None = None,
        content: bytes = b"",
        failure: str | None = None,
    ) -> None:
        if not self.opened.set_running_or_notify_cancel():
            return
        if status is None or failure is not None:
            error = httpx.ConnectError(failure or "the server is gone", request=self._request)
            self.opened.set_exception(error)
            return
        response = httpx.Response(status, headers=headers, content=content, request=self._request)
        if socket is None or isinstance(socket, str):
            message = f"the socket {self._request.url} was refused with {status}"
            refusal = httpx.HTTPStatusError(message, request=self._request, response=response)
            # What ends a program is not meant for the test runner.
            raised = failures.take(self._request.headers["x-request-id"])
            self.opened.set_exception(raised if self._raises and isinstance(raised, Exception) else refusal)
        else:
            self.opened.set_result((socket, response))


class _Session:
    """What sockets of both kinds of clients have in common."""

    def __init__(
        self, native: NativeClientSocket, response: httpx.Response, timeout: float | None, *, raises: bool
    ) -> None:
        self._native = native
        self._timeout = timeout
        self._raises = raises
        self._messages: deque[str | bytes] = deque()
        self._next: Future[Event] | None = None
        self.response = response
        """The answer that opened the socket."""
        self.pings: list[bytes] = []
        """What the pings of the server have said, as far as the test has read."""
        self.close_code: int | None = None
        """The code that the socket was closed with, once the test has read that far."""
        self.close_reason: str | None = None
        """The reason that the socket was closed with."""

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the server chose."""
        return self._native.subprotocol

    def _sending(self, message: Any) -> Future[Event]:
        is_json = not isinstance(message, str | bytes | bytearray | memoryview)
        if is_json:
            message = encode_json(message).decode()
        content = message if isinstance(message, str) else bytes(message)
        future: Future[Event] = Future()
        self._native.send(content, _setting(future))
        return future

    def _pinging(self, content: bytes) -> Future[Event]:
        future: Future[Event] = Future()
        self._native.ping(content, _setting(future))
        return future

    def _closing(self, code: int, reason: str) -> Future[Event]:
        future: Future[Event] = Future()
        self._native.close(code, reason, _setting(future))
        return future

    def _writing(self, content: bytes) -> Future[Event]:
        future: Future[Event] = Future()
        self._native.write(content, _setting(future))
        return future

    def _receiving(self) -> Future[Event]:
        """Ask for what comes next; after a wait that was too short, for the same once more."""
        if self._next is None:
            self._next = Future()
            self._native.receive(_setting(self._next))
        return self._next

    def _take(self, event: Event) -> bytes | None:
        """Take what has come, and return what a pong says.

        Raises:
            WebSocketDisconnect: If the socket is closed.
        """
        self._next = None
        kind, value = event
        if kind == "message":
            self._messages.append(value)
        elif kind == "ping":
            self.pings.append(value)
        elif kind == "pong":
            content: bytes = value
            return content
        elif kind in ("closed", "gone", "failed"):
            self._end(*(value if kind == "closed" else (CloseCode.ABNORMAL, "")))
        return None

    def _end(self, code: int, reason: str) -> None:
        if self.close_code is None:
            self.close_code, self.close_reason = code, reason
        failure = failures.take(self.response.request.headers.get("x-request-id"))
        # What ends a program is not meant for the test runner.
        if self._raises and isinstance(failure, Exception):
            raise failure
        raise WebSocketDisconnect(self.close_code, self.close_reason or "")

    def _sent(self, event: Event) -> None:
        if event[0] != "done":
            raise WebSocketDisconnect(self.close_code or CloseCode.ABNORMAL, self.close_reason or "")

    def _too_slow(self, timeout: float | None) -> TimeoutError:
        return TimeoutError(f"nothing came within {timeout} s")


class WebSocketSession(_Session):
    """A WebSocket that ``TestClient.websocket`` has opened. It is an iterator of messages, which ends at the close.

    An exception that the handler did not mean to raise is raised in the test, where it reads on.
    """

    def send(self, message: Any) -> None:
        """Send a message: text and bytes as they are, any other value as JSON.

        Raises:
            WebSocketDisconnect: If the server has left.
        """
        self._sent(self._wait(self._sending(message), self._timeout))

    def send_json(self, value: Any) -> None:
        """Send a value as JSON, text too; the rest is that of :meth:`send`."""
        self.send(encode_json(value).decode())

    def receive(self, timeout: float | None = None) -> str | bytes:
        """Return the next message; wait for it as long as the client's timeout, or this one, permits.

        Raises:
            WebSocketDisconnect: If the socket is closed.
            TimeoutError: If nothing comes. A later call waits for the same message.
        """
        while not self._messages:
            self._read(timeout)
        return self._messages.popleft()

    def receive_json(self, timeout: float | None = None) -> Any:
        """Return the next message, which is JSON; the rest is that of :meth:`receive`."""
        return msgspec.json.decode(self.receive(timeout))

    def __iter__(self) -> Self:
        """Return the session itself."""
        return self

    def __next__(self) -> str | bytes:
        """Return the next message."""
        try:
            return self.receive()
        except WebSocketDisconnect:
            raise StopIteration from None

    def ping(self, content: bytes = b"", timeout: float | None = None) -> None:
        """Send a ping and wait for its answer. Messages that come before it stay for :meth:`receive`.

        Raises:
            WebSocketDisconnect: If the socket is closed.
            TimeoutError: If no answer comes.
        """
        self._sent(self._wait(self._pinging(content), timeout))
        while self._read(timeout) != content:
            pass

    def write(self, content: bytes) -> None:
        """Write bytes as they are, which need be no frames."""
        self._sent(self._wait(self._writing(content), self._timeout))

    def close(self, code: int = CloseCode.NORMAL, reason: str = "") -> None:
        """Close the socket, and wait until the server has. What else comes stays for :meth:`receive`."""
        if self.close_code is None:
            self._wait(self._closing(code, reason), self._timeout)
            try:
                while True:
                    self._read(None)
            except WebSocketDisconnect:
                pass

    def leave(self) -> None:
        """Leave without closing, as a client does that loses its connection."""
        self._native.leave()

    def _read(self, timeout: float | None) -> bytes | None:
        if self.close_code is not None:
            self._end(self.close_code, "")
        return self._take(self._wait(self._receiving(), timeout))

    def _wait(self, future: Future[Event], timeout: float | None) -> Event:
        timeout = self._timeout if timeout is None else timeout
        try:
            return future.result(timeout)
        except concurrent.futures.TimeoutError as error:
            raise self._too_slow(timeout) from error

    def __enter__(self) -> Self:
        """Return the session."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the socket and leave."""
        try:
            if error is None:
                self.close()
        finally:
            self._native.leave()


class AsyncWebSocketSession(_Session):
    """A WebSocket that ``AsyncTestClient.websocket`` has opened; the rest is that of :class:`WebSocketSession`."""

    async def send(self, message: Any) -> None:
        """Send a message: text and bytes as they are, any other value as JSON."""
        self._sent(await self._wait(self._sending(message)))

    async def send_json(self, value: Any) -> None:
        """Send a value as JSON, text too."""
        await self.send(encode_json(value).decode())

    async def receive(self) -> str | bytes:
        """Return the next message, as :meth:`WebSocketSession.receive` does."""
        while not self._messages:
            await self._read()
        return self._messages.popleft()

    async def receive_json(self) -> Any:
        """Return the next message, which is JSON."""
        return msgspec.json.decode(await self.receive())

    def __aiter__(self) -> Self:
        """Return the session itself."""
        return self

    async def __anext__(self) -> str | bytes:
        """Return the next message."""
        try:
            return await self.receive()
        except WebSocketDisconnect:
            raise StopAsyncIteration from None

    async def ping(self, content: bytes = b"") -> None:
        """Send a ping and wait for its answer."""
        self._sent(await self._wait(self._pinging(content)))
        while await self._read() != content:
            pass

    async def write(self, content: bytes) -> None:
        """Write bytes as they are, which need be no frames."""
        self._sent(await self._wait(self._writing(content)))

    async def close(self, code: int = CloseCode.NORMAL, reason: str = "") -> None:
        """Close the socket, and wait until the server has."""
        if self.close_code is None:
            await self._wait(self._closing(code, reason))
            try:
                while True:
                    await self._read()
            except WebSocketDisconnect:
                pass

    def leave(self) -> None:
        """Leave without closing, as a client does that loses its connection."""
        self._native.leave()

    async def _read(self) -> bytes | None:
        if self.close_code is not None:
            self._end(self.close_code, "")
        return self._take(await self._wait(self._receiving()))

    async def _wait(self, future: Future[Event]) -> Event:
        try:
            return await awaited(future, self._timeout)
        except TimeoutError as error:
            raise self._too_slow(self._timeout) from error

    async def __aenter__(self) -> Self:
        """Return the session."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the socket and leave."""
        try:
            if error is None:
                await self.close()
        finally:
            self._native.leave()


async def awaited(future: Future[Result], seconds: float | None) -> Result:
    """Await what another thread brings, on any kind of event loop.

    Raises:
        TimeoutError: If it does not come.
    """
    if asyncio._get_running_loop() is None:
        return await anyio.to_thread.run_sync(future.result, seconds, abandon_on_cancel=True)
    async with asyncio.timeout(seconds):
        # Whoever stops waiting may wait for the same later.
        return await asyncio.shield(asyncio.wrap_future(future))


def options_with(subprotocols: Iterable[str], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a request that asks for a WebSocket."""
    headers = httpx.Headers(options.get("headers"))
    if names := ", ".join(subprotocols):
        headers["sec-websocket-protocol"] = names
    return {**options, "headers": headers}


def _setting(future: Future[Event]) -> Any:
    def done(kind: str | None, value: Any) -> None:
        # Whoever was cancelled no longer waits.
        if future.set_running_or_notify_cancel():
            future.set_result((kind or "done", value))

    return done
