"""A client of HTTP/2 (RFC 9113) that sends many bodies at once."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from tests.processes import TIMEOUT

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM = ACK = 1
END_HEADERS = 4
INITIAL_WINDOW_SIZE = 4
LARGEST_FRAME = 16_384
STATUS_200 = 0x88
"""``:status: 200`` in a block of fields (RFC 7541, appendix A)."""


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
"""What a client sends first (RFC 9113 §3.4)."""


class Uploads:
    """Requests with equal content on one connection."""

    def __init__(self, port: int, path: str, media_type: str, content: bytes, count: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")
        self._content = memoryview(content)
        self._window = self._initial = 65_535
        streams = range(1, 2 * count, 2)
        self._sent = dict.fromkeys(streams, 0)
        self._windows = dict.fromkeys(streams, 0)
        self._fields = _fields(path, media_type)

    def statuses(self) -> list[bool]:
        """Send everything, taking turns, and return of each answer whether it has the status 200."""
        with self._socket, self._file:
            self._socket.sendall(PREFACE + frame(SETTINGS, 0, 0))
            for stream in self._sent:
                self._socket.sendall(frame(HEADERS, END_HEADERS, stream, self._fields))
            found: dict[int, bool] = {}
            open_streams = set(self._sent)
            while open_streams:
                self._send(self._sent)
                kind, flags, stream, payload = self._receive()
                if kind == HEADERS:
                    found[stream] = payload[0] == STATUS_200
                if kind in (RST_STREAM, GOAWAY):
                    raise ConnectionError(f"frame {kind} of stream {stream}: {payload!r}")
                if kind in (DATA, HEADERS) and flags & END_STREAM:
                    open_streams.discard(stream)
            return list(found.values())

    def statuses_in_turn(self) -> list[bool]:
        """Send one after the other, each until it is answered, and return the same as :meth:`statuses`."""
        with self._socket, self._file:
            self._socket.sendall(PREFACE + frame(SETTINGS, 0, 0))
            return [self._status(stream) for stream in self._sent]

    def _status(self, stream: int) -> bool:
        self._socket.sendall(frame(HEADERS, END_HEADERS, stream, self._fields))
        is_fine = False
        while True:
            self._send([stream])
            kind, flags, of, payload = self._receive()
            if kind == GOAWAY or (kind == RST_STREAM and of == stream):
                raise ConnectionError(f"frame {kind} of stream {of}: {payload!r}")
            if kind == HEADERS and of == stream:
                is_fine = payload[0] == STATUS_200
            if kind in (DATA, HEADERS) and of == stream and flags & END_STREAM:
                return is_fine

    def _send(self, streams: Iterable[int]) -> None:
        has_sent = True
        while has_sent:
            has_sent = False
            for stream in streams:
                sent = self._sent[stream]
                room = min(self._window, self._initial + self._windows[stream] - sent, LARGEST_FRAME)
                piece = self._content[sent : sent + max(room, 0)]
                if piece:
                    has_sent = True
                    self._window -= len(piece)
                    self._sent[stream] += len(piece)
                    is_last = self._sent[stream] == len(self._content)
                    self._socket.sendall(frame(DATA, END_STREAM if is_last else 0, stream, piece))

    def _receive(self) -> tuple[int, int, int, bytes]:
        head = self._file.read(9)
        assert len(head) == 9, "the server has closed the connection"
        kind, flags, stream = head[3], head[4], int.from_bytes(head[5:])
        payload = self._file.read(int.from_bytes(head[:3]))
        if kind == SETTINGS and not flags & ACK:
            for start in range(0, len(payload), 6):
                if int.from_bytes(payload[start : start + 2]) == INITIAL_WINDOW_SIZE:
                    self._initial = int.from_bytes(payload[start + 2 : start + 6])
            self._socket.sendall(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self._socket.sendall(frame(PING, ACK, 0, payload))
        elif kind == WINDOW_UPDATE and stream:
            self._windows[stream] += int.from_bytes(payload)
        elif kind == WINDOW_UPDATE:
            self._window += int.from_bytes(payload)
        return kind, flags, stream, payload


def frame(kind: int, flags: int, stream: int, payload: bytes | memoryview = b"") -> bytes:
    """Return a frame (RFC 9113 §4.1)."""
    return len(payload).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload


def _fields(path: str, media_type: str) -> bytes:
    """Return the fields of a POST request: indexed, or literal behind an indexed name (RFC 7541 §6.1, §6.2.2)."""
    method, scheme = b"\x83", b"\x86"
    names = {b"\x04": path, b"\x01": "localhost", b"\x0f\x10": media_type}
    return method + scheme + b"".join(name + bytes([len(text)]) + text.encode() for name, text in names.items())
