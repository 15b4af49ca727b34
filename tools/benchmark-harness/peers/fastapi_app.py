"""FastAPI: on uvicorn with uvloop and httptools when it is run, for another server when it is imported."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import Body, FastAPI, File, Form, Query, UploadFile
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles
from pydantic_models import Order

app = FastAPI()
app.mount("/files", StaticFiles(directory=Path(__file__).parent / "files"))


@app.get("/", response_class=PlainTextResponse)
async def index() -> str:
    return "Hello, world!"


@app.get("/sleep", response_class=PlainTextResponse)
async def sleep() -> str:
    await asyncio.sleep(0.001)
    return "Slept."


@app.get("/users/{id}")
async def show(id: int, limit: Annotated[int, Query(ge=1, le=100)] = 10):
    return {"id": id, "limit": limit}


@app.post("/orders")
async def order(order: Order):
    return {"id": order.id, "items": sum(line.quantity for line in order.lines)}


@app.post("/echo")
async def echo(value: Annotated[Any, Body()]):
    return value


@app.post("/form")
async def form(name: Annotated[str, Form()], age: Annotated[int, Form(ge=1, le=150)]):
    return {"name": name, "age": age}


@app.post("/upload")
async def upload(file: Annotated[UploadFile, File()]):
    return {"size": len(await file.read())}


def add_routes(number: int) -> None:
    @app.get(f"/static/{number}", response_class=PlainTextResponse)
    async def static() -> str:
        return f"static {number}"

    @app.get(f"/items/{number}/parts/{{part}}", response_class=PlainTextResponse)
    async def part(part: str) -> str:
        return f"items {number} {part}"


for number in range(int(os.environ.get("ROUTES", "0")) // 2):
    add_routes(number)

if __name__ == "__main__":
    options = {"log_level": "warning", "access_log": False, "timeout_keep_alive": 75}
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), **options)
