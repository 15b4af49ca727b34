"""Serving an application from this process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from os import PathLike
from typing import TYPE_CHECKING

from sabir._signals import STILL_RUNNING, Signals
from sabir._threads import LoopExecutor
from sabir.background import finished
from sabir.problem import SetupError

if TYPE_CHECKING:
    from sabir._sabir import NativeApp
    from sabir.app import Sabir

LAST_GRACE = 1.0
"""Seconds after the end of the server in which what handlers left running may end."""

Start = Callable[["NativeApp", Callable[[], None]], None]
"""Makes an application listen; it is told how to stop it."""

_logger = logging.getLogger("sabir")


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """Return what makes event loops: uvloop's when it is installed, which is faster, else asyncio's."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def serve(
    app: Sabir,
    host: str,
    port: int,
    *,
    workers: int,
    unix: str | PathLike[str] | None,
    reuse_port: bool = False,
    owns_process: bool = False,
) -> None:
    """Serve ``app`` until SIGINT or SIGTERM, with forked workers when more than one is asked for.

    A process that is the server's own ends soon after, even when a handler does not.

    Raises:
        SetupError: If the workers cannot be started here, or an event loop runs already.
    """
    if workers == 1:
        return run(app, listening(host, port, unix, reuse_port, announce), owns_process=owns_process)
    from sabir.launch import forked
    from sabir.lifespan import server_lifespans
    from sabir.workers import supervise

    if reuse_port:
        raise SetupError(
            "run", "reuse_port", "workers share one socket, which their parent binds", "leave out one of the two"
        )
    path = None if unix is None else os.fspath(unix)
    return supervise(forked(app), host, port, path, workers, lambda: server_lifespans(app))


def announce(address: str) -> None:
    """Tell where the server is reached."""
    print(f"Sabir serves on {address}", flush=True)


def listening(
    host: str, port: int, unix: str | PathLike[str] | None, reuse_port: bool, started: Callable[[str], object] | None
) -> Start:
    """Return what makes an application listen on an address and then calls ``started`` with it."""
    path = None if unix is None else os.fspath(unix)

    def start(native: NativeApp, _: Callable[[], None]) -> None:
        address = native.listen(None if path else host, port, path, is_shared=reuse_port)
        if started is not None:
            started(f"unix:{path}" if path else f"http://{address}")

    return start


def run(app: Sabir, start: Start, *, owns_process: bool, is_withdrawn: Callable[[], bool] = lambda: False) -> None:
    """Run ``app`` on a new event loop until a signal, or what ``start`` makes of it, asks to stop.

    ``is_withdrawn`` is asked then whether no other process goes on to serve the socket.

    Raises:
        SetupError: If an event loop runs in this thread.
    """
    with contextlib.suppress(RuntimeError):
        asyncio.get_running_loop()
        raise SetupError("run", "app", "an event loop runs in this thread", "use `await app.serve()` there")
    # The last grace is for handlers that can end; the rest is for the loop to notice that others cannot.
    timeout = app.native().shutdown_timeout_ms() / 1000 + 3 * LAST_GRACE
    if app._lifespans:
        # They are left when everything else has ended.
        timeout += app.native().shutdown_timeout_ms() / 1000
    signals = Signals(timeout, owns=owns_process, grace=LAST_GRACE)
    with signals, asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.get_loop().set_default_executor(LoopExecutor(LAST_GRACE))
        runner.run(_run(app, start, signals, is_withdrawn))


async def _run(app: Sabir, start: Start, signals: Signals, is_withdrawn: Callable[[], bool]) -> None:
    loop = asyncio.get_running_loop()

    def start_and_watch(native: NativeApp, stop: Callable[[], None]) -> None:
        start(native, stop)
        signals.watch(loop, stop)

    try:
        await serve_here(app, start_and_watch, stopping=signals.stopping, is_withdrawn=is_withdrawn)
    finally:
        signals.unwatch(loop)


async def serve_here(
    app: Sabir,
    start: Start,
    *,
    stopping: Callable[[], object] = lambda: None,
    is_withdrawn: Callable[[], bool] = lambda: False,
) -> None:
    """Serve ``app`` on the running event loop until it is asked to stop, or this is cancelled."""
    loop = asyncio.get_running_loop()
    asked_to_stop = asyncio.Event()

    def stop() -> None:
        with contextlib.suppress(RuntimeError):
            # The loop may be closed by now.
            loop.call_soon_threadsafe(asked_to_stop.set)

    native = app.attach(loop)
    try:
        await app._enter_lifespans()
        try:
            start(native, asked_to_stop.set)
            if not app._is_worker:
                app._start_periodic()
            with app.stopped_by(stop):
                try:
                    await asked_to_stop.wait()
                finally:
                    stopping()
                    end = loop.time() + native.shutdown_timeout_ms() / 1000
                    # Cancelled once more, it waits no longer.
                    periodic = asyncio.create_task(app._stop_periodic(native.shutdown_timeout_ms() / 1000))
                    await _stop(native, is_withdrawn())
                    await finished(native, max(end - loop.time(), LAST_GRACE))
                    await periodic
        finally:
            await app._leave_lifespans()
    finally:
        app.detach()


async def _stop(native: NativeApp, is_withdrawn: bool) -> None:
    stopped = asyncio.Event()
    native.stop(stopped.set, is_withdrawn=is_withdrawn)
    await stopped.wait()
    for _ in range(round(LAST_GRACE / 0.01)):
        if not native.is_busy():
            return
        await asyncio.sleep(0.01)
    _logger.error(STILL_RUNNING)
