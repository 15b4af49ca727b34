"""Messages of event streams."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic

import msgspec

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    Data = TypeVar("Data", covariant=True, default=Any)
else:
    from typing import TypeVar

    Data = TypeVar("Data")


BYTES_LIKE = (bytes, bytearray, memoryview)
"""What is sent as it is."""


class Event(msgspec.Struct, Generic[Data], frozen=True, kw_only=True):
    """One message of an event stream (WHATWG HTML §9.2). A generator that yields events answers with a stream of them.

    An annotation may say what its data is: ``AsyncIterator[Event[Tick]]``.

    Example:
        >>> Event(data={"n": 1}, id="1")
        Event(data={'n': 1}, event=None, id='1', retry=None, comment=None)
    """

    data: Data | None = None
    """The message: text, or bytes that are UTF-8, as it is, with one line or several; any other value as JSON. ``None``
    for none."""
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
            TypeError: If the data cannot be sent as JSON.
        """
        return event_encoder(encode_json)(self)


def event_encoder(encode_json: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """Return what encodes each value of a stream of events; one that is no event is the data of one."""
    native = _native()

    def encode(value: Any) -> bytes:
        if not isinstance(value, Event):
            # None is a value here, while an event without data has none.
            value = Event(data="null" if value is None else value)
        data = value.data
        text = data if type(data) is str else _text(data, encode_json)
        return native(text, value.event, value.id, value.retry, value.comment)

    return encode


@functools.cache
def _native() -> Callable[[str | None, str | None, str | None, int | None, str | None], bytes]:
    # Not above, so that applications can be written where the runtime is not built; and once, for it is called often.
    from sabir._sabir import encode_event

    return encode_event


def _text(data: Any, encode_json: Callable[[Any], bytes]) -> str | None:
    if data is None or (isinstance(data, str) and not isinstance(data, enum.Enum)):
        return data
    return bytes(data).decode() if isinstance(data, BYTES_LIKE) else encode_json(data).decode()
