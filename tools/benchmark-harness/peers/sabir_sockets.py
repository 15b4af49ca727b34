"""Sabir's sockets and event streams in Python."""

import asyncio
import sys
from collections.abc import AsyncIterator

from sabir import Event, Sabir, WebSocket

app = Sabir()


@app.websocket("/echo")
async def echo(ws: WebSocket) -> None:
    async for message in ws:
        await ws.send(message)


@app.websocket("/room")
async def room(ws: WebSocket) -> None:
    await ws.subscribe("room")
    await ws.send("ready")
    async for _ in ws:
        pass


@app.websocket("/publish")
async def publish(ws: WebSocket) -> None:
    async for message in ws:
        app.publish("room", message)


@app.sse("/events")
async def events() -> AsyncIterator[Event]:
    yield Event(data="begun")
    await asyncio.sleep(3600)


app.run(port=int(sys.argv[1]))
