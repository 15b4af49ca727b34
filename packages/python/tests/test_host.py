"""Which host a request is for, however the client says so."""

import socket

import pytest

from sabir import Request, Sabir, TestClient

pytestmark = pytest.mark.native


def application() -> Sabir:
    app = Sabir()

    @app.get("/items")
    def show(request: Request) -> list[str | None]:
        return [request.url, request.host]

    return app


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """Return a frame (RFC 9113 §4.1)."""
    return len(payload).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload


def literal(name: str, value: str) -> bytes:
    """Return a field that is not indexed (RFC 7541 §6.2.2)."""
    return b"\0" + b"".join(bytes([len(text)]) + text.encode() for text in (name, value))


def test_takes_the_authority_of_http_2_for_the_host() -> None:
    fields = {":method": "GET", ":scheme": "http", ":path": "/items?a=1", ":authority": "shop.example:8080"}
    request = b"".join(literal(name, value) for name, value in fields.items())
    with TestClient(application(), socket=True) as client:
        host, _, port = client.address.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0) + frame(1, 0b101, 1, request))
            received = b""
            while b"]" not in received and (chunk := connection.recv(4096)):
                received += chunk
    assert b'["http://shop.example:8080/items?a=1","shop.example:8080"]' in received


@pytest.mark.parametrize("over_socket", [False, True])
def test_a_client_may_name_the_host(over_socket: bool) -> None:
    with TestClient(application(), socket=over_socket) as client:
        answer = client.get("/items", headers={"host": "shop.example"})
        assert answer.json() == ["http://shop.example/items", "shop.example"]
