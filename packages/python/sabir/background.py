"""What runs after the answers: functions that handlers have named, and the ends of dependencies."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
from collections.abc import Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from sabir.signature import is_coroutine_function
from sabir.thread_calls import thread_context

if TYPE_CHECKING:
    from sabir._sabir import NativeApp, NativeRequest
    from sabir.connections import Connection
    from sabir.request import Request

Run = Callable[..., Any]
"""The bound ``run`` of a context."""

_tasks: set[asyncio.Task[None]] = set()
_open: WeakSet[Ending] = WeakSet()
"""What is not done yet."""


class Ending:
    """What is left to do for one request when the last byte of its answer was handed over."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._functions: list[tuple[Callable[..., Any], contextvars.Context]] = []
        self._generators: list[tuple[Any, bool, contextvars.Context | None]] = []
        self.context: contextvars.Context | None = None
        """That of the handler, where the runtime does not know it."""
        self.error: BaseException | None = None
        """What was raised in place of an answer."""
        self.connection: Connection | None = None
        """What the connection has, where the request uses it."""
        self._lasts: list[Callable[[], None]] = []
        request._native.when_ended(self.begin)
        _open.add(self)

    def call(self, function: Callable[..., Any]) -> None:
        """Have a function called."""
        self._functions.append((function, contextvars.copy_context()))

    def close(self, generator: Any, *, on_thread: bool, context: contextvars.Context | None = None) -> None:
        """Have a generator ended, after those that come later, in the context that it was begun in.

        A plain one may block where it is ``on_thread``. The context is that of the handler where none is given.
        """
        self._generators.append((generator, on_thread, context))

    def at_last(self, function: Callable[[], None]) -> None:
        """Have a function called when everything else is done."""
        self._lasts.append(function)

    @property
    def native(self) -> NativeRequest:
        """The runtime's side of the request."""
        return self._request._native

    def begin(self, run: Run | None) -> None:
        """Do it, on the loop's thread; ``run`` is that of the context of the handler."""
        context = self.context or contextvars.copy_context()
        if run is not None:
            context = run.__self__  # type: ignore[attr-defined]
        if not self._functions and not any(
            on_thread or hasattr(made, "athrow") for made, on_thread, _ in self._generators
        ):
            context.run(self._close_here)
            self._done()
            return
        task = begun(self._run(context))
        task.add_done_callback(lambda _: self._done())

    def _done(self) -> None:
        for last in self._lasts:
            last()
        _open.discard(self)

    def _close_here(self) -> None:
        while self._generators:
            generator, _, _ = self._generators.pop()
            with self._logged():
                end(generator, self.error)

    async def _run(self, context: contextvars.Context) -> None:
        # Not in that context itself, which a thread could not enter then.
        loop = asyncio.get_running_loop()
        # Functions may still use what the dependencies have made.
        try:
            for function, own in self._functions:
                with self._logged():
                    await _called(function, own)
        finally:
            while self._generators:
                generator, on_thread, begun_in = self._generators.pop()
                with self._logged():
                    if hasattr(generator, "athrow"):
                        await begun(end_async(generator, self.error), context)
                    elif on_thread:
                        await loop.run_in_executor(None, (begun_in or context).run, end, generator, self.error)
                    else:
                        context.run(end, generator, self.error)

    @contextlib.contextmanager
    def _logged(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            from sabir._hooks import report

            trace = self._request.trace
            trace_id = None if trace is None else trace.trace_id
            report(error, self._request.method, self._request.path, self._request.id, trace_id)


def first(generator: Any) -> Any:
    """Return what a generator yields.

    Raises:
        RuntimeError: If it yields nothing.
    """
    try:
        return next(generator)
    except StopIteration:
        raise RuntimeError(f"the dependency {generator.__qualname__} does not yield") from None


async def first_async(generator: Any) -> Any:
    """Return what an asynchronous generator yields.

    Raises:
        RuntimeError: If it yields nothing.
    """
    try:
        return await anext(generator)
    except StopAsyncIteration:
        raise RuntimeError(f"the dependency {generator.__qualname__} does not yield") from None


def enter(ending: Ending, generator: Any, on_thread: bool) -> Any:
    """Return what a generator yields, which is ended with the call; on a thread, where it may block."""
    value = first(generator)
    ending.close(generator, on_thread=on_thread, context=thread_context.get())
    return value


async def enter_async(ending: Ending, generator: Any) -> Any:
    """Return what an asynchronous generator yields, which is ended with the call."""
    value = await first_async(generator)
    ending.close(generator, on_thread=False)
    return value


def begun(coroutine: Coroutine[Any, Any, None], context: contextvars.Context | None = None) -> asyncio.Task[None]:
    """Return a task that a server which stops waits for."""
    task = asyncio.get_running_loop().create_task(coroutine, context=context)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return task


async def _called(function: Callable[..., Any], context: contextvars.Context) -> None:
    if is_coroutine_function(function):
        await begun(context.run(function), context)
        return
    result = await asyncio.to_thread(context.run, function)
    if inspect.isawaitable(result):
        await result


def end(generator: Any, error: BaseException | None) -> None:
    """Go on with a generator after its ``yield``, where it finds the exception, if there is one."""
    try:
        if error is None:
            next(generator)
        else:
            generator.throw(error)
    except StopIteration:
        return
    except BaseException as raised:
        if raised is error:
            # It is in the log, or the answer, already.
            return
        raise
    generator.close()
    raise RuntimeError(f"the dependency {generator.__qualname__} yields twice")


async def end_async(generator: Any, error: BaseException | None) -> None:
    """Do as :func:`end` for an asynchronous generator."""
    try:
        if error is None:
            await anext(generator)
        else:
            await generator.athrow(error)
    except StopAsyncIteration:
        return
    except BaseException as raised:
        if raised is error:
            return
        raise
    await generator.aclose()
    raise RuntimeError(f"the dependency {generator.__qualname__} yields twice")


async def finished(native: NativeApp, seconds: float) -> None:
    """Wait for what runs after answers on this loop, for so long at most; what is left then is cancelled."""
    # What has ended may not be known yet.
    native.drain()
    late = await _waited(seconds)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=1.0)


async def settled(native: NativeApp, seconds: float) -> None:
    """Wait for what runs after the answers that have been sent."""
    native.drain()
    await _waited(seconds)


async def _waited(seconds: float) -> set[asyncio.Task[None]]:
    loop = asyncio.get_running_loop()
    tasks = [task for task in _tasks if task.get_loop() is loop]
    return (await asyncio.wait(tasks, timeout=seconds))[1] if tasks else set()


def are_open() -> bool:
    """Whether something is left to do for any request."""
    return bool(_open)


def running() -> set[asyncio.Task[None]]:
    """Return the tasks that run after answers, of all loops."""
    return set(_tasks)
