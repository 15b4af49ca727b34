"""Frames of WebSocket (RFC 6455 §5.2), as a client writes and reads them."""

import zlib
from collections.abc import Callable
from typing import Any

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
KEY = bytes.fromhex("37fa213d")
"""A client masks what it sends; any key will do."""
TAIL = bytes.fromhex("0000ffff")
"""What the end of a compressed message leaves out (RFC 7692 §7.2.2)."""


def frame(opcode: int, content: bytes) -> bytes:
    """Return a masked frame that is all of a message."""
    length = len(content)
    if length < 126:
        head = bytes([0x80 | opcode, 0x80 | length])
    elif length < 1 << 16:
        head = bytes([0x80 | opcode, 0x80 | 126]) + length.to_bytes(2)
    else:
        head = bytes([0x80 | opcode, 0x80 | 127]) + length.to_bytes(8)
    key = KEY * (length // 4 + 1)
    return head + KEY + bytes(byte ^ mask for byte, mask in zip(content, key, strict=False))


def closing(close: dict[str, Any]) -> bytes:
    """Return the content of a close frame."""
    return close["code"].to_bytes(2) + close.get("reason", "").encode() if "code" in close else b""


def read(exactly: Callable[[int], bytes]) -> tuple[int, bytes]:
    """Read the opcode and the content of a frame, which a server neither masks nor cuts."""
    first, second = exactly(2)
    assert (first & 0xB0, second & 0x80) == (0x80, 0), f"no server begins a frame with {first:02x} {second:02x}"
    length = second
    if second == 126:
        length = int.from_bytes(exactly(2))
    elif second == 127:
        length = int.from_bytes(exactly(8))
    content = exactly(length)
    return first & 0xF, zlib.decompressobj(-15).decompress(content + TAIL) if first & 0x40 else content
