# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/response_values``."""

import asyncio
from typing import Any, Literal

import msgspec
from sabir import Request, Response, Router, Sabir
from support import Check, decoded, echo


def test_a_pair_of_numbers_is_an_array(check: Check) -> None:
    """An array of two numbers is an array, also when the second one could be a status."""
    app = Sabir()
    router = Router()

    @router.get("/position", blocking=False)
    def show_position() -> tuple[Any, ...]:
        return 3, 404

    @router.get("/named", blocking=False)
    def show_named() -> tuple[Any, ...]:
        return "created", 201

    app.mount("/", router)

    check(app)


def test_any_json_value_at_the_top(check: Check) -> None:
    """Any JSON value may stand at the top, also a bare string."""
    app = Sabir()

    @app.get("/null")
    async def show_null() -> Response:
        return Response(msgspec.json.encode(None), media_type="application/json")

    @app.get("/boolean")
    async def show_boolean() -> Any:
        return False

    @app.get("/number")
    async def show_number() -> Any:
        return 0

    @app.get("/string")
    async def show_string() -> Response:
        return Response(msgspec.json.encode("a"), media_type="application/json")

    @app.get("/array")
    async def show_array() -> Any:
        return []

    @app.get("/object")
    async def show_object() -> Any:
        return {}

    check(app)


def test_bytes(check: Check) -> None:
    """Bytes are sent untouched as application/octet-stream."""
    app = Sabir()
    router = Router()

    @router.get("/items", blocking=False)
    def show_items() -> Any:
        return decoded(
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/w=="
        )

    app.mount("/", router)

    check(app)


def test_content_length_is_the_runtimes_own(check: Check) -> None:
    """A wrong length that a handler gives is not sent, nor does it disturb the next answer."""
    app = Sabir()

    @app.get("/short")
    def show_short() -> Response:
        return Response("abc", headers=[("content-length", "1")])

    @app.get("/long")
    def show_long() -> Response:
        return Response("abc", headers=[("content-length", "100")])

    @app.get("/empty")
    def show_empty() -> Response:
        return Response(None, 200, headers=[("content-length", "5")])

    check(app)


def test_empty(check: Check) -> None:
    """An answer without content has the length 0 and no type."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    def show_items() -> tuple[Any, Literal[200]]:
        return None, 200

    app.mount("/", router)

    check(app)


def test_empty_text(check: Check) -> None:
    """An empty text has the length 0 and still a type."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return ""

    check(app)


def test_head_has_the_fields_of_get(check: Check) -> None:
    """HEAD runs the handler of GET and sends its fields, the length included, without content."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Response:
        return Response("abcde", headers=[("etag", '"v1"')])

    check(app)


def test_head_of_its_own(check: Check) -> None:
    """A route of its own answers HEAD instead of that of GET."""
    app = Sabir()

    @app.head("/items")
    async def take_items() -> Response:
        return Response(None, 200, headers=[("x-from", "head")])

    @app.get("/items")
    async def show_items() -> Response:
        return Response("a", headers=[("x-from", "get")])

    check(app)


def test_header_that_would_split_the_answer_is_a_failure(check: Check) -> None:
    """A field value with a line end never reaches the client."""
    app = Sabir()

    @app.get("/lf")
    def show_lf() -> Response:
        return Response("a", headers=[("x-a", "1\r\nx-b: 2")])

    @app.get("/nul")
    def show_nul() -> Response:
        return Response("a", headers=[("x-a", "1\u0000")])

    @app.get("/name")
    def show_name() -> Response:
        return Response("a", headers=[("x a", "1")])

    check(app)


def test_json_member_names(check: Check) -> None:
    """Members keep their names, also empty ones and those outside ASCII."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return {"": 1, "a b": 2, "größe": 3, "__proto__": 4}

    check(app)


def test_json_numbers(check: Check) -> None:
    """Numbers keep their value."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> tuple[Any, ...]:
        return 0, -1, 9007199254740991, 1.5, -0.25, 1e-07

    check(app)


def test_json_object(check: Check) -> None:
    """An object is sent as application/json with its length."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> Any:
        return {"a": 1, "b": {"c": [True, None]}}

    check(app)


def test_json_strings(check: Check) -> None:
    """Strings keep every character: quotes, control characters, and those outside ASCII and the basic plane."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return {
            "text": '"\\/\u0008\u000c\n\r\t\u0000\u001f',
            "name": "Löwe \u20ac",
            "sign": "\U0001f600",
            "line": "a\u2028b",
        }

    check(app)


def test_large_text(check: Check) -> None:
    """A text of 300 000 bytes arrives whole."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "abc" * 100000

    check(app)


def test_one_type_is_not_negotiated(check: Check) -> None:
    """An answer that is declared in one media type is sent in it, whatever the client accepts."""
    app = Sabir()

    @app.get(
        "/items",
        responses={"200": {"description": "Items.", "content": {"application/json": {"schema": {"type": "array"}}}}},
    )
    async def show_items() -> Any:
        return [1]

    check(app)


def test_own_content_type(check: Check) -> None:
    """A content type of the handler replaces the usual one."""
    app = Sabir()
    router = Router()

    @router.get("/json")
    def show_json() -> Response:
        return Response({"a": 1}, headers=[("content-type", "application/vnd.api+json")])

    @router.get("/text")
    def show_text() -> Response:
        return Response("<p>a</p>", headers=[("content-type", "text/html; charset=utf-8")])

    @router.get("/bytes")
    def show_bytes() -> Response:
        return Response(decoded("iVBORw=="), headers=[("content-type", "image/png")])

    @router.get("/case")
    def show_case() -> Response:
        return Response("a,b", headers=[("Content-Type", "text/csv")])

    app.mount("/", router)

    check(app)


def test_repeated_headers(check: Check) -> None:
    """Fields of one name are sent apart and in their order."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Response:
        return Response(
            "a",
            headers=[
                ("x-a", "1"),
                ("link", '</b>; rel="next"'),
                ("x-a", "2"),
                ("X-A", "1"),
                ("link", '</a>; rel="prev"'),
            ],
        )

    check(app)


def test_returned_after_waiting(check: Check) -> None:
    """A handler that waits answers as one that does not."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items() -> Response:
        await asyncio.sleep(20 / 1000)
        return Response({"a": 1}, 201, headers=[("x-a", "1")])

    app.mount("/", router)

    check(app)


def test_text(check: Check) -> None:
    """A string is sent as UTF-8 text, byte by byte."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "line one\nline two\r\n"

    check(app)


def test_text_length_counts_bytes(check: Check) -> None:
    """Content-Length counts bytes, not characters."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "Löwe \u20ac\U0001f600"

    check(app)


def test_transfer_encoding_is_the_runtimes_own(check: Check) -> None:
    """A transfer coding that a handler claims is not sent."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> Response:
        return Response("abc", headers=[("transfer-encoding", "chunked")])

    check(app)


def test_validation_is_enforced(check: Check) -> None:
    """With response_validation enforced, undeclared members are left out, and JSON that does not fit its schema is a failure."""
    app = Sabir(response_validation="enforce")

    @app.get(
        "/orders/{id:int}",
        responses={
            "200": {
                "description": "An order.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "properties": {
                                "path": {
                                    "type": "object",
                                    "properties": {
                                        "id": {
                                            "type": "object",
                                            "properties": {"int": {"type": "integer", "maximum": 9}},
                                            "required": ["int"],
                                        }
                                    },
                                }
                            },
                            "required": ["path"],
                        }
                    }
                },
            }
        },
    )
    async def show_orders(*, note: str | None = None, id: int) -> dict[str, Any]:
        return echo(path={"id": id}, query={"note": note})

    @app.post(
        "/orders",
        responses={
            "200": {"description": "A number.", "content": {"application/json": {"schema": {"type": "integer"}}}},
            "2XX": {
                "description": "What was asked for.",
                "content": {
                    "application/json": {
                        "schema": {"type": "object", "properties": {"sku": {"type": "string"}}, "required": ["sku"]}
                    }
                },
            },
        },
    )
    async def take_orders() -> tuple[Any, Literal[201]]:
        return {"sku": "tea", "price": 3}, 201

    @app.get(
        "/undeclared",
        responses={
            "404": {"description": "There is none.", "content": {"application/json": {"schema": {"type": "integer"}}}}
        },
    )
    async def show_undeclared(request: Request) -> dict[str, Any]:
        return {"method": request.method, "header:x-note": request.headers.get("x-note")}

    check(app)


def test_validation_warns(check: Check) -> None:
    """With response_validation set to warn, JSON that does not fit its schema is sent as the handler made it."""
    app = Sabir(response_validation="warn")

    @app.get(
        "/orders/{id:int}",
        responses={
            "200": {
                "description": "An order.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "properties": {
                                "path": {
                                    "type": "object",
                                    "properties": {
                                        "id": {
                                            "type": "object",
                                            "properties": {"int": {"type": "integer", "maximum": 9}},
                                            "required": ["int"],
                                        }
                                    },
                                }
                            },
                            "required": ["path"],
                        }
                    }
                },
            }
        },
    )
    async def show_orders(*, note: str | None = None, id: int) -> dict[str, Any]:
        return echo(path={"id": id}, query={"note": note})

    @app.post(
        "/orders",
        responses={
            "200": {"description": "A number.", "content": {"application/json": {"schema": {"type": "integer"}}}},
            "2XX": {
                "description": "What was asked for.",
                "content": {
                    "application/json": {
                        "schema": {"type": "object", "properties": {"sku": {"type": "string"}}, "required": ["sku"]}
                    }
                },
            },
        },
    )
    async def take_orders() -> tuple[Any, Literal[201]]:
        return {"sku": "tea", "price": 3}, 201

    @app.get(
        "/undeclared",
        responses={
            "404": {"description": "There is none.", "content": {"application/json": {"schema": {"type": "integer"}}}}
        },
    )
    async def show_undeclared(request: Request) -> dict[str, Any]:
        return {"method": request.method, "header:x-note": request.headers.get("x-note")}

    check(app)
