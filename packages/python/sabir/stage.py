"""What all stages have in common; the stages themselves are in :mod:`sabir.stages`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from sabir.problem import SetupError


class Stage:
    """What stands around handlers and is done in the runtime, before Python is entered.

    For an application :meth:`sabir.Sabir.use` sets it, and covers every answer, refusals too. The option ``use`` of a
    router or a route takes the place of what is set around it.
    """

    name: ClassVar[str]

    @classmethod
    def off(cls) -> StageOff:
        """Return what says that there is no such stage, for a router or a route."""
        return StageOff(cls.name)

    def data(self) -> dict[str, Any]:
        """Return the options that differ from the defaults, for the runtime."""
        options: Any = self
        given = {field.name: (getattr(self, field.name), field.default) for field in dataclasses.fields(options)}
        return {name: _plain(value) for name, (value, default) in given.items() if value != default}


@dataclasses.dataclass(frozen=True)
class StageOff:
    """That there is no stage of this name."""

    name: str

    def data(self) -> bool:
        """Return what says so to the runtime."""
        return False


def stages_of(route: str, use: Iterable[Stage | StageOff]) -> dict[str, Any]:
    """Return stages as data by their names; of two with the same name the last one counts.

    Raises:
        SetupError: If one of them is no stage.
    """
    if isinstance(use, Stage | StageOff):
        raise SetupError(route, "use", "it is one stage", "give a list")
    found: dict[str, Any] = {}
    for place, stage in enumerate(use):
        if isinstance(stage, type) and issubclass(stage, Stage):
            raise SetupError(route, f"use[{place}]", f"{stage.__name__} is a class", f"write {stage.__name__}()")
        if not isinstance(stage, Stage | StageOff):
            raise SetupError(route, f"use[{place}]", f"{stage!r} is no stage", "use one of sabir.stages")
        found[stage.name] = stage.data()
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    return value
