"""Several processes that serve one address.

The parent binds the socket and starts the workers, which all accept from it; it runs neither an event loop nor the
runtime. Each worker holds one end of a channel: through it the parent learns that the worker serves, and the worker
that the parent is gone, or that all workers are to stop and nobody goes on to serve the socket.

When which worker is started and stopped is decided by the runtime. Once all workers have served, the parent never
gives up: a worker that ends is replaced, the later the more often it happens in a row. SIGHUP replaces all of them one
by one, each as soon as its successor serves, so that the socket is served all the time.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sabir.launch import PERIODIC_STOPPED, RUN_PERIODIC, WITHDRAWN, Launch, Process, is_readable
from sabir.problem import SetupError
from sabir.server import announce

if TYPE_CHECKING:
    from types import FrameType

    from sabir._sabir import NativeSupervisor

Action = tuple[str, int | None, str | None]
"""What the runtime wants done: its name, and the number of the worker or the line that it is about."""


def supervise(
    launch: Launch,
    host: str,
    port: int,
    path: str | None,
    count: int,
    lifespans: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext,
) -> None:
    """Keep ``count`` workers serving until SIGINT or SIGTERM, then stop them gracefully.

    ``lifespans`` makes what is entered before the first of them is started.

    Raises:
        SetupError: If ``count`` is not possible, this is not the main thread, or a worker ends before all served once.
    """
    from sabir._sabir import NativeSupervisor, bind

    if threading.current_thread() is not threading.main_thread():
        raise SetupError("run", "workers", "only the main thread gets signals", "run it there, or with workers=1")
    decisions = NativeSupervisor(count)
    descriptor, address = bind(None if path else host, port, path)
    with socket.socket(fileno=descriptor) as listener, lifespans(), Wakeups() as wakeups:

        def withdraw() -> None:
            listener.close()
            if path:
                # Whatever became of it, the workers have to be stopped.
                with contextlib.suppress(OSError):
                    os.unlink(path)

        supervisor = Supervisor(decisions, launch, listener, wakeups, withdraw)
        supervisor.run(lambda: announce(f"unix:{path}" if path else f"http://{address}"))


class Wakeups:
    """Turns signals into something to wait for.

    ``stops`` counts those of SIGINT and SIGTERM, ``renewals`` those of SIGHUP; SIGCHLD tells of a worker's end.
    """

    def __init__(self) -> None:
        self.stops = self.renewals = 0
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
        # Unlike `select`, it knows descriptors of any number.
        poll = select.poll()
        for receiver in (self.receiver, *others):
            poll.register(receiver, select.POLLIN)
        poll.poll(None if timeout is None else timeout * 1000)
        # Reading none is fine too: the handler may have run before the wait.
        with contextlib.suppress(BlockingIOError):
            self.receiver.recv(4096)

    def close(self) -> None:
        """Close the descriptors without touching how signals are handled."""
        self.receiver.close()
        self._sender.close()

    def _received(self, number: int, _: FrameType | None) -> None:
        if number == signal.SIGHUP:
            self.renewals += 1
        elif number != signal.SIGCHLD:
            self.stops += 1


class Worker:
    """A process that serves, and this end of the channel to it."""

    def __init__(self) -> None:
        self.process: Process | None = None
        self.channel: socket.socket | None = None
        self.may_run_periodic = False
        """Whether it can do what one of the workers does again and again."""
        self.runs_periodic = False

    def start(self, launch: Launch, listener: socket.socket, release: Callable[[], None]) -> int:
        """Start the process, and return its id."""
        ours, theirs = socket.socketpair()
        with theirs:
            self.channel = ours
            self.process = launch(listener, theirs, release)
        return self.process.pid

    def said(self) -> int | None:
        """Return the milliseconds that its requests may take to finish, if it has told now that it serves."""
        if self.channel is None or not is_readable(self.channel):
            return None
        # One that ends with what it was told unread resets the channel.
        with contextlib.suppress(ConnectionResetError):
            if (said := self.channel.recv(64)) == PERIODIC_STOPPED:
                self.may_run_periodic = self.runs_periodic = False
                return None
            if said:
                timeout, has_periodic = said.split()
                self.may_run_periodic = has_periodic == b"1"
                return int(timeout)
        self.close()
        return None

    def close(self) -> None:
        """Close the channel, which asks the worker to stop."""
        if self.channel is not None:
            self.channel.close()
            self.channel = None

    def withdraw(self) -> None:
        """Tell the worker that nobody goes on to serve the socket when it is asked to stop."""
        self._tell(WITHDRAWN)

    def run_periodic(self) -> None:
        """Have the worker do what one of them does again and again."""
        self.runs_periodic = True
        self._tell(RUN_PERIODIC)

    def _tell(self, word: bytes) -> None:
        if self.channel is not None:
            # It may have ended already.
            with contextlib.suppress(OSError):
                self.channel.sendall(word)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the worker."""
        if self.process is not None:
            # Until it is polled, the id of a worker that has ended is given to no other process.
            os.kill(self.process.pid, number)


class Supervisor:
    """Starts and stops workers as the runtime decides."""

    def __init__(
        self,
        decisions: NativeSupervisor,
        launch: Launch,
        listener: socket.socket,
        wakeups: Wakeups,
        withdraw: Callable[[], None],
    ) -> None:
        self._decisions = decisions
        self._launch = launch
        self._withdraw = withdraw
        self._listener = listener
        self._wakeups = wakeups
        self._workers: dict[int, Worker] = {}
        self._stops = self._renewals = 0
        """The signals that were passed on."""
        self._has_ended = False
        self._todo: deque[Action] = deque()
        self._serving: Callable[[], None] = lambda: None

    def run(self, serving: Callable[[], None]) -> None:
        """Run until asked to stop; ``serving`` is called once, when every worker serves.

        Raises:
            SetupError: If a worker ended before all of them served once.
        """
        self._serving = serving
        try:
            self._perform(self._decisions.begin())
            self._run()
        except BaseException:
            # A second request to stop would kill the workers.
            self._perform([] if self._decisions.is_stopping() else self._decisions.stop())
            self._run()
            raise
        self._decisions.check()

    def _run(self) -> None:
        while not self._has_ended:
            self._wait()
            while self._stops < self._wakeups.stops:
                self._stops += 1
                self._perform(self._decisions.stop())
            if self._renewals < self._wakeups.renewals:
                self._renewals = self._wakeups.renewals
                self._perform(self._decisions.renew())
            for number, worker in list(self._workers.items()):
                self._look_at(number, worker)
            self._choose_periodic()
            self._perform(self._decisions.tick())

    def _wait(self) -> None:
        channels = [worker.channel for worker in self._workers.values() if worker.channel]
        self._wakeups.wait(channels, self._decisions.until_tick())

    def _look_at(self, number: int, worker: Worker) -> None:
        if (timeout := worker.said()) is not None:
            self._perform(self._decisions.ready(number, timeout))
        if worker.process is not None and (code := worker.process.poll()) is not None:
            worker.process = None
            worker.close()
            del self._workers[number]
            ended_by = signal_name(-code) if code < 0 else None
            self._perform(self._decisions.ended(number, code, ended_by))

    def _choose_periodic(self) -> None:
        """Have one of those that serve do what is done again and again, unless one does."""
        if any(worker.runs_periodic for worker in self._workers.values()):
            return
        if (worker := next((worker for worker in self._workers.values() if worker.may_run_periodic), None)) is not None:
            worker.run_periodic()

    def _perform(self, actions: list[Action]) -> None:
        # What comes of an action, such as of a start that fails, is done after those that were decided before it.
        self._todo.extend(actions)
        while self._todo:
            name, number, line = self._todo.popleft()
            if name == "log":
                print(f"sabir: {line}", file=sys.stderr, flush=True)
            elif name == "serving":
                self._serving()
            elif name == "exit":
                self._has_ended = True
            elif name == "withdraw":
                self._withdraw()
                for worker in self._workers.values():
                    worker.withdraw()
            elif number is not None:
                self._act_on(name, number)

    def _act_on(self, name: str, number: int) -> None:
        if name == "start":
            self._start(number)
        elif worker := self._workers.get(number):
            # What it runs already, it ends first.
            worker.may_run_periodic = False
            worker.send(signal.SIGTERM if name == "stop" else signal.SIGKILL)

    def _start(self, number: int) -> None:
        worker = self._workers[number] = Worker()
        try:
            process = worker.start(self._launch, self._listener, self._release)
        except Exception as error:
            worker.close()
            del self._workers[number]
            self._todo.extend(self._decisions.failed(number, str(error)))
        else:
            self._todo.extend(self._decisions.started(number, process))

    def _release(self) -> None:
        """Close what a forked worker has inherited and must not keep."""
        self._wakeups.close()
        for worker in self._workers.values():
            worker.close()


def signal_name(number: int) -> str:
    """Return the name of a signal; most of those for real time have none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
