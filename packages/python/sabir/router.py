"""Routers: routes that are written in one place and added to an application in another."""

from __future__ import annotations

from sabir.routes import Routes


class Router(Routes):
    """A group of routes. It answers nothing until an application includes it.

    Example:
        >>> router = Router()
        >>> @router.get("/{id:int}")
        ... def show(id: int) -> int:
        ...     return id
        >>> [definition.path for definition in router.definitions]
        ['/{id:int}']
    """
