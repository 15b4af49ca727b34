"""BlackSheep on Granian."""

import asyncio
import os

from blacksheep import Application, FromForm, FromJSON, FromQuery, Request, get, json, post, text
from pydantic_models import Order, Person

app = Application()


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
    if not files:
        return text("A file is required.", 422)
    return json({"size": len(files[0].data)})


def add_routes(number: int) -> None:
    @get(f"/static/{number}")
    async def static():
        return text(f"static {number}")

    @get(f"/items/{number}/parts/{{part}}")
    async def part(part: str):
        return text(f"items {number} {part}")


for number in range(int(os.environ.get("ROUTES", "0")) // 2):
    add_routes(number)
