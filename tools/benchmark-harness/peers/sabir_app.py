"""Sabir through its public decorators."""

import asyncio
import sys
from typing import Annotated, Any

import msgspec
from sabir import Body, File, Form, Query, Sabir, UploadFile

app = Sabir()


class Line(msgspec.Struct, forbid_unknown_fields=True):
    sku: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}-[0-9]{4}$")]
    quantity: Annotated[int, msgspec.Meta(ge=1, le=100)]
    price: Annotated[float, msgspec.Meta(ge=0)]


class Order(msgspec.Struct, forbid_unknown_fields=True):
    id: Annotated[int, msgspec.Meta(ge=1)]
    customer: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    email: Annotated[str, msgspec.Meta(pattern="@")]
    lines: Annotated[list[Line], msgspec.Meta(min_length=1)]
    note: str | None = None


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


app.run(port=int(sys.argv[1]))
