"""The tables that a measurement prints."""

import statistics
from dataclasses import dataclass

from servers import Server
from workloads import Workload


@dataclass(frozen=True)
class Sample:
    """What one load has shown."""

    # CPU microseconds per request.
    spent: float
    # Latency in milliseconds.
    p99: float


# By the names of the server and the workload, one for each repeat.
Samples = dict[tuple[str, str], list[Sample]]


# What a cell says when there is nothing to say.
NONE = "-"


def table(title: str, servers: list[Server], workloads: list[Workload], cells: dict[tuple[str, str], str]) -> None:
    """Print a table with a row for every server that has a cell, by the names of server and workload."""
    columns = [workload.name for workload in workloads]
    print(f"{title}\n\n| server | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for server in servers:
        row = [cells.get((server.name, column), NONE) for column in columns]
        if any(cell != NONE for cell in row):
            print(f"| {server.name} | {' | '.join(row)} |")
    print()


def multiples(servers: list[Server], workloads: list[Workload], samples: Samples) -> None:
    """Print the medians as multiples of the first server's."""
    yardstick = servers[0].name
    medians = {key: statistics.median(sample.spent for sample in taken) for key, taken in samples.items()}
    cells = {}
    for (server, workload), taken in samples.items():
        if (yardstick, workload) in medians:
            multiple = medians[server, workload] / medians[yardstick, workload]
            p99 = statistics.median(sample.p99 for sample in taken)
            cells[server, workload] = f"{multiple:.2f} ({p99:.1f})"
    table(f"CPU time per request as a multiple of {yardstick} (p99 in ms)", servers, workloads, cells)


def growth(servers: list[Server], workloads: list[Workload], samples: Samples) -> None:
    """Print what more routes cost, as multiples of the fewest."""
    fewest, *more = sorted(
        (workload for workload in workloads if workload.routes), key=lambda workload: workload.routes
    )
    cells = {}
    for server in servers:
        for workload in more:
            cells[server.name, workload.name] = paired(
                samples.get((server.name, workload.name)), samples.get((server.name, fewest.name))
            )
    title = f"CPU time per request as a multiple of the same server's {fewest.name} (lowest to highest repeat)"
    table(title, servers, more, cells)


def changes(before: dict[str, Server], servers: list[Server], workloads: list[Workload], samples: Samples) -> None:
    """Print the present CPU time per request as multiples of that before."""
    cells = {}
    for server in servers:
        for workload in workloads:
            if server.name in before:
                cells[server.name, workload.name] = paired(
                    samples.get((server.name, workload.name)), samples.get((before[server.name].name, workload.name))
                )
    table("CPU time per request as a multiple of that before (lowest to highest repeat)", servers, workloads, cells)


def paired(own: list[Sample] | None, other: list[Sample] | None) -> str:
    """Return the median ratio of the repeats, each with its counterpart, and their range; a dash without any."""
    ratios = [sample.spent / counterpart.spent for sample, counterpart in zip(own or [], other or [], strict=False)]
    return f"{statistics.median(ratios):.3f} ({min(ratios):.2f} to {max(ratios):.2f})" if ratios else NONE
