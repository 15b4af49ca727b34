"""``python -m sabir run module:app``."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from sabir.app import Sabir
from sabir.problem import SetupError


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
        raise SetupError.about("run", target, str(error), "give it as module:app, from the right directory") from error
    except AttributeError as error:
        raise SetupError.about("run", target, str(error), "give it as module:app") from error
    if not isinstance(app, Sabir):
        raise SetupError.about("run", target, f"it is a {type(app).__name__}", "name an instance of Sabir")
    return app


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="sabir", description=__doc__)
    run = parser.add_subparsers(dest="command", required=True).add_parser("run", help="serve an application")
    run.add_argument("target", help="the application as module:app")
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=8000)
    run.add_argument("--uds", help="serve on a Unix socket at this path")
    run.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(arguments)
    sys.path.insert(0, os.getcwd())
    try:
        app = load(options.target)
        app.run(options.host, options.port, workers=options.workers, uds=options.uds)
    except (SetupError, OSError) as error:
        print(f"sabir: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
