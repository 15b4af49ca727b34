"""Measures what stands around a handler: server CPU time per request as a multiple of the same server's without it.

Each server answers one plain text: bare, with CORS, ids, security headers and a compression that does not apply, with
one hook before the handler, and with three dependencies, each of which needs the next. It is pinned to the first core
and the load to the second. The requests are the same in all cases, and every answer is checked. Rounds alternate
between the servers, and the median of the ratios within a round counts.

    python layers.py [--rounds N] [--seconds N] [--only NAME ...] [--verify]
"""

import argparse
import http.client
import os
import statistics
import sys
from dataclasses import dataclass

from process import StartError, cpu, running
from run import WARM_UP, chosen, installed
from servers import BUN, PRESENT, Server, node, puma, python
from workloads import Request, Workload
from wrk import load

REQUEST = Request("GET", "/", headers={"origin": "https://shop.example", "accept-encoding": "gzip"})
CONTENT = b"Hello, world!"
PLAINTEXT = Workload("plaintext", [(REQUEST, CONTENT)])
STAGES = "stages"
# What answers have with the stages. Nothing is compressed, for it is too short.
FIELDS = ("access-control-allow-origin", "x-request-id", "x-content-type-options", "x-frame-options")


@dataclass(frozen=True)
class Row:
    """A server, and what can be put around its handler."""

    server: Server
    layers: tuple[str, ...] = (STAGES, "hook", "dependencies")


ALL = ("", STAGES, "hook", "dependencies")
ROWS = [
    Row(PRESENT.rust_server("sabir (Rust)", "sabir_layers"), (STAGES,)),
    Row(PRESENT.python_server("sabir (Python)", "sabir_layers.py")),
    Row(PRESENT.ruby_server("sabir (Ruby)", "sabir_layers.rb"), (STAGES, "hook")),
    Row(PRESENT.node_server("sabir (Node)", "sabir_layers.mjs")),
    Row(PRESENT.node_server("sabir (Bun)", "sabir_layers.mjs", BUN)),
    Row(python("FastAPI on uvicorn", "fastapi_layers.py", "fastapi", "uvicorn")),
    Row(puma("Sinatra on Puma", "sinatra_layers.ru"), (STAGES, "hook")),
    Row(
        node("Fastify", "fastify_layers.mjs", "fastify", "@fastify/cors", "@fastify/helmet", "@fastify/compress"),
        (STAGES, "hook"),
    ),
    Row(node("Hono on Node", "hono_layers.mjs", "hono", "@hono/node-server"), (STAGES, "hook")),
]


def main() -> int:
    """Measure each server and print the table."""
    options = parse()
    os.sched_setaffinity(0, {1})
    rows = [row for row in ROWS if chosen(row.server.name, options.only) and installed(row.server)]
    costs: dict[tuple[str, str], list[float]] = {}
    wrong = False
    for number in range(options.rounds):
        for row in rows:
            found = {}
            # What a slow minute hits differs from round to round.
            for layers in ("", *row.layers)[:: -1 if number % 2 else 1]:
                try:
                    with running(row.server, layers=layers) as (process, port):
                        check(port, layers)
                        found[layers] = 1.0 if options.verify else measure(process.pid, port, options.seconds)
                except (StartError, AssertionError) as error:
                    print(f"{row.server.name}, {layers or 'bare'}: {error}", file=sys.stderr)
                    wrong = True
            for layers, cost in found.items():
                if "" in found:
                    costs.setdefault((row.server.name, layers), []).append(cost / found[""])
        print(f"round {number + 1} of {options.rounds} done", file=sys.stderr)
    if not options.verify:
        print_table(rows, costs)
    return int(wrong)


def check(port: int, layers: str) -> None:
    """Fail unless the server answers as it should."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(REQUEST.method, REQUEST.path, headers=REQUEST.headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    assert (answer.status, content) == (200, CONTENT), (answer.status, content)
    assert answer.getheader("content-encoding") is None
    present = [field for field in FIELDS if answer.getheader(field)]
    assert present == (list(FIELDS) if layers == STAGES else []), f"the answer has the fields {present}"


def measure(process: int, port: int, seconds: int) -> float:
    """Return the seconds of processor time that a request takes."""
    load(PLAINTEXT, port, WARM_UP)
    before = cpu(process)
    requests, _ = load(PLAINTEXT, port, seconds)
    return (cpu(process) - before) / requests


def print_table(rows: list[Row], costs: dict[tuple[str, str], list[float]]) -> None:
    """Print the medians, and the lowest and the highest of the rounds."""
    print(f"load average {os.getloadavg()[0]:.1f}\n")
    print(f"| server | {' | '.join(ALL[1:])} |\n|---|{'---|' * len(ALL[1:])}")
    for row in rows:
        cells = []
        for layers in ALL[1:]:
            taken = costs.get((row.server.name, layers))
            cells.append(f"{statistics.median(taken):.3f} ({min(taken):.2f} to {max(taken):.2f})" if taken else "-")
        print(f"| {row.server.name} | {' | '.join(cells)} |")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--only", action="append", default=[], help="part of a server's name; may be repeated")
    parser.add_argument("--verify", action="store_true", help="check every answer once, without load")
    options = parser.parse_args()
    if options.verify:
        options.rounds = 1
    return options


if __name__ == "__main__":
    sys.exit(main())
