"""Clients that ask for an answer without an end, and leave when it has begun."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

TIMEOUT = 60
FIELDS = "host: localhost\r\n"
HANDSHAKE = (
    f"{FIELDS}upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n"
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
HELLO = b"\x81\x85\x00\x00\x00\x00hello"
"""A frame of text (RFC 6455 §5.2), with a mask that changes nothing."""
ECHO = b"\x81\x05hello"

DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 7, 8
END_HEADERS = 4
CANCEL = 8
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
STREAMS = 90
"""Of one connection of HTTP/2, which may have a hundred."""
PATHS = ("/stream", "/events", "/socket")
Stay = Callable[[], Awaitable[None]]
"""What a client does before it leaves."""


async def nothing() -> None:
    """Leave at once."""


@asynccontextmanager
async def connected(port: int, *, resets: bool) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a connection, and leave it: with a reset, or by closing it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4096)
    try:
        yield reader, writer
    finally:
        if resets:
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()


async def http_1(port: int, path: str, *, resets: bool, stay: Stay = nothing) -> float:
    """Leave an answer over HTTP/1.1 when its first bytes are there, or a socket when it has answered.

    Returns when that was.
    """
    async with connected(port, resets=resets) as (reader, writer):
        is_socket = path == "/socket"
        writer.write(f"GET {path} HTTP/1.1\r\n{HANDSHAKE if is_socket else FIELDS}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101 " if is_socket else b"HTTP/1.1 200 "):
            raise ConnectionError(f"{path} is answered with {head!r}")
        if is_socket:
            writer.write(HELLO)
            if await reader.readexactly(len(ECHO)) != ECHO:
                raise ConnectionError("the echo is another message")
        else:
            await reader.readexactly(10)
        await stay()
        return time.monotonic()


async def http_2(port: int, paths: list[str], *, resets: bool, stay: Stay = nothing) -> float:
    """Leave answers over one connection of HTTP/2 when the heads are there: each by itself, or all at once.

    Returns when that was.
    """
    async with connected(port, resets=not resets) as (reader, writer):
        # Little of each answer comes, and all of the little that comes may.
        settings = struct.pack("!HI", 4, 1000)
        writer.write(PREFACE + frame(SETTINGS, 0, 0, settings))
        writer.write(frame(WINDOW_UPDATE, 0, 0, struct.pack("!I", 1_000_000_000)))
        if await kind_of(reader) != SETTINGS:
            raise ConnectionError("the server does not begin with its settings")
        writer.write(frame(SETTINGS, 1, 0))
        for index, path in enumerate(paths):
            writer.write(frame(HEADERS, END_HEADERS | (path != "/socket"), 2 * index + 1, fields(path)))
        heads = 0
        while heads < len(paths):
            kind = await kind_of(reader)
            heads += kind == HEADERS
            if kind in (RST_STREAM, GOAWAY):
                raise ConnectionError(f"a frame of kind {kind} comes")
        await stay()
        left = time.monotonic()
        if resets:
            for index in range(len(paths)):
                writer.write(frame(RST_STREAM, 0, 2 * index + 1, struct.pack("!I", CANCEL)))
            await writer.drain()
        return left


async def kind_of(reader: asyncio.StreamReader) -> int:
    """Read a frame and return its kind."""
    head = await reader.readexactly(9)
    await reader.readexactly(int.from_bytes(head[:3]))
    return head[3]


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """Return a frame (RFC 9113 §4.1)."""
    return len(payload).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload


def fields(path: str) -> bytes:
    """Return the header fields of a request (RFC 7541 §6.1, §6.2.2), of a socket by extended CONNECT (RFC 8441 §4)."""
    scheme, target = b"\x86", b"\x04" + text(path) + b"\x01" + text("localhost")
    if path != "/socket":
        return b"\x82" + scheme + target
    named = {":protocol": "websocket", "sec-websocket-version": "13"}
    return (
        b"\x02"
        + text("CONNECT")
        + scheme
        + target
        + b"".join(b"\x00" + text(name) + text(value) for name, value in named.items())
    )


def text(value: str) -> bytes:
    """Return a string literal (RFC 7541 §5.2)."""
    return bytes([len(value)]) + value.encode()


async def leave(port: int, count: int) -> None:
    """Have so many clients leave of each kind: streams, events and sockets, over HTTP/1.1 and HTTP/2."""
    turns = asyncio.Semaphore(50)

    async def once(number: int) -> None:
        async with turns, asyncio.timeout(TIMEOUT):
            for path in PATHS:
                await http_1(port, path, resets=number % 2 == 0)

    async def together(number: int) -> None:
        async with turns, asyncio.timeout(TIMEOUT):
            await http_2(port, [*PATHS] * (STREAMS // 3), resets=number % 2 == 0)

    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(once(number))
        for number in range(-(-3 * count // STREAMS)):
            group.create_task(together(number))
