"""Event loops for the handlers of applications under test."""

from __future__ import annotations

import _thread
import asyncio
import atexit
import os
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

from sabir.background import finished, running
from sabir.server import loop_factory
from sabir.sockets import closed_sockets

if TYPE_CHECKING:
    from sabir._sabir import NativeApp
    from sabir.app import Sabir

TIMEOUT_SECONDS = 30.0
"""How long starting and stopping may take."""


class LoopThread:
    """An event loop in a thread of its own, on which an application's handlers run."""

    _running: ClassVar[WeakKeyDictionary[Sabir, LoopThread]] = WeakKeyDictionary()
    # Guards the above and what it counts, and is never held by one who waits for another thread. The garbage collector
    # runs in the middle of everything, so what drops a client takes no lock at all, see `close_soon`.
    _lock: ClassVar[threading.Lock] = threading.Lock()
    # One thread at a time starts or stops the loop of an application.
    _turns: ClassVar[WeakKeyDictionary[Sabir, threading.Lock]] = WeakKeyDictionary()

    @classmethod
    def of(cls, app: Sabir) -> LoopThread:
        """Return the loop of ``app``, which all its users share; each of them closes it once."""
        with cls._lock:
            turn = cls._turns.setdefault(app, threading.Lock())
        with turn:
            if (found := cls._found(app)) is not None:
                return found
            started = cls(app, turn)
            with cls._lock:
                cls._running[app] = started
            return started

    @classmethod
    def joined(cls, app: Sabir) -> LoopThread | None:
        """Return the loop of ``app`` like :meth:`of`, if there is one; waits for one that is being closed."""
        with cls._lock:
            turn = cls._turns.setdefault(app, threading.Lock())
        with turn:
            return cls._found(app)

    @classmethod
    def _found(cls, app: Sabir) -> LoopThread | None:
        if (found := cls._running.get(app)) is not None:
            found._close_left()
        with cls._lock:
            if (found := cls._running.get(app)) is not None:
                found._users += 1
            return found

    def __init__(self, app: Sabir, turn: threading.Lock) -> None:
        self._app = app
        self._turn = turn
        self._users = 1
        self._left: deque[bool] = deque()
        """Users that were dropped; whether each had made the application listen."""
        self._process = os.getpid()
        self._loop = loop_factory()()
        # A daemon, so that a client that was never closed does not keep the test run alive.
        self._thread = threading.Thread(target=self._run, name="sabir-test", daemon=True)
        self._thread.start()
        try:
            self.native: NativeApp = self._call(self._attach)
        except BaseException:
            self._end()
            raise

    def close(self, *, listening: bool) -> None:
        """Stop the server, and the loop with its last user."""
        if self._process != os.getpid():
            # The thread and the loop are those of the process that was forked.
            return
        if threading.current_thread() is self._thread:
            # The loop cannot wait for itself.
            self.close_soon(listening=listening)
            return
        with self._turn:
            self._close(listening)

    def close_soon(self, *, listening: bool) -> None:
        """Close in another thread: the garbage collector drops clients in any thread, whatever that one has locked."""
        if self._process == os.getpid():
            self._left.append(listening)
            # Not by `threading`, which has locks of its own.
            _thread.start_new_thread(self._close_in_turn, ())

    def _close_in_turn(self) -> None:
        with self._turn:
            self._close_left()

    def _close_left(self) -> None:
        """Close for those that were dropped, so that whoever comes next finds the application free."""
        while self._left:
            self._close(self._left.popleft())

    def _close(self, listening: bool) -> None:
        if listening:
            stopped = threading.Event()
            self.native.stop(stopped.set)
            stopped.wait(TIMEOUT_SECONDS)
        with self._lock:
            self._users -= 1
            if self._users:
                return
            self._running.pop(self._app, None)
        self._call(self._detach)
        self._end()

    @classmethod
    def close_all(cls) -> None:
        """Stop the loops at the end of the process, before the interpreter ends under them."""
        for thread in list(cls._running.values()):
            if thread._process == os.getpid() and thread._thread.is_alive():
                thread._loop.call_soon_threadsafe(thread._loop.stop)
                thread._thread.join(1)

    @classmethod
    def after_fork(cls) -> None:
        """Forget the loops in a child, which has no threads."""
        cls._lock = threading.Lock()
        cls._running = WeakKeyDictionary()
        cls._turns = WeakKeyDictionary()

    async def _attach(self) -> NativeApp:
        native = self._app.attach(self._loop)
        try:
            await self._app._enter_lifespans()
        except BaseException:
            self._app.detach()
            raise
        return native

    async def _detach(self) -> NativeApp:
        # It is another one by now where dependencies were overridden.
        self.native = self._app.native()
        await _finish_sockets(self.native)
        await self._app._stop_periodic(self.native.shutdown_timeout_ms() / 1000)
        lifespans = self._app._lifespan_task
        await _cancel_all((set() if lifespans is None else lifespans.tasks) | running())
        await finished(self.native, self.native.shutdown_timeout_ms() / 1000)
        await self._app._leave_lifespans()
        await _cancel_all(set())
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


atexit.register(LoopThread.close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=LoopThread.after_fork)


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
    async def leave(cls, app: Sabir, loop: asyncio.AbstractEventLoop, *, has_lifespans: bool) -> None:
        """Detach ``app`` from ``loop`` with its last user."""
        if asyncio._get_running_loop() is loop and app.running_loop() is loop:
            await _finish_sockets(app.native())
            await app._stop_periodic(app.native().shutdown_timeout_ms() / 1000)
            await finished(app.native(), app.native().shutdown_timeout_ms() / 1000)
            if has_lifespans:
                await app._leave_lifespans()
        entered, users = cls._entered.get(app, (loop, 0))
        if entered is not loop:
            return
        if users > 1:
            cls._entered[app] = (loop, users - 1)
            return
        cls._entered.pop(app, None)
        if not loop.is_closed():
            app.detach()


async def _cancel_all(others: set[asyncio.Task[Any]]) -> None:
    """Cancel the tasks of the running loop but ``others``, and wait for their end."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()} - others
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _finish_sockets(native: NativeApp) -> None:
    """Let the handlers on this loop whose sockets are closed take what has come for them."""
    # A socket may have been closed before its handler has begun.
    native.drain()
    await closed_sockets()
