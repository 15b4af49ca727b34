"""Measures what sockets cost a server: processor time a message, beside hyper with fastwebsockets.

Each server is pinned to the first core and the load to the second. Rounds alternate between the servers, and the median
counts. Each connection echoes; with ``--fan-out`` one message is published to all of them. With ``--idle`` it shows
instead what connections cost that say nothing, and with ``--idle --events`` what streams of events cost.

    python websockets.py [--seconds N] [--rounds N] [--connections N] [--bytes N] [--fan-out] [--idle N] [--events]
        [--only NAME ...] [--before CHECKOUT --before-target FOLDER]
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from connections import raise_limit
from process import cpu, resident, running
from run import chosen, installed
from servers import BUN, PRESENT, Checkout, Server, bun

# Seconds after which idle connections have been opened, and what is made once has been given back.
SETTLED = 6
# Connections from one address, which has some 28,000 ports for them.
PER_ADDRESS = 5000


def servers(options: argparse.Namespace) -> list[Server]:
    """Return the servers under comparison; the first one is the measure."""
    found = [PRESENT.rust_server("hyper and fastwebsockets", "raw_websocket"), *sabir(PRESENT)]
    if options.before:
        # With what loads them now, in place of that checkout's own.
        checkout = Checkout(options.before, options.before_target, options.before / ".venv-benchmark/bin/python")
        found += sabir(checkout, " before")
    found.append(bun("Bun.serve", "bun_sockets.mjs"))
    base, *others = found
    return [base, *(server for server in others if chosen(server.name, options.only) and installed(server))]


def sabir(checkout: Checkout, suffix: str = "") -> list[Server]:
    """Return the servers with Sabir."""
    return [
        checkout.rust_server(f"sabir (Rust){suffix}", "sabir_rust"),
        checkout.python_server(f"sabir (Python){suffix}", "sabir_sockets.py"),
        checkout.node_server(f"sabir (Node){suffix}", "sabir_sockets.mjs"),
        checkout.node_server(f"sabir (Bun){suffix}", "sabir_sockets.mjs", BUN),
        checkout.ruby_server(f"sabir (Ruby){suffix}", "sabir_sockets.rb"),
    ]


def main() -> None:
    """Measure each server and print the table."""
    options = parse()
    shown = servers(options)
    raise_limit(max(options.idle, options.connections) + 100)
    if options.idle:
        idle(shown, options)
        return
    costs: dict[str, list[float]] = {server.name: [] for server in shown}
    rates: dict[str, list[float]] = {server.name: [] for server in shown}
    for _ in range(options.rounds):
        for server in shown:
            cost, rate = measure(server, options)
            costs[server.name].append(cost)
            rates[server.name].append(rate)
    base = statistics.median(costs[shown[0].name])
    print(f"load average {os.getloadavg()[0]:.1f}\n")
    print("| server | microseconds a message | of the first | messages a second |\n|---|---|---|---|")
    for server in shown:
        cost, rate = statistics.median(costs[server.name]), statistics.median(rates[server.name])
        print(f"| {server.name} | {cost:.2f} | {cost / base:.2f} | {rate:,.0f} |")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--bytes", type=int, default=64)
    parser.add_argument("--fan-out", action="store_true", help="publish messages to all connections")
    parser.add_argument("--idle", type=int, default=0, help="so many connections that say nothing")
    parser.add_argument("--events", action="store_true", help="with --idle: streams of events in place of sockets")
    parser.add_argument("--only", action="append", default=[], help="part of a server's name; may be repeated")
    parser.add_argument("--before", type=Path, help="another checkout to compare with")
    parser.add_argument("--before-target", type=Path, help="where that was built")
    return parser.parse_args()


def load(port: int, connections: int, seconds: int, options: argparse.Namespace) -> list[str]:
    """Return the command that loads a server."""
    program = str(PRESENT.target / "release/websocket_load")
    command = ["taskset", "-c", "1", program, str(port), str(connections), str(seconds), str(options.bytes)]
    return [*command, "fan-out"] if options.fan_out else command


def measure(server: Server, options: argparse.Namespace) -> tuple[float, float]:
    """Return the microseconds of processor time that a message takes, and the messages a second."""
    with running(server) as (process, port):
        subprocess.run(load(port, options.connections, 1, options), check=True, capture_output=True)
        command = load(port, options.connections, options.seconds, options)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as played:
            assert played.stdout is not None
            if options.fan_out:
                # To join a room is no part of what is measured.
                played.stdout.readline()
            before = cpu(process.pid)
            messages = int(played.stdout.readline())
            used = cpu(process.pid) - before
    return used / messages * 1e6, messages / options.seconds


def idle(shown: list[Server], options: argparse.Namespace) -> None:
    """Print what connections cost that have echoed a message, or got an event, and then say nothing."""
    print("| server | KiB a connection |\n|---|---|")
    for server in shown:
        # Two have no streams of events, and in Ruby each of them has a thread.
        if options.events and server.name.startswith(("hyper and fastwebsockets", "Bun.serve", "sabir (Ruby)")):
            continue
        with running(server) as (process, port):
            if options.events:
                asyncio.run(streams(port, 1000, 0))
                time.sleep(1)
                before = resident(process.pid)
                after = asyncio.run(streams(port, options.idle, SETTLED, process.pid))
            else:
                subprocess.run(load(port, 50, 1, options), check=True, capture_output=True)
                before = resident(process.pid)
                command = [*load(port, options.idle, SETTLED + 3, options), "once"]
                with subprocess.Popen(command, stdout=subprocess.DEVNULL) as clients:
                    time.sleep(SETTLED)
                    after = resident(process.pid)
                    clients.wait()
        print(f"| {server.name} | {(after - before) * 1024 / options.idle:.2f} |", flush=True)


async def streams(port: int, count: int, seconds: float, process: int | None = None) -> float:
    """Open streams of events, wait, and return the memory of the server then."""
    opened = [await stream(port, number) for number in range(count)]
    await asyncio.sleep(seconds)
    after = 0.0 if process is None else resident(process)
    for writer in opened:
        writer.transport.abort()
    return after


async def stream(port: int, number: int) -> asyncio.StreamWriter:
    """Open a stream of events, and get the first one."""
    source = (f"127.0.0.{2 + number // PER_ADDRESS}", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=source)
    writer.write(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.readuntil(b"data: begun\n\n")
    return writer


if __name__ == "__main__":
    sys.exit(main())
