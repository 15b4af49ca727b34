"""Hooks: functions that applications, routers and routes have around their handlers."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, cast, overload
from weakref import WeakSet

from sabir.dependencies import Dependency, Scope, provided
from sabir.problem import Problem, SetupError
from sabir.signature import is_generator_function

if TYPE_CHECKING:
    from sabir.app import Sabir

Hook = Callable[..., Any]
HookFunction = TypeVar("HookFunction", bound=Hook)
ErrorKind = type[Exception] | int
"""What an ``on_error`` hook is for: a class of exceptions, or the status of problems."""

BEFORE = ("on_request", "pre_validation", "pre_handler")
"""The hooks that may answer instead of the handler."""
_TAKES = {
    "on_request": 1,
    "pre_validation": 1,
    "pre_handler": 1,
    "on_response": 2,
    "on_error": 2,
    "middleware": 2,
}
_EXPECTED = {1: "the request", 2: "the request and what follows from it"}


class HookOptions(TypedDict, total=False):
    """The hooks of a route, each one function or several. They are the innermost ones."""

    on_request: Hook | Iterable[Hook]
    """Called with the request, before it is validated; what they return is the answer, unless it is ``None``."""
    pre_validation: Hook | Iterable[Hook]
    """The same, after all of ``on_request``."""
    pre_handler: Hook | Iterable[Hook]
    """The same, when the arguments of the handler are there."""
    on_response: Hook | Iterable[Hook]
    """Called with the request and the response, which they may change, or return another answer."""
    on_error: Hook | Iterable[Hook] | Mapping[ErrorKind, Hook]
    """Called with the request and an exception; by what they are for where it is a mapping."""
    middleware: Hook | Iterable[Hook]
    """Called with the request and ``call_next``, which is what they are around."""


HOOK_OPTIONS = tuple(HookOptions.__annotations__)


@dataclass(frozen=True)
class ErrorHook:
    """A hook for some errors."""

    function: Hook
    kind: ErrorKind

    def rank(self, error: Exception) -> int | None:
        """Return how special the hook is for this error, 0 for the most special one; ``None`` where it does not fit."""
        classes = type(error).__mro__
        if isinstance(self.kind, int):
            # A status says more than that something is a problem, and less than which problem it is.
            fits = isinstance(error, Problem) and error.status == self.kind
            return 2 * classes.index(Problem) - 1 if fits else None
        return 2 * classes.index(self.kind) if self.kind in classes else None


@dataclass(eq=False)
class Hooks:
    """The hooks of one application, router or route."""

    on_request: list[Hook] = field(default_factory=list)
    pre_validation: list[Hook] = field(default_factory=list)
    pre_handler: list[Hook] = field(default_factory=list)
    on_response: list[Hook] = field(default_factory=list)
    on_error: list[ErrorHook] = field(default_factory=list)
    middleware: list[Hook] = field(default_factory=list)
    provided: dict[Any, Dependency] = field(default_factory=dict)
    """The dependencies that stand for types."""
    owners: WeakSet[Sabir] = field(default_factory=WeakSet)
    """The applications whose routes they hold for."""

    @property
    def are_there(self) -> bool:
        """Whether there is any hook."""
        return any(getattr(self, name) for name in HOOK_OPTIONS)

    @property
    def may_see_problems(self) -> bool:
        """Whether a hook for errors may be for a problem."""
        return any(
            isinstance(hook.kind, int) or issubclass(hook.kind, Problem) or issubclass(Problem, hook.kind)
            for hook in self.on_error
        )

    def add(self, place: str, name: str, function: Hook, *kinds: ErrorKind) -> None:
        """Add a function to the hooks called ``name``.

        Raises:
            SetupError: If it cannot be called with what such hooks take, or an application already serves with them.
        """
        for owner in self.owners:
            owner._refuse_while_serving(name)
        _check(place, name, function)
        if name == "on_error":
            self.on_error += [ErrorHook(function, kind) for kind in kinds or (Exception,)]
        else:
            getattr(self, name).append(function)
        for owner in self.owners:
            owner._hooks_changed()


class Hooked:
    """Something that hooks can be added to. They hold for all of its routes, also for those that were added before."""

    def __init__(self) -> None:
        self.hooks = Hooks()

    def on_request(self, function: HookFunction) -> HookFunction:
        """Call the decorated function with each request, before it is validated.

        What it returns is the answer, unless it is ``None``: the handler is not run then.

        Example:
            >>> from sabir import Sabir, Unauthorized
            >>> app = Sabir()
            >>> @app.on_request
            ... def authenticate(request):
            ...     if "authorization" not in request.headers:
            ...         return Unauthorized()

        Raises:
            SetupError: If it does not take a request alone, or the application already serves.
        """
        return self._hook("on_request", function)

    def pre_validation(self, function: HookFunction) -> HookFunction:
        """Call the decorated function after those of :meth:`on_request`, and like these."""
        return self._hook("pre_validation", function)

    def pre_handler(self, function: HookFunction) -> HookFunction:
        """Call the decorated function when the request is valid and the dependencies are there.

        What it returns is the answer, unless it is ``None``: the handler is not run then.
        """
        return self._hook("pre_handler", function)

    def on_response(self, function: HookFunction) -> HookFunction:
        """Call the decorated function with each request and its :class:`~sabir.Response`, before that is encoded.

        It may change the response or return another answer. Those of a route come first, those of the application last.
        """
        return self._hook("on_response", function)

    @overload
    def on_error(self, kind: ErrorKind, /, *kinds: ErrorKind) -> Callable[[HookFunction], HookFunction]: ...

    @overload
    def on_error(self, function: HookFunction, /) -> HookFunction: ...

    def on_error(self, kind: Any, /, *kinds: Any) -> Any:
        """Call the decorated function with the request and what a hook, a dependency or the handler has raised.

        It is for every exception, for classes of exceptions, or for problems with a status. What it returns is the
        answer; where that is ``None``, the next hook that fits is called. Of one level the most special ones come
        first, and those of a route before those of its router and of the application.

        Example:
            >>> from sabir import NotFound, Sabir
            >>> app = Sabir()
            >>> @app.on_error(KeyError)
            ... def missing(request, error):
            ...     return NotFound(f"There is no {error}.")

        Raises:
            SetupError: If it does not take two arguments, or the application already serves.
        """
        wanted = (kind, *kinds)
        if not all(_is_kind(member) for member in wanted):
            return self._hook("on_error", kind)

        def decorate(function: HookFunction) -> HookFunction:
            self.hooks.add(self._place(), "on_error", function, *wanted)
            return function

        return decorate

    def middleware(self, function: HookFunction) -> HookFunction:
        """Have the coroutine function ``function(request, call_next)`` around all hooks and handlers.

        ``await call_next(request)`` goes on, once at most, and gives the response; a problem is a response too, any
        other exception is raised. The middleware of an application is around that of its routers and routes.

        Example:
            >>> from sabir import Sabir
            >>> app = Sabir()
            >>> @app.middleware
            ... async def name_server(request, call_next):
            ...     response = await call_next(request)
            ...     response.headers["server"] = "shop"
            ...     return response
        """
        return self._hook("middleware", function)

    def provide(
        self,
        kind: Any,
        provider: Callable[..., Any] | None = None,
        *,
        scope: Scope = "request",
        use_cache: bool = True,
    ) -> None:
        """Let ``provider`` make what parameters ask for whose type is ``kind``; the class makes it itself without one.

        See :func:`sabir.Depends`. What a router provides, its routes get.

        Raises:
            SetupError: If it cannot be made so, or the application already serves.
        """
        dependency = provided(kind, kind if provider is None else provider, scope, use_cache, sys._getframe(1))
        for owner in self.hooks.owners:
            owner._refuse_while_serving(f"provide {kind}")
        self.hooks.provided[kind] = dependency
        for owner in self.hooks.owners:
            owner._routes_changed()

    def _hook(self, name: str, function: HookFunction) -> HookFunction:
        self.hooks.add(self._place(), name, function)
        return function

    def _place(self) -> str:
        return type(self).__name__


def hooks_of(route: str, options: Mapping[str, Any]) -> Hooks:
    """Return the hooks that a route has itself.

    Raises:
        SetupError: If one of them is none.
    """
    hooks = Hooks()
    for name in HOOK_OPTIONS:
        given = options.get(name, ())
        if name == "on_error" and isinstance(given, Mapping):
            for kind, function in given.items():
                if not _is_kind(kind):
                    problem = f"{kind!r} is neither a class of exceptions nor a status"
                    raise SetupError(route, name, problem, "give what the hook is for")
                hooks.add(route, name, function, kind)
            continue
        functions = given if isinstance(given, Iterable) and not callable(given) else (given,)
        for function in functions:
            hooks.add(route, name, cast(Hook, function))
    return hooks


def _is_kind(value: Any) -> bool:
    if isinstance(value, type):
        return issubclass(value, Exception)
    return isinstance(value, int) and not isinstance(value, bool)


def _check(place: str, name: str, function: Any) -> None:
    if not callable(function):
        raise SetupError(place, name, f"a {type(function).__name__} cannot be called", "give a function")
    if is_generator_function(function):
        # The generator would be a stream, which answers every request.
        problem, remedy = "it is a generator function, and a hook returns", "make it a dependency, or middleware"
        raise SetupError(place, name, problem, remedy)
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        # Python does not know; it will be seen when it is called.
        return
    try:
        signature.bind(*[None] * _TAKES[name])
    except TypeError as error:
        raise SetupError(place, name, str(error), f"let it take {_EXPECTED[_TAKES[name]]}") from error
