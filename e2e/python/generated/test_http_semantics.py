# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/http_semantics``."""

import asyncio
from typing import Any

import pytest
from sabir import Request, Response, Router, Sabir
from support import Check


@pytest.mark.socket
def test_absolute_target(check: Check) -> None:
    """A target in absolute form names the same resource as its path."""
    app = Sabir()

    @app.get("/items")
    async def show_items(request: Request) -> dict[str, Any]:
        return {"path": request.path, "query_string": request.query_string}

    check(app)


@pytest.mark.socket
def test_absolute_target_names_the_host(check: Check) -> None:
    """The host of a target in absolute form counts, not that of the Host field."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(request: Request) -> dict[str, Any]:
        return {
            "header:host": request.headers.get("host"),
            "headers:host": request.headers.getlist("host"),
            "path": request.path,
        }

    check(app)


@pytest.mark.socket
def test_asterisk_belongs_to_options(check: Check) -> None:
    """OPTIONS may ask about the server as a whole; no other method may."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items() -> Any:
        return "ok"

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_bare_line_feeds(check: Check) -> None:
    """Lines end with CR LF; neither a bare LF nor a bare CR stands for it."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> Any:
        return "ok"

    @app.post("/items")
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    check(app)


@pytest.mark.socket
def test_bytes_that_are_no_http(check: Check) -> None:
    """A client that speaks another protocol is refused."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> Any:
        return "ok"

    @app.post("/items")
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    check(app)


@pytest.mark.socket
def test_chunk_extensions_and_trailers(check: Check) -> None:
    """Extensions of chunks and trailers after them are read and thrown away; the next request begins after them."""
    app = Sabir()

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text(), "header:x-t": request.headers.get("x-t")}

    check(app)


@pytest.mark.socket
def test_chunk_extensions_in_every_form(check: Check) -> None:
    """Extensions of chunks may be spaced, quoted and without a value."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_chunk_extensions_that_are_none(check: Check) -> None:
    """What follows a chunk's size and is no extension is refused."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> Any:
        return "ok"

    @app.post("/items")
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    check(app)


@pytest.mark.socket
def test_chunked_is_not_the_last_coding(check: Check) -> None:
    """Where chunked is not the last transfer coding the content has no end that both sides see."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_connect_opens_no_tunnel(check: Check) -> None:
    """CONNECT is refused: this is no proxy."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_connections_stay_open(check: Check) -> None:
    """An HTTP/1.1 connection stays open until one side says close."""
    app = Sabir()
    router = Router()

    @router.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_content_length_beside_transfer_encoding(check: Check) -> None:
    """A request with both ways to frame its content is refused, whatever their order."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_content_length_that_is_no_number(check: Check) -> None:
    """A length is digits and nothing else, and fits."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> Any:
        return "ok"

    @app.post("/items")
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    check(app)


@pytest.mark.socket
def test_content_lengths_that_differ(check: Check) -> None:
    """Lengths that contradict each other are refused."""
    app = Sabir()
    router = Router()

    @router.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

    @router.post("/items", blocking=False)
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_control_characters_in_a_value(check: Check) -> None:
    """Field values hold neither NUL nor other control characters."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> Any:
        return "ok"

    @app.post("/items")
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    check(app)


@pytest.mark.socket
def test_date(check: Check) -> None:
    """Every answer has one Date in the preferred format; that of a handler counts."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

    @app.get("/old", blocking=False)
    def show_old() -> Response:
        return Response("ok", headers=[("date", "Sun, 06 Nov 1994 08:49:37 GMT")])

    check(app)


@pytest.mark.socket
def test_empty_lines_before_a_request(check: Check) -> None:
    """Empty lines before the request line are skipped."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

    check(app)


@pytest.mark.socket
def test_empty_transfer_codings(check: Check) -> None:
    """A list of transfer codings with an empty element is refused."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_expect_100_continue(check: Check) -> None:
    """A client that asks before sending gets its answer; the interim one is not counted as it."""
    app = Sabir()

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_field_names_that_are_no_tokens(check: Check) -> None:
    """A field needs a name, and names are tokens."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_folded_field(check: Check) -> None:
    """A field that goes on in the next line is refused."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_head_sends_no_content(check: Check) -> None:
    """The answer to HEAD ends with its header section, also when it is a refusal."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    check(app)


def test_host_in_every_form(check: Check) -> None:
    """A host is a name, an IPv4 address or a literal in brackets, with or without a port."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(request: Request) -> dict[str, Any]:
        return {
            "header:host": request.headers.get("host"),
            "headers:host": request.headers.getlist("host"),
            "path": request.path,
        }

    check(app)


@pytest.mark.socket
def test_host_is_given_twice(check: Check) -> None:
    """Two Host fields are refused, equal or not."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_host_is_malformed(check: Check) -> None:
    """A Host that is no host with an optional port is refused."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_host_is_missing(check: Check) -> None:
    """An HTTP/1.1 request without Host is refused."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> Any:
        return "ok"

    @app.post("/items")
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    check(app)


def test_host_that_is_none(check: Check) -> None:
    """What is no host with an optional port is refused, on a connection and in memory."""
    app = Sabir()
    router = Router()

    @router.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

    @router.post("/items", blocking=False)
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_http_1_0(check: Check) -> None:
    """An HTTP/1.0 connection closes after the answer unless the client asks otherwise, and such a request needs no Host."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    check(app)


@pytest.mark.socket
def test_malformed_chunks(check: Check) -> None:
    """Chunks that two readers may read differently are refused."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_malformed_request_after_others(check: Check) -> None:
    """A malformed request is refused after the answers to those before it, and nothing after it is looked at."""
    app = Sabir()

    @app.get("/slow")
    async def show_slow() -> Any:
        await asyncio.sleep(100 / 1000)
        return "slow"

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

    check(app)


@pytest.mark.socket
def test_methods_longer_than_any(check: Check) -> None:
    """A method that is longer than any that is implemented is refused as such."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    def show_items() -> Any:
        return "ok"

    @router.post("/items")
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_pipelined_requests(check: Check) -> None:
    """Pipelined requests are answered in their order, however long each takes."""
    app = Sabir()

    @app.get("/slow")
    async def show_slow() -> Any:
        await asyncio.sleep(150 / 1000)
        return "slow"

    @app.get("/items")
    async def show_items() -> Any:
        return "quick"

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_request_lines_that_are_none(check: Check) -> None:
    """A request line is a method, a target and a version with single spaces between."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

    @app.post("/items", blocking=False)
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    check(app)


@pytest.mark.socket
def test_space_before_the_colon(check: Check) -> None:
    """White space between a name and its colon is refused."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

    @app.post("/items", blocking=False)
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    check(app)


@pytest.mark.socket
def test_targets_that_are_none(check: Check) -> None:
    """A target is a path, an absolute URI or, for OPTIONS, an asterisk, in ASCII and without a fragment."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

    @app.post("/items", blocking=False)
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    check(app)


@pytest.mark.socket
def test_transfer_codings_in_several_fields(check: Check) -> None:
    """Several fields of transfer codings are one list."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "ok"

    @app.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    check(app)


@pytest.mark.socket
def test_unknown_transfer_codings(check: Check) -> None:
    """A transfer coding that the server does not decode is refused."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items() -> Any:
        return "ok"

    @router.post("/items")
    async def take_items(request: Request) -> dict[str, Any]:
        return {"text": await request.text()}

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_unread_content_is_not_a_request(check: Check) -> None:
    """Content that no handler reads is skipped, not taken for the next request."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> Any:
        return "ok"

    check(app)


@pytest.mark.socket
def test_unsupported_versions(check: Check) -> None:
    """Versions that the server does not speak are refused."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> Any:
        return "ok"

    @app.post("/items")
    def take_items(request: Request) -> dict[str, Any]:
        return {"text": request.text_sync()}

    check(app)


@pytest.mark.socket
def test_white_space_around_values(check: Check) -> None:
    """Names ignore case, and spaces and tabs around a value are no part of it."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(request: Request) -> dict[str, Any]:
        return {
            "header:x-a": request.headers.get("x-a"),
            "header:x-b": request.headers.get("x-b"),
            "header:x-c": request.headers.get("x-c"),
        }

    check(app)
