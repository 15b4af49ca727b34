"""Where a request stands in a trace of several services (W3C Trace Context)."""

from __future__ import annotations

from typing import NamedTuple


class Trace(NamedTuple):
    """The trace of a request, as the stage ``TraceContext`` has found it out."""

    trace_id: str
    """The id of the trace: 32 hexadecimal digits."""
    span_id: str
    """The id of this request's span: 16 hexadecimal digits."""
    parent_id: str | None
    """The id of the caller's span; ``None`` where the trace begins here."""
    sampled: bool
    """Whether the trace is recorded."""
    traceparent: str
    """The field ``traceparent`` for requests that are sent meanwhile."""
    tracestate: str | None
    """The field ``tracestate`` for such requests."""
