"""Forms whose fields are parameters of the handler."""

from __future__ import annotations

from typing import Any, get_args, get_origin

from sabir.annotations import bare, leaves, members_of, without_none
from sabir.components import REFERENCE, Components
from sabir.convert import Convert, body_converter, to_bytes
from sabir.parameters import JsonSchema
from sabir.schema import parameter_schema, schema_of
from sabir.upload import UploadFile

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def form_media_types(given: str | None, annotation: Any) -> list[str]:
    """Return the media types of a form that is described by one model."""
    if given is not None:
        return [given]
    return [MULTIPART] if _has_file(annotation) else [URLENCODED, MULTIPART]


def form_schema(annotation: Any, components: Components) -> JsonSchema:
    """Return the schema of a form that is described by one model, whose ``bytes`` are not base64 as in JSON.

    Raises:
        TypeError: If the type cannot be described.
    """
    local = Components()
    schema = schema_of(annotation, local)
    if octets := _octets(annotation):
        model = local[schema["$ref"].removeprefix(REFERENCE)]
        properties = dict(model["properties"])
        for name, kind in octets.items():
            said = {key: text for key, text in properties[name].items() if key in ("title", "description")}
            properties[name] = {**text_or_file(parameter_schema(kind, local)), **said}
        schema = {**model, "properties": properties}
    return dict(components.adopt(schema, local))


def form_converter(annotation: Any) -> Convert | None:
    """Return what turns a decoded form into the model; ``None`` when it is that already."""
    convert, octets = body_converter(annotation), _octets(annotation)
    if convert is None or not octets:
        return convert
    return lambda form: convert({name: _to_octets(sent) if name in octets else sent for name, sent in form.items()})


def text_or_file(schema: Any) -> Any:
    """Let text stand wherever ``schema`` describes a file: what is to be bytes may be either."""
    if schema == {"type": "string", "format": "binary"}:
        return {"anyOf": [schema, {"type": "string"}]}
    if isinstance(schema, dict):
        return {key: text_or_file(member) for key, member in schema.items()}
    return [text_or_file(item) for item in schema] if isinstance(schema, list) else schema


def _octets(model: Any) -> dict[str, Any]:
    """Return the members of a model that are bytes or several of them, with their types as a form knows them."""
    model = bare(without_none(model))
    if not isinstance(model, type):
        return {}
    plain = {name: bare(without_none(kind)) for name, kind in members_of(model).items()}
    return {name: kind for name, kind in plain.items() if _is_octets(kind)}


def _is_octets(kind: Any) -> bool:
    if get_origin(kind) in (list, set, frozenset) and get_args(kind):
        kind = bare(get_args(kind)[0])
    return kind is bytes


def _to_octets(sent: Any) -> Any:
    return [to_bytes(item) for item in sent] if isinstance(sent, list) else to_bytes(sent)


def _has_file(annotation: Any) -> bool:
    return any(
        leaf is UploadFile or any(UploadFile in leaves(member) for member in _member_types(leaf))
        for leaf in leaves(annotation)
    )


def _member_types(model: Any) -> list[Any]:
    return list(getattr(model, "__annotations__", {}).values()) if isinstance(model, type) else []


class FormFields:
    """A body of named fields: one object schema, one reader for each field."""

    def __init__(self) -> None:
        self._properties: dict[str, JsonSchema] = {}
        self._required: list[str] = []
        self._media_types: set[str] = set()
        self._has_file = False

    def add(self, name: str, schema: JsonSchema, *, required: bool, media_type: str | None, is_file: bool) -> None:
        """Declare a field.

        Raises:
            TypeError: If the fields name different media types.
        """
        self._properties[name] = schema
        self._has_file = self._has_file or is_file
        if required:
            self._required.append(name)
        if media_type is not None:
            self._media_types.add(media_type)
        if len(self._media_types) > 1:
            raise TypeError("the fields of one form name different media types")

    def request_body(self) -> dict[str, Any]:
        """Return the Request Body Object."""
        schema: JsonSchema = {"type": "object", "properties": self._properties}
        if self._required:
            schema["required"] = self._required
        media_types = sorted(self._media_types) or ([MULTIPART] if self._has_file else [URLENCODED, MULTIPART])
        return {
            "content": {media_type: {"schema": schema} for media_type in media_types},
            "required": bool(self._required),
        }
