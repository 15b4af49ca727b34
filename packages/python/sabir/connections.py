"""What dependencies of the scope ``connection`` have made: once for a connection, until that is closed."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from sabir.background import Ending, begun, end, end_async, first, first_async
from sabir.dependencies import ASYNC_GENERATOR, AWAIT, GENERATOR, Step
from sabir.signature import key_of

_logger = logging.getLogger("sabir")
_connections: dict[int, Connection] = {}


class Connection:
    """What one connection has, on the thread of its loop."""

    def __init__(self, number: int | None) -> None:
        self.loop = asyncio.get_running_loop()
        self._number = number
        self._values: dict[Any, asyncio.Task[Any]] = {}
        self._generators: list[tuple[str, Any]] = []
        self._requests = 0
        self._has_ended = number is None

    def enter(self, ending: Ending) -> None:
        """Count a request that uses it until its end."""
        self._requests += 1
        ending.at_last(self._leave)

    def _leave(self) -> None:
        self._requests -= 1
        self._close()

    def end(self, _: Any = None) -> None:
        """End it with the last request that uses it."""
        self._has_ended = True
        if self._number is not None and _connections.get(self._number) is self:
            del _connections[self._number]
        self._close()

    async def value(self, step: Step, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Return what a step has made for the connection, or makes now."""
        key = key_of(step.provider) if step.use_cache else step
        task = self._values.get(key)
        if task is None:
            # In a task of its own: the request that is the first one may be cancelled while others wait.
            task = self._values[key] = self.loop.create_task(self._made(step, arguments, named))
            task.add_done_callback(lambda done: self._forget_failure(key, done))
        return task.result() if task.done() else await asyncio.shield(task)

    async def _made(self, step: Step, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        made = step.provider(*arguments, **named)
        if step.kind == AWAIT:
            return await made
        if step.kind not in (GENERATOR, ASYNC_GENERATOR):
            return made
        value = await first_async(made) if step.kind == ASYNC_GENERATOR else first(made)
        self._generators.append((step.name, made))
        return value

    def _forget_failure(self, key: Any, task: asyncio.Task[Any]) -> None:
        if task.cancelled() or task.exception() is not None:
            # The next request tries again.
            self._values.pop(key, None)
        # Everybody may have left before it was made.
        self._close()

    def _close(self) -> None:
        if self._has_ended and self._requests == 0 and all(task.done() for task in self._values.values()):
            self._values.clear()
            if self._generators:
                begun(self._end_generators())

    async def _end_generators(self) -> None:
        # Those that need others were made after them.
        while self._generators:
            name, generator = self._generators.pop()
            try:
                if hasattr(generator, "athrow"):
                    await end_async(generator, None)
                else:
                    end(generator, None)
            except Exception as error:
                _logger.error("the dependency %s failed when its connection was closed", name, exc_info=error)


async def connected(ending: Ending, step: Step, *arguments: Any, **named: Any) -> Any:
    """Return what a step makes for the connection of a request."""
    connection = ending.connection
    if connection is None:
        connection = ending.connection = _connection_of(ending.native)
        connection.enter(ending)
    return await connection.value(step, arguments, named)


def _connection_of(native: Any) -> Connection:
    number = native.connection_id
    if number is None:
        # One that nobody knows ends with its request.
        return Connection(None)
    found = _connections.get(number)
    if found is None or found.loop is not asyncio.get_running_loop():
        found = _connections[number] = Connection(number)
        native.when_connection_ended(found.end)
    return found


def end_connections(loop: asyncio.AbstractEventLoop) -> None:
    """Have what connections have on a loop be made anew by later requests."""
    for connection in list(_connections.values()):
        if connection.loop is loop:
            connection.end()
