"""What the native module calls. Private."""

from __future__ import annotations

import logging
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from sabir.encoding import encode_json, encode_result
from sabir.problem import Problem, SetupError, ValidationFailed
from sabir.request import Request

if TYPE_CHECKING:
    from sabir._sabir import NativeRequest

__all__ = [
    "SetupError",
    "encode_json",
    "encode_result",
    "executor",
    "make_request",
    "problem_of",
    "report",
]

_logger = logging.getLogger("sabir")

executor = ThreadPoolExecutor(thread_name_prefix="sabir")
"""Where plain functions run, unless they are declared with ``blocking=False``."""


def make_request(native: NativeRequest) -> Request:
    """Wrap a native request."""
    return Request(native)


def problem_of(exception: BaseException) -> dict[str, Any] | None:
    """Return a problem as plain data, or ``None`` for any other exception."""
    if not isinstance(exception, Problem):
        return None
    return {
        "status": exception.status,
        "type": exception.type,
        "title": exception.title,
        "detail": exception.detail,
        "headers": exception.headers,
        "extensions": exception.extensions,
        "errors": exception.errors if isinstance(exception, ValidationFailed) else [],
    }


def report(exception: BaseException, method: str, path: str, request_id: str) -> str:
    """Log an unexpected exception with its traceback, and return the traceback's text."""
    _logger.error("%s %s failed (request %s)", method, path, request_id, exc_info=exception)
    return "".join(traceback.format_exception(exception))
