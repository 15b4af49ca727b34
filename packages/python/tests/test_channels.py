"""Channels: what sockets and event streams get of what anybody publishes."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from sabir import AsyncTestClient, CloseCode, Response, Sabir, TestClient, WebSocket
from tests.processes import eventually, serving, written


def application(**settings: Any) -> Sabir:
    app = Sabir(**settings)

    @app.websocket("/chat/{room}")
    async def chat(ws: WebSocket, room: str) -> None:
        await ws.subscribe(room)
        await ws.subscribe(room)
        async for message in ws:
            if message == "leave":
                await ws.unsubscribe(room)
            elif message == "shout":
                await ws.send(f"heard by {await ws.publish(room, 'HEY')}")
            else:
                app.publish(room, message)

    @app.sse("/news/{room}")
    async def news(room: str, last_event_id: str | None = None) -> Response:
        return app.events(room, last_event_id)

    @app.post("/publish/{room}")
    def publish(room: str, message: dict[str, Any]) -> int:
        return app.publish(room, message)

    return app


@pytest.mark.native
@pytest.mark.parametrize("socket", [False, True])
def test_everybody_in_a_room_hears_what_is_said(socket: bool) -> None:
    app = application()
    with (
        TestClient(app, socket=socket) as client,
        client.websocket("/chat/a") as one,
        client.websocket("/chat/a") as two,
        client.websocket("/chat/b") as other,
    ):
        eventually(lambda: (app.presence("a"), app.presence("b"), app.presence("c")) == (2, 1, 0))
        one.send("hello")
        assert (one.receive(), two.receive()) == ("hello", "hello")
        two.send(b"a\0b")
        assert (one.receive(), two.receive()) == (b"a\0b", b"a\0b")
        assert client.post("/publish/a", json={"n": 1}).json() == 2
        assert (one.receive_json(), two.receive_json()) == ({"n": 1}, {"n": 1})
        two.send("leave")
        eventually(lambda: app.presence("a") == 1)
        one.send("shout")
        assert {one.receive(), one.receive()} == {"HEY", "heard by 1"}
        with pytest.raises(TimeoutError):
            other.receive(timeout=0.05)
    eventually(lambda: app.presence("a") == app.presence("b") == 0)


@pytest.mark.native
def test_threads_publish() -> None:
    app = application()

    def publish(name: str) -> None:
        for number in range(200):
            app.publish("a", f"{name}{number}")

    with TestClient(app) as client, client.websocket("/chat/a") as ws:
        eventually(lambda: app.presence("a") == 1)
        threads = [threading.Thread(target=publish, args=(name,)) for name in "xy"]
        for thread in threads:
            thread.start()
        heard = [str(ws.receive()) for _ in range(400)]
        for thread in threads:
            thread.join()
    for name in "xy":
        assert [text for text in heard if text[0] == name] == [f"{name}{number}" for number in range(200)]


@pytest.mark.native
@pytest.mark.parametrize("socket", [False, True])
def test_event_streams_lose_nothing(socket: bool) -> None:
    app = application(channel_history_limit=3)
    with TestClient(app, socket=socket) as client:
        with client.events("/news/a") as events:
            eventually(lambda: app.presence("a") == 1)
            app.publish("a", "1")
            app.publish("a", {"n": 2})
            app.publish("a", b"\xff")
            app.publish("a", "two\nlines")
            first, second, third = next(events), next(events), next(events)
            assert (first.data, second.data, third.data) == ("1", '{"n":2}', "two\nlines")
        eventually(lambda: app.presence("a") == 0)
        app.publish("a", "missed")
        with client.events("/news/a", last_event_id=third.id) as events:
            assert next(events).data == "missed"
            app.publish("a", "now")
            assert next(events).data == "now"
        with client.events("/news/a", last_event_id="unknown") as events:
            eventually(lambda: app.presence("a") == 1)
            app.publish("a", "new")
            assert next(events).data == "new"
        for number in range(5):
            app.publish("a", str(number))
        with client.events("/news/a", last_event_id=first.id) as events:
            assert [next(events).data for _ in range(3)] == ["2", "3", "4"]


@pytest.mark.native
async def test_channels_on_the_loop_of_the_test() -> None:
    app = application()
    async with (
        AsyncTestClient(app) as client,
        client.websocket("/chat/a") as ws,
        client.events("/news/a") as events,
    ):
        await ws.send("hello")
        assert await ws.receive() == "hello"
        app.publish("a", "again")
        assert [await ws.receive(), (await anext(events)).data] in (["again", "hello"], ["again", "again"])


@pytest.mark.native
def test_a_socket_that_does_not_read_holds_nobody_up() -> None:
    app = application(websocket_send_queue_limit=50_000)
    with TestClient(app) as client, client.websocket("/chat/a") as slow, client.websocket("/chat/a") as fast:
        eventually(lambda: app.presence("a") == 2)
        for number in range(3000):
            app.publish("a", f"{number:10000}")
            assert len(fast.receive()) == 10_000
            if app.presence("a") == 1:
                break
        assert app.presence("a") == 1
        for _ in slow:
            pass
        assert slow.close_code == CloseCode.TRY_AGAIN_LATER


@pytest.mark.native
def test_workers_say_that_they_have_channels_of_their_own(tmp_path: Path) -> None:
    source = "from sabir import Sabir\napp = Sabir()\n@app.websocket('/x')\nasync def x(ws): ...\n"
    with serving(tmp_path, source, "--port", "0", "--workers", "2") as service:
        service.stop()
    assert written(tmp_path).count("has channels of its own") == 2
    with serving(tmp_path, source, "--port", "0") as service:
        service.stop()
    assert "channels" not in written(tmp_path)
