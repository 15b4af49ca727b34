# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/compression``."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal

from sabir import Event, FileResponse, Problem, Response, Router, Sabir
from sabir.stages import Compression, Cors
from support import Check, decoded


def test_answers_without_content(check: Check) -> None:
    """Answers without content, and parts of content, stay as they are."""
    app = Sabir()
    app.use(Compression())

    @app.get("/items")
    async def show_items() -> Any:
        return "abcdefgh " * 300

    @app.get("/none")
    async def show_none() -> tuple[Any, Literal[204]]:
        return None, 204

    @app.get("/part")
    async def show_part() -> Response:
        return Response("abcdefgh " * 300, 206, headers=[("content-range", "bytes 0-2699/9000")])

    check(app)


def test_content_without_a_coding_may_be_refused(check: Check) -> None:
    """A client that refuses content without a coding gets one that it takes, whatever the content is, or is told that there is none before the handler runs."""
    app = Sabir()
    app.use(Compression())

    @app.get("/small")
    async def show_small() -> Any:
        return "a"

    check(app)


def test_entity_tags_become_weak(check: Check) -> None:
    """The tag of content that is compressed is weak, also where the client has it already."""
    app = Sabir()
    app.use(Compression())

    @app.get("/items")
    async def show_items() -> Response:
        return Response("abcdefgh " * 300, headers=[("etag", '"v1"')])

    @app.get("/weak")
    async def show_weak() -> Response:
        return Response("abcdefgh " * 300, headers=[("etag", 'W/"v1"')])

    @app.get("/same")
    async def show_same() -> Response:
        return Response(None, 304, headers=[("etag", '"v1"')])

    check(app)


def test_event_streams(check: Check) -> None:
    """Events are compressed one by one."""
    app = Sabir()
    app.use(Compression())

    @app.sse("/ticks", blocking=False)
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")
        yield Event(data="b")

    check(app)


def test_files(check: Check) -> None:
    """Files are compressed by their size and their type while they are read, parts of them are not."""
    app = Sabir()
    app.use(Compression())

    @app.get("/page")
    async def show_page() -> FileResponse:
        return FileResponse(check.folder / "page.html", headers=[("etag", '"v1"')])

    @app.get("/small")
    async def show_small() -> FileResponse:
        return FileResponse(check.folder / "small.html")

    @app.get("/image")
    async def show_image() -> FileResponse:
        return FileResponse(check.folder / "image.png")

    check(app)


def test_head_has_the_same_fields(check: Check) -> None:
    """The answer to HEAD says what that to GET would."""
    app = Sabir()
    app.use(Compression())

    @app.get("/items")
    async def show_items() -> Response:
        return Response("abcdefgh " * 300, headers=[("etag", '"v1"')])

    check(app)


def test_levels(check: Check) -> None:
    """How hard a coding tries is an option."""
    app = Sabir()
    app.use(Compression(gzip_level=9, brotli_level=0, zstd_level=1))

    @app.get("/items")
    async def show_items() -> Any:
        return "abcdefgh " * 300

    check(app)


def test_media_types_are_an_option(check: Check) -> None:
    """Which media types are compressed is an option."""
    app = Sabir()
    app.use(Compression(media_types=["text/csv", "model/*+json"]))

    @app.get("/json")
    def show_json() -> Any:
        return {"text": "abcdefgh " * 300}

    @app.get("/csv")
    def show_csv() -> Response:
        return Response("abcdefgh " * 300, headers=[("content-type", "text/csv")])

    @app.get("/model")
    def show_model() -> Response:
        return Response("abcdefgh " * 300, headers=[("content-type", "model/gltf+json")])

    check(app)


def test_media_types_that_are_worth_it(check: Check) -> None:
    """Text, JSON and the like are compressed, images and archives are not."""
    app = Sabir()
    app.use(Compression())

    @app.get("/json")
    async def show_json() -> Any:
        return {"text": "abcdefgh " * 300}

    @app.get("/html")
    async def show_html() -> Response:
        return Response("abcdefgh " * 300, headers=[("content-type", "text/html; charset=utf-8")])

    @app.get("/feed")
    async def show_feed() -> Response:
        return Response("abcdefgh " * 300, headers=[("content-type", "application/atom+xml")])

    @app.get("/svg")
    async def show_svg() -> Response:
        return Response("abcdefgh " * 300, headers=[("content-type", "image/svg+xml")])

    @app.get("/script")
    async def show_script() -> Response:
        return Response("abcdefgh " * 300, headers=[("content-type", "application/javascript")])

    @app.get("/png")
    async def show_png() -> Response:
        return Response("abcdefgh " * 300, headers=[("content-type", "image/png")])

    @app.get("/zip")
    async def show_zip() -> Response:
        return Response("abcdefgh " * 300, headers=[("content-type", "application/zip")])

    @app.get("/video")
    async def show_video() -> Response:
        return Response("abcdefgh " * 300, headers=[("content-type", "video/mp4")])

    check(app)


def test_only_a_route(check: Check) -> None:
    """A route may be the only one whose answers are compressed."""
    app = Sabir()

    @app.get("/own", use=[Compression()])
    async def show_own() -> Any:
        return "abcdefgh " * 300

    @app.get("/items")
    async def show_items() -> Any:
        return "abcdefgh " * 300

    check(app)


def test_problems(check: Check) -> None:
    """Problems are compressed as other answers are, those of the runtime too."""
    app = Sabir()
    app.use(Compression(minimum_size=1))

    @app.get("/items/{id:int}", blocking=False)
    def show_items(*, limit: int | None = None, id: int) -> Any:
        return "abcdefgh " * 300

    @app.get("/raise", blocking=False)
    def show_raise() -> None:
        raise Problem(409, "taken")

    @app.get("/fail", blocking=False)
    def show_fail() -> None:
        raise RuntimeError("broken")

    check(app)


def test_routes_differ(check: Check) -> None:
    """A route has options of its own, or nothing is compressed on it."""
    app = Sabir()
    app.use(Compression())

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "abcdefgh " * 300

    @app.get("/own", use=[Compression(encodings=["deflate"])], blocking=False)
    def show_own() -> Any:
        return "abcdefgh " * 300

    @app.get("/secret", use=[Compression.off()], blocking=False)
    def show_secret() -> Any:
        return "abcdefgh " * 300

    check(app)


def test_small_content_stays(check: Check) -> None:
    """Content below a size is sent as it is, and caches may give it to everybody."""
    app = Sabir()
    app.use(Compression(minimum_size=40))

    @app.get("/large")
    def show_large() -> Any:
        return "a" * 40

    @app.get("/small")
    def show_small() -> Any:
        return "a" * 39

    check(app)


def test_streams(check: Check) -> None:
    """Content that is made while it is sent is compressed meanwhile."""
    app = Sabir()
    app.use(Compression())

    @app.get("/lines")
    async def show_lines() -> AsyncIterator[Any]:
        yield 1
        yield {"a": "abcdefgh " * 300}
        yield 3

    @app.get("/text")
    async def show_text() -> AsyncIterator[Any]:
        yield "a"
        yield "b"

    @app.get("/bytes")
    async def show_bytes() -> AsyncIterator[Any]:
        yield decoded("AAEC")

    check(app)


def test_the_client_chooses(check: Check) -> None:
    """An answer has the coding that the client likes best, the runtime's first choice where it likes several, and caches are told."""
    app = Sabir()
    app.use(Compression())
    router = Router()

    @router.get("/items", blocking=False)
    def show_items() -> Any:
        return "abcdefgh " * 300

    app.mount("/", router)

    check(app)


def test_the_order_is_an_option(check: Check) -> None:
    """The codings that are offered, and which of them comes first, are options."""
    app = Sabir()
    app.use(Compression(encodings=["gzip"]))

    @app.get("/items")
    def show_items() -> Any:
        return "abcdefgh " * 300

    check(app)


def test_what_is_encoded_stays(check: Check) -> None:
    """Content that has a coding already, and what may not be transformed, stays as it is."""
    app = Sabir()
    app.use(Compression())

    @app.get("/items")
    def show_items() -> Any:
        return "abcdefgh " * 300

    @app.get("/coded")
    def show_coded() -> Response:
        return Response("abcdefgh " * 300, headers=[("content-encoding", "x-own")])

    @app.get("/fixed")
    def show_fixed() -> Response:
        return Response("abcdefgh " * 300, headers=[("cache-control", "public, no-transform")])

    @app.get("/digest")
    def show_digest() -> Response:
        return Response("abcdefgh " * 300, headers=[("content-digest", "sha-256=:AA==:")])

    check(app)


def test_with_other_stages(check: Check) -> None:
    """Pages of other origins get compressed answers, and caches are told of both."""
    app = Sabir()
    app.use(Compression(), Cors(allow_origins=["https://shop.example"]))

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "abcdefgh " * 300

    check(app)
