"""From the plain values that the runtime hands over to the types that a handler asks for.

The runtime has validated every value against its schema. What still fails here is what a schema cannot say, such as a
date in year 0; it is answered 422 like any other part that does not fit.
"""

from __future__ import annotations

import contextlib
import datetime
import decimal
import enum
import itertools
import re
import uuid
from collections.abc import Callable
from typing import Any, Literal, get_args, get_origin

import msgspec

from sabir.annotations import UNION_ORIGINS, bare, is_model, is_pydantic, without_none
from sabir.defaults import has_defaults, with_defaults
from sabir.problem import Problem
from sabir.problems import ValidationFailed
from sabir.upload import UploadFile
from sabir.violations import LIMIT, pointer, violations
from sabir.whole_numbers import with_integers

Convert = Callable[[Any], Any]

_DURATION = re.compile(
    r"P(?!$)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?"
)


def parse_duration(text: str) -> datetime.timedelta:
    """Read an ISO 8601 duration.

    Raises:
        ValueError: If it is not one, or counts in months or years, which have no fixed length.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a duration of weeks, days, hours, minutes and seconds")
    parts = {unit: float(value.replace(",", ".")) for unit, value in match.groupdict(default="0").items()}
    return datetime.timedelta(**parts)


def parse_datetime(text: str) -> datetime.datetime:
    """Read an RFC 3339 date-time, whose letters may be in lower case (§5.6)."""
    return datetime.datetime.fromisoformat(text.upper())


def parse_time(text: str) -> datetime.time:
    """Read an RFC 3339 time."""
    return datetime.time.fromisoformat(text.upper())


def to_bytes(value: Any) -> bytes:
    """Return bytes that arrived as they are, as text or as a file."""
    if isinstance(value, bytes):
        return value
    content: bytes = value.encode() if isinstance(value, str) else value.read()
    return content


_SCALARS: dict[Any, Convert] = {
    bytes: to_bytes,
    # A whole number is an int for the runtime, whatever the schema says of fractions.
    float: float,
    uuid.UUID: uuid.UUID,
    datetime.date: datetime.date.fromisoformat,
    datetime.datetime: parse_datetime,
    datetime.time: parse_time,
    datetime.timedelta: parse_duration,
    decimal.Decimal: lambda value: decimal.Decimal(str(value)),
    UploadFile: UploadFile,
}
_PLAIN = (Any, object, str, int, bool, list, dict, type(None))


def body_converter(annotation: Any) -> Convert | None:
    """Return what turns a decoded body into ``annotation``; ``None`` when it is that already."""
    if bare(without_none(annotation)) is bytes:
        return None
    convert = _msgspec_converter(annotation) if _says_int(annotation) else _converter(annotation)
    return None if convert is None else guarded(convert, annotation, location="body")


def member_converter(annotation: Any, name: str) -> Convert | None:
    """Return what turns the member ``name`` of a JSON body into ``annotation``; ``None`` when it is that already."""
    # Bytes in JSON are base64, which msgspec reads.
    through_msgspec = bare(without_none(annotation)) is bytes or _says_int(annotation)
    convert = _msgspec_converter(annotation) if through_msgspec else _converter(annotation)
    return None if convert is None else guarded(convert, annotation, location="body", member=name)


def parameter_converter(annotation: Any, location: str, name: str) -> Convert | None:
    """Return what turns a decoded parameter into ``annotation``; ``None`` when it is that already."""
    convert = _converter(annotation)
    return None if convert is None else guarded(convert, annotation, location=location, name=name)


def guarded(
    convert: Convert, annotation: Any, *, location: str, name: str | None = None, member: str | None = None
) -> Convert:
    """Make the failures of ``convert`` a 422 that says which parts of the request are meant.

    ``name`` is that of the parameter; a ``member`` of a body has its name in the pointers.
    """
    where = {"in": location} if name is None else {"in": location, "name": name}

    start = "" if member is None else pointer((member,))
    converters: dict[int, Convert | None] = {}

    def convert_to(kind: Any, value: Any) -> Any:
        # The types of one annotation live as long as it does, so that their ids stay their own.
        if id(kind) not in converters:
            converters[id(kind)] = _converter(kind)
        inner = converters[id(kind)]
        return value if inner is None else inner(value)

    def call(value: Any) -> Any:
        try:
            return convert(value)
        except Problem:
            raise
        except (ValueError, TypeError, ArithmeticError) as error:
            found = itertools.islice(violations(error, value, annotation, convert_to), LIMIT)
            errors = [{**where, **violation, "pointer": start + violation["pointer"]} for violation in found]
            if location != "body" or name is not None:
                errors = [{key: text for key, text in entry.items() if text or key != "pointer"} for entry in errors]
            parts = "1 part of the request is" if len(errors) == 1 else f"{len(errors)} parts of the request are"
            raise ValidationFailed(f"{parts} not valid", errors=errors) from error

    return call


def _says_int(annotation: Any) -> bool:
    """Whether the type is built of those of JSON, with an ``int`` among them that may be written ``1.0``."""
    inner = bare(annotation)
    if get_origin(inner) is Literal:
        return any(type(value) is int for value in get_args(inner))
    members = get_args(inner)
    return inner is int or (_is_of_json(inner) and any(_says_int(member) for member in members))


def _is_of_json(annotation: Any) -> bool:
    inner = bare(annotation)
    if get_origin(inner) is Literal or inner is ...:
        return True
    if get_origin(inner) in (*UNION_ORIGINS, list, dict, set, frozenset, tuple):
        return all(_is_of_json(member) for member in get_args(inner))
    return inner in (str, int, float, bool, list, dict, set, frozenset, tuple, type(None))


def _converter(annotation: Any) -> Convert | None:
    if is_pydantic(annotation):
        return _pydantic_converter(annotation)
    inner = bare(annotation)
    if inner in _PLAIN or get_origin(inner) is Literal:
        return None
    if inner in _SCALARS:
        return _SCALARS[inner]
    if isinstance(inner, type) and issubclass(inner, enum.Enum):
        return inner
    if get_origin(inner) in UNION_ORIGINS:
        return _union_converter(annotation)
    if get_origin(inner) in (list, set, frozenset) or inner in (set, frozenset, tuple):
        return _collection_converter(inner)
    if get_origin(inner) is tuple and get_args(inner)[1:] == (...,):
        return _collection_converter(inner)
    if get_origin(inner) is dict and all(_converter(argument) is None for argument in get_args(inner)[1:]):
        return None if get_args(inner)[0] is str else _msgspec_converter(annotation)
    return _msgspec_converter(annotation)


def _union_converter(annotation: Any) -> Convert | None:
    single = without_none(annotation)
    if single is annotation or get_origin(bare(single)) in UNION_ORIGINS:
        members = get_args(bare(annotation))
        if all(_converter(member) is None for member in members):
            return None
        return _msgspec_converter(annotation) if is_model(annotation) else _first_fitting(members)
    convert = _converter(single)
    if convert is None:
        return None
    return lambda value: None if value is None else convert(value)


def _first_fitting(members: tuple[Any, ...]) -> Convert:
    """Return what makes a value of the first member that it fits, by the rule of the runtime: text comes last."""
    ordered = sorted(members, key=lambda member: bare(member) in (str, Any, object))
    choices = [(_json_types(bare(member)), _converter(member)) for member in ordered]

    def convert(value: Any) -> Any:
        for types, build in choices:
            # True is an int to Python, and no number to JSON.
            if isinstance(value, types) and (not isinstance(value, bool) or bool in types):
                with contextlib.suppress(ValueError, TypeError, ArithmeticError, msgspec.ValidationError):
                    return value if build is None else build(value)
        raise ValueError(f"{value!r} fits none of the types")

    return convert


def _json_types(member: Any) -> tuple[type, ...]:
    """Return the types of the plain values that ``member`` is made of."""
    origin = get_origin(member)
    if origin is Literal:
        return tuple({type(value) for value in get_args(member)})
    if member in (bool, str, type(None)):
        return (member,)
    if member is int:
        return (int,)
    if member is float:
        return (int, float)
    if member in (datetime.date, datetime.datetime, datetime.time, datetime.timedelta, uuid.UUID, decimal.Decimal):
        return (str, int, float)
    if member in (list, tuple, set, frozenset) or origin in (list, tuple, set, frozenset):
        return (list,)
    return (object, bool)


def _collection_converter(annotation: Any) -> Convert | None:
    build = get_origin(annotation) or annotation
    item = _converter(get_args(annotation)[0]) if get_args(annotation) else None
    if item is None:
        return None if build is list else build
    if build is list:
        return lambda value: [item(element) for element in value]
    return lambda value: build(item(element) for element in value)


def _msgspec_converter(annotation: Any) -> Convert:
    def build(wanted: type, value: Any) -> Any:
        if wanted is UploadFile:
            return UploadFile(value)
        if wanted is object:
            return value
        raise TypeError(f"there is no way to build {wanted.__qualname__}")

    def build_whole(value: Any) -> Any:
        # The names of an object are text; keys of other types are written in it.
        return msgspec.convert(value, annotation, dec_hook=build, str_keys=True)

    def convert(value: Any) -> Any:
        try:
            return build_whole(value)
        except msgspec.ValidationError:
            return build_whole(with_integers(annotation, value))

    if has_defaults(annotation):
        return lambda value: with_defaults(convert(value))
    return convert


def _pydantic_converter(annotation: Any) -> Convert:
    from pydantic import TypeAdapter

    validate = TypeAdapter(annotation).validate_python
    # A strict model takes no text for a date, and no 1.0 for an int. Its schema has refused what JSON tells apart.
    return lambda value: validate(value, strict=False)


def wrap_files(value: Any) -> Any:
    """Wrap the native files of an untyped form into :class:`UploadFile`."""
    if isinstance(value, dict):
        return {key: wrap_files(member) for key, member in value.items()}
    if isinstance(value, list):
        return [wrap_files(member) for member in value]
    if hasattr(value, "filename") and not isinstance(value, UploadFile):
        return UploadFile(value)
    return value
