# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/status_codes``."""

from typing import Any, Literal

from sabir import Problem, Response, Router, Sabir
from support import Check


def test_accepted(check: Check) -> None:
    """202 carries content like 200."""
    app = Sabir()

    @app.post("/items")
    async def take_items() -> tuple[Any, Literal[202]]:
        return {"job": "a"}, 202

    check(app)


def test_created_with_location(check: Check) -> None:
    """201 names the new resource and may describe it."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items() -> Response:
        return Response({"id": 7}, 201, headers=[("location", "/items/7")])

    app.mount("/", router)

    check(app)


def test_head_has_the_status_of_get(check: Check) -> None:
    """HEAD is answered with the status of GET, for errors too, without content."""
    app = Sabir()

    @app.get("/gone")
    def show_gone() -> tuple[Any, Literal[410]]:
        return {"a": 1}, 410

    @app.get("/new")
    def show_new() -> tuple[Any, Literal[203]]:
        return {"a": 1}, 203

    @app.get("/taken")
    def show_taken() -> None:
        raise Problem(409)

    check(app)


def test_interim_code_is_no_answer(check: Check) -> None:
    """A handler that answers with an interim status has failed: the client would wait for the final one for ever."""
    app = Sabir()

    @app.get("/c100", blocking=False)
    def show_c100() -> Response:
        return Response(None, 100)

    @app.get("/c103", blocking=False)
    def show_c103() -> Response:
        return Response(None, 103)

    check(app)


def test_no_content(check: Check) -> None:
    """204 has neither content nor a length of it."""
    app = Sabir()

    @app.delete("/items")
    def take_items() -> tuple[Any, Literal[204]]:
        return None, 204

    check(app)


def test_no_content_drops_what_is_returned(check: Check) -> None:
    """Content that a handler returns with 204 is not sent."""
    app = Sabir()

    @app.delete("/items")
    async def take_items() -> tuple[Any, Literal[204]]:
        return {"a": 1}, 204

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    check(app)


def test_not_modified_keeps_its_validators(check: Check) -> None:
    """304 has no content but the fields that describe the stored answer."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Response:
        return Response({"a": 1}, 304, headers=[("etag", '"v1"'), ("cache-control", "max-age=60")])

    @app.get("/next")
    async def show_next() -> Any:
        return "ok"

    check(app)


def test_partial_content(check: Check) -> None:
    """206 keeps the Content-Range that the handler gives."""
    app = Sabir()
    router = Router()

    @router.get("/items", blocking=False)
    def show_items() -> Response:
        return Response("cde", 206, headers=[("content-range", "bytes 2-4/10")])

    app.mount("/", router)

    check(app)


def test_redirects(check: Check) -> None:
    """Every redirection keeps its status and its Location as the handler wrote it."""
    app = Sabir()

    @app.get("/r301")
    def show_r301() -> Response:
        return Response(None, 301, headers=[("location", "../items?a=1#b")])

    @app.get("/r302")
    def show_r302() -> Response:
        return Response(None, 302, headers=[("location", "../items?a=1#b")])

    @app.get("/r303")
    def show_r303() -> Response:
        return Response(None, 303, headers=[("location", "../items?a=1#b")])

    @app.get("/r307")
    def show_r307() -> Response:
        return Response(None, 307, headers=[("location", "../items?a=1#b")])

    @app.get("/r308")
    def show_r308() -> Response:
        return Response(None, 308, headers=[("location", "../items?a=1#b")])

    check(app)


def test_reset_content_has_no_content(check: Check) -> None:
    """205 has no content, whatever the handler returns."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items() -> tuple[Any, Literal[205]]:
        return {"a": 1}, 205

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

    check(app)


def test_returned_errors_stay_as_they_are(check: Check) -> None:
    """An error status that is returned, not raised, keeps the handler's own content."""
    app = Sabir()

    @app.get("/json")
    async def show_json() -> tuple[Any, Literal[404]]:
        return {"error": "gone fishing"}, 404

    @app.get("/text")
    async def show_text() -> Response:
        return Response("later", 503, headers=[("retry-after", "120")])

    @app.get("/empty")
    async def show_empty() -> tuple[Any, Literal[410]]:
        return None, 410

    check(app)


def test_unregistered_codes(check: Check) -> None:
    """Codes without a registered meaning are sent as they are."""
    app = Sabir()

    @app.get("/c299")
    def show_c299() -> tuple[Any, Literal[299]]:
        return "a", 299

    @app.get("/c418")
    def show_c418() -> tuple[Any, Literal[418]]:
        return "a", 418

    @app.get("/c499")
    def show_c499() -> tuple[Any, Literal[499]]:
        return "a", 499

    @app.get("/c599")
    def show_c599() -> tuple[Any, Literal[599]]:
        return "a", 599

    check(app)
