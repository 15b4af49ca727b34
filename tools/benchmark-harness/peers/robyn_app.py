"""Robyn with its models of pydantic; what is no body it leaves to the application."""

import asyncio
import json
import os
import sys
from urllib.parse import parse_qsl

from pydantic import TypeAdapter, ValidationError
from pydantic_models import Limit, Order, Person
from robyn import Request, Response, Robyn

app = Robyn(__file__)
limits = TypeAdapter(Limit)
numbers = TypeAdapter(int)


@app.exception
def refuse(error: Exception) -> Response:
    if isinstance(error, ValidationError):
        return Response(422, {"content-type": "application/json"}, error.json())
    return Response(500, {}, "")


def answer(value) -> Response:
    return Response(200, {"content-type": "application/json"}, json.dumps(value))


def text(content: str) -> Response:
    return Response(200, {"content-type": "text/plain; charset=utf-8"}, content)


@app.get("/")
async def index(request: Request):
    return text("Hello, world!")


@app.get("/sleep")
async def sleep(request: Request):
    await asyncio.sleep(0.001)
    return text("Slept.")


@app.get("/users/:id")
async def show(request: Request):
    number = numbers.validate_python(request.path_params["id"])
    limit = limits.validate_python(request.query_params.get("limit", "10"))
    return answer({"id": number, "limit": limit})


@app.post("/orders")
async def order(order: Order):
    return answer({"id": order.id, "items": sum(line.quantity for line in order.lines)})


@app.post("/echo")
async def echo(request: Request):
    return answer(json.loads(request.body))


@app.post("/form")
async def form(request: Request):
    person = Person.model_validate(dict(parse_qsl(request.body)))
    return answer({"name": person.name, "age": person.age})


@app.post("/upload")
async def upload(request: Request):
    if not request.files:
        return Response(422, {}, "A file is required.")
    return answer({"size": len(next(iter(request.files.values())))})


def add_routes(number: int) -> None:
    @app.get(f"/static/{number}")
    async def static(request: Request):
        return text(f"static {number}")

    @app.get(f"/items/{number}/parts/:part")
    async def part(request: Request):
        return text(f"items {number} {request.path_params['part']}")


for number in range(int(os.environ.get("ROUTES", "0")) // 2):
    add_routes(number)

app.start(host="127.0.0.1", port=int(sys.argv[1]))
