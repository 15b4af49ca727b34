"""FastAPI's streams: on uvicorn with uvloop and httptools when it is run, for another server when it is imported."""

import sys
from collections.abc import AsyncIterator

import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

CHUNK = b"x" * 65_536
app = FastAPI()


async def events() -> AsyncIterator[str]:
    for number in range(20_000):
        yield f"data: {number}\n\n"


async def chunks() -> AsyncIterator[bytes]:
    for _ in range(1_000):
        yield CHUNK


@app.get("/ticks")
async def ticks() -> StreamingResponse:
    return StreamingResponse(events(), media_type="text/event-stream")


@app.get("/download")
async def download() -> StreamingResponse:
    return StreamingResponse(chunks(), media_type="application/octet-stream")


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
