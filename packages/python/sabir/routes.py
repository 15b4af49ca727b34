"""Adding routes: the decorators that applications and routers share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypedDict, TypeVar, Unpack, overload

from sabir.hooks import HOOK_OPTIONS, Hooked, HookOptions, Hooks
from sabir.media_types import EVENT_STREAM, are_events
from sabir.problem import SetupError
from sabir.security import Requirement
from sabir.served import ServedRoutes
from sabir.signature import local_names
from sabir.stage import Stage, StageOff

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
    hidden: bool
    """Whether documents leave the route out."""
    body_limit: int
    """The largest request body in bytes, instead of the setting."""
    timeout_ms: int
    """Milliseconds the handler has, instead of the setting."""
    security: Iterable[Requirement]
    """The security schemes of which requests satisfy one: what :meth:`sabir.Sabir.security` has returned, called with
    the scopes that are needed, as ``[token("orders:read")]``; see :mod:`sabir.security`."""
    use: Iterable[Stage | StageOff]
    """Stages in place of those around it: ``[Cors(max_age=60)]``, and ``[Cors.off()]`` for no such stage. Those of a
    router come before those of its routes, of which the last one counts."""


class RouteOptions(SharedOptions, HookOptions, total=False):
    """What a route may say beyond its path."""

    status: int
    """The status of a success; 200, or 204 when the handler returns ``None``."""
    media_type: str
    """The media type of values that the handler returns or yields, instead of the one that follows from their type."""
    operation_id: str
    """A unique name, also for ``url_for``, which takes the function's name where there is none."""
    summary: str
    """A short summary; the first line of the docstring."""
    description: str
    """A longer explanation; the rest of the docstring."""
    blocking: bool
    """Whether a plain function may block and so runs on a thread. ``False`` runs it on the loop itself."""
    events: Mapping[str, Any]
    """The types of the data of events, by the names of the events; of a route of events. They describe."""


class SocketOptions(HookOptions, total=False):
    """What the route of a WebSocket may say beyond its path. Limits that are left out are those of the settings."""

    subprotocols: Iterable[str]
    """The subprotocols that the handler speaks; the first of the client's list that is among them is chosen."""
    allowed_origins: Iterable[str]
    """The origins of pages that may connect, as ``https://shop.example``, and ``*`` for all. Without any, only pages of
    the server's own host may; clients that are no browsers always may."""
    invalid_message: Literal["report", "close"]
    """What becomes of a message that does not fit its type: the client is sent a problem, or the socket is closed."""
    message_limit: int
    """The largest message in bytes; a larger one closes the socket with 1009."""
    idle_timeout_ms: int
    """Milliseconds the client may send nothing, not even an answer to a ping; 0 for ever."""
    ping_interval_ms: int
    """After how many milliseconds of silence the client is sent a ping; 0 for never."""
    send_queue_limit: int
    """Bytes that may wait to be sent."""
    security: Iterable[Requirement]
    """The security schemes that the request which opens the socket satisfies, as of other routes."""
    use: Iterable[Stage | StageOff]
    """Stages in place of those around it, as of other routes. They see the request that opens the socket."""
    tags: Iterable[str]
    """Names for grouping. Those of a router come before those of its routes."""
    deprecated: bool
    """Whether clients should stop using it."""
    hidden: bool
    """Whether documents leave the route out."""
    operation_id: str
    """A unique name, also for ``url_for``, which takes the function's name where there is none."""
    summary: str
    """A short summary; the first line of the docstring."""
    description: str
    """A longer explanation; the rest of the docstring."""


class SocketCallbacks(TypedDict, total=False):
    """What is called when something happens to a WebSocket. Each is a plain or a coroutine function."""

    open: Callable[..., Any]
    """It is open: ``open(ws, …)``, with the parameters of the route."""
    message: Callable[..., Any]
    """A message has come: ``message(ws, message)``."""
    close: Callable[..., Any]
    """It is closed: ``close(ws, code, reason)``."""
    ping: Callable[..., Any]
    """A ping has come, which has been answered: ``ping(ws, content)``."""
    pong: Callable[..., Any]
    """A pong has come: ``pong(ws, content)``."""
    error: Callable[..., Any]
    """One of the others has raised an exception: ``error(ws, exception)``. Without it the socket is closed with 1011,
    and the log has the exception."""


class CallbackOptions(SocketOptions, SocketCallbacks, total=False):
    """What the route of a WebSocket may say that is written as functions of what happens."""


CALLBACKS = tuple(SocketCallbacks.__annotations__)

DESCRIBING = ("tags", "deprecated", "hidden", "operation_id", "summary", "description", "use", "security")
"""The options that routes of all kinds have."""


@dataclass(frozen=True)
class RouteDefinition:
    """A route as it was written."""

    method: str
    path: str
    handler: Callable[..., Any]
    options: RouteOptions
    namespace: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What names in the handler's annotations stand for, where only the place of its definition knows."""
    socket: SocketOptions | None = None
    """What is said of the socket, if it is the route of one."""
    groups: tuple[Hooks, ...] = ()
    """The hooks of the routers and applications that it was mounted with, the outermost first."""

    def __post_init__(self) -> None:
        # An option that is None is one that was not given, for a router to give.
        given = {name: value for name, value in self.options.items() if value is not None}
        object.__setattr__(self, "options", given)
        if self.socket is not None:
            own = {name: value for name, value in self.socket.items() if value is not None}
            object.__setattr__(self, "socket", own)

    @property
    def name(self) -> str:
        """The route in error messages."""
        return f"{self.method} {self.path}" if self.socket is None else f"WebSocket {self.path}"

    @property
    def may_subscribe(self) -> bool:
        """Whether its clients can subscribe to channels."""
        return self.socket is not None or are_events(self.options.get("media_type"))

    def grouped(self, hooks: Hooks) -> RouteDefinition:
        """Return the same route with the hooks of a router or an application around it."""
        return replace(self, groups=(hooks, *self.groups))

    def under(self, prefix: str) -> RouteDefinition:
        """Return the same route below ``prefix``."""
        return replace(self, path=prefix.rstrip("/") + self.path if self.path != "/" or not prefix else prefix)

    def within(self, stages: Iterable[Stage | StageOff]) -> RouteDefinition:
        """Return the same route with these stages around it."""
        use = [*stages, *self.options.get("use", ())]
        return replace(self, options={**self.options, "use": use}) if use else self


class Routes(ServedRoutes, Hooked):
    """Something that routes can be added to."""

    def __init__(self) -> None:
        super().__init__()
        self.definitions: list[RouteDefinition] = []
        self.stages: list[Stage | StageOff] = []

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

    @overload
    def websocket(self, path: str, **options: Unpack[SocketOptions]) -> Callable[[Handler], Handler]: ...

    @overload
    def websocket(self, path: str, **options: Unpack[CallbackOptions]) -> Callable[[Handler], Handler] | None: ...

    def websocket(self, path: str, **options: Any) -> Callable[[Handler], Handler] | None:
        """Open WebSockets on ``path`` for the decorated coroutine function, which stays as it is.

        It takes a :class:`sabir.WebSocket`, and any other parameters that handlers of requests take but a body: they
        are checked before the socket is opened, and a refusal is the answer to the request.

        Instead of decorating, name functions of what happens: ``open(ws, …)`` with the parameters of the route,
        ``message(ws, message)``, ``close(ws, code, reason)``, ``ping(ws, content)``, ``pong(ws, content)`` and
        ``error(ws, exception)``, all of them optional, plain or coroutine functions.

        Example:
            >>> app = Routes()
            >>> @app.websocket("/echo")
            ... async def echo(ws):
            ...     async for message in ws:
            ...         await ws.send(message)
            >>> app.websocket("/shout", message=lambda ws, message: ws.send(message.upper()))

        Raises:
            SetupError: If the path, an annotation or an option does not fit, or the function is no coroutine function.
        """
        callbacks = {name: options.pop(name) for name in CALLBACKS if options.get(name) is not None}
        shared: Any = {name: options.pop(name) for name in (*DESCRIBING, *HOOK_OPTIONS) if name in options}
        own: Any = options

        def decorate(handler: Handler) -> Handler:
            namespace = local_names(handler, sys._getframe(1))
            self.add(RouteDefinition("GET", path, handler, shared, namespace, own))
            return handler

        if not callbacks:
            return decorate
        # Here and not above: what sockets are made of needs routes.
        from sabir.socket_callbacks import from_callbacks

        handler = from_callbacks(f"WebSocket {path}", callbacks)
        self.add(RouteDefinition("GET", path, handler, shared, {}, own))
        return None

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
        self._add_all(
            [definition.under(prefix).within(other.stages).grouped(other.hooks) for definition in other.definitions]
        )
        for served in [served.under(prefix).within(other.stages) for served in other.served]:
            self.serve_natively(served)

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
    known = RouteOptions.__annotations__ if definition.socket is None else SocketOptions.__annotations__
    given = set(definition.options) if definition.socket is None else set(definition.socket)
    if unknown := given - set(known):
        raise SetupError(
            definition.name,
            ", ".join(sorted(unknown)),
            "there is no such option",
            f"use one of {' '.join(known)}",
        )


def refuse_relative(route: str, field: str, path: Any) -> None:
    """Refuse what is no path from the root.

    Raises:
        SetupError: It names the ``field``.
    """
    if not isinstance(path, str) or not path.startswith("/"):
        raise SetupError(route, field, "it does not start with /", "write it from the root")
