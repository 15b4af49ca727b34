"""FastAPI on uvicorn with what the environment variable `LAYERS` names around its handler."""

import os
import sys
import uuid
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import PlainTextResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LAYERS = os.environ.get("LAYERS", "")
app = FastAPI()


class Headers:
    """The id of a request, and what browsers may do with its answer: FastAPI brings neither."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the fields to the head of the answer."""

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = uuid.uuid4().hex
                headers["x-content-type-options"] = "nosniff"
                headers["x-frame-options"] = "SAMEORIGIN"
                headers["referrer-policy"] = "strict-origin-when-cross-origin"
                headers["cross-origin-opener-policy"] = "same-origin"
            await send(message)

        await self.app(scope, receive, add)


if LAYERS == "stages":
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    app.add_middleware(Headers)
    app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])

if LAYERS == "hook":
    # The nearest that FastAPI has: a dependency of the application whose value nobody wants.
    async def hook(request: Request) -> None:
        request.state.user = "ada"

    app = FastAPI(dependencies=[Depends(hook)])

if LAYERS == "dependencies":

    def settings() -> str:
        return "world"

    def greeting(name: Annotated[str, Depends(settings)]) -> str:
        return f"Hello, {name}"

    def sentence(text: Annotated[str, Depends(greeting)]) -> str:
        return f"{text}!"

    @app.get("/", response_class=PlainTextResponse)
    async def index(text: Annotated[str, Depends(sentence)]) -> str:
        return text

else:

    @app.get("/", response_class=PlainTextResponse)
    async def index() -> str:
        return "Hello, world!"


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False, timeout_keep_alive=75)
