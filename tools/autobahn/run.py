"""Plays the Autobahn test suite for WebSocket against an echo server that it starts.

The suite's 301 cases of the core are played every time, with a sample of those of compression; with ``--all`` all 517
are, which takes a quarter of an hour. Set-up, which is done once, takes a minute and asks PyPI.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import venv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SUITE = "autobahntestsuite==25.10.1"
COMPRESSION = ("12.*", "13.*")
# The smallest messages of each kind of compression, and some of the larger ones.
SAMPLE = [
    *("12.1.1", "12.1.5", "12.2.3", "12.3.4", "12.4.2", "12.5.6"),
    *("13.1.2", "13.2.1", "13.3.3", "13.4.2", "13.5.4", "13.6.2", "13.7.1"),
]
PASSED = ("OK", "NON-STRICT", "INFORMATIONAL")
# Who ended the connection in the end is no fault of the server.
CLOSED = (*PASSED, "FAILED BY CLIENT")


def prepare(folder: Path) -> Path:
    """Install the suite into ``folder`` and return the Python that plays it."""
    python, stamp = folder / "venv" / "bin" / "python", folder / "prepared"
    recipe = "".join((HERE / name).read_text() for name in ("requirements.txt", "port.py"))
    digest = hashlib.sha256(f"{sys.version}{SUITE}{recipe}".encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return python
    venv.create(folder / "venv", with_pip=True, clear=True)
    install: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "-r", HERE / "requirements.txt"], check=True)
    source = folder / "source"
    subprocess.run([*install, "--no-deps", "--no-compile", "--upgrade", "--target", source, SUITE], check=True)
    script = f"from pathlib import Path; import port; port.port(Path({str(source)!r}), Path({str(folder / 'suite')!r}))"
    subprocess.run([python, "-c", script], check=True, cwd=HERE)
    stamp.write_text(digest)
    return python


@contextlib.contextmanager
def serving(command: str) -> Iterator[int]:
    """Run a server on a free port, which ``$PORT`` tells it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {**os.environ, "PORT": str(port)}
    with subprocess.Popen(command, shell=True, env=environment, start_new_session=True) as server:
        try:
            wait_for(port, server)
            yield port
        finally:
            os.killpg(server.pid, signal.SIGTERM)


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return when somebody listens on ``port``."""
    end = time.monotonic() + 30
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    sys.exit("The server does not listen on $PORT.")


def play(python: Path, folder: Path, port: int, cases: list[str], excluded: list[str]) -> dict[str, Any]:
    """Play ``cases`` and return the client's report."""
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    path = os.pathsep.join([str(folder / "suite"), str(HERE)])
    arguments: list[str | Path] = [f"ws://127.0.0.1:{port}", report, ",".join(cases), ",".join(excluded)]
    played = subprocess.run(
        [python, HERE / "client.py", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if not report.exists():
        sys.exit(f"The suite broke off:\n{played.stdout[-2000:]}{played.stderr[-2000:]}")
    content: dict[str, Any] = json.loads(report.read_text())
    return content


def faults(report: dict[str, Any]) -> list[str]:
    """Return a line for each case that failed or was not played."""
    lines = []
    for case in report["cases"]:
        outcome = report["outcomes"].get(case)
        if outcome is None:
            lines.append(f"{case} was not played")
        elif outcome["behavior"] not in PASSED or outcome["behaviorClose"] not in CLOSED:
            lines.append(
                f"{case}: {outcome['behavior']}, {outcome['result']} At the close: {outcome['behaviorClose']}, "
                f"{outcome['resultClose']} ({outcome['remoteCloseCode']})"
            )
    return lines


def main() -> None:
    """Prepare, play and tell the totals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="play all cases of compression as well")
    parser.add_argument("--cases", help="play these only: patterns such as 5.*, with commas between them")
    parser.add_argument("--folder", type=Path, required=True, help="where the suite is installed, and reports written")
    parser.add_argument("server", help="the command that serves on $PORT")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    folder = options.folder.resolve()
    python = prepare(folder)
    rounds: list[tuple[list[str], list[str]]]
    if options.cases:
        rounds = [(options.cases.split(","), [])]
    elif options.all:
        rounds = [(["*"], [])]
    else:
        rounds = [(["*"], list(COMPRESSION)), (SAMPLE, [])]
    found, total, tally, started = [], 0, Counter[str](), time.monotonic()
    with serving(options.server) as port:
        for cases, excluded in rounds:
            report = play(python, folder, port, cases, excluded)
            found += faults(report)
            total += len(report["cases"])
            tally.update(outcome["behavior"] for outcome in report["outcomes"].values())
    for line in found:
        print(line)
    kinds = ", ".join(f"{count} {kind}" for kind, count in tally.most_common())
    print(f"{total - len(found)} of {total} cases passed in {time.monotonic() - started:.0f} s: {kinds}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
