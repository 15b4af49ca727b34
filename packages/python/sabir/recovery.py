"""What hooks return, and asking those for errors. Private."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sabir.encoding import with_status
from sabir.problem import Problem
from sabir.response import Response
from sabir.signature import hints, innermost, is_coroutine_function, parameters
from sabir.statuses import declared_statuses

if TYPE_CHECKING:
    from sabir.hooks import Hook
    from sabir.request import Request


def awaits(hook: Hook) -> bool:
    """Whether a hook has to be awaited."""
    return is_coroutine_function(hook) or inspect.iscoroutinefunction(innermost(hook))


def statuses_of(hook: Hook) -> Any:
    """Return the statuses that may stand beside what a hook returns, as its annotation declares."""
    try:
        annotation = hints(hook, parameters(hook), {}).get("return", Any)
        return declared_statuses(annotation, {})
    except (NameError, TypeError, ValueError, AttributeError, SyntaxError):
        return None


def as_declared(answer: Any, statuses: Any) -> Any:
    """Return what a hook answers whose annotation declares these statuses beside values."""
    if type(answer) is not tuple:
        return answer
    content, status = with_status(answer, statuses)
    return Response(content, status)


def recovery(levels: Sequence[Sequence[Any]], *, is_awaited: bool) -> Callable[..., Any]:
    """Return what asks the hooks for errors for an answer. Without one problems answer, other errors are raised."""

    def fitting(error: Exception) -> list[tuple[Hook, Any]]:
        found: list[tuple[Hook, Any]] = []
        for level in levels:
            ranked = [(rank, hook) for hook in level if (rank := hook.rank(error)) is not None]
            # Sorting keeps the order of those that are as special.
            found += [
                (hook.function, statuses_of(hook.function)) for _, hook in sorted(ranked, key=lambda pair: pair[0])
            ]
        return found

    async def recover(request: Request, error: Exception) -> Any:
        for hook, statuses in fitting(error):
            try:
                answer = hook(request, error)
                if awaits(hook):
                    answer = await answer
            except Problem as problem:
                return problem
            if answer is not None:
                return answer if statuses is None else as_declared(answer, statuses)
        return _unanswered(error)

    def recover_plainly(request: Request, error: Exception) -> Any:
        for hook, statuses in fitting(error):
            try:
                answer = hook(request, error)
            except Problem as problem:
                return problem
            if answer is not None:
                return answer if statuses is None else as_declared(answer, statuses)
        return _unanswered(error)

    return recover if is_awaited else recover_plainly


def _unanswered(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    raise error
