# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/trace_context``."""

from typing import Any

from sabir import Sabir
from sabir.stages import TraceContext
from support import Check


def test_every_answer(check: Check) -> None:
    """Refusals, failures and event streams say their trace, too."""
    app = Sabir()
    app.use(TraceContext(respond=True))

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    @app.get("/fail")
    async def show_fail() -> None:
        raise RuntimeError("a")

    check(app)


def test_malformed_parents(check: Check) -> None:
    """A traceparent that is malformed, or of the version ff, begins a new trace."""
    app = Sabir()
    app.use(TraceContext(respond=True))

    @app.get("/items")
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_nobody_is_believed(check: Check) -> None:
    """Where nobody is believed, every request begins a new trace; whether it is sampled is an option."""
    app = Sabir()
    app.use(TraceContext(respond=True, accept_from=[], sampled=False))

    @app.get("/items")
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_traces_go_on(check: Check) -> None:
    """A request goes on with the trace of its caller, with a span of its own, and keeps the flags that are known."""
    app = Sabir()
    app.use(TraceContext(respond=True))

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    check(app)
