"""Dataclasses of pydantic within other values: their aliases are kept, whatever holds them."""

import collections
import dataclasses
import json
import types
from typing import Annotated, Any, Generic, NamedTuple, TypedDict, TypeVar

import attrs
import msgspec
import pydantic
import pytest

from sabir import Problem, Response
from sabir.aliases import may_hold_models, with_aliases
from sabir.encoding import encode_json, encoder_of

Item = TypeVar("Item")


@pydantic.dataclasses.dataclass(frozen=True)
class Renamed:
    first_name: Annotated[str, pydantic.Field(alias="firstName")]


@dataclasses.dataclass
class Plain:
    name: str


@dataclasses.dataclass(frozen=True)
class Holder:
    model: Renamed
    others: list[Renamed] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True)
class SlottedHolder:
    model: Renamed


class StructHolder(msgspec.Struct, frozen=True, rename="camel", tag=True):
    the_model: Renamed


class Closed(msgspec.Struct, gc=False):
    anything: Any


@attrs.define
class AttrsHolder:
    model: Renamed


class DictHolder(TypedDict):
    model: Renamed


class Page(msgspec.Struct, Generic[Item]):
    items: list[Item]


class Row(NamedTuple):
    model: Renamed
    number: int


class Model(pydantic.BaseModel):
    model: Renamed


class Items(list[Any]):
    pass


class Members(dict[str, Any]):
    pass


@dataclasses.dataclass
class Tree:
    name: str
    branches: "list[Tree]"


RENAMED = Renamed(firstName="a")
SENT = {"firstName": "a"}
VALUES: dict[str, tuple[Any, Any]] = {
    "alone": (RENAMED, SENT),
    "list": ([RENAMED], [SENT]),
    "tuple": ((RENAMED, 1), [SENT, 1]),
    "set": ({RENAMED}, [SENT]),
    "subclass of list": (Items([RENAMED]), [SENT]),
    "subclass of dict": (Members(a=RENAMED), {"a": SENT}),
    "default dict": (collections.defaultdict(list, a=[RENAMED]), {"a": [SENT]}),
    "ordered dict": (collections.OrderedDict(a=RENAMED), {"a": SENT}),
    "deque": (collections.deque([[RENAMED]]), [[SENT]]),
    "list of users": (collections.UserList([RENAMED]), [SENT]),
    "chain of dicts": (collections.ChainMap({"a": [RENAMED]}), {"a": [SENT]}),
    "view of a dict": (types.MappingProxyType({"a": RENAMED}), {"a": SENT}),
    "values": ({"a": RENAMED}.values(), [SENT]),
    "named tuple": (Row(RENAMED, 1), [SENT, 1]),
    "deque within a deque": (collections.deque([collections.deque([RENAMED])]), [[SENT]]),
    "dataclass": (Holder(RENAMED, [RENAMED]), {"model": SENT, "others": [SENT]}),
    "dataclass with slots": ([SlottedHolder(RENAMED)], [{"model": SENT}]),
    "struct": ({"a": StructHolder(RENAMED)}, {"a": {"type": "StructHolder", "theModel": SENT}}),
    "struct without gc": ([Closed([RENAMED])], [{"anything": [SENT]}]),
    "attrs": (AttrsHolder(RENAMED), {"model": SENT}),
    "typed dict": (DictHolder(model=RENAMED), {"model": SENT}),
    "model of pydantic": ([Model(model=RENAMED)], [{"model": SENT}]),
    "shared": ([pair := [RENAMED], {"a": pair}, pair], [[SENT], {"a": [SENT]}, [SENT]]),
}


@pytest.mark.parametrize(("value", "sent"), VALUES.values(), ids=VALUES)
def test_aliases_are_kept_whatever_holds_the_model(value: Any, sent: Any) -> None:
    before = repr(value)
    assert json.loads(encode_json(value)) == sent
    assert repr(value) == before


def test_a_value_without_models_stays_itself() -> None:
    for value in (
        [1, {"a": (None, {2})}],
        Plain("a"),
        [Page([Plain("a")])],
        Items([Members(a=1)]),
        Model(model=RENAMED),
    ):
        assert with_aliases(value) is value
    shared = [Plain("a")]
    [kept, changed] = with_aliases([shared, [RENAMED]])
    assert kept is shared
    assert changed == [SENT]


@pytest.mark.parametrize("hold", [lambda item: [item], lambda item: {"a": item}, lambda item: Closed(item)])
def test_a_model_may_stand_as_deep_as_json_may_be(hold: Any) -> None:
    value: Any = RENAMED
    for _ in range(5_000):
        value = hold(value)
    with_aliases(value)
    value = RENAMED
    for _ in range(600):
        value = hold(value)
    assert b'{"firstName":"a"}' in encode_json(value)


def test_a_value_that_contains_itself_is_no_endless_search() -> None:
    endless: list[Any] = [RENAMED]
    endless += [endless, {"a": endless}]
    with pytest.raises(RecursionError):
        encode_json(endless)


@pytest.mark.parametrize(
    ("annotation", "answer"),
    [
        (Renamed, True),
        (list[Renamed], True),
        (dict[str, tuple[int, Renamed]] | None, True),
        (Holder, True),
        (list[StructHolder], True),
        (AttrsHolder, True),
        (DictHolder, True),
        (Row, True),
        (Page[Renamed], True),
        (Page[Plain], False),
        (Page[Page[Renamed]], True),
        (Page, True),
        (Any, True),
        (object, True),
        (dict, True),
        (list, True),
        (dict[str, Any], True),
        (list[object], True),
        (Closed, True),
        (Item, True),
        (Plain, False),
        (list[Plain] | None, False),
        (Tree, False),
        (dict[str, list[int]], False),
        (Annotated[str, "text"], False),
        (Model, False),
        (type(None), False),
        ("Elsewhere", True),
    ],
    ids=str,
)
def test_an_annotation_says_whether_models_are_looked_for(annotation: Any, answer: bool) -> None:
    assert may_hold_models(annotation) is answer


def test_a_route_without_models_does_without_the_search() -> None:
    assert encoder_of(Any) is encode_json
    assert encoder_of(list[Renamed] | Problem) is encode_json
    assert encoder_of(list[Plain] | Response | None) is not encode_json
    assert encoder_of(Response) is not encode_json
    assert encoder_of(list[Plain])([Plain("a")]) == b'[{"name":"a"}]'
