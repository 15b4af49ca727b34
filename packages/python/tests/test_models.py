"""Models of every library: their names, and how they are described."""

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Generic, TypedDict, TypeVar

import attrs
import msgspec
import pydantic
import pytest

from sabir import Sabir, SetupError, TestClient
from sabir.components import REFERENCE, Components
from sabir.operation import derive
from sabir.routes import RouteDefinition
from tests.models import DataLine, Line, echoing

Item = TypeVar("Item")


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
