"""Markers: where a handler's parameter comes from, written inside ``Annotated``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

JsonSchema = dict[str, Any]

# How each constraint is called in JSON Schema 2020-12. The Python names are those of msgspec.Meta and pydantic.
KEYWORDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "min_length": "minLength",
    "max_length": "maxLength",
    "pattern": "pattern",
    "format": "format",
    "min_items": "minItems",
    "max_items": "maxItems",
    "unique_items": "uniqueItems",
}


@dataclass(frozen=True, kw_only=True)
class Constraints:
    """What narrows a value beyond its type.

    ``schema`` replaces the schema that is derived from the annotation; the other constraints are added to it.
    """

    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None
    multiple_of: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    format: str | None = None
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool | None = None
    schema: JsonSchema | bool | None = None
    description: str | None = None

    def keywords(self) -> JsonSchema:
        """Return the constraints as JSON Schema keywords."""
        values = {keyword: getattr(self, name) for name, keyword in KEYWORDS.items()}
        return {keyword: value for keyword, value in values.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Parameter(Constraints):
    """What path, query, header and cookie parameters have in common (OpenAPI 3.1 §4.8.12)."""

    location = ""

    name: str | None = None
    style: str | None = None
    explode: bool | None = None
    deprecated: bool = False

    def wire_name(self, python_name: str) -> str:
        """Return the name on the wire for a parameter called ``python_name``."""
        return self.name or python_name


@dataclass(frozen=True, kw_only=True)
class Path(Parameter):
    """A variable of the path."""

    location = "path"


@dataclass(frozen=True, kw_only=True)
class Query(Parameter):
    """A parameter of the query string."""

    location = "query"


@dataclass(frozen=True, kw_only=True)
class Header(Parameter):
    """A header field. Underscores of the Python name become hyphens unless ``name`` is given."""

    location = "header"

    def wire_name(self, python_name: str) -> str:
        """Return the field name, such as ``x-request-id`` for ``x_request_id``."""
        return self.name or python_name.replace("_", "-")


@dataclass(frozen=True, kw_only=True)
class Cookie(Parameter):
    """A cookie."""

    location = "cookie"


@dataclass(frozen=True, kw_only=True)
class Body(Constraints):
    """The whole content of the request.

    ``content`` gives several media types with a schema each; it replaces ``media_type`` and ``schema``.
    """

    media_type: str | Sequence[str] = "application/json"
    content: Mapping[str, JsonSchema] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Form(Constraints):
    """A field of a form, or with a model as its type, the whole form.

    Without ``media_type``, both ``application/x-www-form-urlencoded`` and ``multipart/form-data`` are accepted, or only
    the latter when the form has files.
    """

    name: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, kw_only=True)
class File(Constraints):
    """An uploaded file in a ``multipart/form-data`` body (RFC 7578)."""

    name: str | None = None
    media_type: str = "multipart/form-data"


Marker = Parameter | Body | Form | File
