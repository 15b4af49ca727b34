"""Lifespans: what is entered before the first request and left after the last one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from sabir import AsyncTestClient, Sabir, SetupError, TestClient
from tests.processes import TIMEOUT, eventually, serving, written

pytestmark = pytest.mark.native


def recorded() -> tuple[Sabir, list[str]]:
    app, seen = Sabir(), list[str]()

    @app.lifespan
    async def first(app: Sabir) -> AsyncIterator[None]:
        app.state.name = "pool"
        seen.append("first in")
        yield
        await asyncio.sleep(0)
        seen.append("first out")

    @app.lifespan
    def second() -> Iterator[None]:
        seen.append("second in")
        yield
        seen.append("second out")

    @app.get("/")
    async def name() -> str:
        seen.append("request")
        return str(app.state.name)

    return app, seen


EXPECTED = ["first in", "second in", "request", "second out", "first out"]


@pytest.mark.parametrize("socket", [False, True])
def test_a_test_client_enters_the_lifespans_before_its_first_request_and_leaves_them(socket: bool) -> None:
    app, seen = recorded()
    with TestClient(app, socket=socket) as client:
        assert seen == EXPECTED[:2]
        assert client.get("/").text == "pool"
    assert seen == EXPECTED


def test_a_test_client_that_is_no_context_manager_enters_them_too() -> None:
    app, seen = recorded()
    client = TestClient(app)
    assert client.get("/").text == "pool"
    client.close()
    assert seen == EXPECTED


@pytest.mark.parametrize("socket", [False, True])
async def test_an_asynchronous_test_client_enters_them(socket: bool) -> None:
    app, seen = recorded()
    async with AsyncTestClient(app, socket=socket) as client:
        assert seen == EXPECTED[:2]
        assert (await client.get("/")).text == "pool"
    assert seen == EXPECTED


async def test_requests_at_the_same_time_wait_for_the_same_lifespans() -> None:
    app, seen = Sabir(), list[str]()

    @app.lifespan
    async def slow() -> AsyncIterator[None]:
        await asyncio.sleep(0.01)
        seen.append("in")
        yield
        seen.append("out")

    @app.get("/")
    async def index() -> int:
        return len(seen)

    client = AsyncTestClient(app)
    answers = await asyncio.gather(client.get("/"), client.get("/"))
    assert [answer.json() for answer in answers] == [1, 1]
    async with AsyncTestClient(app) as other:
        assert (await other.get("/")).json() == 1
    assert seen == ["in"]
    await client.aclose()
    assert seen == ["in", "out"]


def test_they_are_entered_again_when_the_application_is_served_again() -> None:
    app, seen = recorded()
    for _ in range(2):
        with TestClient(app) as client:
            client.get("/")
    assert seen == EXPECTED * 2


def test_context_managers_of_every_kind_are_lifespans() -> None:
    app, seen = Sabir(), list[str]()

    @app.lifespan
    @contextlib.asynccontextmanager
    async def asynchronous(app: Sabir) -> AsyncIterator[None]:
        seen.append("asynchronous")
        yield

    @app.lifespan
    @contextlib.contextmanager
    def plain(app: Sabir) -> Iterator[None]:
        seen.append("plain")
        yield

    class Pool:
        def __init__(self, app: Sabir) -> None:
            self.app = app

        async def __aenter__(self) -> None:
            seen.append("class")

        async def __aexit__(self, *_: object) -> None:
            seen.append("class left")

    app.lifespan(Pool)
    with TestClient(app):
        pass
    assert seen == ["asynchronous", "plain", "class", "class left"]


def test_a_task_group_stays_open_while_the_application_serves() -> None:
    app, seen = Sabir(), list[str]()

    @app.lifespan
    async def tasks(app: Sabir) -> AsyncIterator[None]:
        async def tick() -> None:
            try:
                while True:
                    seen.append("tick")
                    await asyncio.sleep(0.001)
            finally:
                seen.append("end")

        async with asyncio.TaskGroup() as group:
            task = group.create_task(tick())
            yield
            seen.append("leaves")
            task.cancel()

    with TestClient(app):
        eventually(lambda: len(seen) > 2)
    assert seen[-2:] == ["leaves", "end"]


def failing() -> tuple[Sabir, list[str]]:
    app, seen = recorded()

    @app.lifespan
    async def broken(app: Sabir) -> AsyncIterator[None]:
        raise OSError("no database")
        yield

    @app.lifespan
    async def never(app: Sabir) -> AsyncIterator[None]:
        seen.append("never")
        yield

    return app, seen


def test_one_that_fails_at_the_start_leaves_those_before_it() -> None:
    app, seen = failing()
    with pytest.raises(OSError, match="no database") as raised:
        TestClient(app).get("/")
    assert "broken" in raised.value.__notes__[0]
    assert seen == ["first in", "second in", "second out", "first out"]


async def test_one_that_fails_keeps_the_application_from_serving() -> None:
    app, seen = failing()
    addresses: list[str] = []
    with pytest.raises(OSError, match="no database"):
        await app.serve(port=0, started=addresses.append)
    with pytest.raises(OSError, match="no database"):
        await AsyncTestClient(app).get("/")
    assert not addresses
    assert app.running_loop() is None
    assert seen == ["first in", "second in", "second out", "first out"] * 2


def test_one_that_fails_at_the_end_is_logged_and_the_others_are_left(caplog: pytest.LogCaptureFixture) -> None:
    app, seen = recorded()

    @app.lifespan
    async def broken(app: Sabir) -> AsyncIterator[None]:
        yield
        raise ValueError("cannot end")

    with caplog.at_level(logging.ERROR, "sabir"), TestClient(app) as client:
        client.get("/")
    assert seen == EXPECTED
    (record,) = caplog.records
    assert "broken failed" in record.getMessage()
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ValueError)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda app: app.lifespan(3), "a int cannot be called"),
        (lambda app: app.lifespan(per="host")(lambda: None), "'host' is neither"),
        (lambda app: app.lifespan(lambda app, other: None), "takes more than the application"),
    ],
)
def test_what_is_no_lifespan_is_refused(make: Any, message: str) -> None:
    with pytest.raises(SetupError, match=message):
        make(Sabir())


def test_a_coroutine_function_is_refused() -> None:
    app = Sabir()

    async def start(app: Sabir) -> None: ...

    with pytest.raises(SetupError, match="ends before the first request"):
        app.lifespan(start)


def test_what_makes_no_context_manager_is_told_when_it_is_called() -> None:
    app = Sabir()
    app.lifespan(lambda: 3)
    with pytest.raises(TypeError, match="returned 3"), TestClient(app):
        pass


def test_none_is_added_while_the_application_serves() -> None:
    app, _ = recorded()
    with TestClient(app), pytest.raises(SetupError, match="already serves"):
        app.lifespan(lambda: None)


def test_those_of_a_mounted_application_come_with_it_and_take_that_one() -> None:
    inner, seen = recorded()
    outer = Sabir()
    outer.mount("/inner", inner)
    with TestClient(outer) as client:
        assert client.get("/inner").text == "pool"
    assert not hasattr(outer.state, "name")
    assert seen == EXPECTED


SERVICE = """
import os
from sabir import Sabir

app = Sabir()

def note(text):
    with open("notes.txt", "a") as notes:
        print(text, os.getpid(), file=notes)

@app.lifespan
async def worker(app):
    app.state.pid = os.getpid()
    note("worker in")
    yield
    note("worker out")

@app.lifespan(per="server")
async def server(app):
    app.state.secret = "s3cret"
    note("server in")
    yield
    note("server out")

@app.get("/")
async def index() -> list:
    return [app.state.pid == os.getpid(), getattr(app.state, "secret", "")]
"""


def notes(directory: Path) -> list[str]:
    return [line.rpartition(" ")[0] for line in (directory / "notes.txt").read_text().splitlines()]


def test_a_process_has_them_around_its_requests(tmp_path: Path) -> None:
    with serving(tmp_path, SERVICE, "--port", "0") as service:
        assert notes(tmp_path) == ["server in", "worker in"]
        assert service.get("/") == b'[true,"s3cret"]'
        assert service.stop(signal.SIGINT) == 0
    assert notes(tmp_path) == ["server in", "worker in", "worker out", "server out"]


@pytest.mark.parametrize("forks", [True, False])
def test_each_worker_has_its_own_and_the_server_one(tmp_path: Path, forks: bool) -> None:
    source = SERVICE + ('\nif __name__ == "__main__":\n    app.run(port=0, workers=2)\n' if forks else "")
    arguments = () if forks else ("--port", "0", "--workers", "2")
    with serving(tmp_path, source, *arguments, script=forks) as service:
        assert notes(tmp_path) == ["server in", "worker in", "worker in"]
        assert service.get("/") == (b'[true,"s3cret"]' if forks else b'[true,""]')
        assert service.stop() == 0
    assert sorted(notes(tmp_path)[3:5]) == ["worker out", "worker out"]
    assert notes(tmp_path)[5:] == ["server out"]
    pids = [line.rpartition(" ")[2] for line in (tmp_path / "notes.txt").read_text().splitlines()]
    assert len(set(pids)) == 3
    assert pids[0] == pids[5]


@pytest.mark.parametrize("per", ["worker", "server"])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_process_whose_lifespan_fails_says_which_and_ends_with_1(tmp_path: Path, workers: int, per: str) -> None:
    source = f"""
from sabir import Sabir
app = Sabir()

@app.lifespan(per="{per}")
async def database(app):
    raise ConnectionRefusedError("nobody listens")
    yield
"""
    (tmp_path / "service.py").write_text(source)
    command = [sys.executable, "-m", "sabir", "run", "service:app", "--port", "0", "--workers", str(workers)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=TIMEOUT)
    assert done.returncode == 1
    assert "Sabir serves" not in done.stdout
    assert "ConnectionRefusedError: nobody listens" in done.stderr
    assert "service.py" in done.stderr
    assert "database" in done.stderr


def test_what_a_lifespan_takes_time_for_at_the_end_is_waited_for(tmp_path: Path) -> None:
    source = """
import asyncio
from sabir import Sabir
app = Sabir(shutdown_timeout_ms=100)

@app.lifespan
async def slow(app):
    yield
    await asyncio.sleep(0.5)
    print("closed", flush=True)

@app.get("/")
async def index() -> str:
    return "a"
"""
    with serving(tmp_path, source, "--port", "0") as service:
        assert service.get("/") == b"a"
        assert service.stop() == 0
        assert service.process.stdout is not None
        assert b"closed" in service.process.stdout.read(), written(tmp_path)
