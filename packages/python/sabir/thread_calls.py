"""Plain functions of a chain on threads, while a coroutine waits for them. Private."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sabir._threads import Call

Submit = Callable[["Call"], None]

thread_context: contextvars.ContextVar[contextvars.Context | None] = contextvars.ContextVar(
    "sabirthread_context", default=None
)
"""The context itself, on a thread that a chain waits for."""


def in_thread_of(threads: Callable[[], Submit]) -> Callable[..., Any]:
    """Return what calls a plain function on one of the ``threads``, in a copy of the context."""

    async def in_thread(function: Callable[..., Any], *arguments: Any) -> Any:
        context = contextvars.copy_context()
        context.run(thread_context.set, context)
        call = _Waited((context.run, function, *arguments))
        threads()(call)
        future = asyncio.wrap_future(call.future)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            # What it uses may only be ended when it has.
            while not future.done():
                await asyncio.wait([future])
            if not future.cancelled():
                future.exception()
            raise

    return in_thread


class _Waited:
    """A plain function of a chain that waits for it."""

    def __init__(self, call: tuple[Any, ...]) -> None:
        self.future: Future[Any] = Future()
        self._call = call

    def begin(self) -> tuple[Any, ...] | None:
        return self._call if self.future.set_running_or_notify_cancel() else None

    def returned(self, result: Any, /) -> None:
        self.future.set_result(result)

    def raised(self, error: BaseException, /) -> None:
        if isinstance(error, StopIteration):
            # No future takes it.
            error = RuntimeError("the handler raised StopIteration")
        self.future.set_exception(error)
