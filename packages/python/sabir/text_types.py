"""Types whose values arrive as text, or as files: those of parameters and form fields."""

from __future__ import annotations

import functools
import operator
from typing import Annotated, Any, get_args, get_origin

from sabir.annotations import UNION_ORIGINS, split_annotated


class Octets:
    """Stands for ``bytes`` that arrive as they are. In JSON they are text in base64."""


def text_type(annotation: Any) -> Any:
    """Return the annotation with :class:`Octets` in place of ``bytes``."""
    inner, metadata = split_annotated(annotation)
    origin, arguments = get_origin(inner), get_args(inner)
    if inner is bytes:
        found: Any = Octets
    elif origin in UNION_ORIGINS or origin in (list, set, frozenset, tuple):
        replaced = tuple(text_type(argument) for argument in arguments)
        if replaced == arguments:
            return annotation
        found = functools.reduce(operator.or_, replaced) if origin in UNION_ORIGINS else origin[replaced]
    else:
        return annotation
    return Annotated[(found, *metadata)] if metadata else found
