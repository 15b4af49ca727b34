"""Several processes on one address."""

import contextlib
import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sabir import Sabir, SetupError, TestClient
from sabir.__main__ import main
from tests.processes import TIMEOUT, Service, eventually, is_running, serving, written

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
app.run(port=0, workers=3, unix=UDS)
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


@pytest.mark.parametrize("unix", [False, True])
def test_every_worker_of_a_script_answers(tmp_path: Path, unix: bool) -> None:
    path = tmp_path / "service.sock"
    source = SCRIPT.replace("UDS", repr(str(path)) if unix else "None")
    with serving(tmp_path, source, script=True) as service:
        assert service.address.startswith("unix:") is unix
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


def test_a_worker_stops_when_its_parent_ends_before_it_has_listened(tmp_path: Path) -> None:
    (tmp_path / "service.py").write_text(APP)
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.create_server(("127.0.0.1", 0)) as listener:
        descriptors = (listener.fileno(), theirs.fileno())
        command = [sys.executable, "-m", "sabir", "run", "service:app", "--worker={},{}".format(*descriptors)]
        with subprocess.Popen(command, cwd=tmp_path, pass_fds=descriptors) as worker:
            try:
                assert select.select([ours], [], [], TIMEOUT)[0], "the worker does not serve"
                # Unread, so that the channel is reset and not only closed.
                ours.close()
                assert worker.wait(TIMEOUT) == 0
            finally:
                worker.kill()


FAILING = """
from sabir.launch import forked, spawned
from sabir.workers import supervise
from service import app

launch, starts = LAUNCH, 0

def failing(*arguments):
    global starts
    starts += 1
    if starts in FAILURES:
        raise OSError(11, "Resource temporarily unavailable")
    return launch(*arguments)

supervise(failing, "127.0.0.1", 0, None, 3)
"""


@pytest.mark.parametrize("launch", ["forked(app)", "spawned('service:app')"])
@pytest.mark.parametrize("failures", [{1}, {2}, {3}, {1, 2, 3}])
def test_a_start_that_fails_ends_the_others(tmp_path: Path, launch: str, failures: set[int]) -> None:
    (tmp_path / "service.py").write_text(APP)
    (tmp_path / "script.py").write_text(FAILING.replace("LAUNCH", launch).replace("FAILURES", repr(failures)))
    command = [sys.executable, "script.py"]
    # It ends when no process has its output any more.
    outcome = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=TIMEOUT)
    reason = "run: workers: worker failed: [Errno 11] Resource temporarily unavailable before all served"
    assert reason in outcome.stderr
    assert (outcome.returncode, outcome.stdout) == (1, "")


def test_a_signal_without_a_name_is_told_by_its_number(tmp_path: Path) -> None:
    with serving(tmp_path, APP, "--port", "0", "--workers", "2") as service:
        victim = min(pids(service, 2))
        os.kill(victim, signal.SIGRTMIN + 1)
        line = f"worker {victim} was ended by signal {signal.SIGRTMIN + 1}, another one is started"
        eventually(lambda: line in written(tmp_path))
        assert service.stop() == 0


def test_what_became_of_the_socket_file_keeps_no_worker(tmp_path: Path) -> None:
    path = tmp_path / "service.sock"
    with serving(tmp_path, APP, "--unix", str(path), "--workers", "2") as service:
        found = pids(service, 2)
        path.unlink()
        path.mkdir()
        assert service.stop() == 0
        assert not any(is_running(pid) for pid in found)
    assert "Traceback" not in written(tmp_path)


@pytest.mark.parametrize("workers", [1, 2])
def test_requests_may_have_any_time_to_finish(tmp_path: Path, workers: int) -> None:
    source = APP.replace("Sabir()", "Sabir(shutdown_timeout_ms=2**62)")
    with serving(tmp_path, source, "--port", "0", "--workers", str(workers)) as service:
        connection = service.connect()
        connection.request("GET", "/slow")
        time.sleep(0.2)
        assert service.stop() == 0
        assert connection.getresponse().read() == b"finished"
        connection.close()
    assert "Traceback" not in written(tmp_path)


def test_no_worker_is_started_for_an_application_that_is_not_there(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "nowhere_at_all:app", "--port", "0", "--workers", "2"]) == 1
    errors = capfd.readouterr().err
    assert "nowhere_at_all:app" in errors
    assert "before all served" not in errors


def test_a_worker_that_cannot_start_is_not_tried_again(tmp_path: Path) -> None:
    source = "import sys\nfrom sabir import Sabir\napp = Sabir()\n'--worker=' in str(sys.argv) and sys.exit(7)\n"
    (tmp_path / "service.py").write_text(source)
    command = [sys.executable, "-m", "sabir", "run", "service:app", "--port", "0", "--workers", "2"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=TIMEOUT)
    assert done.returncode == 1
    assert "ended with code 7 before all served" in done.stderr


FRAGILE = """
import os
from sabir import Sabir

app = Sabir()

@app.get("/pid")
async def pid() -> int:
    return os.getpid()

@app.get("/end")
async def end() -> None:
    os._exit(7)
"""


def test_goes_on_when_workers_die_again_and_again(tmp_path: Path) -> None:
    with serving(tmp_path, FRAGILE, "--port", "0", "--workers", "2") as service:
        ends = 12

        def ended() -> bool:
            with contextlib.suppress(OSError, http.client.HTTPException):
                service.get("/end")
            return written(tmp_path).count("ended with code 7, another one is started") >= ends

        eventually(ended, 60)
        assert int(service.get("/pid")) != service.process.pid
        assert service.stop() == 0
    assert "Traceback" not in written(tmp_path)
    assert all(line.endswith("another one is started") for line in written(tmp_path).splitlines())


def test_a_killed_worker_takes_only_its_own_connections_along(tmp_path: Path) -> None:
    with serving(tmp_path, APP, "--port", "0", "--workers", "2") as service:
        first, second = sorted(pids(service, 2))
        kept: dict[int, list[http.client.HTTPConnection]] = {first: [], second: []}

        def ask(connection: http.client.HTTPConnection) -> int:
            connection.request("GET", "/pid")
            return int(connection.getresponse().read())

        def both() -> bool:
            connection = service.connect()
            kept[ask(connection)].append(connection)
            return bool(kept[first] and kept[second])

        eventually(both)
        os.kill(first, signal.SIGKILL)
        eventually(lambda: not is_running(first))
        for connection in kept[second]:
            assert ask(connection) == second
        for _ in range(20):
            assert int(service.get("/pid")) != first
        for connection in [*kept[first], *kept[second]]:
            connection.close()
        assert service.stop() == 0


@pytest.mark.parametrize("script", [False, True])
def test_sighup_replaces_the_workers_without_refusing_anybody(tmp_path: Path, script: bool) -> None:
    arguments = ("--port", "0", "--workers", "2")
    with serving(tmp_path, SCRIPT.replace("UDS", "None") if script else APP, *arguments, script=script) as service:
        before = pids(service, 3 if script else 2)
        service.process.send_signal(signal.SIGHUP)
        after: set[int] = set()

        def replaced() -> bool:
            after.add(int(service.get("/pid")))
            return not any(is_running(pid) for pid in before)

        eventually(replaced, 60)
        assert not before & pids(service, len(before))
        assert service.stop() == 0
    assert written(tmp_path) == "sabir: the workers are replaced\n"


def test_workers_go_on_when_their_successors_cannot_start(tmp_path: Path) -> None:
    with serving(tmp_path, APP, "--port", "0", "--workers", "2") as service:
        before = pids(service, 2)
        (tmp_path / "service.py").write_text("raise RuntimeError('a new mistake')")
        service.process.send_signal(signal.SIGHUP)
        eventually(lambda: "before it served, the workers from before go on" in written(tmp_path))
        assert pids(service, 2) == before
        assert service.stop() == 0


def test_a_second_signal_ends_workers_at_once(tmp_path: Path) -> None:
    with serving(tmp_path, APP.replace("0.5", "60"), "--port", "0", "--workers", "2") as service:
        found = pids(service, 2)
        connection = service.connect()
        connection.request("GET", "/slow")
        time.sleep(0.2)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        begin = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - begin < 8, "less than shutdown_timeout_ms"
        eventually(lambda: not any(is_running(pid) for pid in found))
        connection.close()


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


@pytest.mark.parametrize("count", [0, -1, 1025, 10**20])
def test_refuses_a_number_of_workers_that_cannot_be(capsys: pytest.CaptureFixture[str], count: int) -> None:
    assert main(["run", "service:app", f"--workers={count}"]) == 1
    expected = f"sabir: run: workers: {count} workers were asked for; ask for 1 to 1024\n"
    assert capsys.readouterr().err == expected
