"""Reading a handler: the outermost callable decides how it is run, the innermost function what its annotations are."""

from __future__ import annotations

import functools
import inspect
import re
import sys
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

Parameter = inspect.Parameter


def innermost(handler: Any) -> Any:
    """Return the function behind decorators, partial calls, methods and callable objects."""
    seen: list[Any] = []
    while not any(handler is other for other in seen):
        seen.append(handler)
        if (wrapped := _wrapped(handler)) is not None:
            handler = wrapped
        elif isinstance(handler, functools.partial):
            handler = handler.func
        elif inspect.ismethod(handler):
            handler = handler.__func__
        elif not inspect.isroutine(handler) and not inspect.isclass(handler):
            handler = type(handler).__call__
    return handler


def parameters(handler: Any) -> list[Parameter]:
    """Return the parameters that a caller of ``handler`` fills; what :class:`functools.partial` has bound is none.

    Raises:
        TypeError, ValueError: If Python does not know them.
    """
    if hasattr(handler, "__signature__"):
        return list(inspect.signature(handler).parameters.values())
    if isinstance(handler, functools.partial):
        return _unbound(handler)
    if inspect.ismethod(handler):
        return parameters(handler.__func__)[1:]
    if (wrapped := _wrapped(handler)) is not None:
        return parameters(wrapped)
    return list(inspect.signature(handler).parameters.values())


def hints(handler: Any, filled: list[Parameter], namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return the types of the parameters, and under ``return`` that of the answer.

    Names in them are looked up in ``namespace``, then where the innermost function was written.

    Raises:
        NameError, TypeError, AttributeError, SyntaxError: If an annotation cannot be resolved.
    """
    given = {parameter.name: parameter.annotation for parameter in filled}
    given["return"] = _return_annotation(handler)
    written = {name: annotation for name, annotation in given.items() if annotation is not Parameter.empty}
    holder = types.SimpleNamespace(__annotations__=written)
    scope = {**vars(typing.cast(Any, _module_of(handler))), **_globals(handler)}
    return typing.get_type_hints(holder, scope, dict(namespace), include_extras=True)


def local_names(handler: Any, frame: types.FrameType) -> dict[str, Any]:
    """Return those local variables of ``frame`` that the annotations of ``handler`` name as text.

    Annotations are text after ``from __future__ import annotations``; what a function defines, only its frame knows.
    """
    found: dict[str, Any] = {}
    waiting, seen = [handler], list[Any]()
    while waiting:
        function = innermost(waiting.pop())
        if any(function is other for other in seen) or "<locals>" not in getattr(function, "__qualname__", ""):
            continue
        seen.append(function)
        words = set(re.findall(r"\w+", repr(_annotations(function))))
        named = {name: value for name, value in frame.f_locals.items() if name in words and name not in found}
        found |= named
        # What is named may be a dependency, whose annotations name others.
        waiting += [value for value in named.values() if callable(value)]
        waiting += [provider for default in _defaults(function) if callable(provider := _provider(default))]
    return found


def is_coroutine_function(handler: Any) -> bool:
    """Whether calling ``handler``, and not merely what it wraps, makes a coroutine."""
    return _makes(inspect.iscoroutinefunction, handler)


def is_generator_function(handler: Any) -> bool:
    """Whether calling ``handler`` makes a generator of either kind, and does nothing else."""
    return _makes(inspect.isgeneratorfunction, handler) or _makes(inspect.isasyncgenfunction, handler)


def yields(handler: Any) -> bool:
    """Whether the innermost function, whose annotations count, is a generator of either kind."""
    function = innermost(handler)
    return inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)


def is_unbound_method(handler: Any, filled: list[Parameter]) -> bool:
    """Whether ``handler`` was written in a class and still waits for its instance."""
    function = innermost(handler)
    scope = getattr(function, "__qualname__", "").rpartition(".")[0]
    in_class = bool(scope) and not scope.endswith("<locals>")
    return in_class and bool(filled) and filled[0].name in ("self", "cls") and filled[0].annotation is Parameter.empty


def awaiting(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return a coroutine function that calls ``handler`` and awaits what it returns, where that can be awaited."""

    async def call(*values: Any, **named: Any) -> Any:
        answer = handler(*values, **named)
        return await answer if inspect.isawaitable(answer) else answer

    return call


def positional(handler: Callable[..., Any], named: list[str]) -> Callable[..., Any]:
    """Return a function that takes positionally what ``handler`` takes by keyword only."""
    count = len(named)

    def call(*values: Any) -> Any:
        return handler(*values[:-count], **dict(zip(named, values[-count:], strict=True)))

    return call


def _annotations(function: Any) -> dict[str, Any]:
    if inspect.isclass(function):
        constructor = getattr(function.__init__, "__annotations__", {})
        return {**getattr(function, "__annotations__", {}), **constructor}
    found: dict[str, Any] = getattr(function, "__annotations__", {})
    return found


def _defaults(function: Any) -> list[Any]:
    by_name: dict[str, Any] = getattr(function, "__kwdefaults__", None) or {}
    return [*(getattr(function, "__defaults__", None) or ()), *by_name.values()]


def _provider(default: Any) -> Any:
    return getattr(default, "provider", None)


def _wrapped(handler: Any) -> Any:
    if isinstance(handler, staticmethod):
        return handler.__func__
    # A method shows the attributes of its function; only what a decorator set on this very object counts.
    return getattr(handler, "__dict__", {}).get("__wrapped__") if not inspect.ismethod(handler) else None


def _unbound(handler: functools.partial[Any]) -> list[Parameter]:
    left: list[Parameter] = []
    given = len(handler.args)
    by_name = False
    for parameter in parameters(handler.func):
        is_positional = parameter.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        if is_positional and given:
            given -= 1
        elif parameter.name in handler.keywords:
            # What follows a parameter that is already given can be given by its name only.
            by_name = by_name or is_positional
        else:
            left.append(parameter.replace(kind=Parameter.KEYWORD_ONLY) if by_name and is_positional else parameter)
    return left


def _return_annotation(handler: Any) -> Any:
    if hasattr(handler, "__signature__"):
        return inspect.signature(handler).return_annotation
    function = innermost(handler)
    if inspect.isclass(function):
        return function
    return getattr(function, "__annotations__", {}).get("return", Parameter.empty)


def _module_of(handler: Any) -> types.ModuleType:
    name = getattr(innermost(handler), "__module__", None)
    return sys.modules.get(name or "builtins") or sys.modules["builtins"]


def _globals(handler: Any) -> dict[str, Any]:
    found: dict[str, Any] = getattr(innermost(handler), "__globals__", {})
    return found


def _makes(is_kind: Callable[[Any], bool], handler: Any) -> bool:
    while isinstance(handler, functools.partial):
        handler = handler.func
    if isinstance(handler, staticmethod):
        handler = handler.__func__
    if is_kind(handler):
        return True
    return not inspect.isroutine(handler) and not inspect.isclass(handler) and is_kind(type(handler).__call__)


def key_of(provider: Any) -> Any:
    """Return what tells a function or another callable from others."""
    return provider if is_hashable(provider) else id(provider)


def is_hashable(value: Any) -> bool:
    """Whether it may be the key of a mapping."""
    try:
        hash(value)
    except TypeError:
        return False
    return True
