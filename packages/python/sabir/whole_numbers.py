"""Whole numbers written with a fraction: to JSON Schema ``1.0`` is an integer, to libraries of models it is not."""

from __future__ import annotations

from typing import Any

from msgspec import inspect


def with_integers(annotation: Any, value: Any) -> Any:
    """Return ``value`` with an ``int`` for every whole ``float`` where the type says ``int`` and not ``float``."""
    return _read(inspect.type_info(annotation), value)


def _read(info: inspect.Type, value: Any) -> Any:
    match info:
        case inspect.Metadata():
            return _read(info.type, value)
        case inspect.IntType():
            return _whole(value)
        case inspect.EnumType():
            return _whole(value) if any(isinstance(member.value, int) for member in info.cls) else value
        case inspect.LiteralType():
            return _whole(value) if any(isinstance(member, int) for member in info.values) else value
        case inspect.UnionType():
            return _of_union(info, value)
        case inspect.CollectionType() if isinstance(value, list):
            return [_read(info.item_type, item) for item in value]
        case inspect.TupleType() if isinstance(value, list):
            rest = value[len(info.item_types) :]
            return [*(_read(kind, item) for kind, item in zip(info.item_types, value, strict=False)), *rest]
        case inspect.DictType() if isinstance(value, dict):
            return {name: _read(info.value_type, member) for name, member in value.items()}
        case inspect.NamedTupleType() if isinstance(value, list):
            rest = value[len(info.fields) :]
            return [*(_read(field.type, item) for field, item in zip(info.fields, value, strict=False)), *rest]
        case inspect.StructType() if info.array_like and isinstance(value, list):
            return value
        case inspect.StructType() | inspect.TypedDictType() | inspect.DataclassType() if isinstance(value, dict):
            kinds = {field.encode_name: field.type for field in info.fields}
            return {name: _read(kinds[name], member) if name in kinds else member for name, member in value.items()}
    return value


def _of_union(info: inspect.UnionType, value: Any) -> Any:
    if isinstance(value, float):
        return (
            value
            if any(isinstance(_bare(member), inspect.FloatType) for member in info.types)
            else _of_int(info, value)
        )
    for member in info.types:
        value = _read(member, value)
    return value


def _of_int(info: inspect.UnionType, value: float) -> Any:
    for member in info.types:
        found = _read(member, value)
        if found is not value:
            return found
    return value


def _bare(info: inspect.Type) -> inspect.Type:
    return _bare(info.type) if isinstance(info, inspect.Metadata) else info


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
