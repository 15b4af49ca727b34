"""Measures servers side by side: server CPU time per request as a multiple of a raw hyper server.

The server is pinned to one core, wrk to another: 50 connections, or 500 where handlers sleep for 1 ms. Every answer
is checked before and after the load, which must be free of errors. Repeats are interleaved, so that a slow minute of
the machine hits everybody; the table shows medians.

    python run.py [--quick] [--only NAME ...] [--workload NAME ...] [--repeats N] [--seconds N]
    python run.py --verify [--only NAME ...] [--workload NAME ...]

With `--verify` every answer is checked once, without load.
"""

import argparse
import contextlib
import http.client
import importlib.util
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from load import WORKLOADS, Workload
from servers import SERVERS, Server

TICK = os.sysconf("SC_CLK_TCK")
BASELINE = SERVERS[0].name


def main() -> int:
    """Run every workload against every server and print the table."""
    options = parse()
    always = [] if options.verify else [BASELINE]
    servers = [server for server in SERVERS if chosen(server.name, options.only) or server.name in always]
    workloads = [workload for workload in WORKLOADS if chosen(workload.name, options.workload)]
    usable = [server for server in servers if installed(server)]
    if options.verify:
        return verify(usable, workloads)
    samples: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for repeat in range(options.repeats):
        for server in usable:
            for name, sample in measure(server, workloads, options.seconds):
                samples.setdefault((server.name, name), []).append(sample)
        print(f"repeat {repeat + 1} of {options.repeats} done", file=sys.stderr)
    report(usable, workloads, samples)
    return 0


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two short repeats")
    parser.add_argument("--only", action="append", default=[], help="part of a server's name; may be repeated")
    parser.add_argument("--workload", action="append", default=[], help="a workload's name; may be repeated")
    parser.add_argument("--verify", action="store_true", help="check every answer once, without load")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    options = parser.parse_args()
    if options.quick:
        options.repeats, options.seconds = 2, 2
    return options


def chosen(name: str, wanted: list[str]) -> bool:
    """Whether `name` is asked for."""
    return not wanted or any(part.lower() in name.lower() for part in wanted)


def installed(server: Server) -> bool:
    """Whether everything that the server needs is installed."""
    missing = [module for module in server.needs if importlib.util.find_spec(module) is None]
    missing += [str(path) for path in server.files if not path.exists()]
    if missing:
        print(f"{server.name} is left out: not installed: {', '.join(missing)}", file=sys.stderr)
    return not missing


def verify(servers: list[Server], workloads: list[Workload]) -> int:
    """Print which answers are right; return 1 when one is wrong."""
    wrong = 0
    header(workloads)
    for server in servers:
        with running(server) as (_, port):
            answers = {workload.name: verified(workload, port) for workload in suited(server, workloads)}
        wrong += list(answers.values()).count(False)
        cells = [{True: "pass", False: "WRONG", None: "-"}[answers.get(workload.name)] for workload in workloads]
        print(f"| {server.name} | " + " | ".join(cells) + " |")
    return min(wrong, 1)


def suited(server: Server, workloads: list[Workload]) -> list[Workload]:
    """Return the workloads that the server is for."""
    return [workload for workload in workloads if not server.workloads or workload.name in server.workloads]


def measure(server: Server, workloads: list[Workload], seconds: int):
    """Start the server once, then yield each workload's CPU microseconds per request and p99 in milliseconds."""
    with running(server) as (process, port):
        for workload in suited(server, workloads):
            if not verified(workload, port):
                print(f"{server.name}: {workload.name}: wrong answer, left out", file=sys.stderr)
                continue
            load(workload, port, 1)
            before = cpu(process.pid)
            requests, p99 = load(workload, port, seconds)
            spent = cpu(process.pid) - before
            if not verified(workload, port):
                raise RuntimeError(f"{server.name}: {workload.name}: wrong answer after the load")
            yield workload.name, (spent * 1e6 / requests, p99)


@contextlib.contextmanager
def running(server: Server):
    """Run the server and yield its process and its port."""
    port = free_port()
    process = subprocess.Popen(
        ["taskset", "-c", "0", *server.arguments(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "NODE_ENV": "production"},
    )
    try:
        wait(process, port)
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
    """Wait until the server listens."""
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{process.args} does not listen")


def verified(workload: Workload, port: int) -> bool:
    """Whether the server gives the right answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(connection):
        try:
            connection.request(workload.method, workload.path, workload.body or None, workload.headers)
            response = connection.getresponse()
            return workload.accepts(response.status, response.read())
        except (OSError, ValueError, http.client.HTTPException):
            return False


def load(workload: Workload, port: int, seconds: int) -> tuple[int, float]:
    """Run wrk and return the number of requests and the p99 latency in milliseconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(workload.script())
        script.flush()
        command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{workload.connections}", f"-d{seconds}s", "--latency"]
        # A slow server is slow, not wrong: no request is given up while the load lasts.
        arguments = ["--timeout", "30s", "-s", script.name, f"http://127.0.0.1:{port}{workload.path}"]
        output = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(f"{workload.name}: not every request was answered with 2xx\n{output}")
    requests = re.search(r"(\d+) requests in", output)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", output)
    if requests is None or p99 is None:
        raise RuntimeError(f"cannot read what wrk printed\n{output}")
    return int(requests[1]), float(p99[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]


def cpu(leader: int) -> float:
    """CPU seconds of every process in the session of `leader`."""
    total = 0
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader:
            total += int(fields[11]) + int(fields[12])
    return total / TICK


def header(workloads: list[Workload]) -> None:
    """Print the head of a table with a column for every workload."""
    print("| server | " + " | ".join(workload.name for workload in workloads) + " |")
    print("|---|" + "---|" * len(workloads))


def report(servers: list[Server], workloads: list[Workload], samples: dict) -> None:
    """Print the medians as a table."""

    def median(server: str, workload: str, index: int) -> float | None:
        values = [sample[index] for sample in samples.get((server, workload), [])]
        return statistics.median(values) if values else None

    names = [workload.name for workload in workloads]
    print("CPU time per request as a multiple of raw hyper (p99 in ms)\n")
    header(workloads)
    for server in servers:
        cells = []
        for name in names:
            base, own = median(BASELINE, name, 0), median(server.name, name, 0)
            p99 = median(server.name, name, 1)
            cells.append("-" if None in (base, own, p99) else f"{own / base:.2f} ({p99:.1f})")
        print(f"| {server.name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    sys.exit(main())
