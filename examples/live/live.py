"""A chat over WebSockets and live prices as server-sent events, on two pages; examples/live-node has it in TypeScript.

Run it with ``python live.py`` from this folder, or ``./task demo:live`` from the root.
"""

import os
import random
import threading
import time
from pathlib import Path
from typing import Annotated

import msgspec
from sabir import FileResponse, Query, Response, Sabir, WebSocket

PAGES = Path(__file__).parent / "pages"


class Line(msgspec.Struct):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class Said(msgspec.Struct, tag="said", tag_field="kind"):
    name: str
    text: str


class People(msgspec.Struct, tag="people", tag_field="kind"):
    names: list[str]


class Tick(msgspec.Struct):
    number: int
    price: float
    readers: int


# Whoever comes back within five minutes gets every tick that was missed.
app = Sabir(channel_history_limit=600)
people: dict[WebSocket, str] = {}


def publish_people() -> None:
    app.publish("chat", People(list(people.values())))


@app.websocket("/chat")
async def chat(ws: WebSocket[Line, Said | People], name: Annotated[str, Query(min_length=1, max_length=40)]) -> None:
    await ws.subscribe("chat")
    people[ws] = name
    publish_people()
    try:
        async for line in ws:
            app.publish("chat", Said(name, line.text))
    finally:
        del people[ws]
        publish_people()


@app.sse("/ticks", events={"message": Tick})
async def ticks(last_event_id: str | None = None) -> Response:
    return app.events("ticks", last_event_id)


def publish_ticks() -> None:
    number, price = 0, 24.0
    while True:
        time.sleep(0.5)
        number += 1
        price = max(1.0, round(price + random.uniform(-0.25, 0.25), 2))
        app.publish("ticks", Tick(number, price, app.presence("ticks")))


@app.get("/")
async def index() -> FileResponse:
    return FileResponse(PAGES / "index.html")


@app.get("/{path:path}")
async def page(path: str) -> FileResponse:
    return FileResponse(PAGES / path)


if __name__ == "__main__":
    threading.Thread(target=publish_ticks, daemon=True).start()
    app.run(port=int(os.environ.get("PORT", "8000")))
