"""What the servers that validate with pydantic expect."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# pydantic's default takes the text "2" for a number.
EXACT = ConfigDict(extra="forbid", strict=True)


class Line(BaseModel):
    model_config = EXACT
    sku: str = Field(pattern="^[A-Z]{3}-[0-9]{4}$")
    quantity: int = Field(ge=1, le=100)
    price: float = Field(ge=0)


class Order(BaseModel):
    model_config = EXACT
    id: int = Field(ge=1)
    customer: str = Field(min_length=1, max_length=80)
    email: str = Field(pattern="@")
    lines: list[Line] = Field(min_length=1)
    note: str | None = None


class Person(BaseModel):
    name: str
    age: int = Field(ge=1, le=150)


Limit = Annotated[int, Field(ge=1, le=100)]
