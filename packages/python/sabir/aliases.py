"""Dataclasses of pydantic that are members of something else, where msgspec would forget their aliases.

msgspec writes every dataclass by the names of its fields. A model of pydantic that is none reaches the hook of the
encoder, and so do mappings and lists of other classes than the language's own.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime
import decimal
import enum
import gc
import marshal
import sys
import typing
import uuid
import weakref
from collections.abc import Collection
from typing import Any, Literal, get_args, get_origin

import msgspec

from sabir.annotations import bare

_ARRAYS = (list, tuple, set, frozenset)

_SCALARS = frozenset(
    {
        str,
        int,
        float,
        bool,
        bytes,
        bytearray,
        memoryview,
        type(None),
        decimal.Decimal,
        uuid.UUID,
        datetime.date,
        datetime.datetime,
        datetime.time,
        datetime.timedelta,
    }
)


class _Kind(enum.Enum):
    """What the instances of a class are to msgspec."""

    LEAF = enum.auto()
    """They have no members that may be models, or msgspec does not look at them."""
    CONTAINER = enum.auto()
    """Lists, dictionaries and sets."""
    OBJECT = enum.auto()
    """Objects with fields."""
    MODEL = enum.auto()
    """Dataclasses of pydantic."""


def may_hold_models(annotation: Any) -> bool:
    """Whether a value of this type may be a dataclass of pydantic, or have one as a member at any depth.

    A type that leaves its members open may.
    """
    seen: set[type] = set()

    def search(annotation: Any, *, is_parametrized: bool = False) -> bool:
        inner = bare(annotation)
        origin, arguments = get_origin(inner), get_args(inner)
        if origin is Literal or inner is ...:
            return False
        if arguments:
            found = any(search(argument, is_parametrized=is_parametrized) for argument in arguments)
            return found or (_has_fields(origin) and search(origin, is_parametrized=True))
        if isinstance(inner, typing.TypeVar):
            # Of a class with parameters, its arguments have been looked at.
            return not is_parametrized
        if not isinstance(inner, type):
            return True
        if inner in _SCALARS or inner in seen or issubclass(inner, enum.Enum):
            return False
        if hasattr(inner, "__pydantic_serializer__"):
            return dataclasses.is_dataclass(inner)
        if not _has_fields(inner):
            return True
        seen.add(inner)
        try:
            hints = typing.get_type_hints(inner, include_extras=True).values()
            return any(search(hint, is_parametrized=is_parametrized) for hint in hints)
        except Exception:
            # What names the members is not there, or not yet.
            return True

    return search(annotation)


def with_aliases(value: Any) -> Any:
    """Replace dataclasses of pydantic within ``value`` by what pydantic writes for them; a value without stays itself.

    What msgspec hands to the hook of its encoder is left to that.
    """
    if "pydantic.dataclasses" not in sys.modules or _is_plain(value) or not _holds_models(value):
        return value
    return _replaced(value)


def _is_plain(value: Any) -> bool:
    """Whether ``value`` is built of nothing but lists, dictionaries and the like, numbers and texts.

    It is so when marshal can write it, which is several times as fast as any loop in Python.
    """
    try:
        marshal.dumps(value)
    except ValueError:
        return False
    return True


def _holds_models(value: Any) -> bool:
    # Level by level, so that Python looks at types and not at values; and without recursion, since data may be as deep
    # as the setting json_depth_limit permits. Nothing is looked at twice: a value may contain itself.
    level: list[Any] = [value]
    seen: set[int] = set()
    while True:
        kinds = {cls: _kind(cls) for cls in set(map(type, level)) - _SCALARS}
        if _Kind.MODEL in kinds.values():
            return True
        containers = _unseen(level, {cls for cls, kind in kinds.items() if kind is _Kind.CONTAINER}, seen)
        objects = _unseen(level, {cls for cls, kind in kinds.items() if kind is _Kind.OBJECT}, seen)
        if not containers and not objects:
            return False
        level = gc.get_referents(*containers)
        for item in objects:
            level.extend(_members(item).values())


def _unseen(level: list[Any], classes: set[type], seen: set[int]) -> Collection[Any]:
    """Return what ``level`` has of these classes, but for what has been ``seen``."""
    if not classes:
        return ()
    found = {id(item): item for item in level if type(item) in classes}
    for number in seen.intersection(found):
        del found[number]
    seen.update(found)
    return found.values()


def _replaced(value: Any) -> Any:
    # What is found first is replaced last: its members come before it.
    replaced: dict[int, Any] = {}
    kept: list[Any] = []
    waiting, entered = [value], set[int]()
    while waiting:
        item = waiting[-1]
        members = () if id(item) in entered else [member for member in _members(item).values() if _is_held(member)]
        rest = [member for member in members if id(member) not in entered]
        if rest:
            entered.add(id(item))
            waiting.extend(rest)
            continue
        waiting.pop()
        # The number of an object is its own while it lives.
        kept.append(item)
        entered.add(id(item))
        if id(item) not in replaced:
            replaced[id(item)] = _rebuilt(item, replaced)
    return replaced[id(value)]


def _is_held(value: Any) -> bool:
    cls = type(value)
    return cls not in _SCALARS and _kind(cls) is not _Kind.LEAF


def _rebuilt(value: Any, replaced: dict[int, Any]) -> Any:
    cls = type(value)
    kind = _kind(cls)
    if kind is _Kind.MODEL:
        return cls.__pydantic_serializer__.to_python(value, mode="json", by_alias=True)
    members = _members(value)
    changed = {key: replaced.get(id(member), member) for key, member in members.items()}
    if all(new is old for new, old in zip(changed.values(), members.values(), strict=True)):
        return value
    if kind is _Kind.OBJECT:
        return _with_fields(value, changed)
    return list(changed.values()) if isinstance(value, _ARRAYS) else changed


def _with_fields(value: Any, fields: dict[Any, Any]) -> Any:
    new = copy.copy(value)
    for name, member in fields.items():
        if isinstance(new, msgspec.Struct):
            msgspec.structs.force_setattr(new, name, member)
        else:
            # It may be frozen.
            object.__setattr__(new, name, member)
    return new


def _members(value: Any) -> dict[Any, Any]:
    """Return what ``value`` holds, by keys, indexes or the names of its fields."""
    match _kind(type(value)):
        case _Kind.CONTAINER:
            return dict(enumerate(value)) if isinstance(value, _ARRAYS) else dict(value)
        case _Kind.OBJECT:
            names = _field_names(type(value))
            return {name: getattr(value, name) for name in names if hasattr(value, name)}
    return {}


_kinds: weakref.WeakKeyDictionary[type, _Kind] = weakref.WeakKeyDictionary()


def _kind(cls: type) -> _Kind:
    kind = _kinds.get(cls)
    if kind is None:
        kind = _kinds[cls] = _kind_of(cls)
    return kind


def _kind_of(cls: type) -> _Kind:
    if issubclass(cls, (*_ARRAYS, dict)):
        return _Kind.CONTAINER
    if hasattr(cls, "__pydantic_serializer__"):
        return _Kind.MODEL if dataclasses.is_dataclass(cls) else _Kind.LEAF
    # Most classes say of all their members what they are, so that these need not be looked at.
    return _Kind.OBJECT if _has_fields(cls) and may_hold_models(cls) else _Kind.LEAF


def _has_fields(cls: Any) -> bool:
    return isinstance(cls, type) and (
        dataclasses.is_dataclass(cls)
        or issubclass(cls, msgspec.Struct)
        or hasattr(cls, "__attrs_attrs__")
        or typing.is_typeddict(cls)
        or (issubclass(cls, tuple) and hasattr(cls, "_fields"))
    )


def _field_names(cls: Any) -> list[str]:
    if issubclass(cls, msgspec.Struct):
        return list(cls.__struct_fields__)
    if hasattr(cls, "__attrs_attrs__"):
        return [attribute.name for attribute in cls.__attrs_attrs__]
    return [field.name for field in dataclasses.fields(cls)]
