"""Event loops for the handlers of applications under test."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, ClassVar
from weakref import WeakKeyDictionary, WeakSet

from sabir.server import loop_factory

if TYPE_CHECKING:
    from sabir._sabir import NativeApp
    from sabir.app import Sabir

TIMEOUT_SECONDS = 30.0
"""How long starting and stopping may take."""


class LoopThread:
    """An event loop in a thread of its own, on which an application's handlers run."""

    _running: ClassVar[WeakKeyDictionary[Sabir, LoopThread]] = WeakKeyDictionary()
    _threads: ClassVar[WeakSet[threading.Thread]] = WeakSet()
    # Reentrant, since the garbage collector may close a client in the middle of opening another.
    _lock: ClassVar[threading.RLock] = threading.RLock()

    @classmethod
    def of(cls, app: Sabir) -> LoopThread:
        """Return the loop of ``app``, which all its users share; each of them closes it once."""
        with cls._lock:
            found = cls._running.get(app)
            if found is None:
                found = cls._running[app] = cls(app)
            found._users += 1
            return found

    def __init__(self, app: Sabir) -> None:
        self._app = app
        self._users = 0
        self._loop = loop_factory()()
        # A daemon, so that a client that was never closed does not keep the test run alive.
        self._thread = threading.Thread(target=self._run, name="sabir-test", daemon=True)
        self._threads.add(self._thread)
        self._thread.start()
        try:
            self.native: NativeApp = self._call(self._attach)
        except BaseException:
            self._end()
            raise

    def close(self, *, listening: bool) -> None:
        """Stop the server, and the loop with its last user."""
        here = threading.current_thread()
        if here in self._threads or isinstance(here, threading._DummyThread):
            # The garbage collector dropped a client on a thread that others wait for, or that is the runtime's own.
            threading.Thread(target=self._close, args=(listening,), daemon=True).start()
        else:
            self._close(listening)

    def _close(self, listening: bool) -> None:
        if listening:
            stopped = threading.Event()
            self.native.stop(stopped.set)
            stopped.wait(TIMEOUT_SECONDS)
        # Held until the loop has ended, so that the next client of the application finds it free.
        with self._lock:
            self._users -= 1
            if self._users:
                return
            self._running.pop(self._app, None)
            self._call(self._detach)
            self._end()

    async def _attach(self) -> NativeApp:
        return self._app.attach(self._loop)

    async def _detach(self) -> NativeApp:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._app.detach()
        return self.native

    def _call(self, function: Callable[[], Coroutine[None, None, NativeApp]]) -> NativeApp:
        return asyncio.run_coroutine_threadsafe(function(), self._loop).result(TIMEOUT_SECONDS)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TIMEOUT_SECONDS)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()


class RunningLoop:
    """An application on the event loop of the test itself, for as long as one of its users needs it there."""

    _entered: ClassVar[WeakKeyDictionary[Sabir, tuple[asyncio.AbstractEventLoop, int]]] = WeakKeyDictionary()

    @classmethod
    def enter(cls, app: Sabir) -> asyncio.AbstractEventLoop:
        """Attach ``app`` to the running loop and return it. Each user leaves once."""
        loop = asyncio.get_running_loop()
        app.attach(loop)
        entered, users = cls._entered.get(app, (loop, 0))
        cls._entered[app] = (loop, users + 1 if entered is loop else 1)
        return loop

    @classmethod
    def leave(cls, app: Sabir, loop: asyncio.AbstractEventLoop) -> None:
        """Detach ``app`` from ``loop`` with its last user."""
        entered, users = cls._entered.get(app, (loop, 0))
        if entered is not loop:
            return
        if users > 1:
            cls._entered[app] = (loop, users - 1)
            return
        cls._entered.pop(app, None)
        if not loop.is_closed():
            app.detach()
