"""Reading event streams, as browsers do (WHATWG HTML §9.2.6)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from sabir.event import Event

_LINE_END = re.compile("\r\n|\n|\r")


class EventReader:
    """Makes events of the bytes of a stream, in chunks of any size."""

    def __init__(self) -> None:
        self.last_event_id = ""
        """What a client that comes back says in ``Last-Event-ID``."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._is_first = True
        self._ends_with_cr = False
        self._line = ""
        self._fields: dict[str, str] = {}
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[Event[str]]:
        """Return the events that end with ``chunk``."""
        text = self._decoder.decode(chunk)
        if self._is_first and text:
            self._is_first = False
            text = text.removeprefix("\ufeff")
        if self._ends_with_cr:
            # It was the first half of a line end.
            text = text.removeprefix("\n")
        self._ends_with_cr = text.endswith("\r") or (self._ends_with_cr and not text)
        *lines, self._line = _LINE_END.split(self._line + text)
        for line in lines:
            if (event := self._read(line)) is not None:
                yield event

    def _read(self, line: str) -> Event[str] | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event" or (name == "id" and "\0" not in value) or (name == "retry" and _is_number(value)):
            self._fields[name] = value
        return None

    def _dispatch(self) -> Event[str] | None:
        fields, self._fields = self._fields, {}
        data, self._data = self._data, []
        self.last_event_id = fields.get("id", self.last_event_id)
        if not data:
            return None
        return Event(
            data="\n".join(data),
            event=fields.get("event") or None,
            id=fields.get("id"),
            retry=int(fields["retry"]) if "retry" in fields else None,
        )


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit()
