"""What is done again and again: ``app.every`` and ``app.cron``."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sabir import AsyncTestClient, Sabir, SetupError, TestClient
from tests.processes import eventually, is_running, serving, written

pytestmark = pytest.mark.native


@pytest.mark.parametrize("is_async", [True, False])
def test_work_runs_again_and_again_and_never_twice_at_a_time(is_async: bool) -> None:
    app, running, most, count = Sabir(), 0, 0, 0

    def begun() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)

    def ended() -> None:
        nonlocal running, count
        running -= 1
        count += 1

    if is_async:

        @app.every(0.005)
        async def work() -> None:
            begun()
            await asyncio.sleep(0.02)
            ended()
    else:

        @app.every(0.005)
        def work() -> None:
            assert threading.current_thread().name != "sabir-test"
            begun()
            time.sleep(0.02)
            ended()

    with TestClient(app, periodic=True):
        eventually(lambda: count >= 3)
    # What ran when the client was closed was waited for.
    assert (most, running) == (1, 0)
    last = count
    time.sleep(0.05)
    assert count == last


@pytest.mark.parametrize("socket", [False, True])
def test_a_test_client_does_not_run_it_unless_it_is_asked_to(socket: bool) -> None:
    app, runs = Sabir(), list[int]()
    app.get("/")(lambda: "a")
    app.every(0.001)(lambda: runs.append(1))
    with TestClient(app, socket=socket) as client:
        client.get("/")
        time.sleep(0.05)
        assert not runs
        with TestClient(app, periodic=True):
            eventually(lambda: len(runs) > 2)


@pytest.mark.parametrize("socket", [False, True])
async def test_an_asynchronous_test_client_runs_it_on_its_loop(socket: bool) -> None:
    app, order = Sabir(), list[Any]()

    @app.lifespan
    async def around() -> AsyncIterator[None]:
        order.append("in")
        yield
        order.append("out")

    @app.every(0.005)
    async def work() -> None:
        order.append(asyncio.get_running_loop())

    app.get("/")(lambda: "a")
    async with AsyncTestClient(app, socket=socket, periodic=True) as client:
        await client.get("/")
        while len(order) < 3:
            await asyncio.sleep(0.005)
    assert order[0] == "in"
    assert order[-1] == "out"
    assert set(order[1:-1]) == {asyncio.get_running_loop()}


def test_work_that_fails_is_logged_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    app = Sabir()

    @app.every(0.002)
    def clean() -> None:
        raise OSError("odd")

    @app.every(0.002)
    async def later() -> None:
        raise KeyError("later")

    with caplog.at_level(logging.ERROR, "sabir"), TestClient(app, periodic=True):
        eventually(lambda: len(caplog.records) >= 4)
    prefix = "test_work_that_fails_is_logged_and_goes_on.<locals>."
    assert {record.getMessage() for record in caplog.records} == {
        f"every `{prefix}clean` failed",
        f"every `{prefix}later` failed",
    }
    assert all(record.exc_info for record in caplog.records)


def test_runs_do_not_share_context_variables() -> None:
    import contextvars

    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=0)
    app, seen = Sabir(), list[int]()

    @app.every(0.002)
    async def work() -> None:
        seen.append(variable.get())
        variable.set(1)

    with TestClient(app, periodic=True):
        eventually(lambda: len(seen) >= 3)
    assert set(seen) == {0}


def test_a_cron_text_says_when(monkeypatch: pytest.MonkeyPatch) -> None:
    from sabir import periodic

    class Clock(datetime):
        """Some moments before the next minute, as it goes on."""

        begin = time.monotonic()

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            passed = time.monotonic() - cls.begin
            return datetime.fromtimestamp(datetime(2026, 1, 1, 4, 29, 59, 900_000, UTC).timestamp() + passed, UTC)

    monkeypatch.setattr(periodic, "datetime", Clock)
    app, runs = Sabir(), list[datetime]()
    app.cron("30 4 * * *")(lambda: runs.append(Clock.now()))
    with TestClient(app, periodic=True):
        time.sleep(0.05)
        assert not runs
        eventually(lambda: runs)
        time.sleep(0.1)
    assert [run.replace(microsecond=0) for run in runs] == [datetime(2026, 1, 1, 4, 30, tzinfo=UTC)]


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), True, "1", None, print])
def test_times_that_are_none_are_refused(seconds: Any) -> None:
    with pytest.raises(SetupError, match=r"app: every: .* is no time; give a number of seconds"):
        Sabir().every(seconds)


@pytest.mark.parametrize("of", [lambda app: app.every(1), lambda app: app.cron("* * * * *")])
def test_what_cannot_be_called_so_is_refused(of: Callable[[Sabir], Any]) -> None:
    app = Sabir()
    with pytest.raises(SetupError, match="a int cannot be called"):
        of(app)(1)
    with pytest.raises(SetupError, match="takes arguments"):
        of(app)(lambda app: None)
    of(app)(lambda *values, name=1: None)
    with TestClient(app), pytest.raises(SetupError, match="the application already serves"):
        of(app)(lambda: None)


def test_an_application_that_is_mounted_brings_its_work() -> None:
    inner, app, runs = Sabir(), Sabir(), list[int]()
    inner.every(0.002)(lambda: runs.append(1))
    app.mount("/a", inner)
    app.mount("/b", inner)
    assert len(app._periodic) == 1
    with TestClient(app, periodic=True):
        eventually(lambda: runs)


def test_a_cron_text_that_is_none_is_refused() -> None:
    with pytest.raises(SetupError, match="app: cron: 5 is no text"):
        Sabir().cron(5)  # type: ignore[arg-type]


async def test_a_server_waits_for_what_runs_and_cancels_what_is_late() -> None:
    app, seen, begun, served = Sabir(shutdown_timeout_ms=300), list[str](), asyncio.Event(), asyncio.Event()

    @app.every(0.001)
    async def brief() -> None:
        begun.set()
        await asyncio.sleep(0.05)
        seen.append("ended")

    @app.every(0.001)
    async def long() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    serve = asyncio.create_task(app.serve(port=0, started=lambda _: served.set()))
    await served.wait()
    await begun.wait()
    seen.clear()
    app.stop()
    await asyncio.wait_for(serve, 10)
    assert sorted(set(seen)) == ["cancelled", "ended"]
    # It may serve again.
    begun.clear()
    serve = asyncio.create_task(app.serve(port=0))
    await begun.wait()
    app.stop()
    await asyncio.wait_for(serve, 10)


SOURCE = """
import os
from sabir import Sabir

app = Sabir(shutdown_timeout_ms=5000)

@app.every(0.02)
def note():
    with open("runs.txt", "a") as file:
        file.write(f"{os.getpid()}\\n")

@app.get("/")
def pid() -> int:
    return os.getpid()
"""


def runs(directory: Path) -> list[int]:
    path = directory / "runs.txt"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


@pytest.mark.parametrize("forks", [True, False])
def test_of_several_workers_one_does_it_and_another_one_when_that_has_ended(tmp_path: Path, forks: bool) -> None:
    source = SOURCE + ('\nif __name__ == "__main__":\n    app.run(port=0, workers=3)\n' if forks else "")
    arguments = () if forks else ("--port", "0", "--workers", "3")
    with serving(tmp_path, source, *arguments, script=forks) as service:
        eventually(lambda: len(runs(tmp_path)) >= 5)
        first = runs(tmp_path)[0]
        assert set(runs(tmp_path)) == {first}
        os.kill(first, signal.SIGKILL)
        eventually(lambda: not is_running(first))
        count = len(runs(tmp_path))
        eventually(lambda: len(runs(tmp_path)) >= count + 5)
        later = runs(tmp_path)[count:]
        assert len(set(later)) == 1
        assert later[0] != first
        assert service.stop() == 0, written(tmp_path)


def test_when_workers_are_replaced_one_of_them_does_it_at_a_time(tmp_path: Path) -> None:
    with serving(tmp_path, SOURCE, "--port", "0", "--workers", "2") as service:
        eventually(lambda: len(runs(tmp_path)) >= 3)
        before = set(runs(tmp_path))
        service.process.send_signal(signal.SIGHUP)
        eventually(lambda: len(set(runs(tmp_path)) - before) >= 1)
        eventually(lambda: not any(is_running(pid) for pid in before))
        count = len(runs(tmp_path))
        eventually(lambda: len(runs(tmp_path)) >= count + 5)
        found = runs(tmp_path)
        # Nobody runs it in between another one's runs.
        order = [pid for place, pid in enumerate(found) if place == 0 or found[place - 1] != pid]
        assert len(order) == len(set(order))
        assert service.stop() == 0, written(tmp_path)
