"""Content that somebody still holds when its request has been answered delays no further one on its connection."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.http2 import Uploads
from tests.processes import eventually, serving, written

pytestmark = pytest.mark.native

SERVICE = """
import asyncio
from collections.abc import AsyncIterator, Iterator

from sabir import ContentTooLarge, Event, Part, Request, Sabir, SyncPart, WebSocket

app = Sabir(http2=True, body_timeout_ms=0)
kept, ended = [], []


@app.post("/bytes")
async def octets(content: AsyncIterator[bytes]) -> str:
    kept.append(content)
    return "kept"


@app.post("/sync-bytes")
def sync_octets(content: Iterator[bytes]) -> str:
    kept.append(content)
    return "kept"


@app.post("/first")
async def first(content: AsyncIterator[bytes]) -> str:
    kept.append(content)
    await anext(content)
    raise ContentTooLarge("That is enough.")


@app.post("/fail")
async def fail(content: AsyncIterator[bytes]) -> str:
    kept.append(content)
    raise KeyError("secret")


@app.post("/request")
async def request(request: Request, content: AsyncIterator[bytes]) -> str:
    kept.append((request, aiter(request.stream())))
    return "kept"


@app.post("/lines")
async def lines(lines: AsyncIterator[int]) -> str:
    kept.append(lines)
    return str(await anext(lines))


@app.post("/sync-lines")
def sync_lines(lines: Iterator[int]) -> str:
    kept.append(lines)
    return str(next(lines))


@app.post("/parts")
async def parts(parts: AsyncIterator[Part]) -> str:
    kept.append(part := await anext(parts))
    return part.name


@app.post("/sync-parts")
def sync_parts(parts: Iterator[SyncPart]) -> str:
    kept.append(part := next(parts))
    return part.name


@app.post("/stream")
async def stream(content: AsyncIterator[bytes]) -> AsyncIterator[str]:
    kept.append(content)
    yield "ke"
    await asyncio.sleep(0)
    yield "pt"


@app.post("/echo")
async def echo(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    kept.append(content)
    async for chunk in content:
        yield chunk
        return


@app.route("/events", methods=["POST"])
async def events(content: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    kept.append(content)
    yield Event(data="kept")


@app.post("/task")
async def task(content: AsyncIterator[bytes]) -> str:
    async def read() -> None:
        try:
            async for _ in content:
                pass
        except Exception as error:
            ended.append(type(error).__name__)
        else:
            ended.append("read")

    kept.append(asyncio.create_task(read()))
    return "kept"


@app.websocket("/socket")
async def socket(ws: WebSocket) -> None: ...


@app.get("/ended")
async def have_ended() -> list[str]:
    return ended


@app.get("/next")
async def following() -> str:
    return "next"
"""

HANDSHAKE = {
    "Connection": "upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
LINES = {"Content-Type": "application/jsonl"}
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
PART = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nhello\r\n'

CASES = {
    "bytes": ("POST", "/bytes", {}, [b"hello"] * 8, 200, b"kept"),
    "sync-bytes": ("POST", "/sync-bytes", {}, [b"hello"] * 8, 200, b"kept"),
    "problem": ("POST", "/first", {}, [b"hello"] * 8, 413, b"That is enough."),
    "failure": ("POST", "/fail", {}, [b"hello"] * 8, 500, b"internal-error"),
    "request": ("POST", "/request", {}, [b"hello"] * 8, 200, b"kept"),
    "lines": ("POST", "/lines", LINES, [b"1\n"] * 8, 200, b"1"),
    "sync-lines": ("POST", "/sync-lines", LINES, [b"1\n"] * 8, 200, b"1"),
    "misfit": ("POST", "/lines", LINES, [b'"a"\n'] * 8, 422, b"validation-failed"),
    "parts": ("POST", "/parts", FORM, [PART] * 7 + [PART + b"--b--"], 200, b"a"),
    "sync-parts": ("POST", "/sync-parts", FORM, [PART] * 7 + [PART + b"--b--"], 200, b"a"),
    "stream": ("POST", "/stream", {}, [b"hello"] * 8, 200, b"kept"),
    "echo": ("POST", "/echo", {}, [b"hello"] * 8, 200, b"hello"),
    "events": ("POST", "/events", {}, [b"hello"] * 8, 200, b"data: kept\n\n"),
    "task": ("POST", "/task", {}, [b"hello"] * 8, 200, b"kept"),
    "handshake": ("GET", "/socket", HANDSHAKE, [b"hello"] * 8, 400, b"has no content"),
}


def slowly(pieces: list[bytes]) -> Iterator[bytes]:
    """Yield ``pieces`` so that each arrives alone."""
    for piece in pieces:
        yield piece
        time.sleep(0.002)


def send(connection: http.client.HTTPConnection, case: str) -> tuple[int, bytes]:
    """Send a request whose content comes in chunks."""
    method, path, fields, pieces, _, _ = CASES[case]
    fields = {"Content-Type": "text/plain", **fields, "Transfer-Encoding": "chunked"}
    connection.request(method, path, slowly(pieces), fields, encode_chunked=True)
    answer = connection.getresponse()
    return answer.status, answer.read()


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_http_1(tmp_path: Path, loop: str) -> None:
    hidden = "import sys\nsys.modules['uvloop'] = None\n" if loop == "asyncio" else ""
    with serving(tmp_path, hidden + SERVICE, "--port", "0") as service:
        for case, (*_, status, content) in CASES.items():
            connection = service.connect()
            used = connection.sock
            for _ in range(3):
                found = send(connection, case)
                assert found[0] == status, case
                assert content in found[1], case
                connection.request("GET", "/next")
                assert connection.getresponse().read() == b"next", case
                assert connection.sock is used, case
            connection.close()
        connection = service.connect()
        connection.putrequest("POST", "/task")
        connection.putheader("Content-Length", "100")
        connection.endheaders(b"hello")
        answer = connection.getresponse()
        # What is still to come nobody wants.
        assert (answer.read(), answer.headers["connection"]) == (b"kept", "close")
        connection.close()

        def ends() -> list[str]:
            ended: list[str] = json.loads(service.get("/ended"))
            return ended if len(ended) == 4 else []

        assert eventually(ends)[3] == "BadRequest"
        assert service.stop() == 0
    assert "Traceback" in written(tmp_path)
    assert "never retrieved" not in written(tmp_path)


def test_http_2(tmp_path: Path) -> None:
    count = 250
    with serving(tmp_path, SERVICE, "--port", "0") as service:
        # Together they have more content than the window of a connection has room for.
        for path in ("/bytes", "/sync-bytes", "/request", "/stream", "/events"):
            uploads = Uploads(service.port, path, "text/plain", b"x" * 16_000, count)
            assert uploads.statuses_in_turn() == [True] * count, path
        assert service.stop() == 0
