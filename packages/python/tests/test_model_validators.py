"""What models refuse by themselves, and what is told of it."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import attrs
import msgspec
import pydantic
import pytest

from sabir import TestClient
from tests.models import Line, echoing


class Checked(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(populate_by_name=True)
    first: str = pydantic.Field(alias="the first")
    second: str
    lines: list[Line] = []

    @pydantic.field_validator("first", "second")
    @classmethod
    def not_sold(cls, value: str) -> str:
        if value == "no":
            raise ValueError("this one is not for sale")
        return value


@dataclass
class CheckedData:
    count: int

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("less than nothing")


class CheckedStruct(msgspec.Struct):
    many: list[CheckedData]
    by_name: dict[str, CheckedData] = {}
    one: CheckedData | None = None


@attrs.define
class CheckedAttrs:
    count: int = attrs.field(validator=attrs.validators.ge(0))
    share: float = attrs.field(default=0.5, validator=attrs.validators.lt(1))
    kind: str = attrs.field(default="one", validator=attrs.validators.in_(["one"]))


class Cat(pydantic.BaseModel):
    kind: Literal["cat"]
    lives: int

    @pydantic.field_validator("lives")
    @classmethod
    def nine(cls, value: int) -> int:
        assert value <= 9, "too many lives"
        return value


class Dog(pydantic.BaseModel):
    kind: Literal["dog"]


NEGATIVE = {"count": -1}


Pet = Annotated[Cat | Dog, pydantic.Field(discriminator="kind")]


@pytest.mark.native
@pytest.mark.parametrize(
    ("model", "sent", "errors"),
    [
        (
            Checked,
            {"the first": "no", "second": "no"},
            [("/the first", "this one is not for sale"), ("/second", "this one is not for sale")],
        ),
        (
            list[Pet],
            [{"kind": "cat", "lives": 10}, {"kind": "cat", "lives": 11}],
            [("/0/lives", "too"), ("/1/lives", "too")],
        ),
        (CheckedData, {"count": -1}, [("", "less than nothing")]),
        (
            CheckedStruct,
            {
                "many": [{"count": -1}, {"count": 1}, {"count": -2}],
                "by_name": {"a/b": NEGATIVE},
                "one": {"count": -1},
            },
            [("/many/0", "less"), ("/many/2", "less"), ("/by_name/a~1b", "less"), ("/one", "less")],
        ),
        (
            list[CheckedAttrs],
            [{"count": -1, "share": 2.0}, {"count": -2}],
            [("/0/count", "'count' must be"), ("/0/share", "'share' must be"), ("/1/count", "'count' must be")],
        ),
        (CheckedAttrs, {"count": 0, "kind": "other"}, [("/kind", "'kind' must be in ")]),
    ],
    ids=str,
)
def test_every_validator_that_fails_is_told(model: Any, sent: Any, errors: list[tuple[str, str]]) -> None:
    app, seen = echoing(model)
    answer = TestClient(app).post("/", json=sent)
    assert answer.status_code == 422
    assert seen == []
    found = answer.json()["errors"]
    assert [error["pointer"] for error in found] == [pointer for pointer, _ in errors]
    assert all(error["detail"].startswith(text) for error, (_, text) in zip(found, errors, strict=True))
    assert {(error["in"], error["keyword"]) for error in found} == {("body", "custom")}


@pytest.mark.native
def test_no_more_is_told_than_a_client_can_read() -> None:
    app, _ = echoing(list[CheckedData])
    answer = TestClient(app).post("/", json=[NEGATIVE] * 10_000)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 100
