"""Reading annotations: the parts of a handler's type hints that matter to the contract."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import operator
import types
import typing
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from sabir.upload import UploadFile

UNION_ORIGINS = (Union, types.UnionType)


def split_annotated(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return the bare type and the metadata of ``Annotated[type, ...]``."""
    if get_origin(annotation) is Annotated:
        bare, *metadata = get_args(annotation)
        return bare, tuple(metadata)
    return annotation, ()


def bare(annotation: Any) -> Any:
    """Return the type without ``Annotated``."""
    return split_annotated(annotation)[0]


def without_none(annotation: Any) -> Any:
    """Return ``T`` for ``T | None``, and anything else unchanged."""
    inner, metadata = split_annotated(annotation)
    if get_origin(inner) not in UNION_ORIGINS:
        return annotation
    members = tuple(member for member in get_args(inner) if member is not type(None))
    if len(members) == len(get_args(inner)):
        return annotation
    union: Any = functools.reduce(operator.or_, members)
    return Annotated[(union, *metadata)] if metadata else union


def leaves(annotation: Any) -> list[Any]:
    """Return every type named in the annotation, and the metadata of ``Annotated``."""
    inner, metadata = split_annotated(annotation)
    found: list[Any] = list(metadata)
    if get_origin(inner) is typing.Literal:
        return found
    arguments = get_args(inner)
    if not arguments:
        return [*found, inner]
    found.append(get_origin(inner))
    for argument in arguments:
        found.extend(leaves(argument))
    return found


def is_pydantic(annotation: Any) -> bool:
    """Whether pydantic has to read the values of this type."""
    return any(
        hasattr(leaf, "__get_pydantic_core_schema__")
        or (isinstance(leaf, type) and hasattr(leaf, "__pydantic_validator__"))
        or type(leaf).__module__.split(".")[0] in ("pydantic", "annotated_types")
        for leaf in leaves(annotation)
    )


def is_model(annotation: Any) -> bool:
    """Whether the type is an object with members, or is built from such: what comes in a body, not in a parameter."""
    return any(_is_model_class(leaf) for leaf in leaves(annotation) if isinstance(leaf, type))


def _is_model_class(cls: type) -> bool:
    return (
        issubclass(cls, dict | msgspec.Struct)
        or cls is typing.Mapping
        or (cls.__module__ == "collections.abc" and cls.__name__ in ("Mapping", "MutableMapping"))
        or dataclasses.is_dataclass(cls)
        or typing.is_typeddict(cls)
        or hasattr(cls, "__attrs_attrs__")
        or hasattr(cls, "__pydantic_validator__")
    )


def members_of(model: type) -> dict[str, Any]:
    """Return the types of a model's members by the names that requests have for them.

    Raises:
        NameError, TypeError: If an annotation cannot be resolved.
    """
    hints = typing.get_type_hints(model, include_extras=True)
    if (fields := getattr(model, "__pydantic_fields__", None)) is not None:
        aliases = {name: field.validation_alias for name, field in fields.items()}
        return {alias if isinstance(alias, str) else name: hints[name] for name, alias in aliases.items()}
    names = getattr(model, "__struct_fields__", tuple(hints))
    wire_names = getattr(model, "__struct_encode_fields__", names)
    return {wire_name: hints[name] for wire_name, name in zip(wire_names, names, strict=True) if name in hints}


def misplaced_marker(annotation: Any, marker: type) -> str | None:
    """Say where an instance of ``marker`` stands inside a type, in its items or in the fields of its models."""
    seen: set[Any] = set()

    def search(annotation: Any, place: str) -> str | None:
        for leaf in leaves(annotation):
            if isinstance(leaf, marker):
                return f"{type(leaf).__name__}() stands {place}"
            if isinstance(leaf, type) and leaf not in seen and _is_model_class(leaf):
                seen.add(leaf)
                # What cannot be resolved here is reported where the schema is made.
                with contextlib.suppress(Exception):
                    for name, hint in typing.get_type_hints(leaf, include_extras=True).items():
                        if found := search(hint, f"in the field {leaf.__name__}.{name}"):
                            return found
        return None

    return search(annotation, "inside the type")


def is_upload(annotation: Any) -> bool:
    """Whether the type is ``UploadFile`` or a list of them, either of which may be optional."""
    inner = bare(without_none(annotation))
    if get_origin(inner) in (list, tuple):
        inner = bare(get_args(inner)[0])
    return inner is UploadFile
