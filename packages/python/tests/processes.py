"""Servers as processes of their own."""

from __future__ import annotations

import http.client
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TIMEOUT = 20.0
"""Seconds that any wait of a test may take, on a machine with other work."""


class Service:
    """A running ``sabir`` process."""

    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        self.process = process
        self.address = address

    @property
    def port(self) -> int:
        """The port, for services on TCP."""
        return int(self.address.rpartition(":")[2])

    def connect(self) -> http.client.HTTPConnection:
        """Open a connection, through the Unix socket when the service has one."""
        connection = http.client.HTTPConnection("127.0.0.1", timeout=TIMEOUT)
        if self.address.startswith("unix:"):
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.settimeout(TIMEOUT)
            connection.sock.connect(self.address.removeprefix("unix:"))
        else:
            connection.port = self.port
            connection.connect()
        return connection

    def get(self, path: str) -> bytes:
        """Send GET on a new connection."""
        connection = self.connect()
        try:
            connection.request("GET", path)
            return connection.getresponse().read()
        finally:
            connection.close()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(TIMEOUT)


@contextmanager
def serving(directory: Path, source: str, *arguments: str, script: bool = False) -> Iterator[Service]:
    """Serve ``source``, which defines ``app`` or, as a ``script``, runs it; kill the process in the end."""
    (directory / "service.py").write_text(source)
    command = [sys.executable, *(["service.py"] if script else ["-m", "sabir", "run", "service:app", *arguments])]
    with (directory / "errors.txt").open("wb") as errors:
        process = subprocess.Popen(command, cwd=directory, stdout=subprocess.PIPE, stderr=errors)
    with process:
        try:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], TIMEOUT)[0], "the service says nothing"
            line = process.stdout.readline().decode()
            assert line.startswith("Sabir serves on "), (line, written(directory))
            yield Service(process, line.removeprefix("Sabir serves on ").removeprefix("http://").strip())
        finally:
            process.kill()


def written(directory: Path) -> str:
    """Return what the service wrote to standard error."""
    return (directory / "errors.txt").read_text()


def eventually(condition: Callable[[], Any], timeout: float = TIMEOUT) -> Any:
    """Wait until ``condition`` is true and return what it returned."""
    deadline = time.monotonic() + timeout
    while not (found := condition()):
        assert time.monotonic() < deadline, "it does not come true"
        time.sleep(0.02)
    return found


def is_running(pid: int) -> bool:
    """Tell whether there is such a process that has not ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    # One that nobody has waited for yet is a zombie.
    return status.rpartition(")")[2].split()[0] != "Z"
