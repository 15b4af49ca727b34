"""Streams that fail, before their first value or behind it."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from sabir import (
    Event,
    NotFound,
    Problem,
    Sabir,
)
from tests.processes import eventually
from tests.raw_clients import connect, get, listening, read_all


@pytest.mark.native
@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["a", {"b": 1}], "a stream of text or bytes yields a dict"),
        ([b"a", None], "a stream of text or bytes yields a NoneType"),
        ([b"a", 5], "a stream of text or bytes yields a int"),
        ([{"a": 1}, object()], "a value of type object cannot be sent as JSON"),
        ([{"a": 1}, Event(data="x")], "an Event in a stream of other values"),
        ([Event(data="x"), Event()], "an event says nothing"),
        ([Event(data="x"), Event(data="y", id="a\nb")], "has a line break"),
    ],
)
@pytest.mark.parametrize("is_async", [False, True])
def test_a_value_that_does_not_fit_breaks_the_stream_off(
    values: list[Any], message: str, is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = Sabir()
    closed = []

    def plain() -> Iterator[Any]:
        try:
            yield from values
        finally:
            closed.append(True)

    async def later() -> AsyncIterator[Any]:
        try:
            for value in values:
                yield value
        finally:
            closed.append(True)

    app.get("/")(later if is_async else plain)
    with listening(app) as port:
        with pytest.raises(http.client.IncompleteRead) as broken:
            get(port, "/")
        assert broken.value.partial
        assert eventually(lambda: message in caplog.text)
        assert "GET / failed (request " in caplog.text
        assert eventually(lambda: closed)


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("error", [NotFound("No such export."), Problem(409), KeyError("secret")], ids=repr)
def test_a_failure_before_the_first_value_is_an_answer(
    error: Exception, is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = Sabir()

    @app.get("/plain")
    def plain() -> Iterator[str]:
        raise error
        yield ""

    @app.get("/async")
    async def later() -> AsyncIterator[str]:
        await asyncio.sleep(0)
        raise error
        yield ""

    @app.sse("/events")
    async def events() -> AsyncIterator[str]:
        raise error
        yield ""

    status = error.status if isinstance(error, Problem) else 500
    with listening(app) as port:
        for path in ("/async" if is_async else "/plain", "/events"):
            found = get(port, path)
            assert found[:2] == (status, "application/problem+json")
            assert b"secret" not in found[2]
    assert ("KeyError" in caplog.text) == isinstance(error, KeyError)


@pytest.mark.native
@pytest.mark.parametrize("is_async", [False, True])
def test_a_failure_after_the_head_is_logged_and_ends_the_connection(
    is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = Sabir()

    @app.get("/plain")
    def plain() -> Iterator[str]:
        yield "first"
        raise NotFound("too late")

    @app.get("/async")
    async def later() -> AsyncIterator[str]:
        yield "first"
        await asyncio.sleep(0)
        raise NotFound("too late")

    with listening(app) as port, connect(port, "/async" if is_async else "/plain") as client:
        received = read_all(client)
        assert b"transfer-encoding: chunked" in received
        assert b"5\r\nfirst\r\n" in received
        # Without the chunk that ends the content a client can tell (RFC 9112 §8).
        assert not received.endswith(b"0\r\n\r\n")
        assert eventually(lambda: "too late" in caplog.text)
        assert "Traceback" in caplog.text


@pytest.mark.native
@pytest.mark.parametrize("raised", [SystemExit, KeyboardInterrupt])
def test_an_exit_in_a_generator_ends_its_stream_alone(
    raised: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    app = Sabir()

    @app.get("/plain")
    def plain() -> Iterator[str]:
        yield "first"
        raise raised(3)

    @app.get("/async")
    async def later() -> AsyncIterator[str]:
        yield "first"
        await asyncio.sleep(0)
        raise raised(3)

    @app.get("/well")
    async def well() -> str:
        return "well"

    with listening(app) as port:
        for path in ("/plain", "/async"):
            with connect(port, path) as client:
                assert not read_all(client).endswith(b"0\r\n\r\n")
            assert get(port, "/well")[2] == b"well"
    assert caplog.text.count(f"{raised.__name__}: 3") == 2
