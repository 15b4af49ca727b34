"""What is put under strain, in Python; it listens on ``$PORT``."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator

from sabir import Event, Sabir, WebSocket

CHUNK = b"a" * 65_536
app = Sabir(body_limit=4_000_000_000)


@app.get("/stream")
async def stream() -> AsyncIterator[bytes]:
    """Send bytes without an end."""
    while True:
        yield CHUNK


@app.sse("/events")
async def events() -> AsyncIterator[Event]:
    """Send one event, and then nothing."""
    yield Event(data="begun")
    await asyncio.sleep(3600)


@app.websocket("/socket")
async def echo(ws: WebSocket) -> None:
    """Send every message back."""
    async for message in ws:
        await ws.send(message)


@app.post("/up")
async def up(content: AsyncIterator[bytes]) -> int:
    """Count bytes."""
    return sum([len(chunk) async for chunk in content])


@app.get("/down")
async def down(bytes: int) -> AsyncIterator[bytes]:
    """Send as many bytes, in whole chunks."""
    for _ in range(bytes // len(CHUNK)):
        yield CHUNK


@app.get("/counts")
async def counts() -> dict[str, int]:
    """Count what could be left behind."""
    gc.collect()
    loop = asyncio.get_running_loop()
    return {
        "calls": app.native().calls_in_flight(),
        "tasks": len(asyncio.all_tasks()),
        "timers": sum(not timer.cancelled() for timer in getattr(loop, "_scheduled", ())),
        "objects": len(gc.get_objects()),
    }


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
