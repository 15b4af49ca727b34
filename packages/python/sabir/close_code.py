"""Why a WebSocket is closed."""

from __future__ import annotations

import enum


class CloseCode(enum.IntEnum):
    """A status code of a close frame (RFC 6455 §7.4.1). Applications have 4000 to 4999 for themselves.

    Example:
        >>> CloseCode.GOING_AWAY
        <CloseCode.GOING_AWAY: 1001>
    """

    NORMAL = 1000
    """The purpose of the socket has been fulfilled."""
    GOING_AWAY = 1001
    """The server stops, or the client leaves the page."""
    PROTOCOL_ERROR = 1002
    """A frame breaks the protocol."""
    UNSUPPORTED_DATA = 1003
    """A message is of a kind that is not taken, such as binary."""
    NO_STATUS = 1005
    """The close frame had no code. Never sent."""
    ABNORMAL = 1006
    """The connection ended without a close frame. Never sent."""
    INVALID_PAYLOAD = 1007
    """The content of a message is not what its kind says, as text that is not UTF-8."""
    POLICY_VIOLATION = 1008
    """A message breaks a rule of the application."""
    MESSAGE_TOO_BIG = 1009
    """A message is too large."""
    MANDATORY_EXTENSION = 1010
    """The server did not agree to an extension that the client needs."""
    INTERNAL_ERROR = 1011
    """The server failed."""
    SERVICE_RESTART = 1012
    """The service is being restarted."""
    TRY_AGAIN_LATER = 1013
    """The server is overloaded, or the client reads too slowly."""
    BAD_GATEWAY = 1014
    """A gateway had a bad answer from the server behind it."""
