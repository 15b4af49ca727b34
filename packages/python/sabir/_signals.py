"""What signals do to a process that serves."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakSet

if TYPE_CHECKING:
    import asyncio
    from types import FrameType, TracebackType

_logger = logging.getLogger("sabir")

STILL_RUNNING = "handlers still run after the shutdown"


class Signals:
    """The first SIGINT or SIGTERM (or SIGHUP, as of a closed terminal) asks to stop, the second ends the process.

    Handlers of signals belong to the process: those of before are back when the block is left, and in a forked child.
    Outside of the main thread, where Python has no signals, nothing is changed.

    A process that has been asked to stop and does not, because a handler refuses to end or keeps the event loop, is
    ended when ``timeout`` is over, in seconds. One that the server ``owns`` is also ended when it takes longer than
    ``grace`` to end after the block.
    """

    _active: ClassVar[WeakSet[Signals]] = WeakSet()

    def __init__(self, timeout: float, *, owns: bool, grace: float) -> None:
        self._timeout = timeout
        self._owns = owns
        self._grace = grace
        self._process = os.getpid()
        self._before: dict[int, Any] = {}
        self._is_asked = False
        self._stop: Callable[[], object] | None = None
        self._has_left = threading.Event()
        self._sockets: tuple[socket.socket, socket.socket] | None = None

    def __enter__(self) -> Signals:
        if threading.current_thread() is threading.main_thread():
            _watch_forks()
            for number in _numbers():
                self._before[number] = signal.signal(number, self._received)
            self._active.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._active.discard(self)
        self._restore()
        self._has_left.set()
        if self._owns:
            _end_after(self._grace, threading.Event())

    def watch(self, loop: asyncio.AbstractEventLoop, stop: Callable[[], object]) -> None:
        """Call ``stop`` on the running ``loop`` at the first signal, also if that was before."""
        self._stop = lambda: loop.call_soon_threadsafe(stop)
        if self._before:
            self._wake(loop)
        if self._is_asked:
            stop()

    def stopping(self) -> None:
        """Note that something else has asked to stop: the next signal ends the process."""
        if not self._is_asked:
            self._is_asked = True
            _end_after(self._timeout, self._has_left)

    def unwatch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Undo :meth:`watch`."""
        self._stop = None
        if self._sockets is not None:
            loop.remove_reader(self._sockets[0])
            signal.set_wakeup_fd(-1)
            for end in self._sockets:
                end.close()
            self._sockets = None

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let signals wake the loop: the system may give one to another thread, where it ends no wait of this one."""
        if sys.platform == "win32":
            return
        if (before := signal.set_wakeup_fd(-1)) != -1:
            # The loop has seen to that itself, as uvloop does.
            signal.set_wakeup_fd(before)
            return
        receiver, sender = self._sockets = socket.socketpair()
        receiver.setblocking(False)
        sender.setblocking(False)

        def drain() -> None:
            with contextlib.suppress(BlockingIOError):
                receiver.recv(4096)

        loop.add_reader(receiver, drain)
        signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)

    def _received(self, number: int, _: FrameType | None) -> None:
        if self._process != os.getpid():
            # A child that was made without the hooks of Python.
            self._restore()
            os.kill(os.getpid(), number)
        elif self._is_asked:
            _flush()
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        else:
            self.stopping()
            if self._stop is not None:
                self._stop()

    def _restore(self) -> None:
        for number, handler in self._before.items():
            # A handler that was not set from Python cannot be set again.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._before.clear()

    @classmethod
    def before_fork(cls) -> None:
        """Hold signals back: Python forgets those that a child gets before it has forgotten its parent's handlers."""
        if cls._active:
            _forking.mask = signal.pthread_sigmask(signal.SIG_BLOCK, _numbers())

    @classmethod
    def after_fork_in_parent(cls) -> None:
        """Undo :meth:`before_fork`."""
        if (mask := _forking.__dict__.pop("mask", None)) is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    @classmethod
    def after_fork_in_child(cls) -> None:
        """Undo everything in a child, which would swallow signals."""
        active = list(cls._active)
        cls._active.clear()
        for signals in active:
            signal.set_wakeup_fd(-1)
            signals._has_left.set()
            for number, handler in signals._before.items():
                # What this one raises would be lost in here.
                signal.signal(number, signal.SIG_DFL if handler is signal.default_int_handler else handler)
        cls.after_fork_in_parent()
        for signals in active:
            signals._restore()


_forking = threading.local()


def _numbers() -> list[signal.Signals]:
    numbers = [signal.SIGINT, signal.SIGTERM]
    # `nohup` and the like ignore it.
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    return numbers


def _end_after(seconds: float, unless: threading.Event) -> None:
    """End the process after so many seconds, without the help of its main thread."""

    def end() -> None:
        if unless.wait(min(seconds, threading.TIMEOUT_MAX)):
            return
        _logger.error("%s; the process ends without them", STILL_RUNNING)
        _flush()
        # Python would wait for these for ever; they are what is left of handlers.
        if multiprocessing := sys.modules.get("multiprocessing"):
            for child in multiprocessing.active_children():
                child.terminate()
        os._exit(0)

    threading.Thread(target=end, name="sabir-end", daemon=True).start()


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        # Closed, or interrupted in the middle of a write.
        with contextlib.suppress(Exception):
            stream.flush()


@functools.cache
def _watch_forks() -> None:
    """Be told of forks from now on. In a child the hooks of others, which were there before, have run by then.

    What a handler of a signal raises in a hook is lost: it may only run when there are no more.
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=Signals.before_fork,
            after_in_parent=Signals.after_fork_in_parent,
            after_in_child=Signals.after_fork_in_child,
        )
