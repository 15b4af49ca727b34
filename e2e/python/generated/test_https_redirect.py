# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/https_redirect``."""

from typing import Any

from sabir import Router, Sabir, WebSocket
from sabir.stages import HttpsRedirect, TrustedHosts, TrustedProxies
from support import Check


def test_hosts_come_first(check: Check) -> None:
    """Nobody is sent to a host that is not served here."""
    app = Sabir()
    app.use(HttpsRedirect(), TrustedHosts(hosts=["shop.example"]), TrustedProxies())

    @app.get("/items")
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_port_and_exceptions(check: Check) -> None:
    """HTTPS may have a port of its own, and some paths are answered over HTTP."""
    app = Sabir()
    app.use(HttpsRedirect(port=8443, exclude=["/healthz"]), TrustedProxies())

    @app.get("/items")
    def show_items() -> Any:
        return {"ok": True}

    @app.get("/healthz")
    def show_healthz() -> Any:
        return {"ok": True}

    @app.get("/healthz/live")
    def show_live() -> Any:
        return {"ok": True}

    @app.get("/healthzone")
    def show_healthzone() -> Any:
        return {"ok": True}

    check(app)


def test_redirect(check: Check) -> None:
    """What has come over HTTP is sent to the same address over HTTPS."""
    app = Sabir()
    app.use(HttpsRedirect(), TrustedProxies())
    router = Router()

    @router.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    @router.post("/items")
    async def take_items() -> Any:
        return {"ok": True}

    app.mount("/", router)

    check(app)


def test_sockets(check: Check) -> None:
    """Sockets are opened over TLS alone."""
    app = Sabir()
    app.use(HttpsRedirect(), TrustedProxies())

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)
