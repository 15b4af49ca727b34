"""Sabir through its public decorators."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated, Any

from msgspec_models import Order
from sabir import Body, File, Form, Query, Sabir, UploadFile

app = Sabir()


@app.get("/")
async def index() -> str:
    return "Hello, world!"


@app.get("/sleep")
async def sleep() -> str:
    await asyncio.sleep(0.001)
    return "Slept."


@app.get("/users/{id:int}")
async def show(id: int, limit: Annotated[int, Query(ge=1, le=100)] = 10) -> dict:
    return {"id": id, "limit": limit}


@app.post("/orders")
async def order(order: Order) -> dict:
    return {"id": order.id, "items": sum(line.quantity for line in order.lines)}


@app.post("/echo")
async def echo(value: Annotated[Any, Body()]) -> Any:
    return value


@app.post("/form")
async def form(name: Annotated[str, Form()], age: Annotated[int, Form(ge=1, le=150)]) -> dict:
    return {"name": name, "age": age}


@app.post("/upload")
async def upload(file: Annotated[UploadFile, File()]) -> dict:
    return {"size": len(await file.read())}


def add_routes(number: int) -> None:
    @app.get(f"/static/{number}")
    async def static() -> str:
        return f"static {number}"

    @app.get(f"/items/{number}/parts/{{part}}")
    async def part(part: str) -> str:
        return f"items {number} {part}"


app.static("/files", Path(__file__).parent / "files")

for number in range(int(os.environ.get("ROUTES", "0")) // 2):
    add_routes(number)

app.run(port=int(sys.argv[1]))
