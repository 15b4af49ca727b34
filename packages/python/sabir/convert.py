"""From the plain values that the runtime hands over to the types that a handler asks for.

The runtime has validated every value against its schema. What still fails here is what a schema cannot say, such as a
date in year 0; it is answered 422 like any other part that does not fit.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import re
import uuid
from collections.abc import Callable
from typing import Any, Literal, get_args, get_origin

import msgspec

from sabir.annotations import UNION_ORIGINS, bare, is_pydantic, without_none
from sabir.problem import Problem, ValidationFailed
from sabir.upload import UploadFile

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


_SCALARS: dict[Any, Convert] = {
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
_PLAIN = (Any, object, str, int, bool, bytes, list, dict, type(None))


def body_converter(annotation: Any) -> Convert | None:
    """Return what turns a decoded body into ``annotation``; ``None`` when it is that already."""
    convert = _converter(annotation)
    return None if convert is None else guarded(convert, location="body")


def parameter_converter(annotation: Any, location: str, name: str) -> Convert | None:
    """Return what turns a decoded parameter into ``annotation``; ``None`` when it is that already."""
    convert = _converter(annotation)
    return None if convert is None else guarded(convert, location=location, name=name)


def guarded(convert: Convert, **where: str) -> Convert:
    """Make the failures of ``convert`` a 422 that says which part of the request is meant."""

    def call(value: Any) -> Any:
        try:
            return convert(value)
        except Problem:
            raise
        except (ValueError, TypeError, ArithmeticError, msgspec.ValidationError) as error:
            names = {
                "in": where["location"],
                **{key: text for key, text in where.items() if key != "location"},
            }
            raise ValidationFailed(
                "1 part of the request is not valid",
                errors=[{**names, "keyword": "type", "detail": _detail(error)}],
            ) from error

    return call


def _detail(error: Exception) -> str:
    # pydantic's own text spans lines and repeats the input; the first message says what is wrong.
    errors = getattr(error, "errors", None)
    if callable(errors):
        first = errors(include_url=False, include_input=False, include_context=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        return f"{path}: {first['msg']}" if path else str(first["msg"])
    return str(error)


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
        return _msgspec_converter(annotation)
    convert = _converter(single)
    if convert is None:
        return None
    return lambda value: None if value is None else convert(value)


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
        raise TypeError(f"there is no way to build {wanted.__qualname__}")

    def convert(value: Any) -> Any:
        try:
            return msgspec.convert(value, annotation, dec_hook=build)
        except msgspec.ValidationError:
            # To JSON Schema 1.0 is an integer, to msgspec it is not.
            return msgspec.convert(_with_whole_numbers(value), annotation, dec_hook=build)

    return convert


def _with_whole_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_whole_numbers(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _pydantic_converter(annotation: Any) -> Convert:
    from pydantic import TypeAdapter

    convert: Convert = TypeAdapter(annotation).validate_python
    return convert


def wrap_files(value: Any) -> Any:
    """Wrap the native files of an untyped form into :class:`UploadFile`."""
    if isinstance(value, dict):
        return {key: wrap_files(member) for key, member in value.items()}
    if isinstance(value, list):
        return [wrap_files(member) for member in value]
    if hasattr(value, "filename") and not isinstance(value, UploadFile):
        return UploadFile(value)
    return value
