# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/streaming``."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import msgspec
import pydantic
import pytest
from sabir import Body, Part, Query, Router, Sabir, SyncPart
from support import Check, decoded, keep, tag


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


@pytest.mark.socket
def test_answer_before_the_content(check: Check) -> None:
    """A handler may answer without the content: the client hears it while most is not sent."""
    app = Sabir()

    @app.post("/import")
    async def take_import(content: AsyncIterator[bytes]) -> dict[str, Any]:
        return {"size": 0, "sha256": hashlib.sha256().hexdigest()}

    check(app)


def test_bytes_are_sent_as_they_are(check: Check) -> None:
    """Bytes of a generator are sent as they are."""
    app = Sabir()

    @app.get("/export")
    async def show_export() -> AsyncIterator[Any]:
        yield decoded("AAEC")
        yield decoded("/wA=")

    check(app)


def test_bytes_in(check: Check) -> None:
    """A handler may take the bytes of a request while they arrive."""
    app = Sabir()
    router = Router()

    @router.post("/import")
    def take_import(content: Iterator[bytes]) -> dict[str, Any]:
        size, digest = 0, hashlib.sha256()
        for chunk in content:
            size += len(chunk)
            digest.update(chunk)
        return {"size": size, "sha256": digest.hexdigest()}

    app.mount("/", router)

    check(app)


def test_bytes_in_of_a_large_request(check: Check) -> None:
    """Content that is large arrives as a whole."""
    app = Sabir()

    @app.post("/import")
    async def take_import(content: AsyncIterator[bytes]) -> dict[str, Any]:
        size, digest = 0, hashlib.sha256()
        async for chunk in content:
            size += len(chunk)
            digest.update(chunk)
        return {"size": size, "sha256": digest.hexdigest()}

    check(app)


@pytest.mark.socket
def test_bytes_in_of_chunks(check: Check) -> None:
    """Content in chunks arrives as the bytes that it is."""
    app = Sabir()

    @app.post("/import")
    def take_import(content: Iterator[bytes]) -> dict[str, Any]:
        size, digest = 0, hashlib.sha256()
        for chunk in content:
            size += len(chunk)
            digest.update(chunk)
        return {"size": size, "sha256": digest.hexdigest()}

    check(app)


def test_bytes_in_of_one_type(check: Check) -> None:
    """Content of another media type than the handler takes is refused before it runs."""
    app = Sabir()

    @app.post("/import")
    async def take_import(content: Annotated[AsyncIterator[bytes], Body(media_type="text/csv")]) -> dict[str, Any]:
        size, digest = 0, hashlib.sha256()
        async for chunk in content:
            size += len(chunk)
            digest.update(chunk)
        return {"size": size, "sha256": digest.hexdigest()}

    check(app)


def test_bytes_in_that_are_coded(check: Check) -> None:
    """A content coding is undone while content arrives."""
    app = Sabir()

    @app.post("/import")
    async def take_import(content: AsyncIterator[bytes]) -> dict[str, Any]:
        size, digest = 0, hashlib.sha256()
        async for chunk in content:
            size += len(chunk)
            digest.update(chunk)
        return {"size": size, "sha256": digest.hexdigest()}

    check(app)


def test_bytes_in_that_are_too_many(check: Check) -> None:
    """Content whose length is beyond the limit is refused before the handler runs."""
    app = Sabir()
    router = Router()

    @router.post("/import", body_limit=10)
    async def take_import(content: AsyncIterator[bytes]) -> dict[str, Any]:
        size, digest = 0, hashlib.sha256()
        async for chunk in content:
            size += len(chunk)
            digest.update(chunk)
        return {"size": size, "sha256": digest.hexdigest()}

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_bytes_in_that_become_too_many(check: Check) -> None:
    """Content without a length is refused where it exceeds the limit, while the handler takes it."""
    app = Sabir()
    router = Router()

    @router.post("/import", body_limit=10)
    def take_import(content: Iterator[bytes]) -> dict[str, Any]:
        size, digest = 0, hashlib.sha256()
        for chunk in content:
            size += len(chunk)
            digest.update(chunk)
        return {"size": size, "sha256": digest.hexdigest()}

    app.mount("/", router)

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


@pytest.mark.socket
def test_content_that_breaks(check: Check) -> None:
    """Chunks that are malformed end the handler with 400, though the first were good."""

    class Item(pydantic.BaseModel, extra="forbid"):
        sku: str
        sold: Annotated[int, pydantic.Field(ge=0)]

    app = Sabir()
    router = Router()

    @router.post("/import")
    async def take_import(items: AsyncIterator[Item]) -> dict[str, Any]:
        taken: list[Any] = []
        async for item in items:
            taken.append(tag(item))
        return {"items": taken}

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_content_that_does_not_come(check: Check) -> None:
    """Content that stays away ends the handler with 408."""
    app = Sabir(body_timeout_ms=150)

    @app.post("/import")
    def take_import(content: Iterator[bytes]) -> dict[str, Any]:
        size, digest = 0, hashlib.sha256()
        for chunk in content:
            size += len(chunk)
            digest.update(chunk)
        return {"size": size, "sha256": digest.hexdigest()}

    check(app)


@pytest.mark.socket
def test_content_that_is_kept(check: Check) -> None:
    """Content that a handler still holds when it has answered delays no further request on its connection."""

    class Item(msgspec.Struct, forbid_unknown_fields=True):
        sku: str

    app = Sabir()

    @app.post("/bytes")
    def take_bytes(content: Iterator[bytes]) -> dict[str, Any]:
        keep(content)
        return {"size": 0, "sha256": hashlib.sha256().hexdigest()}

    @app.post("/lines")
    def take_lines(items: Iterator[Item]) -> dict[str, Any]:
        keep(items)
        taken: list[Any] = []
        return {"items": taken}

    @app.post("/parts")
    def take_parts(parts: Iterator[SyncPart]) -> dict[str, Any]:
        keep(parts)
        taken: list[Any] = []
        return {"parts": taken}

    @app.get("/items")
    def show_items() -> Any:
        return "ok"

    check(app)


@pytest.mark.socket
def test_content_that_is_refused_while_it_arrives(check: Check) -> None:
    """What is wrong with content is answered when it is seen, and what comes after it is no further request."""

    class Item(msgspec.Struct, forbid_unknown_fields=True):
        sku: str

    app = Sabir()

    @app.post("/lines")
    async def take_lines(items: AsyncIterator[Item]) -> dict[str, Any]:
        keep(items)
        taken: list[Any] = []
        async for item in items:
            taken.append(tag(item))
        return {"items": taken}

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "ok"

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


@pytest.mark.socket
def test_failure_after_lines(check: Check) -> None:
    """Lines of JSON that were sent before a failure are whole."""
    app = Sabir()

    @app.get("/export")
    async def show_export() -> AsyncIterator[Any]:
        yield {"n": 1}
        yield {"n": 2}
        raise RuntimeError("no")

    check(app)


@pytest.mark.socket
def test_failure_after_many_bytes(check: Check) -> None:
    """A failure behind much content breaks it off, too."""
    app = Sabir()
    router = Router()

    @router.get("/export", blocking=False)
    def show_export() -> Iterator[Any]:
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        yield "0123456789" * 1000
        raise RuntimeError("no")

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_failure_after_text(check: Check) -> None:
    """A handler that fails after the first value breaks the answer off, so that the client can tell; it does not see why."""
    app = Sabir()
    router = Router()

    @router.get("/export", blocking=False)
    def show_export() -> Iterator[Any]:
        yield "one, "
        yield "two"
        raise RuntimeError("the password is secret")

    app.mount("/", router)

    check(app)


def test_head_has_no_content(check: Check) -> None:
    """HEAD has the header fields of a stream, and no content."""
    app = Sabir()

    @app.get("/export", media_type="text/csv", blocking=False)
    def show_export() -> Iterator[Any]:
        yield "a"

    check(app)


def test_item_that_does_not_fit(check: Check) -> None:
    """A line that does not fit is the end: the problem says which one, where and why."""

    class Item(pydantic.BaseModel, extra="forbid"):
        sku: str
        sold: Annotated[int, pydantic.Field(ge=0)]

    app = Sabir()

    @app.post("/import")
    async def take_import(items: AsyncIterator[Item]) -> dict[str, Any]:
        taken: list[Any] = []
        async for item in items:
            taken.append(tag(item))
        return {"items": taken}

    check(app)


def test_item_that_is_no_json(check: Check) -> None:
    """A line that is no JSON is malformed content."""

    class Item(msgspec.Struct, forbid_unknown_fields=True):
        sku: str
        sold: Annotated[int, msgspec.Meta(ge=0)]

    app = Sabir()

    @app.post("/import")
    async def take_import(items: AsyncIterator[Item]) -> dict[str, Any]:
        taken: list[Any] = []
        async for item in items:
            taken.append(tag(item))
        return {"items": taken}

    check(app)


def test_item_that_is_too_long(check: Check) -> None:
    """A line is no longer than the limit of lines."""

    class Item(pydantic.BaseModel, extra="forbid"):
        sku: str
        sold: Annotated[int, pydantic.Field(ge=0)]

    app = Sabir(line_limit=50)
    router = Router()

    @router.post("/import")
    async def take_import(items: AsyncIterator[Item]) -> dict[str, Any]:
        taken: list[Any] = []
        async for item in items:
            taken.append(tag(item))
        return {"items": taken}

    app.mount("/", router)

    check(app)


def test_items_in(check: Check) -> None:
    """JSON Lines arrive one by one, each with its types."""

    class Item(pydantic.BaseModel, extra="forbid"):
        sku: str
        sold: Annotated[int, pydantic.Field(ge=0)]

    app = Sabir()

    @app.post("/import")
    async def take_import(items: AsyncIterator[Item]) -> dict[str, Any]:
        taken: list[Any] = []
        async for item in items:
            taken.append(tag(item))
        return {"items": taken}

    check(app)


def test_items_in_of_another_type(check: Check) -> None:
    """Lines are of the media type of lines."""

    class Item(pydantic.BaseModel, extra="forbid"):
        sku: str
        sold: Annotated[int, pydantic.Field(ge=0)]

    app = Sabir()

    @app.post("/import")
    async def take_import(items: AsyncIterator[Item]) -> dict[str, Any]:
        taken: list[Any] = []
        async for item in items:
            taken.append(tag(item))
        return {"items": taken}

    check(app)


@pytest.mark.socket
def test_items_in_over_chunks(check: Check) -> None:
    """A line may be spread over chunks."""

    class Item(pydantic.BaseModel, extra="forbid"):
        sku: str
        sold: Annotated[int, pydantic.Field(ge=0)]

    app = Sabir()
    router = Router()

    @router.post("/import")
    async def take_import(items: AsyncIterator[Item]) -> dict[str, Any]:
        taken: list[Any] = []
        async for item in items:
            taken.append(tag(item))
        return {"items": taken}

    app.mount("/", router)

    check(app)


def test_items_in_with_odd_lines(check: Check) -> None:
    """The last line needs no end, lines may end with CR LF, and empty ones are passed over."""

    class Item(msgspec.Struct, forbid_unknown_fields=True):
        sku: str
        sold: Annotated[int, msgspec.Meta(ge=0)]

    app = Sabir()

    @app.post("/import")
    def take_import(items: Iterator[Item]) -> dict[str, Any]:
        taken: list[Any] = []
        for item in items:
            taken.append(tag(item))
        return {"items": taken}

    check(app)


def test_items_that_are_left(check: Check) -> None:
    """A handler may answer before it has taken everything; what is left is not looked at."""

    class Item(pydantic.BaseModel, extra="forbid"):
        sku: str
        sold: Annotated[int, pydantic.Field(ge=0)]

    app = Sabir()
    router = Router()

    @router.post("/import")
    async def take_import(items: AsyncIterator[Item]) -> dict[str, Any]:
        taken: list[Any] = []
        async for item in items:
            taken.append(tag(item))
            if len(taken) == 1:
                break
        return {"items": taken}

    app.mount("/", router)

    check(app)


def test_large_part_in(check: Check) -> None:
    """A part is larger than what arrives at once."""
    app = Sabir()

    @app.post("/import")
    async def take_import(parts: AsyncIterator[Part]) -> dict[str, Any]:
        taken: list[Any] = []
        async for part in parts:
            data = await part.read()
            taken.append(
                {
                    "name": part.name,
                    "filename": part.filename,
                    "content_type": part.content_type,
                    "size": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                }
            )
        return {"parts": taken}

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


def test_no_bytes_in(check: Check) -> None:
    """A request without content has no bytes to take."""
    app = Sabir()

    @app.post("/import")
    async def take_import(
        content: Annotated[AsyncIterator[bytes], Body(media_type="application/octet-stream")],
    ) -> dict[str, Any]:
        size, digest = 0, hashlib.sha256()
        async for chunk in content:
            size += len(chunk)
            digest.update(chunk)
        return {"size": size, "sha256": digest.hexdigest()}

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


def test_parameters_of_a_stream_in(check: Check) -> None:
    """Parameters are checked before the handler takes content."""
    app = Sabir()

    @app.post("/import")
    async def take_import(limit: int, content: AsyncIterator[bytes]) -> dict[str, Any]:
        size, digest = 0, hashlib.sha256()
        async for chunk in content:
            size += len(chunk)
            digest.update(chunk)
        return {"size": size, "sha256": digest.hexdigest()}

    check(app)


def test_part_that_is_too_large(check: Check) -> None:
    """A part is no larger than the limit of parts."""
    app = Sabir(part_limit=10)

    @app.post("/import")
    async def take_import(parts: AsyncIterator[Part]) -> dict[str, Any]:
        taken: list[Any] = []
        async for part in parts:
            data = await part.read()
            taken.append(
                {
                    "name": part.name,
                    "filename": part.filename,
                    "content_type": part.content_type,
                    "size": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                }
            )
        return {"parts": taken}

    check(app)


def test_parts_in(check: Check) -> None:
    """The parts of a form arrive one by one: fields and files, in their order."""
    app = Sabir()

    @app.post("/import")
    def take_import(parts: Iterator[SyncPart]) -> dict[str, Any]:
        taken: list[Any] = []
        for part in parts:
            data = part.read()
            taken.append(
                {
                    "name": part.name,
                    "filename": part.filename,
                    "content_type": part.content_type,
                    "size": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                }
            )
        return {"parts": taken}

    check(app)


def test_parts_in_of_another_type(check: Check) -> None:
    """Parts are of a form."""
    app = Sabir()
    router = Router()

    @router.post("/import")
    def take_import(parts: Iterator[SyncPart]) -> dict[str, Any]:
        taken: list[Any] = []
        for part in parts:
            data = part.read()
            taken.append(
                {
                    "name": part.name,
                    "filename": part.filename,
                    "content_type": part.content_type,
                    "size": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                }
            )
        return {"parts": taken}

    app.mount("/", router)

    check(app)


def test_parts_in_without_an_end(check: Check) -> None:
    """A form without its last boundary is malformed."""
    app = Sabir()

    @app.post("/import")
    def take_import(parts: Iterator[SyncPart]) -> dict[str, Any]:
        taken: list[Any] = []
        for part in parts:
            data = part.read()
            taken.append(
                {
                    "name": part.name,
                    "filename": part.filename,
                    "content_type": part.content_type,
                    "size": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                }
            )
        return {"parts": taken}

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
