"""Shows what an idle keep-alive connection costs: the resident set of a server without and with 10,000 of them.

Each connection has had one request answered, and another at the end, which proves that it is still open. The memory
that the kernel has for sockets is not counted. The servers are those that `SHOWN` names.

    python connections.py [--connections N] [--only NAME ...]
"""

import argparse
import contextlib
import http.client
import resource
import sys

from process import resident, running
from run import chosen, installed
from servers import SERVERS, Server

SHOWN = [
    "raw hyper",
    "sabir (Rust)",
    "axum",
    "sabir (Python)",
    "FastAPI on uvicorn",
    "FastAPI on Granian",
    "sabir (Node)",
    "node:http",
    "Fastify",
    "sabir (Bun)",
    "Bun.serve",
]
# Requests on one connection before the first look, so that what is made once is not counted.
FIRST = 1000
# Connections from one address, which has some 28,000 ports for them.
PER_ADDRESS = 5000


def main() -> int:
    """Open the connections to each server and print what they take."""
    options = parse()
    raise_limit(options.connections + 100)
    print("| server | RSS in MiB before | after | KiB per connection | still open |\n|---|---|---|---|---|")
    complete = True
    for server in SERVERS:
        if server.name in SHOWN and chosen(server.name, options.only) and installed(server):
            try:
                before, after, still_open = measure(server, options.connections)
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                print(f"{server.name} is left out: {error}", file=sys.stderr)
                complete = False
                continue
            each = (after - before) * 1024 / options.connections
            print(f"| {server.name} | {before:.1f} | {after:.1f} | {each:.2f} | {still_open} |", flush=True)
            complete = complete and still_open == options.connections
    return 0 if complete else 1


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--only", action="append", default=[], help="part of a server's name; may be repeated")
    return parser.parse_args()


def raise_limit(wanted: int) -> None:
    """Let this process and the servers that it starts open so many files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted:
        return
    try:
        # Root may exceed the hard limit.
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
    except (OSError, ValueError):
        sys.exit(f"{wanted} open files are needed, and {hard} are allowed: raise the limit with `ulimit -n`")


def measure(server: Server, count: int) -> tuple[float, float, int]:
    """Return the mebibytes without and with `count` connections, and how many of them are open at the end."""
    with running(server) as (process, port), contextlib.ExitStack() as stack:
        with contextlib.closing(connect(port, 0)) as connection:
            for _ in range(FIRST):
                ask(connection)
        before = resident(process.pid)
        connections = [connect(port, number) for number in range(count)]
        for connection in connections:
            stack.callback(connection.close)
            ask(connection)
        after = resident(process.pid)
        return before, after, sum(is_open(connection) for connection in connections)


def connect(port: int, number: int) -> http.client.HTTPConnection:
    """Return a connection, which opens with its first request."""
    source = f"127.0.0.{2 + number // PER_ADDRESS}"
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(source, 0))


def ask(connection: http.client.HTTPConnection) -> None:
    """Send a request and check the answer."""
    connection.request("GET", "/")
    response = connection.getresponse()
    if (response.status, response.read()) != (200, b"Hello, world!"):
        raise RuntimeError(f"wrong answer, with status {response.status}")
    if connection.sock is None:
        raise RuntimeError("the server closes the connection after one request")


def is_open(connection: http.client.HTTPConnection) -> bool:
    """Whether the connection that has been used answers another request."""
    # One that was closed would be opened anew.
    connection.auto_open = 0
    try:
        ask(connection)
    except (OSError, RuntimeError, http.client.HTTPException):
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
