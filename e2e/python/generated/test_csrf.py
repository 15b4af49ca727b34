# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/csrf``."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from sabir import Body, FileResponse, Router, Sabir, WebSocket
from sabir.stages import Cors, Csrf
from support import Check


def test_a_source_may_be_required(check: Check) -> None:
    """With require_source, clients that say nothing of a page are refused."""
    app = Sabir()
    app.use(Csrf(require_source=True))
    router = Router()

    @router.post("/orders")
    async def take_orders() -> Any:
        return "done"

    app.mount("/", router)

    check(app)


def test_browsers_that_name_the_page(check: Check) -> None:
    """Of browsers that say the page alone, its origin is compared with the host."""
    app = Sabir()
    app.use(Csrf(trusted_origins=["https://partner.example"]))

    @app.post("/orders")
    async def take_orders() -> Any:
        return "done"

    check(app)


def test_browsers_without_fetch_metadata(check: Check) -> None:
    """Of browsers that do not say where a request comes from, the origin is compared with the host."""
    app = Sabir()
    app.use(Csrf())

    @app.post("/orders")
    async def take_orders() -> Any:
        return "done"

    check(app)


def test_clients_that_are_no_browsers(check: Check) -> None:
    """Clients that say nothing of a page are no browsers."""
    app = Sabir()
    app.use(Csrf())
    router = Router()

    @router.post("/orders", blocking=False)
    def take_orders() -> Any:
        return "done"

    app.mount("/", router)

    check(app)


def test_content_is_not_read(check: Check) -> None:
    """What is refused is not decoded or validated, and no path that is not there is hidden."""
    app = Sabir()
    app.use(Csrf())

    @app.post("/orders")
    def take_orders(body: Annotated[dict[str, Any], Body()]) -> Any:
        return "done"

    check(app)


def test_only_a_route(check: Check) -> None:
    """A route may be the only one that is protected."""
    app = Sabir()

    @app.post("/orders")
    async def take_orders() -> Any:
        return "done"

    @app.post("/own", use=[Csrf()])
    async def take_own() -> Any:
        return "done"

    check(app)


def test_pages_of_other_sites(check: Check) -> None:
    """A page of another site may not change anything, which browsers say of it."""
    app = Sabir()
    app.use(Csrf())

    @app.post("/orders")
    def take_orders() -> Any:
        return "done"

    check(app)


def test_routes_differ(check: Check) -> None:
    """A route trusts other origins, or all of them."""
    app = Sabir()
    app.use(Csrf())

    @app.post("/orders", blocking=False)
    def take_orders() -> Any:
        return "done"

    @app.post("/partner", use=[Csrf(trusted_origins=["https://partner.example"])], blocking=False)
    def take_partner() -> Any:
        return "done"

    @app.post("/hook", use=[Csrf.off()], blocking=False)
    def take_hook() -> Any:
        return "done"

    check(app)


def test_safe_methods(check: Check) -> None:
    """Safe methods change nothing, so that every page may use them."""
    app = Sabir()
    app.use(Csrf())

    @app.get("/orders", blocking=False)
    def show_orders() -> Any:
        return "done"

    @app.delete("/orders", blocking=False)
    def take_orders() -> Any:
        return "done"

    @app.put("/orders", blocking=False)
    def take_orders_2() -> Any:
        return "done"

    @app.patch("/orders", blocking=False)
    def take_orders_3() -> Any:
        return "done"

    check(app)


def test_sockets(check: Check) -> None:
    """Handshakes of sockets are left to the origins of sockets."""
    app = Sabir()
    app.use(Csrf())

    @app.websocket("/echo", allowed_origins=["https://partner.example"])
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    @app.post("/orders")
    def take_orders() -> Any:
        return "done"

    check(app)


def test_streams_and_files(check: Check) -> None:
    """Streams and files that answer an unsafe method are protected, too."""
    app = Sabir()
    app.use(Csrf())
    router = Router()

    @router.post("/lines")
    async def take_lines() -> AsyncIterator[Any]:
        yield "a"

    @router.post("/file")
    async def take_file() -> FileResponse:
        return FileResponse(check.folder / "a.txt")

    app.mount("/", router)

    check(app)


def test_trusted_origins(check: Check) -> None:
    """Pages of origins that are named may."""
    app = Sabir()
    app.use(Csrf(trusted_origins=["https://partner.example", "https://*.shop.example"]))
    router = Router()

    @router.post("/orders")
    async def take_orders() -> Any:
        return "done"

    app.mount("/", router)

    check(app)


def test_with_cors(check: Check) -> None:
    """A page of a permitted origin may read why it is refused."""
    app = Sabir()
    app.use(Csrf(), Cors(allow_origins=["https://evil.example"]))

    @app.post("/orders")
    def take_orders() -> Any:
        return "done"

    check(app)
