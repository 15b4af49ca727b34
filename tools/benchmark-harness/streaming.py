"""Measures what streams cost a server: processor time an event, and a megabyte of a download made of 64 KiB chunks.

Each server is pinned to the first core and the load to the second. A generator makes what is sent, as users write it.
What a server sends is checked once. Rounds alternate between the servers, and the median counts.

    python streaming.py [--rounds N] [--connections N] [--only NAME ...] [--before CHECKOUT --before-target FOLDER]
"""

import argparse
import http.client
import os
import socket
import statistics
import sys
import threading
from pathlib import Path

from process import StartError, cpu, running
from run import chosen, installed
from servers import BUN, PRESENT, Checkout, Server, bun, granian, node, puma, python

EVENTS = 20_000
CHUNK = b"x" * 65_536
CHUNKS = 1_000
# What an answer in chunks ends with (RFC 9112 section 7.1).
END = b"\r\n0\r\n\r\n"
TIMEOUT = 120


def servers(options: argparse.Namespace) -> list[Server]:
    """Return the servers under comparison."""
    found = [
        *sabir(PRESENT),
        PRESENT.rust_server("axum", "axum_peer"),
        python("FastAPI on uvicorn", "fastapi_streams.py", "fastapi", "uvicorn"),
        granian("FastAPI on Granian", "fastapi_streams:app", "fastapi"),
        python("Litestar on uvicorn", "litestar_streams.py", "litestar", "uvicorn"),
        puma("Sinatra on Puma", "sinatra_streams.ru"),
        node("node:http", "node_http_streams.mjs"),
        node("Fastify", "fastify_streams.mjs", "fastify"),
        node("Hono on Node", "hono_streams.mjs", "hono", "@hono/node-server"),
        bun("Elysia", "elysia_streams.mjs", "elysia"),
        bun("Bun.serve", "bun_streams.mjs"),
    ]
    if options.before:
        checkout = Checkout(options.before, options.before_target, options.before / ".venv-benchmark/bin/python")
        found += sabir(checkout, " before")
    return [server for server in found if chosen(server.name, options.only) and installed(server)]


def sabir(checkout: Checkout, suffix: str = "") -> list[Server]:
    """Return the servers with Sabir."""
    return [
        checkout.rust_server(f"sabir (Rust){suffix}", "sabir_rust"),
        checkout.python_server(f"sabir (Python){suffix}", "sabir_streams.py"),
        checkout.ruby_server(f"sabir (Ruby){suffix}", "sabir_streams.rb"),
        checkout.ruby_server(f"sabir (Ruby, Sinatra's words){suffix}", "sabir_sinatra_streams.rb"),
        checkout.node_server(f"sabir (Node){suffix}", "sabir_streams.mjs"),
        checkout.node_server(f"sabir (Bun){suffix}", "sabir_streams.mjs", BUN),
    ]


def main() -> None:
    """Measure each server and print the table."""
    options = parse()
    os.sched_setaffinity(0, {1})
    shown = servers(options)
    costs: dict[str, list[tuple[float, float]]] = {server.name: [] for server in shown}
    for number in range(options.rounds):
        for server in shown:
            try:
                with running(server) as (process, port):
                    if number == 0:
                        check(port)
                    costs[server.name].append(measure(process.pid, port, options.connections))
            except StartError as error:
                print(f"{server.name}: {error}", file=sys.stderr)
    print(f"load average {os.getloadavg()[0]:.1f}\n")
    print("| server | microseconds an event | microseconds a MiB |\n|---|---|---|")
    for name, found in costs.items():
        if found:
            event, mebibyte = (statistics.median(column) for column in zip(*found, strict=True))
            print(f"| {name} | {event:.2f} | {mebibyte:.0f} |")


def check(port: int) -> None:
    """Fail unless the server sends what it should."""
    for path, expected in (("/ticks", None), ("/download", CHUNK * CHUNKS)):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        connection.request("GET", path)
        answer = connection.getresponse()
        content = answer.read()
        if expected is None:
            lines = content.replace(b"\r\n", b"\n").split(b"\n")
            data = [line.removeprefix(b"data:").strip() for line in lines if line.startswith(b"data:")]
            assert answer.headers["content-type"].startswith("text/event-stream"), answer.headers
            assert data == [str(number).encode() for number in range(EVENTS)], content[:100]
        else:
            assert content == expected, len(content)
        connection.close()


def measure(process: int, port: int, connections: int) -> tuple[float, float]:
    """Return the microseconds of processor time that an event and a mebibyte take."""
    found = []
    for path, amount in (("/ticks", EVENTS), ("/download", len(CHUNK) * CHUNKS / 2**20)):
        load(port, path, 1)
        before = cpu(process)
        load(port, path, connections)
        found.append((cpu(process) - before) / (amount * connections) * 1e6)
    return found[0], found[1]


def load(port: int, path: str, connections: int) -> None:
    """Read the answers to so many requests at the same time."""
    threads = [threading.Thread(target=read, args=(port, path)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def read(port: int, path: str) -> None:
    """Read one answer to its end."""
    buffer = bytearray(1 << 20)
    tail = b""
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        while not tail.endswith(END):
            count = client.recv_into(buffer)
            assert count > 0, f"the connection has ended after {tail!r}"
            tail = (tail + bytes(buffer[max(0, count - len(END)) : count]))[-len(END) :]


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--only", action="append", default=[], help="part of a server's name; may be repeated")
    parser.add_argument("--before", type=Path, help="another checkout to compare with")
    parser.add_argument("--before-target", type=Path, help="where that was built")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
