"""Answers that say more than a value."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sabir import (
    Conflict,
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Problem,
    RedirectResponse,
    Response,
    Sabir,
    TestClient,
)
from tests.processes import Service, eventually, serving

pytestmark = pytest.mark.native


def answered(response: Any, method: str = "GET", **options: Any) -> Any:
    app = Sabir()

    @app.all("/", **options)
    async def answer() -> Any:
        return response

    with TestClient(app, raise_server_exceptions=False) as client:
        return client.request(method, "/")


@pytest.mark.parametrize(
    ("response", "media_type", "content"),
    [
        (HTMLResponse("<p>ø</p>"), "text/html; charset=utf-8", "<p>ø</p>".encode()),
        (HTMLResponse(b"<p>"), "text/html; charset=utf-8", b"<p>"),
        (PlainTextResponse("ø"), "text/plain; charset=utf-8", "ø".encode()),
        (PlainTextResponse("a,b", media_type="text/csv"), "text/csv", b"a,b"),
        (JSONResponse("ø"), "application/json", '"ø"'.encode()),
        (JSONResponse(None), "application/json", b"null"),
        (JSONResponse([1, "a"], media_type="application/ld+json"), "application/ld+json", b'[1,"a"]'),
        (HTMLResponse("<p>", headers={"Content-Type": "text/x"}), "text/x", b"<p>"),
    ],
)
def test_the_class_says_the_media_type(response: Response, media_type: str, content: bytes) -> None:
    found = answered(response, status=203)
    assert (found.status_code, found.headers["content-type"], found.content) == (203, media_type, content)
    head = answered(response, "HEAD")
    assert (head.headers["content-length"], head.content) == (str(len(content)), b"")


def test_a_redirect_leads_elsewhere() -> None:
    found = answered(RedirectResponse("/søk?q=a b#x"), status=201)
    assert (found.status_code, found.headers["location"]) == (307, "/s%C3%B8k?q=a%20b#x")
    assert answered(RedirectResponse("https://example.com/a%20b", 303, {"x-a": "1"})).headers["x-a"] == "1"
    assert RedirectResponse("/\\example.com").headers["location"] == "/%5Cexample.com"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [(("",), "needs a URL"), (("/a\r\nx: y",), "control"), (("/\x00",), "control"), (("/a", 200), "elsewhere")],
)
def test_a_redirect_that_leads_nowhere_is_refused(arguments: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        RedirectResponse(*arguments)


def test_a_path_may_be_bytes(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(path)).write_text("found")
    for given in (path, os.fsdecode(path), Path(os.fsdecode(path))):
        answer = answered(FileResponse(given))
        assert (answer.status_code, answer.text) == (200, "found")


@pytest.mark.parametrize(
    "make",
    [
        lambda: RedirectResponse("/caf\udce9"),
        lambda: FileResponse("a", filename="caf\udce9"),
        lambda: Response("a", headers={"x-a": "caf\udce9"}),
        lambda: Problem(400, headers={"x-a": "caf\udce9"}),
    ],
)
def test_text_that_no_field_can_carry_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match="half of a surrogate pair") as caught:
        make()
    str(caught.value).encode()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            Response("a", media_type="text/caf\udce9"),
            "header content-type: 'text/caf\\udce9' has half of a surrogate pair",
        ),
        (Problem(400, extensions={"a": object()}), "a value of type object cannot be sent as JSON"),
        (Problem(9000), "9000"),
    ],
)
def test_an_answer_that_cannot_be_sent_is_a_failure_in_the_log(
    answer: Any, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert answered(answer).status_code == 500
    [record] = caplog.records
    assert record.exc_info is not None
    assert message in str(record.exc_info[1])


def test_a_cookie_is_for_every_path_and_deleted_there() -> None:
    response = Response()
    response.set_cookie("a", "1")
    response.set_cookie("b", "1", path=None)
    response.delete_cookie("a")
    response.delete_cookie("b", path="/shop", domain="example.com")
    response.delete_cookie("__Host-c")
    response.delete_cookie("d", partitioned=True, same_site="none", http_only=True)
    assert response.headers.getlist("Set-Cookie") == [
        "a=1; Path=/",
        "b=1",
        "a=; Path=/; Max-Age=0",
        "b=; Path=/shop; Domain=example.com; Max-Age=0",
        "__Host-c=; Path=/; Max-Age=0; Secure",
        "d=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None; Partitioned",
    ]


def test_header_fields_of_a_problem_can_be_changed() -> None:
    problem = Conflict("taken", headers={"X-A": "1"})
    problem.headers.append("x-a", "2")
    problem.headers["retry-after"] = 3
    found = answered(problem)
    assert found.headers.get_list("x-a") == ["1", "2"]
    assert found.headers["retry-after"] == "3"
    assert isinstance(problem, Problem)


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 64 * 1024 + 1, 3_000_000])
@pytest.mark.parametrize("over_socket", [False, True], ids=["memory", "socket"])
def test_sends_files(tmp_path: Path, size: int, over_socket: bool) -> None:
    path = tmp_path / "a b.TXT"
    path.write_bytes(os.urandom(size))
    app = Sabir()

    @app.get("/async")
    async def file() -> FileResponse:
        return FileResponse(path)

    @app.get("/plain")
    def plain() -> FileResponse:
        return FileResponse(str(path), 203, {"etag": '"mine"'}, "text/x", filename="é.txt", disposition="inline")

    with TestClient(app, socket=over_socket) as client:
        found = client.get("/async")
        assert found.content == path.read_bytes()
        assert (found.status_code, found.headers["content-type"]) == (200, "text/plain; charset=utf-8")
        assert found.headers["content-length"] == str(size)
        assert found.headers["etag"].startswith('"')
        assert found.headers["last-modified"].endswith("GMT")
        head = client.head("/async")
        assert (head.headers["content-length"], head.headers["etag"], head.content) == (
            str(size),
            found.headers["etag"],
            b"",
        )
        plain_answer = client.get("/plain")
        assert (plain_answer.status_code, plain_answer.content) == (203, found.content)
        assert plain_answer.headers.get_list("etag") == ['"mine"']
        assert plain_answer.headers["content-type"] == "text/x"
        assert plain_answer.headers["content-disposition"] == "inline; filename*=UTF-8''%C3%A9.txt"


@pytest.mark.parametrize("over_socket", [False, True], ids=["memory", "socket"])
def test_sends_parts_of_files_and_answers_conditions(tmp_path: Path, over_socket: bool) -> None:
    path = tmp_path / "film.mp4"
    content = os.urandom(200_000)
    path.write_bytes(content)
    app = Sabir()

    @app.get("/film")
    async def film() -> FileResponse:
        return FileResponse(path)

    @app.get("/missing", status=404)
    async def missing() -> FileResponse:
        return FileResponse(path)

    with TestClient(app, socket=over_socket) as client:
        whole = client.get("/film")
        assert whole.headers["accept-ranges"] == "bytes"
        etag, modified = whole.headers["etag"], whole.headers["last-modified"]
        part = client.get("/film", headers={"range": "bytes=1000-150000"})
        assert (part.status_code, part.headers["content-range"]) == (206, "bytes 1000-150000/200000")
        assert part.content == content[1000:150_001]
        several = client.get("/film", headers={"range": "bytes=0-1,-2"})
        assert several.status_code == 206
        boundary = several.headers["content-type"].removeprefix("multipart/byteranges; boundary=")
        assert several.content.split(f"--{boundary}".encode())[1].endswith(b"\r\n\r\n" + content[:2] + b"\r\n")
        assert len(several.content) == int(several.headers["content-length"])
        beyond = client.get("/film", headers={"range": "bytes=200000-"})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */200000")
        assert beyond.json()["type"] == "urn:sabir:problem:range-not-satisfiable"
        for fields, status in [
            ({"if-none-match": etag}, 304),
            ({"if-modified-since": modified}, 304),
            ({"if-match": '"other"'}, 412),
            ({"range": "bytes=0-0", "if-range": etag}, 206),
            ({"range": "bytes=0-0", "if-range": '"other"'}, 200),
        ]:
            answer = client.get("/film", headers=fields)
            assert answer.status_code == status, fields
            if status == 304:
                assert (answer.content, answer.headers["etag"]) == (b"", etag)
        # What is said beside another status is not about the file as it is.
        assert client.get("/missing", headers={"range": "bytes=0-0", "if-none-match": "*"}).status_code == 404


@pytest.mark.parametrize("name", ["a.txt", "a b.pdf"])
def test_a_plain_name_is_quoted(name: str) -> None:
    response = FileResponse("x", filename=name)
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize(
    ("name", "shown"), [('a"b', "a%22b"), ("a\r\nb", "a%0D%0Ab"), ("50%.txt", "50%25.txt"), ("a\\b", "a%5Cb")]
)
def test_other_names_are_encoded(name: str, shown: str) -> None:
    response = FileResponse("x", filename=name)
    assert response.headers["content-disposition"] == f"attachment; filename*=UTF-8''{shown}"


def test_refuses_what_is_no_regular_file(tmp_path: Path) -> None:
    pipe, listening = tmp_path / "pipe", tmp_path / "socket"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(listening))
        link = tmp_path / "link"
        link.symlink_to(tmp_path / "nowhere")
        for path in (tmp_path, tmp_path / "missing", pipe, listening, link, "/dev/zero", "", "a\0b", "a" * 5000):
            found = answered(FileResponse(path))
            assert (found.status_code, found.headers["content-type"]) == (404, "application/problem+json"), path
            assert str(tmp_path) not in found.text


FILES = """
from sabir import FileResponse, Sabir

app = Sabir()

@app.get("/file")
async def file() -> FileResponse:
    return FileResponse("a.bin")

@app.get("/")
async def small() -> str:
    return "small"
"""


def url(service: Service) -> str:
    return f"http://127.0.0.1:{service.port}"


def opened(service: Service, path: Path) -> int:
    links = Path(f"/proc/{service.process.pid}/fd").iterdir()
    return sum(link.is_symlink() and os.readlink(link) == str(path) for link in links)


def resident(service: Service) -> int:
    """Return the memory of the process in KiB."""
    lines = Path(f"/proc/{service.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def test_a_file_that_is_replaced_is_sent_as_it_was(tmp_path: Path) -> None:
    path, other = tmp_path / "a.bin", tmp_path / "b.bin"
    path.write_bytes(b"a" * 20_000_000)
    other.write_bytes(b"b" * 30_000_000)
    with serving(tmp_path, FILES) as service, httpx.stream("GET", url(service) + "/file") as answer:
        chunks = answer.iter_raw()
        content = next(chunks)
        other.rename(path)
        content += b"".join(chunks)
    assert (len(content), set(content)) == (20_000_000, {ord("a")})


def test_a_large_file_takes_little_memory_and_holds_up_nobody(tmp_path: Path) -> None:
    size, received, most = 100 * 1024 * 1024, 0, 0
    with (tmp_path / "a.bin").open("wb") as file:
        file.truncate(size)
    with serving(tmp_path, FILES) as service, httpx.Client(base_url=url(service)) as client:
        assert client.get("/").text == "small"
        before = resident(service)
        with client.stream("GET", "/file") as answer:
            assert answer.headers["content-length"] == str(size)
            for chunk in answer.iter_raw():
                received += len(chunk)
                if received % (16 * 1024 * 1024) < len(chunk):
                    most = max(most, resident(service))
                    assert client.get("/", timeout=5).text == "small"
    assert received == size
    assert most - before < 24 * 1024


def test_a_client_that_leaves_ends_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"a" * 30_000_000)
    with serving(tmp_path, FILES) as service, httpx.Client(base_url=url(service)) as client:
        with client.stream("GET", "/file") as answer:
            chunks = answer.iter_raw()
            next(chunks)
            assert opened(service, path) == 1
        eventually(lambda: opened(service, path) == 0)
        assert client.get("/").text == "small"


def test_a_file_that_becomes_shorter_breaks_the_answer_off(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"a" * 30_000_000)
    with serving(tmp_path, FILES) as service, httpx.Client(base_url=url(service)) as client:
        with client.stream("GET", "/file") as answer:
            chunks = answer.iter_raw()
            next(chunks)
            os.truncate(path, 10)
            with pytest.raises(httpx.RemoteProtocolError):
                list(chunks)
        assert client.get("/").text == "small"


def read_by(thread: int) -> int:
    """Return how many bytes a thread of this process has read so far (proc(5), ``/proc/pid/io``)."""
    lines = Path(f"/proc/self/task/{thread}/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["rchar"])


@pytest.mark.skipif(not Path("/proc/thread-self/io").exists(), reason="the system does not say what a thread has read")
def test_reading_a_file_does_not_keep_the_loop(tmp_path: Path) -> None:
    """Files on a slow disk are read on threads, so that handlers go on meanwhile; many at once are answered too."""
    path = tmp_path / "a.txt"
    path.write_text("a" * 60_000)
    app = Sabir()
    before: dict[int, int] = {}

    @app.get("/")
    async def file() -> FileResponse:
        before.setdefault(thread := threading.get_native_id(), read_by(thread))
        await asyncio.sleep(0)
        return FileResponse(path)

    @app.get("/read")
    async def read() -> dict[int, int]:
        return {thread: read_by(thread) - count for thread, count in before.items()}

    with TestClient(app, socket=True) as client:
        found: list[int] = []

        def ask() -> None:
            found.extend(len(client.get("/").content) for _ in range(20))

        workers = [threading.Thread(target=ask) for _ in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        [count] = client.get("/read").json().values()
    assert found == [60_000] * 160
    assert count < 60_000


@pytest.fixture
def unreadable(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "secret.txt"
    path.write_text("secret")
    path.chmod(0)
    yield path
    path.chmod(0o600)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_is_a_failure(unreadable: Path) -> None:
    found = answered(FileResponse(unreadable))
    assert (found.status_code, "secret" in found.text) == (500, False)
