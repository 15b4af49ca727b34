"""Messages of event streams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True, frozen=True, kw_only=True)
class Event:
    """One message of an event stream (WHATWG HTML §9.2). A generator that yields events answers with a stream of them.

    Example:
        >>> Event(data={"n": 1}, id="1")
        Event(data={'n': 1}, event=None, id='1', retry=None, comment=None)
    """

    data: Any = None
    """The message: text as it is, which may have several lines; any other value as JSON. ``None`` for none."""
    event: str | None = None
    """The type of the message; ``message`` where there is none."""
    id: str | None = None
    """What the client says in ``Last-Event-ID`` when it comes back."""
    retry: int | None = None
    """Milliseconds after which the client comes back when the connection is lost."""
    comment: str | None = None
    """Text that clients ignore."""

    def encode(self, encode_json: Callable[[Any], bytes]) -> bytes:
        """Return the message as it is sent.

        Raises:
            ValueError: If the type or the id has a line break, or there is nothing to send.
        """
        from sabir._sabir import encode_event

        data = self.data if self.data is None or isinstance(self.data, str) else encode_json(self.data).decode()
        return encode_event(data, self.event, self.id, self.retry, self.comment)
