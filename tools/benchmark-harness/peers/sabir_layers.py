"""Sabir with what the environment variable `LAYERS` names around its handler."""

import os
import sys
from typing import Annotated

from sabir import Depends, Request, Sabir
from sabir.stages import Compression, Cors, RequestId, SecurityHeaders

LAYERS = os.environ.get("LAYERS", "")
app = Sabir()

if LAYERS == "stages":
    app.use(Cors(allow_origins=["https://shop.example"]), RequestId(), SecurityHeaders(), Compression())

if LAYERS == "hook":

    @app.pre_handler
    def hook(request: Request) -> None:
        request.state.user = "ada"


if LAYERS == "dependencies":

    def settings() -> str:
        return "world"

    def greeting(name: Annotated[str, Depends(settings)]) -> str:
        return f"Hello, {name}"

    def sentence(text: Annotated[str, Depends(greeting)]) -> str:
        return f"{text}!"

    @app.get("/")
    async def index(text: Annotated[str, Depends(sentence)]) -> str:
        return text

else:

    @app.get("/")
    async def index() -> str:
        return "Hello, world!"


app.run(port=int(sys.argv[1]))
