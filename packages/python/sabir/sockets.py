"""Running the handlers of WebSockets. Private."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from sabir.close_code import CloseCode
from sabir.problem import Problem
from sabir.problem_data import problem_data
from sabir.websocket import WebSocket, WebSocketDisconnect

if TYPE_CHECKING:
    from sabir._sabir import NativeSocket


_running: WeakSet[RunningSocket] = WeakSet()


class RunningSocket:
    """A socket and the task of its handler, once it is open. The runtime calls its methods, on the loop's thread."""

    def __init__(self, native: NativeSocket, convert: Callable[[Any], Any] | None) -> None:
        self.socket: WebSocket[Any, Any] = WebSocket(native)
        self._native = native
        self._convert = convert
        self._task: asyncio.Task[BaseException | None] | None = None
        self._is_gone = False
        self._late: asyncio.TimerHandle | None = None

    def start(self, handler: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        """Start the handler of the socket, which is open."""
        self._native.attach(self)
        context = self.socket._context = contextvars.copy_context()
        self._task = asyncio.get_running_loop().create_task(self._run(handler, arguments), context=context)
        self._task.add_done_callback(self._ended)
        _running.add(self)

    def message(self, message: Any, length: int) -> None:
        """A message has arrived. One that does not fit the type is answered by policy."""
        if self._convert is not None:
            try:
                message = self._convert(message)
            except Problem as problem:
                self._native.consumed(length)
                self._native.reject(problem_data(problem))
                return
        self.socket._deliver(message, length)

    def ping(self, content: bytes) -> None:
        """A ping has arrived, which has been answered."""
        self.socket._control("ping", content)

    def pong(self, content: bytes) -> None:
        """A pong has arrived."""
        self.socket._control("pong", content)

    def writable(self) -> None:
        """There is room for messages again."""
        self.socket._writable()

    def closed(self, code: int, reason: str) -> None:
        """The socket is closed. The handler has some time to end."""
        self.socket._closed(code, reason)
        if self._task is not None and not self._task.done():
            self._late = self._task.get_loop().call_later(self._native.close_timeout, self.gone)

    def gone(self) -> None:
        """The client has left: the handler gets a ``CancelledError`` where it waits."""
        self._is_gone = True
        self.socket._closed(CloseCode.ABNORMAL, "")
        if self._task is not None:
            self._task.cancel()

    def cancel(self) -> None:
        """Nobody will tell what happens to the socket any more."""
        self._native.finish(CloseCode.GOING_AWAY, "")
        self.gone()

    async def _run(self, handler: Callable[..., Any], arguments: tuple[Any, ...]) -> BaseException | None:
        try:
            await handler(*arguments)
        except (SystemExit, KeyboardInterrupt) as error:
            # Raised by a task these would end the loop, and the server with it.
            return error
        return None

    def _ended(self, task: asyncio.Task[BaseException | None]) -> None:
        _running.discard(self)
        if self._late is not None:
            self._late.cancel()
        if task.cancelled():
            self._end(None if self._is_gone else asyncio.CancelledError("the handler of an open socket was cancelled"))
        else:
            self._end(task.result() if (error := task.exception()) is None else error)

    def _end(self, error: BaseException | None) -> None:
        if error is None or isinstance(error, WebSocketDisconnect):
            self._native.finish(CloseCode.NORMAL, "")
        elif isinstance(error, Problem) and error.status < 500:
            self._native.finish(CloseCode.POLICY_VIOLATION, error.detail or error.title or "")
        else:
            self._native.fail(error)


def open_socket(native: NativeSocket, convert: Callable[[Any], Any] | None) -> RunningSocket:
    """Return what will run the handler of a socket, whose messages ``convert`` turns into its type."""
    return RunningSocket(native, convert)


async def closed_sockets() -> None:
    """Wait for the handlers on this loop whose sockets are closed, for as long as they may go on after that."""
    loop, current = asyncio.get_running_loop(), asyncio.current_task()
    tasks, seconds = list[asyncio.Task[Any]](), 0.0
    for running in list(_running):
        task, native = running._task, running._native
        if task is not None and task is not current and task.get_loop() is loop and not native.is_open():
            tasks.append(task)
            seconds = max(seconds, native.close_timeout)
    if tasks:
        await asyncio.wait(tasks, timeout=seconds)
