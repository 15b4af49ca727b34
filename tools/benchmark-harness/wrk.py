"""Load by wrk on the second core."""

import re
import subprocess
import tempfile

from workloads import Request, Workload


def load(workload: Workload, port: int, seconds: float) -> tuple[int, float]:
    """Run wrk and return the number of requests and the p99 latency in milliseconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script([request for request, _ in workload.exchanges]))
        file.flush()
        command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{workload.connections}", f"-d{seconds}s", "--latency"]
        # A slow server is slow, not wrong: no request is given up while the load lasts.
        arguments = ["--timeout", "30s", "-s", file.name, f"http://127.0.0.1:{port}{workload.exchanges[0][0].path}"]
        done = subprocess.run([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = done.stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(f"{workload.name}: not every request was answered with 2xx\n{output}")
    requests = re.search(r"(\d+) requests in", output)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", output)
    if requests is None or p99 is None or requests[1] == "0":
        raise RuntimeError(f"wrk has counted no requests\n{output}")
    return int(requests[1]), float(p99[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]


def script(requests: list[Request]) -> str:
    """Return the script for wrk that sends the requests in turn."""
    if len(requests) == 1:
        # Without functions wrk is fastest.
        (only,) = requests
        return f"wrk.method = {lua(only.method)}\nwrk.headers = {headers(only)}\nwrk.body = {lua(only.body)}"
    lines = ["local requests = {}", "local last = 0", "function init()"]
    for request in requests:
        parts = f"{lua(request.method)}, {lua(request.path)}, {headers(request)}, {lua(request.body)}"
        lines.append(f"  requests[#requests + 1] = wrk.format({parts})")
    lines += ["end", "function request()", "  last = last % #requests + 1", "  return requests[last]", "end"]
    return "\n".join(lines)


def headers(request: Request) -> str:
    """Return the header fields as a table of Lua."""
    return "{" + ", ".join(f"[{lua(name)}] = {lua(value)}" for name, value in request.headers.items()) + "}"


def lua(data: str | bytes) -> str:
    """Return `data` as a string of Lua, or nil where there is none."""
    data = data.encode() if isinstance(data, str) else data
    return '"' + "".join(f"\\{byte:03d}" for byte in data) + '"' if data else "nil"
