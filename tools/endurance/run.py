"""Puts a server under strain, and looks at what that leaves behind: clients that leave, and a gigabyte each way.

The server is started with ``$PORT``, and has the routes of ``app.py``. Its handlers have to end soon after their
clients have left, which ``/working`` tells. What is counted after a few clients have left may not have grown after
thousands more; ``/counts`` says of it what the process itself does not. While clients are there, more has to be
counted: a count that sees nothing proves nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from leaving import PATHS, http_1, http_2, leave

FIRST = 1000
"""Clients of each kind that leave before anything is counted, so that what is made once is there."""
SPARE = {"objects": 500, "resident KB": 40_000}
"""How much more of each may be there later: caches, and memory that the allocator keeps."""
STEADY = ("threads", "resident KB")
"""What clients that are there need not take more of."""
CHUNK = bytes(1 << 20)
SOON_MS = 100
"""How long it may take until a handler whose client has left ends, most times."""
ROUNDS = 21
"""How often that is tried, of each kind."""
HELD = 20
"""How many clients are there of each kind while it is looked at what is counted."""
FLAT = 128
"""Megabytes that the peak of memory may lie above what was there before: Node collects when it likes."""


@contextlib.contextmanager
def serving(command: str) -> Iterator[tuple[int, int]]:
    """Run a server, and yield its process and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {**os.environ, "PORT": str(port)}
    with subprocess.Popen(f"exec {command}", shell=True, env=environment, start_new_session=True) as server:
        try:
            end = time.monotonic() + 30
            while not listens(port):
                if time.monotonic() > end or server.poll() is not None:
                    sys.exit("The server does not listen on $PORT.")
                time.sleep(0.05)
            yield server.pid, port
        finally:
            os.killpg(server.pid, signal.SIGKILL)


def listens(port: int) -> bool:
    """Whether somebody listens on ``port``."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def status(process: int, field: str) -> int:
    """Return a number of ``/proc/PID/status``."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0])
    raise KeyError(field)


def counts(process: int, port: int) -> dict[str, int]:
    """Count what a server has."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/counts", headers={"connection": "close"})
    own: dict[str, int] = json.loads(connection.getresponse().read())
    connection.close()
    return {
        **own,
        "descriptors": len(os.listdir(f"/proc/{process}/fd")),
        "threads": status(process, "Threads"),
        "resident KB": status(process, "VmRSS"),
    }


def working(connection: http.client.HTTPConnection) -> int:
    """Count the handlers that are at work."""
    connection.request("GET", "/working")
    return int(connection.getresponse().read())


def test_noticing(port: int) -> bool:
    """Have single clients leave, and tell whether their handlers end soon."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def begin() -> None:
        while working(connection) == 0:
            time.sleep(0.001)

    async def has_begun() -> None:
        await asyncio.to_thread(begin)

    are_soon = True
    for protocol in ("HTTP/1.1", "HTTP/2"):
        for path in PATHS:
            took = []
            for number in range(ROUNDS):
                resets = number % 2 == 0
                if protocol == "HTTP/2":
                    left = asyncio.run(http_2(port, [path], resets=resets, stay=has_begun))
                else:
                    left = asyncio.run(http_1(port, path, resets=resets, stay=has_begun))
                while working(connection) > 0 and time.monotonic() < left + 30:
                    time.sleep(0.001)
                took.append((time.monotonic() - left) * 1000)
            usual, longest = statistics.median(took), max(took)
            print(f"{path} over {protocol} ends {usual:.0f} ms after its client, {longest:.0f} ms at most", flush=True)
            are_soon = are_soon and usual < SOON_MS
    connection.close()
    if not are_soon:
        print(f"LATE: {SOON_MS} ms are the most")
    return are_soon


def test_counting(process: int, port: int) -> bool:
    """Have clients stay, and tell whether all is counted that they take."""
    before = counts(process, port)
    unseen: list[str] = []

    async def stay() -> None:
        # Until all of them are there.
        await asyncio.sleep(1)

    async def look() -> None:
        await asyncio.sleep(0.5)
        after = await asyncio.to_thread(counts, process, port)
        unseen.extend(name for name in before if name not in STEADY and after[name] < before[name] + HELD)

    async def hold() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(look())
            for _ in range(HELD):
                for path in PATHS:
                    group.create_task(http_1(port, path, resets=True, stay=stay))

    asyncio.run(hold())
    if unseen:
        print(f"NOT COUNTED: {', '.join(unseen)}")
    return not unseen


def grown(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """Return what has grown by more than it may."""
    return [name for name, count in before.items() if after[name] > count + SPARE.get(name, 3)]


def test_leaving(process: int, port: int, clients: int) -> bool:
    """Have clients leave, and tell whether they leave nothing behind."""
    asyncio.run(leave(port, FIRST))
    time.sleep(1)
    before = counts(process, port)
    before, found = left_behind(process, port, clients, before)
    if found == ["resident KB"]:
        # The more clients are there at once, the more the allocator keeps; what is left behind is left behind again.
        print("GROWN: resident KB; once more", flush=True)
        _, found = left_behind(process, port, clients, before)
    if found:
        print(f"GROWN: {', '.join(found)}")
    return not found


def left_behind(process: int, port: int, clients: int, before: dict[str, int]) -> tuple[dict[str, int], list[str]]:
    """Have clients leave, and return what is there then, and what of it has grown."""
    started = time.monotonic()
    asyncio.run(leave(port, clients))
    seconds = time.monotonic() - started
    # The last ones may still be on their way out.
    end = time.monotonic() + 20
    while grown(before, after := counts(process, port)) and time.monotonic() < end:
        time.sleep(0.5)
    shown = ", ".join(f"{name} {before[name]} -> {after[name]}" for name in before)
    print(f"{6 * clients:,} clients left in {seconds:.0f} s: {shown}", flush=True)
    return after, grown(before, after)


def test_flat(process: int, port: int, megabytes: int) -> bool:
    """Send and fetch content, and tell whether memory stays flat."""
    are_flat = True
    for name, transfer in (("up", send), ("down", fetch)):
        before = status(process, "VmRSS")
        # Has the kernel forget the peak so far (proc_pid_clear_refs(5)).
        Path(f"/proc/{process}/clear_refs").write_text("5")
        started = time.monotonic()
        moved = transfer(port, megabytes)
        seconds = time.monotonic() - started
        peak = status(process, "VmHWM")
        memory = f"{before >> 10} MB resident before, {peak >> 10} MB at most"
        print(f"{moved >> 20} MB {name} in {seconds:.1f} s: {memory}", flush=True)
        are_flat = are_flat and moved == megabytes << 20 and peak - before < FLAT << 10
    if not are_flat:
        print(f"NOT FLAT: {FLAT} MB may be added")
    return are_flat


def send(port: int, megabytes: int) -> int:
    """Send content, and return how much the server has counted."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    fields = {"content-type": "application/octet-stream", "content-length": str(megabytes << 20)}
    connection.request("POST", "/up", body=(CHUNK for _ in range(megabytes)), headers=fields)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        sys.exit(f"/up is answered with {answer.status}: {content!r}")
    return int(content)


def fetch(port: int, megabytes: int) -> int:
    """Fetch content, and return how much it was."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", f"/down?bytes={megabytes << 20}")
    answer, buffer, total = connection.getresponse(), bytearray(len(CHUNK)), 0
    while count := answer.readinto(buffer):
        total += count
    return total


def main() -> None:
    """Start the server, strain it, and exit with 1 if something is left."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=10_000, help="how many leave, of each of six kinds")
    parser.add_argument("--megabytes", type=int, default=1024, help="how much is sent each way")
    parser.add_argument("name", help="what the server is called")
    parser.add_argument("server", help="the command that serves on $PORT")
    options = parser.parse_args()
    print(options.name)
    with serving(options.server) as (process, port):
        is_fine = test_flat(process, port, options.megabytes)
        is_fine = test_noticing(port) and is_fine
        is_fine = test_counting(process, port) and is_fine
        is_fine = test_leaving(process, port, options.clients) and is_fine
    sys.exit(0 if is_fine else 1)


if __name__ == "__main__":
    main()
