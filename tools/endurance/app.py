"""What is put under strain, in Python; it listens on ``$PORT``."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from sabir import Event, Sabir, WebSocket

CHUNK = b"a" * 65_536
app = Sabir(body_limit=4_000_000_000)
at_work = 0


@contextmanager
def working() -> Iterator[None]:
    """Count a handler for as long as it is at work."""
    global at_work
    at_work += 1
    try:
        yield
    finally:
        at_work -= 1


@app.get("/stream")
async def stream() -> AsyncIterator[bytes]:
    """Send bytes without an end."""
    with working():
        while True:
            yield CHUNK


@app.sse("/events")
async def events() -> AsyncIterator[Event]:
    """Send one event, and then nothing."""
    with working():
        yield Event(data="begun")
        await asyncio.sleep(3600)


@app.websocket("/socket")
async def echo(ws: WebSocket) -> None:
    """Send every message back."""
    with working():
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


@app.get("/working")
async def count_working() -> int:
    """Count the handlers that are at work."""
    return at_work


@app.get("/counts")
async def counts() -> dict[str, int]:
    """Count what could be left behind."""
    gc.collect()
    alive = gc.get_objects()
    # uvloop does not say which timers it has.
    timers = [found for found in alive if type(found).__name__ == "TimerHandle" and not found.cancelled()]
    return {
        "calls": app.native().calls_in_flight(),
        "tasks": len(asyncio.all_tasks()),
        "timers": len(timers),
        "objects": len(alive),
    }


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
