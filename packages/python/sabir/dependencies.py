"""Dependencies: values that handlers ask for and functions make."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from sabir.annotations import bare, split_annotated, without_none
from sabir.problem import SetupError
from sabir.request import Request
from sabir.signature import (
    awaiting,
    hints,
    innermost,
    is_coroutine_function,
    is_hashable,
    is_unbound_method,
    key_of,
    local_names,
    parameters,
)

if TYPE_CHECKING:
    from sabir.arguments import Arguments
    from sabir.hooks import Hooks

Provider = Callable[..., Any]
ProviderFunction = TypeVar("ProviderFunction", bound=Provider)
Scope = Literal["request", "connection", "app"]

SCOPES = ("request", "connection", "app")
"""From what lasts the shortest time to what lasts the longest."""
CALL, AWAIT, GENERATOR, ASYNC_GENERATOR = "call", "await", "generator", "async generator"


@dataclass(frozen=True, eq=False)
class Dependency:
    """What a parameter says that is a dependency."""

    provider: Provider | None
    scope: Scope = "request"
    use_cache: bool = True
    namespace: Mapping[str, Any] = field(default_factory=dict, repr=False)


def Depends(  # noqa: N802 - the word of FastAPI; it stands where a class would.
    provider: Provider | None = None, *, scope: Scope = "request", use_cache: bool = True
) -> Any:
    """Say that a parameter is what ``provider`` makes, inside ``Annotated`` or as the default of the parameter.

    A provider is a plain or coroutine function, a generator function of either kind that yields once, a class, or
    anything else that can be called. Without one it is the annotated type. It may ask for dependencies itself, and
    its other parameters are parameters of the route.

    What it makes is made once for a request, however many ask for it, unless they say ``use_cache=False``. With the
    scope ``connection`` it is made once for the connection of a client, when a request is the first one there to ask;
    with the scope ``app`` once for the application, before the first request. What follows the ``yield`` of a
    generator is run when the answer has been sent, the connection has been closed or the application stops; an
    exception that took the place of an answer is raised there.

    Example:
        >>> from typing import Annotated
        >>> from sabir import Sabir
        >>> app = Sabir()
        >>> def page(number: int = 1, size: int = 20) -> slice:
        ...     return slice((number - 1) * size, number * size)
        >>> @app.get("/products")
        ... async def products(page: Annotated[slice, Depends(page)]) -> list[str]:
        ...     return ["tea", "salt"][page]
    """
    return Dependency(provider, scope, use_cache)


@dataclass(frozen=True)
class Value:
    """An argument that the runtime has decoded: its place in the plan."""

    place: int


@dataclass(eq=False)
class Step:
    """A value that is made before the handler is called."""

    provider: Provider
    kind: str
    scope: Scope
    arguments: list[tuple[str | None, Source]]
    """The name, where it is given by its name, and what it is."""
    cell: Cell | None = None
    use_cache: bool = True

    @property
    def name(self) -> str:
        """The name of what makes it."""
        return _name(self.provider)


class Cell:
    """A value that is made once for the application."""

    __slots__ = ("value",)

    value: Any


_OWNERS = {"request": "a request", "connection": "the connection", "app": "the application"}


class _Application:
    """The application itself, as an argument of what it has."""


APPLICATION = _Application()
Source = Value | Step | _Application


class Overrides(dict[Provider, Provider]):
    """Providers that take the place of others, in tests. Changing them has effect at once.

    Raises:
        SetupError: When they are changed, if that is not possible any more.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed

    def __setitem__(self, provider: Provider, other: Provider) -> None:
        """Let ``other`` make what ``provider`` makes."""
        super().__setitem__(provider, other)
        self._changed()

    def __delitem__(self, provider: Provider) -> None:
        """Let ``provider`` make it again."""
        super().__delitem__(provider)
        self._changed()

    def clear(self) -> None:
        """Let all providers make what they make."""
        super().clear()
        self._changed()

    def pop(self, provider: Provider, *default: Any) -> Any:
        """Let ``provider`` make it again, and return what took its place."""
        found = super().pop(provider, *default)
        self._changed()
        return found

    def update(self, *others: Any, **named: Any) -> None:
        """Add those of another mapping."""
        super().update(*others, **named)
        self._changed()

    def replace(self, others: Mapping[Provider, Provider]) -> None:
        """Have those of another mapping alone."""
        super().clear()
        self.update(others)


class Dependencies:
    """The dependencies of one route, in the order in which they are made."""

    def __init__(
        self,
        route: str,
        arguments: Arguments,
        levels: Sequence[Hooks],
        namespace: Mapping[str, Any],
        overrides: Mapping[Provider, Provider],
        cells: dict[Any, Step],
    ) -> None:
        self.steps: list[Step] = []
        self._route = route
        self._arguments = arguments
        self._levels = levels
        self._namespace = namespace
        self._overrides = overrides
        self._cells = cells
        self._made: dict[Any, Step] = {}
        self._path: list[Provider] = []

    def find(self, name: str, annotation: Any, default: Any) -> tuple[Dependency | None, Any]:
        """Return the dependency that a parameter is, if it is one, and the annotation that counts."""
        annotation = _unaliased(annotation)
        inner, metadata = split_annotated(annotation)
        found = next((item for item in reversed(metadata) if isinstance(item, Dependency)), None)
        if isinstance(default, Dependency):
            found = default
        if found is not None:
            return found, inner
        if not metadata and not self._arguments.is_variable(name):
            for kind in (inner, bare(without_none(annotation))):
                for level in reversed(self._levels):
                    if is_hashable(kind) and kind in level.provided:
                        return level.provided[kind], kind
        return None, annotation

    def add(self, name: str, dependency: Dependency, annotation: Any) -> Step:
        """Return the step that makes the parameter ``name``, added with what it needs.

        Raises:
            SetupError: If it cannot be made.
        """
        provider = annotation if dependency.provider is None else dependency.provider
        if not callable(provider) or provider is inspect.Parameter.empty:
            problem = f"a {type(provider).__name__} cannot be called"
            if provider is inspect.Parameter.empty:
                problem = "it says no provider"
            raise SetupError(self._route, name, problem, "give Depends a function, or annotate a class")
        provider = self._overriding(provider)
        if dependency.scope not in SCOPES:
            problem = f"{dependency.scope!r} is no scope"
            raise SetupError(self._route, name, problem, f"use one of {' '.join(SCOPES)}")
        key = key_of(provider)
        if dependency.scope == "app" and key in self._cells:
            return self._cells[key]
        if dependency.use_cache and (made := self._made.get((key, dependency.scope))) is not None:
            return made
        if any(other is provider or other == provider for other in self._path):
            path = " → ".join(_name(other) for other in [*self._path, provider])
            raise SetupError(self._route, name, f"the dependencies go round in a circle: {path}", "break the circle")
        self._path.append(provider)
        try:
            step = self._step(provider, dependency)
        finally:
            self._path.pop()
        if dependency.scope == "app":
            step.cell = Cell()
            self._cells[key] = step
        else:
            self.steps.append(step)
            if dependency.use_cache:
                self._made[(key, dependency.scope)] = step
        return step

    def _overriding(self, provider: Provider) -> Provider:
        seen: list[Provider] = []
        while is_hashable(provider) and provider in self._overrides and provider not in seen:
            other = self._overrides[provider]
            if other in self._path:
                # One that takes the place of another may ask for that.
                break
            seen.append(provider)
            provider = other
        return provider

    def _step(self, provider: Provider, dependency: Dependency) -> Step:
        path = " → ".join(map(_name, self._path))
        place = f"{self._route}: {path}"
        # What it is of, a generic class says nothing about when it is called.
        read = typing.get_origin(provider) or provider
        try:
            filled = parameters(read)
        except (TypeError, ValueError) as error:
            raise SetupError(place, "provider", str(error), "wrap it in a function of your own") from error
        if not inspect.isclass(read) and is_unbound_method(read, filled):
            raise SetupError(
                place, filled[0].name, "it is a method without its instance", "give the method of an instance"
            )
        try:
            types = hints(read, filled, {**self._namespace, **dependency.namespace})
        except (NameError, TypeError, AttributeError, SyntaxError) as error:
            remedy = "define the types before it, or leave out `from __future__ import annotations`"
            raise SetupError(place, "annotations", str(error), remedy) from error
        arguments: list[tuple[str | None, Source]] = []
        for parameter in filled:
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                if parameter.kind is parameter.VAR_KEYWORD or inspect.isclass(read):
                    continue
                raise SetupError(place, parameter.name, "nobody can fill *args", "name each parameter")
            annotation = types.get(parameter.name, parameter.empty)
            source = self._argument(place, parameter, annotation, dependency.scope)
            if source is not None:
                arguments.append((parameter.name if parameter.kind is parameter.KEYWORD_ONLY else None, source))
        kind, called = _kind(provider)
        return Step(called, kind, dependency.scope, arguments, use_cache=dependency.use_cache)

    def _argument(self, place: str, parameter: inspect.Parameter, annotation: Any, scope: Scope) -> Source | None:
        found, annotation = self.find(parameter.name, annotation, parameter.default)
        if found is not None:
            step = self.add(parameter.name, found, annotation)
            if SCOPES.index(step.scope) < SCOPES.index(scope):
                problem = f"{_name(step.provider)} is made for {_OWNERS[step.scope]}, and this for {_OWNERS[scope]}"
                raise SetupError(place, parameter.name, problem, f'give it the scope "{scope}" as well')
            return step
        if scope == "connection" and bare(annotation) is not Request:
            if parameter.default is not parameter.empty:
                return None
            problem = "it would come from one request, and this is made for the connection"
            raise SetupError(
                place, parameter.name, problem, "give it a default, or ask for the Request, which is the first one"
            )
        if scope == "app":
            from sabir.app import Sabir

            if bare(annotation) is Sabir:
                return APPLICATION
            if parameter.default is not parameter.empty:
                return None
            problem = "it would come from a request, and this is made for the application"
            raise SetupError(place, parameter.name, problem, "give it a default, or make it a dependency")
        return Value(self._arguments.add(parameter.name, annotation, parameter.default, place))


def provided(kind: Any, provider: Provider, scope: Scope, use_cache: bool, frame: Any) -> Dependency:
    """Return the dependency that stands for a type.

    Raises:
        SetupError: If it cannot be one.
    """
    place = f"provide {_name(kind)}"
    if kind is Request or not is_hashable(kind):
        raise SetupError(place, "type", f"{kind!r} cannot be provided", "give a class of your own")
    if not callable(provider):
        raise SetupError(place, "provider", f"a {type(provider).__name__} cannot be called", "give a function")
    if scope not in SCOPES:
        raise SetupError(place, "scope", f"{scope!r} is no scope", f"use one of {' '.join(SCOPES)}")
    return Dependency(provider, scope, use_cache, local_names(provider, frame))


def may_be_provided(annotation: Any) -> bool:
    """Whether it is a class that an application may provide, as far as a router can tell."""
    kind = without_none(annotation)
    return isinstance(kind, type) and kind.__module__ != "builtins"


def in_order(steps: Mapping[Any, Step]) -> Iterator[Step]:
    """Return the steps of the application, each after those that it needs."""
    done: list[Step] = []

    def visit(step: Step) -> Iterator[Step]:
        if step not in done:
            for _, source in step.arguments:
                if isinstance(source, Step):
                    yield from visit(source)
            done.append(step)
            yield step

    for step in steps.values():
        yield from visit(step)


def _kind(provider: Provider) -> tuple[str, Provider]:
    if is_coroutine_function(provider):
        return AWAIT, provider
    function = innermost(provider)
    if inspect.iscoroutinefunction(function):
        return AWAIT, awaiting(provider)
    if inspect.isclass(typing.get_origin(provider) or provider) or hasattr(function, "__wrapped__"):
        return CALL, provider
    if inspect.isasyncgenfunction(function) and not _makes_context(provider):
        return ASYNC_GENERATOR, provider
    if inspect.isgeneratorfunction(function) and not _makes_context(provider):
        return GENERATOR, provider
    return CALL, provider


def _makes_context(provider: Any) -> bool:
    """Whether it was decorated with ``contextlib.contextmanager``, and so makes what is entered, and no generator."""
    code = getattr(provider, "__code__", None)
    return code is not None and code.co_filename.endswith("contextlib.py")


def _name(provider: Any) -> str:
    return getattr(provider, "__name__", None) or getattr(innermost(provider), "__qualname__", None) or repr(provider)


def _unaliased(annotation: Any) -> Any:
    """Return what a ``type`` alias stands for."""
    while type(annotation).__name__ == "TypeAliasType":
        annotation = annotation.__value__
    return annotation
