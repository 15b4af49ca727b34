"""Models of every library: their names, their values, and what is told when one does not fit."""

import datetime
import enum
import re
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypedDict, TypeVar

import attrs
import msgspec
import pydantic
import pytest

from sabir import Body, Sabir, SetupError, TestClient
from sabir.components import REFERENCE, Components
from sabir.operation import derive
from sabir.routes import RouteDefinition

Item = TypeVar("Item")


class Line(pydantic.BaseModel):
    sku: str
    count: int = 1


class Page(pydantic.BaseModel, Generic[Item]):
    items: list[Item]
    total: int = 0


class StructLine(msgspec.Struct):
    sku: str
    count: int = 1


class StructPage(msgspec.Struct, Generic[Item]):
    items: list[Item]
    total: int = 0


@dataclass
class DataLine:
    sku: str
    count: int = 1


@dataclass
class DataPage(Generic[Item]):
    items: list[Item]
    total: int = 0


@attrs.define
class AttrsLine:
    sku: str
    count: int = 1


@attrs.define
class AttrsPage(Generic[Item]):
    items: list[Item]
    total: int = 0


class DictLine(TypedDict):
    sku: str


class DictPage(TypedDict, Generic[Item]):
    items: list[Item]


class Titled(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(title="A title (version 2) / no name")
    sku: str


class Tree(pydantic.BaseModel):
    name: str
    branches: "list[Tree]" = []


@dataclass
class DataTree:
    name: str
    branches: "list[DataTree]" = field(default_factory=list)
    leaf: "DataLine | None" = None


def echoing(annotation: Any) -> tuple[Sabir, list[Any]]:
    app, seen = Sabir(), []

    async def handler(body: Any) -> Any:
        seen.append(body)
        return body

    handler.__annotations__.update({"body": Annotated[annotation, Body()], "return": annotation})
    app.post("/")(handler)
    return app, seen


def references(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        found = {schema["$ref"]} if isinstance(schema.get("$ref"), str) else set()
        return found.union(*(references(value) for value in schema.values()))
    return set().union(*map(references, schema)) if isinstance(schema, list) else set()


@pytest.mark.native
@pytest.mark.parametrize(
    ("model", "sent", "answer"),
    [
        (Page[Line], {"items": [{"sku": "a"}]}, {"items": [{"sku": "a", "count": 1}], "total": 0}),
        (Page[int], {"items": [1]}, {"items": [1], "total": 0}),
        (Page[Page[Line]], {"items": []}, {"items": [], "total": 0}),
        (StructPage[StructLine], {"items": [{"sku": "a"}]}, {"items": [{"sku": "a", "count": 1}], "total": 0}),
        (DataPage[DataLine], {"items": [{"sku": "a"}]}, {"items": [{"sku": "a", "count": 1}], "total": 0}),
        (AttrsPage[AttrsLine], {"items": [{"sku": "a"}]}, {"items": [{"sku": "a", "count": 1}], "total": 0}),
        (DictPage[DictLine], {"items": [{"sku": "a"}]}, {"items": [{"sku": "a"}]}),
        (Titled, {"sku": "a"}, {"sku": "a"}),
        (Tree, {"name": "a", "branches": [{"name": "b"}]}, {"name": "a", "branches": [{"name": "b", "branches": []}]}),
        (DataTree, {"name": "a"}, {"name": "a", "branches": [], "leaf": None}),
    ],
    ids=str,
)
def test_a_model_has_a_component_whatever_it_is_called(model: Any, sent: Any, answer: Any) -> None:
    app, _ = echoing(model)
    client = TestClient(app)
    assert client.post("/", json=sent).json() == answer
    assert client.post("/", json={"items": 7, "sku": 7, "name": 7}).status_code == 422
    for name, component in app._components.items():
        assert re.fullmatch(r"[a-zA-Z0-9._-]+", name)
        assert {reference.removeprefix(REFERENCE) for reference in references(component)} <= set(app._components)


def other_line(kind: str) -> Any:
    """Return another model that is called ``Line``."""
    if kind == "pydantic":
        return pydantic.create_model("Line", weight=(float, ...), __module__="tests.weights")
    if kind == "msgspec":
        return msgspec.defstruct("Line", [("weight", float)], module="tests.weights")
    return attrs.make_class("Line", {"weight": attrs.field(type=float)})


@pytest.mark.native
@pytest.mark.parametrize("kind", ["pydantic", "msgspec", "attrs"])
def test_two_models_of_one_name_are_told_apart(kind: str) -> None:
    app = Sabir()
    other = other_line(kind)

    def first(body: Line) -> None: ...
    def second(body: Any) -> Any: ...
    def third(body: Line) -> None: ...

    second.__annotations__.update(body=list[other], **{"return": dict[str, other]})  # type: ignore[valid-type]
    for path, handler in (("/first", first), ("/second", second), ("/third", third)):
        app.post(path)(handler)
    client = TestClient(app)
    assert client.post("/first", json={"sku": "a"}).status_code == 204
    assert client.post("/second", json=[{"weight": 1.5}]).status_code == 204
    assert client.post("/second", json=[{"sku": "a"}]).status_code == 422
    assert client.post("/third", json={"weight": 1.5}).status_code == 422
    assert app._components["Line"]["properties"].keys() == {"sku", "count"}
    renamed = [name for name, component in app._components.items() if "weight" in component.get("properties", {})]
    assert len(renamed) == 1
    assert renamed[0] == ("tests.test_models.Line" if kind == "attrs" else "tests.weights.Line")


def test_components_keep_their_names_where_they_can() -> None:
    components = Components({"A": {"type": "string"}})
    schema = {"$ref": f"{REFERENCE}A", "discriminator": {"mapping": {"a": f"{REFERENCE}A"}}}
    assert components.adopt(schema, {"A": {"type": "string"}}) == schema
    renamed = components.adopt(schema, {"A": {"type": "integer"}})
    assert renamed == {"$ref": f"{REFERENCE}A-2", "discriminator": {"mapping": {"a": f"{REFERENCE}A-2"}}}
    cycle = components.adopt({}, {"A": {"$ref": f"{REFERENCE}B"}, "B": {"$ref": f"{REFERENCE}A"}, "B!": {}, "B?": {}})
    assert cycle == {}
    assert set(components) == {"A", "A-2", "A-3", "B", "B_", "B_-2"}


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


FUTURE = """
from __future__ import annotations
from dataclasses import dataclass
from typing import Annotated
import msgspec
from pydantic import BaseModel
from sabir import Body, Query, Router, Sabir, TestClient

app = Sabir()

class Order(BaseModel):
    lines: list[Line]

class Line(BaseModel):
    sku: str

@dataclass
class Parcel:
    order: Weight | None = None

@dataclass
class Weight:
    grams: int = 1

@app.post("/orders")
async def create(order: Order, dry: Annotated[bool, Query()] = False) -> Order:
    return order

@app.post("/parcels")
def send(parcel: Parcel | None = None) -> Parcel | None:
    return parcel

def make() -> None:
    class Local(msgspec.Struct):
        name: str

    @app.post("/local")
    def local(body: Local) -> Local:
        return body

make()
client = TestClient(app)
print(client.post("/orders?dry=true", json={"lines": [{"sku": "a"}]}).text)
print(client.post("/parcels", json={"order": {}}).text)
print(client.post("/local", json={"name": "a"}).text)
"""


@pytest.mark.native
def test_annotations_may_be_text(tmp_path: Path) -> None:
    module = tmp_path / "shop.py"
    module.write_text(FUTURE)
    found = subprocess.run([sys.executable, module], capture_output=True, text=True)
    assert found.stdout.splitlines() == [
        '{"lines":[{"sku":"a"}]}',
        '{"order":{"grams":1}}',
        '{"name":"a"}',
    ], found.stderr


def test_a_model_whose_types_nobody_can_find_is_named() -> None:
    @dataclass
    class Lost:
        other: "Elsewhere"  # type: ignore[name-defined]  # noqa: F821

    def handler(body: Any) -> None: ...

    handler.__annotations__["body"] = Lost
    with pytest.raises(SetupError, match=r"^POST /items: body: name 'Elsewhere' is not defined"):
        Sabir().post("/items")(handler)


@pydantic.dataclasses.dataclass
class Renamed:
    first_name: Annotated[str, pydantic.Field(alias="firstName")]


@pytest.mark.native
@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (Renamed, {"firstName": "a"}),
        (list[Renamed], [{"firstName": "a"}, {"firstName": "b"}]),
        (dict[str, list[Renamed]], {"all": [{"firstName": "a"}]}),
        (tuple[Renamed, int], [{"firstName": "a"}, 1]),
    ],
    ids=str,
)
def test_a_dataclass_of_pydantic_keeps_its_aliases_wherever_it_stands(kind: Any, sent: Any) -> None:
    app, _ = echoing(kind)
    assert TestClient(app).post("/", json=sent).json() == sent


class Measured(pydantic.BaseModel):
    width: int = 1

    @pydantic.computed_field  # type: ignore[prop-decorator]
    @property
    def area(self) -> int:
        return self.width**2


def test_an_answer_is_described_as_pydantic_writes_it() -> None:
    def handler(body: Measured) -> list[Measured]:
        return [body]

    operation = derive(RouteDefinition("POST", "/", handler, {}))
    read = operation.operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    written = operation.operation["responses"]["200"]["content"]["application/json"]["schema"]["items"]["$ref"]
    schemas = {REFERENCE + name: schema for name, schema in operation.components.items()}
    assert schemas[read].get("required", []) == []
    assert sorted(schemas[written]["required"]) == ["area"]
    assert schemas[written]["properties"]["area"]["readOnly"] is True
