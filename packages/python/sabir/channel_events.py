"""Channels as answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sabir.response import Response

if TYPE_CHECKING:
    from sabir._sabir import NativeEvents


class ChannelEvents(Response):
    """A stream of server-sent events: what is published on a channel. ``app.events`` makes it."""

    __slots__ = ()
    content: NativeEvents
