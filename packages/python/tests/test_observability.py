"""What requests leave in logs: a line of the access log each, and records that name them."""

import http.client
import json
import logging
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from sabir import Request, Sabir, TestClient
from sabir.log import JsonFormatter, RequestFilter, follow
from sabir.stages import AccessLog, TraceContext
from tests.processes import TIMEOUT, eventually, serving, written

pytestmark = pytest.mark.native

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def traced() -> Sabir:
    app = Sabir()
    app.use(TraceContext())

    @app.get("/")
    async def trace(request: Request) -> dict[str, Any]:
        request.log.info("asked %s", "once", extra={"order": 7})
        assert request.trace is not None
        return request.trace._asdict()

    @app.get("/sync")
    def plain(request: Request) -> str:
        logging.getLogger("elsewhere").warning("deep down")
        return request.id

    @app.get("/fail")
    async def fail() -> None:
        raise KeyError("a")

    return app


@pytest.mark.parametrize("socket", [False, True])
def test_a_handler_has_the_trace_of_its_request(socket: bool) -> None:
    with TestClient(traced(), socket=socket) as client:
        trace = client.get("/", headers={"traceparent": PARENT, "tracestate": "a=1"}).json()
        new = client.get("/").json()
    assert trace["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert trace["parent_id"] == "00f067aa0ba902b7"
    assert trace["traceparent"] == f"00-{trace['trace_id']}-{trace['span_id']}-01"
    assert (trace["sampled"], trace["tracestate"]) == (True, "a=1")
    assert new["parent_id"] is None
    assert new["trace_id"] != trace["trace_id"]


def test_a_handler_logs_with_the_ids_of_its_request(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with TestClient(traced(), raise_server_exceptions=False) as client:
        client.get("/", headers={"traceparent": PARENT, "x-request-id": "a"})
        client.get("/fail", headers={"traceparent": PARENT, "x-request-id": "b"})
    (record,) = [record for record in caplog.records if record.name == "sabir.request"]
    assert record.getMessage() == "asked once"
    ids = record.__dict__
    assert (ids["request_id"], ids["trace_id"], ids["order"]) == ("a", PARENT[3:35], 7)
    (failure,) = [record for record in caplog.records if "failed" in record.getMessage()]
    assert failure.getMessage() == f"GET /fail failed (request b, trace {PARENT[3:35]})"
    line = json.loads(JsonFormatter().format(record))
    assert (line["message"], line["level"], line["request_id"], line["order"]) == ("asked once", "info", "a", 7)
    line = json.loads(JsonFormatter().format(failure))
    assert "KeyError" in line["exception"]


def test_other_loggers_follow_the_request(caplog: pytest.LogCaptureFixture) -> None:
    app = traced()
    follow(app)
    caplog.handler.addFilter(RequestFilter())
    with TestClient(app) as client:
        for request_id in ("a", "b"):
            client.get("/sync", headers={"x-request-id": request_id})
    records = [record for record in caplog.records if record.name == "elsewhere"]
    assert [record.__dict__["request_id"] for record in records] == ["a", "b"]


def test_the_access_log_of_a_test_client_is_a_file(tmp_path: Path) -> None:
    app = traced()
    app.use(AccessLog(output=str(tmp_path / "access.log"), skip=["/sync"]))
    with TestClient(app) as client:
        client.get("/", headers={"traceparent": PARENT, "user-agent": 'a "b"'})
        client.get("/sync")
        client.get("/nowhere?secret=1")
    eventually(lambda: (tmp_path / "access.log").read_text().count("\n") == 2)
    lines = [json.loads(line) for line in (tmp_path / "access.log").read_text().splitlines()]
    assert [(line["path"], line["route"], line["status"]) for line in lines] == [
        ("/", "/", 200),
        ("/nowhere", None, 404),
    ]
    assert (lines[0]["trace_id"], lines[0]["user_agent"]) == (PARENT[3:35], 'a "b"')


@pytest.mark.parametrize("workers", [1, 2])
def test_a_service_that_is_stopped_under_load_loses_no_line(tmp_path: Path, workers: int) -> None:
    source = """
from sabir import Sabir
from sabir.stages import AccessLog

app = Sabir()
app.use(AccessLog(output="access.log", format="combined"))


@app.get("/{n:int}")
async def number(n: int) -> int:
    return n
"""
    answered: list[int] = []

    def ask(port: int, first: int) -> None:
        for number in range(first, first + 100_000):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
            try:
                connection.request("GET", f"/{number}")
                if connection.getresponse().read() == str(number).encode():
                    answered.append(number)
            except OSError:
                return
            finally:
                connection.close()

    with serving(tmp_path, source, "--port", "0", "--workers", str(workers)) as service:
        clients = [threading.Thread(target=ask, args=(service.port, n * 100_000)) for n in range(4)]
        for client in clients:
            client.start()
        while len(answered) < 200:
            pass
        assert service.stop(signal.SIGTERM) == 0, written(tmp_path)
        for client in clients:
            client.join(TIMEOUT)
    lines = (tmp_path / "access.log").read_text().splitlines()
    assert all(line.startswith("127.0.0.1 - - [") and line.endswith('"-" "-"') for line in lines)
    numbers = {int(line.split('"GET /')[1].split(" ")[0]) for line in lines}
    assert set(answered) <= numbers
    assert len(numbers) == len(lines)
