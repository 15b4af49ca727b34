# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/request_id``."""

from collections.abc import Iterator
from typing import Any

from sabir import Event, Sabir, WebSocket
from sabir.stages import RequestId
from support import Check


def test_another_field(check: Check) -> None:
    """The field may have another name, which is then the only one."""
    app = Sabir()
    app.use(RequestId(header="X-Correlation-ID"))

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_event_streams(check: Check) -> None:
    """Streams say it as well."""
    app = Sabir()
    app.use(RequestId())

    @app.sse("/ticks", blocking=False)
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")

    check(app)


def test_every_answer(check: Check) -> None:
    """Every answer says the id of its request, which is taken over from whom is trusted."""
    app = Sabir()
    app.use(RequestId())

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    @app.get("/fail")
    async def show_fail() -> None:
        raise RuntimeError("a")

    check(app)


def test_nobody_is_believed(check: Check) -> None:
    """Where nobody is trusted every id is new."""
    app = Sabir()
    app.use(RequestId(accept_from=[]))

    @app.get("/items")
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_sockets(check: Check) -> None:
    """Handshakes say it as well."""
    app = Sabir()
    app.use(RequestId())

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_uuids(check: Check) -> None:
    """Ids may be random UUIDs."""
    app = Sabir()
    app.use(RequestId(format="uuid"))

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    check(app)
