"""Several processes that serve one address.

The parent binds the socket and starts the workers, which all accept from it; it runs neither an event loop nor the
runtime. Each worker holds one end of a channel: through it the parent learns that the worker serves, and the worker
that the parent is gone.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sabir.launch import Launch, Process
from sabir.problem import SetupError
from sabir.server import announce

if TYPE_CHECKING:
    from types import FrameType

FIRST_DELAY = 0.1
"""Seconds before a worker is replaced; doubled each time its successor fails soon too."""
LONGEST_DELAY = 5.0
SOON = 10.0
"""A worker that ended within so many seconds of its start counts as a failure in a row."""
MOST_FAILURES = 8
"""With so many failures in a row the cause is not a passing one, and the parent gives up."""
GRACE = 5.0
"""Seconds beyond ``shutdown_timeout_ms`` after which a worker that does not stop is killed."""


def supervise(launch: Launch, host: str, port: int, path: str | None, count: int) -> None:
    """Keep ``count`` workers serving until SIGINT or SIGTERM, then stop them gracefully.

    Raises:
        SetupError: If ``count`` is not possible, or a worker ends before all of them served once.
        ChildProcessError: If workers keep dying.
    """
    from sabir._sabir import bind

    if count < 1:
        raise SetupError.about("run", "workers", f"{count} workers were asked for", "ask for 1 or more")
    descriptor, address = bind(None if path else host, port, path)
    with socket.socket(fileno=descriptor) as listener, Wakeups() as wakeups:

        def withdraw() -> None:
            listener.close()
            if path:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)

        Supervisor(launch, listener, wakeups, count, withdraw).run(lambda: announce(address, path))


class Wakeups:
    """Turns signals into something to wait for: SIGINT and SIGTERM ask to stop, SIGCHLD tells of a worker's end."""

    def __init__(self) -> None:
        self.stop = False
        self.receiver, self._sender = socket.socketpair()
        self._before: dict[int, Any] = {}
        self._descriptor = -1

    def __enter__(self) -> Wakeups:
        self.receiver.setblocking(False)
        self._sender.setblocking(False)
        self._descriptor = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            self._before[number] = signal.signal(number, self._received)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._descriptor)
        self.close()

    def wait(self, others: list[socket.socket], patience: float | None) -> None:
        """Wait for a signal, for something to read from ``others``, or until the patience ends."""
        select.select([self.receiver, *others], [], [], patience)
        # Reading none is fine too: the handler may have run before the wait.
        with contextlib.suppress(BlockingIOError):
            self.receiver.recv(4096)

    def close(self) -> None:
        """Close the descriptors without touching how signals are handled."""
        self.receiver.close()
        self._sender.close()

    def _received(self, number: int, _: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self.stop = True


class Place:
    """One of the N workers: the process that fills it now, and how its predecessors fared."""

    def __init__(self) -> None:
        self.process: Process | None = None
        self.channel: socket.socket | None = None
        self.ready = False
        self.patience = 0.0
        """How long the worker may take to stop, in seconds."""
        self.failures = 0
        self.started = self.restart = 0.0

    def start(self, launch: Launch, listener: socket.socket, release: Callable[[], None]) -> None:
        """Fill the place with a new worker."""
        ours, theirs = socket.socketpair()
        with theirs:
            self.channel, self.ready, self.started = ours, False, time.monotonic()
            self.process = launch(listener, theirs, release)

    def listen(self) -> None:
        """Note whether the worker has told that it serves."""
        if self.channel is None or not select.select([self.channel], [], [], 0)[0]:
            return
        if said := self.channel.recv(64):
            self.ready, self.patience = True, float(said)
        else:
            self.close()

    def ended(self) -> int | None:
        """Return the exit code if the worker has ended; the place is empty then."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        self.process = None
        self.close()
        return code

    def close(self) -> None:
        """Close the channel, which asks the worker to stop."""
        if self.channel is not None:
            self.channel.close()
            self.channel = None

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the worker."""
        if self.process is not None:
            # Until it is polled, the id of a worker that has ended is given to no other process.
            os.kill(self.process.pid, number)


class Supervisor:
    """Starts workers, replaces those that end, and stops all of them."""

    def __init__(
        self, launch: Launch, listener: socket.socket, wakeups: Wakeups, count: int, withdraw: Callable[[], None]
    ) -> None:
        self._launch = launch
        self._withdraw = withdraw
        self._listener = listener
        self._wakeups = wakeups
        self._places = [Place() for _ in range(count)]
        self._serving = False

    def run(self, serving: Callable[[], None]) -> None:
        """Run until asked to stop; ``serving`` is called once, when every worker serves."""
        try:
            while not self._wakeups.stop:
                self._start()
                self._wait()
                for place in self._places:
                    place.listen()
                    pid = place.process.pid if place.process else 0
                    if (code := place.ended()) is not None and not self._wakeups.stop:
                        self._replace(place, f"{pid} {_told(code)}")
                if not self._serving and all(place.ready for place in self._places):
                    self._serving = True
                    serving()
        finally:
            self._stop()

    def _start(self) -> None:
        for place in self._places:
            if place.process is None and place.restart <= time.monotonic():
                place.start(self._launch, self._listener, self._release)

    def _release(self) -> None:
        """Close what a forked worker has inherited and must not keep."""
        self._wakeups.close()
        for place in self._places:
            place.close()

    def _wait(self) -> None:
        due = min((place.restart for place in self._places if place.process is None), default=None)
        patience = None if due is None else max(0.0, due - time.monotonic())
        self._wakeups.wait([place.channel for place in self._places if place.channel], patience)

    def _replace(self, place: Place, what: str) -> None:
        if not self._serving:
            raise SetupError.about("run", "workers", f"worker {what} before all served", "see what it wrote")
        place.failures = place.failures + 1 if time.monotonic() - place.started < SOON else 1
        if place.failures == MOST_FAILURES:
            raise ChildProcessError(f"{MOST_FAILURES} workers in a row ended soon, worker {what} was the last one")
        place.restart = time.monotonic() + min(LONGEST_DELAY, FIRST_DELAY * 2 ** (place.failures - 1))
        print(f"sabir: worker {what}, another one is started", file=sys.stderr, flush=True)

    def _stop(self) -> None:
        """Let the workers finish their requests, and kill those that take too long."""
        patience = GRACE + max(place.patience for place in self._places)
        # While one copy of the socket is open, new connections would wait for workers that accept none.
        self._withdraw()
        for place in self._places:
            place.send(signal.SIGTERM)
        for left in _countdown(patience):
            for place in self._places:
                place.ended()
            if not any(place.process for place in self._places):
                return
            self._wakeups.wait([], left)
        for place in self._places:
            place.send(signal.SIGKILL)
            while place.process is not None and place.ended() is None:
                time.sleep(0.01)


def _countdown(seconds: float) -> Iterator[float]:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        yield left


def _told(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
