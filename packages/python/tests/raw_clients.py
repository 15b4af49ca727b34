"""Clients that send and read by hand."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from sabir import (
    Sabir,
    TestClient,
)
from tests.processes import TIMEOUT


@contextmanager
def listening(app: Sabir) -> Iterator[int]:
    """Serve ``app``, with handlers in a thread, and return the port."""
    with TestClient(app, socket=True) as client:
        yield int(client.address.rpartition(":")[2])


def connect(port: int, path: str, method: str = "GET", *, buffer: int | None = None) -> socket.socket:
    """Send a request by hand."""
    client = socket.socket()
    client.settimeout(TIMEOUT)
    if buffer is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.connect(("127.0.0.1", port))
    client.sendall(f"{method} {path} HTTP/1.1\r\nhost: a\r\n\r\n".encode())
    return client


def get(port: int, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, str, bytes]:
    """Return status, media type and content."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("content-type", ""), answer.read()
    finally:
        connection.close()


def read_until(client: socket.socket, text: bytes) -> bytes:
    """Read up to ``text``."""
    received = b""
    while text not in received:
        received += (part := client.recv(65536))
        assert part, received
    return received


def read_all(client: socket.socket) -> bytes:
    """Read all that a server sends before it closes the connection."""
    parts = []
    while part := client.recv(65536):
        parts.append(part)
    return b"".join(parts)
