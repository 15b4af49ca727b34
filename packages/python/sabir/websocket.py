"""WebSockets as handlers see them."""

from __future__ import annotations

import asyncio
import contextvars
import enum
from collections import deque
from collections.abc import Collection
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Generic, NamedTuple

from sabir.channels import publish
from sabir.close_code import CloseCode
from sabir.encoding import encode_json
from sabir.request import Request

if TYPE_CHECKING:
    from typing import Self

    from typing_extensions import TypeVar

    from sabir._sabir import NativeSocket

    Incoming = TypeVar("Incoming", default=Any)
    Outgoing = TypeVar("Outgoing", default=Any)
else:
    from typing import TypeVar

    Incoming = TypeVar("Incoming")
    Outgoing = TypeVar("Outgoing")

_READY, _FULL, _GONE = 0, 1, 2
"""Whether a message was taken, as the native module says it."""
_IN_A_ROW = 64
"""After so many messages for which there was room other tasks of the loop have their turn."""


class Control(NamedTuple):
    """A ping or a pong, for handlers that are told of them."""

    kind: str
    content: bytes


class WebSocketDisconnect(Exception):  # noqa: N818 - the word of Starlette, FastAPI and Litestar.
    """The socket is closed: nothing can be sent, and no message follows. The handler that raises it has not failed."""

    def __init__(self, code: int = CloseCode.NORMAL, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code = code
        """What the side that closed said; 1005 where it said none, 1006 where the connection ended without closing."""
        self.reason = reason

    def __str__(self) -> str:
        """Return code and reason."""
        return f"the WebSocket is closed with {int(self.code)}{self.reason and f': {self.reason}'}"


class WebSocket(Generic[Incoming, Outgoing]):
    """A WebSocket (RFC 6455), the parameter of the handlers that ``app.websocket`` adds.

    ``WebSocket[In, Out]`` says what it receives and sends; either may be left out. ``str`` and ``bytes`` are text and
    binary messages, every other type is text that is JSON: messages that do not fit it never reach the handler.

    It is an asynchronous iterator of what it receives, which ends when the socket is closed. When the handler returns
    the socket is closed with 1000, when it raises with 1011. Where the client leaves without closing, the handler is
    cancelled.

    All of it is for the event loop of the handlers; other threads reach sockets by channels.

    Example::

        @app.websocket("/chat/{room}")
        async def chat(ws: WebSocket[Line], room: str) -> None:
            async for line in ws:
                await ws.send({"room": room, "text": line.text})
    """

    __slots__ = (
        "_close",
        "_context",
        "_controls",
        "_in_a_row",
        "_messages",
        "_native",
        "_request",
        "_room",
        "_taken",
        "_waiter",
        "state",
    )

    if not TYPE_CHECKING:

        def __class_getitem__(cls, types: Any) -> Any:
            """Return the class for types of messages. Before Python 3.13 variables have no defaults at run time."""
            given = types if isinstance(types, tuple) else (types,)
            return super().__class_getitem__((*given, Any) if len(given) == 1 else given)

    def __init__(self, native: NativeSocket) -> None:
        self._native = native
        self._context: contextvars.Context | None = None
        """That of the handler."""
        self._messages: deque[tuple[Incoming, int]] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._close: tuple[int, str] | None = None
        self._taken: int | None = None
        """The length of the message that was received last, until the next one is asked for."""
        self._in_a_row = 0
        self._controls: Collection[str] = ()
        self._request: Request | None = None
        self.state = SimpleNamespace()
        """For what belongs to this socket, as attributes."""

    @property
    def request(self) -> Request:
        """The request that asked for the socket: its header fields, query and so on."""
        if self._request is None:
            self._request = Request(self._native.request)
        return self._request

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that client and server agreed on."""
        return self._native.subprotocol

    @property
    def close_code(self) -> int | None:
        """The code that the socket was closed with, by either side; ``None`` while it is open."""
        return None if self._close is None else self._close[0]

    @property
    def close_reason(self) -> str | None:
        """The reason that the socket was closed with; ``None`` while it is open."""
        return None if self._close is None else self._close[1]

    async def receive(self) -> Incoming:
        """Wait for the next message.

        Raises:
            WebSocketDisconnect: If the socket is closed, and all that came before has been received.
        """
        if self._taken is not None:
            self._answered(self._taken)
        messages = self._messages
        while not messages:
            if self._close is not None:
                raise WebSocketDisconnect(*self._close)
            if self._waiter is not None:
                raise RuntimeError("another coroutine already waits for the next message")
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._take()

    def __aiter__(self) -> Self:
        """Return the socket itself."""
        return self

    async def __anext__(self) -> Incoming:
        """Return the next message."""
        # As in `receive`, without a coroutine of its own: most messages take this way.
        if self._taken is not None:
            self._answered(self._taken)
        if not self._messages and self._close is None and self._waiter is None:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._messages:
            return self._take()
        try:
            return await self.receive()
        except WebSocketDisconnect:
            raise StopAsyncIteration from None

    async def send(self, message: Outgoing | str | bytes | bytearray | memoryview) -> None:
        """Send a message: text and bytes as they are, any other value as JSON.

        Waits while as much waits for the client as may, if the setting ``websocket_send_queue_policy`` says so.

        Raises:
            WebSocketDisconnect: If the socket is closed.
            TypeError: If the value cannot be sent as JSON.
        """
        if isinstance(message, str) and not isinstance(message, enum.Enum):
            outcome = self._native.send(message)
            if outcome != _READY or self._in_a_row == _IN_A_ROW:
                return await self._settle(outcome, self._native.send, message)
        elif isinstance(message, bytes | bytearray | memoryview):
            content = bytes(message)
            outcome = self._native.send(content)
            if outcome != _READY or self._in_a_row == _IN_A_ROW:
                return await self._settle(outcome, self._native.send, content)
        else:
            return await self.send_json(message)
        self._in_a_row += 1
        return None

    async def send_json(self, value: Any) -> None:
        """Send a value as JSON, text too.

        Raises:
            WebSocketDisconnect: If the socket is closed.
            TypeError: If the value cannot be sent as JSON.
        """
        content = encode_json(value)
        outcome = self._native.send_json(content)
        if outcome != _READY or self._in_a_row == _IN_A_ROW:
            return await self._settle(outcome, self._native.send_json, content)
        self._in_a_row += 1
        return None

    async def _settle(self, outcome: int, send: Any, content: Any) -> None:
        """Wait until a message is taken."""
        self._in_a_row = 0
        while outcome == _FULL:
            if self._room is None or self._room.done():
                self._room = asyncio.get_running_loop().create_future()
            # Several senders wait for the same room, and none may cancel it for the others.
            await asyncio.shield(self._room)
            outcome = send(content)
        if outcome == _GONE:
            raise self._disconnect()
        await asyncio.sleep(0)

    async def ping(self, content: bytes = b"") -> None:
        """Send a ping with at most 125 bytes. The other side answers it by itself; nobody waits for that.

        Raises:
            WebSocketDisconnect: If the socket is closed.
            ValueError: If there are more bytes.
        """
        if not self._native.ping(content):
            raise self._disconnect()

    async def close(self, code: int = CloseCode.NORMAL, reason: str = "") -> None:
        """Close the socket after what was sent before. Messages that have not been received are dropped.

        What the client answers is not waited for: ``close_code`` is this one at once.

        Closing one that is closed has no effect.

        Raises:
            ValueError: If no close frame may have the code.
        """
        if self._native.close(code, reason):
            self._messages.clear()
            self._closed(code, reason)

    async def subscribe(self, channel: str) -> None:
        """Have the socket sent what is published on a channel, until it unsubscribes or its handler ends.

        A client that reads too slowly to be sent a message is closed with 1013.
        """
        self._native.subscribe(channel)

    async def unsubscribe(self, channel: str) -> None:
        """Send no more of a channel."""
        self._native.unsubscribe(channel)

    async def publish(self, channel: str, message: Any) -> int:
        """Publish on a channel, as :meth:`sabir.Sabir.publish` of the application does that serves this socket."""
        return publish(self._native, channel, message)

    def _take(self) -> Incoming:
        self._in_a_row = 0
        if self._taken is not None:
            self._answered(self._taken)
        message, self._taken = self._messages.popleft()
        return message

    def _answered(self, length: int) -> None:
        """Say that the last message has been answered, since the next one is asked for."""
        self._taken = None
        self._native.consumed(length)

    def _control(self, kind: str, content: bytes) -> None:
        if kind in self._controls:
            self._deliver(Control(kind, content), len(content))
        else:
            self._native.consumed(len(content))

    def _deliver(self, message: Any, length: int) -> None:
        if self._close is None:
            self._messages.append((message, length))
            waiter = self._waiter
            if waiter is not None and not waiter.done():
                waiter.set_result(None)

    def _closed(self, code: int, reason: str) -> None:
        if self._close is None:
            self._close = (code, reason)
            self._wake(self._waiter)
        self._writable()

    def _writable(self) -> None:
        self._wake(self._room)

    @staticmethod
    def _wake(waiter: asyncio.Future[None] | None) -> None:
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def _disconnect(self) -> WebSocketDisconnect:
        return WebSocketDisconnect(*(self._close or (CloseCode.ABNORMAL, "")))

    def __repr__(self) -> str:
        """Return the path, and how it was closed."""
        state = "" if self._close is None else f" closed with {int(self._close[0])}"
        return f"<WebSocket {self.request.path}{state}>"
