"""Litestar with msgspec models on uvicorn."""

import asyncio
import sys
from typing import Annotated, Any

import msgspec
import uvicorn
from litestar import Litestar, MediaType, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter


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


class Person(msgspec.Struct):
    name: str
    age: Annotated[int, msgspec.Meta(ge=1, le=150)]


class Upload(msgspec.Struct):
    title: str
    file: UploadFile


@get("/", media_type=MediaType.TEXT)
async def index() -> str:
    return "Hello, world!"


@get("/sleep", media_type=MediaType.TEXT)
async def sleep() -> str:
    await asyncio.sleep(0.001)
    return "Slept."


@get("/users/{id:int}")
async def show(id: int, limit: Annotated[int, Parameter(ge=1, le=100)] = 10) -> dict:
    return {"id": id, "limit": limit}


@post("/orders", status_code=200)
async def order(data: Order) -> dict:
    return {"id": data.id, "items": sum(line.quantity for line in data.lines)}


@post("/echo", status_code=200)
async def echo(data: dict[str, Any]) -> dict[str, Any]:
    return data


@post("/form", status_code=200)
async def form(data: Annotated[Person, Body(media_type=RequestEncodingType.URL_ENCODED)]) -> Person:
    return data


@post("/upload", status_code=200)
async def upload(data: Annotated[Upload, Body(media_type=RequestEncodingType.MULTI_PART)]) -> dict:
    return {"size": len(await data.file.read())}


app = Litestar([index, sleep, show, order, echo, form, upload])
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
