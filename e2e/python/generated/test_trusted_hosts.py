# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/trusted_hosts``."""

from typing import Any

import pytest
from sabir import Router, Sabir, WebSocket
from sabir.stages import Cors, TrustedHosts, TrustedProxies
from support import Check


def test_before_routes(check: Check) -> None:
    """It is looked at before routes are, and the answer meets the other stages."""
    app = Sabir()
    app.use(TrustedHosts(hosts=["shop.example"]), Cors())

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_forwarded_hosts(check: Check) -> None:
    """The host is the one that a proxy which is trusted says."""
    app = Sabir()
    app.use(TrustedHosts(hosts=["shop.example"]), TrustedProxies(fields=["x-forwarded-host"]))

    @app.get("/items")
    async def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_hosts(check: Check) -> None:
    """A request for another host is misdirected."""
    app = Sabir()
    app.use(TrustedHosts(hosts=["shop.example", "*.cdn.example", "api.example:8443"]))
    router = Router()

    @router.get("/items")
    def show_items() -> Any:
        return {"ok": True}

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_no_host(check: Check) -> None:
    """A request that says no host is for none."""
    app = Sabir()
    app.use(TrustedHosts(hosts=["shop.example"]))

    @app.get("/items")
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_sockets(check: Check) -> None:
    """Sockets of other hosts are refused as well."""
    app = Sabir()
    app.use(TrustedHosts(hosts=["shop.example"]))

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)
