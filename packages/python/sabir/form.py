"""Forms whose fields are parameters of the handler."""

from __future__ import annotations

from typing import Any

from sabir.annotations import leaves
from sabir.convert import Convert
from sabir.own_defaults import Copy
from sabir.parameters import JsonSchema
from sabir.upload import UploadFile

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def form_media_types(given: str | None, annotation: Any) -> list[str]:
    """Return the media types of a form that is described by one model."""
    if given is not None:
        return [given]
    return [MULTIPART] if _has_file(annotation) else [URLENCODED, MULTIPART]


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

    @staticmethod
    def reader(name: str, convert: Convert | None, default: Any, copy: Copy | None) -> Convert:
        """Return what takes the field ``name`` out of the decoded form."""

        def read(form: dict[str, Any]) -> Any:
            if name not in form:
                return default if copy is None else copy(default)
            return form[name] if convert is None else convert(form[name])

        return read
