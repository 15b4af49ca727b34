"""Robyn with hand-written checks, as it has no validation of its own."""

import asyncio
import json
import re
import sys
from urllib.parse import parse_qsl

from robyn import Request, Response, Robyn

app = Robyn(__file__)
SKU = re.compile("^[A-Z]{3}-[0-9]{4}$")


def answer(value) -> Response:
    return Response(200, {"content-type": "application/json"}, json.dumps(value))


@app.get("/")
async def index(request: Request):
    return Response(200, {"content-type": "text/plain; charset=utf-8"}, "Hello, world!")


@app.get("/sleep")
async def sleep(request: Request):
    await asyncio.sleep(0.001)
    return Response(200, {"content-type": "text/plain; charset=utf-8"}, "Slept.")


@app.get("/users/:id")
async def show(request: Request):
    number, limit = int(request.path_params["id"]), int(request.query_params.get("limit", "10"))
    if not 1 <= limit <= 100:
        return Response(422, {}, "refused")
    return answer({"id": number, "limit": limit})


@app.post("/orders")
async def order(request: Request):
    order = json.loads(request.body)
    lines = order["lines"]
    valid = order["id"] >= 1 and 1 <= len(order["customer"]) <= 80 and "@" in order["email"] and lines
    if not valid or not all(SKU.match(line["sku"]) and 1 <= line["quantity"] <= 100 for line in lines):
        return Response(422, {}, "refused")
    return answer({"id": order["id"], "items": sum(line["quantity"] for line in lines)})


@app.post("/echo")
async def echo(request: Request):
    return answer(json.loads(request.body))


@app.post("/form")
async def form(request: Request):
    form = dict(parse_qsl(request.body))
    age = int(form["age"])
    if not 1 <= age <= 150:
        return Response(422, {}, "refused")
    return answer({"name": form["name"], "age": age})


@app.post("/upload")
async def upload(request: Request):
    return answer({"size": len(next(iter(request.files.values())))})


app.start(host="127.0.0.1", port=int(sys.argv[1]))
