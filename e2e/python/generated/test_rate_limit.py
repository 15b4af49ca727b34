# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/rate_limit``."""

from collections.abc import Iterator
from typing import Annotated, Any

from sabir import Body, Event, Router, Sabir, WebSocket
from sabir.stages import Cors, RateLimit
from support import Check


def test_all_clients(check: Check) -> None:
    """All clients may count together."""
    app = Sabir()
    app.use(RateLimit(limit="1/day", key="global"))

    @app.get("/items")
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_before_decoding(check: Check) -> None:
    """What is too much is refused before anything of it is decoded."""
    app = Sabir()
    app.use(RateLimit(limit="1/hour"))

    @app.post("/a", blocking=False)
    def take_a(body: Annotated[dict[str, Any], Body()]) -> Any:
        return {"ok": True}

    check(app)


def test_burst(check: Check) -> None:
    """Fewer requests may come at once than in the whole time."""
    app = Sabir()
    app.use(RateLimit(limit="60/hour", burst=1))

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_event_streams(check: Check) -> None:
    """A stream of events counts once, when it is opened."""
    app = Sabir()
    app.use(RateLimit(limit="1/hour"))

    @app.sse("/ticks", blocking=False)
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")
        yield Event(data="b")

    check(app)


def test_key_of_a_field(check: Check) -> None:
    """Who sends the same value counts as one client, and who sends none by the address."""
    app = Sabir()
    app.use(RateLimit(limit="1/hour", key="header:x-api-key"))
    router = Router()

    @router.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    app.mount("/", router)

    check(app)


def test_limit(check: Check) -> None:
    """What is too much is answered 429, and answers say what is left."""
    app = Sabir()
    app.use(RateLimit(limit="2/hour"))

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_only_a_route(check: Check) -> None:
    """A route may have a limit where the application has none."""
    app = Sabir()

    @app.get("/a")
    async def show_a() -> Any:
        return {"ok": True}

    @app.get("/own", use=[RateLimit(limit="1/second", burst=2)])
    async def show_own() -> Any:
        return {"ok": True}

    check(app)


def test_routes_count_together(check: Check) -> None:
    """A limit of the application counts its routes together, HEAD and fallen validation too."""
    app = Sabir()
    app.use(RateLimit(limit="3/hour"))

    @app.get("/a")
    async def show_a() -> Any:
        return {"ok": True}

    @app.get("/b")
    async def show_b(n: int) -> Any:
        return {"ok": True}

    check(app)


def test_routes_differ(check: Check) -> None:
    """A limit of a route counts that route alone, and a route may have none."""
    app = Sabir()
    app.use(RateLimit(limit="2/hour"))

    @app.get("/a", blocking=False)
    def show_a() -> Any:
        return {"ok": True}

    @app.get("/own", use=[RateLimit(limit="1/minute")], blocking=False)
    def show_own() -> Any:
        return {"ok": True}

    @app.get("/free", use=[RateLimit.off()], blocking=False)
    def show_free() -> Any:
        return {"ok": True}

    check(app)


def test_sockets(check: Check) -> None:
    """Opening a WebSocket counts as a request."""
    app = Sabir()
    app.use(RateLimit(limit="1/hour"))

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_without_a_route(check: Check) -> None:
    """Requests without a route do not count, nor do preflights and OPTIONS."""
    app = Sabir()
    app.use(RateLimit(limit="1/hour"), Cors())

    @app.get("/a")
    async def show_a() -> Any:
        return {"ok": True}

    check(app)
