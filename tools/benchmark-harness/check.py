"""Whether a server answers as it has to: valid requests rightly, invalid ones with 4xx."""

import contextlib
import http.client

from process import running
from refusals import REFUSALS
from servers import Server
from workloads import Request, Workload, accepts


def fault(workload: Workload, port: int) -> str:
    """Say what the server does wrong; empty when it is right."""
    if not answers(workload, port):
        return "wrong answer"
    accepted = [rule for rule, request in REFUSALS.get(workload.name, {}).items() if not refuses(request, port)]
    return f"does not refuse: {', '.join(accepted)}" if accepted else ""


def answers(workload: Workload, port: int) -> bool:
    """Whether the server gives the right answer to some of the requests, the first and the last among them."""
    exchanges = workload.exchanges
    some = [*exchanges[:: max(1, len(exchanges) // 10)], *exchanges[-2:]]
    try:
        return all(accepts(expected, *exchange(request, port)) for request, expected in some)
    except (OSError, ValueError, http.client.HTTPException):
        return False


def refuses(request: Request, port: int) -> bool:
    """Whether the server answers 4xx."""
    try:
        return exchange(request, port)[0] // 100 == 4
    except (OSError, http.client.HTTPException):
        return False


def exchange(request: Request, port: int) -> tuple[int, bytes]:
    """Send the request and return the status and the content of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request(request.method, request.path, request.body or None, request.headers)
        response = connection.getresponse()
        return response.status, response.read()


def check(server: Server, workloads: list[Workload]) -> dict[str, str]:
    """Return what the server does wrong by the name of the workload, without load."""
    faults = {}
    for routes in sorted({workload.routes for workload in workloads}):
        alike = [workload for workload in workloads if workload.routes == routes]
        try:
            with running(server, routes) as (_, port):
                faults |= {workload.name: fault(workload, port) for workload in alike}
        except (OSError, RuntimeError) as error:
            faults |= {workload.name: str(error) for workload in alike}
    return faults
