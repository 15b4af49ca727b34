"""The servers under comparison: how each is started, and what must be installed for it."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Server:
    """A server that listens on 127.0.0.1 at a given port."""

    name: str
    command: list[str]
    needs: tuple[str, ...] = ()

    def arguments(self, port: int) -> list[str]:
        """Return the command line for `port`."""
        return [part.replace("{port}", str(port)) for part in self.command]


def rust(name: str, binary: str) -> Server:
    """Return a server of this workspace, built in release mode."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parents[1] / "target"))
    return Server(name, [str(target / "release" / binary), "{port}"])


def python(name: str, script: str, *needs: str) -> Server:
    """Return a server that is a script in `peers`."""
    return Server(name, [sys.executable, str(HERE / "peers" / script), "{port}"], needs)


def granian(name: str, target: str, *needs: str) -> Server:
    """Return an ASGI application in `peers` on Granian's command line, which imports it once."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", "{port}"]
    return Server(name, [*command, "--working-dir", str(HERE / "peers"), target], needs)


def node(name: str, script: str) -> Server:
    """Return a server that is a module in `peers`."""
    return Server(name, ["node", str(HERE / "peers" / script), "{port}"])


SERVERS = [
    rust("raw hyper", "raw_hyper"),
    rust("sabir (Rust)", "sabir_rust"),
    rust("axum", "axum_peer"),
    python("sabir (Python)", "sabir_app.py", "sabir"),
    node("sabir (Node)", "sabir_app.mjs"),
    python("FastAPI on uvicorn", "fastapi_app.py", "fastapi", "uvicorn", "multipart"),
    python("Litestar on uvicorn", "litestar_app.py", "litestar", "uvicorn"),
    python("Robyn", "robyn_app.py", "robyn"),
    granian("BlackSheep on Granian", "blacksheep_app:app", "blacksheep", "granian"),
]
