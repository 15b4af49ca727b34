"""What an application has to do with the hooks, middleware and dependencies of its routes."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from sabir._threads import HandlerThreads
from sabir.chain import Chain, chain_of, refusal_of
from sabir.components import Components
from sabir.connections import end_connections
from sabir.dependencies import Overrides, Step
from sabir.encoding import Answers
from sabir.operation import DerivedRoute, Surroundings, derive
from sabir.problem import SetupError
from sabir.thread_calls import Submit

if TYPE_CHECKING:
    from sabir.app import Sabir
    from sabir.hooks import Hooks
    from sabir.routes import RouteDefinition

TIMEOUT_SECONDS = 30.0


class Chained:
    """Compiles the chains of an application's routes, again where something is added to them."""

    def __init__(self) -> None:
        self._as_app().hooks.owners.add(self._as_app())
        self._cells: dict[Any, Step] = {}
        """The dependencies that are made once for the application, by their providers."""
        self._is_outdated = False
        self._listening_clients = 0
        self._submit: Submit | None = None
        self.dependency_overrides = Overrides(self._overrides_changed)
        """For tests: providers by those whose place they take, ``app.dependency_overrides[current_user] = ada``.

        They may be changed while a test client is open, unless it listens on a socket.
        """

    def _as_app(self) -> Sabir:
        return cast("Sabir", self)

    def _surroundings(self) -> Surroundings:
        return Surroundings((self._as_app().hooks,), self.dependency_overrides, self._cells)

    def _adopt_hooks(self, definition: RouteDefinition) -> None:
        for group in definition.groups:
            group.owners.add(self._as_app())

    def _chain(self, route: DerivedRoute) -> Chain:
        return chain_of(route, (self._as_app().hooks,), lambda: self._threads)

    def _refusal(self, route: DerivedRoute | None = None) -> Callable[..., Any] | None:
        """Return what answers in place of the runtime what that refuses of a route, or what no route fits."""
        levels: tuple[Hooks, ...] = (self._as_app().hooks,)
        if route is None:
            return refusal_of(levels, Answers(), lambda: self._threads, is_matched=False)
        levels += (*route.definition.groups, route.hooks)
        return refusal_of(levels, route.answers, lambda: self._threads)

    @property
    def _threads(self) -> Submit:
        assert self._submit is not None
        return self._submit

    def _native_hooks(self, module: types.ModuleType) -> Any:
        """Return the functions that the native module calls, of which those for threads are the application's."""
        functions = {name: getattr(module, name) for name in module.__all__}
        return types.SimpleNamespace(**{**functions, "handler_threads": self._make_threads})

    def _make_threads(self, limit: int) -> Callable[..., None]:
        self._submit = HandlerThreads(limit).submit
        return self._submit

    def _hooks_changed(self) -> None:
        self._as_app()._built = None

    def _routes_changed(self) -> None:
        self._is_outdated = True
        self._as_app()._built = None

    def _derive_again(self) -> None:
        """Read the handlers once more, where what their parameters are has changed."""
        if not self._is_outdated:
            return
        app = self._as_app()
        made = self._cells
        self._cells = {}
        components = Components(app._given_components)
        routes = []
        for definition in app.definitions:
            route = derive(definition, components, self._surroundings())
            components = route.components
            routes.append(route)
        for key, step in self._cells.items():
            if key in made:
                step.cell = made[key].cell
        app._routes, app._components, self._is_outdated = routes, components, False

    def _overrides_changed(self) -> None:
        app = self._as_app()
        loop = app._loop
        self._is_outdated = True
        if loop is None or loop.is_closed():
            app._built = None
            return
        if app._stops or self._listening_clients:
            raise SetupError(
                "dependency_overrides",
                "app",
                "the application listens on a socket",
                "set them before it starts, or give them to the test client",
            )
        if loop is asyncio._get_running_loop():
            self._exchange(loop)
        else:
            asyncio.run_coroutine_threadsafe(self._exchanged(loop), loop).result(TIMEOUT_SECONDS)

    def _exchange(self, loop: asyncio.AbstractEventLoop) -> None:
        """Go on with chains that are compiled anew."""
        app = self._as_app()
        end_connections(loop)
        app.detach()
        app._built = None
        app.attach(loop)

    async def _exchanged(self, loop: asyncio.AbstractEventLoop) -> None:
        self._exchange(loop)
        task = self._as_app()._lifespan_task
        if task is not None:
            await task.make_dependencies()
