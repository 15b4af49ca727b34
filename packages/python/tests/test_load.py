"""Many requests, large ones and bad ones."""

import asyncio
import hashlib
import http.client
import resource
import threading
import time
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest

from sabir import AsyncTestClient, Body, Header, Query, Sabir, TestClient
from tests.processes import TIMEOUT, serving

pytestmark = pytest.mark.native


class Order(msgspec.Struct, forbid_unknown_fields=True):
    sku: str
    quantity: Annotated[int, msgspec.Meta(ge=1)]


JSON = {"content-type": "application/json"}
INVALID: list[tuple[str, str, bytes | None, dict[str, str], int]] = [
    ("GET", "/nothing", None, {}, 404),
    ("GET", "/items/seven", None, {}, 404),
    ("GET", "/items/7?limit=ten", None, {"x-tenant": "a"}, 422),
    ("GET", "/items/7?limit=1000", None, {"x-tenant": "a"}, 422),
    ("GET", "/items/7", None, {}, 422),
    ("GET", "/items/%ff", None, {"x-tenant": "a"}, 400),
    ("DELETE", "/items/7", None, {}, 405),
    ("POST", "/orders", b"{", JSON, 400),
    ("POST", "/orders", b'{"sku":"a","sku":"b","quantity":1}', JSON, 400),
    ("POST", "/orders", b'{"sku":"a","quantity":0}', JSON, 422),
    ("POST", "/orders", b'{"sku":"a","quantity":1,"colour":"red"}', JSON, 422),
    ("POST", "/orders", b'{"sku":"\xff","quantity":1}', JSON, 400),
    ("POST", "/orders", b"[]", JSON, 422),
    ("POST", "/orders", b"sku=a", {"content-type": "application/x-www-form-urlencoded"}, 415),
    ("POST", "/nothing", b"sku=a", {"content-type": "text/plain"}, 404),
    ("POST", "/orders", b"", {}, 422),
    ("GET", "/items/7", None, {"x-tenant": "a", "accept": "image/png"}, 406),
]


def test_10_000_invalid_requests_enter_no_handler() -> None:
    app = Sabir()

    @app.get("/items/{id:int}", produces=["application/json", "text/csv"])
    async def item(
        id: int, x_tenant: Annotated[str, Header()], limit: Annotated[int, Query(ge=1, le=100)] = 10
    ) -> dict[str, int]:
        return {"id": id}

    @app.post("/orders")
    def order(order: Order) -> Order:
        return order

    with TestClient(app, socket=True) as client:
        connection = http.client.HTTPConnection(client.address, timeout=TIMEOUT)
        connection.connect()
        socket = connection.sock
        for number in range(10_000):
            method, path, body, headers, status = INVALID[number % len(INVALID)]
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            assert (answer.status, answer.getheader("content-type")) == (status, "application/problem+json"), content
        assert connection.sock is socket, "one connection carries them all"
        assert client.handler_calls == 0
        connection.request("GET", "/items/7", headers={"x-tenant": "a"})
        assert connection.getresponse().read() == b'{"id":7}'
        assert client.handler_calls == 1
        connection.close()


CROWD = 10_000
FEW_THREADS = 16
"""More than the runtime, the test and a thread pool's first threads, and far fewer than the crowd."""

MEETING = """
import asyncio, pathlib
from sabir import Sabir

app = Sabir()
present = 0
everybody = asyncio.Event()

@app.get("/")
async def meet(expected: int) -> int:
    global present
    present += 1
    if present == expected:
        everybody.set()
    await asyncio.wait_for(everybody.wait(), 60)
    await asyncio.sleep(1)
    return len(list(pathlib.Path("/proc/self/task").iterdir()))
"""


def threads() -> int:
    """Count the threads of this process, the runtime's too."""
    return len(list(Path("/proc/self/task").iterdir()))


async def test_10_000_handlers_sleep_at_the_same_time() -> None:
    names: dict[str, Any] = {}
    exec(MEETING, names)
    before = threads()
    async with AsyncTestClient(names["app"]) as client:
        answers = await asyncio.gather(*(client.get("/", params={"expected": CROWD}) for _ in range(CROWD)))
    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.json() < before + FEW_THREADS for answer in answers)


async def test_10_000_connections_sleep_at_the_same_time(tmp_path: Path) -> None:
    needed = CROWD + 500
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        pytest.skip(f"the system allows a process {hard} open files, this takes {needed}")

    async def ask(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /?expected=%d HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n" % CROWD)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer

    # The server's process inherits the limit.
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, needed), hard))
    try:
        with serving(tmp_path, MEETING, "--port", "0") as service:
            answers = await asyncio.gather(*(ask(service.port) for _ in range(CROWD)))
            assert service.stop() == 0
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert {answer.partition(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 200 OK"}
    assert all(int(answer.rpartition(b"\r\n\r\n")[2]) < FEW_THREADS for answer in answers)


def test_applications_share_the_threads_of_memory_requests() -> None:
    def ask() -> None:
        app = Sabir()
        app.get("/", blocking=False)(lambda: "here")
        with TestClient(app) as client:
            assert client.get("/").text == "here"

    ask()
    before = threads()
    for _ in range(30):
        ask()
    # The kernel ends the threads of a closed event loop a little later.
    deadline = time.monotonic() + 10
    while threads() >= before + 10 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert threads() < before + 10


@pytest.mark.parametrize("socket", [False, True])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_5_megabytes_arrives_as_sent(socket: bool, chunked: bool) -> None:
    app = Sabir()

    @app.post("/")
    async def handler(body: Annotated[bytes, Body(media_type="application/octet-stream")]) -> list[Any]:
        return [type(body).__name__, len(body), hashlib.sha256(body).hexdigest()]

    piece = bytes(range(256)) * 200
    content = b"".join(piece[number % 256 :] for number in range(103))
    assert len(content) > 5_000_000
    pieces = (content[start : start + 30_000] for start in range(0, len(content), 30_000))
    with TestClient(app, socket=socket) as client:
        headers = {"content-type": "application/octet-stream"}
        answer = client.post("/", content=pieces if chunked else content, headers=headers)
        assert answer.json() == ["bytes", len(content), hashlib.sha256(content).hexdigest()]


@pytest.mark.parametrize("socket", [False, True])
def test_json_may_be_as_deep_as_the_largest_limit_says(socket: bool) -> None:
    app = Sabir(json_depth_limit=512)

    @app.post("/")
    async def handler(body: Annotated[Any, Body()]) -> Any:
        return body

    with TestClient(app, socket=socket) as client:
        for deepest in (b"[" * 512 + b"]" * 512, b'{"a":' * 511 + b"{}" + b"}" * 511):
            answer = client.post("/", content=deepest, headers={"content-type": "application/json"})
            assert (answer.status_code, answer.content) == (200, deepest)
        answer = client.post("/", content=b"[" * 513 + b"]" * 513, headers={"content-type": "application/json"})
        assert answer.status_code == 400


async def test_a_plain_function_does_not_hold_up_others() -> None:
    app = Sabir()
    release = threading.Event()

    @app.get("/blocks")
    def blocks() -> bool:
        return release.wait(TIMEOUT)

    @app.get("/quick")
    async def quick() -> str:
        return "quick"

    async with AsyncTestClient(app) as client:
        blocked = asyncio.ensure_future(client.get("/blocks"))
        for _ in range(100):
            assert (await client.get("/quick")).text == "quick"
        assert not blocked.done()
        release.set()
        assert (await blocked).json() is True
