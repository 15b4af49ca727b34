"""What a handler can do wrong: the client sees a plain 500, and the server goes on."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sabir import Response, Sabir, TestClient

pytestmark = pytest.mark.native

SECRET = "hunter2"


class UnspeakableError(Exception):
    """An exception that cannot even be printed."""

    def __str__(self) -> str:
        raise RuntimeError(SECRET)


EXCEPTIONS: list[BaseException] = [
    RuntimeError(SECRET),
    LookupError(SECRET),
    StopIteration(SECRET),
    StopAsyncIteration(SECRET),
    GeneratorExit(SECRET),
    asyncio.CancelledError(SECRET),
    ExceptionGroup(SECRET, [ValueError(SECRET)]),
    SystemExit(SECRET),
    SystemExit(3),
    KeyboardInterrupt(SECRET),
    BaseException(SECRET),
    UnspeakableError(),
]


def raises_at_once(error: BaseException) -> Callable[[], Any]:
    async def handler() -> None:
        raise error

    return handler


def raises_later(error: BaseException) -> Callable[[], Any]:
    async def handler() -> None:
        await asyncio.sleep(0.001)
        raise error

    return handler


def raises_plainly(error: BaseException) -> Callable[[], Any]:
    def handler() -> None:
        raise error

    return handler


@pytest.fixture
def app() -> Sabir:
    app = Sabir()

    @app.get("/alive")
    async def alive() -> str:
        await asyncio.sleep(0)
        return "alive"

    @app.get("/thread")
    def thread() -> str:
        return "alive"

    return app


def check(app: Sabir, path: str, *, socket: bool) -> None:
    with TestClient(app, socket=socket, raise_server_exceptions=False) as client:
        # Twice, since the first could leave something broken behind.
        for _ in range(2):
            answer = client.get(path)
            assert answer.status_code == 500
            assert answer.headers["content-type"] == "application/problem+json"
            body = answer.json()
            assert body["type"] == "urn:sabir:problem:internal-error"
            assert body["request_id"] == answer.headers["x-request-id"]
            assert SECRET not in answer.text
            assert "Traceback" not in answer.text
        for alive in ("/alive", "/thread"):
            assert client.get(alive).text == "alive"


@pytest.mark.parametrize("error", EXCEPTIONS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("make", [raises_at_once, raises_later, raises_plainly])
@pytest.mark.parametrize("blocking", [True, False])
def test_an_exception_is_a_500_that_tells_nothing(
    app: Sabir, error: BaseException, make: Callable[[BaseException], Callable[[], Any]], blocking: bool
) -> None:
    app.get("/", blocking=blocking)(make(error))
    check(app, "/", socket=False)


@pytest.mark.parametrize(
    "error", [SystemExit(SECRET), KeyboardInterrupt(SECRET)], ids=lambda error: type(error).__name__
)
@pytest.mark.parametrize("make", [raises_at_once, raises_later, raises_plainly])
def test_a_server_survives_an_attempt_to_end_the_process(
    app: Sabir, error: BaseException, make: Callable[[BaseException], Callable[[], Any]]
) -> None:
    app.get("/")(make(error))
    check(app, "/", socket=True)


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {"a": object()},
        [1, {2j}],
        {(1, 2): 3},
        "\ud800",
        {"a": "\ud800"},
        Response(object()),
        Response("a", 99),
        Response("a", 1000),
        Response("a", headers={"x-a": "\u20ac"}),
        [(i for i in "ab")],
    ],
    ids=repr,
)
@pytest.mark.parametrize("is_async", [True, False])
def test_a_value_that_cannot_be_sent_is_a_500(app: Sabir, value: Any, is_async: bool) -> None:
    if is_async:

        @app.get("/")
        async def later() -> Any:
            await asyncio.sleep(0)
            return value
    else:

        @app.get("/")
        def plainly() -> Any:
            return value

    check(app, "/", socket=False)


def test_the_log_has_what_the_client_does_not_see(app: Sabir, caplog: pytest.LogCaptureFixture) -> None:
    app.get("/")(raises_later(RuntimeError(SECRET)))
    with TestClient(app, raise_server_exceptions=False) as client:
        request_id = client.get("/").headers["x-request-id"]
    assert f"GET / failed (request {request_id})" in caplog.text
    assert f"RuntimeError: {SECRET}" in caplog.text
    assert "in handler" in caplog.text, "the traceback ends in the handler"


def test_debug_shows_the_traceback(app: Sabir) -> None:
    debug = Sabir(debug=True)
    debug.get("/")(raises_later(RuntimeError(SECRET)))
    with TestClient(debug, raise_server_exceptions=False) as client:
        assert f"RuntimeError: {SECRET}" in client.get("/").json()["detail"]
