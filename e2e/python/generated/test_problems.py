# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/problems``."""

import asyncio
from typing import Annotated, Any

import msgspec
from sabir import Body, Cookie, Header, Problem, Query, Router, Sabir
from support import Check, echo


def test_detail(check: Check) -> None:
    """The detail of a raised problem reaches the client."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> None:
        raise Problem(409, "Only 2 left of \u201cLöwe\u201d.")

    check(app)


def test_detail_says_where_json_is_malformed(check: Check) -> None:
    """The detail of malformed JSON names line and column."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_errors_of_all_places_in_order(check: Check) -> None:
    """All failures are reported at once in the order path, query, header, cookie, body, whatever the order of declaration."""

    class BodyModel(msgspec.Struct):
        n: int | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items/{id}")
    async def take_items(
        *,
        seen: Annotated[int | None, Cookie()] = None,
        x_level: Annotated[int | None, Header()] = None,
        limit: Annotated[int | None, Query(ge=1)] = None,
        id: int,
        body: BodyModel,
    ) -> dict[str, Any]:
        return echo(
            path={"id": id}, query={"limit": limit}, header={"x-level": x_level}, cookie={"seen": seen}, body=body
        )

    check(app)


def test_errors_of_one_place_keep_the_order_of_declaration(check: Check) -> None:
    """Failures of several query parameters come in the order in which these are declared."""
    app = Sabir()

    @app.get("/items")
    async def show_items(b: int, c: int, a: int) -> dict[str, Any]:
        return echo(query={"a": a, "b": b, "c": c})

    check(app)


def test_every_member(check: Check) -> None:
    """All members of a raised problem arrive together."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items() -> None:
        raise Problem(
            422,
            "Try tomorrow.",
            title="Sold out",
            type="https://example.com/probs/sold-out",
            headers=[("x-stock", "0")],
            extensions={"sku": "a"},
        )

    app.mount("/", router)

    check(app)


def test_extensions(check: Check) -> None:
    """Extension members of any JSON type stand beside the standard ones."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> None:
        raise Problem(
            409, extensions={"sku": "a-1", "left": 2, "tags": ["x"], "shop": {"id": 7}, "open": False, "note": None}
        )

    check(app)


def test_extensions_do_not_replace_standard_members(check: Check) -> None:
    """An extension with the name of a standard member has no effect."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> None:
        raise Problem(
            409, title="Taken", extensions={"status": 200, "title": "Fine", "type": "about:blank", "sku": "a"}
        )

    check(app)


def test_failure_after_waiting(check: Check) -> None:
    """An error after the handler has waited is answered 500 as well."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> None:
        await asyncio.sleep(20 / 1000)
        raise RuntimeError("secret")

    check(app)


def test_failure_hides_its_message(check: Check) -> None:
    """An unexpected error is answered 500 and its message is not shown."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> None:
        raise RuntimeError("password=hunter2")

    check(app)


def test_failure_names_the_request(check: Check) -> None:
    """The answer to a failure has the request id under which the error is logged."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> None:
        raise RuntimeError("boom")

    check(app)


def test_failure_with_a_body(check: Check) -> None:
    """A handler that fails after its body was decoded is answered 500."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> None:
        raise RuntimeError("secret")

    check(app)


def test_header_does_not_replace_the_content_type(check: Check) -> None:
    """A problem stays application/problem+json whatever its header fields say."""
    app = Sabir()
    router = Router()

    @router.get("/items", blocking=False)
    def show_items() -> None:
        raise Problem(409, headers=[("content-type", "text/html")])

    app.mount("/", router)

    check(app)


def test_header_repeated(check: Check) -> None:
    """A header field of a raised problem may be repeated."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> None:
        raise Problem(409, headers=[("x-a", "1"), ("x-a", "2")])

    check(app)


def test_header_retry_after(check: Check) -> None:
    """Header fields of a raised problem are sent, such as Retry-After."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> None:
        raise Problem(429, headers=[("retry-after", "30")])

    check(app)


def test_header_www_authenticate(check: Check) -> None:
    """A raised 401 carries its challenge."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> None:
        raise Problem(401, headers=[("www-authenticate", 'Bearer realm="shop"')])

    check(app)


def test_instance_is_the_path(check: Check) -> None:
    """The member `instance` is the path of the request."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> None:
        raise Problem(404)

    check(app)


def test_malformed_body_comes_before_validation(check: Check) -> None:
    """A body that cannot be read is a malformed request even when parameters do not fit either."""
    app = Sabir()

    @app.post("/items")
    async def take_items(*, limit: int | None = None, body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(query={"limit": limit}, body=body)

    check(app)


def test_malformed_request_has_no_errors_member(check: Check) -> None:
    """A problem without failures of validation has no member `errors`."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_many_failures_of_one_body(check: Check) -> None:
    """Every failure of a body is reported, not only the first."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[list[int], Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_missing_body_is_reported_beside_parameters(check: Check) -> None:
    """A missing required body is reported together with parameters that do not fit."""
    app = Sabir()

    @app.post("/items")
    def take_items(*, limit: int | None = None, body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(query={"limit": limit}, body=body)

    check(app)


def test_problem_is_not_negotiated_away(check: Check) -> None:
    """A client that accepts only HTML still gets the problem as application/problem+json."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> None:
        raise Problem(409)

    check(app)


def test_problem_of_a_wrong_method(check: Check) -> None:
    """A method that the path lacks is a problem with an Allow field."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_problem_of_an_unknown_path(check: Check) -> None:
    """A path without a route is a problem with the path as its instance."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items() -> dict[str, Any]:
        return echo()

    app.mount("/", router)

    check(app)


def test_raised_after_waiting(check: Check) -> None:
    """A problem raised after the handler has waited is answered like any other."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items() -> None:
        await asyncio.sleep(20 / 1000)
        raise Problem(409)

    app.mount("/", router)

    check(app)


def test_raised_server_error(check: Check) -> None:
    """A handler may raise a problem of the server's own; what it says on purpose is shown."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    def show_items() -> None:
        raise Problem(503, "Closed for stocktaking.", headers=[("retry-after", "3600")])

    app.mount("/", router)

    check(app)


def test_request_id_is_generated(check: Check) -> None:
    """Without a request id from the client the runtime makes one."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> None:
        raise Problem(409)

    check(app)


def test_request_id_is_taken_over(check: Check) -> None:
    """A request id that the client sends comes back in the problem and in the header section."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> None:
        raise Problem(409)

    check(app)


def test_request_id_that_is_unsafe_is_replaced(check: Check) -> None:
    """A request id with spaces could forge log lines, so another one is made."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> None:
        raise Problem(409)

    check(app)


def test_requests_after_a_failure_work(check: Check) -> None:
    """A failed handler harms neither other routes nor its own next request."""
    app = Sabir()
    router = Router()

    @router.get("/bad")
    def show_bad() -> None:
        raise RuntimeError("boom")

    @router.get("/good")
    def show_good() -> Any:
        return {"ok": True}

    app.mount("/", router)

    check(app)


def test_status_401_has_its_type(check: Check) -> None:
    """A raised 401 is described by its row in the table of problems."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> None:
        raise Problem(401)

    check(app)


def test_status_403_has_its_type(check: Check) -> None:
    """A raised 403 is described by its row in the table of problems."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> None:
        raise Problem(403)

    check(app)


def test_status_404_has_its_type(check: Check) -> None:
    """A raised 404 is described by its row in the table of problems."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> None:
        raise Problem(404)

    check(app)


def test_status_410_has_its_type(check: Check) -> None:
    """A raised 410 is described by its row in the table of problems."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> None:
        raise Problem(410)

    check(app)


def test_status_429_has_its_type(check: Check) -> None:
    """A raised 429 is described by its row in the table of problems."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> None:
        raise Problem(429)

    check(app)


def test_status_501_has_its_type(check: Check) -> None:
    """A raised 501 is described by its row in the table of problems."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> None:
        raise Problem(501)

    check(app)


def test_status_503_has_its_type(check: Check) -> None:
    """A raised 503 is described by its row in the table of problems."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> None:
        raise Problem(503)

    check(app)


def test_status_alone(check: Check) -> None:
    """A raised problem with only a status takes type and title from the table of problems."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> None:
        raise Problem(409)

    check(app)


def test_status_outside_the_table(check: Check) -> None:
    """A status that the table lacks has the type about:blank and the name of the status as its title."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items() -> None:
        raise Problem(423)

    app.mount("/", router)

    check(app)


def test_title(check: Check) -> None:
    """A raised problem may have a title of its own."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> None:
        raise Problem(409, title="Out of stock")

    check(app)


def test_type_keyword(check: Check) -> None:
    """A raised problem may have a type of its own."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> None:
        raise Problem(403, title="Out of credit", type="https://example.com/probs/out-of-credit")

    check(app)
