"""Loggers that know their request: what handlers log has its id, and the ids of its trace.

:attr:`sabir.Request.log` is one. :func:`follow` gives the ids to whatever else is logged while a request is worked on,
and :class:`JsonFormatter` writes records as lines of JSON.
"""

from __future__ import annotations

import contextvars
import json
import logging
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sabir.app import Sabir
    from sabir.request import Request

__all__ = ["JsonFormatter", "RequestFilter", "RequestLogger", "follow"]

_NAMES = ("request_id", "trace_id", "span_id")
_KNOWN = frozenset([*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName"])
_current: contextvars.ContextVar[dict[str, str] | None] = contextvars.ContextVar("sabir_request", default=None)


class RequestLogger(logging.LoggerAdapter[logging.Logger]):
    """The logger ``sabir.request``, whose records have ``request_id`` and, of a trace, ``trace_id`` and ``span_id``."""

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        """Add the ids to what the call gives as ``extra``."""
        return msg, {**kwargs, "extra": {**(self.extra or {}), **(kwargs.get("extra") or {})}}


class RequestFilter(logging.Filter):
    """Gives records ``request_id``, ``trace_id`` and ``span_id`` of the request that is worked on, or ``None``.

    Set it on a handler, and have :func:`follow` see which request that is.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the ids that the record has not got."""
        ids = _current.get() or {}
        for name in _NAMES:
            if getattr(record, name, None) is None:
                setattr(record, name, ids.get(name))
        return True


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON: time, level, logger, message, and whatever ``extra`` has."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, in which control characters are escaped."""
        line: dict[str, Any] = {
            "time": _rfc_3339(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update((name, value) for name, value in record.__dict__.items() if name not in _KNOWN)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps({name: value for name, value in line.items() if value is not None}, default=str)


def _rfc_3339(created: float) -> str:
    return datetime.fromtimestamp(created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def follow(app: Sabir) -> None:
    """Have :class:`RequestFilter` know the request that is worked on, with a hook of the application."""

    @app.on_request
    def remember(request: Request) -> None:
        _current.set(ids_of(request))


def ids_of(request: Request) -> dict[str, str]:
    """Return the ids that records of this request have."""
    trace = request.trace
    ids = {"request_id": request.id}
    return ids if trace is None else {**ids, "trace_id": trace.trace_id, "span_id": trace.span_id}
