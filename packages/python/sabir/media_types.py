"""Media types that the package tells apart."""

from __future__ import annotations

TEXT = "text/plain; charset=utf-8"
OCTETS = "application/octet-stream"
JSON = "application/json"
JSON_LINES = "application/jsonl"
EVENT_STREAM = "text/event-stream"

_JSON_LINES = {JSON_LINES, "application/x-ndjson", "application/ndjson", "application/x-jsonlines"}


def is_json_lines(media_type: str) -> bool:
    """Whether content of this type is a line of JSON for each value."""
    return _essence(media_type) in _JSON_LINES


def are_events(media_type: str | None) -> bool:
    """Whether content of this type is a stream of events."""
    return media_type is not None and _essence(media_type) == EVENT_STREAM


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()
