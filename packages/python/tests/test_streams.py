"""Answers that are made while they are sent."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import json
import threading
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from sabir import (
    Event,
    HTMLResponse,
    JSONResponse,
    NotFound,
    Problem,
    Response,
    Router,
    Sabir,
    SetupError,
    StreamingResponse,
    TestClient,
)
from sabir.chunks import Chunks
from sabir.encoding import Answers, encode_result
from sabir.operation import INLINE, derive
from sabir.routes import RouteDefinition
from tests.processes import TIMEOUT, eventually
from tests.raw_clients import get, listening

tenant: contextvars.ContextVar[str] = contextvars.ContextVar("tenant", default="none")


@dataclass
class Row:
    sku: str
    sold: int = 1


def numbers() -> Iterator[str]:
    yield "1,"
    yield "2"


async def later_numbers() -> AsyncIterator[str]:
    yield "1,"
    await asyncio.sleep(0)
    yield "2"


async def returns_generator() -> Iterator[str]:
    return numbers()


async def returns_async_generator() -> AsyncIterator[str]:
    return later_numbers()


def plainly_returns_async_generator() -> AsyncIterator[str]:
    return later_numbers()


class Source:
    def __call__(self) -> Iterator[str]:
        yield from numbers()

    async def later(self) -> AsyncIterator[str]:
        async for number in later_numbers():
            yield number

    @staticmethod
    def static() -> Iterator[str]:
        yield from numbers()


class Countdown:
    """Iterated over without being a generator."""

    def __init__(self) -> None:
        self.left = ["2", "1,"]

    def __aiter__(self) -> Countdown:
        return self

    async def __anext__(self) -> str:
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop()


def plainly_decorated(handler: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(handler)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return handler(*args, **kwargs)

    return wrapper


def later_decorated(handler: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(handler)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        return handler(*args, **kwargs)

    return wrapper


HANDLERS: dict[str, Callable[..., Any]] = {
    "generator": numbers,
    "async generator": later_numbers,
    "coroutine that returns a generator": returns_generator,
    "coroutine that returns an async generator": returns_async_generator,
    "function that returns a generator": lambda: numbers(),
    "function that returns an async generator": plainly_returns_async_generator,
    "callable object": Source(),
    "method": Source().later,
    "static method": Source.static,
    "partial call": functools.partial(numbers),
    "partial call of an async generator": functools.partial(later_numbers),
    "decorated generator": plainly_decorated(numbers),
    "decorated async generator": plainly_decorated(later_numbers),
    "generator decorated by a coroutine": later_decorated(numbers),
    "async generator decorated by a coroutine": later_decorated(later_numbers),
    "iterator": lambda: iter(["1,", "2"]),
    "lazy built-in": lambda: map(str, ["1,", "2"]),
    "async iterator": lambda: Countdown(),
    "response": lambda: Response(numbers()),
    "async response": lambda: Response(later_numbers()),
    "streaming response": lambda: StreamingResponse(["1,", "2"]),
}


@pytest.mark.native
@pytest.mark.parametrize("blocking", [True, False])
@pytest.mark.parametrize("name", HANDLERS)
def test_what_can_be_iterated_over_is_a_stream(name: str, blocking: bool) -> None:
    app = Sabir()
    app.get("/", blocking=blocking)(HANDLERS[name])
    with listening(app) as port:
        for _ in range(2):
            assert get(port, "/") == (200, "text/plain; charset=utf-8", b"1,2")
    with TestClient(app) as client:
        assert client.get("/").text == "1,2"


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    ("values", "media_type", "content"),
    [
        (["a", "é"], "text/plain; charset=utf-8", "aé".encode()),
        (["a", b"b", bytearray(b"c"), memoryview(b"d")], "text/plain; charset=utf-8", b"abcd"),
        ([b"a", "b"], "application/octet-stream", b"ab"),
        (["", "", "a", ""], "text/plain; charset=utf-8", b"a"),
        ([], "application/octet-stream", b""),
        ([Row("a"), Row("b", 2)], "application/jsonl", b'{"sku":"a","sold":1}\n{"sku":"b","sold":2}\n'),
        ([{"a": 1}, [1], None, "x", 1.5], "application/jsonl", b'{"a":1}\n[1]\nnull\n"x"\n1.5\n'),
        ([None], "application/jsonl", b"null\n"),
        ([Event(data={"n": 1})], "text/event-stream", b'data: {"n":1}\n\n'),
    ],
)
def test_the_first_value_says_what_the_stream_is(
    values: list[Any], media_type: str, content: bytes, is_async: bool
) -> None:
    app = Sabir()

    @app.get("/plain")
    def plain() -> Any:
        yield from values

    @app.get("/async")
    async def later() -> Any:
        for value in values:
            yield value

    with listening(app) as port:
        assert get(port, "/async" if is_async else "/plain") == (200, media_type, content)


@pytest.mark.native
@pytest.mark.parametrize("way", ["async", "returned", "plain", "thread", "inline"])
def test_a_generator_sees_the_context_of_its_handler(way: str) -> None:
    app = Sabir()

    def values() -> Iterator[str]:
        yield tenant.get()
        yield tenant.get()

    async def later_values() -> AsyncIterator[str]:
        yield tenant.get()
        await asyncio.sleep(0)
        yield tenant.get()

    @app.get("/async/{name}")
    async def own(name: str) -> AsyncIterator[str]:
        before = tenant.get()
        tenant.set(name)
        await asyncio.sleep(0)
        yield before
        yield tenant.get()

    @app.get("/plain/{name}")
    def plain(name: str) -> Iterator[str]:
        before = tenant.get()
        tenant.set(name)
        yield before
        yield tenant.get()

    @app.get("/returned/{name}")
    async def returned(name: str) -> AsyncIterator[str]:
        tenant.set(name)
        await asyncio.sleep(0)
        return later_values()

    @app.get("/thread/{name}")
    def thread(name: str) -> Iterator[str]:
        tenant.set(name)
        return values()

    @app.get("/inline/{name}", blocking=False)
    def inline(name: str) -> Iterator[str]:
        tenant.set(name)
        return values()

    with listening(app) as port:
        for name in ("a", "b"):
            text = get(port, f"/{way}/{name}")[2].decode()
            assert text == (f"none{name}" if way in ("async", "plain") else name * 2)


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
def test_a_chunk_may_be_huge(is_async: bool) -> None:
    app = Sabir()
    chunk = bytes(range(256)) * 200_000

    def plain() -> Iterator[bytes]:
        yield chunk
        yield b"end"

    async def later() -> AsyncIterator[bytes]:
        yield chunk
        yield b"end"

    app.get("/")(later if is_async else plain)
    with listening(app) as port:
        assert get(port, "/")[2] == chunk + b"end"


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
def test_chunks_may_be_many(is_async: bool) -> None:
    app = Sabir()
    count = 100_000

    def plain() -> Iterator[bytes]:
        for _ in range(count):
            yield b"ab"

    async def later() -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"ab"

    app.get("/")(later if is_async else plain)
    with listening(app) as port:
        before = time.monotonic()
        assert get(port, "/")[2] == b"ab" * count
        # 50 microseconds each, on a machine with other work.
        assert time.monotonic() - before < 5


@pytest.mark.native
def test_head_gets_the_head_of_a_stream() -> None:
    app = Sabir()
    ended = []

    @app.get("/", media_type="text/csv")
    async def endless() -> AsyncIterator[str]:
        try:
            while True:
                yield "a"
        finally:
            ended.append(True)

    with listening(app) as port:
        assert get(port, "/", "HEAD") == (200, "text/csv", b"")
        eventually(lambda: ended, 1)


@pytest.mark.native
def test_status_fields_and_media_type_of_a_stream_are_those_given() -> None:
    app = Sabir()

    @app.get("/response")
    def response() -> Response:
        answer = StreamingResponse(numbers(), 203, {"x-a": "b"}, "text/csv")
        answer.set_cookie("seen", "1")
        return answer

    @app.get("/html")
    def html() -> Response:
        return HTMLResponse(numbers())

    @app.get("/field")
    def field() -> Response:
        return Response(numbers(), headers={"content-type": "text/x"})

    @app.post("/status", status=202)
    def status() -> Iterator[str]:
        yield "a"

    @app.get("/pair")
    def pair() -> tuple[Iterator[int], Literal[201]]:
        return iter([1, 2]), 201

    @app.get("/raw-events")
    def raw_events() -> Response:
        return StreamingResponse(iter(["data: a\n\n"]), media_type="text/event-stream")

    with TestClient(app) as client:
        found = client.get("/response")
        assert (found.status_code, found.text) == (203, "1,2")
        assert (found.headers["content-type"], found.headers["x-a"]) == ("text/csv", "b")
        assert found.headers["set-cookie"] == "seen=1; Path=/"
        assert client.get("/html").headers["content-type"] == "text/html; charset=utf-8"
        assert client.get("/field").headers["content-type"] == "text/x"
        assert client.post("/status").status_code == 202
        assert (client.get("/pair").status_code, client.get("/pair").text) == (201, "1\n2\n")
        raw = client.get("/raw-events")
        assert (raw.headers["content-type"], raw.text) == ("text/event-stream", "data: a\n\n")


@pytest.mark.native
def test_a_route_says_the_media_type_of_its_values() -> None:
    app = Sabir()
    app.get("/text", media_type="text/csv")(lambda: "a,b")
    app.get("/bytes", media_type="image/png")(lambda: b"png")
    app.get("/json", media_type="application/vnd.api+json")(lambda: {"a": 1})
    app.get("/list", media_type="application/vnd.api+json")(lambda: Row("a"))
    app.get("/own", media_type="text/csv")(lambda: Response("a"))
    app.get("/lines", media_type="application/x-ndjson")(lambda: iter(["a", "b"]))

    @app.get("/stream", media_type="text/csv")
    def stream() -> Iterator[bytes]:
        yield b"a"

    @app.get("/refused", media_type="text/csv")
    async def refused() -> AsyncIterator[str]:
        raise NotFound
        yield ""

    with TestClient(app) as client:
        types = {
            path: client.get(path).headers["content-type"]
            for path in ("/text", "/bytes", "/json", "/list", "/own", "/lines", "/stream", "/refused")
        }
        assert client.get("/lines").text == '"a"\n"b"\n'
    assert types == {
        "/text": "text/csv",
        "/bytes": "image/png",
        "/json": "application/vnd.api+json",
        "/list": "application/vnd.api+json",
        "/own": "text/plain; charset=utf-8",
        "/lines": "application/x-ndjson",
        "/stream": "text/csv",
        "/refused": "application/problem+json",
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"media_type": "text/csv", "produces": "text/csv"}, "both say the media type"),
        ({"media_type": 7}, "media_type: 7 is no media type"),
        ({"media_type": "csv"}, "media_type: 'csv' is no media type"),
        ({"media_type": "a/\nb"}, "control characters"),
        ({"events": {"tick": Row}}, "add the route with app.sse"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        Sabir().get("/", **options)(numbers)


def test_a_route_has_its_own_media_type_where_its_router_has_several() -> None:
    router = Router("/a", produces=["text/csv", "application/json"])
    router.get("/", media_type="text/plain")(numbers)
    content = derive(router.definitions[0]).operation["responses"]["200"]["content"]
    assert content.keys() == {"text/plain"}


INTEGER_OR_STRING = {"anyOf": [{"type": "integer"}, {"type": "string"}]}
ITEM = {"itemSchema": {"$ref": "#/components/schemas/Row"}}


@pytest.mark.parametrize(
    ("annotation", "content"),
    [
        (AsyncIterator[Row], {"application/jsonl": ITEM}),
        (Iterator[Row] | None, {"application/jsonl": ITEM}),
        (Iterator[Row] | Response | Problem, {"application/jsonl": ITEM}),
        (AsyncIterable[Row], {"application/jsonl": ITEM}),
        (
            Iterator[int | str],
            {"application/jsonl": {"itemSchema": INTEGER_OR_STRING}},
        ),
        (Iterator[str], {"text/plain; charset=utf-8": {}}),
        (AsyncIterator[bytes], {"application/octet-stream": {}}),
        (AsyncIterator[str | bytes], None),
        (AsyncIterator[Any], None),
        (StreamingResponse, None),
    ],
    ids=str,
)
def test_an_annotation_describes_the_items(annotation: Any, content: Any) -> None:
    def handler() -> Any: ...

    handler.__annotations__["return"] = annotation
    responses = derive(RouteDefinition("GET", "/", handler, {})).operation.get("responses", {})
    assert responses.get("200", {}).get("content") == content


def test_an_iterable_is_a_stream_where_the_handler_is_a_generator() -> None:
    def generator() -> Iterable[Row]:
        yield Row("a")

    content = derive(RouteDefinition("GET", "/", generator, {})).operation["responses"]["200"]["content"]
    assert content == {"application/jsonl": ITEM}


@pytest.mark.native
def test_an_annotation_decides_between_text_and_lines() -> None:
    app = Sabir()

    @app.get("/")
    def mixed() -> Iterator[str | int]:
        yield "a"
        yield 1

    with TestClient(app) as client:
        assert client.get("/").text == '"a"\n1\n'
        assert client.get("/", headers={"accept": "text/html"}).status_code == 200


def test_a_generator_is_made_on_the_loop() -> None:
    for handler in (numbers, later_numbers, Source(), functools.partial(numbers), plainly_decorated(later_numbers)):
        assert derive(RouteDefinition("GET", "/", handler, {})).mode == INLINE


@pytest.mark.parametrize("content", ["text", b"octets", bytearray(b""), {"a": 1}, 7, None])
def test_a_stream_is_made_of_what_can_be_iterated_over(content: Any) -> None:
    with pytest.raises(TypeError, match="a stream cannot be made of"):
        StreamingResponse(content)


def test_json_of_an_iterator_is_refused() -> None:
    with pytest.raises(TypeError, match="collect what it yields into a list"):
        encode_result(JSONResponse(iter([1])))


def test_the_status_of_a_response_goes_before_that_of_the_route() -> None:
    chunks = encode_result(Response(numbers(), 404), Answers(status=201))
    assert isinstance(chunks, Chunks)
    assert chunks._status == 404


@pytest.mark.native
def test_clients_in_many_threads_read_streams_at_the_same_time() -> None:
    app = Sabir()

    @app.get("/{name}")
    async def handler(name: str) -> AsyncIterator[str]:
        for _ in range(50):
            yield name
            await asyncio.sleep(0)

    found: dict[int, str] = {}

    with TestClient(app) as client:

        def read(number: int) -> None:
            found[number] = client.get(f"/{number}").text

        threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(TIMEOUT)
    assert found == {number: str(number) * 50 for number in range(8)}


@pytest.mark.native
def test_lines_are_json_each() -> None:
    app = Sabir()

    @app.get("/")
    async def rows() -> AsyncIterator[Row]:
        for sold in range(1000):
            yield Row("a\nb", sold)

    with listening(app) as port:
        lines = get(port, "/")[2].splitlines()
    assert [json.loads(line) for line in lines] == [{"sku": "a\nb", "sold": sold} for sold in range(1000)]
