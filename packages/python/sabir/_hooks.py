"""What the native module calls. Private."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sabir._threads import Call, HandlerThreads
from sabir.content import problem_from
from sabir.encoding import encode_result
from sabir.failures import failures
from sabir.problem import Problem
from sabir.problem_data import problem_data
from sabir.request import Request
from sabir.sockets import open_socket
from sabir.streams import start_stream

if TYPE_CHECKING:
    from sabir._sabir import NativeRequest

__all__ = [
    "encode_result",
    "handler_threads",
    "log",
    "make_problem",
    "make_request",
    "open_socket",
    "problem_of",
    "report",
    "start_stream",
]

_logger = logging.getLogger("sabir")

# By the names of the runtime.
_LEVELS = {"error": logging.ERROR, "warn": logging.WARNING}


def handler_threads(limit: int) -> Callable[[Call], None]:
    """Return what runs plain functions, unless they are declared with ``blocking=False``."""
    return HandlerThreads(limit).submit


def make_request(native: NativeRequest, content: Any) -> Request:
    """Wrap a native request, whose ``content`` the handler takes while it arrives if it is there."""
    return Request(native, content)


def make_problem(**described: Any) -> Problem:
    """Return what the runtime refuses a request for as an exception."""
    return problem_from(**described)


def problem_of(exception: BaseException) -> dict[str, Any] | None:
    """Return a problem as plain data, its extensions as JSON text, or ``None`` for any other exception."""
    return problem_data(exception) if isinstance(exception, Problem) else None


def report(exception: BaseException, method: str, path: str, request_id: str, trace_id: str | None = None) -> str:
    """Log an unexpected exception with its traceback, and return the traceback's text."""
    failures.record(request_id, exception)
    extra = {"request_id": request_id, "trace_id": trace_id}
    named = request_id if trace_id is None else f"{request_id}, trace {trace_id}"
    _logger.error("%s %s failed (request %s)", method, path, named, exc_info=exception, extra=extra)
    return "".join(traceback.format_exception(exception))


def log(
    name: str,
    text: str,
    fields: list[tuple[str, str]],
    target: str,
    request_id: str | None,
    created: float,
    trace_id: str | None,
) -> None:
    """Log what the runtime reports. ``target``, ``fields`` and ``request_id`` are attributes of the record too."""
    level = _LEVELS[name]
    if not _logger.isEnabledFor(level):
        return
    extra = {"target": target, "fields": dict(fields), "request_id": request_id, "trace_id": trace_id}
    record = _logger.makeRecord(_logger.name, level, target, 0, text, (), None, extra=extra)
    record.created = created
    _logger.handle(record)


def _at_exit() -> None:
    """Log what the runtime has reported so far, then keep its threads out of the interpreter that ends."""
    if native := sys.modules.get("sabir._sabir"):
        native.flush_log()
        native.close_interpreter()


def _after_fork() -> None:
    if native := sys.modules.get("sabir._sabir"):
        native.after_fork()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
