# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/trusted_proxies``."""

from typing import Any

from sabir import Request, Sabir, WebSocket
from sabir.stages import RateLimit, TrustedProxies
from support import Check


def test_chain_of_proxies(check: Check) -> None:
    """The client is the nearest sender that is not trusted, and its proxy knows what it has asked for."""
    app = Sabir()
    app.use(TrustedProxies(trust=["loopback", "unix", "10.0.0.0/8"]))

    @app.get("/items")
    def show_items(request: Request) -> dict[str, Any]:
        return {"url": str(request.url), "client": request.client.host if request.client else None}

    check(app)


def test_client_and_scheme(check: Check) -> None:
    """A proxy that is trusted says who the client is and which scheme it has used."""
    app = Sabir()
    app.use(TrustedProxies())

    @app.get("/items")
    async def show_items(request: Request) -> dict[str, Any]:
        return {"url": str(request.url), "client": request.client.host if request.client else None}

    check(app)


def test_forwarded(check: Check) -> None:
    """The field of the standard says all of it at once, and the other fields are not looked at."""
    app = Sabir()
    app.use(TrustedProxies(trust=["loopback", "unix", "10.0.0.0/8"], fields=["forwarded"]))

    @app.get("/items")
    async def show_items(request: Request) -> dict[str, Any]:
        return {"url": str(request.url), "client": request.client.host if request.client else None}

    check(app)


def test_host_and_port(check: Check) -> None:
    """A proxy that is trusted may say the host and the port as well."""
    app = Sabir()
    app.use(TrustedProxies(fields=["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port"]))

    @app.get("/items")
    async def show_items(request: Request) -> dict[str, Any]:
        return {"url": str(request.url), "header:host": request.headers.get("host")}

    check(app)


def test_malformed_forwarded(check: Check) -> None:
    """A field that nobody can read in one way alone is refused: its client may have written it."""
    app = Sabir()
    app.use(TrustedProxies(fields=["forwarded"]))

    @app.get("/items")
    def show_items(request: Request) -> dict[str, Any]:
        return {"client": request.client.host if request.client else None}

    check(app)


def test_not_an_address(check: Check) -> None:
    """A sender without an address ends the search, and values that are none are not looked at."""
    app = Sabir()
    app.use(
        TrustedProxies(
            trust=["loopback", "unix", "10.0.0.0/8"],
            fields=["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port"],
        )
    )

    @app.get("/items", blocking=False)
    def show_items(request: Request) -> dict[str, Any]:
        return {"url": str(request.url), "client": request.client.host if request.client else None}

    check(app)


def test_rate_limits(check: Check) -> None:
    """Clients behind a proxy that is trusted are counted each for itself."""
    app = Sabir()
    app.use(TrustedProxies(), RateLimit(limit="1/hour"))

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_sockets(check: Check) -> None:
    """Pages of the host that the client has asked for may open sockets."""
    app = Sabir()
    app.use(TrustedProxies(fields=["x-forwarded-host"]))

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)
