"""From a return annotation and a route's options to OpenAPI responses."""

from __future__ import annotations

import http
import typing
from typing import Any, get_args, get_origin

from sabir.annotations import UNION_ORIGINS, bare
from sabir.parameters import JsonSchema
from sabir.problem import Problem
from sabir.response import Response
from sabir.routes import RouteOptions
from sabir.schema import schema_of

# These say nothing about the structure of the answer. Declaring a media type for them would refuse clients that ask for
# another one, though the handler may well answer with it.
_OPEN = (Any, object, dict, list, str, bytes, type(None), typing.NoReturn, typing.Never)


def responses_of(
    options: RouteOptions, annotation: Any, components: dict[str, JsonSchema]
) -> dict[str, dict[str, Any]]:
    """Return the responses that a route declares.

    Raises:
        TypeError: If a type cannot be described.
    """
    declared: dict[str, dict[str, Any]] = {}
    schema = _success_schema(annotation, components)
    produces = options.get("produces", ())
    media_types = [produces] if isinstance(produces, str) else list(produces)
    if schema is not None and not media_types:
        media_types = ["application/json"]
    if media_types or "status" in options:
        status = options.get("status", 200)
        success: dict[str, Any] = {"description": _phrase(str(status))}
        if media_types:
            media = {} if schema is None else {"schema": schema}
            success["content"] = {media_type: dict(media) for media_type in media_types}
        declared[str(status)] = success
    for key, answer in options.get("responses", {}).items():
        given = _response(str(key), answer, components)
        derived = declared.get(str(key), {}).get("content", {})
        if derived and ("produces" in options or "content" not in given):
            # What is said of a success adds to the media types that it has.
            given["content"] = {**derived, **given.get("content", {})}
        declared[str(key)] = given
    return declared


def _response(status: str, answer: Any, components: dict[str, JsonSchema]) -> dict[str, Any]:
    if isinstance(answer, str):
        return {"description": answer}
    if isinstance(answer, dict):
        return {"description": _phrase(status), **answer}
    if isinstance(answer, type) and issubclass(answer, Problem):
        return {"description": _phrase(status), "content": {"application/problem+json": {}}}
    content = {"application/json": {"schema": schema_of(answer, components)}}
    return {"description": _phrase(status), "content": content}


def _phrase(status: str) -> str:
    try:
        return http.HTTPStatus(int(status)).phrase
    except ValueError:
        return "Answer"


def _success_schema(annotation: Any, components: dict[str, JsonSchema]) -> JsonSchema | None:
    """Return the schema of what the handler returns, or ``None`` when the annotation leaves it open."""
    inner = bare(annotation)
    if get_origin(inner) is tuple and len(get_args(inner)) == 2 and get_args(inner)[1] is int:
        inner = get_args(inner)[0]
    if get_origin(inner) in UNION_ORIGINS:
        members = [member for member in get_args(inner) if not _is_problem(member)]
        if any(_is_open(member) for member in members):
            return None
    elif _is_open(inner) or _is_problem(inner):
        return None
    else:
        members = [inner]
    schemas = [schema_of(member, components) for member in members]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _is_problem(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Problem)


def _is_open(annotation: Any) -> bool:
    inner = bare(annotation)
    if inner in _OPEN or isinstance(inner, typing.TypeVar):
        return True
    if get_args(inner):
        return get_args(inner)[-1] in (Any, object)
    return isinstance(inner, type) and issubclass(inner, Response)
