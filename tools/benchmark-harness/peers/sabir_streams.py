"""Sabir's streams in Python."""

import sys
from collections.abc import AsyncIterator

from sabir import Event, Sabir

CHUNK = b"x" * 65_536
app = Sabir()


@app.sse("/ticks")
async def ticks() -> AsyncIterator[Event]:
    for number in range(20_000):
        yield Event(data=str(number))


@app.get("/download")
async def download() -> AsyncIterator[bytes]:
    for _ in range(1_000):
        yield CHUNK


app.run(port=int(sys.argv[1]))
