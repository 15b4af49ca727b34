"""FastAPI on uvicorn with uvloop and httptools."""

import asyncio
import sys
from typing import Annotated, Any

import uvicorn
from fastapi import Body, FastAPI, File, Form, Query, UploadFile
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI()


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


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
