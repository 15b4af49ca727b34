"""From a return annotation and a route's options to OpenAPI responses."""

from __future__ import annotations

import collections.abc
import typing
from typing import Any, get_args, get_origin

from sabir.annotations import bare
from sabir.components import Components
from sabir.media_types import EVENT_STREAM, JSON, are_events
from sabir.parameters import JsonSchema
from sabir.problem import Problem
from sabir.response import Response
from sabir.routes import RouteOptions
from sabir.schema import schema_of
from sabir.statuses import ANY_STATUS, members, pair
from sabir.stream_types import items_of, media_of, stream_type_of

# These say nothing about the structure of the answer.
_OPEN = (Any, object, dict, list, tuple, set, frozenset)
# What is sent as something else than JSON. Beside a type that is sent as JSON, they may be its JSON too.
_NOT_JSON = (str, bytes, bytearray, memoryview, type(None))
# What is no value, or says itself what its content is.
_WITHOUT_VALUE = (Response, Problem)
# What has no value yet.
_UNFINISHED = (collections.abc.Awaitable, collections.abc.Coroutine)


def responses_of(options: RouteOptions, annotation: Any, components: Components) -> dict[str, dict[str, Any]]:
    """Return the responses that a route declares.

    Raises:
        TypeError: If a type cannot be described.
    """
    said = {str(key): answer for key, answer in options.get("responses", {}).items()}
    # A status of which nothing is said is described by the range that it belongs to (OpenAPI 3.1 §4.8.16).
    declared = {
        status: answer
        for status, answer in _successes(options, annotation, components).items()
        if "content" in answer or not {f"{status[0]}XX", "default"} & said.keys()
    }
    for key, answer in said.items():
        given = _response(answer, components)
        derived = declared.get(key, {}).get("content", {})
        if derived and ("produces" in options or "content" not in given):
            # What is said of a success adds to the media types that it has.
            given["content"] = {**derived, **given.get("content", {})}
        declared[key] = given
    return declared


def _response(answer: Any, components: Components) -> dict[str, Any]:
    if isinstance(answer, str):
        return {"description": answer}
    if isinstance(answer, dict):
        return answer.copy()
    if isinstance(answer, type) and issubclass(answer, Problem):
        return {"content": {"application/problem+json": {}}}
    return {"content": {JSON: {"schema": schema_of(answer, components, "serialization")}}}


def _successes(options: RouteOptions, annotation: Any, components: Components) -> dict[str, dict[str, Any]]:
    """Return the responses that the return annotation and options such as ``produces`` declare."""
    alone: list[Any] = []
    paired: dict[str, list[Any]] = {}
    for member in members(annotation):
        found = pair(member)
        if found is None:
            alone.append(member)
            continue
        content, statuses = found
        for status in ("default",) if statuses is ANY_STATUS else statuses:
            paired.setdefault(str(status), []).extend(members(content))
    declared: dict[str, dict[str, Any]] = {}
    if alone or "status" in options:
        status = options.get("status", 200)
        content = _content(alone, _media_types(options), options, components)
        if content or "status" in options:
            declared[str(status)] = _described(content)
    for status, types in paired.items():
        media_types = _media_types(options) if status.startswith("2") else []
        declared[status] = _described(_content(types, media_types, options, components))
    return declared


def _media_types(options: RouteOptions) -> list[str]:
    if "media_type" in options:
        return [options["media_type"]]
    produces = options.get("produces", ())
    return [produces] if isinstance(produces, str) else list(produces)


def _described(content: dict[str, Any]) -> dict[str, Any]:
    return {"content": content} if content else {}


def _content(
    types: list[Any], media_types: list[str], options: RouteOptions, components: Components
) -> dict[str, dict[str, Any]]:
    """Return the content of an answer of one of the types, by media type."""
    items = [item for member in types for item in items_of(member)]
    schema = _schema_of_any([member for member in types if not items_of(member)], components)
    if are_events(options.get("media_type")):
        return {EVENT_STREAM: media_of(items, EVENT_STREAM, options.get("events", {}), components)}
    if items:
        if schema is not None:
            raise TypeError("an answer is either a stream or a value, of which the annotation names both")
        media_types = media_types or [found for found in [stream_type_of(items)] if found is not None]
        return {media_type: media_of(items, media_type, {}, components) for media_type in media_types}
    if schema is not None and not media_types:
        media_types = [JSON]
    media = {} if schema is None else {"schema": schema}
    return {media_type: dict(media) for media_type in media_types}


def _schema_of_any(types: list[Any], components: Components) -> JsonSchema | None:
    """Return the schema of an answer of one of the types as JSON, or ``None`` when they leave it open."""
    described = [member for member in types if not _is_without_value(bare(member))]
    if all(bare(member) in _NOT_JSON for member in described) or any(_is_open(bare(member)) for member in described):
        return None
    for member in described:
        inner = bare(member)
        if (get_origin(inner) or inner) in _UNFINISHED:
            raise TypeError(f"{inner} has no value yet; annotate what it gives")
    schemas = [schema_of(member, components, "serialization") for member in described]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _is_without_value(inner: Any) -> bool:
    return inner in (typing.NoReturn, typing.Never) or (isinstance(inner, type) and issubclass(inner, _WITHOUT_VALUE))


def _is_open(inner: Any) -> bool:
    if inner in _OPEN or isinstance(inner, typing.TypeVar):
        return True
    origin, arguments = get_origin(inner), get_args(inner)
    if not isinstance(origin, type) or origin.__module__ not in ("builtins", "collections", "collections.abc"):
        return False
    # The last argument is the type of the values, also where there are keys; a tuple has a type for each item.
    values = arguments if origin is tuple else arguments[-1:]
    return all(value in (Any, object, ...) for value in values)
