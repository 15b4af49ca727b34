"""Serving an application from this process."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
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


LAST_GRACE = 3.0
"""Seconds after the end of the server in which what handlers left running may end."""

_logger = logging.getLogger("sabir")


def serve(
    app: Sabir, host: str, port: int, *, workers: int, uds: str | PathLike[str] | None, owns_process: bool = False
) -> None:
    """Serve ``app`` until SIGINT or SIGTERM, with forked workers when more than one is asked for.

    A process that is the server's own ends soon after, even when a handler does not.

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

    return run(app, start, owns_process=owns_process)


def announce(address: str, path: str | None) -> None:
    """Tell where the server is reached."""
    print(f"Sabir serves on {f'unix:{path}' if path else f'http://{address}'}", flush=True)


def run(app: Sabir, start: Callable[[NativeApp, Callable[[], None]], None], *, owns_process: bool) -> None:
    """Run ``app`` on a new event loop: ``start`` makes it listen and is told how to stop it, which signals also do."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_run(app, start))
        if owns_process:
            _end_soon()


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


def _end_soon() -> None:
    """End the process if it does not end by itself.

    A coroutine may refuse to be cancelled, and a function on a thread cannot be; Python would wait for both for ever.
    """

    def end() -> None:
        _logger.error("handlers still run after the shutdown; the process ends without them")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)

    timer = threading.Timer(LAST_GRACE, end)
    timer.daemon = True
    timer.start()


def _on_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    for name in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            # Loops on Windows have no signal handlers; this one runs on the main thread, maybe between two events.
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(stop))
        else:
            loop.add_signal_handler(name, stop)
