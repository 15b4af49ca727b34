"""Middleware: coroutine functions around hooks and handlers. Private."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from sabir.answers import as_response
from sabir.problem import Problem

if TYPE_CHECKING:
    from sabir.encoding import Answers
    from sabir.request import Request
    from sabir.response import Response

Layer = Callable[["Request", tuple[Any, ...]], Awaitable["Response"]]
"""Called with the request and the arguments of the innermost layer."""


def around(middleware: Sequence[Callable[..., Any]], inner: Layer, answers: Answers) -> Layer:
    """Return ``inner`` with the middleware around it, the first one outermost."""
    for function in reversed(middleware):
        inner = _layer(function, inner, answers)
    return inner


def _layer(function: Callable[..., Any], inner: Layer, answers: Answers) -> Layer:
    name = getattr(function, "__qualname__", repr(function))

    async def layer(request: Request, values: tuple[Any, ...]) -> Response:
        was_called = False

        async def call_next(request: Request = request) -> Response:
            nonlocal was_called
            if was_called:
                raise RuntimeError(f"the middleware {name} called call_next twice; a request has one answer")
            was_called = True
            try:
                return await inner(request, values)
            except Problem as problem:
                # That of another middleware; those of handlers are responses already.
                return as_response(problem, answers)

        answer = function(request, call_next)
        if inspect.isawaitable(answer):
            answer = await answer
        if answer is None:
            raise TypeError(f"the middleware {name} returned None; return what call_next gave, or another answer")
        return as_response(answer, answers)

    return layer
