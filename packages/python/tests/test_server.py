"""The server as a process."""

import http.client
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.native

APP = """
import asyncio
from sabir import Sabir

app = Sabir()

@app.get("/slow")
async def slow() -> str:
    await asyncio.sleep(0.5)
    return "finished"
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_finishes_running_requests_when_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "service.py").write_text(APP)
    command = [sys.executable, "-m", "sabir", "run", "service:app", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Sabir serves on http://127.0.0.1:")
        connection = http.client.HTTPConnection(line.rpartition("/")[2].strip())
        connection.request("GET", "/slow")
        time.sleep(0.2)
        process.send_signal(number)
        assert connection.getresponse().read() == b"finished"
        connection.close()
        assert process.wait(10) == 0
