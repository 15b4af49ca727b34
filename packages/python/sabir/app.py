"""The application."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Unpack

from sabir import _hooks, setting_check
from sabir.chained import Chained
from sabir.channel_events import ChannelEvents
from sabir.channels import publish
from sabir.components import Components
from sabir.documents import DocumentInfo, OpenApiVersion, Ui, plain_info
from sabir.encoding import Answers
from sabir.lifespan import Lifespans
from sabir.operation import DerivedRoute, derive
from sabir.parameters import JsonSchema
from sabir.periodic import Periodic
from sabir.problem import SetupError
from sabir.response import Response
from sabir.routes import RouteDefinition, Routes, check
from sabir.security import Scheme, SecurityScheme
from sabir.served import Served
from sabir.settings import Settings
from sabir.stage import Stage, stages_of

if TYPE_CHECKING:
    from os import PathLike

    from sabir._sabir import NativeApp


class Sabir(Chained, Lifespans, Periodic, Routes):
    """A web application.

    ``components`` are schemas that ``schema=`` may refer to as ``#/components/schemas/NAME``, ``schemas`` are other
    documents that it may refer to by the URIs which they stand under here; the other arguments are
    the settings, see :class:`sabir.Settings`.

    Example:
        >>> app = Sabir(body_limit=1_000_000)
        >>> @app.get("/hello/{name}")
        ... async def hello(name: str) -> str:
        ...     return f"Hello, {name}!"

    Raises:
        SetupError: If a setting does not exist or does not fit.
    """

    def __init__(
        self,
        *,
        components: dict[str, JsonSchema] | None = None,
        schemas: Mapping[str, JsonSchema | bool] | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        Lifespans.__init__(self)
        Periodic.__init__(self)
        Routes.__init__(self)
        Chained.__init__(self)
        setting_check.check(settings)
        self._schemas: dict[str, JsonSchema | bool] = dict(schemas or {})
        self._settings: dict[str, object] = dict(settings)
        self._given_components: dict[str, JsonSchema] = dict(components or {})
        self._components = Components(self._given_components)
        self._converters: dict[str, tuple[str, JsonSchema]] = {}
        self._security: dict[str, dict[str, Any]] = {}
        self._routes: list[DerivedRoute] = []
        self._documents: list[dict[str, Any]] = []
        self._built: NativeApp | None = None
        self._names: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = 0
        self._stops: list[Callable[[], None]] = []
        self.state = SimpleNamespace()
        """What belongs to the application, such as the pool of connections that a lifespan has opened."""

    def add(self, definition: RouteDefinition) -> None:
        """Add a route as data.

        Raises:
            SetupError: If the path, an option or the handler's signature does not fit, another route matches the same
                requests, or the application already serves.
        """
        self._refuse_while_serving(definition.name)
        check(definition)
        self._derive_again()
        route = derive(definition, self._components, self._surroundings())
        before = self._components
        self._components = route.components
        self._routes.append(route)
        try:
            self._compile(route, before)
        except BaseException:
            self._components = before
            self._routes.pop()
            raise
        self.definitions.append(definition)
        self._adopt_hooks(definition)

    def serve_natively(self, served: Served) -> None:
        """Add a folder or a redirect as data.

        Raises:
            SetupError: If something does not fit, or the application already serves.
        """
        self._refuse_while_serving(served.name)
        super().serve_natively(served)
        try:
            self._extend(served.add_to)
        except BaseException:
            self.served.pop()
            raise

    def use(self, *stages: Stage) -> None:
        """Set stages of the application. They cover every answer, refusals too; a route says what differs in ``use=``.

        Requests meet them in the order of the table of stages, whichever order they are set in. Setting one again
        takes the place of what it was.

        Example:
            >>> app = Sabir()
            >>> app.use(Cors(allow_origins=["https://shop.example"]), SecurityHeaders())

        Raises:
            SetupError: If an option does not fit, which is named as ``stages.cors.allow_origins[1]``, or the
                application already serves.
        """
        self._refuse_while_serving("use")
        options = stages_of("use", stages)
        before = list(self.stages)
        self.stages.extend(stages)
        try:
            self._extend(lambda native: _set_stages(native, options))
        except BaseException:
            self.stages = before
            raise

    def security(self, name: str, scheme: SecurityScheme | Mapping[str, Any]) -> Scheme:
        """Add a security scheme, and return what routes demand it by in their option ``security``.

        ``scheme`` is one of :mod:`sabir.security`, or an OpenAPI Security Scheme Object. Requests without credentials
        are answered 401, those that may too little 403, before any handler. Add it before the routes that demand it.

        Example:
            >>> app = Sabir()
            >>> token = app.security("token", Jwt(algorithms=["HS256"], secret="0123456789abcdef" * 2))
            >>> @app.get("/orders", security=[token("orders:read")])
            ... def orders(request: Request) -> str | None:
            ...     return request.identity.subject

        Raises:
            SetupError: If the name is taken, or something does not fit.
        """
        self._refuse_while_serving(f"security scheme {name}")
        if name in self._security:
            raise SetupError(f"security scheme {name}", "name", "it is taken", "choose another one")
        data = scheme.data() if isinstance(scheme, SecurityScheme) else dict(scheme)
        self._security[name] = data
        try:
            self._extend(lambda native: native.add_security_scheme(name, data))
        except BaseException:
            del self._security[name]
            raise
        return Scheme(name)

    def converter(self, name: str, regex: str, schema: JsonSchema) -> None:
        """Add a converter for paths: ``{variable:name}`` matches what ``regex`` matches as a whole.

        ``regex`` is an expression of ECMA-262 with the flag ``u``, without look-around and back-references.

        Raises:
            SetupError: If another converter has the name, or the expression is refused.
        """
        self._refuse_while_serving(f"converter {name}")
        if name in self._converters:
            if self._converters[name] != (regex, schema):
                raise SetupError("converters", name, "the name is taken", "choose another name")
            return
        self._converters[name] = (regex, schema)
        try:
            self._extend(lambda native: native.add_converter(name, regex, schema))
        except BaseException:
            del self._converters[name]
            raise

    def mount(self, prefix: str, other: Routes) -> None:
        """Serve every route of ``other``, a router or an application, below ``prefix``.

        Routes are copied: adding to ``other`` later has no effect here, but hooks, which hold for all of its routes
        wherever they are. They have this application's settings; the converters, components, schemas and lifespans of
        another application come with them, and what it does periodically.

        Raises:
            SetupError: If a route does not fit below the prefix, or a route, converter or component would shadow an
                existing one. Nothing is added then.
        """
        self._refuse_while_serving(f"mount {prefix}")
        security = self._security.copy()
        before = self._converters.copy(), self._given_components.copy(), self._schemas.copy(), self._components.copy()
        lifespans, periodic, served = self._lifespans.copy(), self._periodic.copy(), self.served.copy()
        try:
            if isinstance(other, Sabir):
                self._adopt(prefix, other)
                self._adopt_lifespans(other)
                self._adopt_periodic(other)
            super().mount(prefix, other)
        except BaseException:
            self._converters, self._given_components, self._schemas, self._components = before
            self._lifespans, self._periodic, self.served = lifespans, periodic, served
            self._security = security
            self._built = None
            raise

    def _adopt(self, prefix: str, other: Sabir) -> None:
        for name, (regex, schema) in other._converters.items():
            self.converter(name, regex, schema)
        for name, component in other._given_components.items():
            if self._components.setdefault(name, component) != component:
                raise SetupError(f"mount {prefix}", "components", f"{name} is another schema here", "rename one")
            self._given_components.setdefault(name, component)
        for uri, document in other._schemas.items():
            if self._schemas.setdefault(uri, document) != document:
                raise SetupError(f"mount {prefix}", "schemas", f"{uri} is another document here", "rename one")
        for name, scheme in other._security.items():
            if self._security.setdefault(name, scheme) != scheme:
                raise SetupError(f"mount {prefix}", "security", f"{name} is another scheme here", "rename one")
        self._built = None

    def _add_all(self, definitions: Iterable[RouteDefinition]) -> None:
        routes, components = len(self._routes), self._components
        try:
            super()._add_all(definitions)
        except BaseException:
            if len(self._routes) > routes:
                del self._routes[routes:]
                self._components, self._built = components, None
            raise

    def url_for(self, operation_id: str, /, **values: Any) -> str:
        """Return the path of the route with this operation id, percent-encoded.

        A route without one has the name of its function, where no other route has that.

        Raises:
            SetupError: If there is no such route, or a value is missing, surplus or does not fit.
        """
        return self.native().url_for(operation_id, {name: _path_text(value) for name, value in values.items()})

    def openapi(self, *, openapi_version: OpenApiVersion = "3.1", **info: Unpack[DocumentInfo]) -> dict[str, Any]:
        """Return the OpenAPI document of the application: all of its operations but the WebSockets.

        ``title``, ``version`` and the other arguments are those of the application, see
        :class:`sabir.documents.DocumentInfo`. ``openapi_version`` is that of the specification: 3.2 has words for event
        streams and JSON Lines.

        Beside the answers that routes declare it has the problems that the runtime answers in their place. The document
        is the same as that of the same application in another language.

        Raises:
            SetupError: If an argument does not fit.
        """
        return self.native().openapi(plain_info({**info, "openapi_version": openapi_version}))

    def asyncapi(self, **info: Unpack[DocumentInfo]) -> dict[str, Any]:
        """Return the AsyncAPI 3 document of the application: its WebSockets, event streams and streams of JSON Lines.

        ``title``, ``version`` and the other arguments are those of the application, see
        :class:`sabir.documents.DocumentInfo`.

        A channel has the name of its ``operation_id``, or one that follows from its path. The document is the same as
        that of the same application in another language.

        Raises:
            SetupError: If an argument does not fit, or a URL is none of HTTP.
        """
        return self.native().asyncapi(plain_info(info))

    def documents(
        self,
        *,
        openapi: str | None = "/openapi.json",
        asyncapi: str | None = "/asyncapi.json",
        docs: str | None = "/docs",
        ui: Ui = "swagger",
        openapi_version: OpenApiVersion = "3.1",
        **info: Unpack[DocumentInfo],
    ) -> None:
        """Answer requests for the documents of the application, and for a page that shows its OpenAPI document.

        ``openapi``, ``asyncapi`` and ``docs`` are the paths of the documents and of the page, ``None`` for one that is
        served nowhere. The other arguments are those of :meth:`openapi`. Servers that are given without a host are left
        out of the AsyncAPI document.

        The documents are made once, at the first request for one, and are of all routes but these, also of those that
        are added later. The page comes with the package: it needs no network. Handlers have no part in any of it.

        Raises:
            SetupError: If an argument does not fit, a path is taken, or the application already serves.
        """
        self._refuse_while_serving("documents")
        paths = {"openapi": openapi, "asyncapi": asyncapi, "docs": docs}
        documents = plain_info({**info, **paths, "ui": ui, "openapi_version": openapi_version})
        self._documents.append(documents)
        try:
            self._extend(lambda native: native.documents(documents))
        except BaseException:
            self._documents.pop()
            raise

    def publish(self, channel: str, message: Any) -> int:
        """Send a message to all WebSockets and event streams that have subscribed to a channel. From any thread.

        Text and bytes are sent as they are, any other value as JSON. Returns how many subscribers there are. Of several
        workers only this process hears of it.

        It is the application that serves which publishes, and not one that is mounted into it.
        """
        return publish(self.native(), channel, message)

    def presence(self, channel: str) -> int:
        """Return how many sockets and event streams of this process have subscribed to a channel."""
        return self.native().presence(channel)

    def events(self, channel: str, last_event_id: str | None = None) -> Response:
        """Return an answer that is a stream of server-sent events: what is published on a channel.

        A client that comes back with a ``last_event_id`` gets what it has missed first, as far as it is kept:
        ``channel_history_limit`` and ``channel_history_bytes`` say how much that is. A client that reads too slowly
        comes to the end of its stream, and gets the rest when it comes back.

        Example::

            @app.sse("/news")
            async def news(last_event_id: str | None = None) -> Response:
                return app.events("news", last_event_id)
        """
        return ChannelEvents(self.native().events(channel, last_event_id))

    def run(
        self,
        host: str = "127.0.0.1",
        port: int = 8000,
        *,
        workers: int = 1,
        unix: str | PathLike[str] | None = None,
        reuse_port: bool = False,
    ) -> None:
        """Serve until SIGINT or SIGTERM, then finish the running requests and return.

        ``unix`` serves on a Unix socket at this path instead of on ``host`` and ``port``. With ``reuse_port`` others
        that ask for it too may listen on the same port.

        Handlers that still run when ``shutdown_timeout_ms`` is over are left behind, and a second signal ends the
        process at once. The handlers of signals from before are back when this returns. In a thread other than the main
        one there are no signals: :meth:`stop` ends it there.

        With more than one of them, ``workers`` are copies of this process, made by ``fork``, that share the address;
        one that dies is replaced. Call it before anything starts threads. ``python -m sabir run module:app
        --workers N`` starts new processes instead, each of which imports the application.

        Raises:
            SetupError: If a route does not fit, an event loop runs in this thread, this process has served requests
                already and cannot be copied, the platform has no ``fork``, or a worker ends before all of them serve.
            OSError: If the address cannot be bound.
        """
        from sabir.server import serve

        serve(self, host, port, workers=workers, unix=unix, reuse_port=reuse_port)

    async def serve(
        self,
        host: str = "127.0.0.1",
        port: int = 8000,
        *,
        unix: str | PathLike[str] | None = None,
        reuse_port: bool = False,
        started: Callable[[str], object] | None = None,
    ) -> None:
        """Serve on the running event loop until :meth:`stop` or a cancellation, then finish the running requests.

        ``started`` is called with the address, as a URL or ``unix:`` and a path, as soon as clients can connect.
        Signals stay as they are: they belong to the program. Cancelled once more, it waits for no request any longer.

        Raises:
            SetupError: If a route does not fit.
            OSError: If the address cannot be bound.
            RuntimeError: If the application serves already.
        """
        from sabir.server import listening, serve_here

        await serve_here(self, listening(host, port, unix, reuse_port, started))

    def stop(self) -> None:
        """Ask :meth:`run` and :meth:`serve` to finish the running requests and return. For any thread."""
        for stop in list(self._stops):
            stop()

    @contextlib.contextmanager
    def stopped_by(self, stop: Callable[[], None]) -> Iterator[None]:
        """Let :meth:`stop` call ``stop``. Not for users."""
        self._stops.append(stop)
        try:
            yield
        finally:
            self._stops.remove(stop)

    def native(self) -> NativeApp:
        """Return the runtime's side of the application, built from everything added so far. Not for users.

        Raises:
            SetupError: If a route does not fit.
        """
        if self._built is None:
            self._built = self._build()
        return self._built

    def attach(self, loop: asyncio.AbstractEventLoop) -> NativeApp:
        """Let handlers run on ``loop``, from the loop's own thread. Not for users."""
        native = self.native()
        self._refuse_in_fork()
        if self._loop is not None and self._loop is not loop:
            if self._loop.is_running():
                raise RuntimeError("the application already runs on another event loop")
            self._forget_loop(native)
        if self._loop is None:
            native.attach(loop)
            self._loop, self._process = loop, os.getpid()
        return native

    def running_loop(self) -> asyncio.AbstractEventLoop | None:
        """Return the loop that handlers run on, if it runs. Not for users."""
        self._refuse_in_fork()
        return self._loop if self._loop is not None and self._loop.is_running() else None

    def _refuse_in_fork(self) -> None:
        if self._loop is not None and self._process != os.getpid():
            raise RuntimeError(
                f"process {self._process} serves the application, and this one is a fork of it: the event loop and the "
                "threads are the parent's; start the process with `spawn`, or make an application of its own"
            )

    def detach(self) -> None:
        """Undo :meth:`attach`. Not for users."""
        if self._loop is not None:
            self._forget_loop(self.native())

    def _forget_loop(self, native: NativeApp) -> None:
        self._loop = None
        # A loop that was closed has no readers left to remove.
        with contextlib.suppress(RuntimeError):
            native.detach()

    def _compile(self, route: DerivedRoute, before: Components) -> None:
        """Add the last of the routes to the runtime's side, so that its mistakes are told where they are made."""
        if route.operation.get("operationId") in self._names:
            # A name that is given comes before one that a function happens to have, so all are named anew.
            self._built = None
        added = {name: self._components[name] for name in self._components.keys() - before}

        def add(native: NativeApp) -> None:
            native.add_components(added)
            self._add_route(native, route, self._name(route))

        self._extend(add)

    def _extend(self, add: Callable[[NativeApp], None]) -> None:
        """Add what has been noted to the runtime's side, which is built anew where nothing can be added to it.

        Raises:
            SetupError: If it does not fit.
        """
        try:
            if self._built is None or self._built.has_started():
                self._built = self._build()
            else:
                add(self._built)
        except BaseException:
            # Some of it may be there already.
            self._built = None
            raise

    def _build(self) -> NativeApp:
        # Here and not above: what needs no application, such as `Request` in an annotation, does without the runtime.
        from sabir._sabir import NativeApp

        self._derive_again()
        self._names = {route.operation["operationId"] for route in self._routes if "operationId" in route.operation}
        native = NativeApp(self._settings, dict(self._components), self._native_hooks(_hooks))
        if self._schemas:
            native.add_schemas(self._schemas)
        for name, (regex, schema) in self._converters.items():
            native.add_converter(name, regex, schema)
        for name, scheme in self._security.items():
            native.add_security_scheme(name, scheme)
        _set_stages(native, stages_of("use", self.stages))
        for route in self._routes:
            self._add_route(native, route, self._name(route))
        for served in self.served:
            served.add_to(native)
        for documents in self._documents:
            native.documents(documents)
        if (refused := self._refusal()) is not None:
            native.take_refusals(refused, Answers())
        return native

    def _add_route(self, native: NativeApp, route: DerivedRoute, name: str | None) -> None:
        definition, chain = route.definition, self._chain(route)
        native.add_route(
            definition.method,
            definition.path,
            route.operation,
            chain.function,
            chain.mode,
            chain.arguments,
            route.answers,
            name,
            self._refusal(route),
        )

    def _name(self, route: DerivedRoute) -> str | None:
        """Return the name of a route's function for :meth:`url_for`, where it is free and the route has no id.

        It is none of the contract, which is the same in other languages, where handlers seldom have names.
        """
        if "operationId" in route.operation:
            self._names.add(route.operation["operationId"])
            return None
        name: str = getattr(route.definition.handler, "__name__", "<lambda>")
        if not name.isidentifier() or name in self._names:
            return None
        self._names.add(name)
        return name

    def _refuse_while_serving(self, what: str) -> None:
        if self._loop is not None and not self._loop.is_closed():
            raise SetupError(what, "app", "the application already serves", "add everything before it starts")


def _set_stages(native: NativeApp, stages: Mapping[str, Any]) -> None:
    for name, options in stages.items():
        native.set_stage(name, options)


def _path_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, enum.Enum):
        return str(value.value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
