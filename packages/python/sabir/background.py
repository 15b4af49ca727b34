"""What runs after the answers: functions that handlers have named, and the ends of dependencies."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sabir.failures import failures
from sabir.signature import is_coroutine_function

if TYPE_CHECKING:
    from sabir.request import Request

Run = Callable[..., Any]
"""The bound ``run`` of a context."""

_tasks: set[asyncio.Task[None]] = set()
_KEPT = 1000


class Ending:
    """What is left to do for one request when the last byte of its answer was handed over."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._functions: list[tuple[Callable[..., Any], contextvars.Context]] = []
        self._generators: list[tuple[Any, bool]] = []
        self.context: contextvars.Context | None = None
        """That of the handler, where the runtime does not know it."""
        self.error: BaseException | None = None
        """What was raised in place of an answer."""
        self.is_over = threading.Event()
        request._native.when_ended(self.begin)
        endings.add(request.id, self)

    def call(self, function: Callable[..., Any]) -> None:
        """Have a function called."""
        self._functions.append((function, contextvars.copy_context()))

    def close(self, generator: Any, *, on_thread: bool) -> None:
        """Have a generator ended, after those that come later. A plain one may block where it is ``on_thread``."""
        self._generators.append((generator, on_thread))

    def begin(self, run: Run | None) -> None:
        """Do it, on the loop's thread; ``run`` is that of the context of the handler."""
        context = run.__self__ if run is not None else self.context  # type: ignore[attr-defined]
        if not self._functions and all(hasattr(made, "throw") and not slow for made, slow in self._generators):
            (run or (lambda function: function()))(self._close_here)
            self._over()
            return
        task = asyncio.get_running_loop().create_task(self._run(), context=context)
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)
        task.add_done_callback(lambda _: self._over())

    def _over(self) -> None:
        endings.forget(self._request.id)
        self.is_over.set()

    def _close_here(self) -> None:
        while self._generators:
            generator, _ = self._generators.pop()
            with self._logged():
                _end(generator, self.error)

    async def _run(self) -> None:
        # Functions may still use what the dependencies have made.
        try:
            for function, context in self._functions:
                with self._logged():
                    await _called(function, context)
        finally:
            while self._generators:
                generator, on_thread = self._generators.pop()
                with self._logged():
                    if hasattr(generator, "athrow"):
                        await _end_async(generator, self.error)
                    elif on_thread:
                        await asyncio.to_thread(_end, generator, self.error)
                    else:
                        _end(generator, self.error)

    @contextlib.contextmanager
    def _logged(self) -> Any:
        try:
            yield
        except BaseException as error:
            if error is self.error:
                return
            if not isinstance(error, Exception):
                raise
            from sabir._hooks import report

            report(error, self._request.method, self._request.path, self._request.id)


async def _called(function: Callable[..., Any], context: contextvars.Context) -> None:
    if is_coroutine_function(function):
        result = context.run(function)
        task = asyncio.get_running_loop().create_task(result, context=context)
        await task
        return
    result = await asyncio.to_thread(context.run, function)
    if inspect.isawaitable(result):
        await result


def _end(generator: Any, error: BaseException | None) -> None:
    """Go on with a generator after its ``yield``, where it finds the exception, if there is one."""
    try:
        if error is None:
            next(generator)
        else:
            generator.throw(error)
    except StopIteration:
        return
    generator.close()
    raise RuntimeError(f"the dependency {generator.__qualname__} yields twice")


async def _end_async(generator: Any, error: BaseException | None) -> None:
    try:
        if error is None:
            await anext(generator)
        else:
            await generator.athrow(error)
    except StopAsyncIteration:
        return
    await generator.aclose()
    raise RuntimeError(f"the dependency {generator.__qualname__} yields twice")


async def drained(seconds: float) -> None:
    """Wait for what runs after answers on this loop, for so long at most; what is left then is cancelled."""
    loop = asyncio.get_running_loop()
    tasks = [task for task in _tasks if task.get_loop() is loop]
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1.0)


def running_tasks() -> set[asyncio.Task[Any]]:
    """Return the tasks that run after answers, of all loops."""
    return set(_tasks)


class Endings:
    """What is not over yet, by the ids of requests, for test clients that wait for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[str, Ending] = OrderedDict()

    def add(self, request_id: str, ending: Ending) -> None:
        """Keep it while somebody tests."""
        if failures.are_watched:
            with self._lock:
                self._found[request_id] = ending
                while len(self._found) > _KEPT:
                    self._found.popitem(last=False)

    def forget(self, request_id: str) -> None:
        """Forget what is over."""
        with self._lock:
            self._found.pop(request_id, None)

    def of(self, request_id: str | None) -> Ending | None:
        """Return what is left to do for a request."""
        with self._lock:
            return None if request_id is None else self._found.get(request_id)


endings = Endings()
