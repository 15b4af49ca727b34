"""Answers with a status beside them: what a return annotation declares, and nothing that a value happens to be.

A handler whose annotation says ``tuple[Order, Literal[201]]`` returns a value and its status; so does one of the
union ``tuple[Order, Literal[201]] | tuple[Refusal, Literal[404, 409]]`` and one of ``tuple[Order, HTTPStatus]``. Any
other tuple is an array, also ``tuple[int, int]``.
"""

from __future__ import annotations

import collections.abc
from collections.abc import Collection
from http import HTTPStatus
from typing import Any, Literal, get_args, get_origin

from sabir.annotations import UNION_ORIGINS, bare
from sabir.routes import RouteOptions

ANY_STATUS = range(200, 600)
"""The statuses that an answer may have: those below are sent by the runtime only (RFC 9110 §15.2)."""

# What a tuple of two may be an instance of.
_TUPLE_LIKE = (
    Any,
    object,
    tuple,
    collections.abc.Sequence,
    collections.abc.Collection,
    collections.abc.Iterable,
    collections.abc.Container,
    collections.abc.Reversible,
)


def members(annotation: Any) -> list[Any]:
    """Return the members of a union, or the annotation alone."""
    inner = bare(annotation)
    if get_origin(inner) not in UNION_ORIGINS:
        return [annotation]
    return [found for member in get_args(inner) for found in members(member)]


def pair(annotation: Any) -> tuple[Any, Collection[int]] | None:
    """Return the value's type and the statuses of ``tuple[T, Literal[404]]`` or ``tuple[T, HTTPStatus]``.

    Raises:
        TypeError: If only some values of the ``Literal`` are statuses.
    """
    inner = bare(annotation)
    if get_origin(inner) is not tuple or len(get_args(inner)) != 2:
        return None
    content, second = get_args(inner)
    second = bare(second)
    if isinstance(second, type) and issubclass(second, HTTPStatus):
        return content, ANY_STATUS
    if get_origin(second) is not Literal:
        return None
    values = get_args(second)
    statuses = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    found = [int(value) for value in statuses if value in ANY_STATUS]
    if not found:
        return None
    if len(found) < len(values):
        raise TypeError(f"some values of {second} are statuses and some are not")
    return content, sorted(set(found))


def declared_statuses(annotation: Any, options: RouteOptions) -> Collection[int] | None:
    """Return the statuses that may stand beside an answer, or ``None`` when the annotation declares no such answer.

    Raises:
        TypeError: If it could not be told whether a tuple is an array or a value with its status.
    """
    pairs = [(member, found) for member in members(annotation) if (found := pair(member)) is not None]
    if not pairs:
        return None
    others = [member for member in members(annotation) if pair(member) is None]
    for other in others:
        inner = bare(other)
        if inner in _TUPLE_LIKE or get_origin(inner) in _TUPLE_LIKE:
            raise TypeError(f"a tuple could be a value with its status or {_name(other)}")
    if not others and "status" in options:
        raise TypeError(f"status={options['status']} and the annotation both say the status")
    allowed = [statuses for _, (_, statuses) in pairs]
    return ANY_STATUS if ANY_STATUS in allowed else sorted({status for statuses in allowed for status in statuses})


def _name(annotation: Any) -> str:
    return annotation.__name__ if type(annotation) is type else str(annotation)
