"""The servers under comparison: how each is started, and what must be installed for it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from workloads import WORKLOADS


def ruby() -> list[str]:
    """Return the command for Ruby, which compiles just in time if it can."""
    command = ["ruby", "--yjit"]
    can_compile = shutil.which("ruby") and subprocess.run([*command, "-e", ""], capture_output=True).returncode == 0
    return command if can_compile else command[:1]


HERE = Path(__file__).resolve().parent
PACKAGES = HERE / "peers/node_modules"
RUBY = ruby()
# What rows of Ruby say.
JIT = "" if "--yjit" in RUBY else ", without YJIT"


@dataclass(frozen=True)
class Server:
    """A server that listens on 127.0.0.1 at a given port."""

    name: str
    command: list[str]
    # Modules of the Python interpreter that the command begins with.
    modules: tuple[str, ...] = ()
    # Files besides the program that the command begins with.
    files: tuple[Path, ...] = ()
    # Where the native module that the process loads comes from.
    origin: Path | None = None
    # The names of its workloads; all of them when there are none.
    workloads: tuple[str, ...] = ()

    def arguments(self, port: int) -> list[str]:
        """Return the command line for `port`."""
        return [part.replace("{port}", str(port)) for part in self.command]

    def missing(self) -> list[str]:
        """Return what the server needs and is not installed."""
        programs = [self.command[0]] if shutil.which(self.command[0]) is None else []
        missing = [*programs, *(str(path) for path in self.files if not path.exists())]
        if self.modules and not missing:
            script = "import importlib.util as u, sys; print(*[m for m in sys.argv[1:] if u.find_spec(m) is None])"
            command = [self.command[0], "-c", script, *self.modules]
            missing = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        return missing


@dataclass(frozen=True)
class Checkout:
    """A checkout of this project, with what was built from it."""

    root: Path
    # Cargo's target directory.
    target: Path
    python: Path

    @property
    def peers(self) -> Path:
        """The folder of scripts that are servers."""
        return self.root / "tools/benchmark-harness/peers"

    def rust_server(self, name: str, binary: str) -> Server:
        """Return a server of the workspace, built in release mode."""
        return Server(name, [str(self.target / "release" / binary), "{port}"])

    def python_server(self, name: str, script: str, workloads: tuple[str, ...] = ()) -> Server:
        """Return a server with Sabir that is a script in `peers`."""
        path = self.peers / script
        return Server(name, [str(self.python), str(path), "{port}"], ("sabir",), (path,), self.root, workloads)

    def ruby_server(self, name: str, script: str, workloads: tuple[str, ...] = ()) -> Server:
        """Return a server with Sabir that is a script in `peers`, which loads the gem of this checkout."""
        path = self.peers / script
        files = (path, self.root / "packages/ruby/lib/sabir/sabir_ruby.so")
        return Server(f"{name}{JIT}", [*RUBY, str(path), "{port}"], (), files, self.root, workloads)

    def node_server(self, name: str, script: str, program: str = "node", workloads: tuple[str, ...] = ()) -> Server:
        """Return a server with Sabir that is a module in `peers`, which imports the package of this checkout."""
        path = self.peers / script
        files = (path, self.root / "node_modules/sabir", self.root / "packages/node/sabir.node")
        return Server(name, [program, str(path), "{port}"], (), files, self.root, workloads)


PRESENT = Checkout(
    HERE.parents[1],
    Path(os.environ.get("CARGO_TARGET_DIR", HERE.parents[1] / "target")),
    # Not resolved: a virtual environment is found by the path of its interpreter.
    Path(sys.executable),
)
BUN = str(PACKAGES / ".bin/bun")
# Of those that take minutes or hours to add thousands of routes.
FEW_ROUTES = tuple(workload.name for workload in WORKLOADS if workload.routes < 1000)
NO_FILES = tuple(workload.name for workload in WORKLOADS if workload.name != "file10k")
ZOD = ("typed", "json", "form", "multipart")


def sabir(checkout: Checkout) -> dict[str, list[Server]]:
    """Return the servers with Sabir, by language."""
    return {
        "Rust": [checkout.rust_server("sabir (Rust)", "sabir_rust")],
        "Python": [
            checkout.python_server("sabir (Python)", "sabir_app.py"),
            checkout.python_server("sabir (Python, pydantic)", "sabir_pydantic_app.py", ("json",)),
        ],
        "Ruby": [
            checkout.ruby_server("sabir (Ruby)", "sabir_app.rb"),
            checkout.ruby_server("Rack on sabir", "sabir_rack_app.rb"),
            checkout.ruby_server("sabir (Ruby, Sinatra's words)", "sabir_sinatra_app.rb", NO_FILES),
            checkout.ruby_server("Sinatra on sabir", "sabir_sinatra_rack_app.rb", FEW_ROUTES),
        ],
        "Node": [
            checkout.node_server("sabir (Node)", "sabir_app.mjs"),
            checkout.node_server("sabir (Node, zod)", "sabir_zod_app.mjs", workloads=ZOD),
        ],
        "Bun": [
            checkout.node_server("sabir (Bun)", "sabir_app.mjs", BUN),
            checkout.node_server("sabir (Bun, zod)", "sabir_zod_app.mjs", BUN, ZOD),
        ],
    }


def python(name: str, script: str, *modules: str, workloads: tuple[str, ...] = ()) -> Server:
    """Return a server that is a script in `peers`."""
    command = [sys.executable, str(PRESENT.peers / script), "{port}"]
    return Server(name, command, modules, workloads=workloads)


def granian(name: str, target: str, *modules: str, workloads: tuple[str, ...] = ()) -> Server:
    """Return an ASGI application in `peers` on Granian's command line, which imports it once."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", "{port}"]
    # Which is how long an idle connection stays open, too.
    command += ["--http1-header-read-timeout", "60000", "--working-dir", str(PRESENT.peers), target]
    return Server(name, command, ("granian", *modules), workloads=workloads)


def node(name: str, script: str, *packages: str, program: str = "node", workloads: tuple[str, ...] = ()) -> Server:
    """Return a server that is a module in `peers` and needs npm packages there."""
    files = tuple(PACKAGES / package / "package.json" for package in packages)
    return Server(name, [program, str(PRESENT.peers / script), "{port}"], files=files, workloads=workloads)


def bun(name: str, script: str, *packages: str, workloads: tuple[str, ...] = ()) -> Server:
    """Return a server that is a module in `peers`, on Bun."""
    return node(name, script, *packages, program=BUN, workloads=workloads)


def puma(name: str, script: str, workloads: tuple[str, ...] = ()) -> Server:
    """Return an application of Rack in `peers` on Puma, with as many threads as Sabir has by default."""
    program = shutil.which("puma") or "puma"
    path = PRESENT.peers / script
    command = [*RUBY, program, "--quiet", "--environment", "production", "--threads", "5:5"]
    command += ["--bind", "tcp://127.0.0.1:{port}", str(path)]
    return Server(f"{name}{JIT}", command, files=(Path(program), path), workloads=workloads)


OWN = sabir(PRESENT)
SERVERS = [
    PRESENT.rust_server("raw hyper", "raw_hyper"),
    *OWN["Rust"],
    PRESENT.rust_server("axum", "axum_peer"),
    *OWN["Python"],
    python("FastAPI on uvicorn", "fastapi_app.py", "fastapi", "uvicorn", "multipart"),
    granian("FastAPI on Granian", "fastapi_app:app", "fastapi", "multipart"),
    python("Litestar on uvicorn", "litestar_app.py", "litestar", "uvicorn", workloads=FEW_ROUTES),
    granian("Litestar on Granian", "litestar_app:app", "litestar", workloads=FEW_ROUTES),
    python("Robyn", "robyn_app.py", "robyn"),
    granian("BlackSheep on Granian", "blacksheep_app:app", "blacksheep"),
    *OWN["Ruby"],
    puma("Rack on Puma", "rack_app.ru"),
    puma("Sinatra on Puma", "sinatra_app.ru", workloads=FEW_ROUTES),
    *OWN["Node"],
    node("node:http", "node_http_app.mjs", workloads=("plaintext",)),
    node("Fastify", "fastify_app.mjs", "fastify", "@fastify/formbody", "@fastify/multipart"),
    node("Hono on Node", "hono_app.mjs", "hono", "@hono/node-server", "@hono/zod-validator", "zod"),
    node("Express", "express_app.mjs", "express", "multer", "zod"),
    *OWN["Bun"],
    bun("Elysia", "elysia_app.mjs", "elysia"),
    bun("Bun.serve", "bun_serve_app.mjs", "zod", workloads=FEW_ROUTES),
]


def before(root: Path, target: Path) -> dict[str, Server]:
    """Return the servers with Sabir of another checkout and its target directory, by the name of the present one."""
    checkout = Checkout(root, target, root / ".venv-benchmark/bin/python")
    servers = [server for servers in sabir(checkout).values() for server in servers]
    return {server.name: replace(server, name=f"{server.name} before") for server in servers}
