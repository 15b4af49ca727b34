# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/streaming``."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pydantic
import pytest
from sabir import Query, Router, Sabir
from support import Check, decoded


def test_a_media_type_of_its_own(check: Check) -> None:
    """A stream has the media type that its handler gives it."""
    app = Sabir()
    router = Router()

    @router.get("/export", media_type="text/csv", blocking=False)
    def show_export() -> Iterator[Any]:
        yield "a,b\n"
        yield "1,2\n"

    app.mount("/", router)

    check(app)


def test_bytes_are_sent_as_they_are(check: Check) -> None:
    """Bytes of a generator are sent as they are."""
    app = Sabir()

    @app.get("/export")
    async def show_export() -> AsyncIterator[Any]:
        yield decoded("AAEC")
        yield decoded("/wA=")

    check(app)


def test_bytes_with_a_media_type(check: Check) -> None:
    """Bytes have the media type that their handler gives them."""
    app = Sabir()

    @app.get("/export", media_type="image/png")
    def show_export() -> Iterator[Any]:
        yield decoded("iVBO")
        yield decoded("Rw==")

    check(app)


@pytest.mark.socket
def test_content_for_http_1_0(check: Check) -> None:
    """A client of HTTP/1.0 gets a stream without chunks; the end of the connection is its end."""
    app = Sabir()

    @app.get("/export")
    async def show_export() -> AsyncIterator[Any]:
        yield "a"
        yield "b"

    check(app)


@pytest.mark.socket
def test_content_in_chunks(check: Check) -> None:
    """Over HTTP/1.1 a stream is sent in chunks, and the connection goes on."""
    app = Sabir()

    @app.get("/export", blocking=False)
    def show_export() -> Iterator[Any]:
        yield "a"
        yield "b"

    check(app)


def test_content_is_checked_before(check: Check) -> None:
    """Content that does not fit is refused before a stream begins."""

    class BodyModel(pydantic.BaseModel):
        n: int

    app = Sabir()

    @app.post("/export")
    async def take_export(body: BodyModel) -> AsyncIterator[Any]:
        yield "a"

    check(app)


def test_empty_text_is_no_end(check: Check) -> None:
    """Empty text in between ends nothing: a chunk of no bytes would."""
    app = Sabir()
    router = Router()

    @router.get("/export")
    async def show_export() -> AsyncIterator[Any]:
        yield "a"
        yield ""
        yield "b"
        yield ""

    app.mount("/", router)

    check(app)


def test_head_has_no_content(check: Check) -> None:
    """HEAD has the header fields of a stream, and no content."""
    app = Sabir()

    @app.get("/export", media_type="text/csv", blocking=False)
    def show_export() -> Iterator[Any]:
        yield "a"

    check(app)


def test_large_values(check: Check) -> None:
    """Values have any size."""
    app = Sabir()
    router = Router()

    @router.get("/export")
    async def show_export() -> AsyncIterator[Any]:
        yield "a" * 200000
        yield "b" * 100000

    app.mount("/", router)

    check(app)


def test_lines_are_utf_8(check: Check) -> None:
    """Lines of JSON are UTF-8."""
    app = Sabir()
    router = Router()

    @router.get("/export")
    async def show_export() -> AsyncIterator[Any]:
        yield {"text": "é 你好"}

    app.mount("/", router)

    check(app)


def test_lines_keep_line_ends_escaped(check: Check) -> None:
    """A line end within a value is escaped, so that each value is one line."""
    app = Sabir()
    router = Router()

    @router.get("/export")
    async def show_export() -> AsyncIterator[Any]:
        yield {"text": "a\nb\r\n"}

    app.mount("/", router)

    check(app)


def test_lines_of_numbers(check: Check) -> None:
    """Lines of JSON may be any values."""
    app = Sabir()
    router = Router()

    @router.get("/export")
    def show_export() -> Iterator[Any]:
        yield 1
        yield 2.5
        yield True
        yield [1]
        yield {"a": "b"}

    app.mount("/", router)

    check(app)


def test_lines_with_a_media_type(check: Check) -> None:
    """Lines of JSON may have another of the media types in use."""
    app = Sabir()

    @app.get("/export", media_type="application/x-ndjson", blocking=False)
    def show_export() -> Iterator[Any]:
        yield {"n": 1}

    check(app)


def test_many_values(check: Check) -> None:
    """Values come in their order, however many there are."""
    app = Sabir()

    @app.get("/export")
    async def show_export() -> AsyncIterator[Any]:
        yield "0 "
        yield "1 "
        yield "2 "
        yield "3 "
        yield "4 "
        yield "5 "
        yield "6 "
        yield "7 "
        yield "8 "
        yield "9 "
        yield "10 "
        yield "11 "
        yield "12 "
        yield "13 "
        yield "14 "
        yield "15 "
        yield "16 "
        yield "17 "
        yield "18 "
        yield "19 "

    check(app)


def test_one_after_the_other(check: Check) -> None:
    """Streams and other answers take turns on one connection."""
    app = Sabir()

    @app.get("/stream")
    def show_stream() -> Iterator[Any]:
        yield "a"
        yield "b"

    @app.get("/text")
    def show_text() -> Any:
        return "c"

    check(app)


def test_one_value(check: Check) -> None:
    """A stream of one value is one."""
    app = Sabir()

    @app.get("/export", blocking=False)
    def show_export() -> Iterator[Any]:
        yield "a"

    check(app)


def test_other_methods_may_stream(check: Check) -> None:
    """A stream answers any method."""
    app = Sabir()

    @app.post("/search", media_type="application/x-ndjson")
    async def take_search() -> AsyncIterator[Any]:
        yield {"n": 1}

    check(app)


def test_parameters_are_checked_before(check: Check) -> None:
    """A request that does not fit is refused with a problem before a stream begins."""
    app = Sabir()

    @app.get("/export", blocking=False)
    def show_export(from_: Annotated[int, Query(name="from", ge=1)]) -> Iterator[Any]:
        yield "a"

    check(app)


def test_text_is_sent_as_it_is(check: Check) -> None:
    """Text of a generator is sent as it is, in its order."""
    app = Sabir()

    @app.get("/export")
    def show_export() -> Iterator[Any]:
        yield "one, "
        yield "two, "
        yield "three"

    check(app)


def test_text_is_utf_8(check: Check) -> None:
    """Text of a generator is UTF-8, also where a character is cut off from the next one."""
    app = Sabir()

    @app.get("/export")
    def show_export() -> Iterator[Any]:
        yield "é"
        yield "你"
        yield "好"
        yield "\U0001f600"

    check(app)


def test_values_are_lines_of_json(check: Check) -> None:
    """Values of a generator that are neither text nor bytes are lines of JSON."""
    app = Sabir()
    router = Router()

    @router.get("/export")
    def show_export() -> Iterator[Any]:
        yield {"n": 1}
        yield {"n": 2}

    app.mount("/", router)

    check(app)


def test_whatever_is_accepted(check: Check) -> None:
    """A stream is sent to clients that would rather have something else."""
    app = Sabir()

    @app.get("/export")
    async def show_export() -> AsyncIterator[Any]:
        yield {"n": 1}

    check(app)
