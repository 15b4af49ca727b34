"""Defaults of a handler's parameters: each request has its own."""

from __future__ import annotations

import collections
import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import msgspec

from sabir.annotations import is_model

Copy = Callable[[Any], Any]

_CONTAINERS = (list, dict, set, bytearray, collections.deque)


def copier(default: Any) -> Copy | None:
    """Return what makes a request's own copy of ``default``; ``None`` where it cannot be changed.

    Other objects are passed as they are: a sentinel is told by its identity, and a connection cannot be copied.
    """
    return copy.deepcopy if _is_mutable(default) else None


def _is_mutable(value: Any) -> bool:
    if isinstance(value, _CONTAINERS):
        return True
    if isinstance(value, tuple | frozenset):
        return any(_is_mutable(item) for item in value)
    if isinstance(value, type) or not is_model(type(value)):
        return False
    if dataclasses.is_dataclass(value) or isinstance(value, msgspec.Struct):
        return not _is_frozen(value) or any(_is_mutable(getattr(value, name)) for name in _field_names(value))
    return True


def _is_frozen(value: Any) -> bool:
    if isinstance(value, msgspec.Struct):
        return value.__struct_config__.frozen
    return bool(type(value).__dataclass_params__.frozen)


def _field_names(value: Any) -> list[str]:
    if isinstance(value, msgspec.Struct):
        return list(value.__struct_fields__)
    return [field.name for field in dataclasses.fields(value)]
