"""The chunks of an answer that is made while it is sent. Private."""

from __future__ import annotations

import enum
import threading
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from typing import TYPE_CHECKING, Any

from sabir.event import BYTES_LIKE, Event, event_encoder
from sabir.headers import header_field
from sabir.media_types import JSON_LINES, OCTETS, TEXT, is_json_lines

if TYPE_CHECKING:
    from sabir._sabir import NativeStream
    from sabir.response import TrailerFields


class Chunks:
    """What an iterator yields, and the head of the answer that it makes.

    Events are sent as such, bytes as they are, text as UTF-8, and other values as lines of JSON. A media type decides
    where it speaks of events or of lines, else the first value does; and where there is no media type, it follows.
    """

    def __init__(
        self,
        values: Iterable[Any] | AsyncIterable[Any],
        status: int,
        headers: list[tuple[str, str]],
        encode_json: Callable[[Any], bytes],
        *,
        are_events: bool = False,
        is_blocking: bool = True,
        trailers: TrailerFields | None = None,
    ) -> None:
        if not is_blocking and not isinstance(values, AsyncIterable):
            values = _on_loop(values)
        self.values = values
        self.are_events = are_events
        self._status = status
        self._headers = headers
        self._encode_json = encode_json
        self.encoder: Callable[[Any], bytes] | None = None
        """What encodes each value, once the head has been sent."""
        self._trailers = trailers or {}
        # An event stream that is silent is begun by the loop, while a thread waits for its first event.
        self._beginning = threading.Lock()

    def encode(self, stream: NativeStream, value: Any) -> bytes:
        """Return the chunk for a value; the head is sent before the first one."""
        if self.encoder is None:
            self.begin(stream, value)
        assert self.encoder is not None
        return self.encoder(value)

    def begin(self, stream: NativeStream, first: Any = b"") -> None:
        """Send the head, if that is still to be done."""
        with self._beginning:
            if self.encoder is None:
                encode = self._encoder(first)
                stream.begin(self._status, self._headers, self.are_events, list(self._trailers))
                self.encoder = encode

    def end(self, stream: NativeStream) -> list[tuple[str, str]]:
        """Return the fields that follow the content, which has ended."""
        self.begin(stream)
        return [header_field(name, value() if callable(value) else value) for name, value in self._trailers.items()]

    def _encoder(self, first: Any) -> Callable[[Any], bytes]:
        """Return what encodes each value, and add the media type to the head where it has none."""
        media_type = next((value for name, value in self._headers if name == "content-type"), None)
        self.are_events = self.are_events or isinstance(first, Event)
        if self.are_events:
            # The runtime adds their media type.
            return event_encoder(self._encode_json)
        if media_type is not None and is_json_lines(media_type):
            return self._encode_line
        is_plain = isinstance(first, (str, *BYTES_LIKE)) and not isinstance(first, enum.Enum)
        if media_type is None:
            natural = (TEXT if isinstance(first, str) else OCTETS) if is_plain else JSON_LINES
            self._headers.append(("content-type", natural))
        return _encode_text if is_plain else self._encode_line

    def _encode_line(self, value: Any) -> bytes:
        if isinstance(value, Event):
            raise TypeError("an Event in a stream of other values; yield nothing but events")
        return self._encode_json(value) + b"\n"


def _encode_text(value: Any) -> bytes:
    if isinstance(value, bytes):
        # A subclass too: the native module takes it for what it is.
        return value
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, BYTES_LIKE):
        return bytes(value)
    raise TypeError(f"a stream of text or bytes yields a {type(value).__qualname__}")


async def _on_loop(values: Iterable[Any]) -> AsyncIterator[Any]:
    try:
        for value in values:
            yield value
    finally:
        close(values)


def close(values: Any) -> None:
    """Close a plain iterator that is left early, if it can be closed: its ``finally`` runs now."""
    if (end := getattr(values, "close", None)) is not None:
        end()
