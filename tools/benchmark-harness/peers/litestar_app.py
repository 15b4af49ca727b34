"""Litestar with models of msgspec: on uvicorn when it is run, for another server when it is imported."""

import asyncio
import os
import sys
from typing import Annotated, Any

import msgspec
import uvicorn
from litestar import Litestar, MediaType, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import ValidationException
from litestar.params import Body, Parameter
from msgspec_models import Order

ORDERS = msgspec.json.Decoder(Order)


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
async def order(body: bytes) -> dict:
    # Litestar itself takes the text "2" for a number, which the others refuse in JSON.
    try:
        order = ORDERS.decode(body)
    except msgspec.DecodeError as error:
        raise ValidationException(str(error)) from error
    return {"id": order.id, "items": sum(line.quantity for line in order.lines)}


@post("/echo", status_code=200)
async def echo(data: dict[str, Any]) -> dict[str, Any]:
    return data


@post("/form", status_code=200)
async def form(data: Annotated[Person, Body(media_type=RequestEncodingType.URL_ENCODED)]) -> Person:
    return data


@post("/upload", status_code=200)
async def upload(data: Annotated[Upload, Body(media_type=RequestEncodingType.MULTI_PART)]) -> dict:
    return {"size": len(await data.file.read())}


def routes(number: int) -> list:
    @get(f"/static/{number}", media_type=MediaType.TEXT)
    async def static() -> str:
        return f"static {number}"

    @get(f"/items/{number}/parts/{{part:str}}", media_type=MediaType.TEXT)
    async def part(part: str) -> str:
        return f"items {number} {part}"

    return [static, part]


more = [route for number in range(int(os.environ.get("ROUTES", "0")) // 2) for route in routes(number)]
app = Litestar([index, sleep, show, order, echo, form, upload, *more])

if __name__ == "__main__":
    options = {"log_level": "warning", "access_log": False, "timeout_keep_alive": 75}
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), **options)
