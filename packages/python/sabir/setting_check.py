"""Refusing settings where they are written."""

from typing import Annotated, Any, get_args, get_origin

from sabir.problem import SetupError
from sabir.settings import Settings

LARGEST = 2**64 - 1
"""The largest number that the runtime's settings hold."""


def check(settings: Settings) -> None:
    """Refuse settings that do not exist or do not fit, where they are written.

    Raises:
        SetupError: It names the setting and what it takes.
    """
    known = Settings.__annotations__
    for name, value in settings.items():
        if name not in known:
            raise SetupError("settings", name, "there is no such setting", f"use one of {' '.join(known)}")
        wanted = _wanted(known[name], value)
        if wanted is not None:
            raise SetupError("settings", name, f"{value!r} is not {wanted}", f"give it {wanted}")


def _wanted(kind: Any, value: object) -> str | None:
    """Say what the setting takes, unless ``value`` is that."""
    if kind is bool:
        return None if isinstance(value, bool) else "True or False"
    if get_origin(kind) is Annotated:
        [limits] = kind.__metadata__
        least, most = limits.ge, LARGEST if limits.le is None else limits.le
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return None
        is_too_large = limits.le is None and isinstance(value, int) and value > LARGEST
        return f"a whole number of {least} {f'to {most}' if limits.le or is_too_large else 'or more'}"
    choices = get_args(kind)
    return None if isinstance(value, str) and value in choices else f"one of {', '.join(choices)}"
