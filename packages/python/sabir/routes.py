"""Adding routes: the decorators that applications and routers share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict, TypeVar, Unpack

from sabir.media_types import EVENT_STREAM
from sabir.problem import SetupError
from sabir.signature import local_names

Handler = TypeVar("Handler", bound=Callable[..., Any])


class SharedOptions(TypedDict, total=False):
    """What a route may say that a router may say for all of its routes."""

    tags: Iterable[str]
    """Names for grouping. Those of a router come before those of its routes."""
    deprecated: bool
    """Whether clients should stop using it."""
    responses: Mapping[int | str, Any]
    """Answers by status: a type, a description, or an OpenAPI Response Object."""
    produces: str | Iterable[str]
    """The media types that take part in content negotiation."""
    body_limit: int
    """The largest request body in bytes, instead of the setting."""
    timeout_ms: int
    """Milliseconds the handler has, instead of the setting."""


class RouteOptions(SharedOptions, total=False):
    """What a route may say beyond its path."""

    status: int
    """The status of a success; 200, or 204 when the handler returns ``None``."""
    media_type: str
    """The media type of values that the handler returns or yields, instead of the one that follows from their type."""
    operation_id: str
    """A unique name, also for ``url_for``; the function's name when it is free."""
    summary: str
    """A short summary; the first line of the docstring."""
    description: str
    """A longer explanation; the rest of the docstring."""
    blocking: bool
    """Whether a plain function may block and so runs on a thread. ``False`` runs it on the loop itself."""
    events: Mapping[str, Any]
    """The types of the data of events, by the names of the events; of a route of events. They describe."""


@dataclass(frozen=True)
class RouteDefinition:
    """A route as it was written."""

    method: str
    path: str
    handler: Callable[..., Any]
    options: RouteOptions
    namespace: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What names in the handler's annotations stand for, where only the place of its definition knows."""

    def __post_init__(self) -> None:
        # An option that is None is one that was not given, for a router to give.
        given = {name: value for name, value in self.options.items() if value is not None}
        object.__setattr__(self, "options", given)

    @property
    def name(self) -> str:
        """The route in error messages."""
        return f"{self.method} {self.path}"

    def under(self, prefix: str) -> RouteDefinition:
        """Return the same route below ``prefix``."""
        return replace(self, path=prefix.rstrip("/") + self.path if self.path != "/" or not prefix else prefix)


class Routes:
    """Something that routes can be added to."""

    def __init__(self) -> None:
        self.definitions: list[RouteDefinition] = []

    def add(self, definition: RouteDefinition) -> None:
        """Add a route as data; the decorators end here."""
        check(definition)
        self.definitions.append(definition)

    def route(
        self, path: str, methods: str | Iterable[str] = ("GET",), **options: Unpack[RouteOptions]
    ) -> Callable[[Handler], Handler]:
        """Answer ``methods`` on ``path`` with the decorated function, which stays as it is.

        ``"*"`` stands for every method that has no route of its own on this path, as with :meth:`all`. An
        ``operation_id`` is that of the first method: each operation has its own (OpenAPI 3.1 §4.8.10).

        Raises:
            SetupError: If the path, a method, an annotation or an option does not fit. No route is added then.
        """
        names = tuple(methods) if isinstance(methods, Iterable) and not isinstance(methods, str) else (methods,)
        if not names:
            raise SetupError(path, "methods", "there is none", "name the methods that the route answers")
        rest: RouteOptions = {**options, "operation_id": None}  # type: ignore[typeddict-item]

        def decorate(handler: Handler) -> Handler:
            namespace = local_names(handler, sys._getframe(1))
            given = (options, *[rest] * (len(names) - 1))
            self._add_all(
                RouteDefinition(method, path, handler, own, namespace) for method, own in zip(names, given, strict=True)
            )
            return handler

        return decorate

    def all(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Handler], Handler]:
        """Answer every method, HEAD and OPTIONS among them, that has no route of its own on ``path``."""
        return self.route(path, ("*",), **options)

    def get(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Handler], Handler]:
        """Answer GET, and HEAD where no route of its own does."""
        return self.route(path, ("GET",), **options)

    def post(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Handler], Handler]:
        """Answer POST."""
        return self.route(path, ("POST",), **options)

    def put(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Handler], Handler]:
        """Answer PUT."""
        return self.route(path, ("PUT",), **options)

    def patch(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Handler], Handler]:
        """Answer PATCH (RFC 5789)."""
        return self.route(path, ("PATCH",), **options)

    def delete(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Handler], Handler]:
        """Answer DELETE."""
        return self.route(path, ("DELETE",), **options)

    def head(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Handler], Handler]:
        """Answer HEAD."""
        return self.route(path, ("HEAD",), **options)

    def options(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Handler], Handler]:
        """Answer OPTIONS instead of the runtime."""
        return self.route(path, ("OPTIONS",), **options)

    def trace(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Handler], Handler]:
        """Answer TRACE."""
        return self.route(path, ("TRACE",), **options)

    def query(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Handler], Handler]:
        """Answer QUERY, the safe method with content."""
        return self.route(path, ("QUERY",), **options)

    def sse(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Handler], Handler]:
        """Answer GET with a stream of server-sent events: what the decorated generator yields (WHATWG HTML §9.2).

        It yields :class:`sabir.Event` objects, or the data of events: text as it is, any other value as JSON. A
        parameter ``last_event_id`` is what a client that comes back says in ``Last-Event-ID``, unless it is marked as
        something else. The generator is ended when its client leaves and when the server stops.

        Example:
            >>> app = Routes()
            >>> @app.sse("/ticks")
            ... async def ticks(last_event_id: int = 0):
            ...     yield Event(data={"n": last_event_id + 1}, id=str(last_event_id + 1))

        Raises:
            SetupError: As :meth:`route` does, or if ``options`` say another media type.
        """
        for option in ("media_type", "produces"):
            if options.get(option) is not None:
                raise SetupError(f"GET {path}", option, "an event stream has its own", "leave it out")
        streaming: RouteOptions = {**options, "media_type": EVENT_STREAM}
        return self.route(path, ("GET",), **streaming)

    def mount(self, prefix: str, other: Routes) -> None:
        """Add every route of ``other`` below ``prefix``, which is ``/`` where they stay as they are.

        Routes are copied: adding to ``other`` later has no effect here.

        Raises:
            SetupError: If a route does not fit below the prefix. No route is added then.
        """
        refuse_relative(f"mount {prefix}", "prefix", prefix)
        if not isinstance(other, Routes):
            problem = f"a {type(other).__name__} has no routes"
            raise SetupError(f"mount {prefix}", "other", problem, "mount a Router or an application")
        # It may be mounted into itself.
        self._add_all([definition.under(prefix) for definition in other.definitions])

    def _add_all(self, definitions: Iterable[RouteDefinition]) -> None:
        """Add all of the routes, or none where one does not fit."""
        before = len(self.definitions)
        try:
            for definition in definitions:
                self.add(definition)
        except BaseException:
            del self.definitions[before:]
            raise


def check(definition: RouteDefinition) -> None:
    """Refuse a path, a method or an option that no route can have.

    Raises:
        SetupError: It names the option.
    """
    refuse_relative(definition.name, "path", definition.path)
    if not isinstance(definition.method, str):
        problem = f"{definition.method!r} is no method"
        raise SetupError(definition.name, "methods", problem, "name methods as text, such as GET")
    unknown = set(definition.options) - set(RouteOptions.__annotations__)
    if unknown:
        raise SetupError(
            definition.name,
            ", ".join(sorted(unknown)),
            "there is no such option",
            f"use one of {' '.join(RouteOptions.__annotations__)}",
        )


def refuse_relative(route: str, field: str, path: Any) -> None:
    """Refuse what is no path from the root.

    Raises:
        SetupError: It names the ``field``.
    """
    if not isinstance(path, str) or not path.startswith("/"):
        raise SetupError(route, field, "it does not start with /", "write it from the root")
