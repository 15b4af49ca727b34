"""Which host a request is for, however the client says so."""

import socket

import pytest

from sabir import Request, Sabir, TestClient
from tests.http2 import END_HEADERS, END_STREAM, HEADERS, PREFACE, SETTINGS, frame

pytestmark = pytest.mark.native


def application() -> Sabir:
    app = Sabir()

    @app.get("/items")
    def show(request: Request) -> list[str | None]:
        return [request.url, request.host]

    return app


def literal(name: str, value: str) -> bytes:
    """Return a field that is not indexed (RFC 7541 §6.2.2)."""
    return b"\0" + b"".join(bytes([len(text)]) + text.encode() for text in (name, value))


def test_takes_the_authority_of_http_2_for_the_host() -> None:
    fields = {":method": "GET", ":scheme": "http", ":path": "/items?a=1", ":authority": "shop.example:8080"}
    request = b"".join(literal(name, value) for name, value in fields.items())
    with TestClient(application(), socket=True) as client:
        host, _, port = client.address.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(PREFACE + frame(SETTINGS, 0, 0) + frame(HEADERS, END_HEADERS | END_STREAM, 1, request))
            received = b""
            while b"]" not in received and (chunk := connection.recv(4096)):
                received += chunk
    assert b'["http://shop.example:8080/items?a=1","shop.example:8080"]' in received


@pytest.mark.parametrize("over_socket", [False, True])
def test_a_client_may_name_the_host(over_socket: bool) -> None:
    with TestClient(application(), socket=over_socket) as client:
        answer = client.get("/items", headers={"host": "shop.example"})
        assert answer.json() == ["http://shop.example/items", "shop.example"]
