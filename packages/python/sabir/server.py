"""Serving an application from this process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from os import PathLike
from typing import TYPE_CHECKING

from sabir.problem import SetupError

if TYPE_CHECKING:
    from sabir.app import Sabir


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """Return what makes event loops: uvloop's when it is installed, which is faster, else asyncio's."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def serve(app: Sabir, host: str, port: int, *, workers: int, uds: str | PathLike[str] | None) -> None:
    """Serve ``app`` until SIGINT or SIGTERM.

    Raises:
        SetupError: If more than one worker is asked for.
    """
    if workers != 1:
        raise SetupError.about(
            "run", "workers", f"{workers} workers were asked for, a process has one", "start more processes"
        )
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(app, host, port, None if uds is None else os.fspath(uds)))


async def _serve(app: Sabir, host: str, port: int, uds: str | None) -> None:
    loop = asyncio.get_running_loop()
    asked_to_stop = asyncio.Event()
    _on_signals(loop, asked_to_stop.set)
    native = app.attach(loop)
    try:
        address = native.listen(None if uds else host, port, uds)
        print(f"Sabir serves on {f'unix:{uds}' if uds else f'http://{address}'}", flush=True)
        await asked_to_stop.wait()
        stopped = asyncio.Event()
        native.stop(stopped.set)
        await stopped.wait()
    finally:
        app.detach()


def _on_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    for name in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            # Loops on Windows have no signal handlers; this one runs on the main thread, maybe between two events.
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(stop))
        else:
            loop.add_signal_handler(name, stop)
