"""Measures servers side by side: server CPU time per request as a multiple of a raw hyper server.

The server is pinned to one core, wrk to another: 50 connections, or 500 where handlers sleep for 1 ms. Every answer
is checked before and after the load, which must be free of errors. What a server has to refuse it is sent as well
(`refusals.py`); the workloads in which it answers wrongly are left out and listed. Repeats are interleaved, so that a
slow minute of the machine hits everybody; the tables show medians.

    python run.py [--quick] [--only NAME ...] [--workload NAME ...] [--repeats N] [--seconds N]
    python run.py --verify [--only NAME ...] [--workload NAME ...]
    python run.py --before DIR --before-target DIR [...]

With `--verify` every answer is checked once, without load.

With `--before` Sabir's servers of another checkout of this project are measured too, each at the same time as its
present counterpart, workload by workload, and the ratios are printed. That checkout runs its own scripts with what was
built in it before, as by its `./task bench -- --verify` with `CARGO_TARGET_DIR` set to what `--before-target` names:
release binaries, `.venv-benchmark`, `node_modules` and `packages/node`. Where it is so old that it lacks a script or a
workload, the row or the cell is left out.
"""

import argparse
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from check import answers, check, fault
from process import cpu, running
from report import Sample, Samples, changes, growth, multiples, table
from servers import PRESENT, SERVERS, Server, before
from workloads import WORKLOADS, Workload
from wrk import load

# What an untimed load lets a just-in-time compiler do first, in seconds.
WARM_UP = 1


def main() -> int:
    """Run every workload against every server and print the tables."""
    options = parse()
    always = [] if options.verify else SERVERS[:1]
    servers = [server for server in SERVERS if chosen(server.name, options.only) or server in always]
    workloads = [workload for workload in WORKLOADS if chosen(workload.name, options.workload)]
    groups = [[server] for server in servers if installed(server)]
    counterparts = {}
    if options.before:
        counterparts = before(options.before, options.before_target)
        for group in groups:
            group += [old for old in [counterparts.get(group[0].name)] if old and installed(old)]
    servers = [server for group in groups for server in group]
    if options.verify:
        return verify(servers, workloads)
    loads = options.repeats * sum(len(suited(server, workloads)) for server in servers)
    print(f"this takes about {loads * (options.seconds + WARM_UP + 1) // 60 + 1} minutes", file=sys.stderr)
    samples, faults = measure(groups, workloads, options)
    multiples(servers, workloads, samples)
    if sum(workload.routes > 0 for workload in workloads) > 1:
        growth(servers, workloads, samples)
    if options.before:
        changes(counterparts, servers, workloads, samples)
    for (server, workload), reason in faults.items():
        print(f"- {server}: {workload} is left out: {reason}")
    return min(len(faults), 1)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two short repeats")
    parser.add_argument("--only", action="append", default=[], help="part of a server's name; may be repeated")
    parser.add_argument("--workload", action="append", default=[], help="part of a workload's name; may be repeated")
    parser.add_argument("--verify", action="store_true", help="check every answer once, without load")
    parser.add_argument("--before", type=directory, metavar="DIR", help="another checkout to compare with")
    parser.add_argument("--before-target", type=directory, metavar="DIR", help="the target directory of that checkout")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    if options.quick:
        options.repeats, options.seconds = 2, 2
    if bool(options.before) != bool(options.before_target):
        parser.error("--before and --before-target belong together")
    if options.before and options.before == PRESENT.root:
        parser.error("--before is this checkout itself")
    if options.before_target and options.before_target == PRESENT.target.resolve():
        parser.error("--before-target is the target directory of this checkout")
    return options


def directory(path: str) -> Path:
    """Read the name of a directory."""
    found = Path(path).resolve()
    if not found.is_dir():
        raise argparse.ArgumentTypeError(f"{found} is no directory")
    return found


def chosen(name: str, wanted: list[str]) -> bool:
    """Whether `name` is asked for."""
    return not wanted or any(part.lower() in name.lower() for part in wanted)


def installed(server: Server) -> bool:
    """Whether everything that the server needs is installed."""
    missing = server.missing()
    if missing:
        print(f"{server.name} is left out: not installed: {', '.join(missing)}", file=sys.stderr)
    return not missing


def suited(server: Server, workloads: list[Workload]) -> list[Workload]:
    """Return the workloads that the server is for."""
    return [
        workload
        for workload in workloads
        if (not server.workloads or workload.name in server.workloads)
        and (not workload.servers or server.name.startswith(workload.servers))
    ]


def verify(servers: list[Server], workloads: list[Workload]) -> int:
    """Print which answers are right; return 1 when one is wrong."""
    cells, faults = {}, []
    for server in servers:
        for name, reason in check(server, suited(server, workloads)).items():
            cells[server.name, name] = "WRONG" if reason else "pass"
            faults += [f"- {server.name}: {name}: {reason}"] if reason else []
    table("Answers", servers, workloads, cells)
    print("\n".join(faults))
    return min(len(faults), 1)


def measure(groups: list[list[Server]], workloads: list[Workload], options: argparse.Namespace):
    """Measure everything, and return the samples and what is wrong by the names of server and workload."""
    samples: Samples = {}
    faults: dict[tuple[str, str], str] = {}
    for repeat in range(options.repeats):
        for group in groups:
            # Whoever is first in one repeat is last in the next.
            for server, workload, outcome in alternate(group[:: -1 if repeat % 2 else 1], workloads, options.seconds):
                key = (server.name, workload.name)
                if isinstance(outcome, Sample):
                    samples.setdefault(key, []).append(outcome)
                else:
                    faults[key] = outcome
        print(f"repeat {repeat + 1} of {options.repeats} done", file=sys.stderr)
    # What went wrong once is not shown, however often it went well.
    return {key: taken for key, taken in samples.items() if key not in faults}, faults


def alternate(
    group: list[Server], workloads: list[Workload], seconds: int
) -> Iterator[tuple[Server, Workload, Sample | str]]:
    """Run the servers of a group at the same time and yield what each load shows, or what is wrong."""
    tasks = [(workload, server) for workload in workloads for server in group if workload in suited(server, workloads)]
    for routes in sorted({workload.routes for workload, _ in tasks}):
        alike = [(workload, server) for workload, server in tasks if workload.routes == routes]
        with contextlib.ExitStack() as stack:
            started: dict[str, tuple[subprocess.Popen, int]] = {}
            failed: dict[str, str] = {}
            for server in group:
                try:
                    started[server.name] = stack.enter_context(running(server, routes))
                except (OSError, RuntimeError) as error:
                    failed[server.name] = str(error)
                    print(f"{server.name}: {error}", file=sys.stderr)
            for workload, server in alike:
                if server.name in failed:
                    yield server, workload, failed[server.name]
                    continue
                process, port = started[server.name]
                yield server, workload, sample(workload, process.pid, port, seconds)


def sample(workload: Workload, process: int, port: int, seconds: int) -> Sample | str:
    """Load the server and return what that shows, or what is wrong."""
    reason = fault(workload, port)
    if reason:
        return reason
    try:
        load(workload, port, WARM_UP)
        start = cpu(process)
        requests, p99 = load(workload, port, seconds)
        spent = cpu(process) - start
    except RuntimeError as error:
        return str(error)
    if not answers(workload, port):
        return "wrong answer after the load"
    return Sample(spent * 1e6 / requests, p99)


if __name__ == "__main__":
    sys.exit(main())
