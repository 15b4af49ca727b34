# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/security_headers``."""

from collections.abc import Iterator
from typing import Any

from sabir import Event, Response, Sabir, WebSocket
from sabir.stages import SecurityHeaders
from support import Check


def test_defaults(check: Check) -> None:
    """Answers say by themselves what browsers may do with them."""
    app = Sabir()
    app.use(SecurityHeaders())

    @app.get("/items")
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_event_streams(check: Check) -> None:
    """A stream of events has the fields."""
    app = Sabir()
    app.use(SecurityHeaders())

    @app.sse("/ticks", blocking=False)
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")

    check(app)


def test_handlers_come_first(check: Check) -> None:
    """A field that the handler has set stays as it is."""
    app = Sabir()
    app.use(SecurityHeaders())

    @app.get("/items")
    async def show_items() -> Response:
        return Response(1, headers=[("x-frame-options", "DENY")])

    check(app)


def test_nonces(check: Check) -> None:
    """A nonce in the policy is a random number, of refusals too."""
    app = Sabir()
    app.use(
        SecurityHeaders(
            content_security_policy="script-src 'nonce-{nonce}'; object-src 'none'; style-src 'nonce-{nonce}'"
        )
    )

    @app.get("/")
    def answer() -> Any:
        return "page"

    @app.get("/own")
    def show_own() -> Response:
        return Response("page", headers=[("content-security-policy", "default-src 'none'")])

    @app.get("/fixed", use=[SecurityHeaders(content_security_policy="script-src 'self'")])
    def show_fixed() -> Any:
        return "page"

    @app.get("/off", use=[SecurityHeaders.off()])
    def show_off() -> Any:
        return "page"

    check(app)


def test_options(check: Check) -> None:
    """Each field has an option, and is left out where that is empty."""
    app = Sabir()
    app.use(
        SecurityHeaders(
            content_type_options=False,
            frame_options="DENY",
            referrer_policy="no-referrer",
            hsts_max_age=31536000,
            hsts_include_subdomains=True,
            content_security_policy="default-src 'self'",
            cross_origin_opener_policy="",
        )
    )

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_problems(check: Check) -> None:
    """Refusals say it too."""
    app = Sabir()
    app.use(SecurityHeaders())

    @app.get("/items", blocking=False)
    def show_items(limit: int) -> Any:
        return {"ok": True}

    check(app)


def test_routes_differ(check: Check) -> None:
    """A route says what differs from its application, or that it has no such stage."""
    app = Sabir()
    app.use(SecurityHeaders())

    @app.get("/frame", use=[SecurityHeaders(frame_options="")], blocking=False)
    def show_frame() -> Any:
        return {"ok": True}

    @app.get("/plain", use=[SecurityHeaders.off()], blocking=False)
    def show_plain() -> Any:
        return {"ok": True}

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return {"ok": True}

    check(app)


def test_sockets(check: Check) -> None:
    """The answer to a handshake has the fields, refused or not."""
    app = Sabir()
    app.use(SecurityHeaders())

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)
