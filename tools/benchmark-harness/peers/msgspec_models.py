"""What the servers that validate with msgspec expect."""

from typing import Annotated

from msgspec import Meta, Struct


class Line(Struct, forbid_unknown_fields=True):
    sku: Annotated[str, Meta(pattern="^[A-Z]{3}-[0-9]{4}$")]
    quantity: Annotated[int, Meta(ge=1, le=100)]
    price: Annotated[float, Meta(ge=0)]


class Order(Struct, forbid_unknown_fields=True):
    id: Annotated[int, Meta(ge=1)]
    customer: Annotated[str, Meta(min_length=1, max_length=80)]
    email: Annotated[str, Meta(pattern="@")]
    lines: Annotated[list[Line], Meta(min_length=1)]
    note: str | None = None
