"""Shows what memory a server keeps: its resident set after every so many requests, which has to level off.

It is the sum of the resident sets of all its processes, so that what these share is counted in each. The first look
is before any request; each of the others is right after a load, when the connections of that are closed. The same
cores and the same checks as in `run.py` are used, and answers are checked at the end, too.

    python memory.py [--server NAME] [--workload NAME] [--requests MILLIONS] [--steps N]

The defaults are Sabir on Node, JSON bodies, and 5 million requests in 10 steps.
"""

import argparse
import sys

from check import answers, fault
from process import resident, running
from servers import SERVERS
from workloads import WORKLOADS
from wrk import load


def main() -> int:
    """Send the requests in steps and print the resident set after each."""
    options = parse()
    server = next(server for server in SERVERS if server.name == options.server)
    workload = next(workload for workload in WORKLOADS if workload.name == options.workload)
    if missing := server.missing():
        print(f"not installed: {', '.join(missing)}", file=sys.stderr)
        return 1
    with running(server, workload.routes) as (process, port):
        print("| requests | RSS in MiB |\n|---|---|")
        print(f"| 0 | {resident(process.pid):.1f} |", flush=True)
        if reason := fault(workload, port):
            print(f"{server.name}: {workload.name}: {reason}", file=sys.stderr)
            return 1
        sent, goal = 0, options.requests * 1_000_000
        for step in range(1, options.steps + 1):
            # wrk counts seconds and not requests, so that a step takes as many seconds as it needs.
            while sent < goal * step / options.steps:
                sent += load(workload, port, 1)[0]
            print(f"| {sent} | {resident(process.pid):.1f} |", flush=True)
        if not answers(workload, port):
            print(f"{server.name}: {workload.name}: wrong answer after the load", file=sys.stderr)
            return 1
    return 0


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", default="sabir (Node)", choices=[server.name for server in SERVERS])
    parser.add_argument("--workload", default="json", choices=[workload.name for workload in WORKLOADS])
    parser.add_argument("--requests", type=float, default=5, metavar="MILLIONS")
    parser.add_argument("--steps", type=int, default=10)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
