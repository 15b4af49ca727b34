"""What a client says and hears on a WebSocket."""

import base64
import json
from typing import Any

from support.content import expand
from support.frames import closing
from support.matching import json_differences
from support.peer import Peer


def talk(turns: list[dict[str, Any]], peer: Peer) -> None:
    """Take every turn of a fixture."""
    for index, turn in enumerate(expand(turns)):
        try:
            _take(turn, peer)
        except Exception as error:
            raise AssertionError(f"talk[{index}]: {error or type(error).__name__}") from error


def _take(turn: dict[str, Any], peer: Peer) -> None:
    match turn:
        case {"send": text}:
            peer.send(text)
        case {"send_base64": text}:
            peer.send(base64.b64decode(text, validate=True))
        case {"send_json": value}:
            peer.send(json.dumps(value, ensure_ascii=False))
        case {"send_ping": text}:
            peer.ping(text.encode())
        case {"send_close": close}:
            peer.close(closing(close))
        case {"write": text}:
            peer.write(bytes.fromhex(text))
        case {"receive": text}:
            _same(peer.message(), text)
        case {"receive_base64": text}:
            _same(peer.message(), base64.b64decode(text, validate=True))
        case {"receive_json": pattern}:
            message = peer.message()
            assert isinstance(message, str), "bytes came, and JSON is text"
            found = list(json_differences(pattern, message.encode(), "the message"))
            assert not found, f"{'; '.join(found)}; it was {message[:500]}"
        case {"receive_ping": text}:
            peer.control("ping", text.encode())
        case {"receive_pong": text}:
            peer.control("pong", text.encode())
        case {"receive_close": close}:
            code, reason = peer.closed()
            expected = close.get("code", 1005), close.get("reason", reason)
            assert (code, reason) == expected, f"it is closed with {code} {reason!r}, not with {expected}"
        case {"read": text}:
            expected = bytes.fromhex(text)
            _same(peer.read(len(expected)), expected)
        case _:
            raise AssertionError(f"there is no turn {turn}")


def _same(came: str | bytes, expected: str | bytes) -> None:
    assert came == expected, f"{came[:100]!r} came, not {expected[:100]!r}"
