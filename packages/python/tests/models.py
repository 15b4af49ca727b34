"""An application that answers what was sent, and models for it."""

from dataclasses import dataclass
from typing import Annotated, Any

import pydantic

from sabir import Body, Sabir


class Line(pydantic.BaseModel):
    sku: str
    count: int = 1


@dataclass
class DataLine:
    sku: str
    count: int = 1


def echoing(annotation: Any) -> tuple[Sabir, list[Any]]:
    app, seen = Sabir(), []

    async def handler(body: Any) -> Any:
        seen.append(body)
        return body

    handler.__annotations__.update({"body": Annotated[annotation, Body()], "return": annotation})
    app.post("/")(handler)
    return app, seen
