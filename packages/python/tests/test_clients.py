"""Test clients: clients of httpx whose requests reach the application."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import anyio
import httpx
import pytest

from sabir import AsyncTestClient, Conflict, Form, Request, Response, Sabir, SabirTransport, TestClient, UploadFile

pytestmark = pytest.mark.native

TIMEOUT = 20.0


@pytest.fixture
def app() -> Sabir:
    app = Sabir()

    @app.get("/query")
    def query(request: Request) -> str:
        return request.query_string

    @app.get("/path/{name}")
    def path(request: Request, name: str) -> list[str]:
        return [request.path, name]

    @app.post("/form")
    def form(request: Request) -> str:
        return request.text_sync()

    @app.post("/upload")
    async def upload(file: UploadFile, note: Annotated[str, Form()] = "") -> list[Any]:
        return [file.filename, (await file.read()).decode(), note]

    @app.post("/content")
    def content(request: Request) -> bytes:
        return request.body_sync()

    @app.post("/log-in")
    def log_in() -> Response:
        answer = Response("in")
        answer.set_cookie("session", "s3cret", secure=True, http_only=True)
        return answer

    @app.post("/log-out")
    def log_out() -> Response:
        answer = Response("out")
        answer.delete_cookie("session")
        return answer

    @app.get("/cookies")
    def cookies(request: Request) -> dict[str, str]:
        return request.cookies

    @app.get("/moved")
    def moved() -> Response:
        return Response(status=307, headers={"location": "/path/new"})

    @app.get("/host")
    def host(request: Request) -> Any:
        return request.headers.get("host")

    @app.get("/broken")
    async def broken() -> None:
        await asyncio.sleep(0)
        raise LookupError("not shown to clients")

    @app.get("/broken-plainly")
    def broken_plainly() -> None:
        raise LookupError("not shown to clients")

    @app.get("/unsendable")
    def unsendable() -> Any:
        return object()

    @app.get("/exit")
    async def leave() -> None:
        raise SystemExit(3)

    @app.get("/conflict")
    def conflict() -> None:
        raise Conflict("taken")

    @app.get("/thread")
    async def thread() -> str:
        return threading.current_thread().name

    return app


@pytest.fixture(params=[False, True], ids=["memory", "socket"])
def client(request: pytest.FixtureRequest, app: Sabir) -> Iterator[TestClient]:
    with TestClient(app, socket=request.param) as opened:
        yield opened


@pytest.mark.parametrize(
    ("params", "sent"),
    [
        ({"flag": True, "off": False}, "flag=true&off=false"),
        ({"a": None, "b": 1}, "b=1"),
        ({"a": None}, ""),
        ({"tag": ["a", None, "b c"]}, "tag=a&tag=b+c"),
        ([("a", 1), ("a", None), ("a", 2.5)], "a=1&a=2.5"),
        ("raw=1&raw=2", "raw=1&raw=2"),
        ({"q": "ä&="}, "q=%C3%A4%26%3D"),
    ],
)
def test_sends_parameters_as_httpx_users_mean_them(client: TestClient, params: Any, sent: str) -> None:
    assert client.get("/query", params=params).text == sent


def test_encodes_the_address(client: TestClient) -> None:
    assert client.get("/path/a b ä").json() == ["/path/a%20b%20%C3%A4", "a b ä"]
    assert client.get("/path/a%2Fb?x=1#part").json() == ["/path/a%2Fb", "a/b"]


def test_sends_forms_and_files(client: TestClient, tmp_path: Path) -> None:
    assert client.post("/form", data={"a": True, "b": None, "c": ["1", "2"]}).text == "a=true&c=1&c=2"
    tmp_path.joinpath("notes.txt").write_text("hi")
    with tmp_path.joinpath("notes.txt").open("rb") as file:
        answer = client.post("/upload", files={"file": file}, data={"note": "n"})
    assert answer.json() == ["notes.txt", "hi", "n"]
    assert client.post("/content", content=iter([b"a", b"b"])).content == b"ab"


def test_keeps_cookies_also_those_for_secure_connections(client: TestClient) -> None:
    client.post("/log-in").raise_for_status()
    assert client.get("/cookies").json() == {"session": "s3cret"}
    assert client.get("/cookies", cookies={"other": "1"}).json() == {"session": "s3cret", "other": "1"}
    client.post("/log-out")
    assert client.get("/cookies").json() == {}


def test_follows_redirects_when_asked(client: TestClient) -> None:
    answer = client.get("/moved")
    assert (answer.status_code, answer.headers["location"]) == (307, "/path/new")
    answer = client.get("/moved", follow_redirects=True)
    assert answer.json() == ["/path/new", "new"]
    assert [before.status_code for before in answer.history] == [307]


def test_takes_the_options_of_httpx(app: Sabir) -> None:
    seen: list[str] = []
    with TestClient(
        app,
        base_url="http://shop.test/path/",
        headers={"x-a": "1"},
        params={"all": 1},
        event_hooks={"request": [lambda request: seen.append(str(request.url))]},
    ) as client:
        assert client.get("b").json() == ["/path/b", "b"]
        assert client.get("http://shop.test/host").text == "shop.test"
        assert client.get("http://shop.test/host", headers={"host": "other.test"}).text == "other.test"
    assert seen[0] == "http://shop.test/path/b?all=1"


@pytest.mark.parametrize("path", ["/broken", "/broken-plainly"])
def test_raises_what_a_handler_did_not_mean_to_raise(client: TestClient, path: str) -> None:
    with pytest.raises(LookupError, match="not shown to clients") as caught:
        client.get(path)
    assert any(entry.name.startswith("broken") for entry in caught.traceback)
    assert client.get("/conflict").status_code == 409


def test_raises_that_a_value_cannot_be_sent(client: TestClient) -> None:
    with pytest.raises(TypeError, match="a value of type object cannot be sent"):
        client.get("/unsendable")


def test_what_would_end_the_program_is_an_answer(client: TestClient) -> None:
    assert client.get("/exit").status_code == 500


@pytest.mark.parametrize("socket", [False, True])
def test_shows_the_answer_instead_when_asked(app: Sabir, socket: bool) -> None:
    with TestClient(app, socket=socket, raise_server_exceptions=False) as client:
        answer = client.get("/broken")
    assert answer.status_code == 500
    assert "not shown" not in answer.text


@pytest.mark.parametrize("socket", [False, True])
async def test_raises_in_coroutines_too(app: Sabir, socket: bool) -> None:
    async with AsyncTestClient(app, socket=socket) as client:
        with pytest.raises(LookupError, match="not shown to clients"):
            await client.get("/broken")
        assert (await client.get("/query", params={"a": None, "b": True})).text == "b=true"
        assert (await client.get("/cookies", cookies={"a": "1"})).json() == {"a": "1"}


def waiting() -> tuple[Sabir, threading.Event, threading.Event]:
    app, started, cancelled = Sabir(), threading.Event(), threading.Event()

    @app.get("/wait")
    async def wait() -> None:
        started.set()
        try:
            await asyncio.sleep(TIMEOUT * 2)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    @app.get("/")
    async def alive() -> str:
        return "alive"

    return app, started, cancelled


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(TIMEOUT):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_request_that_is_cancelled_cancels_its_handler() -> None:
    app, started, cancelled = waiting()
    async with AsyncTestClient(app) as client:
        request = asyncio.ensure_future(client.get("/wait"))
        await until(started.is_set)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        await until(cancelled.is_set)
        assert (await client.get("/")).text == "alive"


async def test_a_request_that_takes_too_long_cancels_its_handler() -> None:
    app, _, cancelled = waiting()
    async with AsyncTestClient(app) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get("/wait", timeout=0.05)
        await until(cancelled.is_set)


def test_a_request_in_a_thread_that_takes_too_long_cancels_its_handler() -> None:
    app, _, cancelled = waiting()
    with TestClient(app, timeout=0.05) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get("/wait")
        assert cancelled.wait(TIMEOUT)
        assert client.get("/", timeout=TIMEOUT).text == "alive"


async def test_is_a_transport_of_httpx(app: Sabir) -> None:
    async with httpx.AsyncClient(transport=SabirTransport(app), base_url="http://sabir.test") as client:
        assert (await client.get("/host")).text == "sabir.test"
        assert (await client.get("/thread")).text == threading.current_thread().name
    with httpx.Client(transport=SabirTransport(app), base_url="http://sabir.test") as plain:
        assert plain.get("/host").text == "sabir.test"
        assert plain.get("/thread").text == "sabir-test"


async def test_clients_of_both_kinds_share_an_application(app: Sabir) -> None:
    with TestClient(app) as plain:
        async with AsyncTestClient(app) as client, AsyncTestClient(app) as other:
            # The application runs on the loop that came first.
            assert plain.get("/thread").text == "sabir-test"
            assert (await client.get("/thread")).text == "sabir-test"
        assert (await other_kind(app)) == "sabir-test"
        assert other.is_closed
        assert plain.get("/thread").text == "sabir-test"
    assert await other_kind(app) == threading.current_thread().name


async def other_kind(app: Sabir) -> str:
    async with AsyncTestClient(app) as client:
        return (await client.get("/thread")).text


async def test_one_of_two_clients_may_close(app: Sabir) -> None:
    async with AsyncTestClient(app) as client:
        async with AsyncTestClient(app) as other:
            await other.get("/host")
        assert (await client.get("/thread")).text == threading.current_thread().name


async def test_a_plain_client_does_not_wait_for_its_own_loop(app: Sabir) -> None:
    async with AsyncTestClient(app):
        with pytest.raises(RuntimeError, match="the handlers run on the event loop of this thread"):
            TestClient(app).get("/host")
        assert await asyncio.to_thread(lambda: TestClient(app).get("/thread").text) == threading.current_thread().name


def test_works_from_many_threads_at_once(app: Sabir) -> None:
    with TestClient(app) as client, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: client.get(f"/path/{number}").json()[1], range(64)))
    assert answers == [str(number) for number in range(64)]


def test_works_under_anyio(app: Sabir) -> None:
    async def ask() -> None:
        async with AsyncTestClient(app) as client:
            with anyio.fail_after(TIMEOUT):
                assert (await client.get("/host")).text == "sabir.test"

    anyio.run(ask)
    anyio.run(ask)


def test_a_client_that_is_forgotten_gives_the_application_free(app: Sabir) -> None:
    for _ in range(3):
        assert TestClient(app).get("/thread").text == "sabir-test"
    asyncio.run(_forget(app))
    assert TestClient(app).get("/thread").text == "sabir-test"


def test_a_client_that_the_garbage_collector_drops_holds_up_nobody(app: Sabir) -> None:
    """It may drop one on the very loop that the next client waits for."""
    other = Sabir()

    @app.get("/drop")
    async def drop() -> str:
        dropped.clear()
        return "dropped"

    dropped = [TestClient(other)]
    dropped[0].transport.start()
    with TestClient(app, timeout=TIMEOUT) as client:
        assert client.get("/drop").text == "dropped"
    with TestClient(other) as client:
        assert client.get("/nothing").status_code == 404


async def _forget(app: Sabir) -> None:
    assert (await AsyncTestClient(app).get("/thread")).text == threading.current_thread().name


@pytest.mark.parametrize("socket", [False, True])
def test_a_streamed_answer_is_read(app: Sabir, socket: bool) -> None:
    with TestClient(app, socket=socket) as client, client.stream("GET", "/host") as answer:
        assert b"".join(answer.iter_bytes()).decode() == answer.request.headers["host"] or socket


WITHOUT_HTTPX = """
import sys
sys.modules["httpx"] = None
import sabir
app = sabir.Sabir()
try:
    sabir.TestClient
except ImportError as error:
    print(error)
"""


def test_applications_do_without_httpx() -> None:
    found = subprocess.run([sys.executable, "-c", WITHOUT_HTTPX], capture_output=True, text=True, check=True)
    assert "pip install sabir[test]" in found.stdout


@pytest.mark.parametrize(
    ("method", "target", "headers", "status"),
    [
        ("G ET", b"/", {}, 400),
        ("", b"/", {}, 400),
        ("GET", b"/#a", {}, 400),
        ("GET", b"http://[", {}, 400),
        ("GET", b"/\xff", {}, 400),
        ("GET", b"?a", {}, 400),
        ("GET", b"/" + b"a" * 70_000, {}, 414),
        ("GET", b"/", {"a b": "c"}, 400),
        ("GET", b"/", {"a": "b\nc: d"}, 400),
        ("GET", b"/", {"a": "b\x7f"}, 400),
    ],
)
def test_what_is_no_request_is_answered_as_on_a_socket(
    method: str, target: bytes, headers: dict[str, str], status: int
) -> None:
    app = Sabir()
    app.get("/{rest:path}", blocking=False)(lambda rest: rest)
    answers = []
    for socket in (False, True):
        with TestClient(app, socket=socket) as client:
            try:
                answer = client.request(method, "/", headers=headers, extensions={"target": target})
            except httpx.LocalProtocolError:
                # httpx does not send everything over a socket.
                assert socket
                continue
        answers.append((answer.status_code, answer.json()["detail"]))
    assert {code for code, _ in answers} == {status}
    assert len(set(answers)) == 1
