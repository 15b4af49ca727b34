"""Dataclasses of pydantic in lists and objects, where msgspec would forget their aliases."""

from __future__ import annotations

import sys
from typing import Any

_ARRAYS = (list, tuple, set, frozenset)

_SCALARS = frozenset({str, int, float, bool, bytes, type(None)})


def with_aliases(value: Any) -> Any:
    """Replace models of pydantic in containers by what pydantic writes for them; a value without any stays itself."""
    if "pydantic.dataclasses" not in sys.modules or not _has_models(value):
        return value
    return _replaced(value)


def _has_models(value: Any) -> bool:
    # Without recursion, since data may be as deep as the setting json_depth_limit permits; nothing is looked at twice,
    # since a value may contain itself.
    rest, seen = [value], set[int]()
    while rest:
        item = rest.pop()
        kind = type(item)
        if kind in _SCALARS:
            continue
        if kind is dict or kind in _ARRAYS:
            if id(item) not in seen:
                seen.add(id(item))
                rest.extend(item.values() if kind is dict else item)
        elif hasattr(kind, "__pydantic_serializer__"):
            return True
    return False


def _replaced(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        members = [_replaced(member) for member in value.values()]
        is_same = all(new is old for new, old in zip(members, value.values(), strict=True))
        return value if is_same else dict(zip(value, members, strict=True))
    if kind in _ARRAYS:
        items = [_replaced(item) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if hasattr(kind, "__pydantic_serializer__"):
        return kind.__pydantic_serializer__.to_python(value, mode="json", by_alias=True)
    return value
