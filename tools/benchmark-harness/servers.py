"""The servers under comparison: how each is started, and what must be installed for it."""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = HERE / "peers/node_modules"
ADDON = HERE.parents[1] / "packages/node/sabir.node"


@dataclass(frozen=True)
class Server:
    """A server that listens on 127.0.0.1 at a given port."""

    name: str
    command: list[str]
    # Python modules.
    needs: tuple[str, ...] = ()
    # Files, for everything that is not Python.
    files: tuple[Path, ...] = ()
    # The names of its workloads; all of them when there are none.
    workloads: tuple[str, ...] = ()

    def arguments(self, port: int) -> list[str]:
        """Return the command line for `port`."""
        return [part.replace("{port}", str(port)) for part in self.command]


def rust(name: str, binary: str) -> Server:
    """Return a server of this workspace, built in release mode."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parents[1] / "target"))
    path = target / "release" / binary
    return Server(name, [str(path), "{port}"], files=(path,))


def python(name: str, script: str, *needs: str) -> Server:
    """Return a server that is a script in `peers`."""
    return Server(name, [sys.executable, str(HERE / "peers" / script), "{port}"], needs)


def granian(name: str, target: str, *needs: str) -> Server:
    """Return an ASGI application in `peers` on Granian's command line, which imports it once."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", "{port}"]
    return Server(name, [*command, "--working-dir", str(HERE / "peers"), target], needs)


def node(name: str, script: str, *packages: str, program: str = "node", workloads: tuple[str, ...] = ()) -> Server:
    """Return a server that is a module in `peers` and needs npm packages there."""
    files = tuple(PACKAGES / package / "package.json" for package in packages)
    return Server(name, [program, str(HERE / "peers" / script), "{port}"], files=files, workloads=workloads)


def bun(name: str, script: str, *packages: str) -> Server:
    """Return a server that is a module in `peers`, on Bun."""
    return node(name, script, "bun", *packages, program=str(PACKAGES / ".bin/bun"))


def with_addon(server: Server) -> Server:
    """Return `server`, which also needs the Node binding."""
    return replace(server, files=(*server.files, ADDON))


SERVERS = [
    rust("raw hyper", "raw_hyper"),
    rust("sabir (Rust)", "sabir_rust"),
    rust("axum", "axum_peer"),
    python("sabir (Python)", "sabir_app.py", "sabir"),
    python("FastAPI on uvicorn", "fastapi_app.py", "fastapi", "uvicorn", "multipart"),
    python("Litestar on uvicorn", "litestar_app.py", "litestar", "uvicorn"),
    python("Robyn", "robyn_app.py", "robyn"),
    granian("BlackSheep on Granian", "blacksheep_app:app", "blacksheep", "granian"),
    with_addon(node("sabir (Node)", "sabir_app.mjs")),
    node("node:http", "node_http_app.mjs", workloads=("plaintext",)),
    node("Fastify", "fastify_app.mjs", "fastify", "@fastify/formbody", "@fastify/multipart"),
    node("Hono on Node", "hono_app.mjs", "hono", "@hono/node-server", "@hono/zod-validator", "zod"),
    node("Express", "express_app.mjs", "express", "multer", "zod"),
    with_addon(bun("sabir (Bun)", "sabir_app.mjs")),
    bun("Elysia", "elysia_app.mjs", "elysia"),
    bun("Bun.serve", "bun_serve_app.mjs", "zod"),
]
