"""The server as a process."""

import http.client
import json
import signal
import threading
import time
from pathlib import Path

import pytest

from sabir import Sabir
from tests.processes import TIMEOUT, Service, eventually, serving, written

pytestmark = pytest.mark.native


def test_a_negative_descriptor_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 is no descriptor"):
        Sabir().native().listen_on(-1)


SLOW = """
import asyncio
from sabir import Sabir

app = Sabir()

@app.get("/slow")
async def slow() -> str:
    await asyncio.sleep(0.5)
    return "finished"
"""

COUNTING = """
import asyncio, json, random, time
from pathlib import Path
from sabir import Sabir

app = Sabir()
count = {"entered": 0, "finished": 0}

@app.get("/coroutine")
async def coroutine() -> str:
    count["entered"] += 1
    await asyncio.sleep(random.random() / 5)
    count["finished"] += 1
    return "x" * 100_000

@app.get("/function")
def function() -> str:
    count["entered"] += 1
    time.sleep(random.random() / 20)
    count["finished"] += 1
    return "x" * 100_000

app.run(port=0)
Path("count.json").write_text(json.dumps(count))
"""

STUBBORN = """
import asyncio, time
from sabir import Sabir

app = Sabir(shutdown_timeout_ms=300)

@app.get("/coroutine")
async def coroutine() -> None:
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass

@app.get("/function")
def function() -> None:
    time.sleep(60)
"""

SIGNALS = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])


@SIGNALS
def test_finishes_running_requests_when_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path, SLOW, "--port", "0") as service:
        connection = service.connect()
        connection.request("GET", "/slow")
        time.sleep(0.2)
        assert service.stop(number) == 0
        assert connection.getresponse().read() == b"finished"
        connection.close()


class Client(threading.Thread):
    """Asks over and over on one connection until the server is gone."""

    def __init__(self, service: Service, path: str) -> None:
        super().__init__(daemon=True)
        self.connection = service.connect()
        self.path = path
        self.answered = self.refused = 0
        self.broken: list[str] = []

    def run(self) -> None:
        while True:
            try:
                self.connection.request("GET", self.path)
                response = self.connection.getresponse()
            except (http.client.RemoteDisconnected, ConnectionError):
                # The server closed before it took the request; http.client would report a torn answer otherwise.
                break
            try:
                body = response.read()
            except (http.client.HTTPException, OSError) as error:
                self.broken.append(repr(error))
                break
            if response.status == 503:
                self.refused += 1
                break
            if response.status != 200 or body != b"x" * 100_000:
                self.broken.append(f"{response.status} with {len(body)} bytes")
                break
            self.answered += 1
            if response.will_close:
                break
        self.connection.close()


@SIGNALS
def test_answers_all_it_has_taken_when_it_is_stopped_under_load(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path, COUNTING, script=True) as service:
        clients = [Client(service, path) for path in ("/coroutine", "/function") for _ in range(24)]
        for client in clients:
            client.start()
        eventually(lambda: sum(client.answered for client in clients) > 100)
        start = time.monotonic()
        assert service.stop(number) == 0
        assert time.monotonic() - start < 10, "the default of shutdown_timeout_ms"
        for client in clients:
            client.join(TIMEOUT)
            assert not client.is_alive()
    count = json.loads((tmp_path / "count.json").read_text())
    assert [client.broken for client in clients if client.broken] == []
    assert count["entered"] == count["finished"] == sum(client.answered for client in clients)
    assert written(tmp_path) == ""


@pytest.mark.parametrize("path", ["/coroutine", "/function"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_handler_that_does_not_end_cannot_keep_the_server(tmp_path: Path, path: str, workers: str) -> None:
    with serving(tmp_path, STUBBORN, "--port", "0", "--workers", workers) as service:
        connection = service.connect()
        connection.request("GET", path)
        time.sleep(0.2)
        assert service.stop() == 0
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            connection.getresponse()
        connection.close()
    assert "handlers still run after the shutdown" in written(tmp_path)
