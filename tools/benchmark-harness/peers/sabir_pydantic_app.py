"""Sabir with a body that is a model of pydantic."""

import sys

from pydantic_models import Order
from sabir import Sabir

app = Sabir()


@app.post("/orders")
async def order(order: Order) -> dict:
    return {"id": order.id, "items": sum(line.quantity for line in order.lines)}


app.run(port=int(sys.argv[1]))
