"""Starting one worker process, and what runs inside it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import TYPE_CHECKING, NoReturn, Protocol

from sabir.problem import SetupError
from sabir.server import run

if TYPE_CHECKING:
    from sabir._sabir import NativeApp
    from sabir.app import Sabir


class Process(Protocol):
    """A started worker."""

    @property
    def pid(self) -> int:
        """The process id."""

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, or ``None`` while the process runs."""


_logger = logging.getLogger("sabir")
_CHANNELS = "process %d has channels of its own: what one of several workers publishes does not reach the others"

RUN_PERIODIC, WITHDRAWN = b"P", b"W"
"""What a parent tells a worker: that it is to do what one of them does again and again; that the socket is closed."""

PERIODIC_STOPPED = b"S"
"""What a worker tells its parent: that it does nothing again and again any more."""

Launch = Callable[[socket.socket, socket.socket, Callable[[], None]], Process]
"""Starts a worker that accepts from the first socket and has the second as its end of the channel.

A forked worker calls the third to close what it inherited from its parent.
"""


def forked(app: Sabir) -> Launch:
    """Start workers as copies of this process, which has the application but must not have served yet.

    Raises:
        SetupError: If a route does not fit, or this process cannot be copied.
    """
    from sabir._sabir import has_started

    refuse_without_fork()
    app.native()
    if has_started():
        raise SetupError(
            "run",
            "workers",
            "this process has served requests already, and the runtime's threads do not survive a fork",
            "call app.run() before any test client or server, or use `python -m sabir run module:app --workers N`",
        )

    def launch(listener: socket.socket, channel: socket.socket, release: Callable[[], None]) -> Process:
        # What is in the buffers would be written by both processes.
        sys.stdout.flush()
        sys.stderr.flush()
        with _signals_wait():
            pid = os.fork()
            if pid == 0:
                _run_forked(app, listener, channel, release)
        return _Forked(pid)

    return launch


def spawned(target: str) -> Launch:
    """Start workers as new processes that import the application from ``target``, written as ``module:app``.

    Raises:
        SetupError: If this platform cannot hand a socket to another process.
    """
    refuse_without_fork()
    # The options of a `python -m sabir` are those of its workers.
    flags = list(takewhile(lambda argument: argument != "-m", sys.orig_argv[1:])) if "-m" in sys.orig_argv else []
    command = [sys.executable, *flags, "-m", "sabir", "run", target]

    def launch(listener: socket.socket, channel: socket.socket, _: Callable[[], None]) -> Process:
        descriptors = (listener.fileno(), channel.fileno())
        inherited = f"--worker={descriptors[0]},{descriptors[1]}"
        with _signals_wait():
            return subprocess.Popen([*command, inherited], pass_fds=descriptors, process_group=0)

    return launch


def work(app: Sabir, listener: int, channel: socket.socket) -> None:
    """Serve on an inherited socket until a signal, or the end of the parent, asks to stop."""
    app._is_worker = True
    was_withdrawn = False

    def heard() -> bytes:
        nonlocal was_withdrawn
        said = b""
        # Its end resets the channel where it has not read everything.
        with contextlib.suppress(ConnectionResetError):
            said = channel.recv(64)
        was_withdrawn = was_withdrawn or WITHDRAWN in said or not said
        return said

    def tell(word: bytes) -> None:
        # A parent that is gone is noticed elsewhere.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            channel.sendall(word)

    app._periodic_stopped = lambda: tell(PERIODIC_STOPPED)

    def start(native: NativeApp, stop: Callable[[], None]) -> None:
        native.listen_on(listener)
        loop = asyncio.get_running_loop()

        def parent_has_spoken() -> None:
            said = heard()
            if RUN_PERIODIC in said:
                app._start_periodic()
            # After the other word a signal follows, unless the parent ends before it.
            if not said:
                loop.remove_reader(channel)
                stop()

        loop.add_reader(channel, parent_has_spoken)
        tell(b"%d %d" % (native.shutdown_timeout_ms(), bool(app._periodic)))

    if any(definition.may_subscribe for definition in app.definitions):
        _logger.warning(_CHANNELS, os.getpid())

    def is_withdrawn() -> bool:
        if is_readable(channel):
            heard()
        return was_withdrawn

    run(app, start, owns_process=True, is_withdrawn=is_withdrawn)


def is_readable(channel: socket.socket) -> bool:
    """Tell whether something has come through a channel, or its other end is gone."""
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    return bool(poll.poll(0))


def refuse_without_fork() -> None:
    """Refuse several workers where processes cannot share a listening socket.

    Raises:
        SetupError: On Windows.
    """
    if not hasattr(os, "fork"):
        raise SetupError(
            "run",
            "workers",
            "processes cannot share a socket on this platform",
            "start one process per port, each with workers=1, and a proxy before them",
        )


class _Forked:
    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None


def _run_forked(app: Sabir, listener: socket.socket, channel: socket.socket, release: Callable[[], None]) -> NoReturn:
    code = 1
    try:
        # A group of its own, so that Ctrl-C in a terminal reaches the parent only, which passes it on once.
        os.setpgid(0, 0)
        release()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        receive_signals()
        work(app, listener.detach(), channel)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # The stack below and the exit handlers belong to the parent.
        os._exit(code)


@contextlib.contextmanager
def _signals_wait() -> Iterator[None]:
    """Hold signals back: one that came between a worker's start and its own handlers would be lost."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def receive_signals() -> None:
    """Undo :func:`_signals_wait`, which a new process inherits."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM))
