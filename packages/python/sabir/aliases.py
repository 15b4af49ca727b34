"""Dataclasses of pydantic in lists and objects, where msgspec would forget their aliases."""

from __future__ import annotations

import sys
from typing import Any

_ARRAYS = (list, tuple, set, frozenset)


def with_aliases(value: Any) -> Any:
    """Replace models of pydantic in containers by what pydantic writes for them; a value without any stays itself."""
    if "pydantic.dataclasses" not in sys.modules:
        return value
    return _replaced(value)


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
