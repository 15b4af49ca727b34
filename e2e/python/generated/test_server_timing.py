# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/server_timing``."""

from collections.abc import Iterator
from typing import Any

from sabir import Event, Response, Router, Sabir
from sabir.stages import ServerTiming
from support import Check


def test_answers(check: Check) -> None:
    """Answers of handlers say how long they have taken, and so do problems."""
    app = Sabir()
    app.use(ServerTiming())
    router = Router()

    @router.get("/items")
    async def show_items(n: int | None = None) -> Any:
        return {"ok": True}

    @router.get("/fail")
    async def show_fail() -> None:
        raise RuntimeError("a")

    app.mount("/", router)

    check(app)


def test_event_streams(check: Check) -> None:
    """Streams say how long it took until they began."""
    app = Sabir()
    app.use(ServerTiming())

    @app.sse("/ticks", blocking=False)
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")

    check(app)


def test_handlers_measure_too(check: Check) -> None:
    """What a handler has measured stays."""
    app = Sabir()
    app.use(ServerTiming(metric="runtime"))

    @app.get("/items")
    def show_items() -> Response:
        return Response({}, headers=[("server-timing", "db;dur=1")])

    check(app)


def test_routes_differ(check: Check) -> None:
    """A route may have it, and another may not."""
    app = Sabir()
    app.use(ServerTiming())

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return {"ok": True}

    @app.get("/silent", use=[ServerTiming.off()], blocking=False)
    def show_silent() -> Any:
        return {"ok": True}

    check(app)
