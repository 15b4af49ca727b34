"""Litestar's streams on uvicorn."""

import sys
from collections.abc import AsyncIterator

import uvicorn
from litestar import Litestar, get
from litestar.response import ServerSentEvent, Stream

CHUNK = b"x" * 65_536


async def events() -> AsyncIterator[str]:
    for number in range(20_000):
        yield str(number)


async def chunks() -> AsyncIterator[bytes]:
    for _ in range(1_000):
        yield CHUNK


@get("/ticks")
async def ticks() -> ServerSentEvent:
    return ServerSentEvent(events())


@get("/download", media_type="application/octet-stream")
async def download() -> Stream:
    return Stream(chunks())


app = Litestar([ticks, download])

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
