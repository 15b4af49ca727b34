"""The stubs of the native module are those of the module."""

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest

STUB = Path(__file__).parents[1] / "sabir/_sabir.pyi"


def declared() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in ast.parse(STUB.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = parameters_of(node)
        elif isinstance(node, ast.ClassDef):
            members = [member for member in node.body if isinstance(member, ast.FunctionDef)]
            found[node.name] = {
                member.name: None if member.decorator_list else parameters_of(member) for member in members
            }
    return found


def parameters_of(node: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]


def in_module() -> dict[str, Any]:
    from sabir import _sabir

    return {
        name: members_of(value) if inspect.isclass(value) else list(inspect.signature(value).parameters)
        for name, value in vars(_sabir).items()
        if not name.startswith("_")
    }


def members_of(cls: type) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in vars(cls).items():
        if inspect.ismethoddescriptor(value) and not name.startswith("_"):
            found[name] = list(inspect.signature(value).parameters)
        elif inspect.isgetsetdescriptor(value):
            found[name] = None
    if cls.__text_signature__ is not None:
        found["__init__"] = ["self", *inspect.signature(cls).parameters]
    return found


@pytest.mark.native
def test_the_stubs_have_what_the_module_has_and_no_more() -> None:
    stubs, module = declared(), in_module()
    assert stubs.keys() == module.keys()
    for name, members in module.items():
        assert stubs[name] == members, name
