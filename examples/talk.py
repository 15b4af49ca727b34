"""Talks over a WebSocket: sends messages, each when something has come for the one before, and shows all that comes.

    python talk.py ws://127.0.0.1:8000/basket '{"sku": "TEA-0001", "quantity": 2}'

It is for demonstrations: it knows of RFC 6455 only text in single frames, and the close.
"""

import base64
import os
import socket
import struct
import sys
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10
TEXT, CLOSE = 1, 8
NORMAL = struct.pack("!H", 1000)


class Socket:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = socket.create_connection((parts.hostname, parts.port or 80), TIMEOUT_SECONDS)
        self._reader = self._connection.makefile("rb")
        target = (parts.path or "/") + (parts.query and f"?{parts.query}")
        fields = {
            "host": parts.netloc,
            "connection": "upgrade",
            "upgrade": "websocket",
            "sec-websocket-version": "13",
            "sec-websocket-key": base64.b64encode(os.urandom(16)).decode(),
        }
        lines = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        self._connection.sendall("\r\n".join(lines).encode())
        status = self._reader.readline().decode().strip()
        while self._reader.readline().strip():
            pass
        if " 101 " not in f"{status} ":
            sys.exit(f"{url} is no WebSocket: {status}")

    def send(self, opcode: int, content: bytes) -> None:
        """Send a frame, masked as those of clients are."""
        mask = os.urandom(4)
        length = len(content)
        size = bytes([0x80 | length]) if length < 126 else struct.pack("!BH", 0x80 | 126, length)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(content))
        self._connection.sendall(bytes([0x80 | opcode]) + size + mask + masked)

    def receive(self) -> tuple[int, bytes]:
        """Return the opcode and the content of the next frame."""
        first, length = self._reader.read(2)
        if length == 126:
            (length,) = struct.unpack("!H", self._reader.read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._reader.read(8))
        return first & 0x0F, self._reader.read(length)


def main(url: str, *messages: str) -> None:
    connection = Socket(url)
    for message in messages:
        connection.send(TEXT, message.encode())
        print(">", message)
        print("<", connection.receive()[1].decode())
    connection.send(CLOSE, NORMAL)
    while (frame := connection.receive())[0] != CLOSE:
        print("<", frame[1].decode())
    print("closed with", struct.unpack("!H", frame[1][:2])[0])


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: talk.py URL MESSAGE...")
    main(*sys.argv[1:])
