# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/cors``."""

from collections.abc import Iterator
from typing import Any

from sabir import Event, Problem, Response, Router, Sabir, WebSocket
from sabir.stages import Cors
from support import Check


def test_any_origin(check: Check) -> None:
    """By default pages of every origin may read answers, which are the same for all of them."""
    app = Sabir()
    app.use(Cors())

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_credentials(check: Check) -> None:
    """Where requests may carry credentials the answer says so to permitted origins alone."""
    app = Sabir()
    app.use(Cors(allow_origins=["https://shop.example"], allow_credentials=True))

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_errors(check: Check) -> None:
    """A page may read the problems of handlers, and that one has failed."""
    app = Sabir()
    app.use(Cors(allow_origins=["https://shop.example", "https://*.partner.example"]))

    @app.get("/raise", blocking=False)
    def show_raise() -> None:
        raise Problem(409)

    @app.get("/fail", blocking=False)
    def show_fail() -> None:
        raise RuntimeError("no")

    check(app)


def test_event_streams(check: Check) -> None:
    """Pages of permitted origins may read a stream of events."""
    app = Sabir()
    app.use(Cors(allow_origins=["https://shop.example", "https://*.partner.example"]))

    @app.sse("/ticks", blocking=False)
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")

    check(app)


def test_exposed_fields(check: Check) -> None:
    """Pages may read the fields that are named."""
    app = Sabir()
    app.use(Cors(expose_headers=["X-Total-Count", "ETag"]))

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_handlers_come_first(check: Check) -> None:
    """What a handler says of origins itself stays."""
    app = Sabir()
    app.use(Cors(allow_origins=["https://shop.example", "https://*.partner.example"]))

    @app.get("/own")
    async def show_own() -> Response:
        return Response(1, headers=[("access-control-allow-origin", "https://other.example")])

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_listed_methods_and_fields(check: Check) -> None:
    """Listed methods and fields are those that a preflight is granted, whatever it asks for."""
    app = Sabir()
    app.use(Cors(allow_methods=["GET", "POST"], allow_headers=["Content-Type"], max_age=60))

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return {"ok": True}

    @app.delete("/items", blocking=False)
    def take_items() -> Any:
        return {"ok": True}

    check(app)


def test_named_origins(check: Check) -> None:
    """Pages of the named origins may read answers, and caches learn that these differ."""
    app = Sabir()
    app.use(Cors(allow_origins=["https://shop.example", "https://*.partner.example"]))

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_null_origin(check: Check) -> None:
    """The origin of sandboxed pages is a name like others, which has to be permitted."""
    app = Sabir()
    app.use(Cors(allow_origins=["null"]))

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_only_a_route(check: Check) -> None:
    """A route has the stage though its application has not."""
    app = Sabir()

    @app.get("/open", use=[Cors(allow_origins=["https://shop.example"])])
    async def show_open() -> Any:
        return {"ok": True}

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_origins_below_a_host(check: Check) -> None:
    """A star in front of a host is every host below it, with the same scheme and port."""
    app = Sabir()
    app.use(Cors(allow_origins=["https://shop.example", "https://*.partner.example"]))
    router = Router()

    @router.get("/items", blocking=False)
    def show_items() -> Any:
        return {"ok": True}

    app.mount("/", router)

    check(app)


def test_preflight(check: Check) -> None:
    """A preflight is answered with the methods that the path has, and never enters the host language."""
    app = Sabir()
    app.use(Cors(allow_origins=["https://shop.example", "https://*.partner.example"]))
    router = Router()

    @router.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    @router.put("/items")
    async def take_items() -> Any:
        return {"ok": True}

    @router.delete("/items/{id:int}")
    async def take_items_2(id: int) -> Any:
        return {"ok": True}

    app.mount("/", router)

    check(app)


def test_preflight_asks_for_fields(check: Check) -> None:
    """Without a list a preflight is granted the fields that it asks for, and caches learn that the answer depends on them."""
    app = Sabir()
    app.use(Cors())

    @app.post("/items")
    def take_items() -> Any:
        return {"ok": True}

    check(app)


def test_preflight_of_no_path(check: Check) -> None:
    """A preflight of a path that does not exist is a problem that its page may read."""
    app = Sabir()
    app.use(Cors())
    router = Router()

    @router.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    app.mount("/", router)

    check(app)


def test_private_network(check: Check) -> None:
    """A page of a public network is let into a private one where that is allowed, and asked for."""
    app = Sabir()
    app.use(Cors(allow_private_network=True))

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_problems(check: Check) -> None:
    """A page may read why its request was refused."""
    app = Sabir()
    app.use(Cors(allow_origins=["https://shop.example", "https://*.partner.example"]))

    @app.get("/items", blocking=False)
    def show_items(limit: int) -> Any:
        return {"ok": True}

    check(app)


def test_routes_differ(check: Check) -> None:
    """A route says what differs from its application, or that it has no such stage."""
    app = Sabir()
    app.use(Cors(allow_origins=["https://shop.example", "https://*.partner.example"]))

    @app.get("/open", use=[Cors()], blocking=False)
    def show_open() -> Any:
        return {"ok": True}

    @app.get("/closed", use=[Cors.off()], blocking=False)
    def show_closed() -> Any:
        return {"ok": True}

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_sockets(check: Check) -> None:
    """The answer to a handshake has the fields too, also where it is refused."""
    app = Sabir()
    app.use(Cors())

    @app.websocket("/echo", allowed_origins=["https://shop.example"])
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)
