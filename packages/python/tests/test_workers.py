"""Several processes on one address."""

import os
import signal
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sabir import Sabir, SetupError, TestClient, launch, workers
from sabir.__main__ import main
from tests.processes import Service, eventually, is_running, serving, written

pytestmark = pytest.mark.native

APP = """
import asyncio, os
from sabir import Sabir

app = Sabir()

@app.get("/pid")
async def pid() -> int:
    await asyncio.sleep(0.01)
    return os.getpid()

@app.get("/slow")
async def slow() -> str:
    await asyncio.sleep(0.5)
    return "finished"
"""

SCRIPT = f"""
from pathlib import Path
{APP}
app.run(port=0, workers=3, uds=UDS)
Path("returned").touch()
"""


def pids(service: Service, count: int) -> set[int]:
    """Ask until ``count`` different processes have answered."""
    found: set[int] = set()

    def enough() -> bool:
        with ThreadPoolExecutor(16) as pool:
            found.update(int(answer) for answer in pool.map(service.get, ["/pid"] * 32))
        return len(found) >= count

    eventually(enough)
    return found


def test_every_worker_of_the_command_line_answers(tmp_path: Path) -> None:
    with serving(tmp_path, APP, "--port", "0", "--workers", "3") as service:
        found = pids(service, 3)
        assert len(found) == 3
        assert service.process.pid not in found
        assert service.stop() == 0


@pytest.mark.parametrize("uds", [False, True])
def test_every_worker_of_a_script_answers(tmp_path: Path, uds: bool) -> None:
    path = tmp_path / "service.sock"
    source = SCRIPT.replace("UDS", repr(str(path)) if uds else "None")
    with serving(tmp_path, source, script=True) as service:
        assert service.address.startswith("unix:") is uds
        assert len(pids(service, 3)) == 3
        assert service.stop() == 0
    assert not path.exists()
    assert (tmp_path / "returned").exists(), "run() returns in the parent"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all_workers_after_their_requests(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path, APP, "--port", "0", "--workers", "2") as service:
        found = pids(service, 2)
        connections = [service.connect() for _ in range(8)]
        for connection in connections:
            connection.request("GET", "/slow")
        time.sleep(0.2)
        assert service.stop(number) == 0
        assert [connection.getresponse().read() for connection in connections] == [b"finished"] * 8
        for connection in connections:
            connection.close()
        assert not any(is_running(pid) for pid in found)
        with pytest.raises(ConnectionRefusedError):
            service.connect()


def test_new_connections_are_refused_while_workers_finish(tmp_path: Path) -> None:
    source = APP.replace("sleep(0.5)", "sleep(3)")
    with serving(tmp_path, source, "--port", "0", "--workers", "2") as service:
        connection = service.connect()
        connection.request("GET", "/slow")
        service.get("/pid")
        service.process.terminate()

        def refused() -> bool:
            try:
                service.connect().close()
            except ConnectionRefusedError:
                return True
            return False

        eventually(refused)
        assert service.process.poll() is None, "the request is still running"
        assert connection.getresponse().read() == b"finished"
        connection.close()


@pytest.mark.parametrize("script", [False, True])
def test_a_killed_worker_is_replaced(tmp_path: Path, script: bool) -> None:
    arguments = ("--port", "0", "--workers", "3")
    with serving(tmp_path, SCRIPT.replace("UDS", "None") if script else APP, *arguments, script=script) as service:
        before = pids(service, 3)
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        eventually(lambda: "another one is started" in written(tmp_path))
        after = pids(service, 3) | pids(service, 3)
        assert victim not in after
        assert before - {victim} <= after | pids(service, 3)
        assert f"worker {victim} was ended by SIGKILL" in written(tmp_path)
        assert service.stop() == 0


@pytest.mark.parametrize("script", [False, True])
def test_workers_stop_when_their_parent_is_gone(tmp_path: Path, script: bool) -> None:
    arguments = ("--port", "0", "--workers", "3")
    with serving(tmp_path, SCRIPT.replace("UDS", "None") if script else APP, *arguments, script=script) as service:
        found = pids(service, 3)
        service.process.kill()
        eventually(lambda: not any(is_running(pid) for pid in found))


def test_a_worker_that_cannot_start_is_not_tried_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "nowhere_at_all:app", "--port", "0", "--workers", "2"]) == 1
    errors = capfd.readouterr().err
    assert "nowhere_at_all:app" in errors
    assert "ended with code 1 before all served" in errors


def test_gives_up_when_workers_keep_dying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "FIRST_DELAY", 0.0001)
    started = 0

    class ShortLived:
        pid = 2**30  # No process has such an id.

        def __init__(self) -> None:
            self.polls = 0

        def poll(self) -> int | None:
            self.polls += 1
            return None if self.polls == 1 else 3

    def start(listener: socket.socket, channel: socket.socket, release: Callable[[], None]) -> launch.Process:
        nonlocal started
        started += 1
        channel.sendall(b"1.0")
        return ShortLived()

    with pytest.raises(ChildProcessError, match="8 workers in a row ended soon, worker 1073741824 ended with code 3"):
        workers.supervise(start, "127.0.0.1", 0, None, 1)
    assert started == workers.MOST_FAILURES


def test_refuses_to_copy_a_process_that_serves() -> None:
    app = Sabir()
    app.get("/")(lambda: "here")
    with TestClient(app) as client:
        assert client.get("/").text == "here"
    with pytest.raises(SetupError, match="workers: this process has served requests already"):
        app.run(port=0, workers=2)


def test_refuses_workers_where_processes_cannot_share_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    with pytest.raises(SetupError, match="start one process per port"):
        Sabir().run(workers=2)


def test_refuses_a_number_of_workers_that_cannot_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "service:app", "--workers", "0"]) == 1
    assert "0 workers were asked for" in capsys.readouterr().err
