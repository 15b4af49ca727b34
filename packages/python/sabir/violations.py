"""Every part of a value that a library of models does not accept, in the words of the runtime's own refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, get_args, get_origin

import msgspec

from sabir.annotations import bare, is_model, members_of, without_none

Violation = dict[str, str]
Path = tuple[Any, ...]

LIMIT = 100
"""The most violations that are told of one value."""

_REFUSALS = (ValueError, TypeError, ArithmeticError, msgspec.ValidationError)
_MESSAGE = re.compile(r"(?P<detail>.*?) - at `(?P<path>[^`]*)`", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>\d+)\]|\[\.\.\.\]")
_PYDANTIC_PREFIXES = ("Value error, ", "Assertion failed, ")


def violations(
    error: Exception, value: Any, annotation: Any, convert: Callable[[Any, Any], Any]
) -> Iterator[Violation]:
    """Yield everything that is wrong with ``value``, of which ``error`` is the first.

    ``convert`` turns a value into a type, or raises.
    """
    errors = getattr(error, "errors", None)
    if callable(errors):
        for found in errors(include_url=False, include_input=False, include_context=False):
            yield _violation(_existing(found["loc"], value), "custom", _without_prefix(str(found["msg"])))
    elif isinstance(error, msgspec.ValidationError):
        for path, detail in _parts(error, value, annotation, convert, ()):
            yield _violation(path, "custom", detail)
    else:
        yield _violation((), "type", str(error))


def _violation(path: Path, keyword: str, detail: str) -> Violation:
    return {"pointer": pointer(path), "keyword": keyword, "detail": detail}


def pointer(path: Path) -> str:
    """Write a JSON Pointer (RFC 6901 §3)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _existing(path: Path, value: Any) -> Path:
    """Leave out of a path of pydantic what names no member: the type that was tried of a union."""
    kept: list[Any] = []
    for part in path:
        is_member = isinstance(value, dict) and part in value
        is_item = isinstance(value, list) and isinstance(part, int) and part < len(value)
        if is_member or is_item:
            value = value[part]
            kept.append(part)
    return tuple(kept)


def _without_prefix(message: str) -> str:
    for prefix in _PYDANTIC_PREFIXES:
        message = message.removeprefix(prefix)
    return message


def _parts(
    error: Exception, value: Any, annotation: Any, convert: Callable[[Any, Any], Any], path: Path
) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong in the members, since msgspec stops at the first; or else what is wrong with the whole."""
    found = False
    converted: dict[Any, Any] = {}
    for key, member, kind in _members(annotation, value):
        try:
            converted[key] = convert(kind, member)
        except _REFUSALS as other:
            found = True
            yield from _parts(other, member, kind, convert, (*path, key))
    if not found:
        for key, detail in _refused_by_attrs(annotation, converted):
            found = True
            yield (*path, key), detail
    if not found:
        match = _MESSAGE.fullmatch(str(error))
        yield (*path, *(_steps(match["path"]) if match else ())), match["detail"] if match else str(error)


def _refused_by_attrs(annotation: Any, members: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    """Yield what each validator of a class of attrs refuses: the class stops at the first."""
    cls = bare(without_none(annotation))
    attributes = [item for item in getattr(cls, "__attrs_attrs__", ()) if item.name in members]
    if not any(attribute.validator for attribute in attributes):
        return
    # Validators may look at the other attributes.
    instance = object.__new__(cls)
    for attribute in attributes:
        object.__setattr__(instance, attribute.name, members[attribute.name])
    for attribute in attributes:
        try:
            if attribute.validator:
                attribute.validator(instance, attribute, members[attribute.name])
        except _REFUSALS as error:
            # Those of attrs itself tell the program more behind the text.
            text = error.args[0] if error.args else ""
            yield attribute.name, text if isinstance(text, str) else str(error)


def _members(annotation: Any, value: Any) -> Iterator[tuple[Any, Any, Any]]:
    inner = bare(without_none(annotation))
    origin, arguments = get_origin(inner), get_args(inner)
    if origin in (list, set, frozenset, tuple) and isinstance(value, list):
        kinds = arguments if origin is tuple and arguments[1:] != (...,) else arguments[:1] * len(value)
        for index, (item, kind) in enumerate(zip(value, kinds, strict=False)):
            yield index, item, kind
    elif origin is dict and isinstance(value, dict):
        for name, member in value.items():
            yield name, member, arguments[1]
    elif isinstance(inner, type) and is_model(inner) and isinstance(value, dict):
        for name, kind in members_of(inner).items():
            if name in value:
                yield name, value[name], kind


def _steps(path: str) -> Iterator[Any]:
    """Read the path of a message, as far as it is told: the names of an object without declared members are not."""
    for step in _STEP.finditer(path):
        if step[0] == "[...]":
            return
        yield step["name"] if step["name"] is not None else int(step["index"])
