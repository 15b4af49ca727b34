"""What the runtime reports goes to Python's logger."""

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sabir import Response, Sabir, TestClient
from tests.processes import TIMEOUT, serving, written

pytestmark = pytest.mark.native


@pytest.mark.parametrize("socket", [False, True])
def test_a_status_that_is_no_answer_is_logged_with_the_id_of_the_request(
    caplog: pytest.LogCaptureFixture, socket: bool
) -> None:
    app = Sabir()

    @app.get("/")
    async def handler() -> Response:
        return Response(b"", 103)

    with TestClient(app, socket=socket) as client:
        answer = client.get("/")
    assert answer.status_code == 500
    (record,) = [record for record in caplog.records if "interim status" in record.message]
    request_id = answer.headers["x-request-id"]
    assert (record.name, record.levelno) == ("sabir", logging.ERROR)
    assert record.message == f"a handler answered with an interim status: status=103 (request {request_id})"
    assert record.__dict__["request_id"] == request_id
    assert record.__dict__["fields"] == {"status": "103"}
    assert record.__dict__["target"].startswith(("sabir_http", "sabir_core"))


def test_a_disk_that_takes_no_file_is_logged_with_the_id_of_the_request(tmp_path: Path) -> None:
    source = """
from sabir import Sabir, UploadFile, File, TestClient
from typing import Annotated
import logging
logging.basicConfig(format="%(levelname)s %(name)s %(request_id)s %(message)s")
app = Sabir(file_memory_limit=10)

@app.post("/")
async def handler(file: Annotated[UploadFile, File()]) -> str:
    return "no"

with TestClient(app) as client:
    answer = client.post("/", files={"file": ("a.txt", b"x" * 1000)})
    print(answer.status_code, answer.headers["x-request-id"])
"""
    env = {**os.environ, "TMPDIR": str(tmp_path / "nowhere")}
    ended = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=TIMEOUT, env=env)
    status, request_id = ended.stdout.split()
    assert status == "500"
    assert ended.stderr.startswith(f"ERROR sabir {request_id} an uploaded file could not be stored: error=")


def test_requests_that_the_shutdown_cuts_off_are_logged(tmp_path: Path) -> None:
    source = """
import asyncio
from sabir import Sabir
app = Sabir(shutdown_timeout_ms=200)

@app.get("/")
async def handler() -> None:
    print("started", flush=True)
    await asyncio.sleep(60)
"""
    with serving(tmp_path, source, "--port", "0") as service:
        connection = service.connect()
        connection.request("GET", "/")
        assert service.process.stdout is not None
        assert service.process.stdout.readline() == b"started\n"
        assert service.stop(signal.SIGTERM) == 0
        connection.close()
    assert "shutdown_timeout_ms: connections=1" in written(tmp_path)
