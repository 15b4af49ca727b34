"""Settings: the runtime has the table, Python its types and its words."""

import ast
import inspect
import itertools
import json
from typing import Any, Literal, get_args, get_origin

import pytest

from sabir import Sabir, Settings, SetupError, _hooks
from sabir import settings as python_side
from sabir.settings import Unsigned

native = pytest.mark.native


def table() -> list[tuple[str, str, list[str], Any, str]]:
    from sabir._sabir import settings

    return [(name, kind, choices, json.loads(default), text) for name, kind, choices, default, text in settings()]


def documentation() -> dict[str, str]:
    """Read the text below each setting."""
    module = ast.parse(inspect.getsource(python_side))
    [body] = [node.body for node in module.body if isinstance(node, ast.ClassDef) and node.name == "Settings"]
    found: dict[str, str] = {}
    for field, text in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            assert isinstance(text, ast.Expr)
            assert isinstance(text.value, ast.Constant)
            found[field.target.id] = " ".join(str(text.value.value).split())
    return found


@native
def test_the_settings_are_those_of_the_runtime() -> None:
    described: list[tuple[str, str, list[str]]] = []
    kinds: dict[str, Any] = dict(Settings.__annotations__)
    for name, kind in kinds.items():
        if get_origin(kind) is Literal:
            described.append((name, "string", list(get_args(kind))))
        else:
            described.append((name, {bool: "boolean", Unsigned: "unsigned"}[kind], []))
    assert described == [row[:3] for row in table()]


@native
def test_the_settings_are_documented_in_the_words_of_the_runtime() -> None:
    # A route's own limits are options of the decorator in Python; the rest is the same text.
    words = {name: text.replace("`x-sabir.", "`").replace("`", "``") for name, _, _, _, text in table()}
    assert documentation() == {name: " ".join(text.split()) for name, text in words.items()}


@native
def test_every_setting_can_be_given() -> None:
    for name, kind, choices, default, _ in table():
        others: dict[str, list[Any]] = {"boolean": [True, False], "unsigned": [0, 1, 2**64 - 1], "string": choices}
        for value in [default, *others[kind]]:
            Sabir(**{name: value}).native()
    Sabir(**{name: default for name, _, _, default, _ in table()}).native()


VALUES: list[Any] = [
    True,
    False,
    None,
    -1,
    0,
    1,
    2**64 - 1,
    2**64,
    -(2**70),
    1.0,
    1.5,
    float("nan"),
    "",
    "strict",
    "last",
    "1",
]
VALUES += ["strict", "last", b"strict", [], ["strict"], {}, {"a": 1}, object()]


@native
def test_python_refuses_exactly_what_the_runtime_does() -> None:
    from sabir._sabir import NativeApp

    for name in [*Settings.__annotations__, "colour", ""]:
        for value in VALUES:
            outcomes = []
            for make in (lambda given: Sabir(**given), lambda given: NativeApp(given, {}, _hooks)):
                try:
                    make({name: value})
                    outcomes.append("taken")
                except ValueError:
                    outcomes.append("refused")
            assert outcomes[0] == outcomes[1], (name, value)


def test_refuses_an_unknown_setting() -> None:
    with pytest.raises(SetupError, match="settings: colour: there is no such setting; use one of trailing_slash "):
        Sabir(colour=1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"body_limit": -1}, "settings: body_limit: -1 is not a whole number of 0 or more; give it a whole number"),
        ({"body_limit": "5"}, "settings: body_limit: '5' is not a whole number of 0 or more"),
        ({"body_limit": True}, "settings: body_limit: True is not a whole number"),
        ({"body_limit": 2**64}, "settings: body_limit: 18446744073709551616 is not a whole number of 184467"),
        ({"debug": 1}, "settings: debug: 1 is not True or False"),
        ({"trailing_slash": "loose"}, "'loose' is not one of strict, redirect, ignore; give it one of strict,"),
    ],
)
def test_refuses_a_setting_that_does_not_fit(setting: Any, message: str) -> None:
    with pytest.raises(SetupError) as caught:
        Sabir(**setting)
    assert message in str(caught.value)


@native
@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"maximum": 2**70}, "1180591620717411303424 does not fit into 64 bits"),
        ({"default": object()}, "object is not JSON data"),
        ({"minimum": float("inf")}, "inf is not a JSON number"),
    ],
)
def test_refuses_a_component_that_is_not_json(schema: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        Sabir(components={"A": schema}).native()
