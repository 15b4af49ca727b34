"""Hold a shop against its own OpenAPI document, with all checks of Schemathesis.

    test.py SCHEMATHESIS COMMAND [OPTION…]

COMMAND is a line for the shell that starts a shop on port $PORT. Options are those of ``schemathesis run``.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

START_SECONDS = 20


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def document_of(base: str) -> dict[str, Any]:
    """Return the document of a server that is about to start."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{base}/openapi.json", timeout=START_SECONDS) as response:
                return json.load(response)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def main(schemathesis: str, command: str, *options: str) -> int:
    """Start the shop, and return the exit code of Schemathesis."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(["sh", "-c", command], env={**os.environ, "PORT": str(port)})
    try:
        document = document_of(base)
        for path in document["paths"].values():
            for operation in path.values():
                # It stands for what every request may be answered; with it no status would be undocumented.
                del operation["responses"]["default"]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "openapi.json")
            file.write_text(json.dumps(document))
            run = [schemathesis, "run", str(file), "--url", base, "--checks", "all", "--request-timeout", "5"]
            # Which the shop takes where nothing else is said.
            run += ["--header", "authorization: Bearer open-sesame"]
            return subprocess.run([*run, "--no-color", *options], check=False, cwd=folder).returncode
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
