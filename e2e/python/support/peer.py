"""The client's end of a WebSocket, in memory and over a connection."""

import contextlib
from typing import Any, Protocol

import httpx
import pytest
from sabir import TestClient, WebSocketDisconnect
from sabir.websocket_session import WebSocketSession

from support.answer import Answer
from support.content import expand, fields
from support.frames import BINARY, CLOSE, PING, PONG, TEXT, frame, read
from support.wire import Wire, written

HANDSHAKE = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
}
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
"""What belongs to that key (RFC 6455 §1.3)."""


class Peer(Protocol):
    """A client."""

    def send(self, message: str | bytes) -> None:
        """Send a message."""

    def ping(self, content: bytes) -> None:
        """Send a ping."""

    def close(self, content: bytes) -> None:
        """Send a close frame with this content."""

    def write(self, content: bytes) -> None:
        """Write bytes as they are."""

    def message(self) -> str | bytes:
        """Return the next message."""

    def control(self, kind: str, content: bytes) -> None:
        """Fail unless a ``ping`` or ``pong`` with this content comes next. In memory pongs are dropped, unseen."""

    def closed(self) -> tuple[int, str]:
        """Return how the server closes, after which nothing comes any more."""

    def read(self, length: int) -> bytes:
        """Return the next bytes."""


class MemoryPeer:
    """The session of a test client."""

    def __init__(self, session: WebSocketSession) -> None:
        self._session = session

    def send(self, message: str | bytes) -> None:
        self._session.send(message)

    def ping(self, content: bytes) -> None:
        self._session.ping(content)

    def close(self, content: bytes) -> None:
        self.write(frame(CLOSE, content))

    def write(self, content: bytes) -> None:
        # The server may have closed already.
        with contextlib.suppress(WebSocketDisconnect):
            self._session.write(content)

    def message(self) -> str | bytes:
        return self._session.receive()

    def control(self, kind: str, content: bytes) -> None:
        pass

    def closed(self) -> tuple[int, str]:
        with pytest.raises(WebSocketDisconnect):
            pytest.fail(f"{self._session.receive()!r} came before the close")
        assert self._session.close_code is not None
        return self._session.close_code, self._session.close_reason or ""

    def read(self, length: int) -> bytes:
        raise AssertionError("bytes need a connection")


class ConnectionPeer:
    """A client that writes and reads frames by itself."""

    def __init__(self, wire: Wire) -> None:
        self._reader = wire.opened()
        self._has_closed = False

    def send(self, message: str | bytes) -> None:
        is_text = isinstance(message, str)
        self.write(frame(TEXT, message.encode()) if is_text else frame(BINARY, message))

    def ping(self, content: bytes) -> None:
        self.write(frame(PING, content))

    def close(self, content: bytes) -> None:
        self._has_closed = True
        self.write(frame(CLOSE, content))

    def write(self, content: bytes) -> None:
        self._reader.write(content)

    def message(self) -> str | bytes:
        opcode, content = read(self._reader.exactly)
        assert opcode in (TEXT, BINARY), f"a frame with the opcode {opcode} came, not a message: {content!r}"
        return content.decode() if opcode == TEXT else content

    def control(self, kind: str, content: bytes) -> None:
        came = read(self._reader.exactly)
        assert came == (PING if kind == "ping" else PONG, content), f"{came} came, not a {kind} with {content!r}"
        if kind == "ping":
            self.write(frame(PONG, content))

    def closed(self) -> tuple[int, str]:
        if not self._reader.has_more():
            return 1006, ""
        opcode, content = read(self._reader.exactly)
        assert opcode == CLOSE, f"a frame with the opcode {opcode} came, not a close: {content!r}"
        if not self._has_closed:
            self.close(content)
        assert (self._reader.ends(), bytes(self._reader.data)) == (True, b""), "the connection goes on after its close"
        return (int.from_bytes(content[:2]) if content else 1005), content[2:].decode()

    def read(self, length: int) -> bytes:
        return self._reader.exactly(length)


@contextlib.contextmanager
def opened(client: TestClient, wire: Wire | None, request: dict[str, Any]) -> Any:
    """Ask for a WebSocket; give the answer, and the client where it was opened."""
    given = fields(request)
    if wire is not None:
        names = {name.lower() for name, _ in given}
        missing = {name: value for name, value in HANDSHAKE.items() if name not in names}
        answer = wire.ask(written({**request, "headers": {**request.get("headers", {}), **missing}}))
        if "sec-websocket-key" in missing and answer.status_code == 101:
            assert answer.headers.get("sec-websocket-accept") == ACCEPT
        try:
            yield answer, ConnectionPeer(wire) if answer.status_code == 101 else None
        finally:
            wire.close()
        return
    target = {"target": expand(request["path"]).encode()}
    headers = [(name.encode(), value.encode()) for name, value in given]
    try:
        session = client.websocket("/", headers=headers, extensions=target)
        with session as peer:
            yield _answer(peer.response), MemoryPeer(peer)
            peer.leave()
    except httpx.HTTPStatusError as refused:
        yield _answer(refused.response), None


def _answer(response: httpx.Response) -> Answer:
    return Answer(response.status_code, response.headers, response.content)
