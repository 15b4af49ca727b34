"""Defaults of dataclasses: what msgspec leaves to the class, and would not send again."""

from __future__ import annotations

import contextlib
import dataclasses
import typing
from typing import Any

import msgspec

from sabir.annotations import is_model, leaves


def has_defaults(annotation: Any) -> bool:
    """Whether a dataclass in the annotation, at any depth, has a default that is an attribute of its class."""
    seen: set[type] = set()

    def search(annotation: Any) -> bool:
        for leaf in leaves(annotation):
            if not isinstance(leaf, type) or leaf in seen or not is_model(leaf):
                continue
            seen.add(leaf)
            if _of_class(leaf):
                return True
            # What cannot be resolved here is reported where the schema is made.
            with contextlib.suppress(Exception):
                if any(search(hint) for hint in typing.get_type_hints(leaf, include_extras=True).values()):
                    return True
        return False

    return search(annotation)


def with_defaults(value: Any) -> Any:
    """Give every dataclass in ``value`` the defaults that it did not get, and return it."""
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            with_defaults(item)
    elif isinstance(value, dict):
        for item in value.values():
            with_defaults(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            with_defaults(getattr(value, name))
    elif hasattr(type(value), "__attrs_attrs__"):
        for field in type(value).__attrs_attrs__:
            with_defaults(getattr(value, field.name, None))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        _complete(value)
        for field in dataclasses.fields(value):
            with_defaults(getattr(value, field.name, None))
    return value


def _complete(value: Any) -> None:
    missing = _of_class(type(value))
    if not missing:
        return
    given = vars(value)
    names = [field.name for field in dataclasses.fields(value)]
    ordered = {name: given.pop(name, missing.get(name)) for name in names if name in given or name in missing}
    # The order of the fields, as if the class had been called. A frozen dataclass does not mind.
    rest = dict(given)
    given.clear()
    given.update(ordered)
    given.update(rest)


def _of_class(cls: type) -> dict[str, Any]:
    if not dataclasses.is_dataclass(cls) or "__slots__" in cls.__dict__:
        return {}
    return {
        field.name: field.default
        for field in dataclasses.fields(cls)
        if field.init and field.default is not dataclasses.MISSING
    }
