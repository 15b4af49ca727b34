"""Measures what an echo over WebSocket costs a server: processor time a message, beside hyper with fastwebsockets.

Each server is pinned to the first core and the load to the second. Rounds alternate between the servers, and the median
counts. With ``--idle`` it shows instead what connections cost that say nothing.

    python websockets.py [--seconds N] [--rounds N] [--connections N] [--bytes N] [--idle N] [--target FOLDER]
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

from connections import raise_limit
from process import cpu, resident, running
from servers import PRESENT, Server

# Seconds after which idle connections have been opened.
SETTLED = 6


def main() -> None:
    """Measure each server and print the table."""
    options = parse()
    servers = [
        Server("hyper and fastwebsockets", [str(options.target / "raw_websocket"), "{port}"]),
        Server("sabir (Rust)", [str(options.target / "sabir_rust"), "{port}"]),
    ]
    if options.idle:
        idle(servers, options)
        return
    costs: dict[str, list[float]] = {server.name: [] for server in servers}
    rates: dict[str, list[float]] = {server.name: [] for server in servers}
    for _ in range(options.rounds):
        for server in servers:
            cost, rate = measure(server, options)
            costs[server.name].append(cost)
            rates[server.name].append(rate)
    base = statistics.median(costs[servers[0].name])
    print("| server | microseconds a message | of the first | messages a second |\n|---|---|---|---|")
    for server in servers:
        cost, rate = statistics.median(costs[server.name]), statistics.median(rates[server.name])
        print(f"| {server.name} | {cost:.2f} | {cost / base:.2f} | {rate:,.0f} |")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--bytes", type=int, default=64)
    parser.add_argument("--idle", type=int, default=0, help="so many connections that say nothing")
    parser.add_argument("--target", type=Path, default=PRESENT.target / "release", help="where the programs are")
    return parser.parse_args()


def load(port: int, connections: int, seconds: int, options: argparse.Namespace) -> list[str]:
    """Return the command that loads a server."""
    program = str(options.target / "websocket_load")
    return ["taskset", "-c", "1", program, str(port), str(connections), str(seconds), str(options.bytes)]


def measure(server: Server, options: argparse.Namespace) -> tuple[float, float]:
    """Return the microseconds of processor time that a message takes, and the messages a second."""
    with running(server) as (process, port):
        warm = load(port, options.connections, 1, options)
        subprocess.run(warm, check=True, capture_output=True)
        before = cpu(process.pid)
        played = subprocess.run(
            load(port, options.connections, options.seconds, options), check=True, capture_output=True, text=True
        )
        used = cpu(process.pid) - before
    messages = int(played.stdout)
    return used / messages * 1e6, messages / options.seconds


def idle(servers: list[Server], options: argparse.Namespace) -> None:
    """Print what connections cost that have echoed a message and then say nothing."""
    raise_limit(options.idle + 100)
    print("| server | KiB a connection |\n|---|---|")
    for server in servers:
        with running(server) as (process, port):
            subprocess.run(load(port, 50, 1, options), check=True, capture_output=True)
            before = resident(process.pid)
            command = [*load(port, options.idle, SETTLED + 3, options), "once"]
            with subprocess.Popen(command, stdout=subprocess.DEVNULL) as clients:
                time.sleep(SETTLED)
                after = resident(process.pid)
                clients.wait()
        print(f"| {server.name} | {(after - before) * 1024 / options.idle:.2f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
