"""A small HTTP/1.1 client that sends exactly the bytes of a fixture. Every wait is bounded."""

import contextlib
import socket
import time
from typing import Any

import httpx

from support.answer import Answer
from support.content import content, expand, fields

TIMEOUT_SECONDS = 5.0
SILENCE_SECONDS = 0.15

PAUSE_SECONDS = 0.002
"""The time between two pieces, in which the first one arrives alone."""


class Wire:
    """Keeps its connection from one request to the next."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._address = (host, int(port))
        self._connection: socket.socket | None = None

    def send(self, request: dict[str, Any], count: int, *, expects_end: bool) -> tuple[list[Answer], bool]:
        """Send a request; return ``count`` answers and whether the server closed the connection after them."""
        if "raw" in request or "raw_base64" in request:
            return self._send_raw(request, count, expects_end=expects_end)
        connection = self._connection or self._connect()
        self._connection = None
        reader = Reader(connection)
        reader.write(written(request))
        answers = reader.answers([request["method"] == "HEAD"])
        closed = reader.ends() if expects_end else reader.ended
        if closed or "close" in answers[-1].headers.get_list("connection"):
            connection.close()
        else:
            self._connection = connection
        return answers, closed

    def ask(self, request: bytes) -> Answer:
        """Send ``request`` on a connection of its own, and return the answer. What follows it is left to ``opened``."""
        self.close()
        self._connection = self._connect()
        self._reader = Reader(self._connection)
        self._reader.write(request)
        return self._reader.answers([False])[0]

    def opened(self) -> "Reader":
        """Return what reads on after the answer of ``ask``."""
        return self._reader

    def close(self) -> None:
        """Close the connection that is kept."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(self._address, TIMEOUT_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _send_raw(self, request: dict[str, Any], count: int, *, expects_end: bool) -> tuple[list[Answer], bool]:
        pieces = _pieces(request)
        lines = [line for line in b"".join(pieces).split(b"\r\n") if b" HTTP/" in line]
        heads = [line.startswith(b"HEAD ") for line in lines][:count]
        with self._connect() as connection:
            reader = Reader(connection)
            for index, piece in enumerate(pieces):
                if index:
                    time.sleep(PAUSE_SECONDS)
                reader.write(piece)
            answers = reader.answers(heads + [False] * (count - len(heads)))
            if expects_end:
                return answers, reader.ends()
            # An answer too many would show that the server saw a request that was none.
            connection.settimeout(SILENCE_SECONDS)
            closed = reader.ends()
            assert not reader.data, f"more came than {count} answers: {bytes(reader.data)!r}"
            return answers, closed


class ConnectionEndedError(Exception):
    """The connection has ended within what was to be read."""

    def __init__(self, rest: bytes) -> None:
        super().__init__(f"the connection ended within {rest!r}")
        self.rest = rest


class Reader:
    """Reads answers from one connection (RFC 9112 §6.3)."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.data = bytearray()
        self.ended = False

    def write(self, data: bytes) -> None:
        """Write all of ``data``, or as much as the server reads before it refuses the rest."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.connection.sendall(data)

    def answers(self, heads: list[bool]) -> list[Answer]:
        """Read one answer for each of ``heads``, which says whether the request was HEAD."""
        return [self._answer(is_head=is_head) for is_head in heads]

    def ends(self) -> bool:
        """Read what is left and say whether the server closed the connection."""
        try:
            while not self.ended:
                self._fill()
        except TimeoutError:
            return False
        return True

    def has_more(self) -> bool:
        """Wait for the next byte, and say whether there is one before the end of the connection."""
        while not self.data and not self.ended:
            self._fill()
        return bool(self.data)

    def _fill(self) -> None:
        try:
            chunk = self.connection.recv(65536)
        except ConnectionResetError:
            chunk = b""
        self.ended = not chunk
        self.data += chunk

    def _until(self, mark: bytes) -> bytes:
        while (at := self.data.find(mark)) < 0:
            if self.ended:
                raise ConnectionEndedError(bytes(self.data))
            self._fill()
        taken = bytes(self.data[:at])
        del self.data[: at + len(mark)]
        return taken

    def exactly(self, length: int) -> bytes:
        """Return the next ``length`` bytes."""
        while len(self.data) < length:
            if self.ended:
                raise ConnectionEndedError(bytes(self.data))
            self._fill()
        taken = bytes(self.data[:length])
        del self.data[:length]
        return taken

    def _answer(self, *, is_head: bool) -> Answer:
        line, *rest = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        # A server may answer an HTTP/1.0 client in that version (RFC 9110 §2.5).
        assert line.startswith(("HTTP/1.1 ", "HTTP/1.0 ")), line
        status = int(line[9:12])
        if 100 <= status < 200 and status != 101:
            return self._answer(is_head=is_head)
        headers = httpx.Headers(
            [
                (name.encode(), value.strip().encode("latin-1"))
                for name, _, value in (field.partition(":") for field in rest)
            ]
        )
        content = bytearray()
        try:
            self._read_content(status, headers, content, is_head=is_head)
        except ConnectionEndedError as ended:
            return Answer(status, headers, bytes(content) + ended.rest, breaks_off=True)
        return Answer(status, headers, bytes(content))

    def _read_content(self, status: int, headers: httpx.Headers, content: bytearray, *, is_head: bool) -> None:
        if is_head or status in (101, 204, 304):
            return
        if "chunked" in headers.get_list("transfer-encoding"):
            while size := int(self._until(b"\r\n"), 16):
                content += self.exactly(size)
                self.exactly(2)
            self.exactly(2)
        elif lengths := headers.get_list("content-length"):
            content += self.exactly(int(lengths[0]))
        else:
            assert self.ends(), "the answer has no end"
            content += self.exactly(len(self.data))


def _pieces(request: dict[str, Any]) -> list[bytes]:
    """Return the bytes of a request that is sent as they are, in the pieces in which it is sent."""
    if "raw" not in request:
        return [content({"base64": request["raw_base64"]}) or b""]
    raw = request["raw"]
    return [expand(piece).encode() for piece in (raw if isinstance(raw, list) else [raw])]


def written(request: dict[str, Any]) -> bytes:
    """Return the bytes of a request."""
    body = content(request)
    headers = fields(request)
    names = {name.lower() for name, _ in headers}
    if "host" not in names:
        headers.insert(0, ("host", "localhost"))
    if request.get("chunked"):
        headers.append(("transfer-encoding", "chunked"))
        body = b"".join(_chunks(body or b""))
    elif body is not None and "content-length" not in names:
        headers.append(("content-length", str(len(body))))
    lines = [
        f"{request['method']} {expand(request['path'])} HTTP/1.1",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + (body or b"")


def _chunks(body: bytes) -> list[bytes]:
    """Return ``body`` in two chunks where that is possible, so that a reader has to put them together."""
    half = -(-len(body) // 2)
    parts = [part for part in (body[:half], body[half:]) if part]
    return [f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts] + [b"0\r\n\r\n"]
