"""Settings: the runtime has the table, Python its types and its words."""

import ast
import inspect
import itertools
import json
from typing import Annotated, Any

import msgspec
import pytest

from sabir import Body, Sabir, Settings, SetupError, TestClient, _hooks
from sabir import settings as python_side

native = pytest.mark.native


def table() -> list[tuple[str, dict[str, Any], Any, str]]:
    from sabir._sabir import settings

    return [(name, json.loads(schema), json.loads(default), text) for name, schema, default, text in settings()]


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
    described = [(name, msgspec.json.schema(kind)) for name, kind in Settings.__annotations__.items()]
    expected = [(name, schema) for name, schema, _, _ in table()]
    for _, schema in expected:
        # msgspec sorts the values.
        schema.get("enum", []).sort()
    assert described == expected


@native
def test_the_settings_are_documented_in_the_words_of_the_runtime() -> None:
    # A route's own limits are options of the decorator in Python; the rest is the same text.
    words = {name: text.replace("`x-sabir.", "`").replace("`", "``") for name, _, _, text in table()}
    assert documentation() == {name: " ".join(text.split()) for name, text in words.items()}


@native
def test_every_setting_can_be_given() -> None:
    for name, schema, default, _ in table():
        values = [default, *schema.get("enum", [])]
        if schema.get("type") == "integer":
            values += [schema["minimum"], schema.get("maximum", 2**64 - 1)]
        elif schema.get("type") == "boolean":
            values += [True, False]
        for value in values:
            Sabir(**{name: value}).native()
    Sabir(**{name: default for name, _, default, _ in table()}).native()


VALUES: list[Any] = [
    True,
    False,
    None,
    -1,
    0,
    1,
    512,
    513,
    1024,
    1025,
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
        ({"body_limit": 2**64}, "settings: body_limit: 18446744073709551616 is not a whole number of 0 to 184467"),
        ({"io_threads": 0}, "settings: io_threads: 0 is not a whole number of 1 to 1024; give it a whole number of 1"),
        ({"concurrency_limit": 0}, "settings: concurrency_limit: 0 is not a whole number of 1 or more"),
        ({"json_depth_limit": 513}, "settings: json_depth_limit: 513 is not a whole number of 0 to 512"),
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
        ({"default": object()}, "object is not JSON data"),
        ({"minimum": float("inf")}, "inf is not a JSON number"),
    ],
)
def test_refuses_a_component_that_is_not_json(schema: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        Sabir(components={"A": schema}).native()


def test_bounds_of_a_schema_have_any_size() -> None:
    app = Sabir()

    @app.post("/items")
    async def items(body: Annotated[int, Body(schema={"type": "integer", "maximum": 2**70})]) -> int:
        return body

    with TestClient(app) as client:
        assert client.post("/items", json=2**70).json() == 2**70
        [error] = client.post("/items", json=2**70 + 1).json()["errors"]
    assert error["detail"] == f"{2**70 + 1} is greater than the maximum of {2**70}"
