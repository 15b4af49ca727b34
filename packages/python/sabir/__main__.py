"""The command ``sabir``, which ``python -m sabir`` is too: ``sabir run module:app``."""

from __future__ import annotations

import argparse
import importlib
import os
import socket
import sys

import sabir
from sabir.app import Sabir
from sabir.launch import receive_signals, spawned, work
from sabir.lifespan import failed_at_start, server_lifespans
from sabir.problem import SetupError
from sabir.server import serve
from sabir.workers import supervise


def load(target: str) -> Sabir:
    """Import the application that ``module:name`` names.

    Raises:
        SetupError: If there is none.
    """
    module_name, _, name = target.partition(":")
    try:
        app = getattr(importlib.import_module(module_name), name or "app")
    except ModuleNotFoundError as error:
        # A module that is missing inside the application's own imports is that application's failure.
        if error.name is None or not (module_name + ".").startswith(error.name + "."):
            raise
        raise SetupError("run", target, str(error), "give it as module:app, from the right directory") from error
    except AttributeError as error:
        raise SetupError("run", target, str(error), "give it as module:app") from error
    if not isinstance(app, Sabir):
        raise SetupError("run", target, f"it is a {type(app).__name__}", "name an instance of Sabir")
    return app


def _descriptors(text: str) -> tuple[int, int]:
    listener, channel = text.split(",")
    return int(listener), int(channel)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="sabir", description="Serve web applications.")
    parser.add_argument("--version", action="version", version=f"sabir {sabir.__version__}")
    run = parser.add_subparsers(dest="command", required=True).add_parser("run", help="serve an application")
    run.add_argument("target", help="the application as module:app")
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=8000)
    run.add_argument("--unix", help="serve on a Unix socket at this path")
    run.add_argument("--workers", type=int, default=1, help="how many processes share the address")
    # A parent with workers starts them with the descriptors of the shared socket and of its channel to this one.
    run.add_argument("--worker", type=_descriptors, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    sys.path.insert(0, os.getcwd())
    try:
        if options.worker is not None:
            receive_signals()
            listener, channel = options.worker
            work(load(options.target), listener, socket.socket(fileno=channel))
        elif options.workers != 1:
            supervise(
                spawned(options.target),
                options.host,
                options.port,
                options.unix,
                options.workers,
                lambda: server_lifespans(load(options.target)),
            )
        else:
            serve(load(options.target), options.host, options.port, workers=1, unix=options.unix, owns_process=True)
    except (SetupError, OSError) as error:
        if failed_at_start(error):
            # It is the application's, whose authors want to see where.
            raise
        print(f"sabir: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
