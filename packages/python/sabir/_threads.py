"""Threads for functions that block."""

from __future__ import annotations

import functools
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Call(Protocol):
    """Something to do on a thread."""

    def begin(self) -> tuple[Any, ...] | None:
        """Return a function and its arguments, or ``None`` when nobody waits for the result any more."""

    def returned(self, result: Any, /) -> Callable[[], None] | None:
        """Pass on what the function returned, and return what is left for the thread to do."""

    def raised(self, error: BaseException, /) -> None:
        """Pass on what the function raised."""


class _Pool:
    """What the threads know. They must not know who submits calls: that one's end is theirs."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.calls: SimpleQueue[Call | None] = SimpleQueue()
        self.lock = threading.Lock()
        self.threads = 0
        self.unfinished = 0

    def work(self) -> None:
        while self.do(self.calls.get()):
            with self.lock:
                self.unfinished -= 1

    # In a function of its own, so that an idle thread keeps nothing alive.
    def do(self, call: Call | None) -> bool:
        if call is None:
            return False
        if (work := call.begin()) is not None:
            try:
                result = work[0](*work[1:])
            except BaseException as error:
                call.raised(error)
            else:
                del work
                if (rest := call.returned(result)) is not None:
                    # Not kept while that runs: it may take as long as its client likes.
                    del call, result
                    rest()
        return True


class HandlerThreads:
    """Up to ``limit`` threads, started when they are needed. Further calls wait.

    They are daemons: a function that does not return holds up neither the shutdown nor the end of the process.
    """

    def __init__(self, limit: int, name: str = "sabir-handler") -> None:
        self._limit = limit
        self._name = name
        self._pool = _Pool()

    def submit(self, call: Call) -> None:
        """Do ``call`` on a thread. To be called from one thread at a time.

        Raises:
            RuntimeError: If the system gives no thread, and there is none yet.
        """
        pool = self._pool
        if pool.process != os.getpid():
            # A fork has the calls of its parent, but not the threads.
            pool = self._pool = _Pool()
        with pool.lock:
            pool.unfinished += 1
            is_new = pool.threads < self._limit and pool.unfinished > pool.threads
            pool.threads += is_new
        if is_new:
            self._start(pool)
        pool.calls.put(call)

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to do, and tell whether that is so."""
        deadline = time.monotonic() + seconds
        while self._pool.unfinished and time.monotonic() < deadline:
            time.sleep(0.01)
        return not self._pool.unfinished

    def close(self) -> None:
        """End the threads when they have done what was submitted."""
        for _ in range(self._pool.threads):
            self._pool.calls.put(None)

    def __del__(self) -> None:
        self.close()

    def _start(self, pool: _Pool) -> None:
        try:
            threading.Thread(target=pool.work, name=self._name, daemon=True).start()
        except RuntimeError:
            with pool.lock:
                pool.threads -= 1
                if pool.threads == 0:
                    pool.unfinished -= 1
                    raise


class LoopExecutor(ThreadPoolExecutor):
    """The threads of an event loop, for ``asyncio.to_thread`` and the like: daemons too.

    Those of asyncio would be waited for, however long they take.
    """

    def __init__(self, timeout: float) -> None:
        limit = min(32, (os.cpu_count() or 1) + 4)
        super().__init__(limit)
        self._daemons = HandlerThreads(limit, "sabir-loop")
        self._submitting = threading.Lock()
        self._timeout = timeout

    def submit(
        self, function: Callable[Parameters, Result], /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Future[Result]:
        """Call the function on a thread."""
        call: _FutureCall[Result] = _FutureCall(functools.partial(function, *args, **kwargs))
        with self._submitting:
            self._daemons.submit(call)
        return call.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for what runs, but not for ever."""
        if wait:
            self._daemons.wait(self._timeout)
        self._daemons.close()
        super().shutdown(wait=False, cancel_futures=cancel_futures)


class _FutureCall(Generic[Result]):
    def __init__(self, function: Callable[[], Result]) -> None:
        self.future: Future[Result] = Future()
        self._function = function

    def begin(self) -> tuple[Any, ...] | None:
        return (self._function,) if self.future.set_running_or_notify_cancel() else None

    def returned(self, result: Result, /) -> None:
        self.future.set_result(result)

    def raised(self, error: BaseException, /) -> None:
        self.future.set_exception(error)
