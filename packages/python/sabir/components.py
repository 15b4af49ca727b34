"""The components of an application: the schemas of its models, each under a name of its own."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sabir.parameters import JsonSchema

REFERENCE = "#/components/schemas/"

# OpenAPI 3.1 §4.8.7.
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9._-]+")


class Components(dict[str, JsonSchema]):
    """Schemas by name. Two models never share a name, unless they have the same schema."""

    def copy(self) -> Components:
        """Return components that can be added to without changing these."""
        return Components(self)

    def adopt(self, schema: Any, models: Mapping[str, JsonSchema], classes: Mapping[str, type] | None = None) -> Any:
        """Add ``models``, which ``schema`` refers to, and return ``schema`` with the names that they have here.

        A model keeps its name where it can. Where another model has it, it is called after its module, as told by
        ``classes``, or gets a number.
        """
        names = {name: component_name(name) for name in models}
        candidates = {name: _candidates(name, (classes or {}).get(name)) for name in models}
        while True:
            renamed = {names[name]: _with_names(model, names) for name, model in models.items()}
            taken = next((name for name in models if self._differs(names[name], renamed, names)), None)
            if taken is None:
                break
            names[taken] = next(candidates[taken])
        self.update(renamed)
        return _with_names(schema, names)

    def _differs(self, name: str, renamed: Mapping[str, JsonSchema], names: Mapping[str, str]) -> bool:
        if list(names.values()).count(name) > 1:
            return True
        return name in self and self[name] != renamed[name]


def component_name(name: str) -> str:
    """Return ``name`` as a component may be called, such as ``Page_Item_`` for ``Page[Item]``."""
    return _NOT_IN_NAMES.sub("_", name) or "_"


def class_name(cls: type) -> str:
    """Return the name of a class with its module; classes within functions are named without these."""
    return f"{cls.__module__}.{cls.__qualname__.rpartition('<locals>.')[2]}"


def _candidates(name: str, cls: type | None) -> Iterator[str]:
    plain = component_name(name)
    if inspect.isclass(cls):
        yield component_name(class_name(cls))
    number = 2
    while True:
        yield f"{plain}-{number}"
        number += 1


def _with_names(schema: Any, names: Mapping[str, str]) -> Any:
    if isinstance(schema, dict):
        changed = {key: _with_names(value, names) for key, value in schema.items()}
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith(REFERENCE):
            name = reference.removeprefix(REFERENCE)
            changed["$ref"] = REFERENCE + names.get(name, name)
        mapping = schema.get("discriminator")
        if isinstance(mapping, dict) and isinstance(mapping.get("mapping"), dict):
            changed["discriminator"] = {**mapping, "mapping": _mapped(mapping["mapping"], names)}
        return changed
    return [_with_names(item, names) for item in schema] if isinstance(schema, list) else schema


def _mapped(mapping: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Rename the references of an OpenAPI Discriminator Object, whose values are references without ``$ref``."""
    return {value: _with_names({"$ref": reference}, names)["$ref"] for value, reference in mapping.items()}
