"""A server's process: started on the first core, and what it uses."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from servers import Server

CPUCLOCK_SCHED = 2
# The state of a socket that listens, in proc_net_tcp.
LISTEN = "0A"
# Seconds that a server may take until it listens.
LONGEST_START = 120


class StartError(RuntimeError):
    """A server that cannot be measured, since it is not there."""


@contextlib.contextmanager
def running(server: Server, routes: int = 0, layers: str = "") -> Iterator[tuple[subprocess.Popen, int]]:
    """Run the server, with `routes` more routes and `layers` around them, and yield its process and its port.

    Raises:
        StartError: If it does not start, or something else answers in its place.
    """
    port = free_port()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            ["taskset", "-c", "0", *server.arguments(port)],
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
            env={**os.environ, "NODE_ENV": "production", "ROUTES": str(routes), "LAYERS": layers},
        )
        try:
            wait(process, port, errors)
            check_origin(server, process.pid, port)
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


def wait(process: subprocess.Popen, port: int, errors: IO[bytes]) -> None:
    """Wait until the server listens; one with thousands of routes may need a while."""
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end:
        if process.poll() is not None:
            raise StartError(f"ended with {process.returncode} before it listened: {last_line(errors)}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise StartError(f"does not listen after {LONGEST_START} s: {last_line(errors)}")


def last_line(errors: IO[bytes]) -> str:
    """Return the last that the server wrote to standard error."""
    errors.seek(0)
    lines = errors.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def check_origin(server: Server, leader: int, port: int) -> None:
    """Make sure that what answers at `port` is the server that was started, with the native module that was meant."""
    sockets = listening(port)
    owners = [process for process in session(leader) if sockets & descriptors(process)]
    if not owners:
        raise StartError(f"another program answers at port {port}")
    if server.origin is not None and not any(has_loaded(process, server.origin) for process in owners):
        raise StartError(f"has loaded nothing from {server.origin}")


def listening(port: int) -> set[str]:
    """Return the sockets that listen at `port`, as descriptors name them (proc_net_tcp)."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        # A machine may have no IPv6.
        with contextlib.suppress(FileNotFoundError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[1].endswith(f":{port:04X}") and fields[3] == LISTEN:
                    found.add(f"socket:[{fields[9]}]")
    return found


def descriptors(process: int) -> set[str]:
    """Return what the descriptors of `process` stand for."""
    found = set()
    # A process may end, and close some, while it is looked at.
    with contextlib.suppress(OSError):
        for descriptor in os.scandir(f"/proc/{process}/fd"):
            with contextlib.suppress(OSError):
                found.add(os.readlink(descriptor.path))
    return found


def has_loaded(process: int, origin: Path) -> bool:
    """Whether `process` has mapped a file below `origin`."""
    return f" {origin}/" in Path(f"/proc/{process}/maps").read_text()


def cpu(leader: int) -> float:
    """CPU seconds of every process in the session of `leader`."""
    total = 0
    for process in session(leader):
        with contextlib.suppress(OSError):
            # The clock of another process (clock_getcpuclockid(3)): proc_pid_stat(5) has hundredths of a second.
            total += time.clock_gettime((~process << 3) | CPUCLOCK_SCHED)
    return total


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
