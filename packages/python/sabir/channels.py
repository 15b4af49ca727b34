"""Publishing on channels."""

from __future__ import annotations

import enum
from typing import Any, Protocol

from sabir.encoding import encode_json


class Publisher(Protocol):
    """What publishes, of the native module."""

    def publish(self, channel: str, content: str | bytes, /) -> int:
        """Publish text or bytes."""

    def publish_json(self, channel: str, content: bytes, /) -> int:
        """Publish JSON."""


def publish(native: Publisher, channel: str, message: Any) -> int:
    """Publish text and bytes as they are, any other value as JSON. Returns how many subscribers there are."""
    if isinstance(message, str) and not isinstance(message, enum.Enum):
        return native.publish(channel, message)
    if isinstance(message, bytes | bytearray | memoryview):
        return native.publish(channel, bytes(message))
    return native.publish_json(channel, encode_json(message))
