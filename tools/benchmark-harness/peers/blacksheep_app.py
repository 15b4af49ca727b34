"""BlackSheep on Granian."""

import asyncio
from dataclasses import dataclass

from blacksheep import Application, FromForm, FromJSON, FromQuery, Request, get, json, post, text
from pydantic import BaseModel, ConfigDict, Field

app = Application()


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sku: str = Field(pattern="^[A-Z]{3}-[0-9]{4}$")
    quantity: int = Field(ge=1, le=100)
    price: float = Field(ge=0)


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: int = Field(ge=1)
    customer: str = Field(min_length=1, max_length=80)
    email: str = Field(pattern="@")
    lines: list[Line] = Field(min_length=1)
    note: str | None = None


@dataclass
class Person:
    name: str
    age: int


@get("/")
async def index():
    return text("Hello, world!")


@get("/sleep")
async def sleep():
    await asyncio.sleep(0.001)
    return text("Slept.")


@get("/users/{id}")
async def show(id: int, limit: FromQuery[int]):
    if not 1 <= limit.value <= 100:
        return text("refused", 422)
    return json({"id": id, "limit": limit.value})


@post("/orders")
async def order(data: FromJSON[Order]):
    return json({"id": data.value.id, "items": sum(line.quantity for line in data.value.lines)})


@post("/echo")
async def echo(data: FromJSON[dict]):
    return json(data.value)


@post("/form")
async def form(data: FromForm[Person]):
    return json({"name": data.value.name, "age": int(data.value.age)})


@post("/upload")
async def upload(request: Request):
    files = await request.files("file")
    return json({"size": len(files[0].data)})
