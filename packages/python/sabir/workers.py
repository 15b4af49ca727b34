"""Several processes that serve one address.

The parent binds the socket and starts the workers, which all accept from it; it runs neither an event loop nor the
runtime. Each worker holds one end of a channel: through it the parent learns that the worker serves, and the worker
that the parent is gone, or that all workers are to stop and nobody goes on to serve the socket.

Once all workers have served, the parent never gives up: a worker that ends is replaced, the later the more often it
happens in a row. SIGHUP replaces all of them one by one, each as soon as its successor serves, so that the socket is
served all the time.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import threading
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
GRACE = 5.0
"""Seconds beyond ``shutdown_timeout_ms`` after which a worker that does not stop is killed."""


def supervise(launch: Launch, host: str, port: int, path: str | None, count: int) -> None:
    """Keep ``count`` workers serving until SIGINT or SIGTERM, then stop them gracefully.

    Raises:
        SetupError: If ``count`` is not possible, this is not the main thread, or a worker ends before all served once.
    """
    from sabir._sabir import bind

    if count < 1:
        raise SetupError.about("run", "workers", f"{count} workers were asked for", "ask for 1 or more")
    if threading.current_thread() is not threading.main_thread():
        raise SetupError.about("run", "workers", "only the main thread gets signals", "run it there, or with workers=1")
    descriptor, address = bind(None if path else host, port, path)
    with socket.socket(fileno=descriptor) as listener, Wakeups() as wakeups:

        def withdraw() -> None:
            listener.close()
            if path:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)

        supervisor = Supervisor(launch, listener, wakeups, count, withdraw)
        supervisor.run(lambda: announce(f"unix:{path}" if path else f"http://{address}"))


class Wakeups:
    """Turns signals into something to wait for.

    SIGINT and SIGTERM ask to stop, twice to stop at once; SIGHUP asks for new workers; SIGCHLD tells of a worker's end.
    """

    def __init__(self) -> None:
        self.stop = self.stop_at_once = self.renew = False
        self.receiver, self._sender = socket.socketpair()
        self._before: dict[int, Any] = {}
        self._descriptor = -1

    def __enter__(self) -> Wakeups:
        self.receiver.setblocking(False)
        self._sender.setblocking(False)
        self._descriptor = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        numbers = [signal.SIGINT, signal.SIGTERM, signal.SIGCHLD]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            # `nohup` ignores it.
            numbers.append(signal.SIGHUP)
        for number in numbers:
            self._before[number] = signal.signal(number, self._received)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._descriptor)
        self.close()

    def wait(self, others: list[socket.socket], timeout: float | None) -> None:
        """Wait for a signal, for something to read from ``others``, or until the timeout ends."""
        select.select([self.receiver, *others], [], [], timeout)
        # Reading none is fine too: the handler may have run before the wait.
        with contextlib.suppress(BlockingIOError):
            self.receiver.recv(4096)

    def close(self) -> None:
        """Close the descriptors without touching how signals are handled."""
        self.receiver.close()
        self._sender.close()

    def _received(self, number: int, _: FrameType | None) -> None:
        if number == signal.SIGHUP:
            self.renew = True
        elif number != signal.SIGCHLD:
            self.stop_at_once = self.stop
            self.stop = True


class Place:
    """One of the N workers: the process that fills it now, and how its predecessors fared."""

    def __init__(self) -> None:
        self.process: Process | None = None
        self.channel: socket.socket | None = None
        self.ready = False
        self.timeout = 0.0
        """How long the worker may take to stop, in seconds."""
        self.failures = 0
        self.started = self.restart = self.deadline = 0.0

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
            self.ready, self.timeout = True, float(said)
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

    def withdraw(self) -> None:
        """Tell the worker that nobody goes on to serve the socket when it is asked to stop."""
        if self.channel is not None:
            # It may have ended already.
            with contextlib.suppress(OSError):
                self.channel.sendall(b"withdrawn")

    def retire(self, timeout: float) -> None:
        """Ask the worker to finish its requests; after so many seconds it is killed."""
        self.deadline = time.monotonic() + timeout
        self.send(signal.SIGTERM)


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
        self._outdated: list[Place] = []
        """The places whose workers are still to be replaced."""
        self._successor: Place | None = None
        """What takes the first outdated place, once it serves."""
        self._retired: list[Place] = []

    def run(self, serving: Callable[[], None]) -> None:
        """Run until asked to stop; ``serving`` is called once, when every worker serves."""
        try:
            while not self._wakeups.stop:
                self._start()
                self._wait()
                for place in self._places:
                    place.listen()
                    self._replace_ended(place)
                self._renew()
                self._reap()
                if not self._serving and all(place.ready for place in self._places):
                    self._serving = True
                    serving()
        finally:
            self._stop()

    def _all(self) -> list[Place]:
        return [*self._places, *self._retired, *([self._successor] if self._successor else [])]

    def _start(self) -> None:
        for place in self._places:
            if place.process is None and place.restart <= time.monotonic():
                place.start(self._launch, self._listener, self._release)

    def _release(self) -> None:
        """Close what a forked worker has inherited and must not keep."""
        self._wakeups.close()
        for place in self._all():
            place.close()

    def _wait(self) -> None:
        due = [place.restart for place in self._places if place.process is None]
        due += [place.deadline for place in self._retired]
        timeout = max(0.0, min(due) - time.monotonic()) if due else None
        self._wakeups.wait([place.channel for place in self._all() if place.channel], timeout)

    def _replace_ended(self, place: Place) -> None:
        pid = place.process.pid if place.process else 0
        if (code := place.ended()) is None or self._wakeups.stop:
            return
        what = f"worker {pid} {_told(code)}"
        if not self._serving:
            raise SetupError.about("run", "workers", f"{what} before all served", "see what it wrote")
        place.failures = place.failures + 1 if time.monotonic() - place.started < SOON else 1
        place.restart = time.monotonic() + min(LONGEST_DELAY, FIRST_DELAY * 2 ** (place.failures - 1))
        _say(f"{what}, another one is started")

    def _renew(self) -> None:
        """Go on with the replacement that SIGHUP has asked for."""
        if self._wakeups.renew:
            self._wakeups.renew = False
            if self._serving:
                # The one that starts now may have read what has changed since.
                self._outdated = [*self._outdated[:1], *self._places]
                _say("the workers are replaced")
        if not self._outdated:
            return
        if self._successor is None:
            self._successor = Place()
            self._successor.start(self._launch, self._listener, self._release)
        successor = self._successor
        successor.listen()
        pid = successor.process.pid if successor.process else 0
        if successor.ready:
            place = self._outdated.pop(0)
            place.retire(place.timeout + GRACE)
            self._retired.append(place)
            self._places = [successor if other is place else other for other in self._places]
            self._outdated = [successor if other is place else other for other in self._outdated]
            self._successor = None
            self._renew()
        elif (code := successor.ended()) is not None:
            self._successor, self._outdated = None, []
            _say(f"worker {pid} {_told(code)} before it served, the workers from before go on")

    def _reap(self) -> None:
        """Forget retired workers that have ended, and kill those that take too long."""
        for place in list(self._retired):
            if place.process is not None and place.deadline <= time.monotonic():
                place.send(signal.SIGKILL)
                place.deadline = time.monotonic() + GRACE
            if place.process is None or place.ended() is not None:
                self._retired.remove(place)

    def _stop(self) -> None:
        """Let the workers finish their requests, and kill those that take too long."""
        places = self._all()
        timeout = GRACE + max(place.timeout for place in places)
        # While one copy of the socket is open, new connections would wait for workers that accept none.
        self._withdraw()
        for place in places:
            place.withdraw()
            place.send(signal.SIGTERM)
        for left in _countdown(timeout):
            for place in places:
                place.ended()
            if not any(place.process for place in places):
                return
            if self._wakeups.stop_at_once:
                break
            self._wakeups.wait([], left)
        for place in places:
            place.send(signal.SIGKILL)
            while place.process is not None and place.ended() is None:
                time.sleep(0.01)


def _countdown(seconds: float) -> Iterator[float]:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        yield left


def _told(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def _say(what: str) -> None:
    print(f"sabir: {what}", file=sys.stderr, flush=True)
