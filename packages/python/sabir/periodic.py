"""What an application does again and again while it serves."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sabir.cron import Cron
from sabir.problem import SetupError
from sabir.signature import innermost, is_coroutine_function, parameters

if TYPE_CHECKING:
    from sabir.app import Sabir

Function = TypeVar("Function", bound=Callable[[], Any])

_LONGEST = 60.0
"""Seconds after which clocks are looked at again: they may be set while something waits."""

_logger = logging.getLogger("sabir")


@dataclass(frozen=True)
class Entry:
    """One function, and when it is due."""

    kind: str
    function: Callable[[], Any]
    delay: Callable[[datetime, float], float]
    """The seconds until it is due, when it has begun the last time at a time, which is so many seconds ago.

    These are of a clock that nobody sets.
    """

    @property
    def name(self) -> str:
        """What it is called in the log."""
        return f"{self.kind} `{getattr(innermost(self.function), '__qualname__', repr(self.function))}`"


class Runner:
    """Runs functions again and again on the loop that it is made on, each once at a time."""

    def __init__(self, entries: list[Entry]) -> None:
        self.loop = asyncio.get_running_loop()
        self._waiting: set[asyncio.Task[None]] = set()
        self._running: set[asyncio.Task[None]] = set()
        # No run knows what the others have set.
        context = contextvars.Context()
        for entry in entries:
            self._waiting.add(self.loop.create_task(self._repeat(entry), context=context.copy()))

    async def _repeat(self, entry: Entry) -> None:
        last, begun = datetime.now(UTC), self.loop.time()
        while True:
            # Timers may be early, and clocks be set meanwhile.
            while (delay := entry.delay(last, self.loop.time() - begun)) > 0:  # noqa: ASYNC110 - no event says the time
                await asyncio.sleep(min(delay, _LONGEST))
            last, begun = datetime.now(UTC), self.loop.time()
            run = self.loop.create_task(_called(entry), context=contextvars.copy_context())
            self._running.add(run)
            run.add_done_callback(self._running.discard)
            await asyncio.wait([run])

    async def stop(self, seconds: float) -> None:
        """Begin nothing any more, and wait for what runs, for so long at most; what is left then is cancelled."""
        for task in self._waiting:
            task.cancel()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1.0)


async def _called(entry: Entry) -> None:
    # No name may keep what it returns until the next time.
    try:
        if is_coroutine_function(entry.function):
            await entry.function()
        elif inspect.isawaitable(result := await asyncio.to_thread(entry.function)):
            await result
    except Exception as error:
        _logger.error("%s failed", entry.name, exc_info=error)


class Periodic:
    """What an application knows of what it does again and again."""

    def __init__(self) -> None:
        self._periodic: list[Entry] = []
        self._periodic_runner: Runner | None = None
        self._periodic_stopped: Callable[[], None] = lambda: None

    def every(self, seconds: float) -> Callable[[Function], Function]:
        """Call the decorated function again and again while the application serves, first after so many seconds.

        A coroutine function runs on the event loop, a plain one on a thread. One that takes longer runs the next time
        when it has ended: nothing runs twice at a time. Of several workers one does it, and another one when that has
        ended. What it raises is logged. A server that stops waits for it within ``shutdown_timeout_ms``. Test clients
        do it with ``periodic=True``.

        Example:
            >>> from sabir import Sabir
            >>> app = Sabir()
            >>> @app.every(60)
            ... async def forget_old_sessions():
            ...     ...

        Raises:
            SetupError: If that is no time, the function takes arguments, or the application already serves.
        """
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < float("inf"):
            raise SetupError("app", "every", f"{seconds!r} is no time", "give a number of seconds, as `@app.every(60)`")

        def delay(last: datetime, ago: float) -> float:
            return seconds - ago

        return lambda function: self._repeat("every", function, delay)

    def cron(self, text: str) -> Callable[[Function], Function]:
        """Call the decorated function at the times that a cron text names, in UTC, otherwise as :meth:`every` does.

        The text is minute, hour, day of the month, month and day of the week: ``*/5 * * * *``, ``30 4 * * 1-5``.

        Example:
            >>> from sabir import Sabir
            >>> app = Sabir()
            >>> @app.cron("30 4 * * 1-5")
            ... def send_reports():
            ...     ...

        Raises:
            SetupError: If the text names no time, the function takes arguments, or the application already serves.
        """
        remedy = "write `minute hour day month weekday`, such as `*/5 * * * *`"
        if not isinstance(text, str):
            raise SetupError("app", "cron", f"{text!r} is no text", remedy)
        try:
            times = Cron(text)
        except ValueError as error:
            raise SetupError("app", "cron", str(error), remedy) from None

        def delay(last: datetime, ago: float) -> float:
            due = times.next(last)
            return _LONGEST if due is None else (due - datetime.now(UTC)) / timedelta(seconds=1)

        return lambda function: self._repeat("cron", function, delay)

    def _repeat(self, kind: str, function: Function, delay: Callable[[datetime, float], float]) -> Function:
        cast("Sabir", self)._refuse_while_serving(kind)
        if not callable(function):
            raise SetupError("app", kind, f"a {type(function).__name__} cannot be called", "decorate a function")
        if any(p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters(function)):
            name = getattr(innermost(function), "__qualname__", repr(function))
            raise SetupError("app", kind, f"{name} takes arguments", "decorate a function that takes none")
        self._periodic.append(Entry(kind, function, delay))
        return function

    def _adopt_periodic(self, other: Periodic) -> None:
        """Have what an application does that is mounted here, which may be at several places."""
        self._periodic += [entry for entry in other._periodic if entry not in self._periodic]

    def _start_periodic(self) -> None:
        """Begin, on the running loop, unless that is done."""
        if self._periodic and self._periodic_runner is None:
            self._periodic_runner = Runner(self._periodic)

    async def _stop_periodic(self, seconds: float) -> None:
        """Begin nothing any more, and wait for what runs, for so long at most."""
        runner, self._periodic_runner = self._periodic_runner, None
        if runner is not None and runner.loop is asyncio.get_running_loop():
            try:
                await runner.stop(seconds)
            finally:
                self._periodic_stopped()
