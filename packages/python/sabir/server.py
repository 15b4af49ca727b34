"""Serving an application from this process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sabir._sabir import NativeApp
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
    """Serve ``app`` until SIGINT or SIGTERM, with forked workers when more than one is asked for.

    Raises:
        SetupError: If the workers cannot be started here.
    """
    path = None if uds is None else os.fspath(uds)
    if workers != 1:
        from sabir.launch import forked
        from sabir.workers import supervise

        return supervise(forked(app), host, port, path, workers)

    def start(native: NativeApp, _: Callable[[], None]) -> None:
        announce(native.listen(None if path else host, port, path), path)

    return run(app, start)


def announce(address: str, path: str | None) -> None:
    """Tell where the server is reached."""
    print(f"Sabir serves on {f'unix:{path}' if path else f'http://{address}'}", flush=True)


def run(app: Sabir, start: Callable[[NativeApp, Callable[[], None]], None]) -> None:
    """Run ``app`` on a new event loop: ``start`` makes it listen and is told how to stop it, which signals also do."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_run(app, start))


async def _run(app: Sabir, start: Callable[[NativeApp, Callable[[], None]], None]) -> None:
    loop = asyncio.get_running_loop()
    asked_to_stop = asyncio.Event()
    _on_signals(loop, asked_to_stop.set)
    native = app.attach(loop)
    try:
        start(native, asked_to_stop.set)
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
