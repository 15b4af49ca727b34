"""Routers: routes that are written in one place and mounted into applications in others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Unpack

from sabir.hooks import HOOK_OPTIONS
from sabir.operation import Surroundings, derive
from sabir.problem import SetupError
from sabir.routes import DESCRIBING, RouteDefinition, RouteOptions, Routes, SharedOptions, check, refuse_relative
from sabir.served import Served


class Router(Routes):
    """A group of routes. It answers nothing until an application mounts it.

    The paths of its routes begin with ``prefix``, and what the other arguments say holds for each of them, unless it
    says something else itself; tags and responses are added to those of a route, which has its own for a status that
    both declare. A mistake in a route is told when the route is added; what only an application knows,
    such as its converters and other routes, when it mounts the router.

    Example:
        >>> router = Router("/orders", tags=["orders"])
        >>> @router.get("/{id:int}")
        ... def show(id: int) -> int:
        ...     return id
        >>> [definition.path for definition in router.definitions]
        ['/orders/{id:int}']

    Raises:
        SetupError: If the prefix or an option does not fit.
    """

    def __init__(self, prefix: str = "", **shared: Unpack[SharedOptions]) -> None:
        super().__init__()
        name = f"router {prefix}".rstrip()
        if prefix != "":
            refuse_relative(name, "prefix", prefix)
        known = SharedOptions.__annotations__
        for option in shared.keys() - known.keys():
            raise SetupError(name, option, "there is no such option", f"use one of prefix {' '.join(known)}")
        self._prefix = prefix
        self._shared: SharedOptions = {name: value for name, value in shared.items() if value is not None}  # type: ignore[assignment]

    def add(self, definition: RouteDefinition) -> None:
        """Add a route as data, below the prefix and with what the routes share.

        Raises:
            SetupError: If the path, an option or the handler's signature does not fit.
        """
        check(definition)
        shared, own = self._shared, definition.options
        options: RouteOptions = {**shared, **own}
        if "media_type" in own and "produces" not in own:
            options.pop("produces", None)
        if tags := [*shared.get("tags", ()), *own.get("tags", ())]:
            options["tags"] = tags
        if "responses" in options:
            options["responses"] = _merged(shared.get("responses", {}), own.get("responses", {}))
        if use := [*shared.get("use", ()), *own.get("use", ())]:
            options["use"] = use
        if definition.socket is not None:
            # What else routes share is of answers and content, which a socket has not.
            kept = (*DESCRIBING, *HOOK_OPTIONS)
            options = {name: value for name, value in options.items() if name in kept}  # type: ignore[assignment]
        definition = replace(definition.under(self._prefix), options=options)
        # What its routes ask for may be provided where it is mounted.
        derive(definition, around=Surroundings((self.hooks,), is_complete=False))
        self.definitions.append(definition)

    def serve_natively(self, served: Served) -> None:
        """Add a folder or a redirect as data, below the prefix and with what the routes share.

        Raises:
            SetupError: If the path or an option does not fit.
        """
        shared = self._shared
        super().serve_natively(served.within(shared.get("use", ()), shared.get("security", ())))
        self.served[-1] = self.served[-1].under(self._prefix)

    def mount(self, prefix: str, other: Routes) -> None:
        """Add every route of another router below ``prefix``.

        Raises:
            SetupError: If ``other`` is an application, which has more than routes, or a route does not fit here.
        """
        if isinstance(other, Routes) and not isinstance(other, Router):
            remedy = "mount a Router, or mount it into an application"
            raise SetupError(f"mount {prefix}", "other", "it is an application, which has more than routes", remedy)
        super().mount(prefix, other)


def _merged(shared: Mapping[int | str, Any], own: Mapping[int | str, Any]) -> dict[int | str, Any]:
    """Return the responses of a route by status. Where its own is ``None``, that of the router stays."""
    merged: dict[int | str, Any] = {str(status): response for status, response in shared.items()}
    for status, response in own.items():
        if response is not None or str(status) not in merged:
            merged[str(status)] = response
    return merged
