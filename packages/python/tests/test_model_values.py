"""Values of models and of plain types: numbers, keys, null and defaults."""

import datetime
import enum
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import attrs
import msgspec
import pydantic
import pytest

from sabir import TestClient
from tests.models import DataLine, Line, echoing


class Color(enum.IntEnum):
    RED = 1


class PydanticNumbers(pydantic.BaseModel):
    n: int
    many: list[int]
    named: dict[str, int]
    fraction: float
    anything: Any = None
    either: int | str = 1
    both: int | float = 1
    color: Color = Color.RED
    one: Literal[1, "a"] = 1


class StructNumbers(msgspec.Struct):
    n: int
    many: list[int]
    named: dict[str, int]
    fraction: float
    anything: Any = None
    either: int | str = 1
    both: float | int = 1
    color: Color = Color.RED
    one: Literal[1, "a"] = 1


@dataclass
class DataNumbers:
    n: int
    many: list[int]
    named: dict[str, int]
    fraction: float
    anything: Any = None
    either: int | str = 1
    both: float | int = 1
    color: Color = Color.RED
    one: Literal[1, "a"] = 1


@attrs.define
class AttrsNumbers:
    n: int
    many: list[int]
    named: dict[str, int]
    fraction: float
    anything: Any = None
    either: int | str = 1
    both: float | int = 1
    color: Color = Color.RED
    one: Literal[1, "a"] = 1


class StrictNumbers(PydanticNumbers):
    model_config = pydantic.ConfigDict(strict=True)


@pytest.mark.native
@pytest.mark.parametrize("model", [PydanticNumbers, StructNumbers, DataNumbers, AttrsNumbers, StrictNumbers])
def test_a_whole_number_with_a_fraction_is_an_int_where_one_is_declared(model: Any) -> None:
    app, seen = echoing(model)
    content = (
        '{"n": 1.0, "many": [1.0, 2], "named": {"a": 3e0}, "fraction": 1.0,'
        ' "anything": 2.0, "either": 4.0, "both": 5.0, "color": 1.0, "one": 1.0}'
    )
    answer = TestClient(app).post("/", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 200, answer.text
    found = seen[0]
    values = [found.n, *found.many, found.named["a"], found.fraction, found.anything, found.either, found.both]
    assert [(type(value), value) for value in values] == [
        (int, 1),
        (int, 1),
        (int, 2),
        (int, 3),
        (float, 1.0),
        (float, 2.0),
        (int, 4),
        (float, 5.0),
    ]
    assert found.color is Color.RED
    assert type(found.one) is int


class Pair(NamedTuple):
    first: int
    second: int = 2


@pytest.mark.native
@pytest.mark.parametrize(
    ("annotation", "content", "value"),
    [
        (int, "1.0", 1),
        (list[int], "[1.0]", [1]),
        (list[list[int]], "[[1.0]]", [[1]]),
        (dict[str, int], '{"a": 1.0}', {"a": 1}),
        (set[int], "[1.0]", {1}),
        (tuple[int, ...], "[1.0]", (1,)),
        (tuple[int, str], '[1.0, "a"]', (1, "a")),
        (int | None, "1.0", 1),
        (list[int | str], '[1.0, "1"]', [1, "1"]),
        (Literal[1, 2], "1.0", 1),
        (Pair, "[1.0]", Pair(1)),
        (list[float], "[1]", [1.0]),
    ],
    ids=str,
)
def test_a_plain_type_gets_an_int_too(annotation: Any, content: str, value: Any) -> None:
    app, seen = echoing(annotation)
    TestClient(app).post("/", content=content, headers={"content-type": "application/json"}).raise_for_status()
    assert seen == [value]
    assert repr(seen[0]) == repr(value)


class Numbered(msgspec.Struct):
    names: dict[int, str]


@dataclass
class Everything:
    anything: object
    named: dict[str, object]


KEY = uuid.UUID(int=1)


@pytest.mark.native
@pytest.mark.parametrize(
    ("annotation", "sent", "value"),
    [
        (dict[int, str], {"1": "a", "-2": "b"}, {1: "a", -2: "b"}),
        (dict[int, int], {"1": 2.0}, {1: 2}),
        (dict[int, DataLine], {"1": {"sku": "a", "count": 2}}, {1: DataLine("a", 2)}),
        (dict[uuid.UUID, int], {str(KEY): 1}, {KEY: 1}),
        (dict[datetime.date, list[int]], {"2024-02-29": [1]}, {datetime.date(2024, 2, 29): [1]}),
        (dict[Literal[1, 2], str], {"1": "a"}, {1: "a"}),
        (dict[Color, str], {"1": "a"}, {Color.RED: "a"}),
        (Numbered, {"names": {"7": "a"}}, Numbered({7: "a"})),
        (dict[str, object], {"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
        (dict[str, object] | None, {"a": 1}, {"a": 1}),
        (dict[str, list[object]], {"a": [1, "b"]}, {"a": [1, "b"]}),
        (Everything, {"anything": [1], "named": {"a": 1}}, Everything([1], {"a": 1})),
    ],
    ids=str,
)
def test_a_dictionary_has_keys_and_values_of_any_type(annotation: Any, sent: Any, value: Any) -> None:
    app, seen = echoing(annotation)
    answer = TestClient(app).post("/", json=sent)
    assert answer.status_code == 200, answer.text
    assert seen == [value]
    assert answer.json() == sent


@pytest.mark.native
def test_a_key_that_does_not_fit_is_refused() -> None:
    app, seen = echoing(dict[int, str])
    assert TestClient(app).post("/", json={"a": "b"}).status_code == 422
    assert seen == []


@pytest.mark.native
@pytest.mark.parametrize(
    "annotation", [Line | None, list[Line] | None, DataLine | None, int | None, dict[str, Any] | None]
)
def test_null_is_a_value_where_none_is_permitted(annotation: Any) -> None:
    app, seen = echoing(annotation)
    answer = TestClient(app).post("/", content="null", headers={"content-type": "application/json"})
    assert answer.status_code == 204, answer.text
    assert seen == [None]


@pytest.mark.native
def test_a_strict_model_takes_what_its_schema_takes() -> None:
    class Strict(pydantic.BaseModel):
        model_config = pydantic.ConfigDict(strict=True)
        day: datetime.date
        key: uuid.UUID
        members: set[int]

    app, seen = echoing(Strict)
    client = TestClient(app)
    sent = {"day": "2024-02-29", "key": str(uuid.UUID(int=1)), "members": [1]}
    assert client.post("/", json=sent).json() == sent
    assert seen[0].day == datetime.date(2024, 2, 29)
    assert client.post("/", json={**sent, "members": ["1"]}).status_code == 422


@dataclass(frozen=True)
class Frozen:
    a: int
    b: int = 5
    c: list[int] = field(default_factory=list)
    d: str = "x"


@dataclass
class Nested:
    first: Frozen
    rest: list[Frozen]
    named: dict[str, Frozen]
    optional: Frozen | None = None


@pytest.mark.native
def test_a_dataclass_keeps_its_defaults_when_it_is_returned() -> None:
    full = {"a": 1, "b": 5, "c": [], "d": "x"}
    for annotation, sent, answer in (
        (Frozen, {"a": 1}, full),
        (list[Frozen], [{"a": 1}], [full]),
        (
            Nested,
            {"first": {"a": 1}, "rest": [{"a": 1, "d": "y"}], "named": {"k": {"a": 1}}},
            {"first": full, "rest": [{**full, "d": "y"}], "named": {"k": full}, "optional": None},
        ),
    ):
        app, seen = echoing(annotation)
        client = TestClient(app)
        found = client.post("/", json=sent)
        assert found.json() == answer
        client.post("/", json=sent)
        assert seen[0] == seen[1]
    frozen = seen[0].first
    frozen.c.append(1)
    assert seen[1].first.c == [], "each request has its own"
    assert list(vars(frozen)) == ["a", "b", "c", "d"]
