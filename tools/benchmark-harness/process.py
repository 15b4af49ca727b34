"""A server's process: started on the first core, and what it uses."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from servers import Server

TICK = os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running(server: Server, routes: int = 0) -> Iterator[tuple[subprocess.Popen, int]]:
    """Run the server, with `routes` routes besides its own, and yield its process and its port."""
    port = free_port()
    process = subprocess.Popen(
        ["taskset", "-c", "0", *server.arguments(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "NODE_ENV": "production", "ROUTES": str(routes)},
    )
    try:
        wait(process, port)
        if server.origin is not None and f"{server.origin}/" not in Path(f"/proc/{process.pid}/maps").read_text():
            raise RuntimeError(f"{server.name} has loaded nothing from {server.origin}")
        yield process, port
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(process: subprocess.Popen, port: int) -> None:
    """Wait until the server listens; one with thousands of routes may need a while."""
    for _ in range(1200):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{process.args} does not listen")


def cpu(leader: int) -> float:
    """CPU seconds of every process in the session of `leader`."""
    total = 0
    for process in session(leader):
        with contextlib.suppress(OSError):
            fields = stat(process)
            total += int(fields[11]) + int(fields[12])
    return total / TICK


def resident(leader: int) -> float:
    """Mebibytes of memory that the session of `leader` has in use (`VmRSS` of proc_pid_status(5))."""
    total = 0
    for process in session(leader):
        with contextlib.suppress(OSError), open(f"/proc/{process}/status") as status:
            fields = dict(line.split(":", 1) for line in status)
            # One that has ended and was not waited for has none.
            total += int(fields.get("VmRSS", "0 kB").split()[0])
    return total / 1024


def session(leader: int) -> list[int]:
    """Return the processes in the session of `leader`."""
    found = []
    for entry in os.listdir("/proc"):
        # A process may end while the others are looked at.
        with contextlib.suppress(OSError):
            if entry.isdigit() and int(stat(int(entry))[3]) == leader:
                found.append(int(entry))
    return found


def stat(process: int) -> list[str]:
    """Return the fields of proc_pid_stat(5) that follow the name, from the state on."""
    with open(f"/proc/{process}/stat") as file:
        return file.read().rpartition(")")[2].split()
